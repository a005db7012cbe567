"""Condorcet counts drop what misses quorum or majority, break cycles at their weakest defeat, and never guess."""

import json
import math
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stembus_ballots.condorcet import CondorcetRule, Dropped, count_condorcet, schwartz_set
from stembus_ballots.errors import CountError
from stembus_ballots.profile import profile_of
from stembus_ballots.schulze import schulze_ranking
from stembus_ballots.weak import WeakGroup, WeakProfile, from_strict, read_rank_per_option

DEBIAN = [
    "debian_2004_gr_sarge",
    "debian_2005_leader2005",
    "debian_2006_vote_002",
    "debian_2007_vote_001",
    "debian_2008_vote_003",
    "debian_2010_vote_001",
    "debian_2014_vote_003",
    "debian_2016_vote_002",
    "debian_2016_vote_004",
    "debian_2018_vote_001",
]


def strict(*groups: tuple[str, int], options: str = "ABCD") -> WeakProfile:
    """Ballots like ("ABC", 5): five that rank A over B over C."""
    return WeakProfile(
        "constructed",
        tuple(options),
        tuple(WeakGroup(tuple((options.index(o),) for o in order), count) for order, count in groups),
    )


def debian(data_dir: Path, election: str) -> tuple[WeakProfile, dict[str, Any]]:
    entries = json.loads((data_dir / "elections" / "expected.json").read_text())
    entry: dict[str, Any] = next(e for e in entries if e["id"] == election)
    file = data_dir / "elections" / entry["file"]
    return read_rank_per_option(file.read_text(), election, file.name), entry


def rule_of(entry: dict[str, Any]) -> CondorcetRule:
    official = entry["official"]
    return CondorcetRule(
        default_option=entry["default_option"] - 1,
        quorum=Fraction(str(official["quorum"][0]["quorum"])),
        majority=tuple(Fraction(str(check["required"])) for check in official["majority"]),
    )


@pytest.mark.full_data
@pytest.mark.parametrize("election", DEBIAN)
def test_the_count_of_a_debian_vote_is_the_official_one_cell_by_cell(data_dir: Path, election: str) -> None:
    profile, entry = debian(data_dir, election)
    official = entry["official"]
    record = count_condorcet(profile, rule_of(entry))
    cells = [[None if a == b else v for b, v in enumerate(row)] for a, row in enumerate(record.beat_matrix)]
    assert profile.valid == entry["ballots"]
    assert cells == official["beat_matrix"]
    assert [{"option": d.option + 1, "reason": d.reason} for d in record.dropped] == official["dropped"]
    assert [o + 1 for o in record.schwartz_set] == official["schwartz_set"]
    assert [o + 1 for o in record.winners] == official["winners"]
    assert [c.votes_over_default for c in record.quorum] == [c["votes_over_default"] for c in official["quorum"]]
    assert [(c.for_, c.against) for c in record.majority] == [(c["for_"], c["against"]) for c in official["majority"]]


@pytest.mark.full_data
def test_every_debian_vote_is_in_the_data_and_in_this_table(data_dir: Path) -> None:
    entries = json.loads((data_dir / "elections" / "expected.json").read_text())
    assert {e["id"] for e in entries if e["rule"] == "debian-cssd"} == set(DEBIAN)


def test_the_weakest_defeat_of_a_cycle_is_dropped() -> None:
    record = count_condorcet(strict(("ABC", 8), ("BCA", 7), ("CAB", 6), options="ABC"))
    assert record.schwartz_set == (0, 1, 2)
    assert [(c.defeats, c.votes, c.against) for c in record.cycles] == [(((2, 0),), 13, 8)]
    assert record.winners == (0,)
    assert not record.casting_vote_needed


