"""A made-up party with an office, a board and two branches, for the tests of who sees and does what."""

from datetime import date, datetime

import msgspec
from organisation_cases import define, definition, found, give, seat

from stembus.ids import new_id
from stembus.instance import Instance
from stembus.organisation.bodies import BodyDefinition
from stembus.organisation.member import MemberState
from stembus.organisation.periods import YES, Period
from stembus.organisation.states import insert_states

OFFICE = ("101", "102")
UTRECHT = ("201", "202")
ASSEN = ("301", "302")
BOARD = ("401", "402")
LONG_AGO = date(2020, 1, 1)
IN_BRANCH = ["members.view_branch", "members.export", "procedure.start", "procedure.record"]
IN_OFFICE = [
    "members.view",
    "members.export",
    "members.import",
    "members.merge",
    "acts.view",
    "desk.view",
    "seats.appoint",
    "seats.absence",
    "bodies.define",
    "procedure.start",
]
PEOPLE = (
    ("501", "José", "", "Núñez", "Utrecht", "jose@voorbeeld.example", True),
    ("502", "Aydın", "", "İpek", "Utrecht", "aydin@voorbeeld.example", False),
    ("503", "Søren", "van der", "Łukasz", "Assen", "soren@voorbeeld.example", True),
    ("504", "=HYPERLINK(1)", "", "Bakker", "Utrecht", "b@voorbeeld.example", True),
)


def branch(slug: str, name: str | None, powers: list[str] = IN_BRANCH) -> BodyDefinition:
    made = definition(slug, {"secretary": powers})
    return msgspec.structs.replace(made, kind="branch", branch=name, speaks_for=("afdelingsbestuur",))


def member(person: tuple[str, str, str, str, str, str, bool]) -> MemberState:
    number, given, particle, surname, where, email, consents = person
    periods = [Period("branch", LONG_AGO, None, where)]
    periods += [Period("email_consent", LONG_AGO, None, YES)] if consents else []
    return MemberState(
        id=new_id(datetime.fromisoformat("2026-01-01T00:00:00+00:00")),
        number=number,
        given=given,
        particle=particle,
        surname=surname,
        email=email,
        born_on=date(1990, 5, 5),
        postcode="3511 AB",
        city=where,
        phone="0612345678",
        registered_on=LONG_AGO,
        periods=tuple(periods),
    )


def office_party(instance: Instance) -> Instance:
    """A party with an office, a board and two branches, each with two officers."""
    found(instance)
    plain = [
        member((number, "Lid", "", f"Nummer{number}", "Zwolle", "", False))
        for number in (*OFFICE, *UTRECHT, *ASSEN, *BOARD)
    ]
    with instance.write() as transaction:
        insert_states(transaction.session, [*plain, *(member(one) for one in PEOPLE)])
    define(instance, definition("office", {"staff": IN_OFFICE}))
    define(instance, definition("bestuur", {"chair": ["policy.adopt"]}))
    define(instance, branch("afdeling-utrecht", "Utrecht"))
    define(instance, branch("afdeling-assen", "Assen"))
    give(
        instance,
        *(seat("office", "staff", number) for number in OFFICE),
        *(seat("bestuur", "chair", number) for number in BOARD),
        *(seat("afdeling-utrecht", "secretary", number) for number in UTRECHT),
        *(seat("afdeling-assen", "secretary", number) for number in ASSEN),
    )
    return instance
