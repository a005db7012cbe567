"""Meek's method as the Proportional Representation Foundation wrote it down, in integers of 10^-9 vote.

Source: PR Foundation, "Reference STV rules: Meek" (prfound.org); the New Zealand Local Electoral Regulations 2001,
schedule 1A, have the same shape. Each elected candidate keeps a part of every paper that reaches them (the keep
factor) and passes the rest on, also to candidates already elected; the quota shrinks as papers run out.
"""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from stembus_ballots.lots import NO_LOTS, Lots, check_lots
from stembus_ballots.papers import Ranges, SortedPapers
from stembus_ballots.profile import Profile, strike
from stembus_ballots.record import LotDrawn, as_text
from stembus_ballots.scottish import check_seats, require_ballots

DECIMALS = 9
ONE = 10**DECIMALS
OMEGA = 1000
"""The surplus below which a round has converged: 0.000001 vote."""


class MeekStage(Struct, frozen=True, forbid_unknown_fields=True):
    """One decision: who was elected or excluded, on these votes.

    `keep_factors`, `quota`, `surplus` and `exhausted` are those of the last distribution, the `iterations`th since
    the decision before. "elect_remaining": as many candidates were left as seats; nothing was distributed again.
    """

    action: Literal["elect", "exclude", "elect_remaining"]
    candidates: tuple[int, ...]
    quota: str
    votes: tuple[str, ...]
    exhausted: str
    surplus: str
    keep_factors: tuple[str, ...]
    iterations: int


class MeekRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """The record of a Meek count. `quota` is the last one; `elected` is in order of stage, then of votes."""

    method: Literal["meek"]
    title: str
    candidates: tuple[str, ...]
    withdrawn: tuple[int, ...]
    seats: int
    valid: int
    blank: int
    invalid: int
    emptied: int
    quota: str
    uncontested: bool
    elected: tuple[int, ...]
    elected_stage: tuple[int, ...]
    stages: tuple[MeekStage, ...]
    lots: tuple[LotDrawn, ...]
    lot_order: tuple[int, ...] | None = None


def count_meek(profile: Profile, seats: int | None = None, *, lots: Lots = NO_LOTS) -> MeekRecord:
    """Counts the ballots of a profile by the reference Meek rule and returns the record of the count.

    Ties for exclusion are settled by lot at once, as the rule says, not by earlier stages. Raises NeedsLot and
    CountError as `count_scottish` does.
    """
    seats = check_seats(profile, seats)
    check_lots(lots, len(profile.candidates))
    groups, emptied = strike(profile.groups, profile.withdrawn)
    count = _MeekCount(profile, SortedPapers(groups), seats, lots)
    standing = len(profile.candidates) - len(set(profile.withdrawn))
    uncontested = standing == seats
    if uncontested:
        count.elected = sorted(count.hopeful)
        count.elected_stage = [0] * seats
    else:
        require_ballots(profile, count.papers.valid)
        count.run()
    return MeekRecord(
        method="meek",
        title=profile.title,
        candidates=profile.candidates,
        withdrawn=profile.withdrawn,
        seats=seats,
        valid=count.papers.valid,
        blank=profile.blank,
        invalid=profile.invalid,
        emptied=emptied,
        quota=as_text(count.quota, DECIMALS),
        uncontested=uncontested,
        elected=tuple(count.elected),
        elected_stage=tuple(count.elected_stage),
        stages=tuple(count.stages),
        lots=tuple(count.lots_drawn),
        lot_order=lots.order,
    )


class _Path:
    """The papers that reach a candidate through the same elected candidates, in the same order.

    Every such paper brings the same weight, so one multiplication stands for all of them. At an elected candidate
    the path goes on to `onward`; at a hopeful one it ends, and `ranges` are the papers there.
    """

    __slots__ = ("onward", "papers", "ranges")

    def __init__(self) -> None:
        self.onward: dict[int, _Path] = {}
        self.papers = 0
        self.ranges: Ranges = []


