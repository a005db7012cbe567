"""From when until when somebody serves: the first day, the end of the term, and the groups that leave in turn. Pure.

An end is the first day no longer; the last day is the day before.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from stembus_procedures.dates import add_months, add_span
from stembus_procedures.language.bodies import Seats, Staggering
from stembus_procedures.language.values import Span

DAY = timedelta(days=1)


class Days(Struct, frozen=True):
    """The first day in a seat, and the end of its term."""

    starts: date
    ends: date


def elected_days(seats: Seats, *, result: date, today: date, constitution: date, group: int | None = None) -> Days:
    """Return the days of somebody elected who takes the seat today.

    The term counts from the result, from today, or from the first meeting of the body, as the policy says; nobody
    sits before today. `group` is the group, from 1, that leaves in turn the first time.
    """
    begins = {"on_result": result, "on_acceptance": today, "on_constitution": constitution}[seats.starts]
    ends = add_span(begins, seats.term)
    if group is not None and seats.staggering is not None:
        ends = earlier(ends, seats.staggering, seats.staggering.groups - group)
    return Days(max(begins, today), ends)


def successor_days(seats: Seats, *, today: date, left_on: date, predecessor_ends: date) -> Days:
    """Return the days of somebody who succeeds: from the day after the predecessor's last, not before today."""
    starts = max(today, left_on + DAY)
    rest = seats.vacancy is None or seats.vacancy.term_ends_with_predecessor
    return Days(starts, predecessor_ends if rest else add_span(starts, seats.term))


def earlier(end: date, staggering: Staggering, times: int) -> date:
    """Return an end so many times `every` earlier."""
    return _back(end, staggering.every, times)


def groups_by_order(places: Sequence[tuple[str, int]], groups: int) -> dict[tuple[str, int], int]:
    """Return the group of each place, given in the order of leaving: group 1 leaves first.

    The groups are as even as can be; where they cannot be even, those that leave first are the smaller ones.
    """
    size, larger = divmod(len(places), groups)
    found: dict[tuple[str, int], int] = {}
    at = 0
    for group in range(1, groups + 1):
        take = size + (group > groups - larger)
        found.update(dict.fromkeys(places[at : at + take], group))
        at += take
    return found


def _back(day: date, span: Span, times: int) -> date:
    match span.unit:
        case "days":
            return day - timedelta(days=span.n * times)
        case "weeks":
            return day - timedelta(weeks=span.n * times)
        case "months":
            return add_months(day, -span.n * times)
        case "years":
            return add_months(day, -12 * span.n * times)
        case _:
            raise ValueError(f"Groups cannot leave {span.n} {span.unit} after one another; use days or longer.")
