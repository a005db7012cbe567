"""The first act of an instance: two people set it up, with every power until they have appointed others."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlmodel import select

from stembus.errors import Refused, UnusableInput
from stembus.ids import new_id
from stembus.ledger.acts import Act, Actor
from stembus.ledger.tables import LedgerLeaf
from stembus.organisation.authority import today
from stembus.organisation.bodies import BOOTSTRAP, FOUNDER
from stembus.organisation.roll.cells import clean, split_full_name
from stembus.organisation.tables import Body, Member, Seat

if TYPE_CHECKING:
    from stembus.instance import Transaction

GROUND = "inrichting van de instantie"


def parse_founder(text: str) -> tuple[str, str]:
    """Return number and name from "1001 Jan van der Berg". Raises `UnusableInput` that shows the form."""
    number, _, name = clean(text).partition(" ")
    if not number or not name.strip() or not any(c.isdigit() for c in number):
        raise UnusableInput(
            '--founder {text!r}: expected a member number and a name, as in "1001 Jan van der Berg".', text=text
        )
    return number, name.strip()


def check_founders(founders: Sequence[tuple[str, str]]) -> None:
    """Raise `UnusableInput` unless these are two different people, each with a number of their own."""
    numbers = {number.lstrip("0") for number, _ in founders}
    names = {name.casefold() for _, name in founders}
    if len(founders) != 2 or len(numbers) != 2 or len(names) != 2:
        raise UnusableInput(
            "An instance is set up by two different people: give --founder twice, each with an own number and name."
        )


def bootstrap(transaction: "Transaction", founders: Sequence[tuple[str, str]], ground: str = GROUND) -> str:
    """Record the founding act of two people (number, name), make them known, seat them, and return the act's id.

    A later import finds them by their numbers. Raises `Refused` when the database already holds acts.
    """
    check_founders(founders)
    session = transaction.session
    if session.exec(select(LedgerLeaf.act_id).limit(1)).first() is not None:
        raise Refused("The database already holds acts of an instance: name an empty one. Nothing was changed.")
    members = [_member(number, name, new_id(transaction.now)) for number, name in founders]
    session.add_all(members)
    session.add(Body(slug=BOOTSTRAP, kind="office", nl="Oprichters van de inrichting", en="Founders of the instance"))
    session.flush()
    seats = [new_id(transaction.now) for _ in members]
    actors = [
        Actor(member_id=member.id, seat_id=seat, capacity=f"{BOOTSTRAP}.{FOUNDER}")
        for member, seat in zip(members, seats, strict=True)
    ]
    organisation = transaction.instance.settings.organisation
    act_id = transaction.record(
        Act(
            kind="organisation.founded",
            by=tuple(actors),
            ground=ground,
            subject={"first": members[0].id, "second": members[1].id},
            details={"first": " ".join(founders[0]), "second": " ".join(founders[1])},
            public={"organisation": organisation},
        )
    )
    day = today(transaction.instance, transaction.now)
    for actor in actors:
        session.add(
            Seat(
                id=actor.seat_id,
                body=BOOTSTRAP,
                office=FOUNDER,
                member_id=actor.member_id,
                starts=day,
                given_at=transaction.now,
                given_by=act_id,
            )
        )
    session.flush()
    return act_id


def _member(number: str, name: str, member_id: str) -> Member:
    given, particle, surname = split_full_name(name)
    return Member(id=member_id, number=number, given=given, particle=particle, surname=surname, source="founder")
