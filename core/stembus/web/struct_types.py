"""Letting msgspec learn every Struct before there are threads."""

from collections.abc import Iterator
from contextlib import suppress

import msgspec


def learn_structs() -> None:
    """Let msgspec learn every Struct that is loaded now.

    It learns the fields of a Struct when it first decodes one, and keeps what it learnt with the class from before it
    has learnt it all: when two threads decode the same Struct for the first time at the same moment, the second one
    reads what is not there yet and the process ends (msgspec 0.22). Two visitors after a start are enough for that.
    """
    for kind in _below(msgspec.Struct):
        # What cannot be decoded, such as a Struct that is only ever made by us, is never learnt and needs not be.
        with suppress(TypeError, NameError):
            msgspec.json.Decoder(kind)


def _below(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)
