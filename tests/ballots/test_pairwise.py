"""Electing by Condorcet: who beats everybody is first, circles are said, a lot only between whom the ballots equal."""

from itertools import permutations

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace
from small_elections import SmallElection, profile_of_election, small_elections

from stembus_ballots.condorcet import count_condorcet
from stembus_ballots.errors import CountError
from stembus_ballots.lots import DecidedLot, Lots, NeedsLot
from stembus_ballots.pairwise import (
    Cycle,
    Duel,
    Method,
    PairPlace,
    PairwiseRecord,
    closest_pair,
    count_pairwise,
    decided,
    next_in_order,
    place_of,
)
from stembus_ballots.profile import Profile, profile_of
from stembus_ballots.record import LotDrawn, to_json_object
from stembus_ballots.weak import from_strict

CIRCLE = {"ABC": 8, "BCA": 7, "CAB": 6}
"""A beats B by 14 to 7, B beats C by 15 to 6, C beats A by 13 to 8: that last one is the weakest."""


def ballots(groups: dict[str, int], options: str = "ABCD", **more: object) -> Profile:
    """Ballots such as {"AB": 5}: five that rank A above B, and both above the others."""
    rankings = [tuple(options.index(o) for o in order) for order, count in groups.items() for _ in range(count)]
    return profile_of("Raad", options, rankings, **more)  # type: ignore[arg-type]  # the caller knows its keys


def order_of(record: PairwiseRecord) -> str:
    return " ".join("=".join(record.candidates[c] for c in tier) for tier in record.order)


def elected(record: PairwiseRecord) -> str:
    return "".join(record.candidates[c] for c in record.elected)


@pytest.mark.parametrize(
    ("groups", "seats", "order", "wins"),
    [
        ({"ABCD": 3, "BACD": 2}, 1, "A B C D", "A"),
        ({"ABCD": 3, "BACD": 2}, 3, "A B C D", "ABC"),
        # Most first preferences, and beaten by both others one against one.
        ({"A": 4, "BC": 3, "CB": 2}, 1, "B C A D", "B"),
        # The centre is the first of one, and beats everybody.
        ({"AC": 4, "BC": 4, "C": 1}, 1, "C A=B D", "C"),
        (CIRCLE, 1, "A B C D", "A"),
        (CIRCLE, 2, "A B C D", "AB"),
        # Who is not ranked is below all who are, and equal to the others who are not.
        ({"B": 3}, 1, "B A=C=D", "B"),
    ],
)
def test_the_seats_go_to_the_first_in_the_order(groups: dict[str, int], seats: int, order: str, wins: str) -> None:
    record = count_pairwise(ballots(groups), seats)
    assert (order_of(record), elected(record), record.lots) == (order, wins, ())


def test_the_record_has_what_it_takes_to_check_it_by_hand() -> None:
    record = count_pairwise(ballots(CIRCLE | {"CBA": 0, "": 2}, "ABC", invalid=1), 1)
    assert record.preferred == ((0, 14, 8), (7, 0, 15), (13, 6, 0))
    assert record.strongest_paths == ((0, 14, 14), (13, 0, 15), (13, 13, 0))
    assert record.paths_against == ((0, 7, 7), (8, 0, 6), (8, 8, 0))
    assert record.cycles == (Cycle((0, 1, 2), (0, 1, 2)),)
    assert record.beats_everybody is None
    assert (record.valid, record.blank, record.invalid, record.emptied) == (21, 2, 1, 0)
    assert msgspec.convert(to_json_object(record), PairwiseRecord) == record


def test_a_circle_below_the_first_is_named_and_changes_nothing_above_it() -> None:
    record = count_pairwise(ballots({f"D{order}": count for order, count in CIRCLE.items()}), 1)
    assert (record.beats_everybody, order_of(record)) == (3, "D A B C")
    assert record.cycles == (Cycle((0, 1, 2), (0, 1, 2)),)


