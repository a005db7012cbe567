"""Which rule of `stembus_ballots` counts a policy's vote; what no rule can do is refused before any paper is opened."""

from stembus.errors import Refused
from stembus_ballots.constraints import Constraints
from stembus_ballots.irv import count_irv
from stembus_ballots.lots import Lots
from stembus_ballots.meek import MeekRecord, count_meek
from stembus_ballots.profile import Profile
from stembus_ballots.record import StvRecord
from stembus_ballots.scottish import count_scottish
from stembus_ballots.whole import WholeRecord
from stembus_polls.contests import Contest, tally_of, vote_of
from stembus_polls.counting.whole_rule import whole_rule
from stembus_procedures import Policy

COUNTED = ("stv", "irv", "meek")
"""Methods with ranked papers that can be typed over."""

RankedRecord = StvRecord | MeekRecord
Record = RankedRecord | WholeRecord


def require_countable(policy: Policy, seats: int) -> None:
    """Raise `Refused` when the papers of this policy cannot be counted as it says, with the key that says so."""
    ballot, tally = vote_of(policy).ballot, tally_of(policy)
    transfer = tally.transfer
    if tally.typing is not None and tally.typing.independent != 2:
        raise Refused(
            "`typing.independent` is {independent}: papers are typed by two people here.",
            independent=tally.typing.independent,
        )
    if ballot.method not in COUNTED:
        raise Refused(
            "Votes by the method {method!r} cannot be counted here, only those by {counted}: change "
            "`ballot.method`, or count a file of ballots with `stembus count`.",
            method=ballot.method,
            counted=list(COUNTED),
        )
    if ballot.candidate_order == "per_voter":
        raise Refused("`ballot.candidate_order` is per_voter: papers that differ could be told apart. Use lot.")
    if ballot.method == "irv" and seats != 1:
        raise Refused("`ballot.method` is irv, which elects one; {seats} are to be elected. Use stv.", seats=seats)
    if transfer is None:
        return
    known = {"stv": ("weighted_gregory", "meek"), "meek": ("meek",), "irv": ("weighted_gregory",)}[ballot.method]
    if transfer.transfer not in known:
        raise Refused(
            "`transfer.transfer` is {transfer!r}: with {method} it can be {known}.",
            transfer=transfer.transfer,
            method=ballot.method,
            known=" or ".join(known),
        )
    if transfer.quota != "droop":
        raise Refused("`transfer.quota` is hare; the count knows only the droop quota.")
    if transfer.tie_in_stage != "earlier_stages_then_lot":
        raise Refused("`transfer.tie_in_stage` is lot; the count looks at earlier stages first.")


def require_counting(contest: Contest) -> None:
    """Raise `Refused`, before anybody votes, where nothing can count the votes of a contest as its policy says."""
    if contest.way.kind == "vote_on_whole":
        whole_rule(contest.policy)
    elif contest.way.kind == "ballot":
        require_countable(contest.policy, contest.plan.seats)


def count_by_policy(
    policy: Policy, profile: Profile, seats: int, lots: Lots, constraints: Constraints | None
) -> RankedRecord:
    """Count a profile by the method of a policy. Raises NeedsLot and CountError as the rules do, `Refused` as above."""
    require_countable(policy, seats)
    ballot, transfer = vote_of(policy).ballot, tally_of(policy).transfer
    if ballot.method == "irv":
        return count_irv(profile, lots=lots, constraints=constraints)
    if ballot.method == "meek" or (transfer is not None and transfer.transfer == "meek"):
        if constraints is not None:
            raise Refused("A count by Meek keeps to no hard balance rule: make the rule soft, or use weighted_gregory.")
        return count_meek(profile, seats, lots=lots)
    return count_scottish(profile, seats, lots=lots, constraints=constraints)
