"""From the balance rules of a policy to the constraints of one count, and whether the candidates can meet them at all.

Pure; looks at no ballot, so it can be asked as soon as the candidates are known, long before the vote.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from msgspec import Struct

from stembus_ballots.constraints import Constraint, Constraints, check_nominations
from stembus_polls.contests import ContestCandidate, ContestPlan
from stembus_procedures import Policy
from stembus_procedures.language.bodies import Balance


class Lowered(Struct, frozen=True, forbid_unknown_fields=True):
    """A minimum that these candidates cannot meet, and to what the policy lets it sink."""

    balance: str
    asked: int
    becomes: int


class Balanced(Struct, frozen=True):
    """The constraints of a count, None where the policy has no hard rule. `impossible` says why it cannot be held."""

    constraints: Constraints | None = None
    lowered: tuple[Lowered, ...] = ()
    impossible: tuple[str, ...] = ()


class Rest(Struct, frozen=True):
    """What stands outside this contest, for rules about all seats together.

    `seated` are candidates elected in contests that were counted before; `seats_to_come` the seats of those that
    are counted after it.
    """

    seated: tuple[ContestCandidate, ...] = ()
    seats_to_come: int = 0


def balance_count(
    policy: Policy,
    plan: ContestPlan,
    candidates: Sequence[ContestCandidate],
    withdrawn: Sequence[int] = (),
    rest: Rest | None = None,
) -> Balanced:
    """Return the constraints on the seats of one contest, with minimums lowered where the policy says so.

    `withdrawn` are candidates (from 0) who cannot be elected in it. A rule is about all seats together: what was
    elected before counts towards it, and what is filled later can still meet it.
    """
    outside = rest or Rest()
    rules = hard_rules(policy)
    if not rules:
        return Balanced()
    total = len(outside.seated) + plan.seats + outside.seats_to_come
    asked = [_limits(rule, total, plan.seats, outside) for rule in rules]
    lowered = list(asked)
    while True:
        constraints = _constraints(rules, lowered, candidates)
        verdict = check_nominations(constraints, plan.seats, len(candidates), withdrawn)
        if verdict.feasible:
            return Balanced(constraints, _sunk(rules, asked, lowered))
        conflicting = {limit.category for limit in verdict.conflicting}
        place = _to_lower(rules, lowered, conflicting)
        if place is None:
            return Balanced(constraints, impossible=verdict.reasons)
        lowered[place] = (lowered[place][0] - 1, lowered[place][1])


def hard_rules(policy: Policy) -> tuple[Balance, ...]:
    """Return the balance rules that a count has to keep to."""
    if policy.seats is None:
        return ()
    return tuple(rule for rule in policy.seats.balance if rule.strength == "hard" and rule.applies_to == "seats")


def asked_minimum(rule: Balance, seats: int) -> int:
    """Return how many of `seats` a rule asks for: its number, or its share rounded as it says."""
    share = rule.minimum_share or Fraction(0)
    rounded = (floor if rule.rounding == "down" else ceil)(share * seats)
    return max(rule.minimum or 0, rounded)


def counts_for(rule: Balance, candidate: ContestCandidate) -> bool:
    """Whether a candidate counts towards a rule, by what they declared themselves."""
    return candidate.declared.get(rule.criterion) in rule.values


def _limits(rule: Balance, total: int, seats: int, outside: Rest) -> tuple[int, int]:
    seated = sum(counts_for(rule, candidate) for candidate in outside.seated)
    least = asked_minimum(rule, total) - seated - outside.seats_to_come
    most = seats if rule.maximum is None else rule.maximum - seated
    return max(0, least), max(0, min(seats, most))


def _constraints(
    rules: Sequence[Balance], limits: Sequence[tuple[int, int]], candidates: Sequence[ContestCandidate]
) -> Constraints:
    return Constraints(
        categories={
            rule.id: {
                _value(rule): tuple(place for place, candidate in enumerate(candidates) if counts_for(rule, candidate))
            }
            for rule in rules
        },
        constraints=tuple(
            Constraint(category=rule.id, value=_value(rule), min=least, max=most)
            for rule, (least, most) in zip(rules, limits, strict=True)
        ),
    )


def _value(rule: Balance) -> str:
    return "/".join(rule.values)


def _to_lower(rules: Sequence[Balance], limits: Sequence[tuple[int, int]], conflicting: set[str]) -> int | None:
    """Return the last rule in the way that may sink and still can. The order in the policy is the order of weight."""
    for place in reversed(range(len(rules))):
        if rules[place].id in conflicting and rules[place].if_infeasible == "lower" and limits[place][0] > 0:
            return place
    return None


def _sunk(
    rules: Sequence[Balance], asked: Sequence[tuple[int, int]], lowered: Sequence[tuple[int, int]]
) -> tuple[Lowered, ...]:
    return tuple(
        Lowered(rule.id, before[0], after[0])
        for rule, before, after in zip(rules, asked, lowered, strict=True)
        if after[0] < before[0]
    )