def test_a_candidate_who_withdrew_leaves_every_ranking_and_breaks_the_circle() -> None:
    record = count_pairwise(ballots(CIRCLE | {"D": 2}, withdrawn=[0, 3]), 1)
    assert (elected(record), record.cycles, record.emptied, record.valid) == ("B", (), 2, 21)
    assert record.standing == (1, 2)
    assert record.preferred[1] == (0, 0, 15, 0)
    assert record.preferred[0] == record.preferred[3] == (0, 0, 0, 0)


def test_the_last_seats_that_equals_share_go_by_lot_among_them_only() -> None:
    profile = ballots({"ABC": 2, "ACB": 2, "D": 1})
    with pytest.raises(NeedsLot) as asked:
        count_pairwise(profile, 2)
    assert (asked.value.tied, asked.value.why) == ((1, 2), "elect")
    decided = Lots(decided=(DecidedLot((1, 2), 2, "elect"),))
    record = count_pairwise(profile, 2, lots=decided)
    assert (elected(record), record.lots) == ("AC", (LotDrawn("elect", (1, 2), 2),))
    assert closest_pair(record) == Duel(2, 1, "pair", 2, 2)
    assert elected(count_pairwise(profile, 3)) == "ABC"
    assert elected(count_pairwise(profile, 2, lots=Lots(order=(3, 1, 0, 2)))) == "AB"


def test_a_circle_of_equal_strength_is_left_to_the_lot() -> None:
    groups = dict.fromkeys(CIRCLE, 5)
    with pytest.raises(NeedsLot, match=r"\(elect\).*0 \(A\), 1 \(B\), 2 \(C\)"):
        count_pairwise(ballots(groups, "ABC"), 1)
    record = count_pairwise(ballots(groups, "ABC"), 2, lots=Lots(order=(2, 0, 1)))
    assert (elected(record), [lot.drawn for lot in record.lots]) == ("AC", [2, 0])


def test_who_comes_next_is_the_next_in_the_order_and_equals_by_lot() -> None:
    record = count_pairwise(ballots({"ABC": 3, "AC": 2, "ADB": 2}), 1, lots=Lots(order=(3, 2, 1, 0)))
    assert order_of(record) == "A B C D"
    assert next_in_order(record, Lots()) == (1, 2, 3)
    equals = count_pairwise(ballots({"AB": 3}), 1)
    assert next_in_order(equals, Lots(order=(3, 2, 1, 0))) == (1, 3, 2)
    with pytest.raises(NeedsLot):
        next_in_order(equals, Lots())


@pytest.mark.parametrize(
    ("groups", "seats", "closest"),
    [
        ({"AB": 6, "BA": 5}, 1, Duel(0, 1, "pair", 6, 5)),
        # A before C by 8 to 13, straight; by the paths 14 to 13: one vote.
        (CIRCLE, 1, Duel(0, 1, "paths", 14, 13)),
        ({"ABC": 3, "ACB": 2, "C": 1}, 2, Duel(1, 2, "pair", 3, 3)),
    ],
)
def test_the_closest_pair_is_the_one_that_decides_on_fewest_votes(
    groups: dict[str, int], seats: int, closest: Duel
) -> None:
    assert closest_pair(count_pairwise(ballots(groups, "ABC"), seats, lots=Lots(order=(1, 0, 2)))) == closest


def test_as_many_candidates_as_seats_are_elected_without_pairs() -> None:
    record = count_pairwise(ballots({}, "ABC", withdrawn=[1]), 2)
    assert (elected(record), record.uncontested, record.preferred, record.order) == ("AC", True, (), ())
    assert (closest_pair(record), next_in_order(record, Lots()), record.beats_everybody) == (None, (), None)


def test_a_list_has_an_order_on_every_place_and_is_ordered_also_when_everybody_is_on_it() -> None:
    profile = ballots({"ABC": 2, "ACB": 2, "D": 1})
    with pytest.raises(NeedsLot) as asked:
        count_pairwise(profile, 3, method="list_ranking")
    assert asked.value.tied == (1, 2)
    record = count_pairwise(profile, 4, lots=Lots(order=(3, 2, 1, 0)), method="list_ranking")
    assert (elected(record), record.uncontested) == ("ACBD", False)
    assert record.lots == (LotDrawn("elect", (1, 2), 2),)
    assert closest_pair(record) == Duel(2, 1, "pair", 2, 2)
    assert elected(count_pairwise(profile, 2, lots=Lots(order=(3, 2, 1, 0)), method="list_ranking")) == "AC"


