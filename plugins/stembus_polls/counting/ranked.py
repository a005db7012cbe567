"""Counting rankings by stages, as a policy says: Scottish STV, IRV, or Meek."""

from typing import TYPE_CHECKING

from stembus.errors import Refused
from stembus_ballots.irv import count_irv
from stembus_ballots.meek import count_meek
from stembus_ballots.scottish import count_scottish
from stembus_polls.contests import Contest, tally_of, vote_of
from stembus_polls.counting.cast import Cast, profile_from
from stembus_polls.counting.records import RankedRecord
from stembus_procedures import Policy

if TYPE_CHECKING:
    from stembus_polls.counting.inputs import CountInputs


def require_ranked(policy: Policy, seats: int) -> None:
    """Raise `Refused`, with the key, where rankings cannot be counted by stages as the policy says."""
    ballot, transfer = vote_of(policy).ballot, tally_of(policy).transfer
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


def count_ranked(contest: Contest, cast: Cast, inputs: "CountInputs") -> RankedRecord:
    """Count rankings by the method of the policy. Raises NeedsLot and CountError as the rules do."""
    profile = profile_from(contest, cast, inputs.struck)
    ballot, transfer = contest.ballot, contest.tally.transfer
    if ballot.method == "irv":
        return count_irv(profile, lots=inputs.lots, constraints=inputs.constraints)
    if ballot.method == "meek" or (transfer is not None and transfer.transfer == "meek"):
        if inputs.constraints is not None:
            raise Refused("A count by Meek keeps to no hard balance rule: make the rule soft, or use weighted_gregory.")
        return count_meek(profile, inputs.seats, lots=inputs.lots)
    return count_scottish(profile, inputs.seats, lots=inputs.lots, constraints=inputs.constraints)
