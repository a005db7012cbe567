"""Scottish STV: the single transferable vote as Scottish councils are elected, exact to 1/100000 vote.

Source: Scottish Local Government Elections Order 2007 (SSI 2007/42) Schedule 1 rules 45-52, re-made as rules 46-53
of Schedule 1 of the 2011 Order (SSI 2011/399). Rule numbers below are those of 2007. docs/counting.md tells which
choices the rules leave and how they are made here.
"""

from collections.abc import Sequence
from typing import Literal

from stembus_ballots.constraints import Conformance, Constraints, check_nominations
from stembus_ballots.errors import CountError
from stembus_ballots.lots import NO_LOTS, Lots, NeedsLot, check_lots
from stembus_ballots.papers import SortedPapers
from stembus_ballots.profile import Group, Profile, strike
from stembus_ballots.record import (
    SCOTTISH_DECIMALS,
    ConstraintEffect,
    Effect,
    Limit,
    Pile,
    Stage,
    StvRecord,
    Unconstrained,
)
from stembus_ballots.ties import TieBreaker
from stembus_ballots.transfers import Movement, Tally

UNIT = 10**SCOTTISH_DECIMALS


def count_scottish(
    profile: Profile,
    seats: int | None = None,
    *,
    lots: Lots = NO_LOTS,
    constraints: Constraints | None = None,
) -> StvRecord:
    """Counts the ballots of a profile by Scottish STV and returns the record of the count.

    `seats` goes before the number in the profile. With constraints the record also says who would have been
    elected without them. Raises NeedsLot where a tie needs a lot that `lots` does not give, and CountError where
    the count cannot be made: no seats said, more seats than candidates, no valid ballot, or constraints that
    these candidates cannot meet (found before any ballot is looked at).
    """
    return count_stages(profile, seats, lots=lots, constraints=constraints, method="scottish-stv")


def count_stages(
    profile: Profile,
    seats: int | None,
    *,
    lots: Lots,
    constraints: Constraints | None,
    method: Literal["scottish-stv", "irv"],
) -> StvRecord:
    """The count behind Scottish STV and IRV; see `count_scottish`."""
    seats = check_seats(profile, seats)
    check_lots(lots, len(profile.candidates))
    conformance = None if constraints is None else _conformance(profile, seats, constraints)
    groups, emptied = strike(profile.groups, profile.withdrawn)
    papers = SortedPapers(groups)
    standing = _standing(profile)
    quota = papers.valid // (seats + 1) + 1  # r.46
    ties = TieBreaker(lots, profile.candidates)
    tally = Tally(papers, {UNIT: papers.all()}, standing, SCOTTISH_DECIMALS)
    count = StageCount(tally, seats, quota * UNIT, ties, conformance)
    uncontested = sum(standing) == seats
    if uncontested:
        count.elect_all_standing()
    else:
        require_ballots(profile, papers.valid)
        count.run()
    return StvRecord(
        method=method,
        title=profile.title,
        candidates=profile.candidates,
        withdrawn=profile.withdrawn,
        seats=seats,
        valid=papers.valid,
        blank=profile.blank,
        invalid=profile.invalid,
        emptied=emptied,
        quota=quota,
        uncontested=uncontested,
        elected=tuple(count.elected),
        elected_stage=tuple(count.elected_stage),
        stages=tuple(count.stages),
        lots=tuple(ties.lots),
        ties_settled_by_earlier_stage=tuple(ties.settled_earlier),
        ties=tuple(ties.ties),
        piles=tuple(count.piles),
        lot_order=lots.order,
        constraints=count.limits_at_the_end(),
        unconstrained=None if constraints is None else _without_constraints(profile, seats, lots, method),
    )


def _standing(profile: Profile) -> list[bool]:
    return [candidate not in profile.withdrawn for candidate in range(len(profile.candidates))]


def _conformance(profile: Profile, seats: int, constraints: Constraints) -> Conformance:
    """The constraints for this count; raises CountError where the nominations cannot meet them."""
    verdict = check_nominations(constraints, seats, len(profile.candidates), profile.withdrawn)
    if not verdict.feasible:
        raise CountError(f"{profile.title}: the constraints cannot be met; {'; '.join(verdict.reasons)}.")
    return Conformance(constraints, seats, len(profile.candidates), _places(_standing(profile)))


