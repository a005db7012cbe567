"""Between the rows of the roll and the states that rules work with: fast and in little memory for a whole roll."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import delete, insert, select, text, update
from sqlmodel import Session, SQLModel

from stembus.organisation.member import ATTRIBUTES, MemberState
from stembus.organisation.periods import Period

MEMBER = SQLModel.metadata.tables["member"]
PERIOD = SQLModel.metadata.tables["member_period"]
T = TypeVar("T")
BATCH = 2000
"""Rows at a time: enough for speed, and within the number of values that either database takes in one statement."""


def lock_roll(session: Session) -> None:
    """Make others who change the roll wait for the end of this transaction; readers go on."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE member IN SHARE ROW EXCLUSIVE MODE"))


def all_states(session: Session) -> Iterator[MemberState]:
    """Go through the whole roll in the order of ids, a few rows in memory at a time."""
    yield from _states(session, None)


def states_of(session: Session, member_ids: Iterable[str]) -> dict[str, MemberState]:
    """Return the states of these members by id; ids that are not there are left out."""
    found: dict[str, MemberState] = {}
    for ids in batches(sorted(set(member_ids))):
        found.update((state.id, state) for state in _states(session, ids))
    return found


def insert_states(session: Session, states: Sequence[MemberState]) -> None:
    """Write new members with their periods."""
    if states:
        session.execute(insert(MEMBER), [_member_row(state) for state in states])
        _insert_periods(session, states)


def replace_states(session: Session, states: Sequence[MemberState]) -> None:
    """Write members anew that are there already, with their periods."""
    for some in batches(states):
        for state in some:
            row = _member_row(state)
            session.execute(update(MEMBER).where(MEMBER.c.id == row.pop("id")).values(row))
        session.execute(delete(PERIOD).where(PERIOD.c.member_id.in_([state.id for state in some])))
        _insert_periods(session, some)


def delete_members(session: Session, member_ids: Sequence[str]) -> None:
    """Take members away with their periods. A record elsewhere that needs one makes the database refuse."""
    for ids in batches(member_ids):
        session.execute(delete(PERIOD).where(PERIOD.c.member_id.in_(ids)))
        session.execute(delete(MEMBER).where(MEMBER.c.id.in_(ids)))


def batches(items: Sequence[T]) -> Iterator[list[T]]:
    """Cut a sequence in lists of at most `BATCH`."""
    for start in range(0, len(items), BATCH):
        yield list(items[start : start + BATCH])


def _states(session: Session, ids: list[str] | None) -> Iterator[MemberState]:
    members = select(MEMBER.c.id, *(MEMBER.c[name] for name in ATTRIBUTES)).order_by(MEMBER.c.id)
    periods = select(PERIOD.c.member_id, PERIOD.c.kind, PERIOD.c.starts, PERIOD.c.ends, PERIOD.c.value).order_by(
        PERIOD.c.member_id, PERIOD.c.kind, PERIOD.c.starts
    )
    if ids is not None:
        members, periods = members.where(MEMBER.c.id.in_(ids)), periods.where(PERIOD.c.member_id.in_(ids))
    stream = {"yield_per": BATCH}
    ahead = iter(session.execute(periods, execution_options=stream))
    period = next(ahead, None)
    for member_id, *values in session.execute(members, execution_options=stream):
        own = []
        while period is not None and period[0] == member_id:
            own.append(Period(*period[1:]))
            period = next(ahead, None)
        yield MemberState(id=member_id, **dict(zip(ATTRIBUTES, values, strict=True)), periods=tuple(own))


def _member_row(state: MemberState) -> dict[str, object]:
    return {"id": state.id, **{name: getattr(state, name) for name in ATTRIBUTES}}


def _insert_periods(session: Session, states: Sequence[MemberState]) -> None:
    rows = [
        {"member_id": state.id, "kind": p.kind, "starts": p.starts, "ends": p.ends, "value": p.value}
        for state in states
        for p in state.periods
    ]
    if rows:
        session.execute(insert(PERIOD), rows)
