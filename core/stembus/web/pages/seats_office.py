"""Giving a seat and ending one: what it would mean is seen first, then it is proposed to a second person."""

from datetime import date, timedelta

from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody

from stembus.errors import Problem, UnusableInput
from stembus.organisation.authority import acting_seats, current_definitions, today
from stembus.organisation.bodies import BOOTSTRAP
from stembus.organisation.core_powers import SEATS_APPOINT, all_powers
from stembus.organisation.grave_acts import END, GIVE, End, Give
from stembus.organisation.outlook import left_undone, outlook
from stembus.organisation.seats import Appointment
from stembus.organisation.substitutes import SittingNow, sittings, soonest_first
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus.web.pages.proposing import could_confirm, ground_in, proposed
from stembus.web.typed_seat import day_in, office_in, seat_in

WHO = power(SEATS_APPOINT)


class GiveForm(Form, frozen=True):
    """A seat to give. `office` is "body/office"."""

    office: str = ""
    number: str = ""
    starts: str = ""
    last_day: str = ""
    deputy_for: str = ""
    ground: str = ""


class EndForm(Form, frozen=True):
    """A seat to end. `seat` is "body/office/number"; `when` is "now" or "day"."""

    seat: str = ""
    when: str = ""
    last_day: str = ""
    ground: str = ""


@page("/seats/give", who=WHO)
def give_page(  # noqa: PLR0917 - each is a part of the question in the address
    visit: NamedDependency[Visit],
    office: FromQuery[str] = "",
    number: FromQuery[str] = "",
    starts: FromQuery[str] = "",
    last_day: FromQuery[str] = "",
    deputy_for: FromQuery[str] = "",
) -> Answer:
    """Ask which seat and for whom; then show what stands in its way, what it allows, and who sits there now."""
    asked = GiveForm(office=office, number=number, starts=starts, last_day=last_day, deputy_for=deputy_for)
    typed = GiveForm(**{**_fields(asked), **{key: str(value) for key, value in visit.filled.items()}})
    day = today(visit.instance, visit.now)
    known = all_powers(visit.instance.plugins.powers())
    found = None
    with visit.read() as session:
        if typed.office and typed.number:
            try:
                found = outlook(session, _wanted(typed, day), visit.now, day)
            except Problem as problem:
                visit.problem = visit.problem or problem
        return visit.page(
            "bodies/give.html",
            typed=typed,
            day=day,
            definitions=current_definitions(session),
            found=found,
            last_days={
                seat.seat_id: seat.ends - timedelta(days=1)
                for seat in ((*found.in_office, *found.own, *found.earlier) if found else ())
                if seat.ends is not None
            },
            allowed=[known[name] for name in found.office.powers if name in known] if found else (),
            seconds=could_confirm(visit, session, SEATS_APPOINT),
        )


@action("/seats/give", who=WHO, writes=("proposal.made",), again=give_page)
def give_action(visit: NamedDependency[Visit], data: URLEncodedBody[GiveForm]) -> Answer:
    """Propose to give it."""
    wanted = _wanted(data, today(visit.instance, visit.now))
    arguments = Give(
        body=wanted.body,
        office=wanted.office,
        number=wanted.number,
        starts=wanted.starts,
        last_day=wanted.last_day,
        deputy_for=wanted.deputy_for,
        ground=ground_in(data.ground),
    )
    return proposed(visit, GIVE.name, arguments)


@page("/seats/end", who=WHO)
def end_page(visit: NamedDependency[Visit], seat: FromQuery[str] = "") -> Answer:
    """Ask whose seat; then show its term, what ends with it, and what nobody could do any more."""
    chosen = str(visit.filled.get("seat", seat))
    day = today(visit.instance, visit.now)
    known = all_powers(visit.instance.plugins.powers())
    with visit.read() as session:
        definitions = current_definitions(session)
        seats = [one for one in sittings(session, day) if one.seat.body != BOOTSTRAP]
        found = next((one for one in seats if _key(one) == chosen), None)
        office = definitions[found.seat.body].office(found.seat.office) if found else None
        powers = [known[name] for name in office.powers if name in known] if office else []
        return visit.page(
            "bodies/end.html",
            chosen=chosen,
            day=day,
            seats=[(_key(one), one) for one in soonest_first(seats)],
            definitions=definitions,
            found=found,
            office=office,
            powers=powers,
            undone=left_undone(acting_seats(session, day), found.seat, definitions, powers) if found else (),
            seconds=could_confirm(visit, session, SEATS_APPOINT),
        )


@action("/seats/end", who=WHO, writes=("proposal.made",), again=end_page)
def end_action(visit: NamedDependency[Visit], data: URLEncodedBody[EndForm]) -> Answer:
    """Propose to end it."""
    body, office, number = seat_in(data.seat)
    if data.when not in ("now", "day"):
        raise UnusableInput(N_("Choose when it ends."), field="when")
    last_day = day_in(data.last_day, "last_day") if data.when == "day" else None
    arguments = End(body=body, office=office, number=number, last_day=last_day, ground=ground_in(data.ground))
    return proposed(visit, END.name, arguments)


def _wanted(typed: GiveForm, day: date) -> Appointment:
    body, office = office_in(typed.office)
    if not typed.number.strip():
        raise UnusableInput(N_("Fill in the number of the member."), field="number")
    return Appointment(
        body=body,
        office=office,
        number=typed.number.strip(),
        starts=day_in(typed.starts, "starts") if typed.starts else day,
        last_day=day_in(typed.last_day, "last_day") if typed.last_day else None,
        deputy_for=typed.deputy_for.strip() or None,
    )


def _fields(form: GiveForm) -> dict[str, str]:
    return {name: getattr(form, name) for name in form.__struct_fields__}


def _key(one: SittingNow) -> str:
    return f"{one.seat.body}/{one.seat.office}/{one.seat.number}"


PAGES = (give_page, give_action, end_page, end_action)
