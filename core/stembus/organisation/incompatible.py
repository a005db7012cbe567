"""Whether seats can go together: a pure rule over who sits where, from when until when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec

from stembus.organisation.bodies import BodyDefinition, Incompatible
from stembus.words import N_

SAME_OFFICE = N_("it is the same office")
"""Why two seats in one office do not go together; every other reason is in the words of the party."""


class Sitting(msgspec.Struct, frozen=True, kw_only=True):
    """One person in one seat, from `starts` up to but not on `ends` (None: with no end known)."""

    seat_id: str
    member_id: str
    body: str
    office: str
    starts: date
    ends: date | None
    deputy_for: str | None = None

    @property
    def is_void(self) -> bool:
        """Whether it ended before it began."""
        return self.ends is not None and self.ends <= self.starts


class Clash(msgspec.Struct, frozen=True, kw_only=True):
    """Two seats of one person that cannot go together, the days they share, and why."""

    new: Sitting
    other: Sitting
    since: date
    until: date | None
    reason: str


Rules = Mapping[str, Sequence[Incompatible]]
"""What each body declares incompatible, by the name of the body."""


def rules_of(definitions: Mapping[str, BodyDefinition]) -> Rules:
    """Return what each of these bodies declares incompatible."""
    return {slug: definition.incompatible for slug, definition in definitions.items()}


def overlap(one: Sitting, other: Sitting) -> tuple[date, date | None] | None:
    """Return the days that two seats share, as first day and first day no longer; None when there are none."""
    starts = max(one.starts, other.starts)
    ends = min((end for end in (one.ends, other.ends) if end is not None), default=None)
    if one.is_void or other.is_void or (ends is not None and ends <= starts):
        return None
    return starts, ends


def clashes(new: Sitting, others: Iterable[Sitting], rules: Rules) -> list[Clash]:
    """Return the seats of the same person that `new` cannot go together with, also those that begin later.

    It does not matter which of the two bodies declares it. Nobody holds the same office twice.
    """
    found = []
    for other in others:
        if other.member_id != new.member_id or other.seat_id == new.seat_id:
            continue
        days, reason = overlap(new, other), _reason(new, other, rules)
        if days is not None and reason is not None:
            found.append(Clash(new=new, other=other, since=days[0], until=days[1], reason=reason))
    return found


def most_at_once(body: str, office: str, sittings: Iterable[Sitting]) -> int:
    """Return the largest number of seats of one office that are held on one day; deputies do not count."""
    held = [s for s in sittings if (s.body, s.office) == (body, office) and s.deputy_for is None and not s.is_void]
    return max(
        (sum(s.starts <= day.starts and (s.ends is None or day.starts < s.ends) for s in held) for day in held),
        default=0,
    )


def _reason(one: Sitting, other: Sitting, rules: Rules) -> str | None:
    if (one.body, one.office) == (other.body, other.office):
        return SAME_OFFICE
    for here, there in ((one, other), (other, one)):
        for rule in rules.get(here.body, ()):
            names_us = rule.office is None or rule.office == here.office
            if names_us and rule.other in (there.body, f"{there.body}.{there.office}"):
                return rule.reason
    return None