def check_seats(profile: Profile, seats: int | None) -> int:
    """The number of seats to fill. Raises CountError where it is not said or cannot be filled."""
    wanted = profile.seats if seats is None else seats
    if wanted is None:
        raise CountError(f"{profile.title}: the number of seats is not known: the file does not say it, so give it.")
    if wanted < 1:
        raise CountError(f"{profile.title}: {wanted} seats cannot be filled: give at least 1.")
    standing = len(profile.candidates) - len(set(profile.withdrawn))
    if wanted > standing:
        withdrawn = f" ({len(profile.withdrawn)} withdrew)" if profile.withdrawn else ""
        raise CountError(
            f"{profile.title}: {wanted} seats but {standing} candidates{withdrawn}: "
            "there is nothing to count; give fewer seats or open the call again."
        )
    return wanted


def require_ballots(profile: Profile, valid: int) -> None:
    """Raises CountError where no valid ballot is left."""
    if valid == 0:
        raise CountError(
            f"{profile.title}: no valid ballots ({profile.blank} blank, {profile.invalid} invalid): "
            "nobody can be elected by a count of nothing."
        )


def pile_groups(profile: Profile, pile: Pile) -> tuple[tuple[Group, str], ...]:
    """The groups of the profile that lie in a pile of its record, each with the value of one paper."""
    groups = SortedPapers(strike(profile.groups, profile.withdrawn)[0]).groups
    return tuple((group, parcel.value) for parcel in pile.parcels for group in groups[parcel.first : parcel.end])


def _places(standing: Sequence[bool]) -> list[int]:
    return [candidate for candidate, stands in enumerate(standing) if stands]


def _without_constraints(
    profile: Profile, seats: int, lots: Lots, method: Literal["scottish-stv", "irv"]
) -> Unconstrained:
    try:
        record = count_stages(profile, seats, lots=lots, constraints=None, method=method)
    except NeedsLot as needed:
        return Unconstrained(elected=(), needs_lot=str(needed))
    return Unconstrained(elected=record.elected)


