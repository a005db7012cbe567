"""`stembus bodies`: what bodies there are, and adopting their definitions."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from stembus.errors import UnusableInput
from stembus.instance import Instance
from stembus.organisation.authority import current_definitions
from stembus.organisation.bodies import read_definition
from stembus.organisation.core_powers import all_powers
from stembus.organisation.define import body_versions, define_body
from stembus.organisation.definition_text import EXAMPLE
from stembus.pass_instance import pass_instance


@click.group("bodies")
def bodies_group() -> None:
    """Bodies of the party: their offices, what each allows, what cannot go together."""


@bodies_group.command("define")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--by", required=True, help="Member number of who adopts it.")
@click.option("--with", "second", required=True, help="Member number of the second person.")
@click.option("--ground", required=True, help='The decision it rests on: "ALV 1-3-2026, decision 4".')
@pass_instance
def define_command(instance: Instance, file: Path, by: str, second: str, ground: str) -> None:
    """Adopt the definition of a body from FILE (TOML). It takes two people."""
    definition = read_definition(file, all_powers(instance.plugins.powers()))
    with instance.write() as transaction:
        version = define_body(transaction, definition, by=(by, second), ground=ground)
    if version is None:
        click.echo(f"The definition of {definition.slug} is in force already, word for word. Nothing was changed.")
    else:
        click.echo(f"The definition of {definition.slug} is adopted as version {version}.")


@bodies_group.command("list")
@pass_instance
def list_command(instance: Instance) -> None:
    """List the bodies and their offices."""
    with instance.read() as session:
        definitions = current_definitions(session)
    table = Table("body", "kind", "name", "offices (seats)", box=None)
    for slug, definition in sorted(definitions.items()):
        offices = ", ".join(f"{office.name} ({office.seats})" for office in definition.offices)
        table.add_row(slug, definition.kind, definition.nl, offices)
    Console().print(table if definitions else "No body is defined yet: `stembus bodies define FILE`.")


@bodies_group.command("show")
@click.argument("slug")
@pass_instance
def show_command(instance: Instance, slug: str) -> None:
    """Show the adopted definition of a body, and its versions."""
    with instance.read() as session:
        definition = current_definitions(session).get(slug)
        versions = [
            (row.version, row.adopted_at.astimezone(instance.zone), row.act_id) for row in body_versions(session, slug)
        ]
    if definition is None:
        raise UnusableInput(f"There is no body {slug!r}: `stembus bodies list` shows those there are.")
    powers = all_powers(instance.plugins.powers())
    click.echo(f"{definition.nl} / {definition.en} ({definition.kind})")
    for office in definition.offices:
        click.echo(f"  {office.name}: {office.nl} / {office.en}, seats: {office.seats}")
        for name in office.powers:
            click.echo(
                f"    may {powers[name].en if name in powers else 'use ' + name + ', which nothing installed knows'}"
            )
    for rule in definition.incompatible:
        click.echo(f"  {rule.office or 'every office'} cannot go together with {rule.other}: {rule.reason}")
    for version, at, act_id in versions:
        click.echo(f"  version {version}, adopted {at:%Y-%m-%d %H:%M}, act {act_id}")


@bodies_group.command("example")
def example_command() -> None:
    """Print a definition to start from."""
    click.echo(EXAMPLE, nl=False)
