"""The file with a trustee's key: sealed with a passphrase, readable by its owner alone, never half written.

scrypt (RFC 7914) makes the key from the passphrase, AES-256-GCM seals; the head of the file is sealed along.
"""

import base64
import binascii
import contextlib
import hashlib
import os
import secrets
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from stembus.errors import CheckFailed, Refused, UnusableInput
from stembus_polls.trustee.kept import Kept

NAME = "trustee.key"
SHORTEST = 12
COST, BLOCK, PARALLEL = 1 << 17, 8, 1  # 128 MB and some 0.4 s for each guess


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the rest of the file is sealed."""

    type: Literal["stembus-trustee-key"]
    version: Literal[1]
    salt: str
    nonce: str


class SealedFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file as it is stored."""

    head: Head
    sealed: str


class KeyFile:
    """The opened file of a folder. Make it with `open_key_file` or `new_key_file`."""

    def __init__(self, path: Path, salt: bytes, key: bytes, kept: Kept, seen: bytes) -> None:
        self.path, self.kept = path, kept
        self._salt, self._key, self._seen = salt, key, seen

    def keep(self, kept: Kept) -> None:
        """Store what is kept now. Raises `Refused` where another program changed the file meanwhile."""
        if kept == self.kept and self._seen:
            return
        if self._seen and _digest(self.path) != self._seen:
            raise Refused("Another program changed {file} meanwhile. Close the other one and begin again.", file=NAME)
        nonce = secrets.token_bytes(12)
        head = Head(type="stembus-trustee-key", version=1, salt=_text(self._salt), nonce=_text(nonce))
        sealed = AESGCM(self._key).encrypt(nonce, msgspec.json.encode(kept), msgspec.json.encode(head))
        content = msgspec.json.encode(SealedFile(head=head, sealed=_text(sealed)))
        _write(self.path, content)
        self.kept, self._seen = kept, hashlib.sha256(content).digest()


def new_key_file(folder: Path, passphrase: str, kept: Kept) -> KeyFile:
    """Make the file in a folder. Raises `UnusableInput` for a short passphrase, or where there is a file already."""
    path = folder / NAME
    if len(passphrase) < SHORTEST:
        raise UnusableInput(
            "The passphrase is too short: {shortest} characters at least. Four words that do not belong together are "
            "good.",
            shortest=SHORTEST,
            field="passphrase",
        )
    if path.exists():
        raise UnusableInput("There is a key in {folder} already. Take another folder for another poll.", folder=folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    salt = secrets.token_bytes(16)
    made = KeyFile(path, salt, _stretched(passphrase, salt), kept, b"")
    made.keep(kept)
    return made


def open_key_file(folder: Path, passphrase: str) -> KeyFile:
    """Read the file of a folder anew. Raises `UnusableInput` where there is none, `CheckFailed` where it stays shut."""
    path = folder / NAME
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnusableInput("The key {file} cannot be read: {why}.", file=path, why=error.strerror or "") from None
    try:
        file = msgspec.json.decode(content, type=SealedFile)
        salt, nonce, sealed = map(_bytes, (file.head.salt, file.head.nonce, file.sealed))
    except (msgspec.MsgspecError, ValueError, binascii.Error):
        raise CheckFailed("{file} is not the file of a trustee's key, or it is damaged.", file=path) from None
    key = _stretched(passphrase, salt)
    try:
        text = AESGCM(key).decrypt(nonce, sealed, msgspec.json.encode(file.head))
    except (InvalidTag, ValueError):
        raise CheckFailed(
            "The passphrase is not right, or the file was damaged. Try again; nothing was changed.", field="passphrase"
        ) from None
    try:
        kept = msgspec.json.decode(text, type=Kept)
    except msgspec.MsgspecError:
        raise CheckFailed("{file} was made by another version of this program.", file=path) from None
    return KeyFile(path, salt, key, kept, hashlib.sha256(content).digest())


def has_key_file(folder: Path) -> bool:
    """Whether there is a key in a folder."""
    return (folder / NAME).exists()


def destroy_key_file(folder: Path) -> None:
    """Write over the file and take it away. What the medium, a backup or a copy keeps, no program can reach."""
    path = folder / NAME
    with path.open("r+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        file.write(secrets.token_bytes(size))
        os.fsync(file.fileno())
    path.unlink()
    _settle(folder)


def _write(path: Path, content: bytes) -> None:
    """The whole content or what was there before, also after a power cut."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _settle(path.parent)


def _settle(folder: Path) -> None:
    with contextlib.suppress(OSError):  # Windows opens no folders
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=COST, r=BLOCK, p=PARALLEL).derive(passphrase.encode())


def _digest(path: Path) -> bytes:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return b""


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
