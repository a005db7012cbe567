"""`stembus migrate`: keeping the tables of an instance up to date."""

import click

from stembus.errors import UnusableInput
from stembus.instance import Instance
from stembus.pass_instance import pass_instance


@click.command("migrate")
@pass_instance
def migrate_command(instance: Instance) -> None:
    """Bring the tables of the core and of every plugin to the newest version."""
    from stembus.migrate import is_ours, migrate  # noqa: PLC0415 - slow to load, and only needed here

    if not is_ours(instance.database):
        raise UnusableInput(
            f"The database {instance.database.address} holds no instance: name the right one, or make one with "
            "`stembus init`."
        )
    migrate(instance.database, instance.plugins)
    click.echo(f"All tables in {instance.database.address} are up to date.")