@pytest.mark.parametrize(
    ("groups", "candidate", "place"),
    [
        ({"AB": 6, "BA": 5}, 0, PairPlace("all", Duel(0, 1, "pair", 6, 5))),
        ({"AB": 6, "BA": 5}, 1, PairPlace("below", Duel(1, 2, "pair", 11, 0))),
        ({"AB": 6, "BA": 5}, 2, PairPlace("last")),
        (CIRCLE, 0, PairPlace("circle")),
        (CIRCLE, 1, PairPlace("below", Duel(1, 2, "pair", 15, 6))),
        ({"ABC": 1, "BAC": 1}, 1, PairPlace("equal")),
    ],
)
def test_every_place_in_the_order_has_a_reason(groups: dict[str, int], candidate: int, place: PairPlace) -> None:
    assert place_of(count_pairwise(ballots(groups, "ABC"), 1, lots=Lots(order=(0, 1, 2))), candidate) == place


@pytest.mark.parametrize(
    ("profile", "seats", "said"),
    [
        (ballots({"": 3}), 1, "no valid ballots"),
        (ballots({"A": 3}, withdrawn=[0]), 1, "no valid ballots"),
        (ballots({"A": 3}), 0, "0 seats"),
        (ballots({"A": 3}), 5, "5 seats but 4 candidates"),
        (ballots({"A": 3}), None, "not known"),
    ],
)
def test_what_cannot_be_counted_is_an_error_and_no_result(profile: Profile, seats: int | None, said: str) -> None:
    with pytest.raises(CountError, match=said):
        count_pairwise(profile, seats)


def counted(election: SmallElection) -> PairwiseRecord:
    return count_pairwise(profile_of_election(election), election.seats, lots=Lots(order=election.lot_order))


@given(small_elections())
def test_who_beats_everybody_is_first_and_who_loses_from_everybody_is_last(election: SmallElection) -> None:
    record = counted(election)
    everybody = set(record.standing)
    for one in everybody:
        if all(record.beats(one, other) for other in everybody - {one}):
            assert record.order[0] == (one,)
            assert record.elected[0] == one
            assert record.beats_everybody == one
        if all(record.beats(other, one) for other in everybody - {one}):
            assert record.order[-1] == (one,)


@given(small_elections(), st.sampled_from(["condorcet", "list_ranking"]))
def test_everything_but_the_pairs_follows_from_the_pairs(election: SmallElection, method: Method) -> None:
    lots = Lots(order=election.lot_order)
    record = count_pairwise(profile_of_election(election), election.seats, lots=lots, method=method)
    empty = replace(record, elected=(), strongest_paths=(), paths_against=(), order=(), cycles=(), lots=())
    assert decided(empty, lots) == record


@given(small_elections())
def test_for_one_seat_the_winner_is_that_of_dropping_the_weakest_defeats(election: SmallElection) -> None:
    record = counted(election._replace(seats=1))
    winners = count_condorcet(from_strict(profile_of_election(election))).winners
    assert record.order[0] == winners
    assert record.elected[0] in winners


@given(small_elections())
def test_the_elected_are_a_beginning_of_the_order_and_lots_are_drawn_inside_one_tier(election: SmallElection) -> None:
    record = counted(election)
    assert sorted(c for tier in record.order for c in tier) == list(record.standing)
    assert len(record.elected) == election.seats
    places = {candidate: place for place, tier in enumerate(record.order) for candidate in tier}
    last = max(places[candidate] for candidate in record.elected)
    for place, tier in enumerate(record.order[:last]):
        assert set(tier) <= set(record.elected), place
    assert all({*lot.tied} <= {*record.order[last]} for lot in record.lots)
    assert {*record.elected, *next_in_order(record, Lots(order=election.lot_order))} == {*record.standing}


