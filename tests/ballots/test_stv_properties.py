"""What must hold for every Scottish count: nothing is lost, nobody's name or place matters, coalitions get theirs."""

from hypothesis import given, settings
from hypothesis import strategies as st
from small_elections import SmallElection, profile_of_election, small_elections

from stembus_ballots.lots import Lots
from stembus_ballots.meek import count_meek
from stembus_ballots.profile import Group, Profile, profile_of
from stembus_ballots.record import StvRecord, in_units
from stembus_ballots.scottish import count_scottish, pile_groups

quickly = settings(max_examples=100)


def counted(election: SmallElection) -> StvRecord:
    return count_scottish(profile_of_election(election), lots=Lots(order=election.lot_order))


@given(small_elections())
@quickly
def test_every_stage_adds_up_to_the_valid_votes(election: SmallElection) -> None:
    record = counted(election)
    before = None
    for stage in record.stages:
        total = sum(map(in_units, stage.votes)) + in_units(stage.non_transferable)
        assert total == record.valid * 100000
        received = sum(in_units(transfer.votes) for transfer in stage.transfers)
        moved = sum(m.papers * in_units(m.value_after) for m in stage.moved if m.candidate is not None)
        assert received == moved
        exhausted = sum(m.papers * in_units(m.value_after) for m in stage.moved if m.candidate is None)
        assert exhausted + in_units(stage.lost_to_rounding) == in_units(stage.non_transferable_change)
        if before is not None and stage.candidate is not None:
            lost = in_units(before.votes[stage.candidate]) - in_units(stage.votes[stage.candidate])
            assert lost == received + in_units(stage.non_transferable_change)
        before = stage
    assert len(set(record.elected)) == record.seats


@given(small_elections(), st.randoms(use_true_random=False))
@quickly
def test_neither_grouping_nor_the_order_of_the_ballots_matters(election: SmallElection, random: object) -> None:
    profile = profile_of_election(election)
    single = [Group(ranking, 1) for ranking in election.rankings]
    random.shuffle(single)  # type: ignore[attr-defined]
    ungrouped = Profile(
        title=profile.title, candidates=profile.candidates, seats=profile.seats, groups=tuple(single), blank=0
    )
    lots = Lots(order=election.lot_order)
    grouped = count_scottish(profile, lots=lots)
    assert count_scottish(ungrouped, lots=lots).stages == grouped.stages
    assert count_meek(ungrouped, lots=lots).stages == count_meek(profile, lots=lots).stages


@given(small_elections(), st.data())
@quickly
def test_renaming_candidates_with_their_lots_renames_the_result(election: SmallElection, data: st.DataObject) -> None:
    new = data.draw(st.permutations(range(election.candidates)))
    renamed = SmallElection(
        election.candidates,
        election.seats,
        tuple(tuple(new[c] for c in ranking) for ranking in election.rankings),
        tuple(new[c] for c in election.lot_order),
    )
    before, after = counted(election), counted(renamed)
    assert {new[c] for c in before.elected} == set(after.elected)
    for old_stage, new_stage in zip(before.stages, after.stages, strict=True):
        assert [new_stage.votes[new[c]] for c in range(election.candidates)] == list(old_stage.votes)


@given(small_elections())
@quickly
def test_a_candidate_whom_nobody_ranks_changes_nobodys_election(election: SmallElection) -> None:
    nobody = election.candidates
    larger = SmallElection(nobody + 1, election.seats, election.rankings, (nobody, *election.lot_order))
    assert set(counted(larger).elected) == set(counted(election).elected)


@given(small_elections(), st.data())
@quickly
def test_a_solid_coalition_of_k_quotas_elects_k(election: SmallElection, data: st.DataObject) -> None:
    everyone = range(election.candidates)
    coalition = data.draw(st.sets(st.sampled_from(everyone), min_size=1))
    outside = [c for c in everyone if c not in coalition]
    orders = data.draw(st.lists(st.permutations(sorted(coalition)), min_size=1, max_size=5))
    solid = [tuple(orders[n % len(orders)]) + tuple(outside) for n in range(data.draw(st.integers(1, 80)))]
    rankings = (*election.rankings, *solid)
    record = counted(SmallElection(election.candidates, election.seats, rankings, election.lot_order))
    # A vote more than k quotas is far more than all truncation together.
    deserved = min((len(solid) - 1) // record.quota, len(coalition), election.seats)
    assert len(coalition & set(record.elected)) >= deserved


@given(small_elections())
@quickly
def test_each_pile_holds_exactly_the_votes_of_the_stage_of_election(election: SmallElection) -> None:
    profile = profile_of_election(election)
    record = count_scottish(profile, lots=Lots(order=election.lot_order))
    assert [pile.candidate for pile in record.piles] == list(record.elected)
    for pile in record.piles:
        worth = sum(group.count * in_units(value) for group, value in pile_groups(profile, pile))
        assert worth == in_units(pile.votes) == in_units(record.stages[pile.stage - 1].votes[pile.candidate])


@given(small_elections())
@quickly
def test_meek_gives_away_no_vote_and_fills_every_seat(election: SmallElection) -> None:
    record = count_meek(profile_of_election(election), lots=Lots(order=election.lot_order))
    assert len(set(record.elected)) == election.seats
    for stage in record.stages:
        assert sum(map(in_units, stage.votes)) + in_units(stage.exhausted) == record.valid * 10**9


def test_profiles_of_single_ballots_and_of_groups_are_the_same() -> None:
    one = profile_of("Test", "AB", [(1, 0), (), (1, 0), (0,)])
    assert one.groups == (Group((0,), 1), Group((1, 0), 2))
    assert (one.valid, one.blank) == (3, 1)
