"""Opening a procedure by copying an earlier one: which dates it would get, and what is different this time."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from stembus.conduct.running import Running
from stembus.conduct.tables import AdoptedPolicy
from stembus.errors import UnusableInput
from stembus.words import N_
from stembus_procedures import Policy, TimelineError, crossings, timeline
from stembus_procedures.diff import differences
from stembus_procedures.language.stages import Window
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence
from stembus_procedures.text import Catalogue
from stembus_procedures.timeline import Deadline

WEEK = timedelta(weeks=1)


class ShiftedMoment(msgspec.Struct, frozen=True, kw_only=True):
    """A moment in both procedures; one that only one of the policies has is empty on the other side."""

    moment: str
    name: Words
    before: Deadline | None
    after: Deadline | None


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A procedure as it would be begun, for the form of the two who start it.

    `changed` tells what the policy says differently now, `warnings` what is wrong with the dates: with one of those
    it cannot be started as it is.
    """

    name: str
    policy_id: str
    fingerprint: str
    anchors: dict[str, date]
    moments: tuple[ShiftedMoment, ...]
    changed: tuple[str, ...]
    warnings: tuple[Sentence, ...]


def proposed_anchors(before: Mapping[str, date], today: date) -> dict[str, date]:
    """Return the dates of before moved by whole weeks, together, to about the same day of a later year.

    All move equally far, so each falls on the same weekday and lies as far from the others as it did. The year is the
    first in which the earliest of them lies after `today`.
    """
    if not before:
        return {}
    earliest = min(before.values())
    years = 1
    while (moved := _same_weekday(earliest, years)) <= today:
        years += 1
    return {name: day + (moved - earliest) for name, day in before.items()}


def shifted_anchors(before: Mapping[str, date], name: str, chosen: date) -> dict[str, date]:
    """Return the dates of before, all moved as far as `name` is by being `chosen`. Raises `UnusableInput`."""
    if name not in before:
        raise UnusableInput(N_("There is no date {name!r} to choose: there is {names}."), name=name, names=list(before))
    return {other: day + (chosen - before[name]) for other, day in before.items()}


def copied(
    earlier: Running,
    newest: tuple[AdoptedPolicy, Policy],
    anchors: Mapping[str, date],
    now: datetime,
    *,
    taken: frozenset[str] = frozenset(),
    lang: Literal["nl", "en"] = "nl",
    catalogue: Catalogue | None = None,
) -> Copy:
    """Return what beginning the same procedure again under the newest version of its policy comes to.

    `anchors` are the new dates by name and `taken` the names that procedures have already. Nothing is changed: two
    people start it with the outcome.
    """
    adopted, policy = newest
    wanted = {name: anchors[name] for name in policy.anchors if name in anchors}
    changed = () if policy == earlier.policy else differences(earlier.policy, policy, lang, catalogue=catalogue)
    before = _calendar(earlier.policy, earlier.state.anchors)
    try:
        after, warnings = _calendar(policy, wanted), what_refuses(policy, wanted, now)
    except TimelineError as error:
        after, warnings = {}, (Sentence("{error}", error=error),)
    return Copy(
        name=proposed_name(earlier.procedure.name, earlier.state.anchors or {}, wanted, taken),
        policy_id=adopted.policy_id,
        fingerprint=adopted.fingerprint,
        anchors=wanted,
        moments=_moments(before, after),
        changed=changed,
        warnings=warnings,
    )


def proposed_name(
    name: str, before: Mapping[str, date], after: Mapping[str, date], taken: frozenset[str] = frozenset()
) -> str:
    """Return a name for the copy: with the year in it moved along, or with the new year after it, and never taken."""
    first = min(after.values(), default=None)
    old = min(before.values(), default=None)
    wanted = name
    if first is not None and old is not None and (years := re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", name)):
        last = years[-1]
        start = name.rindex(last)
        wanted = name[:start] + str(int(last) + first.year - old.year) + name[start + 4 :]
    elif first is not None:
        wanted = f"{name}-{first.year}"
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


def what_refuses(policy: Policy, anchors: Mapping[str, date], now: datetime) -> tuple[Sentence, ...]:
    """Return what would refuse these dates: windows that opened already, and moments that cross.

    Errors as `timeline`.
    """
    opening = {f"{stage.id}.opens" for stage in policy.stages_of(Window)}
    found = [
        Sentence(N_("{name} would have been on {day} already."), name=one.name, day=one.day)
        for one in timeline(policy, anchors)
        if one.moment in opening and one.at < now
    ]
    return (
        *found,
        *(Sentence(N_("Dates would cross: {crossing}"), crossing=c.sentence) for c in crossings(policy, anchors)),
    )


def _same_weekday(day: date, years: int) -> date:
    """Return the day nearest to the same date so many years later that falls on the same weekday."""
    year = day.year + years
    try:
        target = day.replace(year=year)
    except ValueError:  # 29 February
        target = date(year, 2, 28)
    weeks = round((target - day) / WEEK)
    return day + weeks * WEEK


def _calendar(policy: Policy, anchors: Mapping[str, date] | None) -> dict[str, Deadline]:
    return {} if not anchors else {deadline.moment: deadline for deadline in timeline(policy, anchors)}


def _moments(before: Mapping[str, Deadline], after: Mapping[str, Deadline]) -> tuple[ShiftedMoment, ...]:
    names = [*after, *(name for name in before if name not in after)]
    return tuple(
        ShiftedMoment(
            moment=name,
            name=(after.get(name) or before[name]).name,
            before=before.get(name),
            after=after.get(name),
        )
        for name in names
    )
