"""`stembus privacy`: which personal data are kept and why, one person's data, and what is to be destroyed."""

from datetime import datetime
from pathlib import Path

import click
import msgspec

from stembus.errors import UnusableInput
from stembus.instance import Instance
from stembus.organisation.authority import authorise_two, today
from stembus.organisation.core_powers import LEDGER_DESTROY
from stembus.organisation.registry import member_numbered
from stembus.pass_instance import pass_instance
from stembus.plugins import Plugins
from stembus.vault.classes import class_named
from stembus.vault.destroy import destroy_again, destroy_person, finish
from stembus.vault.due import due, require_over
from stembus.vault.export import export_person
from stembus.vault.register import register

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("privacy")
def privacy_group() -> None:
    """The register of processing, one person's data, and destruction when the term is over."""


@privacy_group.command("register")
@click.option("--out", type=FILE, help="Write the register to this file, such as docs/processing-register.md.")
def register_command(out: Path | None) -> None:
    """Print the register of processing (GDPR 30), made from the tables themselves."""
    text = register(Plugins.discover())
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        click.echo(f"Written to {out}.")


@privacy_group.command("export")
@click.argument("member")
@click.option("--out", type=FILE, required=True, help="Write the data (JSON) to this file: they are personal.")
@pass_instance
def export_command(instance: Instance, member: str, out: Path) -> None:
    """Write everything that is kept about the member with number MEMBER, for that member."""
    with instance.read() as session:
        person = member_numbered(session, member).id
    data = export_person(instance, person)
    out.write_bytes(msgspec.json.format(msgspec.json.encode(data)) + b"\n")
    rows = sum(map(len, data.tables.values()))
    click.echo(f"{rows} rows and {len(data.acts)} acts about member {member} were written to {out}.")


@privacy_group.command("due")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="As of this day; today without it.")
@pass_instance
def due_command(instance: Instance, day: datetime | None) -> None:
    """Show what may be destroyed, and where a policy or a decision has to say when."""
    on = today(instance, instance.clock.now()) if day is None else day.date()
    for line in due(instance, on):
        click.echo(line)


@privacy_group.command("destroy")
@click.argument("member")
@click.option("--class", "retention", required=True, help="The retention class, as the register names it.")
@click.option("--by", required=True, help="Member number of who decides.")
@click.option("--with", "second", required=True, help="Member number of the second person.")
@click.option("--ground", required=True, help="Why, and by which decision.")
@click.option("--early", is_flag=True, help="Before the term is over, as a court or a request of the person asks.")
@pass_instance
def destroy_command(
    instance: Instance, *, member: str, retention: str, by: str, second: str, ground: str, early: bool
) -> None:
    """Destroy what one class holds about the member with number MEMBER, as an act of two."""
    with instance.write() as transaction:
        person = member_numbered(transaction.session, member).id
        if not early:
            one = class_named(instance.plugins, retention)
            require_over(transaction.session, one, person, today(instance, transaction.now))
        actors = authorise_two(transaction, by, second, LEDGER_DESTROY)
        act_id = destroy_person(transaction, retention=retention, person=person, by=actors, ground=ground)
    finish(instance)
    click.echo(f"Destroyed, as act {act_id}. Backups keep their copy until they are rotated.")


@privacy_group.command("replay")
@click.option("--tombstones", type=FILE, help="The file tombstones.jsonl of the instance as it was before the restore.")
@pass_instance
def replay_command(instance: Instance, tombstones: Path | None) -> None:
    """After a restore: destroy again whatever had been destroyed, before the service opens."""
    if tombstones is not None and not tombstones.exists():
        raise UnusableInput(f"{tombstones} is not there. Nothing was changed.")
    with instance.write() as transaction:
        act_id = destroy_again(transaction, tombstones)
    finish(instance)
    click.echo("Nothing that was destroyed had come back." if act_id is None else f"Destroyed again, as act {act_id}.")
