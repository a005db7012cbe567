"""The commands of the party council."""

import click

from stembus_party_council.commands.council import council_group

COMMANDS: tuple[click.Command, ...] = (council_group,)
