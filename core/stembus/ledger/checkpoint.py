"""Checkpoints (C2SP tlog-checkpoint): how many acts the log holds and the root over them, in a signed note."""

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from stembus.errors import CheckFailed
from stembus.ledger.merkle import HASH_BYTES
from stembus.ledger.note import Signer, Verifier, open_note, sign_note

SIZE = re.compile("0|[1-9][0-9]{0,17}")


class Checkpoint(NamedTuple):
    """What a checkpoint states: the log's origin, its size in acts and its root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the three lines that are signed: origin, size in decimals, root in base64."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, signers: Sequence[Signer]) -> str:
        """Return the checkpoint as a signed note."""
        return sign_note(self.text(), signers)

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read the signed text. Raises `CheckFailed` when it is not a checkpoint of one of our ledgers."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0]:
            raise CheckFailed("This is not a checkpoint: three lines were expected (origin, size, root).")
        origin, size, encoded, _ = lines
        try:
            root = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            root = b""
        if SIZE.fullmatch(size) is None or len(root) != HASH_BYTES:
            raise CheckFailed(
                "This is not a checkpoint: size {size!r} or root {encoded!r} cannot be read.",
                size=size,
                encoded=encoded,
            )
        return cls(origin, int(size), root)


class OpenedCheckpoint(NamedTuple):
    """A checkpoint whose signature was checked, and the known keys that signed it."""

    checkpoint: Checkpoint
    signed_by: tuple[Verifier, ...]


def open_checkpoint(note: str, verifiers: Iterable[Verifier]) -> OpenedCheckpoint:
    """Return what the note states. Raises `CheckFailed` unless one of `verifiers` signed it in the log's own name."""
    opened = open_note(note, verifiers)
    checkpoint = Checkpoint.parse(opened.text)
    for verifier in opened.signed_by:
        if verifier.name != checkpoint.origin:
            raise CheckFailed(
                "The key of {verifier} signed a checkpoint of {origin}.",
                verifier=verifier.name,
                origin=checkpoint.origin,
            )
    return OpenedCheckpoint(checkpoint, opened.signed_by)
