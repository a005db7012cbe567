"""Who sits in the body, for everybody; and for who sees to it: open places, who comes next, the rota."""

from datetime import date
from typing import Any

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody
from sqlmodel import Session

from stembus.conduct.acting import acts
from stembus.conduct.annulled import annulled_shown
from stembus.errors import UnusableInput
from stembus.organisation.registry import member_numbered
from stembus.web import N_, Answer, Form, NavItem, Visit, action, anyone, page, power
from stembus_party_council.annulled import taken_on_annulled
from stembus_party_council.answers import accept, decline
from stembus_party_council.blocks import complete_when_done, left_to_do
from stembus_party_council.council import Council, open_council
from stembus_party_council.grave_acts import VACANCY, Vacant
from stembus_party_council.offers import call_all
from stembus_party_council.overview import overview
from stembus_party_council.pages.opening import council_at
from stembus_party_council.powers import SEATING
from stembus_party_council.rota import rota_of
from stembus_party_council.take_seats import take_seats, waiting_for
from stembus_party_council.vacancy import below_minimum
from stembus_polls.pages.opening import procedure_values, running_at, running_for
from stembus_polls.pages.proposing import PROPOSED, proposed, told
from stembus_polls.publishing.published import latest_publication

POWERS = (SEATING,)


class AnswerForm(Form, frozen=True):
    """What somebody told the office, and where that is found."""

    member: str = ""
    answer: str = ""
    ground: str = ""


class VacancyForm(Form, frozen=True):
    """Who leaves, the last day in the seat, and why."""

    member: str = ""
    left_on: str = ""
    ground: str = ""


@page("/procedures/{name:str}/seats", who=anyone)
def seats_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """Who sits, and until when. Nobody before the result is public; never who declined."""
    with visit.read() as session:
        running = running_at(visit, session, name)
        council = council_at(visit, session, name)
        if council is None or latest_publication(session, running.procedure.id) is None:
            raise NotFoundException
        return visit.page(
            "party_council/seats.html",
            annulled=annulled_shown(session, running),
            **public_seats(session, council, visit),
            **procedure_values(running),
        )


@page("/procedures/{name:str}/seating", who=power(*POWERS))
def seating_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """Every place with its holder or who is called, who would come next, the balance and the rota."""
    with visit.read() as session:
        running = running_for(visit, session, name, POWERS)
        council = council_at(visit, session, name)
        if council is None:
            return visit.page("party_council/seating_waits.html", **procedure_values(running))
        seen = overview(session, council, visit.now)
        return visit.page(
            "party_council/seating.html",
            seen=seen,
            waiting=waiting_for(session, council, visit.now),
            left=list(left_to_do(council, visit.now).values()),
            below=below_minimum(council.seats, seen.sitting),
            rota=rota_of(session, council, council.day(visit.now)),
            annulled=annulled_shown(session, running),
            taken=taken_on_annulled(session, council, visit.now),
            to_fill=any(seat.state == "to_fill" for seat in seen.seats),
            accepted=any(seat.state == "accepted" for seat in seen.seats),
            several=len(council.poll.contests) > 1,
            titles={contest.id: contest.plan.title for contest in council.poll.contests},
            **procedure_values(running),
        )


@action(
    "/procedures/{name:str}/seating/answer",
    who=power(*POWERS),
    writes=(
        "council.accepted",
        "council.declined",
        "council.called",
        "council.unfilled",
        "seat.given",
        "procedure.completed",
    ),
    again=seating_page,
)
def enter_answer(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[AnswerForm]) -> Answer:
    """Enter what somebody who is called told the office."""
    if data.answer not in ("accept", "decline"):
        raise UnusableInput(N_("Say what the answer is."), field="answer")
    number, ground, by = data.member.strip(), data.ground.strip(), visit.member.number
    if not ground:
        raise UnusableInput(N_("Say where the answer is found: a letter, a mail, a phone call."), field="ground")
    with visit.write() as transaction:
        running_for(visit, transaction.session, name, POWERS)
        verb = accept if data.answer == "accept" else decline
        verb(transaction, open_council(transaction, name), number, by=by, ground=ground)
        complete_when_done(transaction, open_council(transaction, name), by)
    return visit.go(f"/procedures/{name}/seating", N_("The answer of member {number} is noted."), number=number)


