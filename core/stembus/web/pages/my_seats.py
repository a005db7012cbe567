"""My seats: in which bodies I sit, until when, and what each seat lets me do."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from litestar.di import NamedDependency

from stembus.organisation.authority import acting_seats, all_seats, current_definitions, today
from stembus.organisation.bodies import BodyDefinition, Office
from stembus.organisation.core_powers import all_powers
from stembus.organisation.mandate import HeldSeat, runs
from stembus.organisation.powers import Power
from stembus.web import Answer, Visit, page, signed_in


class MySeat(NamedTuple):
    """A seat of the visitor. `state` is "acts" today, "waits" (absent, a deputy, or not begun) or "over"."""

    seat: HeldSeat
    body: BodyDefinition
    office: Office
    powers: tuple[Power, ...]
    state: str

    @property
    def last_day(self) -> date | None:
        """The last day in the seat, when there is one."""
        return None if self.seat.ends is None else self.seat.ends - timedelta(days=1)


def place_of(seat: HeldSeat, definitions: Mapping[str, BodyDefinition]) -> tuple[BodyDefinition, Office] | None:
    """Return the body and the office of a seat as they are called now; None where there is no such office any more."""
    body = definitions.get(seat.body)
    return next(((body, office) for office in body.offices if office.name == seat.office), None) if body else None


@page("/my-seats", who=signed_in)
def my_seats(visit: NamedDependency[Visit]) -> Answer:
    """The seats that the visitor holds, will hold and held."""
    day = today(visit.instance, visit.now)
    known = all_powers(visit.instance.plugins.powers())
    with visit.read() as session:
        definitions = current_definitions(session)
        acting = {seat.seat_id for seat in acting_seats(session, day)}
        seats = [seat for seat in all_seats(session) if seat.member_id == visit.member.member_id]
    found = []
    for seat in sorted(seats, key=lambda one: one.starts, reverse=True):
        place = place_of(seat, definitions)
        if place is not None:
            body, office = place
            powers = tuple(known[name] for name in office.powers if name in known)
            is_over = seat.starts <= day and not runs(seat.starts, seat.ends, day)
            state = "acts" if seat.seat_id in acting else "over" if is_over else "waits"
            found.append(MySeat(seat, body, office, powers, state))
    return visit.page("mine/seats.html", seats=found, is_strong=visit.member.is_strong)


PAGES = (my_seats,)
