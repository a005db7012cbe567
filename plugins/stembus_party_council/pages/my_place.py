"""The place that one member was offered or holds, in what they are told about it."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct
from sqlmodel import Session

from stembus_party_council.council import Council
from stembus_party_council.places import Place
from stembus_party_council.rota import rota_of
from stembus_party_council.take_seats import hindrances, waiting_for
from stembus_procedures.language.values import Words


class MyPlace(Struct, frozen=True, kw_only=True):
    """A place of a member: what stands open, until when they answer, and what keeps them from the seat."""

    name: str
    contest: Words
    several: bool
    state: Literal["open", "accepted", "seated"]
    until: datetime | None
    why: Words | None
    waits: tuple[Words, ...]
    last_day: date | None = None


def my_place(session: Session, council: Council, member_id: str, now: datetime) -> MyPlace | None:
    """Return the place of a member that is offered, accepted or held; None when there is none."""
    for place in council.places:
        state = place.last.standing(now)
        if place.last.member_id == member_id and state in ("open", "accepted", "seated"):
            return _shown(session, council, place, now)
    return None


def _shown(session: Session, council: Council, place: Place, now: datetime) -> MyPlace:
    state = place.state(now)
    waits: tuple[Words, ...] = ()
    if state in ("open", "accepted"):
        waiting = waiting_for(session, council, now)
        waits = (*((waiting,) if waiting else ()), *hindrances(session, council, place, now))
    leaving = (
        {one.place: one.last_day for one in rota_of(session, council, council.day(now))} if state == "seated" else {}
    )
    return MyPlace(
        name=council.poll.running.procedure.name,
        contest=council.contest(place).plan.title,
        several=len(council.poll.contests) > 1,
        state=state if state in ("open", "accepted") else "seated",
        until=place.last.until if state == "open" else None,
        why=place.last.why,
        waits=waits,
        last_day=leaving.get(f"{place.contest} {place.number}"),
    )