@action(
    "/procedures/{name:str}/seating/call",
    who=power(*POWERS),
    writes=("council.called", "council.unfilled", "procedure.completed"),
    again=seating_page,
)
def call_next_ones(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[Form]) -> Answer:
    """Call who comes next for every place without anybody."""
    with visit.write() as transaction:
        running_for(visit, transaction.session, name, POWERS)
        council = open_council(transaction, name)
        actor = acts(transaction, council.poll.running, visit.member.number, SEATING)
        called = call_all(transaction, council, (actor,))
        complete_when_done(transaction, open_council(transaction, name), visit.member.number)
    names = [one.name for one in called if one.name]
    if names:
        return visit.go(f"/procedures/{name}/seating", N_("Called: {names}."), names=names)
    lots = [one.waits_for_lot for one in called if one.waits_for_lot]
    if lots:
        return visit.go(f"/procedures/{name}/seating", N_("Nobody is called: a lot is needed first."))
    return visit.go(f"/procedures/{name}/seating", N_("Nobody is left to call."))


@action(
    "/procedures/{name:str}/seating/take",
    who=power(*POWERS),
    writes=("seat.given", "procedure.completed"),
    again=seating_page,
)
def give_seats(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[Form]) -> Answer:
    """Give everybody who accepted the seat."""
    with visit.write() as transaction:
        running_for(visit, transaction.session, name, POWERS)
        taken, hindered = take_seats(transaction, open_council(transaction, name), by=visit.member.number)
        complete_when_done(transaction, open_council(transaction, name), visit.member.number)
    return visit.go(
        f"/procedures/{name}/seating",
        N_("{taken} took their seat; {hindered} cannot take it yet."),
        taken=len(taken),
        hindered=len(hindered),
    )


@action("/procedures/{name:str}/seating/vacancy", who=power(*POWERS), writes=(PROPOSED,), again=seating_page)
def propose_vacancy(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[VacancyForm]) -> Answer:
    """Propose to state that somebody leaves the seat."""
    try:
        left_on = date.fromisoformat(data.left_on.strip())
    except ValueError:
        raise UnusableInput(N_("Give the last day in the seat."), field="left_on") from None
    if not data.ground.strip():
        raise UnusableInput(N_("Say why: a letter, a death, a decision."), field="ground")
    with visit.write() as transaction:
        running = running_for(visit, transaction.session, name, POWERS)
        member = member_numbered(transaction.session, data.member.strip())
        arguments = Vacant(
            procedure=running.procedure.id, member=member.id, left_on=left_on, ground=data.ground.strip()
        )
        path = proposed(visit, transaction, VACANCY.name, arguments)
    return told(visit, path)


def public_seats(session: Session, council: Council, visit: Visit) -> dict[str, Any]:
    """Return what everybody may see: who sits where until when, and how many places are not taken."""
    leaving = rota_of(session, council, council.day(visit.now))
    places = [f"{place.contest} {place.number}" for place in council.places if place.state(visit.now) == "seated"]
    return {
        "sitting": [one for one in leaving if one.place in places],
        "open": len(council.places) - len(places),
        "titles": {contest.id: contest.plan.title for contest in council.poll.contests},
    }


PAGES = (seats_page, seating_page, enter_answer, call_next_ones, give_seats, propose_vacancy)
PLACES = (
    NavItem(
        title=N_("Places and seats"),
        path="/procedures/{name}/seating",
        who=power(*POWERS),
        order=30,
        stage="seating",
    ),
)
