"""The acts of two about bodies and seats."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from stembus.access.grave_acts import Arguments, GraveAct, with_power
from stembus.organisation.authority import acting_seats, all_seats, current_definitions, today
from stembus.organisation.bodies import BodyDefinition
from stembus.organisation.core_powers import BODIES_DEFINE, SEATS_APPOINT, all_powers
from stembus.organisation.define import define_body
from stembus.organisation.definition_changes import changes
from stembus.organisation.member import display_name
from stembus.organisation.outlook import left_undone
from stembus.organisation.powers import Power
from stembus.organisation.registry import member_numbered
from stembus.organisation.seat_rows import seat_of
from stembus.organisation.seats import Appointment, appoint, end_seat
from stembus.organisation.tables import Member
from stembus.words import N_
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction


class Give(Arguments, frozen=True):
    """A seat to give: to the member with `number`, up to and including `last_day`; perhaps as the deputy of another."""

    body: str
    office: str
    number: str
    starts: date
    ground: str
    last_day: date | None = None
    deputy_for: str | None = None


class End(Arguments, frozen=True):
    """A seat to end, and why. Without a last day it ends at the moment that this is confirmed."""

    body: str
    office: str
    number: str
    last_day: date | None
    ground: str


class Define(Arguments, frozen=True):
    """The definition of a body to adopt, and the decision that it rests on."""

    definition: BodyDefinition
    ground: str


def named_person(transaction: "Transaction", number: str) -> str:
    """Return who is meant in a sentence of an act of two: name and number."""
    member: Member = member_numbered(transaction.session, number)
    return f"{display_name(member.given, member.particle, member.surname)} ({member.number})"


def named_office(transaction: "Transaction", body: str, office: str) -> Words:
    """Return what a seat is called in a sentence: the office and its body."""
    definition = current_definitions(transaction.session).get(body)
    if definition is None:
        return Words(nl=f"{body}.{office}", en=f"{body}.{office}")
    found = definition.office(office)
    return Words(nl=f"{found.nl}, {definition.nl}", en=f"{found.en}, {definition.en}")


def _powers(transaction: "Transaction", body: str, office: str) -> list[Power]:
    """Return what a seat in an office allows, as far as something installed knows it."""
    definition = current_definitions(transaction.session).get(body)
    known = all_powers(transaction.instance.plugins.powers())
    return [] if definition is None else [known[name] for name in definition.office(office).powers if name in known]


def _ground(ground: str) -> Sentence:
    return Sentence(N_("The ground: {ground}"), ground=ground)


def _give_sentences(transaction: "Transaction", arguments: Give) -> Sequence[Sentence]:
    found = [
        Sentence(
            N_("{person} gets a seat: {office}, from {starts}."),
            person=named_person(transaction, arguments.number),
            office=named_office(transaction, arguments.body, arguments.office),
            starts=arguments.starts,
        ),
        Sentence(N_("The last day in the seat is {day}."), day=arguments.last_day)
        if arguments.last_day
        else Sentence(N_("No end is set for it.")),
    ]
    if arguments.deputy_for is not None:
        found.append(
            Sentence(
                N_("It is the seat of a deputy: it counts while {person} is absent."),
                person=named_person(transaction, arguments.deputy_for),
            )
        )
    if powers := _powers(transaction, arguments.body, arguments.office):
        found.append(Sentence(N_("The seat allows: {powers}."), powers=powers))
    return *found, _ground(arguments.ground)


def _give(transaction: "Transaction", arguments: Give, first: str, second: str) -> object:
    seat = Appointment(
        body=arguments.body,
        office=arguments.office,
        number=arguments.number,
        starts=arguments.starts,
        last_day=arguments.last_day,
        deputy_for=arguments.deputy_for,
    )
    return appoint(transaction, [seat], by=(first, second), ground=arguments.ground)


GIVE = GraveAct(
    name="seats.appoint",
    title=N_("give a seat"),
    arguments=Give,
    sentences=_give_sentences,
    who=lambda transaction, _arguments: with_power(transaction, SEATS_APPOINT),
    carry_out=_give,
    subject=lambda arguments: {"body": arguments.body},
)


def _end_sentences(transaction: "Transaction", arguments: End) -> Sequence[Sentence]:
    session, day = transaction.session, today(transaction.instance, transaction.now)
    seat = seat_of(session, arguments.body, arguments.office, arguments.number, day)
    found = [
        Sentence(
            N_("The seat of {person} ends: {office}."),
            person=named_person(transaction, arguments.number),
            office=named_office(transaction, arguments.body, arguments.office),
        ),
        Sentence(N_("Now its last day is {day}."), day=seat.ends - timedelta(days=1))
        if seat.ends
        else Sentence(N_("No end is set for it.")),
        Sentence(N_("Then its last day is {day}. What it allows ends with it."), day=arguments.last_day)
        if arguments.last_day
        else Sentence(N_("It ends at the moment that this is confirmed, and what it allows ends with it.")),
    ]
    held = next(one for one in all_seats(session) if one.seat_id == seat.id)
    after = day if arguments.last_day is None else arguments.last_day + timedelta(days=1)
    powers = _powers(transaction, arguments.body, arguments.office)
    if left := left_undone(acting_seats(session, after), held, current_definitions(session), powers):
        found.append(
            Sentence(N_("After that too few people hold a seat for this, until one is given: {powers}."), powers=left)
        )
    return *found, _ground(arguments.ground)


def _end(transaction: "Transaction", arguments: End, first: str, second: str) -> object:
    at_once = today(transaction.instance, transaction.now) - timedelta(days=1)
    return end_seat(
        transaction,
        arguments.body,
        arguments.office,
        arguments.number,
        last_day=at_once if arguments.last_day is None else arguments.last_day,
        by=(first, second),
        ground=arguments.ground,
    )


END = GraveAct(
    name="seats.end",
    title=N_("end a seat"),
    arguments=End,
    sentences=_end_sentences,
    who=lambda transaction, _arguments: with_power(transaction, SEATS_APPOINT),
    carry_out=_end,
    subject=lambda arguments: {"body": arguments.body},
)


def _define_sentences(transaction: "Transaction", arguments: Define) -> Sequence[Sentence]:
    new, old = arguments.definition, current_definitions(transaction.session).get(arguments.definition.slug)
    first = (
        [
            Sentence(
                N_("{body} gets a new definition in place of the one that holds now."),
                body=Words(nl=new.nl, en=new.en),
            )
        ]
        if old
        else []
    )
    changed = changes(old, new, all_powers(transaction.instance.plugins.powers()))
    return *first, *changed, _ground(arguments.ground)


DEFINE = GraveAct(
    name="bodies.define",
    title=N_("adopt the definition of a body"),
    arguments=Define,
    sentences=_define_sentences,
    who=lambda transaction, _arguments: with_power(transaction, BODIES_DEFINE),
    carry_out=lambda transaction, arguments, first, second: define_body(
        transaction, arguments.definition, by=(first, second), ground=arguments.ground
    ),
    subject=lambda arguments: {"body": arguments.definition.slug},
    rests_on=lambda transaction, arguments: msgspec.to_builtins(
        current_definitions(transaction.session).get(arguments.definition.slug)
    ),
)

ORGANISATION_GRAVE_ACTS = (GIVE, END, DEFINE)
