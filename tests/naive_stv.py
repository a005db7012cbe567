"""Scottish STV written a second time, ballot by ballot, straight from the rules; shares nothing with the product.

Every ballot is an object of its own, totals are added up afresh at every stage, and constraints are decided by
listing every possible result. Slow, and meant to be read beside docs/counting.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import floor

Accepts = Callable[[frozenset[int]], bool]


@dataclass
class Ballot:
    ranking: tuple[int, ...]
    value: Fraction = Fraction(1)
    holder: int | None = None


@dataclass
class NaiveStage:
    action: str
    candidate: int | None
    votes: list[Fraction]
    elected: list[int]


def cut_off(value: Fraction) -> Fraction:
    return Fraction(floor(value * 100000), 100000)


class NaiveCount:
    """`accepts` says whether a set of elected candidates meets the constraints; None where there are none."""

    def __init__(
        self,
        rankings: Sequence[tuple[int, ...]],
        candidates: int,
        seats: int,
        lot_order: Sequence[int],
        accepts: Accepts | None = None,
    ) -> None:
        self.ballots = [Ballot(ranking) for ranking in rankings]
        self.lot_order = lot_order
        self.seats = seats
        self.quota = len(rankings) // (seats + 1) + 1
        self.state = ["continuing"] * candidates
        self.transferred: set[int] = set()
        self.stages: list[NaiveStage] = []
        self.lots: list[tuple[str, tuple[int, ...], int]] = []
        self.accepts = accepts

    def continuing(self) -> list[int]:
        return [c for c, state in enumerate(self.state) if state == "continuing"]

    def elected(self) -> list[int]:
        return [c for c, state in enumerate(self.state) if state == "elected"]

    def total(self, candidate: int) -> Fraction:
        """Candidates whose surplus was transferred keep exactly the quota."""
        if candidate in self.transferred:
            return Fraction(self.quota)
        return sum((b.value for b in self.ballots if b.holder == candidate), Fraction(0))

    def pass_on(self, ballot: Ballot) -> None:
        start = 0 if ballot.holder is None else ballot.ranking.index(ballot.holder) + 1
        ballot.holder = next((c for c in ballot.ranking[start:] if self.state[c] == "continuing"), -1)

    def results_left(self) -> list[frozenset[int]]:
        fixed = frozenset(self.elected())
        assert self.accepts is not None
        rest = combinations(self.continuing(), self.seats - len(fixed))
        return [fixed | set(chosen) for chosen in rest if self.accepts(fixed | set(chosen))]

    def doomed(self) -> list[int]:
        if self.accepts is None:
            return []
        left = self.results_left()
        return [c for c in self.continuing() if not any(c in result for result in left)]

    def guarded(self) -> list[int]:
        if self.accepts is None:
            return []
        left = self.results_left()
        return [c for c in self.continuing() if all(c in result for result in left)]

    def pick(self, among: list[int], why: str, best: Callable[..., Fraction]) -> int:
        """Most (or fewest) votes now; then at the stage before, and so on back; then the lot."""
        left = among
        for stage in reversed(self.stages):
            extreme = best(stage.votes[c] for c in left)
            left = [c for c in left if stage.votes[c] == extreme]
        if len(left) > 1:
            chosen = min(left, key=self.lot_order.index)
            self.lots.append((why, tuple(left), chosen))
            return chosen
        return left[0]

    def finish_stage(self, action: str, candidate: int | None) -> None:
        votes = [self.total(c) for c in range(len(self.state))]
        stage = NaiveStage(action, candidate, votes, [])
        self.stages.append(stage)
        reached = [c for c in self.continuing() if votes[c] >= self.quota and c not in self.doomed()]
        if self.accepts is None or any(set(reached) <= result for result in self.results_left()):
            for winner in reached:
                self.state[winner] = "elected"
            stage.elected += reached
        else:
            while reached:
                winner = self.pick(reached, "elect", max)
                self.state[winner] = "elected"
                stage.elected.append(winner)
                reached = [c for c in reached if c != winner and c not in self.doomed()]
        if len(self.continuing()) == self.seats - len(self.elected()):
            for last in self.continuing():
                self.state[last] = "elected"
                stage.elected.append(last)

    def run(self) -> "NaiveCount":
        for ballot in self.ballots:
            self.pass_on(ballot)
        self.finish_stage("first", None)
        while len(self.elected()) < self.seats:
            surpluses = [c for c in self.elected() if c not in self.transferred and self.total(c) > self.quota]
            if doomed := self.doomed():
                self.exclude(self.pick(doomed, "exclude", min))
            elif surpluses:
                self.transfer_surplus(self.pick(surpluses, "surplus", max))
            else:
                free = [c for c in self.continuing() if c not in self.guarded()]
                self.exclude(self.pick(free, "exclude", min))
        return self

    def exclude(self, candidate: int) -> None:
        self.state[candidate] = "excluded"
        for ballot in self.ballots:
            if ballot.holder == candidate:
                self.pass_on(ballot)
        self.finish_stage("exclude", candidate)

    def transfer_surplus(self, candidate: int) -> None:
        total = self.total(candidate)
        surplus = total - self.quota
        for ballot in self.ballots:
            if ballot.holder == candidate:
                ballot.value = cut_off(surplus * ballot.value / total)
                self.pass_on(ballot)
        self.transferred.add(candidate)
        self.finish_stage("surplus", candidate)
