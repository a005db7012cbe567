"""A policy as a tree of parts: each part with its key path, the keys in it, and where a name is found around it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec import Struct

from ..language.policy import Policy
from ..language.values import Moment, Span, Words

PHRASES = (Words, Span, Moment)
"""Structs that are said as words within a sentence and have no sentences of their own."""


class Place(NamedTuple):
    """A part of a definition, and where it stands."""

    value: Any
    """The Struct, or the words of a named entry."""
    path: str
    """Its key path ("stages.roll.objection"); empty for the policy itself."""
    of: str
    """The key that holds it, as "Struct.key"."""
    around: "Place | None" = None
    name: str = ""
    """Its name, when it is an entry in a table of named things."""

    def key(self, field: str) -> str:
        """The path of one key of this part."""
        return f"{self.path}.{field}" if self.path else field


class Found(NamedTuple):
    """A value, the Struct that holds it and its path."""

    holder: Struct
    field: str
    value: Any
    path: str


def root(policy: Policy) -> Place:
    """The policy as a place."""
    return Place(policy, "", "")


def names_of(place: Place) -> tuple[str, ...]:
    """What a catalogue can call this part: the key that holds it, its Struct, and what that Struct extends."""
    kinds = type(place.value).__mro__ if isinstance(place.value, Struct) else ()
    structs = (kind.__name__ for kind in kinds if issubclass(kind, Struct) and kind.__struct_fields__)
    return (place.of, *structs)


def find(place: Place, name: str) -> Found | None:
    """The nearest key with this name, in the part itself or around it; of "ballot.method" the key within that."""
    first, *within = name.split(".")
    found = _nearest(place, first)
    for field in within:
        if found is None or not isinstance(found.value, Struct) or field not in found.value.__struct_fields__:
            return None
        found = Found(found.value, field, getattr(found.value, field), f"{found.path}.{field}")
    return found


def _nearest(place: Place, name: str) -> Found | None:
    here: Place | None = place
    while here is not None:
        if here.name and name == "key":
            return Found(place.value, name, here.name, here.path)
        if not isinstance(here.value, Struct) or isinstance(here.value, PHRASES):
            if name == "value":
                return Found(place.value, name, here.value, here.path)
        elif name in here.value.__struct_fields__:
            return Found(here.value, name, getattr(here.value, name), here.key(name))
        here = here.around
    return None


def parts(place: Place) -> Iterator[Place]:
    """The parts directly within a part, in the order of its keys."""
    if not isinstance(place.value, Struct) or isinstance(place.value, PHRASES):
        return
    kind = type(place.value).__name__
    for field in place.value.__struct_fields__:
        value, path, of = getattr(place.value, field), place.key(field), f"{kind}.{field}"
        if isinstance(value, Struct) and not isinstance(value, PHRASES):
            yield Place(value, path, of, place)
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, Struct):
                    yield Place(item, _item_path(path, index, item), of, place)
        elif isinstance(value, dict):
            for name, item in value.items():
                if isinstance(item, Struct):
                    yield Place(item, f"{path}.{name}", of, place, name)


def keys(place: Place) -> Iterator[str]:
    """Every key path below a part that holds a value of its own."""
    if not isinstance(place.value, Struct) or isinstance(place.value, PHRASES):
        yield place.path
        return
    below = list(parts(place))
    for field in place.value.__struct_fields__:
        path = place.key(field)
        if not any(part.path.startswith((f"{path}.", f"{path}[")) or part.path == path for part in below):
            yield path
    for part in below:
        yield from keys(part)


def _item_path(path: str, index: int, item: Struct) -> str:
    """Stages by their id, everything else by its number, as the messages of the loader write it."""
    return f"{path}.{getattr(item, 'id', index)}" if path == "stages" else f"{path}[{index}]"
