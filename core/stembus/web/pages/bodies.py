"""Bodies, who sits in them until when, who is absent and who stands in."""

from datetime import date

from litestar.di import NamedDependency
from litestar.params import URLEncodedBody

from stembus.errors import UnusableInput
from stembus.organisation.authority import current_definitions, today
from stembus.organisation.core_powers import SEATS_ABSENCE, SEATS_APPOINT
from stembus.organisation.seats import record_absence
from stembus.organisation.substitutes import ends_soon, sittings
from stembus.web import N_, Answer, Form, Visit, action, page, seated


class AbsenceForm(Form, frozen=True):
    """Which seat is empty from when until when, and why. `seat` is "body/office/number"."""

    seat: str = ""
    starts: str = ""
    last_day: str = ""
    ground: str = ""


@page("/bodies", who=seated)
def bodies_page(visit: NamedDependency[Visit]) -> Answer:
    """Every body with its seats; those that end soon and those that nobody fills come first."""
    day = today(visit.instance, visit.now)
    with visit.read() as session:
        definitions = current_definitions(session)
        seats = sittings(session, day)
    bodies = [
        (definition, [one for one in seats if one.seat.body == slug])
        for slug, definition in sorted(definitions.items())
    ]
    may = visit.may(SEATS_ABSENCE)
    me = visit.member.member_id
    return visit.page(
        "bodies/bodies.html",
        bodies=bodies,
        day=day,
        ending=ends_soon(seats, day),
        uncovered=[one for one in seats if one.is_uncovered],
        absentees=[one for one in seats if one.stands_in_for is None and (may or one.seat.member_id == me)],
        may_appoint=visit.may(SEATS_APPOINT),
    )


@action("/bodies/absence", who=seated, writes=("seat.absent",), again=bodies_page)
def absence_action(visit: NamedDependency[Visit], data: URLEncodedBody[AbsenceForm]) -> Answer:
    """Record an absence, so that the deputy acts: of one's own seat, or with the power to do so."""
    body, _, rest = data.seat.partition("/")
    office, _, number = rest.partition("/")
    if not (body and office and number):
        raise UnusableInput(N_("Choose whose seat it is."), field="seat")
    starts = _day(data.starts, "starts")
    last_day = _day(data.last_day, "last_day") if data.last_day else None
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
    return visit.go("/bodies", N_("The absence is recorded. A deputy of this seat acts in that time."))


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnusableInput(N_("Fill in a day."), field=field) from None


PAGES = (bodies_page, absence_action)
