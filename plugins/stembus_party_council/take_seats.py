"""Taking seats: those who accepted get them when no objection holds them back and nothing else stands in the way."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlmodel import Session

from stembus.conduct.acting import enters
from stembus.errors import Refused
from stembus.ledger.acts import Actor
from stembus.organisation.authority import all_seats, current_definitions
from stembus.organisation.incompatible import SAME_OFFICE, Sitting, clashes
from stembus.organisation.seats import Appointment, give_seats
from stembus_party_council.council import Council, ids_of, named, office_of, row_of, waits
from stembus_party_council.places import Place
from stembus_party_council.powers import SEATING
from stembus_party_council.rota import group_of, undrawn
from stembus_party_council.term import DAY, Days, elected_days, successor_days
from stembus_polls import candidacies, judge
from stembus_procedures.language.values import Words

if TYPE_CHECKING:
    from stembus.instance import Transaction

ORIGINS = {
    "elected": "gekozen",
    "countback": "geroepen na hertelling van het stempakket",
    "next_in_result": "geroepen als volgende in de uitslag",
}
"""How somebody came to a place, in the ground of the act that gives the seat: the ground is in the party's language."""
SEATING_RULES = ("member", "conduct_certificate", "incompatible_offices.")
"""The conditions for standing that are looked at once more when a seat is taken; the others held on their own day."""


class Taken(Struct, frozen=True, kw_only=True):
    """A seat that was taken: by whom, for which place, its first and its last day."""

    number: str
    name: str
    contest: str
    place: int
    starts: date
    last_day: date


class Hindered(Struct, frozen=True, kw_only=True):
    """Somebody who accepted and cannot take the seat yet, with every reason."""

    number: str
    name: str
    contest: str
    place: int
    reasons: tuple[Words, ...]


def take_seats(
    transaction: "Transaction", council: Council, numbers: Sequence[str] = (), *, by: str
) -> tuple[list[Taken], list[Hindered]]:
    """Give the seats of these members (none named: of everybody who accepted) and say who cannot take it, and why.

    Raises `Refused` while the result can be objected to, with until when, or when the groups that leave in turn are
    not drawn yet.
    """
    session, now = transaction.session, transaction.now
    if (waiting := waiting_for(session, council, now)) is not None:
        raise Refused(
            "{procedure}: {waiting}. Nothing was changed.",
            procedure=council.poll.running.procedure.name,
            waiting=waiting,
        )
    ids = {one for number in numbers for one in ids_of(session, number)}
    ready = [
        place for place in council.places
        if place.state(now) == "accepted" and (not numbers or place.last.member_id in ids)
    ]  # fmt: skip
    people = named(session, {place.last.member_id for place in ready if place.last.member_id})
    taken: list[Taken] = []
    hindered: list[Hindered] = []
    for place in ready:
        number, name = people[str(place.last.member_id)]
        actor = enters(transaction, council.poll.running, number, by, SEATING)
        if reasons := hindrances(session, council, place, now):
            hindered.append(
                Hindered(number=number, name=name, contest=place.contest, place=place.number, reasons=reasons)
            )
            continue
        days = _give(transaction, council, place, number, actor)
        taken.append(
            Taken(
                number=number,
                name=name,
                contest=place.contest,
                place=place.number,
                starts=days.starts,
                last_day=days.ends - DAY,
            )
        )
    return taken, hindered


def waiting_for(session: Session, council: Council, now: datetime) -> Words | None:
    """Return why no seat at all can be taken now, or None: objections to the result, groups that are not drawn."""
    return waits(session, council, now) or undrawn(session, council)


def hindrances(session: Session, council: Council, place: Place, now: datetime) -> tuple[Words, ...]:
    """Return what somebody who is offered a place has to settle before the seat can be taken."""
    running, today = council.poll.running, council.day(now)
    candidate = council.candidate(place)
    rows = [row for row in candidacies(session, running.procedure.id) if str(row.entry) == candidate.id]
    found: list[Words] = []
    for verdict in judge(session, running, rows, step="before_seating", on=today).values():
        found += [check.reason for check in verdict.reasons if check.rule.startswith(SEATING_RULES)]
    days = days_of(session, council, place, today)
    body, office = office_of(session, council)
    new = Sitting(
        seat_id="",
        member_id=str(place.last.member_id),
        body=body,
        office=office,
        starts=days.starts,
        ends=days.ends,
    )
    rules = {slug: definition.incompatible for slug, definition in current_definitions(session).items()}
    for clash in clashes(new, all_seats(session), rules):
        other = f"{clash.other.body}.{clash.other.office}"
        reason = "het is dezelfde functie" if clash.reason == SAME_OFFICE else clash.reason
        found.append(
            Words(
                nl=f"Heeft een zetel als {other} ({reason}); die eindigt eerst.",
                en=f"Has a seat as {other} ({clash.reason}); it has to end first.",
            )
        )
    return tuple(found)


def days_of(session: Session, council: Council, place: Place, today: date) -> Days:
    """Return the days of whoever takes a place today."""
    holder = place.holder
    if holder.left_on is not None and holder.term_until is not None:
        return successor_days(council.seats, today=today, left_on=holder.left_on, predecessor_ends=holder.term_until)
    return elected_days(
        council.seats,
        result=council.result_day,
        today=today,
        constitution=council.first_meeting,
        group=group_of(session, council, place),
    )


def _give(transaction: "Transaction", council: Council, place: Place, number: str, actor: Actor) -> Days:
    running, seats = council.poll.running, council.seats
    body, office = office_of(transaction.session, council)
    days = days_of(transaction.session, council, place, council.day(transaction.now))
    title = council.poll.contest(place.contest).plan.title.nl
    origin = ORIGINS[place.last.origin]
    (seat_id,) = give_seats(
        transaction,
        [
            Appointment(
                body=body,
                office=office,
                number=number,
                starts=days.starts,
                last_day=None if seats.until_replaced else days.ends - DAY,
            )
        ],
        actors=(actor,),
        ground=f"{running.procedure.name}, {title}, plaats {place.number}: {origin}, aanvaard",
    )
    row = row_of(transaction.session, council, place)
    row.seat_id, row.term_until = seat_id, days.ends
    transaction.session.add(row)
    transaction.session.flush()
    return days