def test_with_equal_votes_for_it_the_defeat_with_more_votes_against_it_is_the_weaker() -> None:
    a, b, c = 0, 1, 2
    orders = [
        (((a,), (b,), (c,)), 3), (((b,), (c,), (a,)), 3), (((c,), (a,), (b,)), 3),
        (((a, c), (b,)), 1), (((a,), (b, c)), 1), (((a, b), (c,)), 2), (((c,), (a, b)), 1), (((b, c), (a,)), 1),
    ]  # fmt: skip
    profile = WeakProfile("constructed", ("A", "B", "C"), tuple(WeakGroup(*order) for order in orders))
    record = count_condorcet(profile)
    assert record.beat_matrix == ((0, 8, 6), (4, 0, 8), (8, 5, 0))  # A beats B, B beats C, C beats A
    assert [(step.defeats, step.votes, step.against) for step in record.cycles] == [(((c, a),), 8, 6)]
    assert record.winners == (a,)


def test_a_cycle_whose_defeats_are_all_equal_is_left_to_the_casting_vote() -> None:
    record = count_condorcet(strict(("ABC", 5), ("BCA", 5), ("CAB", 5), options="ABC"))
    assert record.winners == (0, 1, 2)
    assert record.casting_vote_needed
    assert record.cycles[0].defeats == ((0, 1), (1, 2), (2, 0))


def test_equal_options_at_the_top_are_left_to_the_casting_vote_without_a_cycle() -> None:
    record = count_condorcet(strict(("AB", 4), ("BA", 4), options="AB"))
    assert (record.winners, record.cycles, record.casting_vote_needed) == ((0, 1), (), True)


def test_an_option_below_the_quorum_goes_out_although_it_beats_everybody() -> None:
    profile = strict(("ABD", 3), ("BD", 2), ("BAD", 1), options="ABD")
    with_quorum = count_condorcet(profile, CondorcetRule(2, Fraction("4.5")))
    assert with_quorum.dropped == (Dropped(0, "Quorum"),)
    assert [(c.votes_over_default, c.met) for c in with_quorum.quorum] == [(4, False), (6, True)]
    assert with_quorum.winners == (1,)
    assert count_condorcet(profile, CondorcetRule(2, Fraction(4))).dropped == ()


@pytest.mark.parametrize(("for_", "against", "stays"), [(9, 3, True), (8, 3, False), (1, 0, True), (0, 0, False)])
def test_a_three_to_one_majority_is_at_least_three_times_and_more_than_nothing(
    for_: int, against: int, stays: bool
) -> None:
    profile = WeakProfile("", ("A", "D", "E"), (WeakGroup(((0,), (1,)), for_), WeakGroup(((1,), (0,)), against)))
    record = count_condorcet(profile, CondorcetRule(1, majority=(Fraction(3), Fraction(1))))
    assert (Dropped(0, "Majority") not in record.dropped) is stays


def test_when_everything_else_is_dropped_the_default_option_wins() -> None:
    record = count_condorcet(strict(("DA", 5), ("AD", 4), options="AD"), CondorcetRule(1))
    assert record.winners == (1,)


def test_unranked_options_are_below_all_ranked_and_equal_among_themselves() -> None:
    record = count_condorcet(strict(("B", 3), options="ABC"))
    assert record.beat_matrix == ((0, 0, 0), (3, 0, 3), (0, 0, 0))


def test_strict_rankings_can_be_counted_too() -> None:
    profile = profile_of("ranked", ("A", "B"), [(0, 1), (1,), (1, 0)])
    assert count_condorcet(from_strict(profile)).winners == (1,)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (CondorcetRule(quorum=Fraction(3)), "name the default option"),
        (CondorcetRule(majority=(Fraction(1),)), "name the default option"),
        (CondorcetRule(4), "number 5 of 4 options"),
        (CondorcetRule(3, majority=(Fraction(1),)), "1 majority ratios for 3 options"),
        (CondorcetRule(3, quorum=Fraction(-1)), "cannot be below 0"),
        (CondorcetRule(3, majority=(Fraction(0),) * 3), "must be above 0"),
    ],
)
def test_a_rule_that_does_not_fit_the_options_is_refused(rule: CondorcetRule, said: str) -> None:
    with pytest.raises(CountError, match=said):
        count_condorcet(strict(("ABCD", 1)), rule)


