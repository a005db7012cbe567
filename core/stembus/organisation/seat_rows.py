"""Seats in the database: waiting for one another, and finding one by whom it belongs to."""

from datetime import date

from sqlalchemy import text
from sqlmodel import Session, select

from stembus.errors import UnusableInput
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import Seat


def lock_seats(session: Session) -> None:
    """Make others who give or end seats wait for the end of this transaction, so that no two pass a check together."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE seat IN SHARE ROW EXCLUSIVE MODE"))


def seat_of(session: Session, body: str, office: str, number: str, day: date) -> Seat:
    """Return the seat of one member in one office that runs on `day`, or the next one to begin.

    Raises `UnusableInput` when there is none.
    """
    member = member_numbered(session, number)
    rows = session.exec(select(Seat).where(Seat.body == body, Seat.office == office, Seat.member_id == member.id))
    found = sorted((seat for seat in rows if seat.ends is None or seat.ends > day), key=lambda seat: seat.starts)
    if not found:
        raise UnusableInput(
            "Member {number} has no seat {body}.{office} on {day} or later: `stembus seats list` shows who sits where.",
            number=number,
            body=body,
            office=office,
            day=day,
        )
    return found[0]
