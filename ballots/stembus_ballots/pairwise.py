"""Electing persons by Condorcet: every two candidates against each other, and Schulze's order of all of them.

Source: M. Schulze, Social Choice and Welfare 36 (2011) 267-303, with winning votes. For one seat the winner is that of
the Debian Constitution, section A.5 without a default option (cloneproof Schwartz sequential dropping; see
`condorcet.py`); whoever beats all others one against one always stands first. More seats go to the first in the order:
the same majority fills all of them, so this shares nothing out in proportion.

An election adds what a choice between texts does not have: candidates who withdrew leave every ranking (a party's own
rule, as in `profile.strike`), and where the ballots leave the last seats to equals, a lot is drawn among those only.
"""

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from itertools import permutations
from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from stembus_ballots.border import fill_seats
from stembus_ballots.condorcet import Defeat, Matrix, beat_matrix, beaten_transitively
from stembus_ballots.lots import NO_LOTS, Lots, check_lots
from stembus_ballots.profile import Profile, strike
from stembus_ballots.record import LotDrawn
from stembus_ballots.schulze import schulze_ranking
from stembus_ballots.scottish import check_seats, require_ballots
from stembus_ballots.weak import from_strict


class Cycle(Struct, frozen=True, forbid_unknown_fields=True):
    """Candidates (in order of the paper) of whom each beats each other one in a circle, straight or by others.

    `around` is a shortest circle from whoever of them stands first: each beats the next, and the last beats the first.
    """

    candidates: tuple[int, ...]
    around: tuple[int, ...]


class PairwiseRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """The record of a count of every two candidates against each other.

    `preferred[a][b]`: valid ballots that rank a above b; who is not ranked is below all who are, and equal to the
    others who are not. `strongest_paths[a][b]` and `paths_against[a][b]` are the votes for and against the weakest
    link of the best path from a to b. `order`: tiers of all who stand, best first; the ballots rank nobody in a tier
    above another. `elected` is in that order, equals in order of the paper. `cycles` are empty where the order is
    that of the pairs themselves. An uncontested election has no pairs and no order.
    """

    method: Literal["condorcet"]
    title: str
    candidates: tuple[str, ...]
    withdrawn: tuple[int, ...]
    seats: int
    valid: int
    blank: int
    invalid: int
    emptied: int
    uncontested: bool
    elected: tuple[int, ...]
    preferred: Matrix
    strongest_paths: Matrix
    paths_against: Matrix
    order: tuple[tuple[int, ...], ...]
    cycles: tuple[Cycle, ...]
    lots: tuple[LotDrawn, ...]
    lot_order: tuple[int, ...] | None = None

    @property
    def standing(self) -> tuple[int, ...]:
        """Who stands, in order of the paper."""
        return tuple(c for c in range(len(self.candidates)) if c not in self.withdrawn)

    def beats(self, one: int, other: int) -> bool:
        """Whether more ballots rank one above the other than the other way round."""
        return self.preferred[one][other] > self.preferred[other][one]

    @property
    def beats_everybody(self) -> int | None:
        """Who beats every other candidate one against one (the Condorcet winner), or None."""
        for one in self.standing if self.preferred else ():
            if all(self.beats(one, other) for other in self.standing if other != one):
                return one
        return None


class ClosestPair(NamedTuple):
    """Two candidates between whom fewest votes decide that one is elected and the other is not.

    `by` is "pair" (one against one) or "paths" (in a circle, the strongest paths between them); `for_` and `against`
    are the votes for `elected` and for `other`.
    """

    elected: int
    other: int
    by: Literal["pair", "paths"]
    for_: int
    against: int

    @property
    def votes(self) -> int:
        """How many votes lie between them."""
        return abs(self.for_ - self.against)


