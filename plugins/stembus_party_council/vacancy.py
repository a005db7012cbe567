"""A seat that falls empty during the term: stated by the body that the policy names, and filled as the policy says."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Act, Actor
from stembus.organisation.seats import end_held_seat
from stembus.organisation.tables import Member, Seat
from stembus_party_council.council import Council, council_of, office_of, place_of, row_of
from stembus_party_council.offers import Called, call_next
from stembus_party_council.places import STANDINGS, Offer, Place
from stembus_party_council.term import DAY
from stembus_polls import lock_procedure, signed
from stembus_procedures.language.bodies import Seats, Vacancy
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction

_BELOW_NL = {
    "by_election": "er komt een tussentijdse verkiezing",
    "appoint_interim": "er worden tijdelijk mensen benoemd",
    "body_stops": "het orgaan houdt op tot er nieuwe leden zijn",
}
_BELOW_EN = {
    "by_election": "there is a by-election",
    "appoint_interim": "people are appointed for the time being",
    "body_stops": "the body stops until there are new members",
}


class Vacated(Struct, frozen=True, kw_only=True):
    """What a vacancy came to: whose seat ended after which day, who is called, and whether the body is too small."""

    contest: str
    place: int
    name: str
    last_day: date
    next: Called
    below_minimum: Words | None


def state_vacancy(
    transaction: "Transaction", council: Council, number: str, *, left_on: date, ground: str, by: Sequence[str]
) -> Vacated:
    """State that a member leaves the seat after the day `left_on`, end it, and call who comes next.

    It takes two people who act for the body that the policy names. A day in the past is kept as it was, but the
    seat itself ends yesterday at the earliest: what was done in it stands. Raises `Refused` when the member has no
    seat of this election, or when it ends by itself before that; `UnusableInput` for a day before it began.
    """
    lock_procedure(transaction.session, council.poll.running)
    council = council_of(transaction.session, council.poll)
    rule = _rule(council)
    place = place_of(transaction.session, council, number)
    if place.last.standing(transaction.now) != "seated":
        raise Refused(
            "Member {number} is not in the seat of {contest} place {place}: it is {standing}. A place that was "
            "not taken is declined, not vacated.",
            number=number,
            contest=place.contest,
            place=place.number,
            standing=STANDINGS[place.last.standing(transaction.now)],
        )
    if place.last.term_until is not None and left_on + DAY >= place.last.term_until:
        raise Refused(
            "The term of member {number} ends by itself on {term_until}: nothing to fill.",
            number=number,
            term_until=place.last.term_until - DAY,
        )
    began = transaction.session.get_one(Seat, place.last.seat_id).starts
    if left_on < began:
        raise UnusableInput(
            "Member {number} took the seat on {began}: --left-on cannot be {left_on}.",
            number=number,
            began=began,
            left_on=left_on,
        )
    people = signed(
        transaction, council.poll.running, by, (rule.decided_by,), least=2, what=Sentence("Stating a vacancy")
    )
    last_day = _end_seat(transaction, council, place, left_on=left_on, actors=people.actors, ground=ground)
    name = council.candidate(place).name
    transaction.record(
        Act(
            kind="council.vacant",
            by=people.actors,
            ground=ground,
            subject={"procedure": council.poll.running.procedure.id, "contest": place.contest},
            details={"number": number, "left_on": str(left_on)},
            public={"place": place.number, "turn": place.last.turn},
        )
    )
    row = row_of(transaction.session, council, place)
    row.left_on, row.ground = last_day, ground
    transaction.session.add(row)
    transaction.session.flush()
    council = council_of(transaction.session, council.poll)
    free = next(p for p in council.places if (p.contest, p.number) == (place.contest, place.number))
    called = call_next(transaction, council, free, people.actors)
    return Vacated(
        contest=place.contest,
        place=place.number,
        name=name,
        last_day=last_day,
        next=called,
        below_minimum=below_minimum(council.seats, members_after(council, last_day)),
    )


def below_minimum(seats: Seats, members: int) -> Words | None:
    """Return what the policy says when so few members are left, or None when they are enough to form the body."""
    if seats.vacancy is None or members >= seats.minimum_to_constitute:
        return None
    follows = seats.vacancy.below_minimum
    left_nl, left_en = ("1 lid", "1 member is") if members == 1 else (f"{members} leden", f"{members} members are")
    return Words(
        nl=f"{left_nl} over, {seats.minimum_to_constitute} nodig; wordt dat niet aangevuld: {_BELOW_NL[follows]}",
        en=f"{left_en} left and it takes {seats.minimum_to_constitute}; unless the places are taken: "
        f"{_BELOW_EN[follows]}",
    )


def members_after(council: Council, day: date) -> int:
    """Return how many still sit in a seat of this election after a day."""
    return sum(_sits_after(place.last, day) for place in council.places)


def _sits_after(offer: Offer, day: date) -> bool:
    if offer.seat_id is None or (offer.left_on is not None and offer.left_on <= day):
        return False
    return offer.term_until is None or offer.term_until > day + DAY


def _rule(council: Council) -> Vacancy:
    if council.seats.vacancy is None:
        raise Refused(
            "The policy of {procedure} says nothing about vacancies (`seats.vacancy`): end the seat with `stembus "
            "seats end`; it stays empty.",
            procedure=council.poll.running.procedure.name,
        )
    return council.seats.vacancy


def _end_seat(
    transaction: "Transaction", council: Council, place: Place, *, left_on: date, actors: tuple[Actor, ...], ground: str
) -> date:
    """End the seat in the register, unless that was done before, and return its last day."""
    seat = transaction.session.get_one(Seat, place.last.seat_id)
    yesterday = council.day(transaction.now) - DAY
    last_day = max(left_on, yesterday)
    if seat.ends is not None and seat.ends - DAY <= last_day:
        return seat.ends - DAY
    number = transaction.session.get_one(Member, seat.member_id).number
    office = office_of(transaction.session, council)
    end_held_seat(transaction, *office, number, last_day=last_day, actors=actors, ground=ground)
    return last_day
