"""Walks through every key of a policy, so that a rule about all keys of one form need not name them."""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import msgspec

from .stage import Stage, UnknownStage


class Place(NamedTuple):
    """One value in a policy: its key path, and what its form says about it."""

    path: str
    value: Any
    refers_to: str
    """The table whose names it may hold ("bodies", "stages", ...); empty for an ordinary value."""
    also: frozenset[str]
    """Words that it may hold instead of such a name."""


class _Form(NamedTuple):
    refers_to: str = ""
    also: frozenset[str] = frozenset()


def walk(part: msgspec.Struct, path: str = "") -> Iterator[Place]:
    """Every value under a Struct, depth first; stages by their id, items of other lists by number from 0."""
    for name, form in forms(type(part)).items():
        yield from _walk(getattr(part, name), f"{path}.{name}" if path else name, form)


def _walk(value: Any, path: str, form: _Form) -> Iterator[Place]:
    yield Place(path, value, *form)
    if isinstance(value, UnknownStage):
        return
    if isinstance(value, msgspec.Struct):
        yield from walk(value, path)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            step = f".{item.id}" if isinstance(item, Stage) else f"[{index}]"
            yield from _walk(item, path + step, form)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _walk(item, f"{path}.{name}", form)


@cache
def forms(kind: type[msgspec.Struct]) -> dict[str, _Form]:
    """What the annotation of each field says: names of what it holds, and what it may hold instead."""
    return {
        name: _Form(mark(hints(kind)[name], "refers_to") or "", frozenset(map(str, _words(hints(kind)[name]))))
        for name in kind.__struct_fields__
    }


@cache
def hints(kind: type) -> dict[str, Any]:
    """The types of a Struct's keys, with what they refer to."""
    return get_type_hints(kind, include_extras=True)


def mark(annotation: Any, name: str) -> Any:
    """What a type says about itself under `name` ("refers_to", "prose"), looked for inside lists and options."""
    if get_origin(annotation) is Annotated:
        inner, *metas = get_args(annotation)
        for meta in metas:
            if isinstance(meta, msgspec.Meta) and meta.extra and name in meta.extra:
                return meta.extra[name]
        return mark(inner, name)
    return next((found for arg in get_args(annotation) if (found := mark(arg, name)) is not None), None)


def _words(annotation: Any) -> Iterator[Any]:
    """The fixed words that a type allows, looked for inside lists and options."""
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
        return
    for inner in get_args(annotation):
        yield from _words(inner)
