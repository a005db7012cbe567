"""Seats that were taken on the result of a vote that was annulled: they stay taken until people decide about each."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from stembus.organisation.authority import all_seats
from stembus_party_council.council import Council


class Taken(NamedTuple):
    """A seat that was taken on the result: who sits in it, and how the page that ends a seat names it."""

    name: str
    number: str
    seat: str


def taken_on_annulled(session: Session, council: Council, now: datetime) -> list[Taken]:
    """Return who still sits on the result of a vote that was annulled; nobody where it was not.

    An annulment ends no seat by itself: who decides about seats ends each, or lets it be.
    """
    if council.poll.running.state.annulled is None:
        return []
    day = council.day(now)
    given = {offer.seat_id for place in council.places for offer in place.offers if offer.seat_id is not None}
    return [
        Taken(seat.name, seat.number, f"{seat.body}/{seat.office}/{seat.number}")
        for seat in all_seats(session)
        if seat.seat_id in given and not seat.is_void and (seat.ends is None or seat.ends > day)
    ]
