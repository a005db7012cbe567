"""Destroying personal data as one recorded act, and destroying it again after a restore brought it back.

The act is the tombstone: its leaf stays in the log for ever, names the destroyed bodies by id and the person by a
salted digest only, and is also kept in a file beside the database, which outlives an older backup.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import LargeBinary, String, Table, delete, or_, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from stembus.database import Database
from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Act, ActKind, Actor
from stembus.ledger.record import Leaf
from stembus.ledger.tables import LedgerLeaf
from stembus.vault.classes import all_tables, class_named
from stembus.vault.core_classes import ACTS
from stembus.vault.export import acts_about
from stembus.vault.people import About, is_pseudonym_of, person_columns, pseudonym, rows_about

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction

DESTROYED = ActKind(
    name="privacy.destroyed",
    nl="Persoonsgegevens van de klasse {class} zijn vernietigd: {rows} rijen en {bodies} inhouden van besluiten.",
    en="Personal data of the class {class} were destroyed: {rows} rows and {bodies} bodies of acts.",
)
DESTROYED_AGAIN = ActKind(
    name="privacy.destroyed_again",
    nl="Wat al vernietigd was en terugkwam is opnieuw vernietigd: {rows} rijen en {bodies} inhouden van besluiten.",
    en="What was destroyed before and came back was destroyed again: {rows} rows and {bodies} bodies of acts.",
)
TOMBSTONES = "tombstones.jsonl"


def destroy_person(
    transaction: "Transaction", *, retention: str, person: str, by: tuple[Actor, ...], ground: str
) -> str:
    """Destroy what one class holds about one person (an id), as one act; return its id.

    A row that others still refer to keeps its keys and loses everything else. Raises `UnusableInput` when there is no
    such class and `Refused` when it holds nothing about the person. Call `finish` after the transaction.
    """
    session, plugins = transaction.session, transaction.instance.plugins
    class_named(plugins, retention)
    acts = acts_about(session, person) if retention == ACTS.name else []
    rows = _destroy_rows(session, rows_about(plugins, person, retention))
    bodies = _destroy_bodies(transaction, acts)
    if not rows and not bodies:
        raise Refused(
            "The class {retention} holds nothing about {person}. Nothing was changed.",
            retention=retention,
            person=person,
        )
    public: dict[str, str | int] = {"class": retention, "rows": rows, "person": pseudonym(person)}
    return transaction.record(_act(DESTROYED, by, ground, bodies, public))


def destroy_acts(transaction: "Transaction", act_ids: Sequence[str], *, by: tuple[Actor, ...], ground: str) -> str:
    """Destroy the bodies of these acts, as one act; return its id. Raises `Refused` when one has no body."""
    bodies = _destroy_bodies(transaction, act_ids)
    if sorted(bodies) != sorted(set(act_ids)):
        gone = sorted(set(act_ids) - set(bodies))
        raise Refused("Act {gone} has no body that could be destroyed. Nothing was changed.", gone=gone[0])
    return transaction.record(_act(DESTROYED, by, ground, bodies, {"class": ACTS.name, "rows": 0}))


def finish(instance: "Instance") -> None:
    """After a destruction is committed: write its tombstone beside the database, and clear what the database kept.

    It may be done again at any time.
    """
    path = instance.folder / TOMBSTONES
    known = set(path.read_text(encoding="utf-8").splitlines()) if path.exists() else set()
    with instance.read() as session:
        new = [leaf.decode() for _, leaf in _tombstone_leaves(session) if leaf.decode() not in known]
    if new:
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in new)
    _scrub(instance.database)


def destroy_again(transaction: "Transaction", file: Path | None = None) -> str | None:
    """Destroy again whatever the tombstones in the log, and those in `file`, say was destroyed.

    Returns the id of the act that records it, or None when nothing had come back.
    """
    session = transaction.session
    leaves = [msgspec.json.decode(leaf, type=Leaf) for _, leaf in _tombstone_leaves(session)]
    leaves += _read_tombstones(file)
    rows = sum(_destroy_known_person(transaction, leaf) for leaf in leaves)
    wanted = sorted({act_id for leaf in leaves for act_id in leaf.destroys})
    bodies = _destroy_bodies(transaction, wanted)
    if not rows and not bodies:
        return None
    ground = "a restore brought back what had been destroyed"
    return transaction.record(_act(DESTROYED_AGAIN, (), ground, bodies, {"rows": rows}))


def _act(kind: ActKind, by: tuple[Actor, ...], ground: str, bodies: Sequence[str], public: dict[str, str | int]) -> Act:
    public = {**public, "bodies": len(bodies)}
    return Act(kind=kind.name, by=by, ground=ground, public=public, destroys=tuple(bodies))


def _destroy_rows(session: Session, found: Iterable[About]) -> int:
    rows = 0
    for table, where in found:
        try:
            with session.begin_nested():
                rows += session.execute(delete(table).where(where)).rowcount  # type: ignore[attr-defined]
        except IntegrityError:
            nothing = _emptied(table)
            full = or_(*(table.c[name].is_distinct_from(value) for name, value in nothing.items()))
            emptied = session.execute(update(table).where(where, full).values(nothing))
            rows += emptied.rowcount  # type: ignore[attr-defined]
    return rows


def _emptied(table: Table) -> dict[str, object]:
    """Return nothing for every column that no key needs and that the table can do without."""
    values: dict[str, object] = {}
    for column in table.columns:
        if not (column.primary_key or column.foreign_keys or column.unique):
            kind = getattr(column.type, "impl", column.type)
            if column.nullable:
                values[column.name] = None
            elif isinstance(kind, (String, LargeBinary)):
                values[column.name] = "" if isinstance(kind, String) else b""
    return values


def _destroy_bodies(transaction: "Transaction", act_ids: Sequence[str]) -> list[str]:
    """Destroy the bodies of acts, and every row of their class that belongs to them; return whose body was there."""
    session = transaction.session
    destroyed: list[str] = []
    for table in (table for tables in all_tables(transaction.instance.plugins).values() for table in tables):
        if table.info["retention"] != ACTS.name or "act_id" not in table.c:
            continue
        own = table.c.act_id
        for start in range(0, len(act_ids), 500):
            some = list(act_ids[start : start + 500])
            if table.name == "ledger_body":
                destroyed += session.execute(select(own).where(own.in_(some))).scalars().all()
            session.execute(delete(table).where(own.in_(some)))
    return sorted(destroyed)


def _destroy_known_person(transaction: "Transaction", leaf: Leaf) -> int:
    """Destroy the rows of the person and the class in a tombstone, where they came back."""
    known, retention = str(leaf.public.get("person", "")), str(leaf.public.get("class", ""))
    if not known:
        return 0
    session, plugins, rows = transaction.session, transaction.instance.plugins, 0
    people = {
        p for column in person_columns(plugins, retention) for p in session.execute(select(column).distinct()).scalars()
    }
    for person in people:
        if is_pseudonym_of(known, person):
            rows += _destroy_rows(session, rows_about(plugins, person, retention))
    return rows


def _tombstone_leaves(session: Session) -> list[tuple[str, bytes]]:
    kinds = tuple(f'"kind":"{kind.name}"'.encode() for kind in (DESTROYED, DESTROYED_AGAIN))
    query = select_rows(LedgerLeaf.act_id, LedgerLeaf.leaf).order_by(col(LedgerLeaf.at), col(LedgerLeaf.act_id))
    rows = session.exec(query.execution_options(yield_per=5_000))
    return [(act_id, leaf) for act_id, leaf in rows if any(kind in leaf for kind in kinds)]


def _read_tombstones(file: Path | None) -> list[Leaf]:
    found = []
    for number, line in enumerate(file.read_bytes().splitlines() if file else [], start=1):
        try:
            found.append(msgspec.json.decode(line, type=Leaf))
        except msgspec.DecodeError as error:
            raise UnusableInput(
                "{file}, line {number} is not a tombstone: {error}. Nothing was changed.",
                file=file,
                number=number,
                error=error,
            ) from None
    return found


def _scrub(database: Database) -> None:
    """Clear the copies that the database itself keeps of deleted rows.

    SQLite overwrites them (`secure_delete`) and its write-ahead log is emptied here. PostgreSQL's write-ahead log and
    every backup keep theirs until they are rotated: docs/ledger.md says what the office has to arrange.
    """
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    else:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
