"""Proofs that stand alone: a file, a checkpoint and the public key are enough to check them, without the database."""

import base64
import binascii
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec
from sqlmodel import Session, col, func, select

from stembus.errors import CheckFailed, UnusableInput
from stembus.ledger.checkpoint import Checkpoint, open_checkpoint
from stembus.ledger.keys import verifiers
from stembus.ledger.merkle import (
    check_consistency,
    check_inclusion,
    consistency_ranges,
    inclusion_ranges,
    leaf_hash,
    root_of_subtrees,
)
from stembus.ledger.note import Verifier
from stembus.ledger.record import Leaf, commitment
from stembus.ledger.subtrees import subtrees_between
from stembus.ledger.tables import LedgerBody, LedgerCheckpoint, LedgerHash, LedgerLeaf

if TYPE_CHECKING:
    from stembus.instance import Instance


class InclusionProof(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="stembus.inclusion/1", tag_field="type"
):
    """That an act is in the log: its leaf (the exact text), its position, the path (base64) and the checkpoint (note).

    With `salt` (hexadecimal) and `body` (the exact text) it also shows what the act said; those are personal data.
    """

    leaf: str
    position: int
    path: tuple[str, ...]
    checkpoint: str
    salt: str | None = None
    body: str | None = None


class GrowthProof(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="stembus.growth/1", tag_field="type"
):
    """That the log at the newer checkpoint only added to the log at the older one: both notes and the path (base64)."""

    older: str
    newer: str
    path: tuple[str, ...]


def prove_inclusion(
    instance: "Instance", act_id: str, *, with_body: bool = False, by_first: bool = False
) -> InclusionProof:
    """Return the proof that an act is in the log, up to the newest checkpoint, or (`by_first`) the first that has it.

    Raises `UnusableInput` when there is no such act, `CheckFailed` when it has no place yet or its body was destroyed.
    """
    with instance.read() as session:
        row = session.get(LedgerLeaf, act_id)
        if row is None:
            raise UnusableInput("The ledger holds no act {act_id!r}: `stembus ledger show` lists them.", act_id=act_id)
        size = col(LedgerCheckpoint.size)
        covering = select(LedgerCheckpoint).order_by(size if by_first else size.desc())
        found = session.exec(covering.where(size > (row.position or 0))).first()
        if row.position is None or found is None:
            raise CheckFailed(
                "Act {act_id} is recorded but not sealed yet: run `stembus ledger checkpoint` first.", act_id=act_id
            )
        body = session.get(LedgerBody, act_id) if with_body else None
        if with_body and body is None:
            raise CheckFailed("The body of act {act_id} was destroyed: prove it without --body.", act_id=act_id)
        return InclusionProof(
            leaf=row.leaf.decode(),
            position=row.position,
            path=_encoded(_roots(session, inclusion_ranges(found.size, row.position))),
            checkpoint=found.note,
            salt=None if body is None else body.salt.hex(),
            body=None if body is None else body.body.decode(),
        )


def prove_growth(instance: "Instance", older_note: str, newer_note: str) -> GrowthProof:
    """Return the proof that the log grew from one checkpoint of this ledger to another.

    Raises `CheckFailed` when a note is not of this ledger, or the log no longer holds what the newer one states.
    """
    with instance.read() as session:
        keys = verifiers(session)
        older, newer = (open_checkpoint(note, keys).checkpoint for note in (older_note, newer_note))
        last = session.exec(select(func.max(LedgerHash.position))).one()
        number = 0 if last is None else last + 1
        if number < newer.size:
            raise CheckFailed(
                "The log holds {number} acts, the checkpoint {size}: it was rolled back.",
                number=number,
                size=newer.size,
            )
        ranges = consistency_ranges(newer.size, older.size)
        path = [] if older.size == newer.size else _roots(session, ranges)
    check_consistency(older.size, newer.size, older.root, newer.root, path)
    return GrowthProof(older=older_note, newer=newer_note, path=_encoded(path))


def check_proof(raw: bytes, keys: Iterable[Verifier]) -> InclusionProof | GrowthProof:
    """Check a proof with public keys alone, and return it. Raises `UnusableInput` or `CheckFailed` with the reason."""
    known = list(keys)
    try:
        proof = msgspec.json.decode(raw, type=InclusionProof | GrowthProof)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnusableInput("This is not a proof of a Stembus ledger: {error}.", error=error) from None
    if isinstance(proof, InclusionProof):
        _check_inclusion(proof, open_checkpoint(proof.checkpoint, known).checkpoint)
    else:
        older, newer = (open_checkpoint(note, known).checkpoint for note in (proof.older, proof.newer))
        if older.origin != newer.origin:
            raise CheckFailed(
                "The checkpoints are of two ledgers: {origin} and {other}.",
                origin=older.origin,
                other=newer.origin,
            )
        check_consistency(older.size, newer.size, older.root, newer.root, _decoded(proof.path))
    return proof


def proven_leaf(proof: InclusionProof) -> Leaf:
    """Return the leaf in a proof. Raises `CheckFailed` when it cannot be read."""
    try:
        return msgspec.json.decode(proof.leaf, type=Leaf)
    except msgspec.DecodeError as error:
        raise CheckFailed("The leaf in the proof cannot be read: {error}.", error=error) from None


def _check_inclusion(proof: InclusionProof, checkpoint: Checkpoint) -> None:
    leaf = proven_leaf(proof)
    path = _decoded(proof.path)
    check_inclusion(leaf_hash(proof.leaf.encode()), proof.position, checkpoint.size, path, checkpoint.root)
    if (proof.salt is None) != (proof.body is None):
        raise CheckFailed("The proof holds a body without its salt, or a salt without its body.")
    if proof.salt is not None and proof.body is not None:
        try:
            salt = bytes.fromhex(proof.salt)
        except ValueError:
            raise CheckFailed("The salt in the proof is not hexadecimal.") from None
        if commitment(salt, proof.body.encode()) != leaf.commitment:
            raise CheckFailed("The body in the proof is not the one that the act commits to.")


def _roots(session: Session, ranges: Iterable[tuple[int, int]]) -> list[bytes]:
    return [root_of_subtrees(subtrees_between(session, start, end)) for start, end in ranges]


def _encoded(path: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(base64.b64encode(node).decode() for node in path)


def _decoded(path: Sequence[str]) -> list[bytes]:
    try:
        return [base64.b64decode(node, validate=True) for node in path]
    except binascii.Error:
        raise CheckFailed("A step of the proof is not base64.") from None
