"""Adopting the definition of a body: an act of two, kept as a new version beside the older ones."""

from typing import TYPE_CHECKING

import msgspec
from sqlmodel import Session, select

from stembus.errors import Refused
from stembus.ledger.acts import Act
from stembus.organisation.authority import all_seats, authorise_two, current_definitions, today
from stembus.organisation.bodies import BodyDefinition
from stembus.organisation.core_powers import BODIES_DEFINE
from stembus.organisation.incompatible import clashes, most_at_once, rules_of
from stembus.organisation.mandate import HeldSeat
from stembus.organisation.seat_rows import lock_seats
from stembus.organisation.tables import AdoptedDefinition, Body
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from datetime import date

    from stembus.instance import Transaction


def define_body(
    transaction: "Transaction", definition: BodyDefinition, *, by: tuple[str, str], ground: str
) -> int | None:
    """Adopt `definition` and return its version; None when it is already in force, and then nothing is recorded.

    `by` are the numbers of two members. Raises `Refused` when seats that run now or later do not fit it.
    """
    actors = authorise_two(transaction, *by, BODIES_DEFINE)
    session = transaction.session
    lock_seats(session)
    definitions = current_definitions(session)
    if definitions.get(definition.slug) == definition:
        return None
    must_fit(session, definition, today(transaction.instance, transaction.now))
    version = 1 + len(body_versions(session, definition.slug))
    body = session.get(Body, definition.slug) or Body(slug=definition.slug, kind="", nl="", en="")
    body.kind, body.nl, body.en = definition.kind, definition.nl, definition.en
    session.add(body)
    text = msgspec.json.encode(definition, order="deterministic").decode()
    act_id = transaction.record(
        Act(
            kind="body.defined",
            by=actors,
            ground=ground,
            subject={"body": definition.slug},
            details={"definition": msgspec.to_builtins(definition)},
            public={"version": version},
        )
    )
    session.add(
        AdoptedDefinition(
            body=definition.slug, version=version, definition=text, adopted_at=transaction.now, act_id=act_id
        )
    )
    session.flush()
    return version


def must_fit(session: Session, definition: BodyDefinition, day: "date") -> None:
    """Raise `Refused` when another body has that branch, or seats that run on `day` or later do not fit it."""
    definitions = current_definitions(session)
    for other in definitions.values():
        if definition.branch is not None and other.branch == definition.branch and other.slug != definition.slug:
            raise Refused(
                "{branch} is already the branch of the body {other}: the members of one branch have one body.",
                branch=definition.branch,
                other=other.slug,
            )
    _fits(definition, definitions, [seat for seat in all_seats(session) if seat.ends is None or seat.ends > day], day)


def body_versions(session: Session, slug: str) -> list[AdoptedDefinition]:
    """Return every adopted version of a body's definition, the oldest first."""
    return sorted(
        session.exec(select(AdoptedDefinition).where(AdoptedDefinition.body == slug)), key=lambda row: row.version
    )


def _fits(definition: BodyDefinition, before: dict[str, BodyDefinition], seats: list[HeldSeat], day: "date") -> None:
    offices = {office.name: office.seats for office in definition.offices}
    rules = rules_of({**before, definition.slug: definition})
    for seat in seats:
        if seat.body == definition.slug and seat.office not in offices:
            raise Refused(
                "{definition}: {name} ({number}) has a seat as {office!r}, which this definition leaves out. End that "
                "seat first, or keep the office.",
                definition=definition.slug,
                name=seat.name,
                number=seat.number,
                office=seat.office,
            )
        for clash in clashes(seat, seats, rules):
            raise Refused(
                "{definition}: {name} ({number}) holds {body}.{office} and {other_body}.{other_office} from {since}, "
                "which could no longer go together ({reason}). End one of them first.",
                definition=definition.slug,
                name=seat.name,
                number=seat.number,
                body=seat.body,
                office=seat.office,
                other_body=clash.other.body,
                other_office=clash.other.office,
                since=max(clash.since, day),
                reason=Sentence(clash.reason),
            )
    for name, number in offices.items():
        held = most_at_once(definition.slug, name, seats)
        if held > number:
            raise Refused(
                "{definition}.{name}: {held} seats are given, and this definition has {number}.",
                definition=definition.slug,
                name=name,
                held=held,
                number=number,
            )
