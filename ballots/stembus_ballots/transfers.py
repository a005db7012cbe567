"""Moving papers between candidates, with every unit accounted for.

Source of the arithmetic: SSI 2011/399 Schedule 1 (SSI 2007/42 Schedule 1 rules 48-51): a surplus moves all papers of
the candidate, each at surplus x value when received / total, cut off after five decimals; an exclusion moves them at
the value at which they were received.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from stembus_ballots.papers import Ranges, SortedPapers
from stembus_ballots.record import PapersMoved, PileParcel, Transfer, as_text

NOBODY = -1
Pile = dict[int, Ranges]
"""The papers of a candidate by the value of each paper."""


class Movement(NamedTuple):
    """One transfer: papers by (value before, receiver), new value by value before; the rest in units."""

    papers: dict[tuple[int, int], int]
    new_value: dict[int, int]
    non_transferable: int
    lost_to_rounding: int


class Tally:
    """Votes and papers of every candidate during a count, in integers of 10^-decimals votes.

    `start` are the papers to count, by the value of each. `standing` tells who may receive papers: the count
    switches it off for who is elected or excluded.
    """

    def __init__(self, papers: SortedPapers, start: Pile, standing: Sequence[bool], decimals: int) -> None:
        self.papers = papers
        self.standing = list(standing)
        self.votes = [0] * len(standing)
        self.history: list[tuple[int, ...]] = []
        self.non_transferable = 0
        self.decimals = decimals
        self._start = start
        self._piles: list[Pile] = [{} for _ in standing]

    def first_preferences(self) -> Movement:
        """Gives each candidate the papers with that first preference."""
        return self._move(self._start, lambda value: value)

    def surplus(self, candidate: int, quota: int) -> Movement:
        """Transfers what the candidate has above the quota."""
        total = self.votes[candidate]
        excess = total - quota
        pile, self._piles[candidate] = self._piles[candidate], {}
        self.votes[candidate] = quota
        return self._move(pile, lambda value: excess * value // total, excess)

    def exclude(self, candidate: int) -> Movement:
        """Transfers all papers of a candidate who is excluded."""
        pile, self._piles[candidate] = self._piles[candidate], {}
        total, self.votes[candidate] = self.votes[candidate], 0
        self.standing[candidate] = False
        return self._move(pile, lambda value: value, total)

    def _move(self, pile: Pile, revalue: Callable[[int], int], amount: int | None = None) -> Movement:
        """Sends a pile on at new values; `amount` is what its owner loses, None for the first preferences."""
        moved: dict[tuple[int, int], int] = {}
        new_value = {value: revalue(value) for value in pile}
        credited = exhausted = 0
        for value, ranges in pile.items():
            spread = self.papers.onward(ranges, self.standing)
            now = new_value[value]
            for candidate, papers in enumerate(spread.papers):
                if papers:
                    moved[value, candidate] = papers
                    self.votes[candidate] += now * papers
                    credited += now * papers
                    self._piles[candidate].setdefault(now, []).extend(spread.ranges[candidate])
            if spread.exhausted:
                moved[value, NOBODY] = spread.exhausted
                exhausted += now * spread.exhausted
        lost = 0 if amount is None else amount - credited - exhausted
        self.non_transferable += exhausted + lost
        return Movement(moved, new_value, exhausted + lost, lost)

    def text(self, units: int) -> str:
        """An amount as the record writes it."""
        return as_text(units, self.decimals)

    def transfers(self, movement: Movement) -> tuple[Transfer, ...]:
        """What each candidate received, for the record."""
        received: defaultdict[int, int] = defaultdict(int)
        for (value, candidate), papers in movement.papers.items():
            if candidate != NOBODY:
                received[candidate] += movement.new_value[value] * papers
        return tuple(Transfer(candidate, self.text(received[candidate])) for candidate in sorted(received))

    def moved(self, movement: Movement) -> tuple[PapersMoved, ...]:
        """Which papers went where at which value, for the record: highest value first."""
        return tuple(
            PapersMoved(
                candidate=None if candidate == NOBODY else candidate,
                papers=movement.papers[value, candidate],
                value_before=self.text(value),
                value_after=self.text(movement.new_value[value]),
            )
            for value, candidate in sorted(movement.papers, key=lambda key: (-key[0], key[1] == NOBODY, key[1]))
        )

    def pile(self, candidate: int) -> tuple[PileParcel, ...]:
        """The papers that a candidate holds now, as ranges of the sorted groups; neighbours of one value joined."""
        parcels: list[PileParcel] = []
        for value, ranges in sorted(self._piles[candidate].items(), reverse=True):
            text = self.text(value)
            ends = dict(zip(ranges[0::3], ranges[1::3], strict=True))
            joined_until = -1
            for first in sorted(ends):
                if first < joined_until:
                    continue
                joined_until = ends[first]
                while joined_until in ends:
                    joined_until = ends[joined_until]
                parcels.append(PileParcel(first, joined_until, text))
        return tuple(parcels)
