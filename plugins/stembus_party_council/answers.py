"""Accepting a place and declining it: by the member, or entered by whose seat allows that."""

from typing import TYPE_CHECKING

from msgspec import Struct

from stembus.conduct.acting import enters
from stembus.errors import Refused
from stembus.ledger.acts import Act, Actor
from stembus_party_council.council import Council, council_of, place_of, row_of
from stembus_party_council.offers import Called, call_next
from stembus_party_council.places import STANDINGS, Place
from stembus_party_council.powers import SEATING
from stembus_party_council.take_seats import Taken, hindrances, take_seats, waiting_for
from stembus_polls import lock_procedure, shown, shown_end
from stembus_procedures.language.values import Words

if TYPE_CHECKING:
    from stembus.instance import Transaction


class Accepted(Struct, frozen=True, kw_only=True):
    """What accepting came to: the seat that was taken, or what it still waits for."""

    contest: str
    place: int
    name: str
    taken: Taken | None = None
    waits: tuple[Words, ...] = ()


class Declined(Struct, frozen=True, kw_only=True):
    """What declining came to: the place, who declined, and who was called next."""

    contest: str
    place: int
    name: str
    next: Called


def accept(transaction: "Transaction", council: Council, number: str, *, by: str, ground: str = "") -> Accepted:
    """Note that a member accepts the place that was offered, and let them take the seat when nothing keeps it.

    Raises `Refused` after the last moment of an answer, and when there is nothing to answer.
    """
    lock_procedure(transaction.session, council.poll.running)
    council = council_of(transaction.session, council.poll)
    place = _to_answer(transaction, council, number)
    actor = enters(transaction, council.poll.running, number, by, SEATING)
    _answer(transaction, council, place, "accepted", actor=actor, number=number, ground=ground)
    council = council_of(transaction.session, council.poll)
    place = place_of(transaction.session, council, number)
    name = council.candidate(place).name
    waiting = waiting_for(transaction.session, council, transaction.now)
    why = hindrances(transaction.session, council, place, transaction.now)
    if waiting is not None or why:
        reasons = (*((waiting,) if waiting else ()), *why)
        return Accepted(contest=place.contest, place=place.number, name=name, waits=reasons)
    taken, hindered = take_seats(transaction, council, (number,), by=by)
    left = tuple(reason for one in hindered for reason in one.reasons)
    return Accepted(contest=place.contest, place=place.number, name=name, taken=taken[0] if taken else None, waits=left)


def decline(transaction: "Transaction", council: Council, number: str, *, by: str, ground: str = "") -> Declined:
    """Note that a member does not take the place that was offered, and call who comes next.

    Also after accepting, as long as the seat is not taken; afterwards it is a vacancy. Raises `Refused` when there is
    nothing to answer any more.
    """
    lock_procedure(transaction.session, council.poll.running)
    council = council_of(transaction.session, council.poll)
    place = _to_answer(transaction, council, number, also_accepted=True)
    actor = enters(transaction, council.poll.running, number, by, SEATING)
    name = council.candidate(place).name
    _answer(transaction, council, place, "declined", actor=actor, number=number, ground=ground)
    council = council_of(transaction.session, council.poll)
    free = next(p for p in council.places if (p.contest, p.number) == (place.contest, place.number))
    called = call_next(transaction, council, free, (actor,))
    return Declined(contest=place.contest, place=place.number, name=name, next=called)


def _to_answer(transaction: "Transaction", council: Council, number: str, *, also_accepted: bool = False) -> Place:
    place = place_of(transaction.session, council, number)
    running, offer = council.poll.running, place.last
    match offer.standing(transaction.now):
        case "open":
            return place
        case "accepted" if also_accepted:
            return place
        case "lapsed" if offer.until is not None:
            raise Refused(
                "Member {number} could answer until {until}: it is {now}. `stembus council call {procedure}` calls "
                "the next.",
                number=number,
                until=shown_end(running, offer.until),
                now=shown(running, transaction.now),
                procedure=running.procedure.name,
            )
        case "seated":
            raise Refused(
                "Member {number} has taken the seat already. Who leaves it makes a vacancy: `stembus council vacancy`.",
                number=number,
            )
        case standing:
            raise Refused(
                "Member {number} answered before: {standing}. Nothing was changed.",
                number=number,
                standing=STANDINGS[standing],
            )


def _answer(
    transaction: "Transaction",
    council: Council,
    place: Place,
    answer: str,
    *,
    actor: Actor,
    number: str,
    ground: str,
) -> None:
    running = council.poll.running
    transaction.record(
        Act(
            kind=f"council.{answer}",
            by=(actor,),
            ground=ground or f"{running.adopted.policy_id} {running.adopted.version}",
            subject={"procedure": running.procedure.id, "contest": place.contest},
            details={"number": number},
            public={"place": place.number, "turn": place.last.turn},
        )
    )
    row = row_of(transaction.session, council, place)
    row.answer, row.answered_at, row.ground = answer, transaction.now, ground
    transaction.session.add(row)
    transaction.session.flush()