def count_pairwise(profile: Profile, seats: int | None = None, *, lots: Lots = NO_LOTS) -> PairwiseRecord:
    """Counts the rankings of a profile by pairs and returns the record of the count.

    Raises NeedsLot (purpose "elect") where candidates whom the ballots leave equal share the last seats and no lot
    says who has them, and CountError for what cannot be counted, as `count_scottish` does.
    """
    seats = check_seats(profile, seats)
    check_lots(lots, len(profile.candidates))
    groups, emptied = strike(profile.groups, profile.withdrawn)
    gone = set(profile.withdrawn)
    standing = [candidate for candidate in range(len(profile.candidates)) if candidate not in gone]
    valid = sum(group.count for group in groups)
    uncontested = len(standing) == seats
    preferred: Matrix = ()
    paths: Matrix = ()
    against: Matrix = ()
    order: tuple[tuple[int, ...], ...] = ()
    cycles: tuple[Cycle, ...] = ()
    draws: tuple[LotDrawn, ...] = ()
    elected = tuple(standing)
    if not uncontested:
        require_ballots(profile, valid)
        preferred = _among(standing, beat_matrix(from_strict(replace(profile, groups=groups))))
        ranking = schulze_ranking(preferred, standing)
        paths, against, order = ranking.strongest_paths, ranking.paths_against, ranking.tiers
        scores = {candidate: -place for place, tier in enumerate(order) for candidate in tier}
        filled = fill_seats(scores, seats, lots, profile.candidates)
        elected, draws = filled.elected, filled.lots
        cycles = tuple(_cycles(preferred, standing, order))
    return PairwiseRecord(
        method="condorcet",
        title=profile.title,
        candidates=profile.candidates,
        withdrawn=profile.withdrawn,
        seats=seats,
        valid=valid,
        blank=profile.blank,
        invalid=profile.invalid,
        emptied=emptied,
        uncontested=uncontested,
        elected=elected,
        preferred=preferred,
        strongest_paths=paths,
        paths_against=against,
        order=order,
        cycles=cycles,
        lots=draws,
        lot_order=lots.order,
    )


def next_in_order(record: PairwiseRecord, lots: Lots) -> tuple[int, ...]:
    """Who was not elected, in the order in which they come next: whom the ballots leave equal, by lot ("elect").

    Raises NeedsLot where equals need a lot that was not drawn.
    """
    following: list[int] = []
    for tier in record.order:
        left = [candidate for candidate in tier if candidate not in record.elected]
        while len(left) > 1:
            following.append(lots.draw(left, "elect", record.candidates))
            left.remove(following[-1])
        following += left
    return tuple(following)


def closest_pair(record: PairwiseRecord) -> ClosestPair | None:
    """The pair that decides on fewest votes (0 where a lot decided); None for an uncontested election.

    Where each of the elected beats each of the others, nobody else can be elected unless one of these pairs turns, so
    this is exactly how close it was. In a circle across the border the strongest paths are looked at too.
    """
    others = [candidate for candidate in record.standing if candidate not in record.elected]
    pairs = [pair for one in record.elected for other in others for pair in _between(record, one, other)]
    return min(pairs, key=lambda pair: pair.votes, default=None) if record.preferred else None


def _between(record: PairwiseRecord, one: int, other: int) -> Iterator[ClosestPair]:
    yield ClosestPair(one, other, "pair", record.preferred[one][other], record.preferred[other][one])
    there, back = record.strongest_paths[one][other], record.strongest_paths[other][one]
    if there and back:
        yield ClosestPair(one, other, "paths", there, back)


def _among(standing: Sequence[int], matrix: Matrix) -> Matrix:
    """The matrix without votes over candidates who withdrew: an unranked one is below all ranked."""
    keep = set(standing)
    return tuple(tuple(votes if {a, b} <= keep else 0 for b, votes in enumerate(row)) for a, row in enumerate(matrix))


def _cycles(matrix: Matrix, standing: Sequence[int], order: Sequence[Sequence[int]]) -> Iterator[Cycle]:
    """The circles, first the one whose best candidate stands highest."""
    defeats = {(a, b) for a, b in permutations(standing, 2) if matrix[a][b] > matrix[b][a]}
    beaten = beaten_transitively(standing, defeats)
    done: set[int] = set()
    for candidate in (candidate for tier in order for candidate in tier):
        if candidate in beaten[candidate] and candidate not in done:
            together = tuple(b for b in standing if b in beaten[candidate] and candidate in beaten[b])
            done.update(together)
            yield Cycle(together, _around(candidate, defeats))


def _around(start: int, defeats: Collection[Defeat]) -> tuple[int, ...]:
    """A shortest circle from a candidate who is in one; of several, that with the lower numbers."""
    reached: dict[int, tuple[int, ...]] = {start: (start,)}
    waiting = deque([start])
    while True:
        here = waiting.popleft()
        for beaten in sorted(b for a, b in defeats if a == here):
            if beaten == start:
                return reached[here]
            if beaten not in reached:
                reached[beaten] = (*reached[here], beaten)
                waiting.append(beaten)
