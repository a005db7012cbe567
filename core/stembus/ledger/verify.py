"""Reading the whole ledger from the database, in one consistent view, to have it judged."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, select, union
from sqlmodel import Session, SQLModel

from stembus.ledger.checkpoint import Checkpoint
from stembus.ledger.judge import judge
from stembus.ledger.merkle import Subtree
from stembus.ledger.tables import (
    LedgerActor,
    LedgerBody,
    LedgerCheckpoint,
    LedgerHash,
    LedgerKey,
    LedgerLeaf,
    LedgerSequencer,
    LedgerSubject,
    LedgerSubtree,
)
from stembus.ledger.verdict import Entry, Frame, StoredBody, StoredCheckpoint, StoredKey, Verdict

if TYPE_CHECKING:
    from stembus.instance import Instance

PAGE = 5_000


def _table(row_class: type[SQLModel]) -> Any:
    return row_class.__table__  # type: ignore[attr-defined]


LEAF, BODY = _table(LedgerLeaf).c, _table(LedgerBody).c
SUBJECT, ACTOR = _table(LedgerSubject).c, _table(LedgerActor).c
HASH, SUBTREE = _table(LedgerHash).c, _table(LedgerSubtree).c


def verify(instance: "Instance", against: Checkpoint | None = None) -> Verdict:
    """Recompute the whole ledger and return what does not fit; `against` is an older checkpoint, already opened."""
    with instance.read() as session:
        if not instance.database.is_sqlite:  # SQLite reads one snapshot anyway
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        return verify_as_seen(session, against)


def verify_as_seen(session: Session, against: Checkpoint | None = None) -> Verdict:
    """Recompute the ledger as this session sees it; the session has to see one moment."""
    return judge(chain(_sealed(session), _unsealed(session)), _frame(session, against))


def _frame(session: Session, against: Checkpoint | None) -> Frame:
    checkpoints = _table(LedgerCheckpoint).c
    keys = _table(LedgerKey).c
    sequencer = _table(LedgerSequencer).c
    orphans = [
        select(own).select_from(own.table.outerjoin(LEAF.act_id.table, own == LEAF.act_id)).where(LEAF.act_id.is_(None))
        for own in (BODY.act_id, SUBJECT.act_id, ACTOR.act_id)
    ]
    row = session.execute(select(sequencer.size, sequencer.edge)).first()
    return Frame(
        checkpoints=[
            StoredCheckpoint(*row)
            for row in session.execute(
                select(checkpoints.size, checkpoints.previous, checkpoints.note).order_by(checkpoints.size)
            )
        ],
        keys=[
            StoredKey(*row)
            for row in session.execute(select(keys.number, keys.verifier, keys.act_id).order_by(keys.number))
        ],
        sequencer=None if row is None else (row.size, row.edge),
        strays=[str(act_id) for act_id in session.execute(union(*orphans)).scalars()],
        against=against,
        subtrees=tuple(
            Subtree(*row) for row in session.execute(select(SUBTREE.height, SUBTREE.place, SUBTREE.hash)).all()
        ),
    )


def _sealed(session: Session) -> Iterator[Entry]:
    places = union(select(LEAF.position).where(LEAF.position.is_not(None)), select(HASH.position)).subquery()
    joined = (
        places.outerjoin(LEAF.act_id.table, LEAF.position == places.c.position)
        .outerjoin(HASH.hash.table, HASH.position == places.c.position)
        .outerjoin(BODY.body.table, BODY.act_id == LEAF.act_id)
    )
    rows = _paged(
        session,
        select(places.c.position, LEAF.act_id, LEAF.at, LEAF.leaf, HASH.hash, BODY.kind, BODY.salt, BODY.body)
        .select_from(joined)
        .order_by(places.c.position),
    )
    subjects = _Listed(_paged(session, _listed(SUBJECT, SUBJECT.name, SUBJECT.value)))
    actors = _Listed(_paged(session, _listed(ACTOR, ACTOR.member_id, ACTOR.capacity).order_by(ACTOR.number)))
    for row in rows:
        about, by = subjects.at(row.position), actors.at(row.position)
        yield _entry(row, row.position, row.hash, dict(about), tuple(by))


def _unsealed(session: Session) -> Iterator[Entry]:
    rows = session.execute(
        select(LEAF.act_id, LEAF.at, LEAF.leaf, BODY.kind, BODY.salt, BODY.body)
        .select_from(LEAF.act_id.table.outerjoin(BODY.body.table, BODY.act_id == LEAF.act_id))
        .where(LEAF.position.is_(None))
        .order_by(LEAF.at, LEAF.act_id)
    ).all()
    subjects: dict[str, dict[str, str]] = {}
    actors: dict[str, list[tuple[str, str]]] = {}
    for act_id, name, value in session.execute(_waiting(SUBJECT, SUBJECT.name, SUBJECT.value)):
        subjects.setdefault(act_id, {})[name] = value
    for act_id, member, capacity in session.execute(
        _waiting(ACTOR, ACTOR.member_id, ACTOR.capacity).order_by(ACTOR.number)
    ):
        actors.setdefault(act_id, []).append((member, capacity))
    for row in rows:
        yield _entry(row, None, None, subjects.get(row.act_id, {}), tuple(actors.get(row.act_id, ())))


class _Listed:
    """What acts are listed under, read beside the acts in the order of their positions."""

    def __init__(self, rows: Iterator[Row[Any]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def at(self, position: int) -> list[tuple[str, str]]:
        found = []
        while self._next is not None and self._next.about == position:
            found.append((self._next.name, self._next.value))
            self._next = next(self._rows, None)
        return found


def _listed(listed: Any, name: Any, value: Any) -> Select[Any]:
    columns = (LEAF.position.label("about"), name.label("name"), value.label("value"))
    joined: Select[Any] = select(*columns).join(LEAF.act_id.table, LEAF.act_id == listed.act_id)
    return joined.where(LEAF.position.is_not(None)).order_by(LEAF.position)


def _waiting(listed: Any, *columns: Any) -> Select[Any]:
    joined: Select[Any] = select(listed.act_id, *columns).join(LEAF.act_id.table, LEAF.act_id == listed.act_id)
    return joined.where(LEAF.position.is_(None))


def _entry(
    row: Row[Any],
    position: int | None,
    stored: bytes | None,
    subject: dict[str, str],
    actors: tuple[tuple[str, str], ...],
) -> Entry:
    body = None if row.body is None else StoredBody(row.kind, row.salt, row.body)
    return Entry(
        position, row.act_id, "" if row.at is None else _written(row.at), row.leaf, stored, body, subject, actors
    )


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _paged(session: Session, query: Select[Any]) -> Iterator[Row[Any]]:
    yield from session.execute(query, execution_options={"yield_per": PAGE})
