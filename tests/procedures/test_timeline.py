"""Moments become dates as the rules of associations count them, in the zone of the party."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_texts import policy

from stembus_procedures import TimelineError, calendar_text, crossings, dated, timeline
from stembus_procedures.dates import add_days, add_months, add_span, add_span_to_moment, age_on, at_clock
from stembus_procedures.language import Span

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MEETING = {"meeting": date(2021, 7, 24)}


def test_days_before_a_meeting_agree_with_the_published_cases(data_dir: Path) -> None:
    cases = json.loads((data_dir / "decision-rules.json").read_text())["dates"]
    meeting = date.fromisoformat(cases["meeting"])
    for key, days in (("convocation_7_days", 7), ("convocation_14_days", 14), ("statute_text_5_days", 5)):
        assert add_days(meeting, -days) == date.fromisoformat(cases[key]["plain"])
        assert add_days(meeting, -days, clear=True) == date.fromisoformat(cases[key]["clear_days"])
    assert add_days(meeting, -30) == date.fromisoformat(cases["advance_votes_earliest_30_days"])


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2022, 11, 30), 3, date(2023, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2023, 3, 31), -1, date(2023, 2, 28)),
        (date(2023, 12, 15), 13, date(2025, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_months_run_to_the_same_day_or_the_last_there_is(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(-400, 400))
@settings(max_examples=100)
def test_months_never_skip_a_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2006, 5, 1), date(2022, 4, 30), 15),
        (date(2006, 5, 1), date(2022, 5, 1), 16),
        (date(2004, 2, 29), date(2022, 2, 28), 17),
        (date(2004, 2, 29), date(2022, 3, 1), 18),
        (date(2004, 2, 29), date(2024, 2, 29), 20),
    ],
)
def test_age_is_counted_in_whole_years(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@pytest.mark.parametrize(
    ("day", "clock", "in_utc"),
    [
        (date(2024, 7, 1), "17:00", datetime(2024, 7, 1, 15, tzinfo=UTC)),
        (date(2024, 1, 1), "17:00", datetime(2024, 1, 1, 16, tzinfo=UTC)),
        (date(2024, 12, 31), "24:00", datetime(2024, 12, 31, 23, tzinfo=UTC)),
        (date(2024, 10, 27), "02:30", datetime(2024, 10, 27, 1, 30, tzinfo=UTC)),  # comes twice: the second
        (date(2024, 3, 31), "02:30", datetime(2024, 3, 31, 1, 30, tzinfo=UTC)),  # does not come at all
        (date(2024, 10, 27), "24:00", datetime(2024, 10, 27, 23, tzinfo=UTC)),
    ],
)
def test_d1_an_hour_on_the_clock_is_one_moment_also_when_the_clock_changes(
    day: date, clock: str, in_utc: datetime
) -> None:
    assert at_clock(day, clock, AMSTERDAM) == in_utc


def test_a_day_longer_keeps_the_hour_and_an_hour_longer_is_an_hour() -> None:
    evening = at_clock(date(2024, 10, 26), "17:00", AMSTERDAM)
    assert add_span_to_moment(evening, Span(n=1, unit="days"), AMSTERDAM) == at_clock(
        date(2024, 10, 27), "17:00", AMSTERDAM
    )
    night = at_clock(date(2024, 10, 27), "01:30", AMSTERDAM)
    assert (add_span_to_moment(night, Span(n=2, unit="hours"), AMSTERDAM) - night).total_seconds() == 7200


def test_hours_are_no_days() -> None:
    with pytest.raises(ValueError, match="use days or longer"):
        add_span(date(2024, 1, 1), Span(n=2, unit="hours"))


def test_the_calendar_of_the_party_council_is_in_order_and_in_the_partys_zone() -> None:
    calendar = timeline(policy(), MEETING)
    assert [deadline.at for deadline in calendar] == sorted(deadline.at for deadline in calendar)
    at = {deadline.moment: deadline for deadline in calendar}
    assert at["convocation.due"].day == date(2021, 7, 9)
    assert at["convocation.due"].clock == "24:00"
    assert at["convocation.due"].at == datetime(2021, 7, 9, 22, tzinfo=UTC)
    assert at["call.opens"].at == datetime(2021, 5, 1, 7, tzinfo=UTC)
    assert at["convocation.due"].owner == "bestuur"
    assert at["call.closes"].owner == ""
    assert at["channels.post.received_by"].name.en == "postal votes: received at the latest"


def test_what_is_counted_from_a_moved_close_moves_along() -> None:
    later = datetime(2021, 6, 14, 15, tzinfo=UTC)
    plain, moved = dated(policy(), MEETING), dated(policy(), MEETING, {"call.closes": later})
    assert moved["call.closes"] == later
    assert (moved["candidates.acceptance.until"] - plain["candidates.acceptance.until"]).days == 2
    assert moved["vote.opens"] == plain["vote.opens"]


@pytest.mark.parametrize(
    ("anchor", "message"),
    [
        ("metting", r"`call.closes`: counted from `metting`, which is no chosen date \(meeting\)"),
        ("candidates.acceptance.until", "`call.closes`: counted from itself"),
    ],
)
def test_a_moment_that_hangs_on_nothing_or_on_itself_is_told(anchor: str, message: str) -> None:
    wrong = policy(('closes = { anchor = "meeting", days = -42', f'closes = {{ anchor = "{anchor}", days = -42'))
    with pytest.raises(TimelineError, match=message):
        timeline(wrong, MEETING)


def test_a_date_that_was_not_chosen_is_asked_for() -> None:
    with pytest.raises(TimelineError, match=r"No date was given for `meeting` \(the day of the general assembly\)"):
        timeline(policy(), {})


def test_the_shipped_calendar_never_crosses() -> None:
    council = policy()
    for month in range(1, 13):
        assert crossings(council, {"meeting": date(2024, month, 28)}) == ()


def test_moments_in_the_wrong_order_are_named_with_how_far() -> None:
    late = policy(('opens = { anchor = "meeting", days = -27', 'opens = { anchor = "meeting", days = -12'))
    assert [str(crossing) for crossing in crossings(late, MEETING)] == [
        "`roll.objection.opens` is 16 hours after `roll.objection.closes`: a term begins before it ends."
    ]


def test_the_calendar_file_is_folded_escaped_and_stable() -> None:
    council = policy()
    stamp = datetime(2021, 1, 1, 12, tzinfo=UTC)
    text = calendar_text(council, timeline(council, MEETING), stamp=stamp, procedure="raad-2021")
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in lines) <= 75
    assert "UID:raad-2021.vote.opens@partijraad.stembus" in lines
    assert "DTSTART:20210724T090000Z" in lines
    assert text.count("BEGIN:VEVENT") == len(timeline(council, MEETING))
    assert "SUMMARY:Verkiezing van de partijraad: stemming: opent" in lines
    page = "https://stembus.voorbeeldpartij.example/procedures/raad-2021"
    linked = calendar_text(council, timeline(council, MEETING), stamp=stamp, page=page)
    assert linked.count(f"URL:{page}\r\n") == text.count("BEGIN:VEVENT")
    assert text == calendar_text(council, timeline(council, MEETING), stamp=stamp, procedure="raad-2021")


def test_d1_midnight_at_the_end_of_a_day_stands_on_that_day_in_a_calendar() -> None:
    council = policy()
    only = [deadline for deadline in timeline(council, MEETING) if deadline.moment == "convocation.due"]
    text = calendar_text(council, only, stamp=datetime(2021, 1, 1, tzinfo=UTC), language="en")
    assert "DTSTART:20210709T215900Z" in text
    assert "2021-07-09 24:00" in text.replace("\r\n ", "")


def test_long_words_with_accents_are_never_cut_within_a_letter() -> None:
    title = "é" * 60 + ", b; c\\d"
    council = policy(('title = { nl = "Verkiezing van de partijraad"', f"title = {{ nl = '{title}'"))
    text = calendar_text(council, [], stamp=datetime(2021, 1, 1, tzinfo=UTC))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "é" * 60 + "\\, b\\; c\\\\d" in text.replace("\r\n ", "")
