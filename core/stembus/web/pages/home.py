"""The first page: for everybody what this is, and for a member what is asked of them and where things stand."""

from datetime import timedelta
from typing import NamedTuple

from litestar.di import NamedDependency
from markupsafe import Markup
from sqlmodel import Session

from stembus.conduct.annulled import AnnulledShown, annulled_shown
from stembus.conduct.cancelled import CancelledShown, cancelled_shown
from stembus.documents.signing import asked_of
from stembus.organisation.authority import current_definitions, today
from stembus.web import Answer, Visit, anyone, page
from stembus.web.pages.my_seats import place_of
from stembus.web.pages.procedure_shown import Shown, all_shown, concerning, drawn
from stembus.web.visitor import Visitor

LATEST = 3
"""How many of the procedures that are over stand on the first page."""


STOPPED_FOR = timedelta(days=90)
"""How long a member reads on their own page that something was cancelled, or that a vote was annulled."""


class Mine(NamedTuple):
    """A procedure on the page of a member: what it has for them, or how it came to its end before its time."""

    one: Shown
    cards: list[Markup]
    cancelled: CancelledShown | None = None
    annulled: AnnulledShown | None = None


@page("/", who=anyone)
def home(visit: NamedDependency[Visit]) -> Answer:
    """The page of whoever is signed in, or the one for everybody."""
    with visit.read() as session:
        found = all_shown(visit, session)
        if visit.visitor is not None:
            return _of_member(visit, session, visit.visitor, found)
        over = [one for one in found if one.is_over]
        return visit.page("home/public.html", going_on=[one for one in found if not one.is_over], over=over[:LATEST])


def _of_member(visit: Visit, session: Session, member: Visitor, found: list[Shown]) -> Answer:
    asked = asked_of(session, member.member_id, today(visit.instance, visit.now))
    first = [one for one in asked if one.comes_first]
    if first:
        return visit.page("home/joining.html", first=first[0], left=len(first))
    mine = []
    for number, one in enumerate(concerning(visit, session, found, member.member_id), start=1):
        ended_at = one.running.state.ended_at
        if ended_at is not None:
            if visit.now - ended_at < STOPPED_FOR:
                mine.append(Mine(one, [], cancelled_shown(one.running), annulled_shown(session, one.running)))
        elif not one.is_over or one.upcoming:
            cards = visit.instance.plugins.cards(session, visit.now, one.running, member.member_id)
            mine.append(Mine(one, [drawn(visit, card, f"-{number}") for card in cards if card.own]))
    definitions = current_definitions(session)
    seats = [place for seat in member.seats if (place := place_of(seat, definitions)) is not None]
    return visit.page("home/member.html", asked=asked, mine=mine, seats=seats, is_strong=member.is_strong)


PAGES = (home,)
