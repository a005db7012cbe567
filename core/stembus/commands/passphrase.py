"""Asking for a passphrase: at the terminal without showing it, or from a file; never as a word of the command."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from stembus.errors import UnusableInput
from stembus.sealed_file import check_passphrase
from stembus.text_file import read_text

F = TypeVar("F", bound=Callable[..., Any])


def passphrase_file(function: F) -> F:
    """Let a command be given the passphrase in a file: `passphrase_file`."""
    return click.option(
        "--passphrase-file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="A file with the passphrase on its first line. Default: it is asked for.",
    )(function)


def known_passphrase(file: Path | None, *, what: str) -> str:
    """Return the passphrase of something that is there. `what` names it in the question."""
    return _first_line(file) if file else str(click.prompt(f"Passphrase of {what}", hide_input=True))


def new_passphrase(file: Path | None, *, what: str) -> str:
    """Return a passphrase for something new, typed twice. Raises `UnusableInput` when it is too short."""
    if file:
        chosen = _first_line(file)
    else:
        chosen = str(click.prompt(f"New passphrase for {what}", hide_input=True, confirmation_prompt=True))
    check_passphrase(chosen)
    return chosen


def _first_line(file: Path) -> str:
    lines = read_text(file).splitlines()
    if not lines or not lines[0].strip():
        raise UnusableInput("{path} has no passphrase on its first line.", path=file)
    return lines[0].strip()
