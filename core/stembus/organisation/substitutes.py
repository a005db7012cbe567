"""Who sits where now, until when, who is absent and who stands in: for the pages about bodies."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import msgspec
from sqlmodel import Session, select

from stembus.organisation.authority import all_seats
from stembus.organisation.bodies import BOOTSTRAP
from stembus.organisation.mandate import Absence, HeldSeat, acting, runs
from stembus.organisation.tables import SeatAbsence

SOON = timedelta(weeks=8)
"""A term that ends within this has to be thought of now: calling, electing and appointing take that long."""


class SittingNow(msgspec.Struct, frozen=True, kw_only=True):
    """A seat that runs today or begins later.

    `absent_until` is the last day of the absence that runs (`is_absent` without one: with no end known); `deputies`
    stand in for it, and `acts` says whether the seat gives its holder power today.
    """

    seat: HeldSeat
    acts: bool
    is_absent: bool
    absent_until: date | None
    next_absence: Absence | None
    deputies: tuple[HeldSeat, ...]
    stands_in_for: HeldSeat | None

    @property
    def last_day(self) -> date | None:
        """The last day of the term."""
        return None if self.seat.ends is None else self.seat.ends - timedelta(days=1)

    @property
    def is_uncovered(self) -> bool:
        """Whether the holder is absent and nobody stands in."""
        return self.is_absent and not self.deputies


def sittings(session: Session, day: date) -> list[SittingNow]:
    """Return every seat that runs on `day` or begins later, by body, office and first day."""
    absences = [Absence(row.seat_id, row.starts, row.ends) for row in session.exec(select(SeatAbsence))]
    return sittings_on(all_seats(session), absences, day)


def sittings_on(seats: Sequence[HeldSeat], absences: Sequence[Absence], day: date) -> list[SittingNow]:
    """The same as a rule over seats and absences."""
    by_id = {seat.seat_id: seat for seat in seats}
    powerful = {seat.seat_id for seat in acting(seats, absences, day)}
    found = []
    for seat in seats:
        is_over = seat.ends is not None and seat.ends <= day
        if is_over or seat.is_void or (seat.body == BOOTSTRAP and seat.seat_id not in powerful):
            continue
        own = [one for one in absences if one.seat_id == seat.seat_id]
        now = next((one for one in own if runs(one.starts, one.ends, day)), None)
        later = sorted((one for one in own if one.starts > day), key=lambda one: one.starts)
        found.append(
            SittingNow(
                seat=seat,
                acts=seat.seat_id in powerful,
                is_absent=now is not None,
                absent_until=None if now is None or now.ends is None else now.ends - timedelta(days=1),
                next_absence=later[0] if later else None,
                deputies=tuple(one for one in seats if one.deputy_for == seat.seat_id and one.seat_id in powerful),
                stands_in_for=by_id.get(seat.deputy_for) if seat.deputy_for else None,
            )
        )
    return sorted(found, key=lambda one: (one.seat.body, one.seat.office, one.seat.starts, one.seat.number))


def ends_soon(seats: Iterable[SittingNow], day: date, within: timedelta = SOON) -> list[SittingNow]:
    """Return the seats whose term ends within so long, the first to end first."""
    return soonest_first(one for one in seats if one.last_day is not None and one.last_day <= day + within)


def soonest_first(seats: Iterable[SittingNow]) -> list[SittingNow]:
    """Return seats by the last day of their term; those with no end come last."""
    return sorted(seats, key=lambda one: (one.last_day or date.max, one.seat.body, one.seat.office, one.seat.number))
