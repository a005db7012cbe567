"""Ruling on a paper: the stembureau decides, with a reason, how a paper is read that two people did not read alike."""

from typing import TYPE_CHECKING, Literal

from sqlmodel import select

from stembus.conduct.acting import two_act
from stembus.conduct.speaking import speakers
from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Act
from stembus_polls.contests import Contest
from stembus_polls.counting.tables import CountRecord
from stembus_polls.of_contest import lock_contest, of_contest
from stembus_polls.paper.forms import parser_for
from stembus_polls.paper.marks import MarksError, written
from stembus_polls.paper.rounds import current_round, numbered_papers
from stembus_polls.paper.settle import comparison, open_points, readings
from stembus_polls.paper.tables import PaperRuling
from stembus_polls.powers import PAPER_RULE
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction


def rule_paper(
    transaction: "Transaction",
    contest: Contest,
    paper: int,
    *,
    outcome: Literal["valid", "blank", "invalid"],
    marks: str = "",
    reason: str,
    by: tuple[str, str],
) -> str:
    """Rule on one paper and return the id of the act. `marks` is how it reads, when it is valid.

    A later ruling replaces an earlier one, until the papers are counted. Raises `Refused` when neither person sits in
    the body that the policy names, when both typings are not complete, when this paper needs no ruling, or when it
    was counted; `UnusableInput` for marks that are no valid vote, or no reason.
    """
    actors = two_act(transaction, contest, by, PAPER_RULE)
    if contest.tally.typing is not None:
        speakers(transaction, contest.policy, by, (contest.tally.typing.doubtful_ruled_by,))
    session = transaction.session
    lock_contest(session, contest)
    round_ = current_round(session, contest)
    _require_needed(transaction, contest, round_, paper)
    if not reason.strip():
        raise UnusableInput("A ruling on paper {paper} needs its reason: add --reason.", paper=paper)
    text = marks_of_vote(contest, paper, marks) if outcome == "valid" else ""
    act_id = transaction.record(
        Act(
            kind="papers.ruled",
            by=actors,
            ground=reason.strip(),
            subject=contest.subject,
            details={"outcome": outcome, "marks": text, "reason": reason.strip()},
            public={"paper": paper, "round": round_},
        )
    )
    session.merge(
        PaperRuling(
            procedure_id=contest.procedure_id,
            contest=contest.id,
            round=round_,
            paper=paper,
            outcome=outcome,
            marks=text,
            reason=reason.strip(),
            act_id=act_id,
        )
    )
    session.flush()
    return act_id


def _require_needed(transaction: "Transaction", contest: Contest, round_: int, paper: int) -> None:
    state = comparison(transaction.session, contest, round_)
    if not state.is_typed:
        raise Refused(open_points(contest, state))
    numbers = numbered_papers(transaction.session, contest)
    if paper not in numbers:
        raise UnusableInput(
            "{contest} has no paper {paper}: the last number is {last}.",
            contest=contest.id,
            paper=paper,
            last=numbers.stop - 1,
        )
    if paper not in {read.paper for read in state.differences}:
        raise Refused(
            "Paper {paper} of {contest} needs no ruling: both typed the same, and it is clear.",
            paper=paper,
            contest=contest.id,
        )
    counted = transaction.session.exec(
        select(CountRecord.number).where(*of_contest(CountRecord, contest), CountRecord.round == round_)
    ).first()
    if counted is not None:
        raise Refused(
            "The papers of {contest} were counted: a ruling can change only in a recount.", contest=contest.id
        )


def marks_of_vote(contest: Contest, paper: int, marks: str) -> str:
    """Return how a valid vote on a paper is written. Raises `UnusableInput` for marks that are none."""
    try:
        text = written(parser_for(contest)(marks))
    except MarksError as error:
        raise UnusableInput("Paper {paper}: {error}", paper=paper, error=error) from None
    reading = readings({text}, contest)[text]
    if reading.outcome != "valid":
        why = reading.reason or Sentence("nothing is chosen")
        raise UnusableInput(
            "Paper {paper}: {marks!r} is no valid vote ({why}). Rule it blank or invalid, or write what it says.",
            paper=paper,
            marks=marks,
            why=why,
        )
    return text
