"""pyrankvote is heard as a second opinion: it agrees, it differs, or it cannot say, and chance never decides."""

import json
import random
from pathlib import Path

import pyrankvote
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrankvote import helpers

from stembus_ballots.blt import read_blt
from stembus_ballots.constraints import Constraint, Constraints
from stembus_ballots.lots import Lots
from stembus_ballots.profile import Profile, profile_of
from stembus_ballots.scottish import count_scottish
from stembus_polls import cross_check as module
from stembus_polls.cross_check import Agrees, CrossCheck, Differs, NotApplicable, cross_check


def check(profile: Profile, seats: int) -> CrossCheck:
    order = tuple(range(len(profile.candidates)))
    return cross_check(profile, count_scottish(profile, seats, lots=Lots(order=order)))


def ballots(*groups: tuple[str, int], names: str = "AXYZ", withdrawn: tuple[int, ...] = ()) -> Profile:
    rankings = [[names.index(name) for name in order] for order, count in groups for _ in range(count)]
    return profile_of("constructed", tuple(names), rankings, withdrawn=withdrawn)


MIXED_VALUES = ballots(("AXZ", 45), ("XY", 6), ("Y", 32), ("Z", 25))


@pytest.mark.full_data
def test_on_real_wards_it_says_what_pyrankvote_is_known_to_elect(data_dir: Path) -> None:
    entries = json.loads((data_dir / "elections" / "expected.json").read_text())
    verdicts = []
    for entry in entries:
        known = entry.get("other_rules", {}).get("pyrankvote_2_0_6")
        if known is None or entry["rule"] != "scottish-stv":
            continue
        profile = read_blt(data_dir / "elections" / entry["file"])
        verdict = cross_check(profile, count_scottish(profile))
        verdicts.append(type(verdict))
        match verdict:
            case Agrees(elected):
                assert list(elected) == known == sorted(entry["computed"]["elected"]), entry["id"]
            case Differs(elected, theirs):
                assert (list(theirs), list(elected)) == (known, sorted(entry["computed"]["elected"])), entry["id"]
            case NotApplicable(why):
                assert (why, entry["id"]) == ("tie", "renfrewshire_2017_ward3")
    assert verdicts.count(Agrees) >= 20
    assert verdicts.count(Differs) == 5


def test_where_averaging_changes_the_result_it_shows_both_sets() -> None:
    assert check(MIXED_VALUES, 2) == Differs(elected=(0, 2), pyrankvote=(0, 3))


def test_with_one_seat_and_no_tie_it_agrees() -> None:
    assert check(ballots(("AX", 5), ("XA", 4), ("YX", 2)), 1) == Agrees((1,))


def test_candidates_of_one_name_are_not_merged() -> None:
    profile = profile_of("same", ("Jan Bos", "Jan Bos", "Kim"), [(0,)] * 5 + [(1, 2)] * 4 + [(2, 1)] * 3)
    assert check(profile, 1) == Agrees((1,))


def test_withdrawn_candidates_are_struck_there_too() -> None:
    assert check(ballots(("AX", 9), ("XY", 3), ("Y", 5), withdrawn=(0,)), 1) == Agrees((1,))


@pytest.mark.parametrize(
    ("profile", "seats", "why"),
    [
        (ballots(("A", 9), ("X", 3), ("Y", 3), ("Z", 8)), 1, "lot"),
        (ballots(("AY", 8), ("ZY", 9), ("XY", 2), ("YX", 3), ("XZ", 1)), 4, "uncontested"),
    ],
)
def test_it_does_not_apply(profile: Profile, seats: int, why: str) -> None:
    found = check(profile, seats)
    assert isinstance(found, NotApplicable)
    assert found.why == why


def test_it_does_not_apply_under_constraints() -> None:
    constraints = Constraints({"team": {"red": (1, 2)}}, (Constraint("team", "red", min=1),))
    record = count_scottish(MIXED_VALUES, 2, constraints=constraints)
    assert cross_check(MIXED_VALUES, record) == NotApplicable("constraints")


def test_a_draw_inside_pyrankvote_makes_it_not_applicable_and_leaves_the_generator_alone() -> None:
    # Two hopeless candidates with equal votes: one quota ends our count at once, pyrankvote sorts them by chance.
    profile = ballots(("A", 9), ("X", 1), ("Y", 1))
    before = random.getstate()
    assert check(profile, 1) == NotApplicable("chance")
    assert random.getstate() == before
    assert helpers.random is random


@pytest.mark.parametrize("error", [RuntimeError("Illegal state"), RecursionError("deep"), KeyError(3)])
def test_what_breaks_in_pyrankvote_is_named_and_breaks_nothing(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(pyrankvote, "single_transferable_vote", broken)
    found = check(MIXED_VALUES, 2)
    assert isinstance(found, NotApplicable)
    assert found.why == "broke_off"
    assert type(error).__name__ in found.detail
    assert helpers.random is random


def test_a_count_too_large_for_it_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WORK", 108 * 16 - 1)
    assert check(MIXED_VALUES, 2) == NotApplicable("too_large", "108 ballots, 4 candidates")


@settings(max_examples=60)
@given(st.lists(st.permutations(range(4)).flatmap(lambda p: st.integers(1, 4).map(lambda n: p[:n])), min_size=9))
def test_with_one_seat_it_never_differs(rankings: list[list[int]]) -> None:
    found = check(profile_of("random", tuple("ABCD"), rankings), 1)
    assert not isinstance(found, Differs)
