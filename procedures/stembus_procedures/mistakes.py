"""What is wrong with a file, for people: where it is, and what was expected there, in the words of no program."""

import re
from collections.abc import Iterable
from functools import reduce
from typing import Any

import msgspec

from .expected import expected_at
from .sentence import N_, Sentence

NEVER_ASSUMED = {
    "blank": Sentence(
        "missing `{key}`: what a blank vote counts for is never assumed (the law gives no rule, so the policy must)",
        key="blank",
    ),
    "invalid": Sentence(
        "missing `{key}`: what an invalid vote counts for is never assumed (the law gives no rule, so the policy must)",
        key="invalid",
    ),
}
_TYPES = {
    "object": Sentence("a table"),
    "array": Sentence("a list"),
    "str": Sentence("a text"),
    "int": Sentence("a whole number"),
    "float": Sentence("a number with decimals"),
    "bool": Sentence("true or false"),
    "date": Sentence("a day"),
    "datetime": Sentence("a moment"),
}
_OF_TOMLLIB = (
    N_("Invalid value"),
    N_("Invalid statement"),
    N_("Unterminated string"),
    N_("Unclosed array"),
    N_("Unclosed inline table"),
    N_("Cannot overwrite a value"),
    N_("Invalid date or datetime"),
    N_("Expected '=' after a key in a key/value pair"),
    N_("Expected ']' at the end of a table declaration"),
    N_("Expected ']]' at the end of an array declaration"),
    N_("Expected newline or end of document after a statement"),
    N_("Invalid initial character for a key part"),
    N_("Unescaped '\\' in a string"),
)
"""What the library that reads TOML says; what is rare stays as it says it."""


class Mistake(msgspec.Struct, frozen=True):
    """One mistake in a file: where it is, and what was expected there."""

    message: Sentence
    path: str = ""
    line: int | None = None

    @property
    def sentence(self) -> Sentence:
        """The whole mistake, to be told in the language of whoever reads it."""
        values: dict[str, Any] = {"line": str(self.line), "path": self.path, "message": self.message}
        if self.line and self.path:
            return Sentence("line {line}, `{path}`: {message}", **values)
        if self.line:
            return Sentence("line {line}: {message}", **values)
        return Sentence("`{path}`: {message}", **values) if self.path else self.message

    def __str__(self) -> str:
        return str(self.sentence)


class PolicyError(ValueError):
    """A text that is not a policy. `problems` lists every mistake found; as text it is one line per mistake."""

    def __init__(self, problems: Iterable[Mistake]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def sentence_about(self, file: str) -> Sentence:
        """Every mistake on a line of its own after the name of the file, in the language of whoever reads it."""
        lines = [Sentence("{file}, {mistake}", file=file, mistake=one.sentence) for one in self.problems]
        return reduce(lambda one, other: Sentence("{one}\n{other}", one=one, other=other), lines)


def not_toml(error: Exception, last_line: int) -> Mistake:
    """What the library that reads TOML found, on its line; without one it is the last line."""
    found = re.match(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
    what, line = (found.group(1), found.group(2)) if found else (str(error), None)
    return Mistake(Sentence("this is not TOML: {what}", what=_of_tomllib(what)), line=int(line) if line else last_line)


def wrong_value(what: str, form: Any, steps: tuple[str | int, ...]) -> Sentence:
    """What msgspec says of a value at `steps` below `form`, with what can be there."""
    wanted = expected_at(form, steps)
    if wanted and (invalid := re.match(r"Invalid enum value (.*)", what)):
        return Sentence("got {got}, expected {wanted}", got=invalid[1], wanted=wanted)
    if not what.startswith("Expected "):
        return Sentence("{what}", what=what)
    expected, _, got = what.removeprefix("Expected ").partition(", got ")
    wanted = wanted or _wanted(expected)
    if not got:
        return Sentence("expected {wanted}", wanted=wanted)
    return Sentence("expected {wanted}, got {got}", got=_kind(got.strip("`")) if got[0] == "`" else got, wanted=wanted)


def _of_tomllib(what: str) -> Sentence | str:
    if what in _OF_TOMLLIB:
        return Sentence(what)
    if twice := re.fullmatch(r"Cannot declare \((.*)\) twice", what):
        return Sentence("Cannot declare {key} twice", key=".".join(re.findall(r"'([^']*)'", twice[1])))
    if sign := re.fullmatch(r"(?:Illegal|Found invalid) character (.*)", what):
        return Sentence("Illegal character {sign}", sign=sign[1])
    return what


def _wanted(expected: str) -> Sentence:
    """What msgspec expected: "`int`", "`str` of length >= 1", "`int` >= 0", or what one of our own readers says."""
    found = re.fullmatch(r"`([^`]+)`(?: (of length )?([<>]=) (\d+))?", expected)
    if found is None:
        return Sentence(expected)
    name, length, sign, limit = found.groups()
    kind = _kind(name)
    if sign is None:
        return kind
    if length:
        return Sentence(
            "{kind} of length {limit} or more" if sign == ">=" else "{kind} of length {limit} or less",
            kind=kind,
            limit=limit,
        )
    return Sentence("{kind}, {limit} or more" if sign == ">=" else "{kind}, {limit} or less", kind=kind, limit=limit)


def _kind(name: str) -> Sentence:
    """Return names of types as words that somebody who never programmed knows."""
    kinds = [_TYPES.get(one, Sentence(one)) for one in name.split(" | ") if one != "null"]
    return reduce(lambda one, other: Sentence("{one} or {other}", one=one, other=other), kinds or [Sentence(name)])
