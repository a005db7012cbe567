"""Arithmetic with days, months and ages as Dutch rules of association use them."""

import calendar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from .language.values import Span

SAMPLE_DAYS = (
    date(2023, 1, 31),
    date(2023, 3, 1),
    date(2023, 3, 27),
    date(2023, 11, 30),
    date(2024, 2, 29),
    date(2024, 8, 30),
    date(2024, 10, 28),
)
"""Ends of months, a leap day, and the days after the clock changes: where calendars go wrong."""


def add_months(day: date, months: int) -> date:
    """The same day number so many months on, or the last day of that month: 30 November + 3 is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_days(day: date, days: int, *, clear: bool = False) -> date:
    """The day so many days on, or back when negative.

    With `clear` only full days in between count, so the day lies one further away: fourteen clear days before
    24 July is 9 July, not 10 July.
    """
    further = (days > 0) - (days < 0) if clear else 0
    return day + timedelta(days=days + further)


def add_span(day: date, span: Span) -> date:
    """The day on which a span that begins on `day` has passed. Raises ValueError for hours and minutes."""
    match span.unit:
        case "days":
            return day + timedelta(days=span.n)
        case "weeks":
            return day + timedelta(weeks=span.n)
        case "months":
            return add_months(day, span.n)
        case "years":
            return add_months(day, 12 * span.n)
        case _:
            raise ValueError(f"A span of {span.n} {span.unit} cannot be counted in days; use days or longer.")


def add_span_to_moment(moment: datetime, span: Span, zone: ZoneInfo) -> datetime:
    """A moment one span later, in UTC. Hours and minutes are real time; days and longer keep the hour on the clock."""
    if span.unit in {"hours", "minutes"}:
        minutes = span.n * (60 if span.unit == "hours" else 1)
        return moment.astimezone(UTC) + timedelta(minutes=minutes)
    local = moment.astimezone(zone)
    return at_clock(add_span(local.date(), span), f"{local:%H:%M}", zone)


def age_on(born: date, day: date) -> int:
    """Age in whole years on a day. Who was born on 29 February grows older on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def at_clock(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """An hour ("00:00" to "24:00") on a day in a zone, as an aware moment in UTC.

    In UTC, because Python compares two moments of one zone by their clocks and forgets when the clock changed.
    In the night that the clock goes back an hour comes twice: the second one is meant, so that nobody is late.
    In the night that it goes forward an hour is missing: it is read on the clock that was not yet changed.
    """
    hour, minute = int(clock[:2]), int(clock[3:])
    if hour == 24:
        day, hour = day + timedelta(days=1), 0
    naive = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - the zone follows on the next line
    second = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if second.astimezone(zone).replace(tzinfo=None, fold=0) == naive:
        return second
    return naive.replace(tzinfo=zone, fold=0).astimezone(UTC)


def on_the_clock(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as the clock in a zone shows it, for a message."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def end_on_the_clock(moment: datetime, zone: ZoneInfo) -> str:
    """A moment at which something ends, as people write it: midnight is 24:00 of the day that ends."""
    local = moment.astimezone(zone)
    if (local.hour, local.minute) == (0, 0):
        return f"{local.date() - timedelta(days=1)} 24:00"
    return on_the_clock(moment, zone)
