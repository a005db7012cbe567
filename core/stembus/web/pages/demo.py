"""The door of a demonstration: be anybody in a practice instance, with one click and without a secret."""

from collections.abc import Iterator
from typing import NamedTuple

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from sqlmodel import Session, col, select

from stembus.access.sessions import may_sign_in
from stembus.conduct.tables import Procedure
from stembus.entry import local
from stembus.organisation.authority import acting_seats, current_definitions, today
from stembus.organisation.bodies import BodyDefinition
from stembus.organisation.core_powers import all_powers
from stembus.organisation.mandate import HeldSeat, allows
from stembus.organisation.member import display_name
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import Member
from stembus.web.origin import local_path
from stembus.web.pages.sign_in import begin
from stembus.web.routes import Form, action, page
from stembus.web.visit import Answer, Visit
from stembus.words import N_

POWERS_TOLD = 4
"""How many of somebody's powers are told; the rest is a number."""


class DemoForm(Form, frozen=True):
    """The page to go on to."""

    next: str = ""


class Part(NamedTuple):
    """Somebody to be: what they are, and what they may do, in the visitor's language."""

    number: str
    name: str
    title: str
    may: str


@page("/demo", who=local)
def demo(visit: NamedDependency[Visit]) -> Answer:
    """List one person for each office that acts today, and for each group of people in a procedure."""
    with visit.read() as session:
        seats = acting_seats(session, today(visit.instance, visit.now))
        return visit.page(
            "demo/people.html",
            seated=list(_seated(visit, session, seats)),
            others=list(_in_procedures(visit, session, {seat.member_id for seat in seats})),
        )


@page("/demo/as/{number:str}", who=local)
def somebody(visit: NamedDependency[Visit], number: FromPath[str], next: FromQuery[str] = "") -> Answer:  # noqa: A002 - the name in addresses
    """Show one button: a link that is only opened signs nobody in."""
    with visit.read() as session:
        member = member_numbered(session, number)
    return visit.page("demo/somebody.html", number=member.number, name=_name(member), onward=local_path(next))


@action("/demo/as/{number:str}", who=local, no_act="signing in changes nobody's rights", again=somebody)
def be_somebody(visit: NamedDependency[Visit], number: FromPath[str], data: URLEncodedBody[DemoForm]) -> Answer:
    """Sign in as this member. A session of this kind is open in a practice instance only."""
    with visit.write() as transaction:
        member = member_numbered(transaction.session, number)
        begin(visit, transaction, member.id, "demo")
    return visit.go(
        local_path(data.next), N_("You are now {name}, number {number}."), name=_name(member), number=number
    )


def _seated(visit: Visit, session: Session, seats: list[HeldSeat]) -> Iterator[Part]:
    definitions = current_definitions(session)
    known = all_powers(visit.instance.plugins.powers())
    speech = visit.house.speech(visit.lang)
    told: set[tuple[str, str]] = set()
    for seat in seats:
        if (seat.body, seat.office) in told:
            continue
        told.add((seat.body, seat.office))
        may = [power for name, power in known.items() if allows(seat, name, definitions)]
        rest = len(may) - POWERS_TOLD
        words = [*may[:POWERS_TOLD], *([visit.say(N_("{count} more things"), count=rest)] if rest > 0 else [])]
        yield Part(seat.number, seat.name, _title(visit, seat, definitions), speech.listed(words) if words else "")


def _title(visit: Visit, seat: HeldSeat, definitions: dict[str, BodyDefinition]) -> str:
    body = definitions.get(seat.body)
    office = next((one for one in body.offices if one.name == seat.office), None) if body else None
    if body is None or office is None:
        return visit.say(N_("Set up this instance"))
    return visit.say(N_("{body}: {office}"), body=body, office=office)


def _in_procedures(visit: Visit, session: Session, seated: set[str]) -> Iterator[Part]:
    """Give one person for each group, who holds no seat if there is such a one, and one who is in no group."""
    grouped: set[str] = set(seated)
    for procedure in session.exec(select(Procedure).order_by(col(Procedure.begun_at), col(Procedure.id))).all():
        for group in visit.instance.plugins.recipients(session, procedure.id):
            member_id = _first(visit, session, sorted(group.member_ids, key=lambda one: (one in grouped, one)))
            grouped.update(group.member_ids)
            if member_id is not None:
                member = session.get_one(Member, member_id)
                title = visit.say(N_("{group} ({procedure})"), group=group, procedure=procedure.name)
                yield Part(member.number, _name(member), title, "")
    ordinary = session.exec(select(Member.id).where(col(Member.merged_into).is_(None)).order_by(col(Member.number)))
    member_id = _first(visit, session, [one for one in ordinary if one not in grouped])
    if member_id is not None:
        member = session.get_one(Member, member_id)
        yield Part(member.number, _name(member), visit.say(N_("Member without an office")), "")


def _first(visit: Visit, session: Session, member_ids: list[str]) -> str | None:
    return next((one for one in member_ids if may_sign_in(visit.instance, session, one, visit.now)), None)


def _name(member: Member) -> str:
    return display_name(member.given, member.particle, member.surname)


PAGES = (demo, somebody, be_somebody)
