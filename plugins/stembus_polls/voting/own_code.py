"""What an archive says about one voting code, or about what the server signed for one voter. Pure: bytes in.

Nothing here is taken from a server: the code is turned into its public credential on this machine.
"""

from typing import Literal, NamedTuple

from stembus_ballots.protocol.ballot import BallotRecord, tracker_of
from stembus_ballots.protocol.canonical import read_canonical
from stembus_ballots.protocol.credential_list import Activate, CredentialList, Line, Void
from stembus_ballots.protocol.credentials import read_public_credentials
from stembus_ballots.protocol.election import read_election
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import Happened, read_events
from stembus_ballots.protocol.typed_credential import read_credential, secret_of
from stembus_polls.secret.promise import Promise, credential_hash
from stembus_polls.secret.statement import NothingCast

Status = Literal["active", "waiting", "void"]


class CodeOnBoard(NamedTuple):
    """What is known of a code: the tracker of the ballot that was cast with it (empty: none), and where in the
    archive; whether the vote is over; and what the list of credentials says of it, with the `ground` and the number of
    the entry that made it void (0: none).
    """

    tracker: str
    height: int
    is_over: bool
    status: Status
    ground: str
    entry: int


def code_on_board(archive: bytes, listed: bytes, typed: str) -> CodeOnBoard:
    """Return what the archive and the list of credentials say of a code, as it was typed.

    Raises ProtocolError where the code has a typing mistake or is none of this poll, where the archive is broken or
    the list is not that of the poll.
    """
    events = _events(archive)
    election = read_election(events[0].data[0])
    weights = read_public_credentials(events[0].data[2], election.group, weighted=False)
    secret = secret_of(read_credential(typed), election.uuid, election.group)
    public = election.group.text(election.group.table(election.group.g).power(secret))
    if public not in weights:
        raise ProtocolError(
            "code.other", "This code is none of this poll. Is it the code of this letter, of this year?"
        )
    read = CredentialList.read(listed, election, weights)
    status: Status = "void" if public in read.void else "waiting" if public in read.waiting else "active"
    entry, ground = _entry_of(listed, public)
    ballot = next((event for event in events if event.type == "Ballot" and _credential(event) == public), None)
    return CodeOnBoard(
        tracker="" if ballot is None else tracker_of(bytes(ballot.data[0])),
        height=0 if ballot is None else ballot.height,
        is_over=_is_over(events),
        status=status,
        ground=ground,
        entry=entry,
    )


class Kept(NamedTuple):
    """Whether the archive is what was signed: `holds`, and why in a sentence; `is_over` once no ballot can come."""

    holds: bool
    is_over: bool
    said: str


def promise_kept(archive: bytes, promise: Promise) -> Kept:
    """Return whether what a promise says is so in the archive. Raises ProtocolError where the archive is broken."""
    events = _events(archive)
    is_over = _is_over(events)
    if read_election(events[0].data[0]).uuid != promise.uuid:
        raise ProtocolError("board.other", "The promise is about another poll than this archive.")
    if promise.height >= len(events) or events[promise.height].hash != promise.head:
        return Kept(False, is_over, "The archive does not continue the board on which the ballot was promised.")
    found = next(
        (one for one in events if one.type == "Ballot" and tracker_of(bytes(one.data[0])) == promise.tracker), None
    )
    if found is None and is_over:
        return Kept(False, is_over, "The box is sealed, and the ballot that was promised is not in it.")
    if found is None:
        return Kept(False, is_over, "The ballot is not in the archive yet. It may come until the box is sealed.")
    if credential_hash(_credential(found)) != promise.credential:
        return Kept(False, is_over, "The ballot with this tracker was cast with another code than was promised.")
    return Kept(True, is_over, f"The ballot is in the archive, as event {found.height}.")


def statement_fits(archive: bytes, stated: NothingCast) -> Kept:
    """Return whether a statement that nothing was cast is about the box in the archive, as it was sealed."""
    events = _events(archive)
    if read_election(events[0].data[0]).uuid != stated.uuid:
        raise ProtocolError("board.other", "The statement is about another poll than this archive.")
    ended = next((event for event in events if event.type == "EndBallots"), None)
    if ended is None or (ended.height, ended.hash) != (stated.height, stated.head):
        return Kept(False, ended is not None, "The statement is about another box than the one in the archive.")
    return Kept(True, True, f"The server signed that no vote of member {stated.member} is in this box.")


def _events(archive: bytes) -> list[Happened]:
    events = list(read_events(archive))
    if not events or events[0].type != "Setup":
        raise ProtocolError("board.empty", "The poll was not set up yet: its archive is empty.")
    return events


def _is_over(events: list[Happened]) -> bool:
    return any(event.type == "EndBallots" for event in events)


def _credential(event: Happened) -> str:
    return read_canonical(event.data[0], BallotRecord, "ballot.form", "The ballot").credential


def _entry_of(listed: bytes, public: str) -> tuple[int, str]:
    """The number and the ground of the last entry about a credential."""
    found = (0, "")
    for line in listed[:-1].split(b"\n")[1:]:
        entry = read_canonical(line, Line, "list.form", "The entry").entry
        if isinstance(entry, Activate | Void) and entry.credential == public:
            found = (entry.number, entry.ground)
    return found
