"""Small random elections for property tests: few candidates and ballots, so that ties and limits are common."""

from collections.abc import Callable
from typing import NamedTuple

from hypothesis import strategies as st

from stembus_ballots.constraints import Constraint, Constraints
from stembus_ballots.profile import Profile, profile_of

Accepts = Callable[[frozenset[int]], bool]
Ranking = tuple[int, ...]


class SmallElection(NamedTuple):
    candidates: int
    seats: int
    rankings: tuple[Ranking, ...]
    lot_order: tuple[int, ...]


def profile_of_election(election: SmallElection) -> Profile:
    names = [f"Candidate {number}" for number in range(election.candidates)]
    return profile_of("Small election", names, election.rankings, seats=election.seats)


@st.composite
def small_elections(draw: st.DrawFn, max_candidates: int = 7, max_ballots: int = 60) -> SmallElection:
    """An election with fewer seats than candidates; a few rankings are given often, so that quotas are reached."""
    candidates = draw(st.integers(2, max_candidates))
    seats = draw(st.integers(1, candidates - 1))
    everyone = list(range(candidates))
    ranking = st.permutations(everyone).flatmap(
        lambda order: st.integers(1, candidates).map(lambda length: tuple(order[:length]))
    )
    groups = draw(st.lists(st.tuples(ranking, st.integers(1, max(1, max_ballots // 8))), min_size=1, max_size=16))
    rankings = tuple(ballot for ballot, count in groups for _ in range(count))
    return SmallElection(candidates, seats, rankings, tuple(draw(st.permutations(everyone))))


@st.composite
def constrained_elections(draw: st.DrawFn) -> tuple[SmallElection, Constraints, Accepts]:
    """An election, constraints in one to three categories (not always possible), and the same as a predicate."""
    election = draw(small_elections(max_candidates=7, max_ballots=40))
    categories: dict[str, dict[str, tuple[int, ...]]] = {}
    constraints: list[Constraint] = []
    for category in draw(st.sampled_from([("gender",), ("gender", "region"), ("gender", "region", "age")])):
        values = [draw(st.integers(0, 2)) for _ in range(election.candidates)]
        categories[category] = {
            f"value {value}": tuple(c for c, has in enumerate(values) if has == value) for value in range(3)
        }
        for value in draw(st.sets(st.integers(0, 2), max_size=2)):
            low = draw(st.integers(0, min(2, election.seats)))
            high = draw(st.one_of(st.none(), st.integers(low, max(low, election.seats))))
            constraints.append(Constraint(category=category, value=f"value {value}", min=low, max=high))
    limits = [
        (
            frozenset(categories[limit.category][limit.value]),
            limit.min,
            election.seats if limit.max is None else limit.max,
        )
        for limit in constraints
    ]

    def accepts(elected: frozenset[int]) -> bool:
        return all(low <= len(elected & named) <= high for named, low, high in limits)

    return election, Constraints(categories=categories, constraints=tuple(constraints)), accepts
