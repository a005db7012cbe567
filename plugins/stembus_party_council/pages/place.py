"""A member answers the place that is offered to them: yes or no, and what follows."""

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from stembus.web import N_, Answer, Form, Visit, action, page, signed_in
from stembus_party_council.answers import accept, decline
from stembus_party_council.blocks import complete_when_done
from stembus_party_council.council import open_council
from stembus_party_council.pages.my_place import my_place
from stembus_party_council.pages.opening import council_at
from stembus_polls.pages.opening import procedure_values, running_at


@page("/procedures/{name:str}/place", who=signed_in)
def place_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """The place of the member; to who has none the page is not there."""
    with visit.read() as session:
        running = running_at(visit, session, name)
        council = council_at(visit, session, name)
        mine = my_place(session, council, visit.member.member_id, visit.now) if council else None
        if mine is None:
            raise NotFoundException
        return visit.page("party_council/place.html", mine=mine, **procedure_values(running))


@action(
    "/procedures/{name:str}/place/accept",
    who=signed_in,
    writes=("council.accepted", "seat.given", "procedure.completed"),
    again=place_page,
)
def accept_place(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[Form]) -> Answer:
    """Accept the place; the seat is taken when nothing keeps it."""
    number = visit.member.number
    with visit.write() as transaction:
        running_at(visit, transaction.session, name)
        accepted = accept(transaction, open_council(transaction, name), number, by=number)
        complete_when_done(transaction, open_council(transaction, name), number)
    if accepted.taken is not None:
        return visit.go(
            f"/procedures/{name}/place",
            N_("You accepted. Your seat is yours from {first} up to and including {last}."),
            first=accepted.taken.starts,
            last=accepted.taken.last_day,
        )
    return visit.go(f"/procedures/{name}/place", N_("You accepted. The seat is not yours yet: see why on this page."))


@action(
    "/procedures/{name:str}/place/decline",
    who=signed_in,
    writes=("council.declined", "council.called", "council.unfilled", "procedure.completed"),
    again=place_page,
)
def decline_place(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[Form]) -> Answer:
    """Decline the place; who comes next is called."""
    number = visit.member.number
    with visit.write() as transaction:
        running_at(visit, transaction.session, name)
        decline(transaction, open_council(transaction, name), number, by=number)
        complete_when_done(transaction, open_council(transaction, name), number)
    return visit.go(f"/procedures/{name}", N_("You do not take the place. Somebody else is asked."))


PAGES = (place_page, accept_place, decline_place)
