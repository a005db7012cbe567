"""Electing persons by Condorcet: every two candidates against each other, and Schulze's order of all of them.

Source: M. Schulze, Social Choice and Welfare 36 (2011) 267-303, with winning votes. For one seat the winner is that of
the Debian Constitution, section A.5 without a default option (cloneproof Schwartz sequential dropping; see
`condorcet.py`); whoever beats all others one against one always stands first. More seats go to the first in the order:
the same majority fills all of them, so this shares nothing out in proportion.

An election adds what a choice between texts does not have: candidates who withdrew leave every ranking (a party's own
rule, as in `profile.strike`), and where the ballots leave the last seats to equals, a lot is drawn among those only.
Where a list is ordered, each place on it is a seat, and a lot decides between all equals on it.
"""

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, permutations
from typing import Any, Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from stembus_ballots.border import fill_seats
from stembus_ballots.condorcet import Defeat, Matrix, beat_matrix, beaten_transitively
from stembus_ballots.errors import CountError
from stembus_ballots.lots import NO_LOTS, Lots, check_lots
from stembus_ballots.profile import Profile, strike
from stembus_ballots.record import LotDrawn
from stembus_ballots.schulze import schulze_ranking
from stembus_ballots.scottish import check_seats, require_ballots
from stembus_ballots.weak import from_strict

