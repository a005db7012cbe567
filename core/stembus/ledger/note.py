"""Signed notes (C2SP signed-note): a text, and under it one line for each key that signed it.

A verifier key is `name+hash+key`, a signing key `PRIVATE+KEY+name+hash+key`; hash is eight hexadecimal digits and key
is base64 over one byte 0x01 (Ed25519) and 32 bytes. Any tool that reads signed notes can check ours.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from stembus.errors import CheckFailed, UnusableInput

ED25519 = b"\x01"
KEY_BYTES = 32
PRIVATE = "PRIVATE+KEY+"
MARK = "— "


class Verifier(NamedTuple):
    """A public key and the name of who signs with it."""

    name: str
    key: bytes

    @classmethod
    def parse(cls, text: str) -> "Verifier":
        """Read `name+hash+key`. Raises `UnusableInput` that says what was expected."""
        verifier = cls(*_parsed(text))
        if str(verifier) != text:
            raise UnusableInput("The verifier key {text!r} does not fit its own hash: copy it again, whole.", text=text)
        return verifier

    @property
    def key_hash(self) -> bytes:
        """The four bytes by which a signature line names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.key).digest()[:4]

    def accepts(self, text: str, signature: bytes) -> bool:
        """Say whether this key made `signature` (64 bytes) over `text`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True

    def __str__(self) -> str:
        return f"{self.name}+{self.key_hash.hex()}+{_b64(ED25519 + self.key)}"


class Signer(NamedTuple):
    """A signing key: 32 secret bytes. It is never shown except to write its file."""

    name: str
    seed: bytes

    @classmethod
    def make(cls, name: str) -> "Signer":
        """Make a new key for `name`. Raises `UnusableInput` when a signature line cannot carry that name."""
        if not name or "+" in name or any(c.isspace() for c in name):
            raise UnusableInput(
                "{name!r} cannot be the origin of a ledger: use a name without spaces or plus signs, such as "
                "party.example/ledger.",
                name=name,
            )
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> "Signer":
        """Read `PRIVATE+KEY+name+hash+key`. The message of a failure never repeats the key."""
        try:
            signer = cls(*_parsed(text.removeprefix(PRIVATE)))
        except UnusableInput:
            signer = None
        if signer is None or signer.file_text() != text:
            raise UnusableInput("The signing key cannot be read: put the key file back from its own safe copy.")
        return signer

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self._private().public_key().public_bytes_raw())

    def sign(self, text: str) -> bytes:
        """Return the signature (64 bytes) over `text`."""
        return self._private().sign(text.encode())

    def file_text(self) -> str:
        """Return the key as its file holds it."""
        return f"{PRIVATE}{self.name}+{self.verifier.key_hash.hex()}+{_b64(ED25519 + self.seed)}"

    def __repr__(self) -> str:
        return f"Signer({self.verifier})"

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


class OpenedNote(NamedTuple):
    """The text of a note, and the known keys that signed it."""

    text: str
    signed_by: tuple[Verifier, ...]


def sign_note(text: str, signers: Sequence[Signer]) -> str:
    """Return the note: `text` (ends in a newline), an empty line, and one line for each signature."""
    lines = [f"{MARK}{s.name} {_b64(s.verifier.key_hash + s.sign(text))}\n" for s in signers]
    return f"{text}\n{''.join(lines)}"


def open_note(note: str, verifiers: Iterable[Verifier]) -> OpenedNote:
    """Return the text of `note` and which of `verifiers` signed it; lines of other keys are passed over.

    Raises `CheckFailed` when no known key signed, or a line that names a known key holds a false signature.
    """
    text, separator, signatures = note.rpartition("\n\n")
    if not separator or not signatures.endswith("\n"):
        raise CheckFailed("This is not a signed note: a text, an empty line and lines of signatures were expected.")
    text += "\n"
    known = {(v.name, v.key_hash): v for v in verifiers}
    signed_by: list[Verifier] = []
    for line in signatures.removesuffix("\n").split("\n"):
        name, key_hash, signature = _signature_line(line)
        verifier = known.get((name, key_hash))
        if verifier is None:
            continue
        if not verifier.accepts(text, signature):
            raise CheckFailed(
                "The signature of {name} ({key_hash}) is false: the note was changed or forged.",
                name=name,
                key_hash=key_hash.hex(),
            )
        signed_by.append(verifier)
    if not signed_by:
        raise CheckFailed("No known key signed this note: it comes from elsewhere, or its key was replaced.")
    return OpenedNote(text, tuple(signed_by))


def _signature_line(line: str) -> tuple[str, bytes, bytes]:
    mark, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    raw = _unb64(encoded)
    if mark != MARK.strip() or not name or raw is None or len(raw) < 5:
        raise CheckFailed("A signature line of the note cannot be read: {line!r}.", line=line)
    return name, raw[:4], raw[4:]


def _parsed(text: str) -> tuple[str, bytes]:
    name, plus, rest = text.partition("+")
    _, second, encoded = rest.partition("+")
    raw = _unb64(encoded)
    if not (name and plus and second) or raw is None or raw[:1] != ED25519 or len(raw) != 1 + KEY_BYTES:
        raise UnusableInput(
            "The verifier key {text!r} cannot be read: expected name+hash+key, as `stembus ledger key` prints.",
            text=text,
        )
    return name, raw[1:]


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unb64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
