"""`stembus booth`: what the voting booth and its checker are, to hold what is served against it."""

import hashlib

import click

from stembus_polls.booth.seal import BOOTH, CHECKER


@click.group("booth")
def booth_group() -> None:
    """The voting booth of secret polls."""


@booth_group.command("hash")
def hash_command() -> None:
    """Print the SHA-256 of the booth and of the checker that are installed, as `sha256sum` does."""
    for page in (BOOTH, CHECKER):
        click.echo(f"{hashlib.sha256(page.read_bytes()).hexdigest()}  {page.name}")
