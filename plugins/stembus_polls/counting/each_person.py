"""Counting a vote on each person as a policy says: who passes is elected, as far as there are seats, by yes votes."""

from typing import TYPE_CHECKING

from stembus_ballots.decision import Votes
from stembus_ballots.per_person import PerPersonRecord, count_per_person
from stembus_ballots.sums import Sums
from stembus_polls.contests import Contest
from stembus_polls.counting.added_up import require_added_up
from stembus_polls.counting.cast import Cast, sums_from
from stembus_polls.counting.decision_rule import decision_rule
from stembus_procedures import Policy

if TYPE_CHECKING:
    from stembus_polls.counting.inputs import CountInputs


def require_each_person(policy: Policy, seats: int) -> None:
    """Raise `Refused`, with the key, where votes on each person cannot be counted as the policy says."""
    decision_rule(policy)
    require_added_up(policy, seats)


def count_each_person(contest: Contest, cast: Cast, inputs: "CountInputs") -> PerPersonRecord:
    """Decide on each person, and elect those who pass. Raises NeedsLot where they share the last seats, CountError.

    Raises ValueError without the attendance: who takes part is part of the rule.
    """
    if inputs.attendance is None:
        raise ValueError(f"{contest.title}: a vote on each person is counted with who took part.")
    return count_per_person(
        contest.title,
        [candidate.name for candidate in contest.candidates],
        votes_on_each(sums_from(contest, cast)),
        seats=inputs.seats,
        rule=decision_rule(contest.policy, inputs.attendance.entitled),
        attendance=inputs.attendance,
        lots=inputs.lots,
        withdrawn=inputs.struck,
    )


def votes_on_each(sums: Sums) -> list[Votes]:
    """Return the votes on each person: who says neither for nor against of somebody is blank on them."""
    return [Votes(yes, no, blank=sums.valid - yes - no, invalid=sums.invalid) for yes, no in sums.rows]
