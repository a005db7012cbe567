"""`stembus init`: making an instance, set up by two people."""

import re
import unicodedata
from pathlib import Path

import click

from stembus.errors import UnusableInput
from stembus.ledger.keys import KEY_FILE, verifiers
from stembus.ledger.seal import seal
from stembus.organisation.bootstrap import check_founders, parse_founder


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--organisation", required=True, help="The name of the party.")
@click.option(
    "--founder", "founders", multiple=True, required=True, help='Member number and name: "1001 Jan Jansen". Twice.'
)
@click.option(
    "--origin", help="The name of the ledger in its checkpoints; never changes. Default: from the organisation."
)
@click.option("--database", default="sqlite:///stembus.sqlite3", show_default=True, help="Where the data goes.")
@click.option("--timezone", default="Europe/Amsterdam", show_default=True, help="The zone of the party.")
@click.option("--practice", is_flag=True, help="For practice: the clock can be set, and every report says so.")
def init_command(
    folder: Path,
    *,
    organisation: str,
    founders: tuple[str, ...],
    origin: str | None,
    database: str,
    timezone: str,
    practice: bool,
) -> None:
    """Make an instance in DIR, set up by two people.

    They hold every power until the first seats that they give begin. The founding act names both.
    """
    from stembus.create import create_instance  # noqa: PLC0415 - migrations are slow to load, and only needed here

    people = [parse_founder(founder) for founder in founders]
    check_founders(people)
    instance = create_instance(
        folder,
        organisation=organisation,
        origin=origin or _origin(organisation),
        database_url=database,
        timezone=timezone,
        practice=practice,
        founders=people,
    )
    try:
        seal(instance)
        with instance.read() as session:
            key = verifiers(session)[0]
    finally:
        instance.close()
    click.echo(f"The instance of {organisation} is in {folder.absolute()}.")
    click.echo(f"{people[0][1]} ({people[0][0]}) and {people[1][1]} ({people[1][0]}) hold every power until the first")
    click.echo("appointment. Next: import the membership roll (`stembus members import`), adopt the definition of")
    click.echo("each body (`stembus bodies define`), and give the seats (`stembus seats appoint`).")
    click.echo(f"Its ledger is signed by {key}: publish that, and keep a safe copy of {folder.absolute() / KEY_FILE}.")


def _origin(organisation: str) -> str:
    plain = unicodedata.normalize("NFKD", organisation).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if not name:
        raise UnusableInput(
            f"No name for the ledger follows from {organisation!r}: give one, as in --origin party.example/ledger."
        )
    return f"{name}/ledger"
