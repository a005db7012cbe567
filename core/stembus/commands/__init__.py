"""The commands of the core; each file holds one group of them."""

import click

from stembus.commands.instance import migrate_command
from stembus.commands.plugins import plugins_command

CORE_COMMANDS: tuple[click.Command, ...] = (migrate_command, plugins_command)
