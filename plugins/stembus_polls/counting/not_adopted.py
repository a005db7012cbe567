"""When the members do not adopt the candidates together: nobody is elected, and who has to act then."""

from collections.abc import Sequence

from sqlmodel import Session

from stembus_ballots.whole import WholeRecord
from stembus_polls.contests import Contest
from stembus_polls.counting.count import latest_count
from stembus_polls.counting.declared import is_declared
from stembus_polls.counting.records import Record
from stembus_polls.whole_outcome import outcome_words
from stembus_procedures.events import Block
from stembus_procedures.language.stages import EnoughCandidates, Seating
from stembus_procedures.language.values import Words


def not_adopted(record: Record) -> Words | None:
    """Return why nobody is elected, with the arithmetic; None where the count elects somebody, or was no such vote."""
    if not isinstance(record, WholeRecord) or record.vote is None or record.vote.outcome == "adopted":
        return None
    return outcome_words(record.vote)


def seating_blocks(session: Session, contests: Sequence[Contest]) -> tuple[Block, ...]:
    """Return what blocks the seating when the declared result is that nobody is elected in any contest.

    Before the result is declared nobody is told how the count came out: a block is for everybody.
    The body that decides about too few candidates has to act. Where another contest elects people, these take their
    seats, and the seats of the one that was not adopted stay empty.
    """
    if not contests or not is_declared(session, contests[0].procedure_id):
        return ()
    counts = [latest_count(session, contest) for contest in contests]
    if any(counted is None or counted.elected for counted in counts):
        return ()
    found = []
    for contest, counted in zip(contests, counts, strict=True):
        why, enough = counted and not_adopted(counted.record), contest.policy.first(EnoughCandidates)
        if not why or enough is None:
            continue
        body, title = contest.policy.bodies[enough.decided_by].name, contest.plan.title
        words = Words(
            nl=f"{title.nl}: {why.nl}. Niemand is gekozen; {body.nl} beslist wat nu, een nieuwe oproep is een nieuwe "
            "procedure",
            en=f"{title.en}: {why.en}. Nobody is elected; {body.en} decides what follows, a new call is a new "
            "procedure",
        )
        found += [
            Block(stage.id, "not_adopted", words, enough.decided_by) for stage in contest.policy.stages_of(Seating)
        ]
    return tuple(found)