class _MeekCount:
    def __init__(self, profile: Profile, papers: SortedPapers, seats: int, lots: Lots) -> None:
        self.papers = papers
        self.seats = seats
        self.lots = lots
        self.names = profile.candidates
        self.hopeful = set(range(len(profile.candidates))) - set(profile.withdrawn)
        self.elected: list[int] = []
        self.elected_stage: list[int] = []
        self.stages: list[MeekStage] = []
        self.lots_drawn: list[LotDrawn] = []
        self.keep = [ONE if c in self.hopeful else 0 for c in range(len(profile.candidates))]
        self.votes = [0] * len(profile.candidates)
        self.quota = self.papers.valid * ONE // (seats + 1) + 1
        self.surplus = 0
        self.iterations = 0
        self.root = _Path()
        self._send(self.root, self.papers.all())

    def run(self) -> None:
        """Rounds until the seats are filled (step B), then the last seats (step C)."""
        while len(self.elected) < self.seats and len(self.elected) + len(self.hopeful) > self.seats:
            if not self._elect_in_round():
                self._exclude()
        if len(self.elected) < self.seats:
            remaining = sorted(self.hopeful, key=lambda c: (-self.votes[c], c))
            self.elected += remaining
            self._note("elect_remaining", remaining)
            self.elected_stage += [len(self.stages)] * len(remaining)

    def _send(self, path: _Path, ranges: Ranges) -> None:
        """Sends papers on from the end of a path, past the excluded, to where they now stop."""
        spread = self.papers.onward(ranges, [keep > 0 for keep in self.keep])
        for candidate, papers in enumerate(spread.papers):
            if not papers:
                continue
            following = path.onward.setdefault(candidate, _Path())
            following.papers += papers
            if candidate in self.hopeful:
                following.ranges += spread.ranges[candidate]
            else:
                self._send(following, spread.ranges[candidate])

    def _elect_in_round(self) -> bool:
        """Step B2: distributes and adjusts keep factors until somebody is elected or the surplus has settled."""
        before: int | None = None
        steps = list(self._steps())
        self.iterations = 0
        while True:
            self._distribute(steps)
            reached = [c for c in self.hopeful if self.votes[c] >= self.quota]
            self.surplus = max(0, sum(self.votes[c] - self.quota for c in (*self.elected, *reached)))
            if reached:
                self._elect(reached)
                return True
            if self.surplus < OMEGA or (before is not None and self.surplus >= before):
                return False
            before = self.surplus
            for c in self.elected:
                kept = -(-self.keep[c] * self.quota // ONE)
                self.keep[c] = -(-kept * ONE // self.votes[c])

    def _steps(self) -> Iterator[tuple[int, int, int]]:
        """All paths, each after the one it goes on from: (place of that one from 0, the root; candidate; papers)."""
        todo = [(self.root, 0)]
        place = 0
        while todo:
            path, origin = todo.pop()
            for candidate, following in path.onward.items():
                place += 1
                yield origin, candidate, following.papers
                if following.onward:
                    todo.append((following, place))

    def _distribute(self, steps: list[tuple[int, int, int]]) -> None:
        votes = [0] * len(self.votes)
        weights = [ONE]
        keep = self.keep
        for origin, candidate, papers in steps:
            weight = weights[origin]
            kept = -(-weight * keep[candidate] // ONE)
            votes[candidate] += kept * papers
            weights.append(weight - kept)
        self.votes = votes
        self.quota = sum(votes) // (self.seats + 1) + 1
        self.iterations += 1

    def _elect(self, reached: list[int]) -> None:
        by_votes = sorted(reached, key=lambda c: (-self.votes[c], c))
        self._note("elect", reached)
        self.elected += by_votes
        self.elected_stage += [len(self.stages)] * len(by_votes)
        self.hopeful -= set(reached)
        for path in list(self._paths()):
            for candidate in reached:
                if end := path.onward.get(candidate):
                    ranges, end.ranges = end.ranges, []
                    self._send(end, ranges)

    def _paths(self) -> Iterator[_Path]:
        todo = [self.root]
        while todo:
            path = todo.pop()
            yield path
            todo += path.onward.values()

    def _exclude(self) -> None:
        """Step B3: the fewest votes; whoever is within the surplus of that counts as tied with it."""
        fewest = min(self.votes[c] for c in self.hopeful)
        tied = sorted(c for c in self.hopeful if self.votes[c] <= fewest + self.surplus)
        loser = tied[0]
        if len(tied) > 1:
            loser = self.lots.draw(tied, "exclude", self.names)
            self.lots_drawn.append(LotDrawn(for_="exclude", tied=tuple(tied), drawn=loser))
        self._note("exclude", [loser])
        self.hopeful.remove(loser)
        self.keep[loser] = 0
        for path in list(self._paths()):
            if end := path.onward.pop(loser, None):
                self._send(path, end.ranges)

    def _note(self, action: Literal["elect", "exclude", "elect_remaining"], who: list[int]) -> None:
        self.stages.append(
            MeekStage(
                action=action,
                candidates=tuple(sorted(who)),
                quota=as_text(self.quota, DECIMALS),
                votes=tuple(as_text(units, DECIMALS) for units in self.votes),
                exhausted=as_text(self.papers.valid * ONE - sum(self.votes), DECIMALS),
                surplus=as_text(self.surplus, DECIMALS),
                keep_factors=tuple(as_text(units, DECIMALS) for units in self.keep),
                iterations=self.iterations,
            )
        )
