"""Who may vote, and in which contests. Pure."""

from collections.abc import Sequence
from datetime import date

from stembus_polls.contests import ContestPlan
from stembus_procedures import MemberFacts, Policy, Verdict, may_vote
from stembus_procedures.language.bodies import Constituency
from stembus_procedures.language.stages import Roll


def roll_of(policy: Policy) -> Roll:
    """Return how a policy makes its roll. Raises ValueError when it has none."""
    stage = policy.first(Roll)
    if stage is None:
        raise ValueError(f"Policy {policy.id} has no stage of kind `roll`, so nobody can be told who may vote.")
    return stage


def judge_voter(policy: Policy, facts: MemberFacts, on: date) -> Verdict:
    """Return every condition of the right to vote with its reason, on the facts of the record date `on`."""
    return may_vote(roll_of(policy).vote_right, facts, on=on)


def contests_of_voter(
    policy: Policy, plans: Sequence[ContestPlan], branch: str | None, *, is_abroad: bool
) -> tuple[str, ...]:
    """Return the contests that a member votes in, in the order in which they are filled.

    A constituency that keeps its seats for branches is for their members. Members abroad vote in the one that takes
    them, where there is one. One that names no branches, and the seats at large, are for everybody.
    """
    constituencies = {one.id: one for one in policy.seats.constituencies} if policy.seats else {}
    kept_abroad = is_abroad and any(one.takes_members_abroad for one in constituencies.values())
    return tuple(plan.id for plan in plans if _votes_in(constituencies.get(plan.id), branch, kept_abroad))


def _votes_in(constituency: Constituency | None, branch: str | None, kept_abroad: bool) -> bool:
    if constituency is None or not (constituency.branches or constituency.takes_members_abroad):
        return True
    return constituency.takes_members_abroad if kept_abroad else branch in constituency.branches
