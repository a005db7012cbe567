"""The places of an election as they stand: read from the rows, beside the poll that filled them."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from sqlmodel import Session, col, or_, select

from stembus.errors import Refused, UnusableInput
from stembus.organisation.authority import all_seats, current_definitions
from stembus.organisation.mandate import HeldSeat
from stembus.organisation.member import display_name
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import Member
from stembus_ballots.countback import CountbackRecord
from stembus_party_council.objections import why_wait
from stembus_party_council.places import Offer, Place, days_to_answer, seating_of, seats_of
from stembus_party_council.tables import PlaceOffer
from stembus_polls import Contest, ContestCandidate, Poll, notes_of, open_poll
from stembus_procedures import Policy
from stembus_procedures.dates import at_clock
from stembus_procedures.language.bodies import Seats
from stembus_procedures.language.stages import Result
from stembus_procedures.language.values import Words
from stembus_procedures.timeline import zone_of

if TYPE_CHECKING:
    from stembus.instance import Transaction

OFFICE = "member"
"""The office that an elected member of a body of the party holds."""


class Council(NamedTuple):
    """A poll whose result was declared, with every place that it fills."""

    poll: Poll
    places: tuple[Place, ...]
    declared_at: datetime

    @property
    def policy(self) -> Policy:
        """The policy of the procedure."""
        return self.poll.running.policy

    @property
    def seats(self) -> Seats:
        """The seats that it fills."""
        return seats_of(self.policy)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of its hours."""
        return zone_of(self.policy)

    @property
    def result_day(self) -> date:
        """The day on which the result was declared."""
        return self.day(self.declared_at)

    @property
    def first_meeting(self) -> date:
        """The day on which the body first meets; without one in the policy, the last day of the seating."""
        stage, times = seating_of(self.policy), self.poll.running.times
        return self.day(times.get(f"{stage.id}.first_meeting") or times[f"{stage.id}.due"])

    def day(self, moment: datetime) -> date:
        """The day of a moment, in the zone of the policy."""
        return moment.astimezone(self.zone).date()

    def contest(self, place: Place) -> Contest:
        """The contest of a place."""
        return self.poll.contest(place.contest)

    def candidate(self, place: Place, offer: Offer | None = None) -> ContestCandidate:
        """The candidate of an offer, without one of the last. Raises ValueError where it names nobody."""
        chosen = place.last if offer is None else offer
        if chosen.candidate is None:
            raise ValueError(f"Turn {chosen.turn} of place {place.number} names nobody.")
        return self.contest(place).candidates[chosen.candidate]


def open_council(transaction: "Transaction", name: str) -> Council:
    """Return the places of the procedure called `name`, to do something with them now.

    Raises `Refused` while its result is not declared, or when it was cancelled or annulled.
    """
    council = council_of(transaction.session, open_poll(transaction, name))
    state = council.poll.running.state
    if state.annulled is not None:
        raise Refused("The vote of {name} was annulled: nothing is done with its places any more.", name=name)
    if state.cancelled_at is not None:
        raise Refused("{name} was cancelled: nothing is done with its places any more.", name=name)
    return council


def council_of(session: Session, poll: Poll) -> Council:
    """Return the places of a poll. Raises `Refused` while its result is not declared."""
    running = poll.running
    try:
        seating_of(running.policy)
        result = running.policy.first(Result)
    except ValueError as error:
        raise Refused("{procedure}: {error}", procedure=running.procedure.name, error=error) from None
    declared_at = running.state.done.get(result.id) if result else None
    if declared_at is None:
        raise Refused(
            "The result of {procedure} is not declared: nobody is elected yet.", procedure=running.procedure.name
        )
    order = [contest.id for contest in poll.contests]
    places = places_of(session, running.procedure.id, running.policy)
    declared_at = max([declared_at, *(o.offered_at for p in places for o in p.offers if o.origin == "elected")])
    return Council(poll, tuple(sorted(places, key=lambda place: order.index(place.contest))), declared_at)


def places_of(session: Session, procedure_id: str, policy: Policy) -> tuple[Place, ...]:
    """Return the places of a procedure by contest, in the order of election."""
    chains: dict[tuple[str, int], list[Offer]] = defaultdict(list)
    rows = session.exec(
        select(PlaceOffer)
        .where(PlaceOffer.procedure_id == procedure_id)
        .order_by(col(PlaceOffer.contest), col(PlaceOffer.place), col(PlaceOffer.turn))
    )
    for row in rows:
        chain = chains[row.contest, row.place]
        chain.append(_offer(row, policy, any(offer.seat_id is not None for offer in chain)))
    return tuple(Place(contest=c, number=n, offers=tuple(offers)) for (c, n), offers in chains.items())


