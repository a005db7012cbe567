"""What people see of the days: a page with its place in the navigation, a thing for the desk, a card."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable

from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from sqlmodel import Session, select

from stembus.conduct.running import Running
from stembus.hooks import hookimpl
from stembus.web import N_, Answer, Card, DeskItem, NavItem, Visit, anyone, page
from stembus_dates.calling_off import MAY_CALL_OFF, call_off_page, propose_to_call_off
from stembus_dates.days import PROPOSE, ProposedDay

__all__ = [
    "find_cards",
    "find_desk_items",
    "register_navigation",
    "register_pages",
    "register_templates",
    "register_translations",
]


def days_of(session: Session) -> list[ProposedDay]:
    return sorted(session.exec(select(ProposedDay)), key=lambda row: row.day)


@page("/days", who=anyone)
def days_page(visit: NamedDependency[Visit]) -> Answer:
    with visit.read() as session:
        days = [row.day for row in days_of(session)]
    return visit.page("dates/days.html", days=days, may_call_off=visit.may(MAY_CALL_OFF.name))


@hookimpl
def register_pages() -> Iterable[HTTPRouteHandler]:
    return [days_page, call_off_page, propose_to_call_off]


@hookimpl
def register_templates() -> Iterable[Traversable]:
    return [files("stembus_dates") / "templates"]


@hookimpl
def register_translations() -> Iterable[Traversable]:
    return [files("stembus_dates") / "locale"]


@hookimpl
def register_navigation() -> Iterable[NavItem]:
    return [NavItem(title=N_("Proposed days"), path="/days", who=anyone)]


@hookimpl
def find_desk_items(session: Session, now: datetime) -> Sequence[DeskItem]:
    if days_of(session):
        return []
    return [DeskItem(title=N_("Propose a day for the meeting"), path="/days", powers=(PROPOSE.name,))]


@hookimpl
def find_cards(session: Session, now: datetime, running: Running, member_id: str | None) -> Sequence[Card]:
    days = [row.day for row in days_of(session)]
    if member_id is None:
        return [Card(template="dates/card.html", values={"count": len(days)})]
    return [Card(template="dates/own_card.html", values={"first": min(days, default=None)}, own=True)]
