"""Sorted papers: where the papers of a candidate go next, without looking at each paper.

Rankings in sorted order that begin with the same preferences stand beside each other. So all papers that reached a
candidate along one path are one range of the sorted groups, a parcel, and the next preference cuts it into at most
as many ranges as there are candidates, found by bisection. A count touches parcels, not papers: its cost hardly
grows with their number.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice, pairwise
from operator import itemgetter
from typing import NamedTuple

from stembus_ballots.profile import Group, Ranking

NOBODY = -1


class Parcel(NamedTuple):
    """The groups `first` to `end` (not included) of the sorted papers, `depth` preferences of which are used.

    `value` is the value of each paper, in units.
    """

    value: int
    first: int
    end: int
    depth: int


class SortedPapers:
    """The groups of a profile in sorted order; knows how many papers a range of groups holds."""

    def __init__(self, groups: Iterable[Group]) -> None:
        ordered = list(groups)
        rankings: list[Ranking] = [ranking for ranking, _ in ordered]
        if not all(before < after for before, after in pairwise(rankings)):
            ordered = sorted(ordered)
            rankings = [ranking for ranking, _ in ordered]
        self.rankings: Sequence[Ranking] = rankings
        self._papers_before: list[int] = [0, *accumulate(count for _, count in ordered)]

    @property
    def valid(self) -> int:
        """How many papers there are."""
        return self._papers_before[-1]

    def count(self, first: int, end: int) -> int:
        """How many papers the groups `first` to `end` hold."""
        return self._papers_before[end] - self._papers_before[first]

    def all(self, value: int) -> Parcel:
        """All papers, not one preference used."""
        return Parcel(value, 0, len(self.rankings), 0)

    def onward(self, parcel: Parcel, standing: Sequence[bool]) -> Iterator[tuple[int, int, int, int]]:
        """Where the papers of a parcel go: (candidate, first, end, depth) for each range of groups.

        The candidate is the next on the paper who is standing, NOBODY where the ranking has no more such.
        """
        rankings = self.rankings
        todo = [parcel[1:]]
        while todo:
            first, end, depth = todo.pop()
            if end - first == 1:
                ranking = rankings[first]
                for place, candidate in enumerate(islice(ranking, depth, None), depth + 1):
                    if standing[candidate]:
                        yield candidate, first, end, place
                        break
                else:
                    yield NOBODY, first, end, depth
                continue
            while first < end and len(rankings[first]) == depth:
                yield NOBODY, first, first + 1, depth
                first += 1
            at_depth = itemgetter(depth)
            while first < end:
                candidate = rankings[first][depth]
                if rankings[end - 1][depth] == candidate:
                    stop = end
                else:
                    stop = bisect_left(rankings, candidate + 1, first + 1, end, key=at_depth)
                if standing[candidate]:
                    yield candidate, first, stop, depth + 1
                else:
                    todo.append((first, stop, depth + 1))
                first = stop
