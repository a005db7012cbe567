"""Sealing: giving acts their place in the log, and signing a checkpoint over it.

Whoever records an act only inserts it, without a place, so that many can at once. Sealing takes every act that has
none yet, whatever its id: ids and times are handed out in another order than transactions commit.
"""

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, update
from sqlmodel import Session, col, select

from stembus.errors import CheckFailed
from stembus.ledger.checkpoint import Checkpoint
from stembus.ledger.keys import current_signer
from stembus.ledger.merkle import Edge, leaf_hash
from stembus.ledger.note import Signer
from stembus.ledger.tables import LedgerCheckpoint, LedgerHash, LedgerLeaf, LedgerSequencer, LedgerSubtree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stembus.instance import Instance

# One checkpoint covers at most this many acts, so that a long queue takes little memory and no long lock.
BATCH = 10_000


def seal(instance: "Instance") -> str | None:
    """Seal every act that has no place yet; return the newest checkpoint (a signed note), or None in an empty log.

    Each batch gets places, root and signature in one transaction. Raises `CheckFailed` when the key is not there.
    """
    while _has_unsealed(instance):
        with instance.database.write() as session:
            sequencer = hold_sequencer(session)
            seal_held(session, sequencer, [current_signer(session, instance.folder)], limit=BATCH)
    instance.recorded = False
    with instance.read() as session:
        newest = session.exec(select(LedgerCheckpoint).order_by(col(LedgerCheckpoint.size).desc())).first()
        return None if newest is None else newest.note


def hold_sequencer(session: Session) -> LedgerSequencer:
    """Wait for, lock and return the sequencer's row; SQLite's write transaction is that lock already."""
    sequencer = session.exec(select(LedgerSequencer).with_for_update()).one_or_none()
    if sequencer is None:
        raise CheckFailed("The ledger has lost its sequencer: run `stembus ledger verify` and restore a backup.")
    return sequencer


def seal_held(
    session: Session, sequencer: LedgerSequencer, signers: "Sequence[Signer]", limit: int | None
) -> Checkpoint | None:
    """Seal up to `limit` acts while the sequencer is held; return their checkpoint, or None when there were none."""
    leaves = session.exec(
        select(LedgerLeaf.act_id, LedgerLeaf.leaf)
        .where(col(LedgerLeaf.position).is_(None))
        .order_by(col(LedgerLeaf.at), col(LedgerLeaf.act_id))
        .limit(limit)
    ).all()
    if not leaves:
        return None
    edge, start = Edge.unpack(sequencer.size, sequencer.edge), sequencer.size
    hashes = [leaf_hash(leaf) for _, leaf in leaves]
    for one in hashes:
        edge.append(one)
    _place(session, [act_id for act_id, _ in leaves], hashes, start)
    session.add_all(LedgerSubtree(**one._asdict()) for one in edge.completed)
    checkpoint = Checkpoint(signers[0].name, edge.size, edge.root())
    session.add(LedgerCheckpoint(size=edge.size, previous=start, note=checkpoint.signed(signers)))
    sequencer.size, sequencer.edge = edge.size, edge.pack()
    session.flush()
    return checkpoint


def _place(session: Session, act_ids: list[str], hashes: list[bytes], start: int) -> None:
    leaf = LedgerLeaf.__table__  # type: ignore[attr-defined]
    places = update(leaf).where(leaf.c.act_id == bindparam("act")).values(position=bindparam("place"))
    connection = session.connection()
    connection.execute(places, [{"act": act_id, "place": start + i} for i, act_id in enumerate(act_ids)])
    connection.execute(
        insert(LedgerHash.__table__),  # type: ignore[attr-defined]
        [{"position": start + i, "hash": one} for i, one in enumerate(hashes)],
    )


def _has_unsealed(instance: "Instance") -> bool:
    with instance.read() as session:
        return session.exec(select(LedgerLeaf.act_id).where(col(LedgerLeaf.position).is_(None))).first() is not None