@given(small_elections())
def test_a_circle_is_one_and_without_circles_the_order_is_that_of_the_pairs(
    election: SmallElection,
) -> None:
    record = counted(election)
    for cycle in record.cycles:
        assert len(cycle.around) >= 3
        assert {*cycle.around} <= {*cycle.candidates}
        assert all(
            record.beats(one, other)
            for one, other in zip(cycle.around, (*cycle.around[1:], cycle.around[0]), strict=True)
        )
    places = {candidate: place for place, tier in enumerate(record.order) for candidate in tier}
    if not record.cycles:
        assert all(places[a] < places[b] for a, b in permutations(record.standing, 2) if record.beats(a, b))


@given(small_elections(), st.data())
def test_renaming_the_candidates_renames_the_order(election: SmallElection, data: st.DataObject) -> None:
    new = data.draw(st.permutations(range(election.candidates)))
    renamed = SmallElection(
        election.candidates,
        election.seats,
        tuple(tuple(new[c] for c in ranking) for ranking in election.rankings),
        tuple(new[c] for c in election.lot_order),
    )
    one, other = counted(election), counted(renamed)
    assert [{new[c] for c in tier} for tier in one.order] == [{*tier} for tier in other.order]
    assert {new[c] for c in one.elected} == {*other.elected}


@given(small_elections())
def test_the_other_way_round_who_was_alone_at_the_top_is_no_longer_among_the_best(election: SmallElection) -> None:
    everyone = range(election.candidates)
    whole = [(*ranking, *(c for c in everyone if c not in ranking)) for ranking in election.rankings]
    names = [f"Candidate {number}" for number in everyone]
    lots = Lots(order=election.lot_order)
    there = count_pairwise(profile_of("x", names, whole), 1, lots=lots)
    back = count_pairwise(profile_of("x", names, [ranking[::-1] for ranking in whole]), 1, lots=lots)
    assume(len(there.order[0]) == 1)
    assert there.order[0][0] not in back.order[0]


@given(small_elections(), st.data())
def test_more_support_for_the_winner_does_not_take_the_seat_away(election: SmallElection, data: st.DataObject) -> None:
    one = election._replace(seats=1)
    before = counted(one)
    assume(len(before.order[0]) == 1)
    winner = before.elected[0]
    raised = data.draw(st.integers(0, len(election.rankings) - 1))
    rankings = list(election.rankings)
    rankings[raised] = (winner, *(c for c in rankings[raised] if c != winner))
    assert counted(one._replace(rankings=tuple(rankings))).elected == (winner,)


@given(small_elections(max_candidates=5), st.data())
def test_a_twin_beside_a_candidate_on_every_ballot_changes_nothing_for_the_others(
    election: SmallElection, data: st.DataObject
) -> None:
    original = data.draw(st.integers(0, election.candidates - 1))
    twin = election.candidates
    cloned = [
        tuple(x for c in ranking for x in ((c, twin) if c == original else (c,))) for ranking in election.rankings
    ]
    names = [f"Candidate {number}" for number in range(twin + 1)]
    lots = Lots(order=(*election.lot_order, twin))
    before = counted(election._replace(seats=1))
    after = count_pairwise(profile_of("x", names, cloned), 1, lots=lots)
    assert {*before.order[0]} - {original} == {*after.order[0]} - {original, twin}
    assert (original in before.order[0]) == bool({original, twin} & {*after.order[0]})


@given(small_elections())
def test_where_all_who_are_elected_beat_all_others_no_smaller_change_elects_anybody_else(
    election: SmallElection,
) -> None:
    record = counted(election)
    others = [c for c in record.standing if c not in record.elected]
    assume(all(record.beats(one, other) for one in record.elected for other in others))
    closest = closest_pair(record)
    assert closest is not None
    assert closest.by == "pair"
    # As many ballots taken away as turn no pair: one fewer than lie between the closest two.
    rest = election.rankings[: len(election.rankings) - (closest.votes - 1)]
    if rest:
        again = counted(election._replace(rankings=rest))
        assert {*again.elected} == {*record.elected}
