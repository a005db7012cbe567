"""Counting rankings by pairs, as a policy says: persons by Condorcet, or the order of a list."""

from typing import TYPE_CHECKING

from stembus_ballots.pairwise import Method, PairwiseRecord, count_pairwise
from stembus_polls.contests import Contest
from stembus_polls.counting.cast import Cast, profile_from

if TYPE_CHECKING:
    from stembus_polls.counting.inputs import CountInputs


def count_pairs(contest: Contest, cast: Cast, inputs: "CountInputs") -> PairwiseRecord:
    """Count rankings by pairs. Raises NeedsLot where equals share a place, CountError where nothing can be counted."""
    profile = profile_from(contest, cast, inputs.struck)
    method: Method = "list_ranking" if contest.ballot.method == "list_ranking" else "condorcet"
    return count_pairwise(profile, inputs.seats, lots=inputs.lots, method=method)
