"""Counting approvals and block votes as a policy says: what each candidate got, and the most approved are elected."""

from typing import TYPE_CHECKING

from stembus_ballots.approval import ApprovalRecord, YesThreshold, count_sums
from stembus_polls.contests import Contest
from stembus_polls.counting.cast import Cast, sums_from

if TYPE_CHECKING:
    from stembus_polls.counting.inputs import CountInputs


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
