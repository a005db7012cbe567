"""Whether a number for each group can be found that meets every limit on sums of groups. Exact, by search.

Source: I D Hill, "STV with constraints", Voting matters 9 (May 1998) 2-4, asks for the set of all conformant
results; what the rule needs of it is only whether there is one. In general the question is NP-hard; with at most
some thirty seats the search below answers at once, since partial sums that were tried are not tried again.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Sum(NamedTuple):
    """The sum over the groups in `members` must be at least `low` and at most `high`."""

    members: frozenset[int]
    low: int
    high: int


def feasible(low: Sequence[int], high: Sequence[int], sums: Sequence[Sum]) -> bool:
    """True where integers x exist with low[g] <= x[g] <= high[g] for each group g that meet all the sums."""
    groups = len(low)
    if any(low[group] > high[group] for group in range(groups)):
        return False
    # For each group: what the groups from there on add to each sum, at least and at most.
    least = [[0] * len(sums) for _ in range(groups + 1)]
    most = [[0] * len(sums) for _ in range(groups + 1)]
    for group in reversed(range(groups)):
        for place, limit in enumerate(sums):
            inside = group in limit.members
            least[group][place] = least[group + 1][place] + (low[group] if inside else 0)
            most[group][place] = most[group + 1][place] + (high[group] if inside else 0)
    dead_ends: set[tuple[int, ...]] = set()

    def reachable(group: int, so_far: tuple[int, ...]) -> bool:
        for place, limit in enumerate(sums):
            if so_far[place] + most[group][place] < limit.low or so_far[place] + least[group][place] > limit.high:
                return False
        if group == groups:
            return True
        if (group, *so_far) in dead_ends:
            return False
        for number in range(low[group], high[group] + 1):
            added = tuple(
                so_far[place] + number if group in limit.members else so_far[place] for place, limit in enumerate(sums)
            )
            if reachable(group + 1, added):
                return True
        dead_ends.add((group, *so_far))
        return False

    return reachable(0, (0,) * len(sums))


def conflict(low: Sequence[int], high: Sequence[int], sums: Sequence[Sum]) -> tuple[int, ...]:
    """The places of a smallest set of sums that cannot be met together: leaving out any one makes it feasible.

    Only to be asked where all the sums together are not feasible.
    """
    needed = list(range(len(sums)))
    for place in range(len(sums)):
        without = [kept for kept in needed if kept != place]
        if not feasible(low, high, [sums[kept] for kept in without]):
            needed = without
    return tuple(needed)
