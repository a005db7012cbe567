"""From two typings and the rulings to one reading of every paper, and what still stands in the way of it."""

from collections.abc import Mapping

from msgspec import Struct
from sqlmodel import Session, select

from stembus.errors import Refused
from stembus_polls.contests import Contest
from stembus_polls.of_contest import of_contest
from stembus_polls.paper.comparing import Comparison, compare
from stembus_polls.paper.forms import parser_for, reader_for
from stembus_polls.paper.reading import Reading
from stembus_polls.paper.rounds import FIRST_ROUND, papers_of_round
from stembus_polls.paper.tables import PaperRuling
from stembus_polls.paper.type_over import PLACES, typed_count, typing_of
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence

MOST_NAMED = 10
"""So many papers are named in one sentence."""


class Settled(Struct, frozen=True):
    """A paper as it will be counted, and whether the stembureau had to rule on it."""

    reading: Reading
    ruled: bool = False


def comparison(session: Session, contest: Contest, round_: int) -> Comparison:
    """Return how the two typings of a round compare; only numbers while one of them is not finished."""
    papers = papers_of_round(session, contest, round_)
    typed = [typed_count(session, contest, round_, place) for place in PLACES]
    if any(count < len(papers) for count in typed):
        return Comparison(len(papers), typed[0], typed[1])
    first, second = (typing_of(session, contest, round_, place) for place in PLACES)
    read = readings(set(first.values()) & set(second.values()), contest)
    unclear = {
        paper
        for paper, marks in first.items()
        if marks == second[paper] and read[marks].outcome == "doubtful" and not marks.startswith("?")
    }
    return compare(papers, first, second, unclear=unclear, ruled=rulings(session, contest, round_))


def rulings(session: Session, contest: Contest, round_: int) -> dict[int, PaperRuling]:
    """Return the rulings of a round by paper number."""
    rows = session.exec(
        select(PaperRuling).where(
            *of_contest(PaperRuling, contest),
            PaperRuling.round == round_,
        )
    )
    return {row.paper: row for row in rows}


def settled_papers(session: Session, contest: Contest, round_: int) -> dict[int, Settled]:
    """Return every paper as it will be counted, by number; papers that a recount left out as in the round before.

    None where nobody voted. Raises `Refused` while the typings are not complete or something is left to rule on.
    """
    if contest.way.kind == "elected_unopposed":
        return {}
    state = comparison(session, contest, round_)
    if not state.is_settled:
        raise Refused(open_points(contest, state))
    typed = typing_of(session, contest, round_, PLACES[0])
    ruled = rulings(session, contest, round_)
    read = readings(set(typed.values()), contest)
    papers = {
        paper: Settled(_ruled(ruled[paper], contest), ruled=True) if paper in ruled else Settled(read[marks])
        for paper, marks in typed.items()
    }
    if round_ == FIRST_ROUND:
        return papers
    return settled_papers(session, contest, round_ - 1) | papers


def open_points(contest: Contest, state: Comparison) -> Sentence:
    """Return in one line what keeps the papers of a contest from being counted."""
    if not state.is_typed:
        return Sentence(
            "The papers of {contest} are not all typed twice: {first} and {second} of {papers}. Go on with "
            "`paper type`.",
            contest=contest.id,
            first=state.first_typed,
            second=state.second_typed,
            papers=state.papers,
        )
    numbers = [str(paper.paper) for paper in state.to_rule]
    if len(numbers) <= MOST_NAMED:
        return Sentence(
            "The stembureau has to rule on paper {numbers} of {contest}: `paper compare`, then `paper rule`.",
            numbers=numbers,
            contest=contest.id,
        )
    return Sentence(
        "The stembureau has to rule on paper {numbers} and {more} more of {contest}: `paper compare`, then "
        "`paper rule`.",
        numbers=numbers[:MOST_NAMED],
        more=len(numbers) - MOST_NAMED,
        contest=contest.id,
    )


def readings(marks: set[str], contest: Contest) -> Mapping[str, Reading]:
    """Return how the policy reads each of these texts; each is read once, however many papers have it."""
    parse, read = parser_for(contest), reader_for(contest)
    return {text: read(parse(text)) for text in marks}


def _ruled(ruling: PaperRuling, contest: Contest) -> Reading:
    if ruling.outcome == "valid":
        return readings({ruling.marks}, contest)[ruling.marks]
    outcome = "blank" if ruling.outcome == "blank" else "invalid"
    return Reading(outcome, reason=Words(nl=ruling.reason, en=ruling.reason))  # type: ignore[arg-type]
