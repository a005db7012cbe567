"""The file with a trustee's key in a folder of their own: sealed with a passphrase, and never half written."""

import hashlib
import os
from pathlib import Path

import msgspec

from stembus.errors import Refused, UnusableInput
from stembus.sealed_file import SealingKey, check_passphrase, new_key, seal_again, unseal, write_privately
from stembus_polls.trustee.kept import Kept

NAME = "trustee.key"
KIND = "trustee"


class KeyFile:
    """The opened file of a folder. Make it with `open_key_file` or `new_key_file`."""

    def __init__(self, path: Path, key: SealingKey, kept: Kept, seen: str) -> None:
        self.path, self.kept = path, kept
        self._key, self._seen = key, seen

    def keep(self, kept: Kept) -> None:
        """Store what is kept now. Raises `Refused` where another program changed the file meanwhile."""
        if kept == self.kept:
            return
        if _sha256(self.path) != self._seen:
            raise Refused("Another program changed {file} meanwhile. Close the other one and begin again.", file=NAME)
        seal_again(self.path, msgspec.json.encode(kept), self._key, kind=KIND)
        self.kept, self._seen = kept, _sha256(self.path)

    def put_aside(self) -> Path:
        """Copy the file as it is now beside itself, under a name that is not used yet; return where."""
        number = 1
        while (copy := self.path.with_name(f"trustee-{number}.key")).exists():
            number += 1
        write_privately(copy, self.path.read_bytes())
        return copy

    def opens_with(self, passphrase: str) -> Kept:
        """Return what the file on the medium holds, read anew with the passphrase as it is typed now."""
        return open_key_file(self.path.parent, passphrase).kept


def new_key_file(folder: Path, passphrase: str, kept: Kept) -> KeyFile:
    """Make the file in a folder. Raises `UnusableInput` for a short passphrase, or where there is a file already."""
    path = folder / NAME
    check_passphrase(passphrase)
    if path.exists():
        raise UnusableInput("There is a key in {folder} already. Take another folder for another poll.", folder=folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = new_key(passphrase)
    seal_again(path, msgspec.json.encode(kept), key, kind=KIND)
    return KeyFile(path, key, kept, _sha256(path))


def open_key_file(folder: Path, passphrase: str) -> KeyFile:
    """Read the file of a folder. Raises `UnusableInput` where there is none, or where it stays shut."""
    path = folder / NAME
    content, key = unseal(path, passphrase, kind=KIND)
    try:
        kept = msgspec.json.decode(content, type=Kept)
    except msgspec.MsgspecError:
        raise UnusableInput("{file} was made by another version of this program.", file=path) from None
    return KeyFile(path, key, kept, _sha256(path))


def has_key_file(folder: Path) -> bool:
    """Whether there is a key in a folder."""
    return (folder / NAME).exists()


def destroy_key_file(folder: Path) -> None:
    """Write over the file and what was put aside beside it, and take them away.

    What the medium, a backup or another copy keeps, no program can reach.
    """
    for path in (folder / NAME, *folder.glob("trustee-*.key")):
        with path.open("r+b", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            file.write(os.urandom(size))
            os.fsync(file.fileno())
        path.unlink()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
