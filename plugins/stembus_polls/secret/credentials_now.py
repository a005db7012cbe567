"""Which credentials a poll has, and which can vote now: those of its record, as the public list changed them."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from stembus.errors import Refused
from stembus_ballots.protocol.canonical import read_canonical
from stembus_ballots.protocol.credential_list import Activate, CredentialList, Header, Line, Void
from stembus_polls.secret.poll import election_of
from stembus_polls.secret.tables import BoardEvent, CredentialEntry, SecretPoll


class Credentials(NamedTuple):
    """The public credentials of a poll: all, and those that wait until an entry of the list makes them active."""

    all: frozenset[str]
    spare: frozenset[str]
    paper: frozenset[str]


class State(NamedTuple):
    """What the list of credentials says now: which became active, which are void, and whether it is closed."""

    activated: frozenset[str]
    void: frozenset[str]
    is_closed: bool


def credentials_of(session: Session, poll: SecretPoll) -> Credentials:
    """Return the credentials of a poll that is set up. They never change, and are read once in a process."""
    setup = session.exec(_SETUP, params={"uuid": poll.uuid}).first()
    if setup is None:
        raise Refused("The secret poll {uuid} was not set up yet.", uuid=poll.uuid)
    if setup not in _KNOWN:
        while len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.pop(next(iter(_KNOWN)))
        records = select(SecretPoll.credentials, SecretPoll.credential_list_header).where(SecretPoll.uuid == poll.uuid)
        credentials, header = session.exec(records).one()
        _KNOWN[setup] = _read(credentials or b"[]", header or b"")
    return _KNOWN[setup]


def state_of(session: Session, poll: SecretPoll) -> State:
    """Return what the list says now. Who changes it holds the poll, so inside a write it stays so.

    Each line names the hash of the one before it, so what the list said at its last line is kept in this process.
    """
    last = session.exec(_LAST_LINE, params={"uuid": poll.uuid}).first()
    if last is None:
        return _NOTHING_YET
    if last not in _STATES:
        lines = lines_of(session, poll.uuid)
        while len(_STATES) >= MOST_KNOWN:
            _STATES.pop(next(iter(_STATES)), None)
        _STATES[lines[-1]] = state = _state(lines)
        return state
    return _STATES[last]


def _state(lines: Sequence[str]) -> State:
    activated, void, closed = set(), set(), False
    for text in lines:
        entry = msgspec.json.decode(text, type=Line).entry
        if isinstance(entry, Activate):
            activated.add(entry.credential)
        elif isinstance(entry, Void):
            void.add(entry.credential)
        else:
            closed = True
    return State(frozenset(activated), frozenset(void), closed)


def why_not_usable(known: Credentials, state: State, credential: str) -> str:
    """Return why a public credential can cast no vote online: "unknown", "not_active", "void", "paper" or nothing."""
    if credential not in known.all:
        return "unknown"
    if credential in known.paper:
        return "paper"
    if credential in state.void:
        return "void"
    return "not_active" if credential in known.spare and credential not in state.activated else ""


def lines_of(session: Session, uuid: str) -> list[str]:
    """Return the entries of the list in their order."""
    return list(
        session.exec(
            select(CredentialEntry.line).where(CredentialEntry.uuid == uuid).order_by(col(CredentialEntry.number))
        )
    )


def list_text(session: Session, poll: SecretPoll) -> bytes:
    """Return the whole list as everybody can download it."""
    header = (poll.credential_list_header or b"") + b"\n"
    return header + b"".join(line.encode() + b"\n" for line in lines_of(session, poll.uuid))


def credential_list(session: Session, poll: SecretPoll) -> CredentialList:
    """Return the list as the protocol reads it, to see what may come next."""
    return CredentialList.read(
        list_text(session, poll), election_of(poll), dict.fromkeys(credentials_of(session, poll).all, 1)
    )


MOST_KNOWN = 16
_KNOWN: dict[str, Credentials] = {}
_STATES: dict[str, State] = {}
_NOTHING_YET = State(frozenset(), frozenset(), is_closed=False)
# Statements that every cast asks: SQLAlchemy takes longer to build one than to run it.
_SETUP = select(BoardEvent.hash).where(BoardEvent.uuid == bindparam("uuid"), BoardEvent.height == 0)
_LAST_LINE = (
    select(CredentialEntry.line)
    .where(CredentialEntry.uuid == bindparam("uuid"))
    .order_by(col(CredentialEntry.number).desc())
    .limit(1)
)


def _read(record: bytes, header: bytes) -> Credentials:
    keys = msgspec.json.decode(record, type=list[str])
    read = read_canonical(header, Header, "list.form", "The header of the list of credentials")
    return Credentials(frozenset(keys), frozenset(read.spare), frozenset(read.paper))
