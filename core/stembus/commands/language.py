"""The language in which a command gives reasons and names that the policy has in both."""

from typing import Literal

import click

Language = Literal["en", "nl"]
LANGUAGE = click.option(
    "--lang", type=click.Choice(["en", "nl"]), default="en", show_default=True, help="Of names and reasons."
)