class StageCount:
    """The stages of one count, from first preferences to the last seat. `quota` is in units."""

    def __init__(
        self,
        tally: Tally,
        seats: int,
        quota: int,
        ties: TieBreaker,
        conformance: Conformance | None = None,
    ) -> None:
        self.tally = tally
        self.quota = quota
        self.elected: list[int] = []
        self.elected_stage: list[int] = []
        self.stages: list[Stage] = []
        self.piles: list[Pile] = []
        self._seats = seats
        self.ties = ties
        self._conformance = conformance
        self._doomed: frozenset[int] = frozenset()
        self._guarded: frozenset[int] = frozenset()
        self._explained: dict[Effect, frozenset[int]] = {"doomed": frozenset(), "guarded": frozenset()}

    def elect_all_standing(self) -> None:
        """Uncontested: everybody who stands is elected, and nothing is counted."""
        self.elected = _places(self.tally.standing)
        self.elected_stage = [0] * len(self.elected)

    def limits_at_the_end(self) -> tuple[Limit, ...]:
        """The constraints with how many are elected under each; none where there are no constraints."""
        if self._conformance is None:
            return ()
        self._conformance.now(self.elected, ())
        return self._conformance.limits()

    def run(self) -> None:
        """Counts until all seats are filled."""
        tally, history = self.tally, self.tally.history
        self._close("first", None, tally.first_preferences())
        while self._vacancies():
            continuing = _places(tally.standing)
            waiting = [c for c in self.elected if tally.votes[c] > self.quota]
            if doomed := [c for c in continuing if c in self._doomed]:
                candidate = self.ties.choose(doomed, "exclude", min, history)
                self._close("exclude", candidate, tally.exclude(candidate), "doomed")
            elif waiting:  # r.48-49: the largest surplus now, whoever was elected first
                candidate = self.ties.choose(waiting, "surplus", max, history)
                self._close("surplus", candidate, tally.surplus(candidate, self.quota))
            else:  # r.50-51: one candidate, with the fewest votes
                free = [c for c in continuing if c not in self._guarded]
                candidate = self.ties.choose(free, "exclude", min, history)
                self._close("exclude", candidate, tally.exclude(candidate), "fewest")

    def _vacancies(self) -> int:
        return self._seats - len(self.elected)

    def _close(
        self,
        action: Literal["first", "surplus", "exclude"],
        candidate: int | None,
        movement: Movement,
        reason: Literal["fewest", "doomed"] | None = None,
    ) -> None:
        """Ends a stage: elects who reached the quota, fills the last seats where nobody else is left, notes it all."""
        tally = self.tally
        tally.history.append(tuple(tally.votes))
        by_quota = self._elect_by_quota()
        without_quota: list[int] = []
        continuing = _places(tally.standing)
        if self._vacancies() and len(continuing) == self._vacancies():  # r.52
            without_quota = self._by_votes(continuing)
            for last in without_quota:
                self._elect(last)
        self.stages.append(
            Stage(
                action=action,
                candidate=candidate,
                votes=tuple(map(tally.text, tally.votes)),
                non_transferable=tally.text(tally.non_transferable),
                elected=tuple(by_quota),
                elected_without_quota=tuple(without_quota),
                reason=reason,
                transfers=tally.transfers(movement),
                moved=tally.moved(movement),
                non_transferable_change=tally.text(movement.non_transferable),
                lost_to_rounding=tally.text(movement.lost_to_rounding),
                constraint_effects=self._new_effects(),
            )
        )

    def _by_votes(self, candidates: Sequence[int]) -> list[int]:
        return sorted(candidates, key=lambda candidate: (-self.tally.votes[candidate], candidate))

    def _elect(self, candidate: int) -> None:
        tally = self.tally
        self.elected.append(candidate)
        self.elected_stage.append(len(tally.history))
        self.piles.append(
            Pile(
                candidate=candidate,
                stage=len(tally.history),
                votes=tally.text(tally.votes[candidate]),
                parcels=tally.pile(candidate),
            )
        )
        tally.standing[candidate] = False

    def _elect_by_quota(self) -> list[int]:
        """Elects who reached the quota (r.47); where a maximum stands in the way, one at a time by votes."""
        self._look_ahead()  # the exclusion just made may have doomed someone who now has a quota
        reached = [
            c
            for c in self._by_votes(_places(self.tally.standing))
            if self.tally.votes[c] >= self.quota and c not in self._doomed
        ]
        if self._conformance is None or self._all_fit(self._conformance, reached):
            for candidate in reached:
                self._elect(candidate)
            self._look_ahead()
            return reached
        elected: list[int] = []
        while reached:
            candidate = self.ties.choose(reached, "elect", max, self.tally.history)
            self._elect(candidate)
            elected.append(candidate)
            self._look_ahead()
            reached = [c for c in reached if c != candidate and c not in self._doomed]
        return elected

    def _all_fit(self, conformance: Conformance, reached: Sequence[int]) -> bool:
        continuing = set(_places(self.tally.standing))
        conformance.now([*self.elected, *reached], continuing - set(reached))
        return conformance.is_feasible()

    def _look_ahead(self) -> None:
        """Finds who is doomed and who is guarded now."""
        if self._conformance is None or not self._vacancies():
            return
        self._conformance.now(self.elected, _places(self.tally.standing))
        self._doomed = self._conformance.doomed()
        self._guarded = self._conformance.guarded()

    def _new_effects(self) -> tuple[ConstraintEffect, ...]:
        """Who became doomed or guarded since the stage before, and why; nobody where no constraint is at work."""
        if self._conformance is None or not self._vacancies():
            return ()
        self._conformance.now(self.elected, _places(self.tally.standing))
        effects: list[ConstraintEffect] = []
        current: dict[Effect, frozenset[int]] = {"doomed": self._doomed, "guarded": self._guarded}
        for effect, now in current.items():
            effects += self._conformance.explain(effect, now - self._explained[effect])
            self._explained[effect] = now
        return tuple(effects)
