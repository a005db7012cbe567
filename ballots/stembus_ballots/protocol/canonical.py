"""JSON text with one form only: compact, keys in their order, nothing twice, nothing unknown.

A record is a msgspec Struct. Reading decodes it strictly and writes it again: only a text that comes out as the same
bytes is canonical. That refuses white space, other key orders, keys given twice, other spellings of numbers and
letters, and fields that nobody knows, at every depth. Source: Belenios specification 2.0, section 4.2; voting protocol,
section 2.
"""

import json
import re
from typing import Any, TypeVar

import msgspec

from stembus_ballots.protocol.errors import ProtocolError

Record = TypeVar("Record")

DEPTH = 16  # more than any record of the protocol has
OPENING = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


def text_of(record: object) -> bytes:
    """The canonical text of a record: UTF-8, no white space, no line break at its end."""
    return msgspec.json.encode(record)


def read_canonical(text: bytes | memoryview, kind: type[Record], rule: str, name: str) -> Record:
    """The record in a canonical text. Raises ProtocolError(rule) when it is not one; `name` says what was read."""
    text = bytes(text)
    record = _decoded(text, kind, rule, name)
    if text_of(record) != text:
        raise ProtocolError(rule, f"{name} is not in the canonical form: {_difference(text, text_of(record))}.")
    return record


def read_free(text: bytes | memoryview, kind: type[Record], rule: str, name: str) -> Record:
    """The record in a text whose layout is free but in which no key stands twice and no field is unknown.

    For the record of an election, which is hashed as it was written. Raises ProtocolError(rule).
    """
    text = bytes(text)
    if _depth(text) > DEPTH:
        raise ProtocolError(rule, f"{name} is nested more than {DEPTH} levels deep.")
    try:
        value = json.loads(text.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
        value_text = json.dumps(value, ensure_ascii=False)
        value_text.encode("utf-8")
        return msgspec.convert(value, kind)
    except UnicodeError as error:
        raise ProtocolError(rule, f"{name} is not UTF-8 text: {error}.") from error
    except (ValueError, RecursionError) as error:
        raise ProtocolError(rule, f"{name} cannot be read: {error}.") from error


def _decoded(text: bytes, kind: type[Record], rule: str, name: str) -> Record:
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ProtocolError(rule, f"{name} cannot be read: {str(error)[:200]}.") from error


def _difference(given: bytes, canonical: bytes) -> str:
    place = next((at for at, (a, b) in enumerate(zip(given, canonical, strict=False)) if a != b), len(canonical))
    found = given[place : place + 12].decode("utf-8", "backslashreplace")
    return f"at byte {place} it has “{found}”"


def _depth(text: bytes) -> int:
    depth = deepest = 0
    for token in OPENING.finditer(text):
        if token[0] in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif token[0] in b"]}":
            depth -= 1
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _value in pairs]
        raise ValueError(f"the key “{next(key for key in keys if keys.count(key) > 1)}” stands twice in one object")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")
