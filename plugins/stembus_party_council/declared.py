"""Offering places to those elected, in the transaction of the act that declares the result, also when done again."""

from typing import TYPE_CHECKING

from stembus.conduct.running import running_of
from stembus.errors import Refused
from stembus.ledger.acts import Act
from stembus.organisation.authority import today
from stembus.organisation.tables import Seat
from stembus_party_council.council import places_of
from stembus_party_council.places import Place
from stembus_party_council.tables import PlaceOffer
from stembus_polls import Elected, Poll, elected_in, prepared_poll
from stembus_procedures.language.stages import Seating

if TYPE_CHECKING:
    from stembus.instance import Transaction


def offer_elected(transaction: "Transaction", act: Act) -> None:
    """Offer a place to everybody who is elected and has none.

    When a result is declared again, those elected in both keep their place; the places of the others go to those newly
    elected, and whoever was only called for a place and has not taken it is called again. Raises `Refused` when
    somebody who is not elected any more has taken the seat.
    """
    session = transaction.session
    poll = prepared_poll(session, running_of(session, act.subject["procedure"]))
    if poll is None or poll.running.policy.seats is None or poll.running.policy.first(Seating) is None:
        return
    elected = elected_in(session, poll)
    places = places_of(session, poll.running.procedure.id, poll.running.policy)
    had = {(place.contest, place.holder.member_id): place for place in places}
    new = [one for one in elected if (one.contest, one.member_id) not in had]
    if not new:
        return
    procedure_id = poll.running.procedure.id
    freed = _freed(transaction, procedure_id, places, {(one.contest, one.member_id) for one in elected})
    act_id = transaction.record(
        Act(
            kind="council.offered",
            by=act.by,
            ground=act.ground,
            subject={"procedure": procedure_id},
            details={"procedure_name": poll.running.procedure.name},
            public={"places": len(new)},
        )
    )
    for one in new:
        place = next((place for place in freed if place.contest == one.contest), None)
        if place is not None:
            freed.remove(place)
        number, turn = (one.place, 1) if place is None else (place.number, place.last.turn + 1)
        session.add(
            PlaceOffer(
                procedure_id=procedure_id,
                contest=one.contest,
                place=number,
                turn=turn,
                member_id=one.member_id,
                candidate=_place_on_paper(poll, one),
                origin="elected",
                offered_at=transaction.now,
                act_id=act_id,
            )
        )
    session.flush()


def _freed(
    transaction: "Transaction", procedure_id: str, places: tuple[Place, ...], elected: set[tuple[str, str]]
) -> list[Place]:
    """Close the offers that a new result overtakes, and return the places of those who are not elected any more."""
    freed = []
    for place in places:
        stays = (place.contest, place.holder.member_id) in elected
        if not stays:
            freed.append(place)
        if place.last.seat_id is not None and not stays:
            _require_ended(transaction, place)
        if not stays or (place.last.origin != "elected" and place.last.seat_id is None):
            key = (procedure_id, place.contest, place.number, place.last.turn)
            row = transaction.session.get_one(PlaceOffer, key)
            row.answer, row.answered_at, row.seat_id = "replaced", transaction.now, None
            transaction.session.add(row)
    transaction.session.flush()
    return freed


def _place_on_paper(poll: Poll, one: Elected) -> int:
    ids = [candidate.id for candidate in poll.contest(one.contest).candidates]
    return ids.index(one.candidate)


def _require_ended(transaction: "Transaction", place: Place) -> None:
    seat = transaction.session.get_one(Seat, place.last.seat_id)
    if seat.ends is None or seat.ends > today(transaction.instance, transaction.now):
        raise Refused(
            "{contest} place {number}: who took this seat is not elected by the new result. End it first with "
            "`stembus seats end {body} {office}`, with the last day yesterday. Nothing was declared.",
            contest=place.contest,
            number=place.number,
            body=seat.body,
            office=seat.office,
        )
