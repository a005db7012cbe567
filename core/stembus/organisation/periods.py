"""What held from which day until which day: one mechanism for everything about a member that changes with time."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec

PeriodKind = Literal["contribution", "branch", "abroad", "suspended", "email_consent", "left"]
"""What changes with time. The last four are either there (value "yes") or not."""

CONTRIBUTION = ("paid", "reduced", "waived", "by_arrangement", "unpaid")
"""The states of the contribution."""
YES = "yes"


class Period(msgspec.Struct, frozen=True, array_like=True, gc=False, order=True):
    """`value` holds for `kind` on each day from `starts`, up to but not on `ends`; None: with no end known."""

    kind: PeriodKind
    starts: date
    ends: date | None
    value: str


Periods = tuple[Period, ...]


def value_on(periods: Sequence[Period], kind: PeriodKind, day: date) -> str | None:
    """Return what held for `kind` on `day`, or None."""
    period = period_on(periods, kind, day)
    return None if period is None else period.value


def period_on(periods: Sequence[Period], kind: PeriodKind, day: date) -> Period | None:
    """Return the period of `kind` that `day` lies in, or None."""
    for period in periods:
        if period.kind == kind and period.starts <= day and (period.ends is None or day < period.ends):
            return period
    return None


def set_from(periods: Periods, kind: PeriodKind, value: str | None, day: date) -> Periods:
    """Return the periods with `value` for `kind` from `day` on (None: nothing), and the days before as they were.

    Periods of one kind never overlap, and two that touch differ in value. Doing it twice changes nothing more.
    """
    kept = [period for period in periods if period.kind != kind]
    earlier: Period | None = None
    for period in sorted(period for period in periods if period.kind == kind and period.starts < day):
        is_cut = period.ends is None or period.ends > day
        earlier = msgspec.structs.replace(period, ends=day) if is_cut else period
        kept.append(earlier)
    if value is not None:
        if earlier is not None and earlier.value == value and earlier.ends == day:
            kept[-1] = msgspec.structs.replace(earlier, ends=None)
        else:
            kept.append(Period(kind, day, None, value))
    return tuple(sorted(kept, key=_place))


def _place(period: Period) -> tuple[str, date]:
    return period.kind, period.starts