Method = Literal["condorcet", "list_ranking"]


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
    above another. `elected` is in that order, equals in order of the paper; a list ("list_ranking") has them in the
    order of the lots. `cycles` are empty where the order is that of the pairs themselves. An uncontested election has
    no pairs and no order; a list is always ordered.
    """

    method: Method
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

    def __post_init__(self) -> None:
        """Raises CountError for a record whose parts do not fit each other in size: one that somebody changed."""
        everyone, standing = range(len(self.candidates)), self.standing
        matrices = (self.preferred, self.strongest_paths, self.paths_against)
        whole = all(not m or [len(row) for row in m] == [len(everyone)] * len(everyone) for m in matrices)
        named = (*self.withdrawn, *self.elected, *(c for lot in self.lots for c in (lot.drawn, *lot.tied)))
        ranked = sorted(c for tier in self.order for c in tier)
        if (
            not whole
            or not {*named, *(c for cycle in self.cycles for c in (*cycle.candidates, *cycle.around))} <= {*everyone}
            or (self.order and (ranked != list(standing) or not all(matrices)))
            or (self.elected and not (self.order or self.uncontested))
            or (self.lot_order is not None and sorted(self.lot_order) != list(everyone))
        ):
            raise CountError(f"{self.title}: the parts of this count by pairs do not fit each other.")

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


class Duel(NamedTuple):
    """Two candidates, of whom `one` has the better place, and the votes for one and for the other.

    `by` is "pair" (one against one) or "paths" (in a circle: the weakest links of the strongest paths between them).
    """

    one: int
    other: int
    by: Literal["pair", "paths"]
    for_: int
    against: int

    @property
    def votes(self) -> int:
        """How many votes lie between them."""
        return abs(self.for_ - self.against)


def count_pairwise(
    profile: Profile, seats: int | None = None, *, lots: Lots = NO_LOTS, method: Method = "condorcet"
) -> PairwiseRecord:
    """Counts the rankings of a profile by pairs and returns the record of the count.

    Raises NeedsLot (purpose "elect") where candidates whom the ballots leave equal share the last seats, or a place on
    a list, and no lot says who has them; CountError for what cannot be counted, as `count_scottish` does.
    """
    seats = check_seats(profile, seats)
    check_lots(lots, len(profile.candidates))
    groups, emptied = strike(profile.groups, profile.withdrawn)
    valid = sum(group.count for group in groups)
    standing = len(profile.candidates) - len(set(profile.withdrawn))
    uncontested = method == "condorcet" and standing == seats
    record = PairwiseRecord(
        method=method,
        title=profile.title,
        candidates=profile.candidates,
        withdrawn=profile.withdrawn,
        seats=seats,
        valid=valid,
        blank=profile.blank,
        invalid=profile.invalid,
        emptied=emptied,
        uncontested=uncontested,
        elected=(),
        preferred=(),
        strongest_paths=(),
        paths_against=(),
        order=(),
        cycles=(),
        lots=(),
        lot_order=lots.order,
    )
    if uncontested:
        return replace(record, elected=record.standing)
    require_ballots(profile, valid)
    matrix = beat_matrix(from_strict(replace(profile, groups=groups)))
    return decided(replace(record, preferred=_among(record.standing, matrix)), lots)


def decided(record: PairwiseRecord, lots: Lots) -> PairwiseRecord:
    """The record with everything that follows from its pairs: paths, order, circles, and who is elected by which lots.

    Raises NeedsLot as `count_pairwise` does.
    """
    ranking = schulze_ranking(record.preferred, record.standing)
    filled = (
        _list(record, ranking.tiers, lots) if record.method == "list_ranking" else _seats(record, ranking.tiers, lots)
    )
    return replace(
        record,
        strongest_paths=ranking.strongest_paths,
        paths_against=ranking.paths_against,
        order=ranking.tiers,
        cycles=tuple(_cycles(record.preferred, record.standing, ranking.tiers)),
        **filled,
    )


class PairPlace(NamedTuple):
    """Why a candidate has a place in the order.

    `why`: "all" (beats everybody one against one), "below" (beats everybody but those above), "circle" (not everybody
    below, and is in a circle), "equal" (not everybody below, and some pair is equal), "last" (nobody is below).
    `closest` is the narrowest win of whoever beats all below, with the votes for and against.
    """

    why: Literal["all", "below", "circle", "equal", "last"]
    closest: Duel | None = None


def place_of(record: PairwiseRecord, candidate: int) -> PairPlace:
    """Why this candidate, who stands in a contested election, has this place in the order."""
    place = next(at for at, tier in enumerate(record.order) if candidate in tier)
    rivals = [other for tier in record.order[place:] for other in tier if other != candidate]
    if not rivals:
        return PairPlace("last")
    if not all(record.beats(candidate, other) for other in rivals):
        return PairPlace("circle" if any(candidate in cycle.candidates for cycle in record.cycles) else "equal")
    duels = (
        Duel(candidate, other, "pair", record.preferred[candidate][other], record.preferred[other][candidate])
        for other in rivals
    )
    return PairPlace("below" if place else "all", min(duels, key=lambda duel: duel.votes))


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


def closest_pair(record: PairwiseRecord) -> Duel | None:
    """The pair of one who is elected and one who is not that decides on fewest votes (0 where a lot decided).

    On a list the pairs of those who are on it count too. None for an uncontested election. Where each of the elected
    beats each of the others, nobody else can be elected unless one of these pairs turns, so this is exactly how close
    it was. In a circle across the border the strongest paths are looked at too.
    """
    if not record.preferred:
        return None
    others = [candidate for candidate in record.standing if candidate not in record.elected]
    pairs = [(one, other) for one in record.elected for other in others]
    if record.method == "list_ranking":
        pairs += combinations(record.elected, 2)
    duels = [duel for one, other in pairs for duel in _between(record, one, other)]
    return min(duels, key=lambda duel: duel.votes, default=None)


def _between(record: PairwiseRecord, one: int, other: int) -> Iterator[Duel]:
    yield Duel(one, other, "pair", record.preferred[one][other], record.preferred[other][one])
    there, back = record.strongest_paths[one][other], record.strongest_paths[other][one]
    if there and back:
        yield Duel(one, other, "paths", there, back)


def _seats(record: PairwiseRecord, order: Sequence[Sequence[int]], lots: Lots) -> dict[str, Any]:
    scores = {candidate: -place for place, tier in enumerate(order) for candidate in tier}
    filled = fill_seats(scores, record.seats, lots, record.candidates)
    return {"elected": filled.elected, "lots": filled.lots}


def _list(record: PairwiseRecord, order: Sequence[Sequence[int]], lots: Lots) -> dict[str, Any]:
    placed: list[int] = []
    draws: list[LotDrawn] = []
    for tier in order:
        left = tuple(tier)
        while left and len(placed) < record.seats:
            drawn = left[0]
            if len(left) > 1:
                drawn = lots.draw(left, "elect", record.candidates)
                draws.append(LotDrawn("elect", left, drawn))
            placed.append(drawn)
            left = tuple(candidate for candidate in left if candidate != drawn)
    return {"elected": tuple(placed), "lots": tuple(draws)}


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
