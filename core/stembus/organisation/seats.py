"""Giving seats, ending them, and recording absence. Each is an act; giving and ending take two people."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from sqlmodel import Session

from stembus.errors import Refused, UnusableInput
from stembus.ids import new_id
from stembus.ledger.acts import Act, Actor
from stembus.organisation.authority import (
    acting_seats,
    all_seats,
    authorise,
    authorise_two,
    current_definitions,
    holders,
    today,
)
from stembus.organisation.bodies import BOOTSTRAP, BodyDefinition
from stembus.organisation.core_powers import BODIES_DEFINE, SEATS_ABSENCE, SEATS_APPOINT
from stembus.organisation.incompatible import clashes, most_at_once, rules_of
from stembus.organisation.mandate import HeldSeat
from stembus.organisation.member import display_name
from stembus.organisation.registry import member_numbered
from stembus.organisation.seat_rows import lock_seats, seat_of
from stembus.organisation.tables import Seat, SeatAbsence
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction


class Appointment(msgspec.Struct, frozen=True, kw_only=True):
    """A seat to be given: to the member with `number`, from `starts` up to and including `last_day`.

    `deputy_for` is the number of the member whose seat in the same office this one stands in for.
    """

    body: str
    office: str
    number: str
    starts: date
    last_day: date | None = None
    deputy_for: str | None = None


def appoint(
    transaction: "Transaction", appointments: Sequence[Appointment], *, by: tuple[str, str], ground: str
) -> list[str]:
    """Give seats and return their ids: all of them or none.

    Raises `Refused` when a seat cannot go together with another one that the same person holds at any time, when an
    office is full, or when the founders' power would lapse with nobody left to appoint. Raises `UnusableInput` for a
    body, office or member that is not there.
    """
    actors = authorise_two(transaction, *by, SEATS_APPOINT)
    return give_seats(transaction, appointments, actors=actors, ground=ground)


def give_seats(
    transaction: "Transaction", appointments: Sequence[Appointment], *, actors: tuple[Actor, ...], ground: str
) -> list[str]:
    """Give seats by `actors` whose power was already looked at, such as a body that declares who was elected."""
    lock_seats(transaction.session)
    definitions = current_definitions(transaction.session)
    bootstrapped = any(
        seat.body == BOOTSTRAP
        for seat in acting_seats(transaction.session, today(transaction.instance, transaction.now))
    )
    given = [_give(transaction, one, definitions, actors, ground) for one in appointments]
    if bootstrapped:
        _somebody_can_go_on(transaction)
    return given


def end_seat(
    transaction: "Transaction",
    body: str,
    office: str,
    number: str,
    *,
    last_day: date,
    by: tuple[str, str],
    ground: str,
) -> str:
    """Make `last_day` the last day of a seat and return its id. Raises `Refused` when it ends before that by itself."""
    actors = authorise_two(transaction, *by, SEATS_APPOINT)
    return end_held_seat(transaction, body, office, number, last_day=last_day, actors=actors, ground=ground)


def end_held_seat(
    transaction: "Transaction",
    body: str,
    office: str,
    number: str,
    *,
    last_day: date,
    actors: tuple[Actor, ...],
    ground: str,
) -> str:
    """End a seat by `actors` whose power was already looked at, such as a body that states a vacancy."""
    lock_seats(transaction.session)
    day = today(transaction.instance, transaction.now)
    seat = seat_of(transaction.session, body, office, number, day)
    ends = last_day + timedelta(days=1)
    if last_day < day - timedelta(days=1):
        raise Refused(
            "A seat cannot be ended in the past ({last_day}): what was done in it stands. Name a later day.",
            last_day=last_day,
        )
    if seat.ends is not None and seat.ends <= ends:
        raise Refused(
            "The seat of {number} in {body}.{office} already ends: its last day is {ends}.",
            number=number,
            body=body,
            office=office,
            ends=_last(seat.ends),
        )
    act_id = transaction.record(
        Act(
            kind="seat.ended",
            by=actors,
            ground=ground,
            subject={"seat": seat.id, "member": seat.member_id, "body": body},
            details={"number": number, "office": office, "last_day": str(last_day)},
        )
    )
    seat.ends, seat.ended_by = ends, act_id
    transaction.session.add(seat)
    transaction.session.flush()
    return seat.id


def record_absence(
    transaction: "Transaction",
    body: str,
    office: str,
    number: str,
    *,
    starts: date,
    last_day: date | None,
    by: str,
    ground: str,
) -> None:
    """Record that the holder of a seat is absent, so that the deputy acts. Holders may say so of themselves."""
    session = transaction.session
    day = today(transaction.instance, transaction.now)
    seat = seat_of(session, body, office, number, starts)
    if starts < day:
        raise Refused(
            "An absence cannot begin in the past ({starts}): what was done in the seat stands.", starts=starts
        )
    if last_day is not None and last_day < starts:
        raise UnusableInput(
            "The absence ends ({last_day}) before it begins ({starts}).", last_day=last_day, starts=starts
        )
    if session.get(SeatAbsence, (seat.id, starts)) is not None:
        raise Refused("The absence of {number} from {starts} is already recorded.", number=number, starts=starts)
    if member_numbered(session, by).id == seat.member_id:
        actor = Actor(member_id=seat.member_id, seat_id=seat.id, capacity=f"{body}.{office}")
    else:
        actor = authorise(transaction, by, SEATS_ABSENCE)
    act_id = transaction.record(
        Act(
            kind="seat.absent",
            by=(actor,),
            ground=ground,
            subject={"seat": seat.id, "member": seat.member_id, "body": body},
            details={"number": number, "office": office, "starts": str(starts), "last_day": str(last_day or "…")},
        )
    )
    session.add(SeatAbsence(seat_id=seat.id, starts=starts, ends=_after(last_day), act_id=act_id))
    session.flush()


def planned_seat(
    session: Session, wanted: Appointment, definitions: Mapping[str, BodyDefinition], now: datetime
) -> HeldSeat:
    """Return a seat as it would be given at `now`, before a rule looks at it; it is not in the database.

    Raises `UnusableInput` for a body, office or member that is not there, and for a term that ends before it begins.
    """
    if wanted.body not in definitions:
        raise UnusableInput(
            "There is no body {body!r}: there are {bodies}. `stembus bodies define` adopts one.",
            body=wanted.body,
            bodies=sorted(definitions) or Sentence("none yet"),
        )
    definitions[wanted.body].office(wanted.office)
    if wanted.last_day is not None and wanted.last_day < wanted.starts:
        raise UnusableInput(
            "{number}: the seat ends ({last_day}) before it begins ({starts}).",
            number=wanted.number,
            last_day=wanted.last_day,
            starts=wanted.starts,
        )
    member = member_numbered(session, wanted.number)
    principal = (
        None
        if wanted.deputy_for is None
        else seat_of(session, wanted.body, wanted.office, wanted.deputy_for, wanted.starts).id
    )
    return HeldSeat(
        seat_id=new_id(now),
        member_id=member.id,
        number=wanted.number,
        name=display_name(member.given, member.particle, member.surname),
        body=wanted.body,
        office=wanted.office,
        starts=wanted.starts,
        ends=_after(wanted.last_day),
        deputy_for=principal,
        given_at=now,
    )


def _give(
    transaction: "Transaction",
    wanted: Appointment,
    definitions: dict[str, BodyDefinition],
    actors: tuple[Actor, ...],
    ground: str,
) -> str:
    session = transaction.session
    new = planned_seat(session, wanted, definitions, transaction.now)
    _allowed(new, all_seats(session), definitions)
    _keep(transaction, new, wanted, actors, ground)
    return new.seat_id


def _keep(
    transaction: "Transaction", new: HeldSeat, wanted: Appointment, actors: tuple[Actor, ...], ground: str
) -> None:
    """Record the giving of a seat and write its row."""
    act_id = transaction.record(
        Act(
            kind="seat.given",
            by=actors,
            ground=ground,
            subject={"seat": new.seat_id, "member": new.member_id, "body": new.body},
            details={
                "number": wanted.number,
                "office": new.office,
                "starts": str(new.starts),
                "last_day": str(wanted.last_day or "…"),
                "deputy_for": new.deputy_for,
            },
        )
    )
    transaction.session.add(
        Seat(
            id=new.seat_id,
            member_id=new.member_id,
            body=new.body,
            office=new.office,
            starts=new.starts,
            ends=new.ends,
            deputy_for=new.deputy_for,
            given_at=transaction.now,
            given_by=act_id,
        )
    )
    transaction.session.flush()


def _allowed(new: HeldSeat, seats: list[HeldSeat], definitions: dict[str, BodyDefinition]) -> None:
    for clash in clashes(new, seats, rules_of(definitions)):
        since = Sentence("from {since}", since=clash.since)
        if clash.until is not None:
            since = Sentence("from {since} until {until}", since=clash.since, until=_last(clash.until))
        raise Refused(
            "{name} ({number}) cannot have a seat as {body}.{office}: {since} it would go together with "
            "{other_body}.{other_office} ({reason}). End that seat first, or appoint somebody else.",
            name=new.name,
            number=new.number,
            body=new.body,
            office=new.office,
            since=since,
            other_body=clash.other.body,
            other_office=clash.other.office,
            reason=clash.reason,
        )
    number = definitions[new.body].office(new.office).seats
    if most_at_once(new.body, new.office, [*seats, new]) > number:
        raise Refused(
            "{body}.{office} has {number} seats, and all are taken on a day of this term. End one first.",
            body=new.body,
            office=new.office,
            number=number,
        )


def _somebody_can_go_on(transaction: "Transaction") -> None:
    """Refuse appointments with which the founders' power lapses while no two others could appoint or define."""
    session = transaction.session
    first = min((s.starts for s in all_seats(session) if s.body != BOOTSTRAP and not s.is_void), default=None)
    for power in (SEATS_APPOINT, BODIES_DEFINE):
        if first is not None and len({seat.member_id for seat in holders(session, first, power)}) < 2:
            raise Refused(
                "With the first seat the founders' power lapses, and on {first} no two people would hold {power!r}: "
                "appoint them in the same act (`stembus seats appoint --file`). Nothing was changed.",
                first=first,
                power=power,
            )


def _after(last_day: date | None) -> date | None:
    return None if last_day is None else last_day + timedelta(days=1)


def _last(ends: date) -> date:
    return ends - timedelta(days=1)
