"""A small made-up party for the tests of members, bodies and seats."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import click
import msgspec
from click.testing import CliRunner, Result

from stembus.ids import new_id
from stembus.instance import Instance
from stembus.organisation.authority import authorise
from stembus.organisation.bodies import BodyDefinition
from stembus.organisation.bootstrap import bootstrap
from stembus.organisation.define import define_body
from stembus.organisation.member import MemberState
from stembus.organisation.roll.applying import apply_plan
from stembus.organisation.roll.planning import Plan, Roll, make_plan
from stembus.organisation.roll.reading import open_roll_file
from stembus.organisation.seats import Appointment, appoint
from stembus.organisation.states import all_states, insert_states, lock_roll

FOUNDERS = (("001", "Anna van der Berg"), ("002", "Bram de Vries"))
BY = ("001", "002")
TODAY = date(2026, 3, 1)
HEADINGS = ("Lidnummer", "Voornaam", "Achternaam", "Geboortedatum", "E-mailadres", "Lid sinds", "Afdeling")


def found(instance: Instance) -> None:
    """Set the instance up by its two founders."""
    with instance.write() as transaction:
        bootstrap(transaction, FOUNDERS)


def add_members(instance: Instance, *numbers: str) -> None:
    """Make members known under these numbers, without an import."""
    with instance.write() as transaction:
        insert_states(
            transaction.session,
            [MemberState(id=new_id(transaction.now), number=n, given="Lid", surname=f"Nummer{n}") for n in numbers],
        )


def definition(
    slug: str, offices: Mapping[str, Sequence[str]], *, seats: int = 2, clashes: Sequence[object] = ()
) -> BodyDefinition:
    """A body with these offices and the powers of each."""
    return msgspec.convert(
        {
            "slug": slug,
            "kind": "committee",
            "nl": slug,
            "en": slug,
            "offices": [
                {"name": name, "nl": name, "en": name, "seats": seats, "powers": list(powers)}
                for name, powers in offices.items()
            ],
            "incompatible": list(clashes),
        },
        BodyDefinition,
    )


def define(instance: Instance, body: BodyDefinition, by: tuple[str, str] = BY) -> int | None:
    """Adopt a definition."""
    with instance.write() as transaction:
        return define_body(transaction, body, by=by, ground="ALV, decision 1")


def seat(
    body: str,
    office: str,
    number: str,
    *,
    starts: date = TODAY,
    last_day: date | None = None,
    deputy_for: str | None = None,
) -> Appointment:
    """An appointment."""
    return Appointment(body=body, office=office, number=number, starts=starts, last_day=last_day, deputy_for=deputy_for)


def give(instance: Instance, *seats: Appointment, by: tuple[str, str] = BY) -> list[str]:
    """Give seats."""
    with instance.write() as transaction:
        return appoint(transaction, seats, by=by, ground="ALV, decision 2")


def write_csv(path: Path, rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> Path:
    """Write a roll as most systems export it."""
    path.write_text("\n".join(";".join(row) for row in (headings, *rows)) + "\n", encoding="utf-8-sig")
    return path


def import_file(instance: Instance, path: Path, as_of: date = TODAY, by: str = "001") -> tuple[Plan, int | None]:
    """Import a file as the command does, without its questions: the plan, and the number of the import."""
    with instance.write() as transaction:
        actor = authorise(transaction, by, "members.import")
        lock_roll(transaction.session)
        file = open_roll_file(path, {})
        plan = make_plan(file.records(as_of), Roll(all_states(transaction.session), as_of), as_of)
        return plan, apply_plan(transaction, plan, file.sheet, actor)


def whole_roll(instance: Instance) -> list[MemberState]:
    """Everything that is kept of every member."""
    with instance.read() as session:
        return list(all_states(session))


def command(instance: Instance, group: click.Command, *arguments: str) -> Result:
    """Run a command on an instance as a person types it."""
    address = {"STEMBUS_DATABASE_URL": instance.settings.database_url, "STEMBUS_CLOCK": "2026-03-01T12:00:00+00:00"}
    return CliRunner(env=address).invoke(group, list(arguments), obj=instance.folder)
