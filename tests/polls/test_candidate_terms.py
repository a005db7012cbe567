"""Terms in a row are counted as the policy waits: a pause long enough begins a new row."""

from datetime import date

import pytest
from msgspec.structs import replace

from stembus_polls.candidates.terms import Served, Term, terms_in_a_row
from stembus_procedures import load_policy
from stembus_procedures.shipped import shipped_policies

POLICY = load_policy(next(file for file in shipped_policies() if file.name == "partijraad.toml").read_text("utf-8"))
assert POLICY.seats is not None
SEATS = POLICY.seats  # terms of two years, two years to wait
ON = date(2026, 6, 23)


def term(*days: str) -> Term:
    starts, ends = (date.fromisoformat(day) if day else None for day in days)
    assert starts is not None
    return Term(starts, ends)


@pytest.mark.parametrize(
    ("held", "served"),
    [
        ([], Served(0, None)),
        ([term("2024-07-01", "2026-07-01")], Served(1, date(2026, 7, 1))),
        ([term("2024-07-01", "")], Served(1, None)),
        (
            [term("2022-07-01", "2024-07-01"), term("2020-07-01", "2022-06-01"), term("2024-07-05", "2026-07-01")],
            Served(3, date(2026, 7, 1)),
        ),
        ([term("2018-07-01", "2020-07-01"), term("2022-07-01", "2024-07-01")], Served(1, date(2024, 7, 1))),
        ([term("2018-07-01", "2020-07-01"), term("2022-06-30", "2024-07-01")], Served(2, date(2024, 7, 1))),
        ([term("2022-07-01", "2024-07-01"), term("2023-01-01", "2023-09-01")], Served(1, date(2024, 7, 1))),
        ([term("2023-01-01", "2023-01-01")], Served(0, None)),
        ([term("2027-01-01", "2029-01-01")], Served(0, None)),
    ],
)
def test_terms_follow_on_one_another_unless_the_pause_was_long_enough(held: list[Term], served: Served) -> None:
    assert terms_in_a_row(SEATS, held, ON) == served


def test_without_a_time_to_wait_a_pause_of_a_whole_term_begins_a_new_row() -> None:
    held = [term("2018-07-01", "2020-07-01"), term("2022-06-30", "2024-07-01")]
    assert terms_in_a_row(replace(SEATS, cooling_off=None), held, ON).terms == 2
    assert terms_in_a_row(replace(SEATS, cooling_off=None), held[:1], ON).terms == 1