def answer_until(policy: Policy, offered_at: datetime, was_held: bool) -> datetime:
    """Return the end of the last day on which somebody called can answer."""
    zone = zone_of(policy)
    day = offered_at.astimezone(zone).date() + timedelta(days=days_to_answer(policy, was_held))
    return at_clock(day, "24:00", zone)


def waits(session: Session, council: Council, now: datetime) -> Words | None:
    """Return why seats cannot be taken now, or None."""
    result = council.policy.first(Result)
    if result is None:
        return None
    notes = notes_of(session, council.poll.running.procedure.id)
    undecided = sum(note.kind == "complaint" and not note.answer for note in notes)
    return why_wait(result, council.declared_at, council.zone, now, undecided)


def place_of(session: Session, council: Council, number: str) -> Place:
    """Return the place that a member was offered last or holds. Raises `UnusableInput` when there is none."""
    ids = ids_of(session, number)
    found = [place for place in council.places if place.last.member_id in ids]
    if not found:
        raise UnusableInput(
            "Member {number} has no place in {procedure} and is not called for one: `stembus council open "
            "{procedure}` shows who is.",
            number=number,
            procedure=council.poll.running.procedure.name,
        )
    return found[0]


def row_of(session: Session, council: Council, place: Place) -> PlaceOffer:
    """Return the row of the last offer of a place."""
    key = (council.poll.running.procedure.id, place.contest, place.number, place.last.turn)
    return session.get_one(PlaceOffer, key)


def seats_elsewhere(session: Session, council: Council) -> list[HeldSeat]:
    """Return the seats in the body that were not given by this election, deputies left out."""
    rows = session.exec(select(PlaceOffer.seat_id).where(PlaceOffer.procedure_id == council.poll.running.procedure.id))
    own, office = set(rows), office_of(session, council)
    return [
        seat
        for seat in all_seats(session)
        if (seat.body, seat.office) == office
        and seat.deputy_for is None
        and seat.seat_id not in own
        and not seat.is_void
    ]


def office_of(session: Session, council: Council) -> tuple[str, str]:
    """Return the body and the office in which those elected sit; of a branch where it elects its own.

    Raises `Refused` when the definition of the branch leaves open which of its offices that is.
    """
    held_by, body = council.poll.running.held_by, council.seats.body
    branch = None if held_by is None else current_definitions(session).get(held_by)
    if branch is None or body not in branch.own_bodies:
        return body, OFFICE
    offices = [office.name for office in branch.offices if body in branch.spoken_for(office.name)]
    if len(offices) != 1:
        raise Refused(
            "Several offices of {branch} speak for {body}: {offices}. Its definition has to leave that to one office.",
            branch=branch.slug,
            body=body,
            offices=offices,
        )
    return branch.slug, offices[0]


def ids_of(session: Session, number: str) -> set[str]:
    """Return the ids of a member, also of entries that were merged into theirs. Raises `UnusableInput` for nobody."""
    member = member_numbered(session, number)
    merged = session.exec(select(Member.id).where(Member.merged_into == member.id))
    return {member.id, *merged}


def named(session: Session, member_ids: set[str]) -> dict[str, tuple[str, str]]:
    """Return the number and the name of members, by id."""
    if not member_ids:
        return {}
    rows = session.exec(select(Member).where(or_(*(Member.id == one for one in sorted(member_ids)))))
    return {row.id: (row.number, display_name(row.given, row.particle, row.surname)) for row in rows}


_AS_KEPT = {"turn", "origin", "offered_at", "member_id", "candidate", "answer", "seat_id", "term_until", "left_on"}


def _offer(row: PlaceOffer, policy: Policy, was_held: bool) -> Offer:
    return msgspec.convert(
        {
            **row.model_dump(include={*_AS_KEPT, "follows"}),
            "until": answer_until(policy, row.offered_at, was_held) if row.member_id else None,
            "why": msgspec.json.decode(row.why, type=Words) if row.why else None,
            "found": msgspec.json.decode(row.found, type=CountbackRecord) if row.found else None,
        },
        Offer,
    )
