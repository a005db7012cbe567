"""Constraints are met whenever they can be, and said to be impossible before any ballot is looked at."""

from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from small_elections import constrained_elections, profile_of_election

from stembus_ballots.constraints import (
    Constraint,
    Constraints,
    check_nominations,
    parse_constraints,
    read_constraints,
)
from stembus_ballots.errors import BallotFileError, CountError
from stembus_ballots.feasibility import Sum, conflict, feasible
from stembus_ballots.irv import count_irv
from stembus_ballots.lots import Lots
from stembus_ballots.profile import profile_of
from stembus_ballots.record import Limit, Unconstrained
from stembus_ballots.scottish import count_scottish

WOMEN = Constraints(
    categories={"gender": {"woman": (0, 1), "man": (2, 3, 4)}},
    constraints=(Constraint(category="gender", value="woman", min=1),),
)


@st.composite
def feasibility_questions(draw: st.DrawFn) -> tuple[list[int], list[int], list[Sum]]:
    groups = draw(st.integers(1, 5))
    low = [draw(st.integers(0, 2)) for _ in range(groups)]
    high = [bottom + draw(st.integers(-1, 2)) for bottom in low]
    sums = []
    for _ in range(draw(st.integers(0, 4))):
        bottom = draw(st.integers(0, 5))
        members = frozenset(draw(st.sets(st.integers(0, groups - 1))))
        sums.append(Sum(members, bottom, bottom + draw(st.integers(0, 2))))
    return low, high, sums


def listed(low: list[int], high: list[int], sums: list[Sum]) -> bool:
    return any(
        all(limit.low <= sum(numbers[g] for g in limit.members) <= limit.high for limit in sums)
        for numbers in product(*(range(bottom, top + 1) for bottom, top in zip(low, high, strict=True)))
    )


@given(feasibility_questions())
@settings(max_examples=300)
def test_feasibility_is_what_listing_every_possibility_finds(question: tuple[list[int], list[int], list[Sum]]) -> None:
    low, high, sums = question
    assert feasible(low, high, sums) == listed(low, high, sums)
    if not feasible(low, high, sums):
        needed = conflict(low, high, sums)
        assert not listed(low, high, [sums[place] for place in needed])
        if listed(low, high, []):
            for left_out in needed:
                assert listed(low, high, [sums[place] for place in needed if place != left_out])


@given(st.data())
@settings(max_examples=200)
def test_nominations_are_possible_exactly_when_some_set_of_candidates_conforms(data: st.DataObject) -> None:
    election, constraints, accepts = data.draw(constrained_elections())
    verdict = check_nominations(constraints, election.seats, election.candidates)
    sets = combinations(range(election.candidates), election.seats)
    assert verdict.feasible == any(accepts(frozenset(elected)) for elected in sets)
    assert verdict.feasible == (not verdict.reasons)
    if not verdict.feasible:
        with pytest.raises(CountError, match="constraints cannot be met"):
            count_scottish(profile_of_election(election), constraints=constraints)


@given(st.data())
@settings(max_examples=150)
def test_what_is_elected_conforms_and_the_record_keeps_the_result_without(data: st.DataObject) -> None:
    election, constraints, accepts = data.draw(constrained_elections())
    assume(check_nominations(constraints, election.seats, election.candidates).feasible)
    lots = Lots(order=election.lot_order)
    profile = profile_of_election(election)
    record = count_scottish(profile, lots=lots, constraints=constraints)
    free = count_scottish(profile, lots=lots)
    assert accepts(frozenset(record.elected))
    assert record.unconstrained == Unconstrained(elected=free.elected)
    if accepts(frozenset(free.elected)) and not any(stage.constraint_effects for stage in record.stages):
        assert record.stages == free.stages


