"""Everything that goes into one count beside the papers, kept with it: whoever has both can make the count again."""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from stembus.errors import Refused
from stembus_ballots.constraints import Constraints
from stembus_ballots.errors import CountError
from stembus_ballots.lots import Lots
from stembus_ballots.quorum import Attendance
from stembus_polls.contests import Contest
from stembus_polls.counting.balance import Balanced, Lowered, Rest, balance_count
from stembus_polls.counting.cast import Cast, sums_from
from stembus_polls.counting.records import Record
from stembus_polls.counting.rule import count_by_policy
from stembus_polls.counting.whole import count_whole


class CountInputs(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a count was made with. Candidates are places on the paper, from 0.

    `struck` are passed over: they withdrew after printing, or were elected in a contest that was filled before.
    `salt` (hexadecimal) goes before the papers in their digest. `attendance` is who took part where a rule
    of decision says who is elected, None for every other count.
    """

    seats: int
    struck: tuple[int, ...]
    constraints: Constraints | None
    lowered: tuple[Lowered, ...]
    lots: Lots
    salt: str
    attendance: Attendance | None = None


def inputs_for(
    contest: Contest,
    contests: Sequence[Contest],
    elected: Mapping[str, tuple[str, ...]],
    lots: Lots,
    salt: str,
    *,
    attendance: Attendance | None = None,
) -> CountInputs:
    """Return what this contest is counted with.

    `contests` are all of the procedure in the order of filling, `elected` the ids of the members whom those that were
    counted elect. Raises `Refused` when one that goes before is not counted, or a hard balance rule cannot be met.
    """
    place = [one.id for one in contests].index(contest.id)
    for earlier in contests[:place]:
        if earlier.id not in elected and earlier.candidates:
            raise Refused(
                "{earlier} is filled before {contest}: count it first.", earlier=earlier.id, contest=contest.id
            )
    taken = {candidate for one in contests[:place] for candidate in elected.get(one.id, ())}
    struck = tuple(
        sorted({*contest.withdrawn, *(c.number - 1 for c in contest.candidates if c.member_id in taken)}),
    )
    seats = min(_seats(contest, contests[:place]), len(contest.candidates) - len(struck))
    seated = {c.member_id: c for one in contests[:place] for c in one.candidates if c.member_id in taken}
    to_come = sum(one.plan.seats for one in contests[place + 1 :])
    balanced = check_balance(contest, seats, struck, Rest(tuple(seated.values()), to_come))
    if balanced.impossible:
        raise Refused(
            "{contest}: the balance rule cannot be met; {reasons}.",
            contest=contest.id,
            reasons="; ".join(balanced.impossible),
        )
    return CountInputs(
        seats=seats,
        struck=struck,
        constraints=balanced.constraints,
        lowered=balanced.lowered,
        lots=lots,
        salt=salt,
        attendance=attendance,
    )


def check_balance(contest: Contest, seats: int, struck: Sequence[int], rest: Rest | None = None) -> Balanced:
    """Return whether the candidates on the paper can meet the hard balance rules. Looks at no paper."""
    plan = msgspec.structs.replace(contest.plan, seats=seats)
    return balance_count(contest.policy, plan, contest.candidates, struck, rest)


def require_balance(contest: Contest) -> Balanced:
    """Return the constraints as far as they are known before the vote. Raises `Refused` when no result can meet them.

    What the other contests fill may help to meet a rule about all seats, so this is the mildest form of it.
    """
    rest = Rest(seats_to_come=contest.other_seats)
    standing = len(contest.candidates) - len(contest.withdrawn)
    found = check_balance(contest, min(contest.plan.seats, standing), contest.withdrawn, rest)
    if found.impossible:
        raise Refused(
            "{contest}: no result can meet the balance rule; {reasons}. Look for more candidates, or have the policy "
            "changed.",
            contest=contest.id,
            reasons="; ".join(found.impossible),
        )
    return found


def make_count(contest: Contest, cast: Cast, inputs: CountInputs) -> Record:
    """Count what was cast: a pure function of that, rule and inputs.

    Raises NeedsLot where a tie needs a lot, and `Refused` with the reason where no count can be made.
    """
    try:
        if contest.way.kind in ("vote_on_whole", "elected_unopposed"):
            sums = None if inputs.attendance is None else sums_from(contest, cast)
            seats, struck = inputs.seats, inputs.struck
            return count_whole(contest, sums, seats=seats, struck=struck, attendance=inputs.attendance)
        return count_by_policy(contest, cast, inputs)
    except CountError as error:
        if hasattr(error, "tied"):
            raise
        raise Refused(str(error)) from None


def _seats(contest: Contest, before: Sequence[Contest]) -> int:
    """Return the seats of a contest, with those that stayed empty elsewhere and go to the seats at large."""
    if contest.plan.branches:
        return contest.plan.seats
    empty = (
        one.plan.seats - (len(one.candidates) - len(one.withdrawn))
        for one in before
        if one.plan.vacant_to == "at_large"
    )
    return contest.plan.seats + sum(max(0, left) for left in empty)
