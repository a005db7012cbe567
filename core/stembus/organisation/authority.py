"""Who may do what, now: power follows the seat that somebody holds today, and nothing else."""

from collections.abc import Container
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

import msgspec
from sqlmodel import Session, col, select

from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Actor
from stembus.organisation.bodies import BodyDefinition
from stembus.organisation.core_powers import all_powers
from stembus.organisation.mandate import Absence, HeldSeat, acting, allows, reaches
from stembus.organisation.member import display_name
from stembus.organisation.powers import Power
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import AdoptedDefinition, Member, Seat, SeatAbsence

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction


def authorise(
    transaction: "Transaction",
    member_number: str,
    power: str,
    *,
    branch: str | None = None,
    bodies: Container[str] | None = None,
) -> Actor:
    """Return the member with the seat that lets them use `power` now.

    `branch` is the body of the branch whose matter it is; without it the matter is the party's, and a seat in a
    branch does not count. With `bodies`, seats of the party count only in one of those.

    Raises `Refused` with who may, when no seat of theirs does, or when the power is grave and takes two.
    """
    if _power(transaction.instance, power).grave:
        raise Refused(
            "To {power} takes two people in two seats: name the second.",
            power=_power(transaction.instance, power),
        )
    return _actor(_seats_allowing(transaction, member_number, power, branch, bodies)[0])


def self_or_office(
    transaction: "Transaction",
    number: str,
    by: str,
    power: str,
    *,
    branch: str | None = None,
    bodies: Container[str] | None = None,
) -> Actor:
    """Return who enters something for the member `number`: that member, or somebody whose seat allows it.

    `branch` and `bodies` as in `authorise`.
    """
    member = member_numbered(transaction.session, number)
    if member_numbered(transaction.session, by).id == member.id:
        return Actor(member_id=member.id, seat_id="", capacity="member")
    return authorise(transaction, by, power, branch=branch, bodies=bodies)


def authorise_two(
    transaction: "Transaction",
    first: str,
    second: str,
    power: str,
    *,
    branch: str | None = None,
    bodies: Container[str] | None = None,
) -> tuple[Actor, Actor]:
    """Return two members, each with a seat that lets them use `power` now: another person and another seat.

    `branch` and `bodies` as in `authorise`.

    Raises `Refused` when they are one person, when a deputy acts beside the seat they stand in for, or when one has
    no seat that allows it.
    """
    one, two = (_seats_allowing(transaction, number, power, branch, bodies) for number in (first, second))
    known = _power(transaction.instance, power)
    if one[0].member_id == two[0].member_id:
        raise Refused(
            "To {power} takes two different people: {first} and {second} are one. Name another.",
            power=known,
            first=first,
            second=second,
        )
    for a in one:
        for b in two:
            if a.mandate != b.mandate:
                return _actor(a), _actor(b)
    raise Refused(
        "To {power} takes two different seats: {first} and {second} act in the same one. Name another.",
        power=known,
        first=first,
        second=second,
    )


def holders(
    session: Session, day: date, power: str, *, branch: str | None = None, bodies: Container[str] | None = None
) -> list[HeldSeat]:
    """Return the seats that allow `power` on `day` in what is the party's, or that branch's.

    `bodies` as in `authorise`.
    """
    definitions = current_definitions(session)
    return [
        seat
        for seat in acting_seats(session, day)
        if allows(seat, power, definitions) and reaches(seat, branch, definitions, bodies)
    ]


def acting_seats(session: Session, day: date) -> list[HeldSeat]:
    """Return the seats that give their holder power on `day`: absences, deputies and the bootstrap reckoned with."""
    absences = [Absence(a.seat_id, a.starts, a.ends) for a in session.exec(select(SeatAbsence))]
    return acting(all_seats(session), absences, day)


def all_seats(session: Session) -> list[HeldSeat]:
    """Return every seat that ever was given, the oldest first."""
    rows = session.exec(
        select(Seat, Member)
        .join(Member, col(Member.id) == col(Seat.member_id))
        .order_by(col(Seat.given_at), col(Seat.body), col(Seat.office), col(Member.number))
    )
    return [
        HeldSeat(
            **seat.model_dump(include={"member_id", "body", "office", "starts", "ends", "deputy_for", "given_at"}),
            seat_id=seat.id,
            number=member.number,
            name=display_name(member.given, member.particle, member.surname),
        )
        for seat, member in rows
    ]


def current_definitions(session: Session) -> dict[str, BodyDefinition]:
    """Return the newest adopted definition of each body, by its name."""
    rows = session.exec(select(AdoptedDefinition).order_by(col(AdoptedDefinition.version)))
    return {row.body: msgspec.json.decode(row.definition, type=BodyDefinition) for row in rows}


def called_now(session: Session, language: Literal["nl", "en"]) -> dict[str, str]:
    """Return what people call the bodies ("board") and offices ("board.chair") that the newest definitions have."""
    found = {}
    for slug, body in current_definitions(session).items():
        found[slug] = getattr(body, language)
        found |= {f"{slug}.{office.name}": getattr(office, language) for office in body.offices}
    return found


def today(instance: "Instance", now: datetime) -> date:
    """Return the day of the party at the moment `now`."""
    return now.astimezone(instance.zone).date()


def _power(instance: "Instance", name: str) -> Power:
    powers = all_powers(instance.plugins.powers())
    if name not in powers:
        raise UnusableInput(
            "Nothing installed knows the power {name!r}: there are {powers}.", name=name, powers=sorted(powers)
        )
    return powers[name]


def _seats_allowing(
    transaction: "Transaction", number: str, power: str, branch: str | None, bodies: Container[str] | None
) -> list[HeldSeat]:
    """Return the seats of one member that allow the power now, at least one. Raises `Refused` with who may."""
    known = _power(transaction.instance, power)
    member = member_numbered(transaction.session, number)
    day = today(transaction.instance, transaction.now)
    may = holders(transaction.session, day, power, branch=branch, bodies=bodies)
    own = [seat for seat in may if seat.member_id == member.id]
    if not own:
        who = "; ".join(f"{seat.name} ({seat.number}, {seat.body}.{seat.office})" for seat in may)
        if not who:
            raise Refused(
                "Member {number} holds no seat today that allows to {power}: nobody does today; a body has to grant it "
                "and appoint.",
                number=number,
                power=known,
            )
        raise Refused(
            "Member {number} holds no seat today that allows to {power}: this may be done by {who}.",
            number=number,
            power=known,
            who=who,
        )
    return own


def _actor(seat: HeldSeat) -> Actor:
    capacity = f"{seat.body}.{seat.office}" + ("" if seat.deputy_for is None else " (deputy)")
    return Actor(member_id=seat.member_id, seat_id=seat.seat_id, capacity=capacity)
