"""Bodies: who sits in them until when, who is absent and who stands in, and what their definitions allow."""

from datetime import date, timedelta
from typing import NamedTuple

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from sqlmodel import Session

from stembus.errors import UnusableInput
from stembus.ledger.reading import grounds_of
from stembus.organisation.authority import all_seats, current_definitions, today
from stembus.organisation.bodies import BodyDefinition
from stembus.organisation.core_powers import BODIES_DEFINE, SEATS_ABSENCE, SEATS_APPOINT, all_powers
from stembus.organisation.define import body_versions
from stembus.organisation.mandate import HeldSeat
from stembus.organisation.seats import record_absence
from stembus.organisation.substitutes import SOON, SittingNow, ends_soon, sittings, soonest_first
from stembus.web import N_, Answer, Form, Visit, action, page, seated
from stembus.web.typed_seat import day_in, seat_in

WITHIN = {
    30: N_("30 days"),
    SOON.days: N_("8 weeks"),
    91: N_("3 months"),
    182: N_("half a year"),
    365: N_("a year"),
}


class AbsenceForm(Form, frozen=True):
    """Which seat is empty from when until when, and why. `seat` is "body/office/number"."""

    seat: str = ""
    starts: str = ""
    last_day: str = ""
    ground: str = ""


class BodyLine(NamedTuple):
    """A body in the list: how many of its places are taken today, and the first term that ends."""

    definition: BodyDefinition
    taken: int
    places: int
    first_end: date | None


@page("/bodies", who=seated)
def bodies_page(visit: NamedDependency[Visit], within: FromQuery[str] = "") -> Answer:
    """What has to be thought of first: absences that nobody fills, and terms that end; then every body."""
    day = today(visit.instance, visit.now)
    with visit.read() as session:
        definitions = current_definitions(session)
        seats = sittings(session, day)
    days = int(within) if within.isdecimal() and len(within) < 5 and int(within) in WITHIN else SOON.days
    may = visit.may(SEATS_ABSENCE)
    me = visit.member.member_id
    return visit.page(
        "bodies/bodies.html",
        bodies=[_line(definition, seats, day) for _, definition in sorted(definitions.items())],
        definitions=definitions,
        day=day,
        within=days,
        withins=WITHIN,
        first_end=next((one.last_day for one in soonest_first(seats)), None),
        ending=ends_soon(seats, day, timedelta(days=days)),
        absent=[one for one in seats if one.is_absent],
        absentees=[one for one in seats if one.stands_in_for is None and (may or one.seat.member_id == me)],
        may_appoint=visit.may(SEATS_APPOINT),
        may_define=visit.may(BODIES_DEFINE),
    )


@page("/bodies/{slug:str}", who=seated)
def body_page(visit: NamedDependency[Visit], slug: FromPath[str]) -> Answer:
    """One body: its seats, the first to end first, what each office allows, and the versions of its definition."""
    day = today(visit.instance, visit.now)
    with visit.read() as session:
        definitions = current_definitions(session)
        definition = definitions.get(slug)
        if definition is None:
            raise NotFoundException
        seats = [one for one in sittings(session, day) if one.seat.body == slug]
        versions = body_versions(session, slug)[::-1]
        grounds = grounds_of(session, [row.act_id for row in versions])
        over = _over(session, slug, day)
    known = all_powers(visit.instance.plugins.powers())
    return visit.page(
        "bodies/body.html",
        definition=definition,
        definitions=definitions,
        seats=soonest_first(seats),
        taken={office.name: _taken(seats, office.name, day) for office in definition.offices},
        allowed={one.name: [known[name] for name in one.powers if name in known] for one in definition.offices},
        versions=[(row, grounds.get(row.act_id, "")) for row in versions],
        over=over,
        day=day,
        may_appoint=visit.may(SEATS_APPOINT),
        may_define=visit.may(BODIES_DEFINE),
    )


@action("/bodies/absence", who=seated, writes=("seat.absent",), again=bodies_page)
def absence_action(visit: NamedDependency[Visit], data: URLEncodedBody[AbsenceForm]) -> Answer:
    """Record an absence, so that the deputy acts: of one's own seat, or with the power to do so."""
    body, office, number = seat_in(data.seat)
    starts = day_in(data.starts, "starts")
    last_day = day_in(data.last_day, "last_day") if data.last_day else None
    if not data.ground.strip():
        raise UnusableInput(N_("Say why, in a few words that others may read."), field="ground")
    with visit.write() as transaction:
        record_absence(
            transaction,
            body,
            office,
            number,
            starts=starts,
            last_day=last_day,
            by=visit.member.number,
            ground=data.ground.strip(),
        )
    return visit.go(
        "/bodies", N_("The absence is recorded. Where this seat has a deputy, the deputy acts in that time.")
    )


def _line(definition: BodyDefinition, seats: list[SittingNow], day: date) -> BodyLine:
    own = [one for one in seats if one.seat.body == definition.slug]
    return BodyLine(
        definition,
        sum(_taken(own, office.name, day) for office in definition.offices),
        sum(office.seats for office in definition.offices),
        min((one.last_day for one in own if one.last_day is not None), default=None),
    )


def _taken(seats: list[SittingNow], office: str, day: date) -> int:
    """Return how many places of an office are taken today; a deputy takes none."""
    return sum(one.seat.office == office and one.seat.starts <= day and one.seat.deputy_for is None for one in seats)


def _over(session: Session, slug: str, day: date) -> list[tuple[HeldSeat, date]]:
    """Return the seats of a body that are over with their last days, the latest first."""
    found = [
        (seat, seat.ends - timedelta(days=1))
        for seat in all_seats(session)
        if seat.body == slug and seat.ends is not None and seat.ends <= day and not seat.is_void
    ]
    return sorted(found, key=lambda one: one[1], reverse=True)


PAGES = (bodies_page, absence_action, body_page)
