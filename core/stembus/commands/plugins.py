"""`stembus plugins`: which plugins are in use, and which are not and why."""

import click
from rich.console import Console
from rich.table import Table

from stembus.errors import CheckFailed
from stembus.plugins import Plugins


@click.command("plugins")
def plugins_command() -> None:
    """List the plugins, what each adds, and why one or a part of it is not in use."""
    from stembus.commands import CORE_COMMANDS  # noqa: PLC0415 - this command is one of them

    plugins = Plugins.discover()
    commands = plugins.commands(taken=[str(command.name) for command in CORE_COMMANDS])
    tables, reasons = plugins.tables(), {failure.plugin: failure.reason for failure in plugins.failures}
    table = Table("plugin", "in use", "tables", "not in use because", box=None)
    for name in sorted({*plugins.names, *reasons}):
        used = name in plugins.names
        table.add_row(name, "yes" if used else "no", str(len(tables.get(name, ()))), reasons.get(name, ""))
    Console().print(table)
    click.echo(f"Commands added by plugins: {', '.join(sorted(str(c.name) for c in commands)) or 'none'}.")
    if reasons:
        raise CheckFailed(f"{len(reasons)} of the plugins cannot be used, or not as a whole.")
