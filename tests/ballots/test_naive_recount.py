"""The count agrees, stage by stage, with a naive one that looks at each ballot; with lots and with constraints."""

from fractions import Fraction
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from naive_stv import NaiveCount
from small_elections import SmallElection, constrained_elections, profile_of_election, small_elections

from stembus_ballots.constraints import Constraint, Constraints, check_nominations
from stembus_ballots.lots import Lots
from stembus_ballots.record import StvRecord, in_units
from stembus_ballots.scottish import count_scottish


def votes_of(text: str) -> Fraction:
    return Fraction(in_units(text), 100000)


def assert_same(record: StvRecord, naive: NaiveCount) -> None:
    assert record.quota == naive.quota
    assert sorted(record.elected) == naive.elected()
    assert len(record.stages) == len(naive.stages)
    for ours, theirs in zip(record.stages, naive.stages, strict=True):
        assert (ours.action, ours.candidate) == (theirs.action, theirs.candidate)
        assert [votes_of(votes) for votes in ours.votes] == theirs.votes
        assert sorted([*ours.elected, *ours.elected_without_quota]) == sorted(theirs.elected)
    assert [(lot.for_, lot.tied, lot.drawn) for lot in record.lots] == naive.lots


@given(small_elections())
@settings(max_examples=300)
def test_t8_every_stage_and_lot_is_the_same(election: SmallElection) -> None:
    record = count_scottish(profile_of_election(election), lots=Lots(order=election.lot_order))
    naive = NaiveCount(election.rankings, election.candidates, election.seats, election.lot_order).run()
    assert_same(record, naive)


@given(st.data())
@settings(max_examples=200)
def test_every_stage_and_lot_is_the_same_under_constraints(data: st.DataObject) -> None:
    election, constraints, accepts = data.draw(constrained_elections())
    assume(check_nominations(constraints, election.seats, election.candidates).feasible)
    record = count_scottish(profile_of_election(election), lots=Lots(order=election.lot_order), constraints=constraints)
    naive = NaiveCount(election.rankings, election.candidates, election.seats, election.lot_order, accepts).run()
    assert accepts(frozenset(record.elected))
    assert_same(record, naive)


def simulated(seed: int) -> tuple[SmallElection, Constraints]:
    """Ten candidates for five seats in three categories, blocs of voters: limits meet each other all the time."""
    draw = Random(seed)  # noqa: S311 - a simulation, not a lot
    everyone = list(range(10))
    orders = [draw.sample(everyone, 10) for _ in range(4)]
    rankings = []
    for _ in range(80):
        order = draw.choices(orders, (40, 30, 20, 10))[0]
        places = sorted(everyone, key=lambda place: place + draw.gauss(0, 2))
        rankings.append(tuple(order[place] for place in places[: draw.randint(1, 10)]))
    categories = {}
    constraints = []
    for category, values, low, high in (("gender", 2, 2, None), ("region", 3, 1, 2), ("age", 3, 1, 3)):
        has = [draw.randrange(values) for _ in everyone]
        categories[category] = {str(v): tuple(c for c in everyone if has[c] == v) for v in range(values)}
        constraints += [Constraint(category=category, value=str(v), min=low, max=high) for v in range(values)]
    election = SmallElection(10, 5, tuple(rankings), tuple(draw.sample(everyone, 10)))
    return election, Constraints(categories=categories, constraints=tuple(constraints))


def test_it_is_also_the_same_where_three_categories_meet() -> None:
    possible = 0
    for seed in range(60):
        election, constraints = simulated(seed)
        if not check_nominations(constraints, 5, 10).feasible:
            continue
        possible += 1
        limits = [
            (set(constraints.categories[limit.category][limit.value]), limit.min, limit.max or 5)
            for limit in constraints.constraints
        ]
        naive = NaiveCount(
            election.rankings,
            10,
            5,
            election.lot_order,
            lambda elected, limits=limits: all(low <= len(elected & named) <= high for named, low, high in limits),  # type: ignore[misc]
        ).run()
        record = count_scottish(
            profile_of_election(election), lots=Lots(order=election.lot_order), constraints=constraints
        )
        assert_same(record, naive)
    assert possible > 30
