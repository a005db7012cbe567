"""The party's ledger as a trustee's program follows it: it only grows, and says when the box was sealed.

What it holds cannot be changed unseen. A server could still show this program alone a ledger that it made up since;
then it has signed two, and the checkpoint that is kept here shows it.
"""

from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from stembus.errors import CheckFailed, UnusableInput
from stembus.ledger.checkpoint import Checkpoint, open_checkpoint
from stembus.ledger.keys import KEY_REPLACED
from stembus.ledger.note import Verifier
from stembus.ledger.proofs import InclusionProof, check_proof, proven_leaf
from stembus_ballots.protocol.errors import ProtocolError
from stembus_polls.trustee.kept import LedgerHead
from stembus_polls.trustee.wire import LedgerSeen
from stembus_procedures.dates import add_span_to_moment
from stembus_procedures.language.values import Span

SEALED = "secret_poll.sealed"


def size_of(head: LedgerHead) -> int:
    """How many acts the ledger had when it was seen."""
    return open_checkpoint(head.checkpoint, [Verifier.parse(head.key)]).checkpoint.size


def followed(before: LedgerHead | None, seen: LedgerSeen) -> LedgerHead:
    """The ledger as it is kept from now on. The first time its key is believed, and after that only what it signs.

    Raises ProtocolError(ledger.…) unless it is the ledger of `before`, with nothing but more acts.
    """
    try:
        keys = [Verifier.parse(before.key if before else seen.key)]
        for proof in seen.replaced if before else ():
            with suppress(CheckFailed):  # of before the key that is kept: it needs no proof any more
                keys.append(_replacement(proof, keys))
        newest = open_checkpoint(seen.checkpoint, keys)
        if before is not None:
            _require_growth(before, seen, newest.checkpoint, keys)
    except (CheckFailed, UnusableInput) as problem:
        raise ProtocolError(
            "ledger.changed", f"The ledger is not the one that this program saw before, with more added: {problem}"
        ) from None
    return LedgerHead(checkpoint=seen.checkpoint, key=str(newest.signed_by[-1]))


def sealed_at(head: LedgerHead, seen: LedgerSeen, uuid: str, ended: str) -> datetime:
    """When the box of this poll was sealed with this event, by an act in the ledger that is kept.

    Raises ProtocolError(ledger.sealed) where that is not proven.
    """
    if seen.sealed is None or seen.sealed.checkpoint != head.checkpoint:
        raise ProtocolError("ledger.sealed", "The ledger does not say that the box was sealed.")
    try:
        check_proof(msgspec.json.encode(seen.sealed), [Verifier.parse(head.key)])
        leaf = proven_leaf(seen.sealed)
        at = datetime.fromisoformat(leaf.at)
    except (CheckFailed, UnusableInput, ValueError) as problem:
        raise ProtocolError("ledger.sealed", f"The act that sealed the box is not in the ledger: {problem}") from None
    said = (leaf.kind, leaf.public.get("uuid"), leaf.public.get("head"))
    if said != (SEALED, uuid, ended) or at.tzinfo is None:
        raise ProtocolError("ledger.sealed", "The act in the ledger did not seal the box that the server shows.")
    return at


def objections_over(sealed: datetime, objection: Span, zone: str) -> datetime:
    """From when nobody can object any more to a box that was sealed at this moment."""
    return add_span_to_moment(sealed, objection, ZoneInfo(zone))


def _replacement(proof: InclusionProof, keys: list[Verifier]) -> Verifier:
    check_proof(msgspec.json.encode(proof), keys)
    leaf = proven_leaf(proof)
    if leaf.kind != KEY_REPLACED.name:
        raise CheckFailed("Act {act_id} replaced no key.", act_id=leaf.id)
    return Verifier.parse(str(leaf.public.get("verifier")))


def _require_growth(before: LedgerHead, seen: LedgerSeen, newest: Checkpoint, keys: list[Verifier]) -> None:
    growth = seen.growth
    if growth is None:
        raise CheckFailed(
            "it has {size} acts now, and does not prove that it grew from {before}.",
            size=newest.size,
            before=size_of(before),
        )
    if (growth.older, growth.newer) != (before.checkpoint, seen.checkpoint):
        raise CheckFailed("its proof is of other checkpoints.")
    check_proof(msgspec.json.encode(growth), keys)
