"""The script of the demonstration: moments, what happens in them, and the commands that a person would type."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple


class Typed(NamedTuple):
    """A command as somebody types it. `shown` stands in its place where the list of arguments is long.

    `fails` is the exit code that is expected: a check that is meant to find something ends with 1. `does` is what
    happens in a program that somebody has open on a machine of their own, where they press instead of type; it returns
    what they see. Of a command that is `brief` only the line is shown. `heard` gets the answer, for what people take
    from it to a later command.
    """

    arguments: tuple[str, ...]
    shown: str = ""
    fails: int = 0
    does: Callable[[], str] | None = None
    heard: Callable[[str], None] | None = None
    brief: bool = False

    @property
    def line(self) -> str:
        """The command as a line to read."""
        return self.shown or "stembus " + " ".join(_quoted(word) for word in self.arguments)


class Scene(NamedTuple):
    """A moment of the demonstration: when, what happens, who does it, and what they type, one after the other."""

    at: datetime
    title: str
    told: str
    commands: Iterable[Typed] = ()


def typed(*arguments: str, shown: str = "", fails: int = 0, heard: Callable[[str], None] | None = None) -> Typed:
    """Return a command from its words."""
    return Typed(arguments, shown, fails, heard=heard)


def pressed(shown: str, does: Callable[[], str], *, fails: int = 0) -> Typed:
    """Return what somebody does in a program of their own."""
    return Typed((), shown, fails, does)


def _quoted(word: str) -> str:
    return f'"{word}"' if not word or any(mark in word for mark in " ;&|()'<>*?") else word
