"""Sorted papers: where the papers of a candidate go next, without looking at each paper.

Rankings in sorted order that begin with the same preferences stand beside each other. So all papers that reached a
candidate along one path are one range of the sorted groups, and the next preference cuts it into at most as many
ranges as there are candidates, found by bisection. A count touches ranges, not papers: its cost hardly grows with
their number.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate, islice
from operator import itemgetter, lt

from stembus_ballots.profile import Group, Ranking, merged

Ranges = list[int]
"""Three numbers for each range, one after the other: the groups `first` to `end` (not included) of the sorted
papers, the first `depth` preferences of which are used. Flat, since a million small tuples keep the garbage
collector busy for longer than the count takes."""


class Spread:
    """Where some ranges went: for each candidate the ranges and how many papers, and how many went to nobody."""

    def __init__(self, candidates: int) -> None:
        self.ranges: list[Ranges] = [[] for _ in range(candidates)]
        self.papers = [0] * candidates
        self.exhausted = 0


class SortedPapers:
    """The groups of a profile in sorted order, each ranking once; knows how many papers a range of them holds."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self.groups = list(groups)
        rankings: list[Ranking] = list(map(itemgetter(0), self.groups))
        if not all(map(lt, rankings, islice(rankings, 1, None))):
            self.groups = merged(self.groups)
            rankings = list(map(itemgetter(0), self.groups))
        self._rankings: Sequence[Ranking] = rankings
        self._before: list[int] = [0, *accumulate(map(itemgetter(1), self.groups))]

    @property
    def valid(self) -> int:
        """How many papers there are."""
        return self._before[-1]

    def count(self, first: int, end: int) -> int:
        """How many papers the groups `first` to `end` (not included) hold; none where there are no such groups."""
        if not 0 <= first <= end < len(self._before):
            return 0
        return self._before[end] - self._before[first]

    def all(self) -> Ranges:
        """All papers, not one preference used."""
        return [0, len(self._rankings), 0]

    def onward(self, ranges: Ranges, standing: Sequence[bool]) -> Spread:
        """Sends the papers of some ranges to the next candidate on each who is standing, or to nobody."""
        rankings, before = self._rankings, self._before
        spread = Spread(len(standing))
        receiving, papers = spread.ranges, spread.papers
        todo = ranges.copy()
        while todo:
            depth = todo.pop()
            end = todo.pop()
            first = todo.pop()
            if end - first == 1:
                ranking = rankings[first]
                for candidate in ranking[depth:]:
                    depth += 1
                    if standing[candidate]:
                        receiving[candidate] += (first, end, depth)
                        papers[candidate] += before[end] - before[first]
                        break
                else:
                    spread.exhausted += before[end] - before[first]
                continue
            if len(rankings[first]) == depth:  # the shortest comes first, and groups differ
                spread.exhausted += before[first + 1] - before[first]
                first += 1
            last = rankings[end - 1][depth]
            at_depth = itemgetter(depth)
            while first < end:
                candidate = rankings[first][depth]
                stop = end
                if candidate != last:
                    stop = bisect_left(rankings, candidate + 1, first + 1, end, key=at_depth)
                if standing[candidate]:
                    receiving[candidate] += (first, stop, depth + 1)
                    papers[candidate] += before[stop] - before[first]
                else:
                    todo += (first, stop, depth + 1)
                first = stop
        return spread
