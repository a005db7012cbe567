"""Acts: what was decided, by whom, in which seat, on what ground."""

from collections.abc import Mapping
from typing import Any

import msgspec

from stembus_procedures.language.values import Words


class Actor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A person who acts, and the seat that lets them."""

    member_id: str
    seat_id: str
    capacity: str


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One act. Its body can be destroyed later; what the ledger keeps of it holds no personal data.

    `by` holds one actor, two for a grave act, none when the clock carried out what was scheduled. `subject` names
    what it is about, as ids. `details` are the values of its sentence and may be personal data. `public` goes into
    the ledger's leaf for ever and may not. `destroys` are the ids of the acts whose bodies this act destroys.
    """

    kind: str
    by: tuple[Actor, ...]
    ground: str
    subject: dict[str, str] = {}
    details: dict[str, Any] = {}
    public: dict[str, str | int] = {}
    destroys: tuple[str, ...] = ()


class ActKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of act and the sentence that people read.

    `nl` and `en` are sentences with places in braces that `subject`, `details` and `public` fill, such as
    "{count} members were imported from {file}". Where a value is a code, `words` has what people call it, by place:
    {"outcome": {"invalid": Words(nl="ongeldig", en="invalid")}}.

    `grounds` are those that the software itself writes, with their places, in both languages. An act keeps the text
    that was recorded; where it is one of these it is told in the language of who reads it.
    """

    name: str
    nl: str
    en: str
    words: Mapping[str, Mapping[str, Words]] = {}
    grounds: tuple[Words, ...] = ()
