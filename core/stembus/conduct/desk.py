"""The desk: every running procedure with its next deadline, what blocks it and who has to act, most urgent first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

import msgspec
from sqlmodel import Session

from stembus.conduct.holding import counts
from stembus.conduct.policies import installed_kinds
from stembus.conduct.running import Running, procedures, running_of, status_of
from stembus.conduct.speaking import may_speak
from stembus.contributions import DeskItem
from stembus.organisation.authority import acting_seats, current_definitions
from stembus.organisation.bodies import BodyDefinition
from stembus.organisation.mandate import HeldSeat, allows
from stembus.plugins import Plugins
from stembus_procedures.events import Block
from stembus_procedures.language.values import Words
from stembus_procedures.status import StageStatus, Status
from stembus_procedures.timeline import Deadline

OVER = frozenset({"cancelled", "annulled", "complete"})
"""The phases in which nothing waits for anybody any more."""


class ToAct(msgspec.Struct, frozen=True, kw_only=True):
    """A body that has to do something now, and the people in it who can: nobody, when no seat of it acts today."""

    name: Words
    people: tuple[HeldSeat, ...]


class DeskRow(msgspec.Struct, frozen=True, kw_only=True):
    """One procedure on the desk. `due` is the end of the task that is late the longest, or the next deadline."""

    procedure_id: str
    name: str
    held_by: str | None
    title: Words
    phase: str
    stages: tuple[Words, ...]
    late: tuple[StageStatus, ...]
    deadline: Deadline | None
    blocks: tuple[Block, ...]
    to_act: tuple[ToAct, ...]
    due: datetime | None

    @property
    def is_late(self) -> bool:
        """Whether a task should have been done by now."""
        return bool(self.late)


def desk_rows(
    found: Iterable[tuple[Running, Status]], seats: Sequence[HeldSeat], definitions: Mapping[str, BodyDefinition]
) -> list[DeskRow]:
    """Return the procedures that are not over, most urgent first: what is late by how long, then the nearest deadline.

    One without dates comes last. `seats` are those that act today.
    """
    rows = [_row(running, status, seats, definitions) for running, status in found if status.phase not in OVER]
    return sorted(rows, key=_urgency)


def waits_for(rows: Iterable[DeskRow], member_id: str) -> list[DeskRow]:
    """Return the rows in which this person can do what has to be done now, in the same order."""
    return [row for row in rows if any(seat.member_id == member_id for one in row.to_act for seat in one.people)]


def items_for(items: Iterable[DeskItem], powers: Collection[str]) -> list[DeskItem]:
    """Return the items for whoever has these powers, those that are due first before the others."""
    mine = [item for item in items if any(power in powers for power in item.powers)]
    return sorted(mine, key=lambda item: (item.due is None, item.due.timestamp() if item.due else 0, item.path))


def within_reach(
    session: Session, plugins: Plugins, items: Iterable[DeskItem], seats: Sequence[HeldSeat]
) -> list[DeskItem]:
    """Leave out the items of procedures in which none of these seats counts with a power that the item asks for."""
    definitions, kinds = current_definitions(session), installed_kinds(plugins)
    running: dict[str, Running] = {}

    def counts_for(item: DeskItem, procedure_id: str) -> bool:
        if procedure_id not in running:
            running[procedure_id] = running_of(session, procedure_id, kinds)
        of = running[procedure_id]
        return any(
            counts(seat, of.policy, of.held_by, definitions)
            and any(allows(seat, power, definitions) for power in item.powers)
            for seat in seats
        )

    return [item for item in items if item.procedure_id is None or counts_for(item, item.procedure_id)]


def desk(session: Session, plugins: Plugins, now: datetime, day: date) -> list[DeskRow]:
    """Return the desk as it stands at `now`; `day` is that day in the party's zone."""
    kinds = installed_kinds(plugins)
    running = [running_of(session, row.id, kinds) for row in procedures(session)]
    found = [(one, status_of(session, plugins, one, now)) for one in running]
    return desk_rows(found, acting_seats(session, day), current_definitions(session))


def _row(
    running: Running, status: Status, seats: Sequence[HeldSeat], definitions: Mapping[str, BodyDefinition]
) -> DeskRow:
    late = tuple(stage for stage in status.stages if stage.phase == "overdue")
    dues = [stage.ends for stage in late if stage.ends is not None]
    next_due = None if status.next_deadline is None else status.next_deadline.at
    return DeskRow(
        procedure_id=running.procedure.id,
        name=running.procedure.name,
        held_by=running.procedure.held_by,
        title=running.policy.title,
        phase=status.phase,
        stages=tuple(one.name for one in status.busy_with),
        late=late,
        deadline=status.next_deadline,
        blocks=status.blocks,
        to_act=tuple(_to_act(running, body, seats, definitions) for body in status.to_act),
        due=min(dues, default=next_due),
    )


def _to_act(running: Running, body: str, seats: Sequence[HeldSeat], definitions: Mapping[str, BodyDefinition]) -> ToAct:
    held_by, policy = running.held_by, running.policy
    counting = [seat for seat in seats if counts(seat, policy, held_by, definitions)]
    people = tuple(seat for seat in counting if may_speak(seat, policy, body, definitions, held_by))
    return ToAct(name=policy.body_name(body), people=people)


def _urgency(row: DeskRow) -> tuple[bool, bool, float, bool, str]:
    at = 0.0 if row.due is None else row.due.timestamp()
    return (not row.is_late, row.due is None, at, not row.blocks, row.name)
