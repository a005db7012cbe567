"""The public list of credentials as the authority last saw it, and the entries that it adds, each signed by two.

The folder keeps a copy of the list, of the record of the election, and of which credentials were used by then. What
counts follows from the list: nothing else says that a credential is active or void.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import msgspec

from stembus.errors import CheckFailed, Refused, UnusableInput
from stembus.sealed_file import write_privately
from stembus_ballots.protocol.ballot import BallotRecord
from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.credential_list import (
    Activate,
    CredentialList,
    Entry,
    GroundToActivate,
    GroundToVoid,
    Line,
    OfficerSignature,
    Void,
    line_of,
    officer_of,
)
from stembus_ballots.protocol.credentials import read_public_credentials
from stembus_ballots.protocol.election import read_election
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import read_events
from stembus_ballots.protocol.group import Group, RandomBelow
from stembus_polls.credentials.officer import OfficerKey
from stembus_polls.credentials.secret_list import Given, SecretList
from stembus_polls.secret.public_credentials import PUBLIC_FILE, read_public_file

Made = TypeVar("Made")

ELECTION_FILE: Final = "election.json"
LIST_FILE: Final = "list.jsonl"
USED_FILE: Final = "used.json"


class Board(NamedTuple):
    """What the authority needs of an archive: the record of the election, of the credentials, and who voted."""

    election: bytes
    credentials: bytes
    used: tuple[str, ...]


class Opened(NamedTuple):
    """The list as it was last seen, and the group of its keys."""

    listed: CredentialList
    group: Group


class Pending(NamedTuple):
    """An entry with the signatures that it has so far; `line` is what goes to the server once there are two."""

    entry: Entry
    signed: tuple[OfficerSignature, ...]
    line: bytes | None


def read_board(path: Path) -> Board:
    """Read an archive as far as the authority needs it. Raises `UnusableInput` when it is none of a poll set up."""
    try:
        events = list(read_events(path.read_bytes()))
        if not events:
            raise ProtocolError("order.setup", "it has no event yet")
        election, _trustees, credentials, _setup = (bytes(part) for part in events[0].data)
        ballots = [event.data[0] for event in events if event.type == "Ballot"]
        used = [read_canonical(text, BallotRecord, "ballot.form", "A ballot").credential for text in ballots]
    except OSError as error:
        raise UnusableInput("{path} cannot be read: {reason}.", path=path, reason=error.strerror) from None
    except ProtocolError as error:
        raise UnusableInput("{path} is no archive of a poll: {error}", path=path, error=error) from None
    return Board(election, credentials, tuple(sorted(set(used), key=int)))


def take_over(folder: Path, board: Board, listed: bytes) -> Opened:
    """Keep what the server publishes now, once it is of this poll and continues what was kept before.

    Raises `CheckFailed` when the list is another one, or shorter than it was.
    """
    public = read_public_file(folder / PUBLIC_FILE)
    if board.credentials != public.credentials.encode():
        raise CheckFailed("The credentials in the archive are not those that were made here.")
    before = _kept(folder)
    if not listed.startswith(public.header.encode() + b"\n") or not listed.startswith(before):
        raise CheckFailed("The list of credentials does not continue the one that is kept here: ask why.")
    read = open_published(board, listed)
    write_privately(folder / ELECTION_FILE, board.election)
    write_privately(folder / USED_FILE, msgspec.json.encode(board.used))
    write_privately(folder / LIST_FILE, listed)
    return read


def open_list(folder: Path) -> Opened:
    """Return the list as it was last taken over. Raises `UnusableInput` before that."""
    if not (folder / ELECTION_FILE).exists():
        raise UnusableInput(
            "First take over what the server publishes: `stembus credentials update ARCHIVE LIST --folder {folder}`.",
            folder=folder,
        )
    credentials = read_public_file(folder / PUBLIC_FILE).credentials.encode()
    return open_published(Board((folder / ELECTION_FILE).read_bytes(), credentials, ()), _kept(folder))


def open_published(board: Board, listed: bytes) -> Opened:
    """Return a list as the server publishes it. Raises `CheckFailed` where it does not hold."""
    try:
        election = read_election(board.election)
        weights = read_public_credentials(board.credentials, election.group, weighted=False)
        return Opened(CredentialList.read(listed, election, weights), election.group)
    except ProtocolError as error:
        raise CheckFailed("{error}", error=error) from None


def keep_line(folder: Path, line: bytes) -> None:
    """Add a line that two signed to the copy in the folder."""
    write_privately(folder / LIST_FILE, _kept(folder) + line)


def given_now(folder: Path, kept: SecretList) -> tuple[Given, ...]:
    """Return the credentials that count: given, active, and not void by the list as it was last seen."""
    activated, void = set(), set()
    for text in _kept(folder).splitlines()[1:]:
        entry = msgspec.json.decode(text, type=Line).entry
        if isinstance(entry, Activate):
            activated.add(entry.credential)
        elif isinstance(entry, Void):
            void.add(entry.credential)
    first = {given.token for given in kept.given[: len(kept.voters)]}
    return tuple(
        given for given in kept.given if given.key not in void and (given.token in first or given.key in activated)
    )


def to_void(folder: Path, listed: CredentialList, given: Given, ground: GroundToVoid) -> Void:
    """Return the entry by which a credential is void. Raises `Refused` when somebody has voted with it already."""
    used = msgspec.json.decode((folder / USED_FILE).read_bytes(), type=list[str])
    if given.key in used:
        raise Refused(
            "A ballot of this credential is in the box: the first vote is final, and it stays. Nothing was changed."
        )
    return _allowed(partial(listed.make_void, given.key, ground))


def to_activate(listed: CredentialList, key: str, ground: GroundToActivate, replaces: int | None = None) -> Activate:
    """Return the entry by which a credential becomes active."""
    return _allowed(partial(listed.activate, key, ground, replaces))


def next_paper_key(listed: CredentialList, paper: Sequence[str]) -> str:
    """Return the next credential for a vote on paper that waits. Raises `Refused` when they are all used."""
    for key in paper:
        if key in listed.waiting:
            return key
    raise Refused("All credentials for votes on paper are in use.")


def signed(
    opened: Opened, entry: Entry, keys: Sequence[OfficerKey], before: Sequence[OfficerSignature], dice: RandomBelow
) -> Pending:
    """Sign an entry with these officers' keys, beside the signatures that it has.

    Raises `Refused` when one of them is no officer of the list, or the entry may not come next.
    """
    listed, group = opened
    signatures = {one.officer: one for one in before}
    for key in keys:
        own = officer_of(group, key.name, key.secret(group)).public_key
        place = next((n for n, officer in enumerate(listed.officers, 1) if officer.public_key == own), None)
        if place is None:
            raise Refused("The key of {name} is not one of those that sign for this poll.", name=key.name)
        signatures[place] = _allowed(partial(listed.sign, entry, place, key.secret(group), dice))
    together = tuple(signatures[place] for place in sorted(signatures))
    line = line_of(entry, together)
    try:
        listed.follow(line)
    except ProtocolError as error:
        if error.rule != "list.officers":
            raise Refused("{error}", error=error) from None
        return Pending(entry, together, None)
    return Pending(entry, together, line)


def pending_text(pending: Pending) -> bytes:
    """Return an entry that waits for another signature, as a file for the second officer."""
    return text_of(Line(pending.entry, pending.signed)) + b"\n"


def read_pending(path: Path) -> Pending:
    """Read such a file. Raises `UnusableInput` when it is none."""
    try:
        line = read_canonical(path.read_bytes().removesuffix(b"\n"), Line, "list.form", "The entry")
    except OSError as error:
        raise UnusableInput("{path} cannot be read: {reason}.", path=path, reason=error.strerror) from None
    except ProtocolError as error:
        raise UnusableInput("{path} holds no entry to sign: {error}", path=path, error=error) from None
    return Pending(line.entry, line.signed, None)


def _kept(folder: Path) -> bytes:
    path = folder / LIST_FILE
    return path.read_bytes() if path.exists() else b""


def _allowed(make: Callable[[], Made]) -> Made:
    try:
        return make()
    except ProtocolError as error:
        raise Refused("{error} Nothing was changed.", error=error) from None
