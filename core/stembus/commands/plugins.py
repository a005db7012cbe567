"""`stembus plugins`: which plugins are in use, and which are not and why."""

import click
from rich.console import Console
from rich.table import Table

from stembus.errors import CheckFailed
from stembus.plugins import Plugins


@click.command("plugins")
def plugins_command() -> None:
    """List the plugins, what each adds, and why one is not in use."""
    plugins = Plugins.discover()
    commands, tables, failures = plugins.commands(), plugins.tables(), plugins.failures
    table = Table("plugin", "in use", "adds", box=None)
    for name in plugins.names:
        table.add_row(name, "yes", f"{len(tables.get(name, []))} tables")
    for failure in failures:
        table.add_row(failure.plugin, "no", failure.reason)
    Console().print(table)
    click.echo(f"Commands added by plugins: {', '.join(sorted(str(c.name) for c in commands)) or 'none'}.")
    if failures:
        raise CheckFailed(f"{len(failures)} of the plugins cannot be used.")
