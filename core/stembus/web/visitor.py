"""Who visits: the member behind a session, and what their seats allow them today."""

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from sqlmodel import Session, select

from stembus.access.sessions import FRESH, OpenSession, session_of
from stembus.organisation.authority import acting_seats, current_definitions, today
from stembus.organisation.core_powers import all_powers
from stembus.organisation.mandate import HeldSeat, allows
from stembus.organisation.member import display_name
from stembus.organisation.tables import Member, Seat

if TYPE_CHECKING:
    from stembus.instance import Instance

STRONG = frozenset({"passkey", "demo"})
"""The ways of signing in that are strong enough for a seat with power over others; "demo" exists in practice only."""


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is signed in, as themselves.

    `powers` are those of the seats that act today, and empty unless they signed in strongly; `granted` are the same
    whatever the way of signing in, so that a page can say that a passkey is all that misses.
    """

    member_id: str
    number: str
    name: str
    session: OpenSession
    seats: tuple[HeldSeat, ...]
    granted: frozenset[str]

    @property
    def session_id(self) -> str:
        """The id of the session."""
        return self.session.id

    @property
    def strength(self) -> str:
        """How they signed in."""
        return self.session.strength

    @property
    def is_strong(self) -> bool:
        """Whether they signed in strongly enough to use the powers of a seat."""
        return self.strength in STRONG

    @property
    def powers(self) -> frozenset[str]:
        """What they may do now."""
        return self.granted if self.is_strong else frozenset()

    def stepped_up(self, now: datetime) -> bool:
        """Whether they showed their passkey a short while ago."""
        at = self.session.stepped_up_at
        return self.is_strong and at is not None and now - at < FRESH


def visitor_with(instance: "Instance", session: Session, token: str, now: datetime) -> Visitor | None:
    """Return the visitor whose session has this token, or None when there is no such session any more."""
    found = session_of(instance, session, token, now)
    if found is None:
        return None
    member = session.get_one(Member, found.member_id)
    seats = _seats(session, member.id, instance, now)
    return Visitor(
        member_id=member.id,
        number=member.number,
        name=display_name(member.given, member.particle, member.surname),
        session=found,
        seats=seats,
        granted=_granted(session, seats, instance),
    )


def _seats(session: Session, member_id: str, instance: "Instance", now: datetime) -> tuple[HeldSeat, ...]:
    # Most people hold no seat at all, and the whole of the party's seats need not be read for them.
    if session.exec(select(Seat.id).where(Seat.member_id == member_id).limit(1)).first() is None:
        return ()
    return tuple(seat for seat in acting_seats(session, today(instance, now)) if seat.member_id == member_id)


def _granted(session: Session, seats: tuple[HeldSeat, ...], instance: "Instance") -> frozenset[str]:
    if not seats:
        return frozenset()
    definitions = current_definitions(session)
    known = all_powers(instance.plugins.powers())
    return frozenset(power for power in known if any(allows(seat, power, definitions) for seat in seats))
