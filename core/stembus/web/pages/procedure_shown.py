"""A procedure as people are told of it: in which state it is, what happens now and what comes next."""

import math
from typing import Final, NamedTuple

from litestar.exceptions import NotFoundException
from markupsafe import Markup
from sqlmodel import Session, col, or_, select

from stembus.conduct.desk import OVER
from stembus.conduct.policies import installed_kinds
from stembus.conduct.running import Running, procedures, running_of, status_of
from stembus.conduct.tables import Procedure
from stembus.organisation.authority import current_definitions, today
from stembus.organisation.tables import MemberPeriod
from stembus.web import N_, Card, Visit
from stembus_procedures.language.values import Words
from stembus_procedures.status import Status
from stembus_procedures.timeline import Deadline, timeline

STATES: Final = {
    "unscheduled": (N_("No dates yet"), "plain"),
    "scheduled": (N_("Begins later"), "plain"),
    "running": (N_("Going on"), "yes"),
    "postponed": (N_("Postponed"), "wait"),
    "cancelled": (N_("Cancelled"), "no"),
    "annulled": (N_("Annulled"), "no"),
    "complete": (N_("Finished"), "soft"),
}
"""Each phase of a procedure as a tag: its words and its kind."""


class Shown(NamedTuple):
    """A procedure with where it stands. `upcoming` are the moments that are still to come, the first one first."""

    running: Running
    status: Status
    passed: tuple[Deadline, ...]
    upcoming: tuple[Deadline, ...]

    @property
    def name(self) -> str:
        """What it is called in addresses."""
        return self.running.procedure.name

    @property
    def title(self) -> Words:
        """What it is called."""
        return self.running.policy.title

    @property
    def state(self) -> tuple[str, str]:
        """The words and the kind of its tag."""
        return STATES[self.status.phase]

    @property
    def next(self) -> Deadline | None:
        """The first moment that is still to come."""
        return next(iter(self.upcoming), None)

    @property
    def now_going_on(self) -> list[Words]:
        """What it is busy with: nothing where nothing can happen."""
        return [one.name for one in self.status.busy_with]

    @property
    def is_over(self) -> bool:
        """Whether everything in it was done, or it was cancelled or annulled. Dates that follow may still come."""
        return self.status.phase in OVER

    @property
    def who_decides(self) -> list[tuple[Words, list[Words]]]:
        """Each body that has to do something, in the order of the policy, with what."""
        found: dict[str, list[Words]] = {}
        for stage in self.status.stages:
            found.setdefault(stage.owner, []).append(stage.name)
        return [(self.running.policy.body_name(slug), does) for slug, does in found.items()]


def shown(visit: Visit, session: Session, running: Running) -> Shown:
    """Return a procedure as it stands at the moment of the visit."""
    status = status_of(session, visit.instance.plugins, running, visit.now)
    state = running.state
    dates = () if state.anchors is None else timeline(running.policy, state.anchors, state.moved)
    stopped = state.ended_at is not None
    return Shown(
        running,
        status,
        tuple(one for one in dates if one.at <= visit.now),
        () if stopped else tuple(one for one in dates if one.at > visit.now and not _was_done(one, running)),
    )


def shown_at(visit: Visit, session: Session, name: str) -> Shown:
    """Return the procedure called `name`. Raises `NotFoundException` when there is none."""
    row = session.exec(select(Procedure).where(Procedure.name == name)).first()
    if row is None:
        raise NotFoundException
    return shown(visit, session, running_of(session, row.id, installed_kinds(visit.instance.plugins)))


def all_shown(visit: Visit, session: Session) -> list[Shown]:
    """Return every procedure: those that go on, by their next moment, then those that are over, the latest first."""
    kinds = installed_kinds(visit.instance.plugins)
    found = [shown(visit, session, running_of(session, row.id, kinds)) for row in procedures(session)]
    return sorted(found, key=lambda one: (one.is_over, _turn(one)))


def concerning(visit: Visit, session: Session, found: list[Shown], member_id: str) -> list[Shown]:
    """Leave out procedures of branches that are not the member's."""
    if all(one.running.procedure.held_by is None for one in found):
        return found
    day = today(visit.instance, visit.now)
    own = session.exec(
        select(MemberPeriod.value).where(
            MemberPeriod.member_id == member_id,
            MemberPeriod.kind == "branch",
            col(MemberPeriod.starts) <= day,
            or_(col(MemberPeriod.ends).is_(None), col(MemberPeriod.ends) > day),
        )
    ).first()
    branches = {slug for slug, body in current_definitions(session).items() if body.is_branch and body.branch == own}
    return [one for one in found if one.running.procedure.held_by in (None, *branches)]


def drawn(visit: Visit, card: Card, at: str = "") -> Markup:
    """Return a card as HTML; `at` keeps its ids apart from those of the same card of another procedure."""
    # Its template escapes what is put into it.
    return Markup(visit.house.render(visit, card.template, {**card.values, "at": at}))  # noqa: S704


def _was_done(moment: Deadline, running: Running) -> bool:
    return moment.moment == f"{moment.stage}.due" and moment.stage in running.state.done


def _turn(one: Shown) -> float:
    """Return the place in a list: what comes first before what comes later, and what was last before what was first."""
    if one.is_over:
        return -max((moment.at for moment in one.passed), default=one.running.procedure.begun_at).timestamp()
    return one.next.at.timestamp() if one.next else math.inf
