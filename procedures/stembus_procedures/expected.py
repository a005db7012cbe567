"""What a key of the language may hold, in words, for the message about one that holds something else."""

from collections.abc import Iterator
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec

from .language.walk import hints
from .sentence import Sentence

Step = str | int


def expected_at(form: Any, steps: tuple[Step, ...]) -> Sentence | None:
    """The words or the form that are allowed at `steps` below `form`; None when its type says enough."""
    if steps:
        return next(filter(None, (expected_at(below, steps[1:]) for below in _below(form, steps[0]))), None)
    words = [str(word) for part in _parts(form) if get_origin(part) is Literal for word in get_args(part)]
    if words:
        return Sentence("one of: {words}", words=", ".join(words))
    notes = [part.description for part in _parts(form) if isinstance(part, msgspec.Meta) and part.description]
    return Sentence(notes[0]) if notes else None


def keys_at(form: Any, steps: tuple[Step, ...]) -> tuple[str, ...]:
    """The keys that a table at `steps` below `form` can have; empty when there can be no table."""
    if steps:
        return next(filter(None, (keys_at(below, steps[1:]) for below in _below(form, steps[0]))), ())
    tables = [part for part in _parts(form) if isinstance(part, type) and issubclass(part, msgspec.Struct)]
    tags = (table.__struct_config__.tag_field for table in tables)
    return tuple(filter(None, (*tags, *(key for table in tables for key in table.__struct_encode_fields__))))


def _below(form: Any, step: Step) -> Iterator[Any]:
    for part in _parts(form):
        if isinstance(part, type) and issubclass(part, msgspec.Struct):
            if step in hints(part):
                yield hints(part)[str(step)]
        elif get_origin(part) is tuple and isinstance(step, int):
            yield get_args(part)[0]
        elif get_origin(part) is dict and isinstance(step, str):
            yield get_args(part)[1]


def _parts(form: Any) -> Iterator[Any]:
    """A form without what is around it: the members of a union, the type and the notes of an annotation."""
    if get_origin(form) is Annotated:
        yield from _parts(form.__origin__)
        yield from form.__metadata__
    elif get_origin(form) in {Literal, tuple, dict} or isinstance(form, type):
        yield form
    else:
        yield from (part for item in get_args(form) if item is not NoneType for part in _parts(item))
