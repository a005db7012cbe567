"""Options that the commands of a poll share, and what they open."""

from collections.abc import Callable
from typing import Any, TypeVar

import click
from sqlmodel import Session

from stembus.conduct.running import open_procedure
from stembus.errors import UnusableInput
from stembus.instance import Instance
from stembus_polls.poll import Poll, poll_of

F = TypeVar("F", bound=Callable[..., Any])

PROCEDURE = click.argument("procedure", metavar="PROCEDURE")
CONTEST = click.option("--contest", help="Which contest, where there are several.")
BY = click.option("--by", required=True, help="Member number of who does it.")
WITH = click.option("--with", "second", required=True, help="Member number of the second person.")


def two(function: F) -> F:
    """Ask for two people: --by and --with."""
    return BY(WITH(function))


def reading(instance: Instance, session: Session, procedure: str) -> Poll:
    """Return the poll of a procedure, to look at it now."""
    return poll_of(session, open_procedure(session, instance.plugins, procedure), instance.clock.now())


def numbers_in(option: str, text: str) -> tuple[int, ...]:
    """Return the numbers in "3,8,12". Raises `UnusableInput` that names the option."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise UnusableInput(f"{option} {text!r}: write numbers with commas between them, such as 3,8,12.")
    return tuple(int(part) for part in parts)


def pairs_in(option: str, texts: tuple[str, ...]) -> dict[str, str]:
    """Return what "NAME=TEXT", given several times, says. Raises `UnusableInput` that names the option."""
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise UnusableInput(f"{option} {text!r}: write NAME=TEXT, such as issued='one paper was carried off'.")
        found[name.strip()] = value.strip()
    return found


def lot_in(option: str, text: str) -> tuple[str, tuple[int, ...], int]:
    """Return what for, among which numbers and whom a lot drew: "exclude:3,8=8". Raises `UnusableInput`."""
    why, colon, rest = text.partition(":")
    tied, equals, drawn = rest.partition("=")
    if not colon or not equals or not (drawn.strip().isascii() and drawn.strip().isdigit()):
        raise UnusableInput(f"{option} {text!r}: write WHY:TIED=DRAWN, such as exclude:3,8=8.")
    return why.strip(), numbers_in(option, tied), int(drawn)
