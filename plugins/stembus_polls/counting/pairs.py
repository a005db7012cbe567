"""Counting rankings by pairs, as a policy says: persons by Condorcet, or the order of a list."""

from typing import TYPE_CHECKING

from stembus.errors import Refused
from stembus_ballots.pairwise import Method, PairwiseRecord, count_pairwise
from stembus_polls.contests import Contest, tally_of, vote_of
from stembus_polls.counting.balance import hard_rules
from stembus_polls.counting.cast import Cast, profile_from
from stembus_procedures import Policy

if TYPE_CHECKING:
    from stembus_polls.counting.inputs import CountInputs


def require_pairs(policy: Policy, _: int) -> None:
    """Raise `Refused`, with the key, where rankings cannot be counted by pairs as the policy says."""
    method, tally = vote_of(policy).ballot.method, tally_of(policy)
    if tally.transfer is not None:
        raise Refused("`transfer` is there, and with {method} no vote is transferred; leave it out.", method=method)
    if tally.yes_threshold is not None:
        raise Refused("`yes_threshold` is there, and a count by {method} asks no share of the votes.", method=method)
    if hard_rules(policy):
        raise Refused("A count by {method} keeps to no hard balance rule: make the rule soft.", method=method)


def count_pairs(contest: Contest, cast: Cast, inputs: "CountInputs") -> PairwiseRecord:
    """Count rankings by pairs. Raises NeedsLot where equals share a place, CountError where nothing can be counted."""
    profile = profile_from(contest, cast, inputs.struck)
    method: Method = "list_ranking" if contest.ballot.method == "list_ranking" else "condorcet"
    return count_pairwise(profile, inputs.seats, lots=inputs.lots, method=method)
