"""The roll in the database: its versions, the rows of one version, and writing a new version."""

import os
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from sqlalchemy import insert
from sqlmodel import Session, col, or_, select

from stembus.conduct.running import Running
from stembus.errors import Refused
from stembus.ledger.acts import Act, Actor
from stembus.organisation.states import BATCH
from stembus_polls.roll.leaf import SALT_BYTES, Leaf, root, tree
from stembus_polls.roll.tables import RollRow, RollVersion

if TYPE_CHECKING:
    from stembus.instance import Transaction


class Frozen(Struct, frozen=True, kw_only=True):
    """A version of the roll that was just written, to tell of it after the write is over."""

    version: int
    root: str
    size: int
    record_day: date
    act_id: str


def versions(session: Session, procedure_id: str) -> list[RollVersion]:
    """Return every version of the roll, the first one first."""
    query = select(RollVersion).where(RollVersion.procedure_id == procedure_id)
    return list(session.exec(query.order_by(col(RollVersion.version))))


def current_version(session: Session, procedure_id: str) -> RollVersion | None:
    """Return the version in force, or None while nothing is frozen."""
    query = select(RollVersion).where(RollVersion.procedure_id == procedure_id)
    return session.exec(query.order_by(col(RollVersion.version).desc()).limit(1)).first()


def require_frozen(session: Session, running: Running) -> RollVersion:
    """Return the version in force. Raises `Refused` while nothing is frozen."""
    version = current_version(session, running.procedure.id)
    if version is None:
        raise Refused(
            "The roll of {procedure} is not frozen yet: `stembus roll freeze` does that.",
            procedure=running.procedure.name,
        )
    return version


def leaves(session: Session, procedure_id: str, version: int) -> list[Leaf]:
    """Return the leaves of one version."""
    query = select(RollRow.number, RollRow.contests, RollRow.salt).where(
        RollRow.procedure_id == procedure_id,
        RollRow.since <= version,
        or_(col(RollRow.until).is_(None), col(RollRow.until) > version),
    )
    return [leaf(procedure_id, *row) for row in session.exec(query)]


def leaf(procedure_id: str, number: str, contests: str, salt: bytes) -> Leaf:
    """Return a row as a leaf."""
    return Leaf(procedure=procedure_id, member=number, contests=tuple(contests.split()), salt=salt.hex())


def insert_rows(
    session: Session, procedure_id: str, version: int, entitled: Iterable[tuple[str, str, Sequence[str]]]
) -> None:
    """Write rows of a version: member id, member number and contests of each; the salts are drawn here."""
    rows = [
        {
            "procedure_id": procedure_id,
            "member_id": member_id,
            "since": version,
            "until": None,
            "number": number,
            "contests": " ".join(contests),
            "salt": os.urandom(SALT_BYTES),
        }
        for member_id, number, contests in entitled
    ]
    for start in range(0, len(rows), BATCH):
        session.execute(insert(RollRow), rows[start : start + BATCH])


def record_version(
    transaction: "Transaction",
    running: Running,
    version: int,
    record_day: date,
    *,
    cause: str,
    by: tuple[Actor, ...],
    ground: str,
    member_id: str = "",
    before: str = "",
    merged: Sequence[str] | None = None,
) -> Frozen:
    """Record a version of the roll, whose rows are written, as an act with its root and size.

    `merged` are the contests that all members fill together; without it those of the version in force.
    """
    session, procedure_id = transaction.session, running.procedure.id
    hashes = tree(leaves(session, procedure_id, version))
    public: dict[str, str | int] = {"version": version, "root": root(hashes), "size": len(hashes)}
    if merged is None:
        current = current_version(session, procedure_id)
        merged = current.merged.split() if current else ()
    elif merged:
        public |= {"merged": " ".join(merged)}
    if before:
        public |= {"before": before, "cause": cause}
    act_id = transaction.record(
        Act(
            kind="roll.changed" if before else "roll.frozen",
            by=by,
            ground=ground,
            subject={"procedure": procedure_id} | ({"member": member_id} if member_id else {}),
            details={"record_day": str(record_day)},
            public=public,
        )
    )
    made = Frozen(version=version, root=root(hashes), size=len(hashes), record_day=record_day, act_id=act_id)
    session.add(
        RollVersion(
            procedure_id=procedure_id,
            cause=cause,
            at=transaction.now,
            merged=" ".join(merged),
            **msgspec.structs.asdict(made),
        )
    )
    session.flush()
    return made
