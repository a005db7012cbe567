"""Rounds of typing: the first covers all papers; each recount is a further round, of all papers or some."""

from sqlmodel import Session, col, func, select

from stembus.errors import Refused
from stembus_polls.contests import Contest
from stembus_polls.counting.tables import RecountRound
from stembus_polls.of_contest import of_contest
from stembus_polls.paper.tables import Numbering

FIRST_ROUND = 1


def numbered_papers(session: Session, contest: Contest) -> range:
    """Return the numbers on the papers. Raises `Refused` while they have none: then nothing can be typed."""
    numbering = session.get(Numbering, (contest.procedure_id, contest.id))
    if numbering is None:
        raise Refused(
            "The papers of {contest} have no numbers yet: mix the box, stamp the numbers, and state it with `paper "
            "number`.",
            contest=contest.id,
        )
    return range(1, numbering.papers + 1)


def current_round(session: Session, contest: Contest) -> int:
    """Return the number of the newest round."""
    return (
        session.exec(select(func.max(RecountRound.round)).where(*of_contest(RecountRound, contest))).one()
        or FIRST_ROUND
    )


def papers_of_round(session: Session, contest: Contest, round_: int) -> frozenset[int]:
    """Return the numbers of the papers that a round covers. Raises `Refused` while papers have no numbers."""
    everything = numbered_papers(session, contest)
    if round_ == FIRST_ROUND:
        return frozenset(everything)
    recount = session.get_one(RecountRound, (contest.procedure_id, contest.id, round_))
    return frozenset(map(int, recount.papers.split())) or frozenset(everything)


def rounds_of(session: Session, contest: Contest) -> list[RecountRound]:
    """Return the recounts, the oldest first."""
    return list(
        session.exec(select(RecountRound).where(*of_contest(RecountRound, contest)).order_by(col(RecountRound.round)))
    )