def test_too_few_nominations_are_reported_with_the_numbers_before_any_ballot_is_opened() -> None:
    constraints = Constraints(
        categories={"gender": {"woman": (0,), "man": (1, 2, 3)}},
        constraints=(Constraint(category="gender", value="woman", min=2),),
    )
    verdict = check_nominations(constraints, 3, 4)
    assert verdict.conflicting == (Limit("gender", "woman", elected=0, continuing=1, min=2, max=3),)
    assert verdict.reasons == ("gender = woman: at least 2 and at most 3 of 3 elected, and 1 candidates are standing",)
    with pytest.raises(CountError, match="at least 2"):
        count_scottish(profile_of("Without ballots", "ABCD", [], seats=3), constraints=constraints)


def test_limits_that_are_impossible_only_together_are_named_together() -> None:
    constraints = Constraints(
        categories={"gender": {"woman": (0, 1), "man": (2, 3)}, "region": {"north": (0, 1), "south": (2, 3)}},
        constraints=(
            Constraint(category="gender", value="woman", min=2),
            Constraint(category="gender", value="man", max=2),
            Constraint(category="region", value="north", max=1),
        ),
    )
    verdict = check_nominations(constraints, 2, 4)
    assert [(limit.category, limit.value) for limit in verdict.conflicting] == [
        ("gender", "woman"),
        ("region", "north"),
    ]
    assert verdict.reasons[0] == "these 2 cannot be met together:"


def test_a_withdrawal_can_make_the_nominations_impossible() -> None:
    assert check_nominations(WOMEN, 2, 5).feasible
    assert check_nominations(WOMEN, 2, 5, withdrawn=(0,)).feasible
    assert not check_nominations(WOMEN, 2, 5, withdrawn=(0, 1)).feasible


def test_the_last_woman_is_guarded_and_once_men_are_full_they_are_doomed() -> None:
    ballots = [(2,)] * 10 + [(3, 4)] * 8 + [(4, 3)] * 6 + [(0, 1)] * 2 + [(1, 0)] * 3
    record = count_scottish(profile_of("Test", "VWXYZ", ballots, seats=2), constraints=WOMEN)
    assert record.quota == 10
    assert set(record.elected) == {2, 1}
    assert record.constraints == (Limit("gender", "woman", elected=1, continuing=0, min=1, max=2),)
    assert record.unconstrained == Unconstrained(elected=(2, 3))
    doomed = record.stages[0].constraint_effects[0]
    assert (doomed.effect, doomed.candidates) == ("doomed", (3, 4))
    assert {(limit.category, limit.elected, limit.min, limit.max) for limit in doomed.because} == {
        ("gender", 0, 1, 2),
        ("seats", 1, 2, 2),
    }
    assert [(stage.candidate, stage.reason) for stage in record.stages[1:]] == [
        (4, "doomed"),
        (3, "doomed"),
        (0, "fewest"),
    ]


def test_who_has_a_quota_but_is_over_the_maximum_is_excluded_with_the_whole_vote() -> None:
    """The corner that Hill's article leaves open: two reach the quota in one stage where only one may be elected."""
    constraints = Constraints(
        categories={"branch": {"north": (0, 1)}},
        constraints=(Constraint(category="branch", value="north", max=1),),
    )
    ballots = [(0,)] * 12 + [(1, 2)] * 11 + [(2,)] * 4 + [(3,)] * 5
    record = count_scottish(profile_of("Test", "ABCD", ballots, seats=2), constraints=constraints)
    assert record.quota == 11
    assert record.stages[0].elected == (0,)
    doomed = record.stages[0].constraint_effects[0]
    assert doomed.candidates == (1,)
    assert doomed.because == (Limit("branch", "north", elected=1, continuing=1, min=0, max=1),)
    second = record.stages[1]
    assert (second.action, second.candidate, second.reason) == ("exclude", 1, "doomed")
    assert second.votes == ("12.00000", "0.00000", "15.00000", "5.00000")
    assert record.elected == (0, 2)


