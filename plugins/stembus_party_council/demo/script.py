"""The script of the demonstration: moments, what happens in them, and the commands that a person would type."""

from datetime import datetime
from typing import NamedTuple


class Typed(NamedTuple):
    """A command as somebody types it. `shown` stands in its place where the list of arguments is long.

    `fails` is the exit code that is expected: a check that is meant to find something ends with 1.
    """

    arguments: tuple[str, ...]
    shown: str = ""
    fails: int = 0

    @property
    def line(self) -> str:
        """The command as a line to read."""
        return self.shown or "stembus " + " ".join(_quoted(word) for word in self.arguments)


class Scene(NamedTuple):
    """A moment of the demonstration: when, what happens, who does it, and what they type."""

    at: datetime
    title: str
    told: str
    commands: tuple[Typed, ...] = ()


def typed(*arguments: str, shown: str = "", fails: int = 0) -> Typed:
    """Return a command from its words."""
    return Typed(arguments, shown, fails)


def _quoted(word: str) -> str:
    return f'"{word}"' if not word or any(mark in word for mark in " ;&|()'<>*?") else word
