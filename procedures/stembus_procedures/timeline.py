"""From a policy and the dates chosen for it to a dated list of moments, in the zone of the party."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from .dates import add_days, add_months, at_clock
from .language.policy import Policy
from .language.values import Moment, Words
from .names import moment_name, parameter_name, stage_name
from .same import Same
from .sentence import Sentence

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Between these every moment of a policy has a date; far beyond them the calendar of the machine ends."""


Dates = tuple[tuple[str, date], ...]
Moments = tuple[tuple[str, datetime], ...]


class TimelineError(Sentence, ValueError):
    """A calendar that cannot be made; the message says which date or key is at fault."""


class Point(NamedTuple):
    """A day and an hour on it, with the chosen date that it is counted from."""

    day: date
    clock: str
    root: str


class Deadline(Struct, frozen=True):
    """One dated moment of a procedure."""

    moment: str
    """Which: stage id and key ("call.closes"), or a key path outside the stages ("complaints.until")."""
    at: datetime
    """When (UTC)."""
    day: date
    """The day as people in the zone of the policy write it: midnight at its end belongs to that day."""
    clock: str
    """The hour as they write it, "00:00" to "24:00"."""
    stage: str
    """The stage it belongs to; empty outside the stages."""
    owner: str
    """The body that has to act; empty where the clock does."""
    name: Words
    """What people read."""


def zone_of(policy: Policy) -> ZoneInfo:
    """The zone of the policy. Raises TimelineError when there is no such zone."""
    try:
        return ZoneInfo(policy.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise TimelineError(
            "`timezone`: {timezone!r} is not a zone; write one such as Europe/Amsterdam.", timezone=policy.timezone
        ) from None


def resolve(
    policy: Policy, anchors: Mapping[str, date], moved: Mapping[str, datetime] | None = None
) -> dict[str, Point]:
    """The day and hour of every moment.

    `anchors` gives a date for each name under the policy's `anchors`. `moved` gives moments that were changed
    while the procedure ran (an extension); what is counted from them moves along.
    Raises TimelineError for an anchor that is missing, unknown, or counted from itself.
    """
    for name, chosen in anchors.items():
        if not FIRST_YEAR <= chosen.year <= LAST_YEAR:
            raise TimelineError(
                "`{name}`: no calendar is made for {chosen}; choose a date from {first} to {last}.",
                name=name,
                chosen=chosen,
                first=FIRST_YEAR,
                last=LAST_YEAR,
            )
    zone = zone_of(policy)
    moments = policy.moments
    points: dict[str, Point] = {}

    def point(name: str, trail: tuple[str, ...]) -> Point:
        if name in trail:
            raise TimelineError(
                "`{name}`: counted from itself, through {trail}.", name=trail[0], trail=" -> ".join((*trail, name))
            )
        if name not in points:
            points[name] = _resolve_one(name, trail)
        return points[name]

    def _resolve_one(name: str, trail: tuple[str, ...]) -> Point:
        moment = moments[name]
        root, day = _start(moment, name, trail)
        if moved and name in moved:
            return _moved_point(moved[name].astimezone(zone), moment, root)
        return Point(add_days(add_months(day, moment.months), moment.days, clear=moment.clear), moment.at, root)

    def _start(moment: Moment, name: str, trail: tuple[str, ...]) -> tuple[str, date]:
        if moment.anchor in policy.anchors:
            if moment.anchor not in anchors:
                raise TimelineError(
                    "No date was given for `{anchor}` ({words}).",
                    anchor=moment.anchor,
                    words=policy.anchors[moment.anchor],
                )
            return moment.anchor, anchors[moment.anchor]
        if moment.anchor in moments:
            origin = point(moment.anchor, (*trail, name))
            return origin.root, origin.day
        known = ", ".join(sorted(policy.anchors))
        raise TimelineError(
            "`{name}`: counted from `{anchor}`, which is no chosen date ({known}) and no moment of a stage.",
            name=name,
            anchor=moment.anchor,
            known=known,
        )

    for name in moments:
        point(name, ())
    return points


def _moved_point(local: datetime, moment: Moment, root: str) -> Point:
    clock = f"{local:%H:%M}"
    if clock == "00:00" and moment.at == "24:00":
        return Point(local.date() - timedelta(days=1), "24:00", root)
    return Point(local.date(), clock, root)


def dated(
    policy: Policy, anchors: Mapping[str, date], moved: Mapping[str, datetime] | None = None
) -> dict[str, datetime]:
    """Every moment by name, in UTC. Errors as `resolve`."""
    return dict(_dated(Same(policy), *_keys(anchors, moved)))


def times_of(
    policy: Policy, points: Mapping[str, Point], moved: Mapping[str, datetime] | None = None
) -> dict[str, datetime]:
    """Resolved points as moments in UTC; moved ones to the second."""
    zone = zone_of(policy)
    times = {name: at_clock(at.day, at.clock, zone) for name, at in points.items()}
    return times | {name: at.astimezone(UTC) for name, at in (moved or {}).items() if name in times}


def timeline(
    policy: Policy, anchors: Mapping[str, date], moved: Mapping[str, datetime] | None = None
) -> tuple[Deadline, ...]:
    """The calendar of a procedure in order of time, then in that of the policy. Errors as `resolve`."""
    return _timeline(Same(policy), *_keys(anchors, moved))


# One page of one member asks for the same calendar dozens of times.
@lru_cache(maxsize=256)
def _dated(same: Same, anchors: Dates, moved: Moments) -> Mapping[str, datetime]:
    return times_of(same.policy, resolve(same.policy, dict(anchors), dict(moved)), dict(moved))


@lru_cache(maxsize=256)
def _timeline(same: Same, chosen: Dates, changed: Moments) -> tuple[Deadline, ...]:
    policy, anchors, moved = same.policy, dict(chosen), dict(changed)
    stages = {stage.id: stage for stage in policy.stages}
    points = resolve(policy, anchors, moved)
    deadlines = []
    for name, at in times_of(policy, points, moved).items():
        day, clock, _ = points[name]
        stage = stages.get(name.split(".", 1)[0])
        if stage is None:
            table, key = name.rsplit(".", 1)
            deadlines.append(Deadline(name, at, day, clock, "", "", _joined(parameter_name(table), moment_name(key))))
            continue
        key = name.split(".", 1)[1]
        owner = stage.owner if key == "due" else ""
        deadlines.append(Deadline(name, at, day, clock, stage.id, owner, _joined(stage_name(stage), moment_name(key))))
    return tuple(sorted(deadlines, key=lambda deadline: deadline.at))


def _joined(subject: Words, what: Words) -> Words:
    easy = f"{subject.nl_simple or subject.nl}: {what.nl_simple or what.nl}"
    return Words(nl=f"{subject.nl}: {what.nl}", en=f"{subject.en}: {what.en}", nl_simple=easy)


def _keys(anchors: Mapping[str, date], moved: Mapping[str, datetime] | None) -> tuple[Dates, Moments]:
    return tuple(anchors.items()), tuple((moved or {}).items())
