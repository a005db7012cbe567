"""What a row does to a member, and why: pure rules, without a database and without a clock."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

import msgspec

from stembus.organisation.member import ATTRIBUTES, MemberState
from stembus.organisation.periods import YES, PeriodKind, Periods, set_from, value_on
from stembus.organisation.roll.records import Reason
from stembus_procedures.sentence import Sentence

Fate = Literal["new", "changed", "unchanged", "ambiguous", "refused", "gone"]
FATES: tuple[Fate, ...] = ("new", "changed", "unchanged", "ambiguous", "refused", "gone")
KINDS: tuple[PeriodKind, ...] = ("contribution", "branch", "abroad", "suspended", "email_consent", "left")


class Lasting(NamedTuple):
    """What holds from a day on (`value` is `YES` where there is nothing but yes or no), or held until a day."""

    value: str
    starts: date
    ends: date | None

    def __str__(self) -> str:
        if self.ends is not None:
            return f"until {self.ends}"
        return f"from {self.starts}" if self.value == YES else f"{self.value} from {self.starts}"


Told = str | date | Lasting
"""A value of a field: empty text where there is none."""


class Change(msgspec.Struct, frozen=True, gc=False):
    """A field that changes, from what to what."""

    field: str
    old: Told
    new: Told


class RowFate(msgspec.Struct, gc=False):
    """What happens with one row, or with one member whom the file no longer has (`row` 0).

    `after` holds the state that would be written, packed; None: nothing is.
    """

    row: int
    number: str
    name: str
    fate: Fate
    reasons: tuple[Reason, ...] = ()
    changes: tuple[Change, ...] = ()
    note: Sentence | None = None
    after: bytes | None = None


def resulting_state(values: Mapping[str, Any], number: str, before: MemberState | None, as_of: date) -> MemberState:
    """Return the member as the row says, on the day `as_of`; a field without a column stays as it was.

    Whoever the roll first hears of had what the file says since membership began; for others a difference holds from
    `as_of`.
    """
    state = before or MemberState(id="", number=number)
    own = {name: values[name] for name in ATTRIBUTES if name in values}
    state = msgspec.structs.replace(state, source="import", **own)
    is_first = before is None or before.source != "import"
    began = min(state.since, as_of) if is_first and state.since is not None else as_of
    periods = state.periods
    moved = values.get("branch_since") if values.get("branch") else None
    for kind, value in _wanted(values):
        if kind == "branch" and moved is not None:
            periods = set_from(periods, kind, value, moved)
        elif value_on(periods, kind, as_of) != value:
            periods = set_from(periods, kind, value, began)
    return msgspec.structs.replace(state, periods=_left(periods, values, as_of))


def differences(before: MemberState, after: MemberState) -> tuple[Change, ...]:
    """Return what differs between two states of a member, field by field, as people read it."""
    found = [
        Change(name, _shown(getattr(before, name)), _shown(getattr(after, name)))
        for name in ATTRIBUTES
        if getattr(before, name) != getattr(after, name)
    ]
    if before.periods != after.periods:
        for kind in KINDS:
            old, new = (tuple(p for p in state.periods if p.kind == kind) for state in (before, after))
            if old != new:
                found.append(Change(kind, _last(old), _last(new)))
    return tuple(found)


def gone_state(before: MemberState, as_of: date) -> MemberState:
    """Return a member who is not in the file any more: membership ended on `as_of`, everything else stays."""
    return msgspec.structs.replace(before, periods=set_from(before.periods, "left", YES, as_of))


def is_member(state: MemberState, day: date) -> bool:
    """Whether a row of the roll is a membership that an import brought and that has not ended on `day`."""
    return state.source == "import" and state.merged_into is None and value_on(state.periods, "left", day) is None


def looks_like_another(before: MemberState, after: MemberState) -> bool:
    """Whether one number seems to have passed to another person: both names differ and the birth date is no proof."""
    return (
        folded(before.surname) != folded(after.surname)
        and folded(before.given) != folded(after.given)
        and (before.born_on is None or before.born_on != after.born_on)
    )


def person_keys(state: MemberState) -> tuple[str, ...]:
    """Return what would be equal in two entries of one person: the name with the birth date, or with the address."""
    name = folded(state.given + state.particle + state.surname)
    keys = (state.born_on and f"{name}|{state.born_on}", state.email and f"{name}|{state.email}")
    return tuple(key for key in keys if key) if state.given else ()


def folded(text: str) -> str:
    """Return only the letters of a name, small and without accents, to compare how it was written twice."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    return "".join(c for c in text.casefold() if c.isalnum())


def _wanted(values: Mapping[str, Any]) -> list[tuple[PeriodKind, str | None]]:
    """Return what the row says of each kind of period that it has a column for."""
    told: list[tuple[PeriodKind, str | None]] = []
    if "contribution" in values:
        told.append(("contribution", values["contribution"]))
    if "branch" in values:
        told.append(("branch", values["branch"] or None))
    for kind in ("abroad", "suspended", "email_consent"):
        if kind in values:
            told.append((kind, YES if values[kind] else None))
    return told


def _left(periods: Periods, values: Mapping[str, Any], as_of: date) -> Periods:
    """Return the periods with the day membership ended; a row without that day says that it goes on."""
    day = values.get("left_on")
    if day is not None:
        recorded = [p.starts for p in periods if p.kind == "left" and p.ends is None]
        return set_from(set_from(periods, "left", None, min([day, *recorded])), "left", YES, day)
    ended = value_on(periods, "left", as_of) is not None
    takes_back = "left_on" in values and any(p.kind == "left" and p.starts > as_of for p in periods)
    return set_from(periods, "left", None, as_of) if ended or takes_back else periods


def _shown(value: object) -> Told:
    return "" if value is None else value if isinstance(value, date) else str(value)


def _last(periods: Periods) -> Told:
    return Lasting(periods[-1].value, periods[-1].starts, periods[-1].ends) if periods else ""
