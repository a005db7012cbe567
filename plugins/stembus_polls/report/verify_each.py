"""Decides on each person again from the votes in the report, by the policy in the archive."""

from collections.abc import Iterator

from stembus.errors import Refused
from stembus_ballots.decision import Votes
from stembus_ballots.errors import CountError
from stembus_ballots.per_person import PerPersonRecord, count_per_person
from stembus_polls.counting.decision_rule import decision_rule
from stembus_procedures import Policy

from .content import Contest, Papers
from .verify_approval import fits_report, lots_of


def each_findings(contest: Contest, record: PerPersonRecord, policy: Policy) -> Iterator[tuple[bool, str, str]]:
    """Yield each check of such a contest: whether it holds, and a sentence for when it does and when it does not."""
    yield from fits_report(contest, record, policy, Papers(record.valid, None, record.invalid))
    try:
        again = _again(record, policy)
    except (CountError, Refused) as error:
        yield False, "", f"{contest.id}: who is elected cannot be decided again: {error}"
        return
    yield (
        again == record,
        f"{contest.id}: decided again on each of {len(record.verdicts)} persons, by the rule in the policy: the same.",
        f"{contest.id}: decided again on each person, by the rule in the policy: the outcome is another one.",
    )


def _again(record: PerPersonRecord, policy: Policy) -> PerPersonRecord:
    # Of who withdrew the record has no votes, and whatever they were makes no difference.
    votes = [Votes(0, 0, blank=record.valid, invalid=record.invalid)] * len(record.candidates)
    for one in record.verdicts:
        if not 0 <= one.candidate < len(votes):
            raise CountError(f"there is a verdict on candidate {one.candidate}, who is not there")
        votes[one.candidate] = one.votes
    return count_per_person(
        record.title,
        record.candidates,
        votes,
        seats=record.seats,
        rule=decision_rule(policy, record.attendance.entitled),
        attendance=record.attendance,
        lots=lots_of(record.lot_order, record.lots),
        withdrawn=record.withdrawn,
    )
