"""The small forms that every part of a policy is written in: words, moments, spans of time, names of things."""

from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ..sentence import N_


class Part(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table in a policy. Strict: a key that is not in the language is refused."""


Count = Annotated[int, Meta(ge=0)]
"""A whole number from 0."""
Positive = Annotated[int, Meta(ge=1)]
"""A whole number from 1."""
Share = Annotated[Fraction, Meta(extra={"form": 'a fraction between 0 and 1, written "2/3"'})]
"""An exact fraction, written "2/3" or as a table with numerator and denominator; never a decimal."""
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]*$", description=N_("a name in small letters, such as order_lot"))]
"""A name that other keys refer to: small letters, digits, `_` and `-`."""
Clock = Annotated[
    str, Meta(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", description=N_('an hour written "09:00", up to "24:00"'))
]
"""An hour of the day in the zone of the policy, "00:00" to "24:00"; "24:00" is the end of that day."""

BodyId = Annotated[str, Meta(extra={"refers_to": "bodies"})]
"""The name of a body or office under `bodies`."""
StageId = Annotated[str, Meta(extra={"refers_to": "stages"})]
"""The id of a stage of this policy."""
ChannelId = Annotated[str, Meta(extra={"refers_to": "channels"})]
"""The name of a channel under `channels`."""
RetentionId = Annotated[str, Meta(extra={"refers_to": "retention"})]
"""The name of a class under `retention`."""
Article = Annotated[str, Meta(min_length=3)]
"""An article as the party writes it ("statuten 12.1", "HR 4.2") or of the law ("BW 2:38 lid 8")."""


class Words(Part, frozen=True):
    """The same words in each language of the policy."""

    nl: str
    """Dutch, the language that binds."""
    en: str
    """English."""
    nl_simple: str = ""
    """Easy Dutch (B1); empty: the text uses the Dutch words."""


Prose = Annotated[Words, Meta(extra={"prose": True})]
"""Sentences written by hand. They explain, they rule nothing: they may hold no number and no date."""


class Span(Part, frozen=True):
    """A length of time on the calendar: months and years run to the same day number, or the last day there is."""

    n: Count
    """How many."""
    unit: Literal["minutes", "hours", "days", "weeks", "months", "years"]
    """Of what."""


class Moment(Part, frozen=True):
    """A moment counted from another one, in the zone of the policy.

    `{anchor = "meeting", days = -14, clear = true, at = "24:00"}` is the end of the day that leaves fourteen
    full days between it and the meeting: the day itself and the day of the meeting do not count.
    """

    anchor: str
    """A date named under `anchors`, or a moment of a stage such as "call.closes" (stage id, then key)."""
    at: Clock
    """The hour on that day."""
    months: int = 0
    """Months after the anchor (before it when negative)."""
    days: int = 0
    """Days after the anchor (before it when negative), added after the months."""
    clear: bool = False
    """Only full days count: neither the day of the anchor nor this day itself."""


class PlainReview(Part, frozen=True):
    """The easy text was read over by people it is written for; until then it is a draft."""

    by: str
    """Who reviewed the easy text."""
    on: date
    """The day of the review."""
    readers: str
    """With which readers it was tried."""
