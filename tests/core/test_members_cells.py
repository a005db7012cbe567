"""A cell is read as people and membership systems write it, and never guessed."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stembus.organisation.roll.cells import (
    Cell,
    UnreadableError,
    as_contribution,
    as_day,
    as_yes,
    clean,
    harmless,
    split_full_name,
    split_surname,
)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("1-3-2021", date(2021, 3, 1)),
        ("01-03-2021", date(2021, 3, 1)),
        ("01/03/2021", date(2021, 3, 1)),
        ("1.3.2021", date(2021, 3, 1)),
        ("1 maart 2021", date(2021, 3, 1)),
        ("1 mrt. 2021", date(2021, 3, 1)),
        ("1 March 2021", date(2021, 3, 1)),
        ("2021-03-01", date(2021, 3, 1)),
        ("2021-03-01T00:00:00", date(2021, 3, 1)),
        ("01-03-2021 00:00", date(2021, 3, 1)),
        ("44256", date(2021, 3, 1)),
        (44256.0, date(2021, 3, 1)),
        (datetime(2021, 3, 1, 12), date(2021, 3, 1)),  # noqa: DTZ001 - a spreadsheet knows no zone
        ("29-2-2024", date(2024, 2, 29)),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_read_in_every_form_that_exports_use(cell: Cell, day: date | None) -> None:
    assert as_day(cell) == day


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1-3-21", "four digits"),
        ("03/25/2021", "day that exists"),
        ("29-2-2023", "day that exists"),
        ("1985", "only a year"),
        (1985.0, "only a year"),
        ("gisteren", "a day"),
        ("1 smaart 2021", "day that exists"),
        (True, "a day"),
        ("999999", "a day"),
    ],
)
def test_a_day_that_could_mean_several_is_not_guessed(cell: Cell, expected: str) -> None:
    with pytest.raises(UnreadableError, match=expected):
        as_day(cell)


@given(st.dates(date(1910, 1, 1), date(2090, 1, 1)))
def test_every_day_survives_in_dutch_in_iso_and_as_a_serial_number(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert as_day(f"{day.day}-{day.month}-{day.year}") == as_day(day.isoformat()) == as_day(float(serial)) == day


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  Anna\u00a0 Maria ", "Anna Maria"),
        ("Joe\u0308lle", "Jo\u00eblle"),
        ("\u200bJan\ufeff", "Jan"),
        ('="00123"', "00123"),
        ("'+31612345678", "+31612345678"),
        ("'t Hart", "'t Hart"),
        (123.0, "123"),
        ("Jan\nPiet", "Jan Piet"),
        (None, ""),
    ],
)
def test_text_loses_what_cannot_be_seen_and_keeps_what_was_written(cell: Cell, text: str) -> None:
    assert clean(cell) == text


@given(st.text(max_size=30))
def test_cleaning_twice_is_cleaning_once_and_output_never_computes(text: str) -> None:
    once = clean(text)
    assert clean(harmless(once)) == once or once.startswith("'")
    assert not harmless(once).startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    ("surname", "own_column", "expected"),
    [
        ("van der Berg", "", ("van der", "Berg")),
        ("Berg", "van der", ("van der", "Berg")),
        ("van der Berg", "van der", ("van der", "Berg")),
        ("Berg, van der", "", ("van der", "Berg")),
        ("Van den Broek", "", ("Van den", "Broek")),
        ("'t Hart", "", ("'t", "Hart")),
        ("de Vries-van Dijk", "", ("de", "Vries-van Dijk")),
        ("Le", "", ("", "Le")),
        ("Öztürk", "", ("", "Öztürk")),
    ],
)
def test_a_particle_is_found_wherever_it_stands(surname: str, own_column: str, expected: tuple[str, str]) -> None:
    assert split_surname(surname, own_column) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Jan van der Berg", ("Jan", "van der", "Berg")),
        ("Berg, Jan van der", ("Jan", "van der", "Berg")),
        ("Vries, Anna Maria de", ("Anna Maria", "de", "Vries")),
        ("Anna Jansen", ("Anna", "", "Jansen")),
        ("Jansen", ("", "", "Jansen")),
    ],
)
def test_a_whole_name_is_split_where_the_particle_is(name: str, expected: tuple[str, str, str]) -> None:
    assert split_full_name(name) == expected


def test_yes_and_no_are_read_in_two_languages_and_nothing_else_is() -> None:
    assert [as_yes(cell) for cell in ("Ja", "YES", "x", True, 1.0)] == [True] * 5
    assert [as_yes(cell) for cell in ("nee", "No", "", None, False, 0.0)] == [False] * 6
    with pytest.raises(UnreadableError):
        as_yes("misschien")


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("Betaald", "paid"),
        ("niet betaald", "unpaid"),
        ("regeling", "by_arrangement"),
        ("vrijgesteld", "waived"),
        ("", None),
    ],
)
def test_a_contribution_is_read_as_membership_systems_call_it(cell: str, state: str | None) -> None:
    assert as_contribution(cell) == state
