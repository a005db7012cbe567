"""Reading acts as sentences: who, in which seat, when, on what ground."""

from datetime import date, datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

from litestar.di import NamedDependency
from litestar.params import FromQuery
from sqlmodel import Session, select

from stembus.act_kinds import all_act_kinds
from stembus.conduct.called import called
from stembus.conduct.running import procedures
from stembus.errors import UnusableInput
from stembus.ledger.reading import ReadAct, Wanted, read_acts
from stembus.organisation.core_powers import ACTS_VIEW
from stembus.organisation.tables import Body
from stembus.web import N_, Answer, Visit, page, power
from stembus_procedures.dates import at_clock

SIZE = 50


@page("/acts", who=power(ACTS_VIEW))
def acts_page(  # noqa: PLR0917 - each is a part of the question in the address
    visit: NamedDependency[Visit],
    procedure: FromQuery[str] = "",
    of: FromQuery[str] = "",
    since: FromQuery[str] = "",
    until: FromQuery[str] = "",
    number: FromQuery[str] = "1",
) -> Answer:
    """The acts, the latest first, of a procedure, a body or some days."""
    asked = {"procedure": procedure, "of": of, "since": since, "until": until}
    language: Literal["nl", "en"] = "en" if visit.lang == "en" else "nl"
    shown = int(number) if number.isdecimal() and 0 < int(number) < 100_000 else 1
    with visit.read() as session:
        rows = procedures(session)
        bodies = session.exec(select(Body).order_by(Body.slug)).all()
        found, total = _acts(visit, session, asked, language, shown)
        titles = called(session, language)
    kept = urlencode({name: value for name, value in asked.items() if value})
    return visit.page(
        "acts/acts.html",
        acts=found,
        total=total,
        number=shown,
        last=max(1, -(-total // SIZE)),
        asked=asked,
        kept=kept,
        procedures=[(row.name, titles[row.id]) for row in rows],
        bodies=bodies,
    )


def _acts(
    visit: Visit, session: Session, asked: dict[str, str], language: Literal["nl", "en"], number: int
) -> tuple[list[ReadAct], int]:
    try:
        wanted = _wanted(visit, session, asked)
    except UnusableInput as problem:
        visit.problem = problem
        wanted = Wanted()
    kinds = all_act_kinds(visit.instance.plugins)
    return read_acts(session, kinds, wanted, language=language, number=number, size=SIZE)


def _wanted(visit: Visit, session: Session, asked: dict[str, str]) -> Wanted:
    named = {row.name: row.id for row in procedures(session)}
    if asked["procedure"] and asked["procedure"] not in named:
        raise UnusableInput(N_("There is no procedure of that name."), field="procedure")
    return Wanted(
        procedure_id=named.get(asked["procedure"], ""),
        body=asked["of"],
        since=_midnight(visit, asked["since"], "since", 0),
        until=_midnight(visit, asked["until"], "until", 1),
    )


def _midnight(visit: Visit, text: str, field: str, days: int) -> datetime | None:
    if not text:
        return None
    try:
        return at_clock(date.fromisoformat(text) + timedelta(days=days), "00:00", visit.zone)
    except (ValueError, OverflowError):
        raise UnusableInput(N_("Fill in a day."), field=field) from None


PAGES = (acts_page,)
