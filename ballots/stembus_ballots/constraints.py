"""Constraints on who is elected together: at least, at most so many of a category. Hill's rule, made exact.

Candidates who are elected in no result that meets the constraints are *doomed* and excluded at once; those elected
in every such result are *guarded* and never excluded. Source: I D Hill, "STV with constraints", Voting matters 9
(May 1998) 2-4.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from stembus_ballots.errors import BallotFileError, CountError
from stembus_ballots.feasibility import Sum, conflict, feasible
from stembus_ballots.record import ConstraintEffect, Effect, Limit


class Constraint(Struct, frozen=True, forbid_unknown_fields=True):
    """At least `min` and at most `max` of the elected have `value` in `category`."""

    category: str
    value: str
    min: int = 0
    max: int | None = None


class Constraints(Struct, frozen=True, forbid_unknown_fields=True):
    """Which candidates (from 0) have which value in each category, and what is asked of the elected.

    A candidate has at most one value in a category, and may have none. A value that nobody has is written with
    no candidates. Decoding checks all of this; building one by hand raises ValueError in the same words.
    """

    categories: dict[str, dict[str, tuple[int, ...]]]
    constraints: tuple[Constraint, ...]

    def __post_init__(self) -> None:
        for category, values in self.categories.items():
            named = [candidate for candidates in values.values() for candidate in candidates]
            if len(set(named)) < len(named):
                twice = next(c for place, c in enumerate(named) if c in named[:place])
                raise ValueError(f"candidate {twice} stands twice in category “{category}”: name each candidate once")
        seen: set[tuple[str, str]] = set()
        for constraint in self.constraints:
            self._check(constraint)
            if (constraint.category, constraint.value) in seen:
                raise ValueError(f"{_label(constraint)} is constrained twice: put min and max in one constraint")
            seen.add((constraint.category, constraint.value))

    def _check(self, constraint: Constraint) -> None:
        if constraint.category not in self.categories:
            known = ", ".join(self.categories) or "none"
            raise ValueError(f"there is no category “{constraint.category}”; the categories are: {known}")
        if constraint.value not in self.categories[constraint.category]:
            known = ", ".join(self.categories[constraint.category]) or "none"
            raise ValueError(
                f"category “{constraint.category}” has no value “{constraint.value}”; its values are: {known} "
                "(write a value that nobody has with an empty list)"
            )
        if constraint.min < 0 or (constraint.max is not None and constraint.max < constraint.min):
            raise ValueError(f"{_label(constraint)}: min {constraint.min} and max {constraint.max} leave no number")


class NominationVerdict(Struct, frozen=True):
    """Whether these candidates can meet the constraints at all, and if not, which limits stand in the way and why."""

    feasible: bool
    conflicting: tuple[Limit, ...] = ()
    reasons: tuple[str, ...] = ()


def read_constraints(path: Path) -> Constraints:
    """The constraints in a .toml or .json file. Raises BallotFileError, with the key where something is wrong."""
    try:
        return parse_constraints(path.read_text(encoding="utf-8-sig"), str(path), is_json=path.suffix == ".json")
    except OSError as error:
        raise BallotFileError(f"{path}: {error.strerror or error}. Check the name of the file.") from error
    except UnicodeDecodeError as error:
        raise BallotFileError(f"{path}: byte {error.start} is not UTF-8 text. Save the file as UTF-8.") from error


def parse_constraints(text: str, where: str = "constraints", *, is_json: bool = False) -> Constraints:
    """The constraints in the text of a TOML (or JSON) file; `where` names the file in errors (BallotFileError)."""
    try:
        if is_json:
            return msgspec.json.decode(text, type=Constraints)
        return msgspec.toml.decode(text, type=Constraints)
    except msgspec.DecodeError as error:
        raise BallotFileError(f"{where}: {error}.") from error


def _label(limit: Constraint | Limit) -> str:
    return f"{limit.category} = {limit.value}"


def check_nominations(
    constraints: Constraints, seats: int, candidates: int, withdrawn: Iterable[int] = ()
) -> NominationVerdict:
    """Whether `seats` of the candidates can be elected so that all constraints are met. Looks at no ballot.

    Raises CountError where the constraints name a candidate who does not exist.
    """
    gone = set(withdrawn)
    standing = [candidate for candidate in range(candidates) if candidate not in gone]
    conformance = Conformance(constraints, seats, candidates, standing)
    conflicting = conformance.conflict()
    if not conflicting:
        return NominationVerdict(feasible=True)
    reasons = tuple(_reason(limit, seats) for limit in conflicting)
    if len(reasons) > 1:
        reasons = (f"these {len(reasons)} cannot be met together:", *reasons)
    return NominationVerdict(feasible=False, conflicting=conflicting, reasons=reasons)


def _reason(limit: Limit, seats: int) -> str:
    if limit.category == EVERYONE:
        return f"{seats} seats are to be filled from {limit.continuing} candidates"
    return (
        f"{_label(limit)}: at least {limit.min} and at most {limit.max} of {seats} elected, "
        f"and {limit.continuing} candidates are standing"
    )


def _check_candidates(constraints: Constraints, candidates: int) -> None:
    for category, values in constraints.categories.items():
        for value, named in values.items():
            for candidate in named:
                if not 0 <= candidate < candidates:
                    raise CountError(
                        f"{category} = {value} names candidate {candidate}, "
                        f"but there are {candidates} candidates, from 0."
                    )


EVERYONE = "seats"
"""The category of the limit that all seats are filled; its value is empty."""


class Conformance:
    """The constraints of one count: who is doomed and who is guarded, given who is elected and who continues.

    Candidates whom the constraints do not tell apart make one group.
    """

    def __init__(self, constraints: Constraints, seats: int, candidates: int, standing: Sequence[int]) -> None:
        members: list[frozenset[int]] = []
        self._limits: list[Constraint] = []
        _check_candidates(constraints, candidates)
        for constraint in constraints.constraints:
            members.append(frozenset(constraints.categories[constraint.category][constraint.value]))
            self._limits.append(constraint)
        members.append(frozenset(range(candidates)))
        self._limits.append(Constraint(category=EVERYONE, value="", min=seats, max=seats))
        self._seats = seats
        self._members = members
        marks = [tuple(candidate in named for named in members) for candidate in range(candidates)]
        self._marks = sorted(set(marks))
        self._group = [self._marks.index(mark) for mark in marks]
        self._sums = [
            Sum(
                frozenset(group for group, mark in enumerate(self._marks) if mark[place]),
                limit.min,
                seats if limit.max is None else limit.max,
            )
            for place, limit in enumerate(self._limits)
        ]
        self._elected: frozenset[int] = frozenset()
        self._continuing: frozenset[int] = frozenset(standing)
        self._verdicts: dict[tuple[tuple[int, ...], tuple[int, ...]], bool] = {}

    def now(self, elected: Iterable[int], continuing: Iterable[int]) -> None:
        """Says who is elected and who continues, for the questions that follow."""
        self._elected = frozenset(elected)
        self._continuing = frozenset(continuing)

    def _bounds(self) -> tuple[list[int], list[int]]:
        low = [0] * len(self._marks)
        high = [0] * len(self._marks)
        for candidate in self._elected:
            low[self._group[candidate]] += 1
            high[self._group[candidate]] += 1
        for candidate in self._continuing:
            high[self._group[candidate]] += 1
        return low, high

    def _feasible(self, low: Sequence[int], high: Sequence[int]) -> bool:
        key = (tuple(low), tuple(high))
        if key not in self._verdicts:
            self._verdicts[key] = feasible(low, high, self._sums)
        return self._verdicts[key]

    def is_feasible(self) -> bool:
        """Whether some result meets all constraints."""
        return self._feasible(*self._bounds())

    def conflict(self) -> tuple[Limit, ...]:
        """A smallest set of limits that cannot be met together, none where all can."""
        low, high = self._bounds()
        return () if self._feasible(low, high) else self._limits_now(conflict(low, high, self._sums))

    def _limits_now(self, places: Iterable[int]) -> tuple[Limit, ...]:
        return tuple(
            Limit(
                category=self._limits[place].category,
                value=self._limits[place].value,
                elected=len(self._elected & self._members[place]),
                continuing=len(self._continuing & self._members[place]),
                min=self._sums[place].low,
                max=self._sums[place].high,
            )
            for place in places
        )

    def limits(self) -> tuple[Limit, ...]:
        """The constraints with their numbers now, without the one on the number of seats."""
        return self._limits_now(range(len(self._limits) - 1))

    def doomed(self) -> frozenset[int]:
        """Continuing candidates who are elected in no result that meets the constraints."""
        return self._whose_change_is_infeasible("doomed")

    def guarded(self) -> frozenset[int]:
        """Continuing candidates who are elected in every result that meets the constraints."""
        return self._whose_change_is_infeasible("guarded")

    def _bounds_against(self, effect: Effect, group: int) -> tuple[list[int], list[int]]:
        """The bounds with one more of the group elected (doomed?), or with one more of it excluded (guarded?)."""
        low, high = self._bounds()
        if effect == "doomed":
            low[group] += 1
        else:
            high[group] -= 1
        return low, high

    def _whose_change_is_infeasible(self, effect: Effect) -> frozenset[int]:
        groups = {self._group[candidate] for candidate in self._continuing}
        fixed = {group for group in groups if not self._feasible(*self._bounds_against(effect, group))}
        return frozenset(candidate for candidate in self._continuing if self._group[candidate] in fixed)

    def explain(self, effect: Effect, candidates: Iterable[int]) -> tuple[ConstraintEffect, ...]:
        """Why these candidates are doomed or guarded now: one entry for each group of them."""
        by_group: dict[int, list[int]] = {}
        for candidate in sorted(candidates):
            by_group.setdefault(self._group[candidate], []).append(candidate)
        return tuple(
            ConstraintEffect(
                effect=effect,
                candidates=tuple(members),
                because=self._limits_now(conflict(*self._bounds_against(effect, group), self._sums)),
            )
            for group, members in by_group.items()
        )
