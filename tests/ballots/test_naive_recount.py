"""The count agrees, stage by stage, with a naive one that looks at each ballot; with lots and with constraints."""

from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from naive_stv import NaiveCount
from small_elections import SmallElection, constrained_elections, profile_of_election, small_elections

from stembus_ballots.constraints import check_nominations
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
@settings(max_examples=300, deadline=None)
def test_every_stage_and_lot_is_the_same(election: SmallElection) -> None:
    record = count_scottish(profile_of_election(election), lots=Lots(order=election.lot_order))
    naive = NaiveCount(election.rankings, election.candidates, election.seats, election.lot_order).run()
    assert_same(record, naive)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_every_stage_and_lot_is_the_same_under_constraints(data: st.DataObject) -> None:
    election, constraints, accepts = data.draw(constrained_elections())
    assume(check_nominations(constraints, election.seats, election.candidates).feasible)
    record = count_scottish(profile_of_election(election), lots=Lots(order=election.lot_order), constraints=constraints)
    naive = NaiveCount(election.rankings, election.candidates, election.seats, election.lot_order, accepts).run()
    assert accepts(frozenset(record.elected))
    assert_same(record, naive)
