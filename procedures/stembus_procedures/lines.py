"""Finds the line of a TOML file where a key stands; the TOML reader of the standard library does not tell."""

import re
import tomllib
from collections import Counter

_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_WORD = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")

Step = str | int


def line_of(text: str, path: tuple[Step, ...]) -> int | None:
    """The line (from 1) of the key at `path`, or of the nearest table or key around it; None when nothing fits."""
    places = _places(text)
    while path:
        if path in places:
            return places[path]
        path = path[:-1]
    return None


def _places(text: str) -> dict[tuple[Step, ...], int]:
    places: dict[tuple[Step, ...], int] = {}
    arrays: Counter[tuple[Step, ...]] = Counter()
    table: tuple[Step, ...] = ()
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        line, start = lines[number], number + 1
        number += 1
        if header := _TABLE.match(line):
            table = _enter(_words(header[2]), header[1] == "[[", arrays)
            places.setdefault(table, start)
        elif key := _KEY.match(line):
            places.setdefault(table + _words(key[1]), start)
            number += _continued(lines, number - 1)
    return places


def _words(dotted: str) -> tuple[Step, ...]:
    return tuple(word.strip("\"'") for word in _WORD.findall(dotted))


def _enter(names: tuple[Step, ...], is_item: bool, arrays: Counter[tuple[Step, ...]]) -> tuple[Step, ...]:
    """The full path of a table header: the last item of each list that the header passes through."""
    path: tuple[Step, ...] = ()
    for position, name in enumerate(names):
        path += (name,)
        if is_item and position == len(names) - 1:
            arrays[path] += 1
        if arrays[path]:
            path += (arrays[path] - 1,)
    return path


def _continued(lines: list[str], first: int) -> int:
    """How many lines after `first` belong to the same value (long strings and lists)."""
    for extra in range(len(lines) - first):
        try:
            tomllib.loads("\n".join(lines[first : first + extra + 1]))
        except tomllib.TOMLDecodeError:
            continue
        return extra
    return 0
