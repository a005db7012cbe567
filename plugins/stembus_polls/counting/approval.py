"""Counting approvals and block votes as a policy says: what each candidate got, and the most approved are elected."""

from typing import TYPE_CHECKING

from stembus.errors import Refused
from stembus_ballots.approval import ApprovalRecord, YesThreshold, count_sums
from stembus_polls.contests import Contest, tally_of, vote_of
from stembus_polls.counting.balance import hard_rules
from stembus_polls.counting.cast import Cast, sums_from
from stembus_procedures import Policy

if TYPE_CHECKING:
    from stembus_polls.counting.inputs import CountInputs


def require_approval(policy: Policy, _: int) -> None:
    """Raise `Refused`, with the key, where crosses cannot be counted as the policy says."""
    ballot, tally = vote_of(policy).ballot, tally_of(policy)
    if tally.transfer is not None:
        raise Refused(
            "`transfer` moves votes on to a next choice, and with {method} there is none: leave it out.",
            method=ballot.method,
        )
    if tally.tie_between_persons != "lot":
        raise Refused(
            "`tie_between_persons` is {rule}; the count settles a tie by lot: write lot.",
            rule=tally.tie_between_persons,
        )
    if hard_rules(policy):
        raise Refused("A count by {method} keeps to no hard balance rule: make the rule soft.", method=ballot.method)


def count_approvals(contest: Contest, cast: Cast, inputs: "CountInputs") -> ApprovalRecord:
    """Elect the most approved. Raises NeedsLot where candidates share the last seats, CountError where nobody voted."""
    share = contest.tally.yes_threshold
    return count_sums(
        contest.title,
        [candidate.name for candidate in contest.candidates],
        sums_from(contest, cast),
        inputs.seats,
        method="block" if contest.ballot.method == "block" else "approval",
        threshold=None if share is None else YesThreshold(share, strict=True),
        blank_in_base=contest.ballot.blank == "in_base",
        lots=inputs.lots,
        withdrawn=inputs.struck,
    )
