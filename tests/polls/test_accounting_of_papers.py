"""The numbers of papers meet, or each difference is named and waits for an explanation."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict

from stembus_polls.paper.accounting import CHECKS, PaperNumbers, account, checks

GOOD = PaperNumbers(
    printed=700,
    issued=412,
    posted=50,
    unused=238,
    spoiled=9,
    taken=2,
    in_box=401,
    postal_in_box=36,
    strike_offs=403,
    postal_received=40,
    postal_accepted=36,
    postal_refused=4,
    postal_strike_offs=36,
)


def numbers(**changes: int) -> PaperNumbers:
    return PaperNumbers(**{**asdict(GOOD), **changes})


def test_numbers_that_meet_have_no_difference() -> None:
    assert account(GOOD).settled
    assert account(GOOD).differences == ()
    assert GOOD.papers == 437


@pytest.mark.parametrize(
    ("changes", "differing"),
    [
        ({"printed": 699}, ["printed"]),
        ({"unused": 239}, ["printed"]),
        ({"posted": 51}, ["printed"]),
        ({"in_box": 400}, ["issued", "strike_offs"]),
        ({"in_box": 402}, ["issued", "strike_offs"]),
        ({"taken": 0}, ["issued", "strike_offs"]),
        ({"spoiled": 8}, ["issued", "box"]),
        ({"strike_offs": 404}, ["box", "strike_offs"]),
        ({"postal_received": 41}, ["postal"]),
        ({"postal_strike_offs": 37}, ["postal_strike_offs"]),
        ({"postal_in_box": 35}, ["counted"]),
    ],
)
def test_each_number_that_is_off_shows_in_the_checks_it_belongs_to(
    changes: dict[str, int], differing: list[str]
) -> None:
    verdict = account(numbers(**changes))
    assert [difference.check for difference in verdict.differences] == differing
    assert not verdict.settled


def test_a_difference_is_settled_by_an_explanation_and_by_nothing_less() -> None:
    verdict = account(numbers(postal_in_box=35), {"counted": "one envelope was empty"})
    assert verdict.settled
    assert verdict.differences[0].explanation == "one envelope was empty"
    assert not account(numbers(postal_in_box=35), {"counted": "  "}).settled
    assert not account(numbers(postal_in_box=35), {"printed": "the wrong one"}).settled


amounts: Any = st.fixed_dictionaries({name: st.integers(0, 50) for name in asdict(GOOD)})


@given(amounts)
def test_the_verdict_is_settled_exactly_when_every_pair_is_equal(values: dict[str, int]) -> None:
    these = PaperNumbers(**values)
    unequal = {check for check, expected, found, _ in checks(these) if expected != found}
    verdict = account(these)
    assert {difference.check for difference in verdict.differences} == unequal
    assert account(these, dict.fromkeys(CHECKS, "known")).settled
    assert verdict.settled == (not unequal)


@given(st.integers(0, 500), st.integers(0, 20), st.integers(0, 20), st.integers(0, 60), st.integers(0, 30))
def test_a_vote_in_which_nothing_went_wrong_always_adds_up(
    voters: int, replaced: int, taken: int, by_post: int, refused: int
) -> None:
    replaced, taken = min(replaced, voters), min(taken, voters)
    honest = PaperNumbers(
        printed=2000,
        issued=voters + replaced,
        posted=by_post,
        unused=2000 - voters - replaced - by_post,
        spoiled=replaced,
        taken=taken,
        in_box=voters - taken,
        postal_in_box=by_post,
        strike_offs=voters,
        postal_received=by_post + refused,
        postal_accepted=by_post,
        postal_refused=refused,
        postal_strike_offs=by_post,
    )
    assert account(honest).differences == ()
    assert honest.papers == voters - taken + by_post
