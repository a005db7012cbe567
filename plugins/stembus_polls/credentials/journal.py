"""What became of each credential that was sent: a file to which lines are added, each on the disk before it counts.

It names no person and no credential, only tokens; with the sealed list the authority knows whose they are.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import msgspec

from stembus.errors import CheckFailed, UnusableInput

JOURNAL_FILE: Final = "sent.jsonl"
What = Literal["printed", "sending", "sent", "later", "refused", "unknown", "again", "returned", "delayed"]
State = Literal["waits", "printed", "sent", "failed", "uncertain", "returned"]
STATE_AFTER: Final[dict[What, State]] = {
    "printed": "printed",
    "sending": "uncertain",
    "sent": "sent",
    "later": "waits",
    "refused": "failed",
    "unknown": "uncertain",
    "again": "waits",
    "returned": "returned",
    "delayed": "sent",
}
"""The state after each kind of line. Who stopped between "sending" and an answer leaves it uncertain."""


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something that happened to the letter or mail with this token, and what a mail server said."""

    at: datetime
    token: str
    what: What
    said: str = ""


class Journal:
    """The journal of one folder, held by this program alone until `close`."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            raise CheckFailed("Another command is sending from this folder: wait until it is done.") from None
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]  # where the machine stopped in the middle of a line, nothing had happened
        os.ftruncate(self._descriptor, len(whole))
        self.lines = _lines(whole, path)

    def state(self, token: str) -> State:
        """Return what is known of the letter or mail with this token."""
        last = self.last(token)
        return "waits" if last is None else STATE_AFTER[last.what]

    def last(self, token: str) -> Line | None:
        """Return the last that happened to it."""
        return next((line for line in reversed(self.lines) if line.token == token), None)

    def add(self, at: datetime, token: str, what: What, said: str = "") -> None:
        """Write down that something happened. It is on the disk when this returns."""
        line = Line(at=at, token=token, what=what, said=said)
        os.write(self._descriptor, msgspec.json.encode(line) + b"\n")
        os.fsync(self._descriptor)
        self.lines.append(line)

    def close(self) -> None:
        """Let others use it."""
        os.close(self._descriptor)


@contextmanager
def open_journal(folder: Path) -> Iterator[Journal]:
    """Give the journal of a folder. Raises `CheckFailed` while another command has it."""
    journal = Journal(folder / JOURNAL_FILE)
    try:
        yield journal
    finally:
        journal.close()


def _lines(data: bytes, path: Path) -> list[Line]:
    found = []
    for place, text in enumerate(data.splitlines(), 1):
        try:
            found.append(msgspec.json.decode(text, type=Line))
        except msgspec.MsgspecError:
            raise UnusableInput("{path}, line {line}, cannot be read.", path=path, line=place) from None
    return found
