"""What the program of a trustee is shown of the ledger: that it only grew, and when the box was sealed."""

from typing import TYPE_CHECKING

from sqlmodel import col, select

from stembus.errors import CheckFailed
from stembus.ledger.proofs import prove_growth, prove_inclusion
from stembus.ledger.tables import LedgerCheckpoint, LedgerKey
from stembus_polls.secret.tallying import sealing_act
from stembus_polls.trustee.wire import LedgerSeen

if TYPE_CHECKING:
    from stembus.instance import Instance


def ledger_seen(instance: "Instance", uuid: str, since: int) -> LedgerSeen:
    """Return the newest checkpoint with its proofs, for who saw the ledger when it had `since` acts (0: never)."""
    with instance.read() as session:
        newest = session.exec(select(LedgerCheckpoint.note).order_by(col(LedgerCheckpoint.size).desc())).first()
        older = session.exec(select(LedgerCheckpoint.note).where(LedgerCheckpoint.size == since)).first()
        keys = session.exec(select(LedgerKey.verifier, LedgerKey.act_id).order_by(col(LedgerKey.number))).all()
        sealing = sealing_act(session, uuid)
        act_id = None if sealing is None or sealing.position is None else sealing.act_id
    if newest is None:
        raise CheckFailed("The ledger has no checkpoint yet: `stembus ledger checkpoint` makes one.")
    sealed = None if act_id is None else prove_inclusion(instance, act_id)
    newest = newest if sealed is None else sealed.checkpoint  # it can have grown since
    return LedgerSeen(
        checkpoint=newest,
        key=keys[-1][0],
        replaced=tuple(prove_inclusion(instance, act_id, by_first=True) for _key, act_id in keys if act_id),
        growth=None if older is None else prove_growth(instance, older, newest),
        sealed=sealed,
    )
