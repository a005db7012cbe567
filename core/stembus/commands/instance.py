"""`stembus init` and `stembus migrate`: making an instance and keeping its tables up to date."""

import click

from stembus.instance import Instance
from stembus.migrate import migrate
from stembus.pass_instance import pass_instance


@click.command("migrate")
@pass_instance
def migrate_command(instance: Instance) -> None:
    """Bring the tables of the core and of every plugin to the newest version."""
    migrate(instance.database, instance.plugins)
    click.echo(f"All tables in {instance.database.address} are up to date.")
