"""Procedures that a branch holds: which policies it can hold, whose seats count in them, who votes. Pure."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from stembus.organisation.bodies import BodyDefinition
from stembus.organisation.incompatible import Sitting
from stembus.organisation.mandate import HeldSeat, allows, reaches
from stembus_procedures import Policy
from stembus_procedures.language.stages import Meeting, Roll


def can_hold(policy: Policy, branch: BodyDefinition) -> bool:
    """Whether a branch can hold a procedure under a policy: it is about branches, or about a body of the branch.

    A body is the branch's own when its definition speaks for it: the body that is elected, or the assembly whose
    meeting makes the votes count.
    """
    meeting = {stage.body for stage in policy.stages_of(Meeting)}
    return policy.bodies[policy.body].kind == "branch" or bool({policy.body, *meeting} & branch.own_bodies)


def can_begin(
    seats: Sequence[HeldSeat], policy: Policy, definitions: Mapping[str, BodyDefinition], power: str
) -> list[str | None]:
    """Return for whom these seats let somebody begin a procedure: the party (None) and the branches, by their body."""
    branches = sorted(slug for slug, body in definitions.items() if body.is_branch and can_hold(policy, body))
    with_power = [seat for seat in seats if allows(seat, power, definitions)]
    return [one for one in (None, *branches) if any(reaches(seat, one, definitions) for seat in with_power)]


def bodies_that_count(
    policy: Policy, held_by: str | None, definitions: Mapping[str, BodyDefinition]
) -> frozenset[str] | None:
    """Return the bodies of the party whose seats count in a procedure that a branch holds; None: those of all bodies.

    They are those that the policy names and that the branch has not itself: where the branch has its own stembureau,
    that of the party does not count its papers.
    """
    if held_by is None:
        return None
    branch = definitions.get(held_by)
    return frozenset(policy.bodies) - (branch.own_bodies if branch is not None else frozenset())


def counts(seat: HeldSeat, policy: Policy, held_by: str | None, definitions: Mapping[str, BodyDefinition]) -> bool:
    """Whether a seat counts in a procedure: it reaches that far, and its body is one that counts there."""
    return reaches(seat, held_by, definitions, bodies_that_count(policy, held_by, definitions))


def sits_in(seat: Sitting, body: str, held_by: str | None, definitions: Mapping[str, BodyDefinition]) -> bool:
    """Whether a seat is one in a body of the policy: of the party's, or of the branch that holds the procedure."""
    branch = None if held_by is None else definitions.get(held_by)
    if branch is None or body not in branch.own_bodies:
        return seat.body == body
    return seat.body == held_by and body in branch.spoken_for(seat.office)


def for_members_of(policy: Policy, branch: BodyDefinition | None) -> Policy:
    """Return the policy as it runs in a branch: whatever else its roll asks of who votes, they are of that branch."""
    if branch is None or branch.branch is None:
        return policy
    named = (branch.branch,)
    stages = tuple(
        replace(stage, vote_right=replace(stage.vote_right, branches=named)) if isinstance(stage, Roll) else stage
        for stage in policy.stages
    )
    return replace(policy, stages=stages)
