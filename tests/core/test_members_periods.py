"""What held for a member on a day is never lost when something else holds later."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from stembus.organisation.periods import Periods, set_from, value_on

FIRST = date(2026, 1, 1)
days = st.integers(0, 40).map(lambda n: FIRST + timedelta(days=n))
values = st.sampled_from(["Utrecht", "Amsterdam", None])
steps = st.lists(st.tuples(days, values), max_size=8)


def built(told: list[tuple[date, str | None]]) -> Periods:
    periods: Periods = ()
    for day, value in told:
        periods = set_from(periods, "branch", value, day)
    return periods


@given(steps, days, values, days)
def test_only_the_days_from_then_on_change(
    told: list[tuple[date, str | None]], day: date, value: str | None, asked: date
) -> None:
    before = built(told)
    after = set_from(before, "branch", value, day)
    assert value_on(after, "branch", asked) == (value if asked >= day else value_on(before, "branch", asked))


@given(steps, days, values)
def test_telling_it_twice_changes_nothing(told: list[tuple[date, str | None]], day: date, value: str | None) -> None:
    once = set_from(built(told), "branch", value, day)
    assert set_from(once, "branch", value, day) == once


@given(steps)
def test_periods_of_one_kind_never_overlap_and_never_say_the_same_twice(told: list[tuple[date, str | None]]) -> None:
    periods = built(told)
    for one, following in pairwise(periods):
        assert one.ends is not None
        assert one.starts < one.ends <= following.starts
        assert one.ends < following.starts or one.value != following.value


def test_other_kinds_are_left_alone() -> None:
    periods = set_from(built([(FIRST, "Utrecht")]), "contribution", "paid", FIRST)
    assert value_on(set_from(periods, "branch", None, FIRST), "contribution", FIRST) == "paid"