def test_equal_votes_at_that_corner_go_to_the_lot_drawn_first_who_is_elected() -> None:
    constraints = Constraints(
        categories={"branch": {"north": (0, 1)}},
        constraints=(Constraint(category="branch", value="north", max=1),),
    )
    ballots = [(0,)] * 11 + [(1, 2)] * 11 + [(2,)] * 4 + [(3,)] * 5
    record = count_scottish(
        profile_of("Test", "ABCD", ballots, seats=2), lots=Lots(order=(1, 0, 2, 3)), constraints=constraints
    )
    assert record.stages[0].elected == (1,)
    assert (record.lots[0].for_, record.lots[0].tied, record.lots[0].drawn) == ("elect", (0, 1), 1)


def test_the_result_without_constraints_may_need_a_lot_that_the_count_does_not() -> None:
    ballots = [(0,)] * 5 + [(1,)] * 4 + [(2,)] * 3 + [(3,)] * 3
    constraints = Constraints(
        categories={"list": {"a": (0, 1), "b": (2, 3)}},
        constraints=(Constraint(category="list", value="b", min=2),),
    )
    record = count_scottish(profile_of("Test", "ABCD", ballots, seats=2), constraints=constraints)
    assert set(record.elected) == {2, 3}
    assert record.unconstrained is not None
    assert "A lot is needed" in (record.unconstrained.needs_lot or "")


def test_one_seat_can_be_constrained_too() -> None:
    record = count_irv(
        profile_of("Test", "VWXYZ", [(2,)] * 9 + [(1,)] * 2 + [(0,), (3,), (3,), (3,), (4,)]), constraints=WOMEN
    )
    assert record.elected == (1,)


TOML = """
[categories.gender]
woman = [0, 2]
man = [1]
[[constraints]]
category = "gender"
value = "woman"
min = 1
"""


def test_a_constraints_file_is_toml_or_json(tmp_path: Path) -> None:

    toml = tmp_path / "rule.toml"
    toml.write_text(TOML, encoding="utf-8")
    expected = Constraints(
        categories={"gender": {"woman": (0, 2), "man": (1,)}},
        constraints=(Constraint(category="gender", value="woman", min=1),),
    )
    assert read_constraints(toml) == expected
    json = toml.with_suffix(".json")
    json.write_text(
        '{"categories": {"gender": {"woman": [0, 2], "man": [1]}},'
        ' "constraints": [{"category": "gender", "value": "woman", "min": 1}]}',
        encoding="utf-8",
    )
    assert read_constraints(json) == expected
    with pytest.raises(BallotFileError, match="No such file"):
        read_constraints(toml.with_name("other.toml"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("min = 1", "minimum = 1", r"unknown field `minimum`.*constraints"),
        ("min = 1", 'min = "1"', r"Expected `int`, got `str` - at `\$\.constraints\[0\]\.min`"),
        ("min = 1", "min = -1", "min -1"),
        ("min = 1", "min = 3\nmax = 2", "min 3 and max 2 leave no number"),
        ('value = "woman"', 'value = "vrouw"', "no value “vrouw”; its values are: woman, man"),
        ('category = "gender"', 'category = "sex"', "no category “sex”; the categories are: gender"),
        ("man = [1]", "man = [1, 2]", "candidate 2 stands twice in category “gender”"),
        ("man = [1]", "man = [1", "rule.toml"),
        ("min = 1", 'min = 1\n[[constraints]]\ncategory = "gender"\nvalue = "woman"', "constrained twice"),
    ],
)
def test_a_wrong_constraints_file_is_refused_with_the_key_that_is_wrong(old: str, new: str, words: str) -> None:
    with pytest.raises(BallotFileError, match=f"(?s)rule.toml.*{words}|{words}") as refused:
        parse_constraints(TOML.replace(old, new), "rule.toml")
    assert "\n" not in str(refused.value)


def test_constraints_on_a_candidate_who_does_not_exist_are_refused() -> None:
    with pytest.raises(CountError, match="names candidate 3, but there are 3 candidates"):
        check_nominations(WOMEN, 2, 3)
