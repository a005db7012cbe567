"""Files that only a passphrase opens: what a trustee or a credential authority keeps on their own machine.

A file is one line of JSON. Its key comes from the passphrase by Argon2id (the second choice of RFC 9106, section 4: 3
passes over 64 MiB), what is in it is encrypted with AES-256-GCM, and everything else in the line is authenticated. What
cannot be opened is not changed.

A program that has a file open keeps the key that came of the passphrase, and not the passphrase: what it writes again
is encrypted with that key under a new nonce. Each file that is made has a salt of its own, and so a key of its own.
"""

import base64
import os
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from stembus.errors import UnusableInput

SHORTEST = 12
"""The fewest characters of a new passphrase; five words are better."""
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 12, 32


class SealedFile(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type", tag="stembus-sealed"
):
    """The file. `kind` says what is in it; version 1 fixes everything else."""

    version: Literal[1]
    kind: str
    salt: bytes
    nonce: bytes
    sealed: bytes


class SealingKey(NamedTuple):
    """What a passphrase came to with the salt of one file."""

    salt: bytes
    key: bytes

    def __repr__(self) -> str:
        """Tells nothing of the key."""
        return "<SealingKey>"


def check_passphrase(passphrase: str) -> None:
    """Raise `UnusableInput` for a new passphrase that is too short to keep anybody out."""
    if len(passphrase.strip()) < SHORTEST:
        raise UnusableInput("The passphrase has fewer than {least} characters: take five words.", least=SHORTEST)


def write_sealed(path: Path, content: bytes, passphrase: str, *, kind: str) -> None:
    """Write `content` to a file that only its owner can read and only the passphrase opens, as `seal_again` does."""
    seal_again(path, content, new_key(passphrase), kind=kind)


def new_key(passphrase: str) -> SealingKey:
    """Return the key of a new file."""
    salt = os.urandom(SALT_BYTES)
    return SealingKey(salt, _key(passphrase, salt))


def seal_again(path: Path, content: bytes, key: SealingKey, *, kind: str) -> None:
    """Write `content` to the file of this key.

    The file is there as a whole or not at all, and an older one in its place is kept until the new one is on the disk.
    """
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key.key).encrypt(nonce, content, _header(kind, key.salt, nonce))
    line = msgspec.json.encode(SealedFile(version=1, kind=kind, salt=key.salt, nonce=nonce, sealed=sealed)) + b"\n"
    write_privately(path, line)


def read_sealed(path: Path, passphrase: str, *, kind: str) -> bytes:
    """Return what a sealed file holds. Errors as `unseal`."""
    return unseal(path, passphrase, kind=kind)[0]


def unseal(path: Path, passphrase: str, *, kind: str) -> tuple[bytes, SealingKey]:
    """Return what a sealed file holds, and the key to write it again.

    Raises `UnusableInput` where it is another file, was changed or stays shut.
    """
    try:
        line = path.read_bytes()
    except FileNotFoundError:
        raise UnusableInput("There is no file {path}: check its name.", path=path) from None
    except OSError as error:
        raise UnusableInput("{path} cannot be read: {reason}.", path=path, reason=error.strerror) from None
    return unseal_line(line, passphrase, kind=kind, path=str(path))


def unseal_line(line: bytes, passphrase: str, *, kind: str, path: str) -> tuple[bytes, SealingKey]:
    """Return the same for the line of a sealed file; `path` is what people call it. Errors as `unseal`."""
    try:
        file = msgspec.json.decode(line, type=SealedFile)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise UnusableInput("{path} is no sealed file of Stembus, or was cut off.", path=path) from None
    if file.kind != kind:
        raise UnusableInput("{path} holds “{kind}”, not “{wanted}”.", path=path, kind=file.kind, wanted=kind)
    key = SealingKey(file.salt, _key(passphrase, file.salt))
    try:
        return AESGCM(key.key).decrypt(file.nonce, file.sealed, _header(kind, file.salt, file.nonce)), key
    except (InvalidTag, ValueError):
        raise UnusableInput(
            "This passphrase does not open {path}: type it again. If it is surely right, the file was changed.",
            path=path,
        ) from None


def write_privately(path: Path, content: bytes) -> None:
    """Write a file of mode 600 as a whole or not at all, so that it is still there after the machine stops."""
    new = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    if os.name == "nt":
        return  # Windows opens no folder, and writes the name with the file
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # without it the name could be gone though the bytes are not
    finally:
        os.close(folder)


def _key(passphrase: str, salt: bytes) -> bytes:
    return Argon2id(salt=salt, length=KEY_BYTES, iterations=3, lanes=4, memory_cost=64 * 1024).derive(
        passphrase.encode()
    )


def _header(kind: str, salt: bytes, nonce: bytes) -> bytes:
    return msgspec.json.encode(
        ["stembus-sealed", 1, kind, base64.b64encode(salt).decode(), base64.b64encode(nonce).decode()]
    )