def test_without_ballots_there_is_no_winner_but_an_error() -> None:
    with pytest.raises(CountError, match="no ballot"):
        count_condorcet(WeakProfile("empty", ("A", "B"), (), blank=4))


def test_the_worked_example_of_schulze_gives_his_paths_and_his_ranking() -> None:
    # Schulze 2011, example 1: 45 voters, ranking E > A > C > B > D.
    votes = [
        ("ACBED", 5), ("ADECB", 5), ("BEDAC", 8), ("CABED", 3),
        ("CAEBD", 7), ("CBADE", 2), ("DCEBA", 7), ("EBADC", 8),
    ]  # fmt: skip
    record = count_condorcet(strict(*votes, options="ABCDE"))
    ranking = schulze_ranking(record.beat_matrix, range(5))
    assert ranking.strongest_paths == (
        (0, 28, 28, 30, 24),
        (25, 0, 28, 33, 24),
        (25, 29, 0, 29, 24),
        (25, 28, 28, 0, 24),
        (25, 28, 28, 31, 0),
    )
    assert ranking.tiers == ((4,), (0,), (2,), (1,), (3,))
    assert record.winners == (4,)


sizes = st.integers(2, 5)


@st.composite
def weak_profiles(draw: st.DrawFn) -> WeakProfile:
    size = draw(sizes)
    cells = st.lists(st.integers(1, size) | st.none(), min_size=size, max_size=size)
    groups = []
    for ranks in draw(st.lists(cells, min_size=1, max_size=9)):
        used = sorted({rank for rank in ranks if rank is not None})
        tiers = tuple(tuple(o for o, r in enumerate(ranks) if r == rank) for rank in used)
        groups.append(WeakGroup(tiers, draw(st.integers(1, 6))))
    return WeakProfile("random", tuple("ABCDE"[:size]), tuple(groups))


@given(weak_profiles())
def test_schulze_s_best_are_those_who_are_left_by_dropping_defeats(profile: WeakProfile) -> None:
    record = count_condorcet(profile)
    assert schulze_ranking(record.beat_matrix, range(len(profile.candidates))).tiers[0] == record.winners


@given(weak_profiles())
def test_who_beats_everybody_wins_alone(profile: WeakProfile) -> None:
    record = count_condorcet(profile)
    size = len(profile.candidates)
    beats_all = [
        a
        for a in range(size)
        if all(record.beat_matrix[a][b] > record.beat_matrix[b][a] for b in range(size) if b != a)
    ]
    if beats_all:
        assert record.winners == tuple(beats_all)


@given(weak_profiles())
def test_every_cell_of_the_matrix_is_a_count_of_ballots(profile: WeakProfile) -> None:
    record = count_condorcet(profile)

    def rank(tiers: tuple[tuple[int, ...], ...], option: int) -> float:
        return next((place for place, tier in enumerate(tiers) if option in tier), math.inf)

    for a, row in enumerate(record.beat_matrix):
        for b, votes in enumerate(row):
            assert votes == sum(g.count for g in profile.groups if rank(g.tiers, a) < rank(g.tiers, b))


@given(sizes.flatmap(lambda n: st.tuples(st.just(n), st.sets(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))))))
def test_the_schwartz_set_is_the_union_of_the_smallest_sets_that_nobody_outside_beats(
    case: tuple[int, set[tuple[int, int]]],
) -> None:
    size, drawn = case
    defeats = {(a, b) for a, b in drawn if a != b and (b, a) not in drawn}
    unbeaten = [
        set(members)
        for n in range(1, size + 1)
        for members in combinations(range(size), n)
        if not any(a not in members and b in members for a, b in defeats)
    ]
    smallest = [s for s in unbeaten if not any(other < s for other in unbeaten)]
    assert set(schwartz_set(range(size), defeats)) == set().union(*smallest)
