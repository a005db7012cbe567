"""What happens in a poll, as a chain: each event names the hash of the one before it and of what it brings.

Source: Belenios specification 2.0, section 4.4; voting protocol, sections 4 and 12 (rules 1 and 2).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from stembus_ballots.protocol.archive import Member, hash_of, header_bytes, member_bytes, read_header, read_members
from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.errors import ProtocolError

EventType = Literal[
    "Setup", "Ballot", "EndBallots", "EncryptedTally", "Shuffle", "EndShuffles", "PartialDecryption", "Result"
]
Phase = Literal["empty", "open", "closed", "tallied", "shuffling", "shuffled", "decrypting", "complete"]

LARGEST_NUMBER = 2**30 - 1  # what the format writes as a number; a larger count is a text
NUMBER_AS_TEXT = re.compile(r"[1-9][0-9]{9,17}", re.ASCII)

# How many data members stand before an event of each type; the last of them is its payload.
DATA_MEMBERS: dict[EventType, int] = {
    "Setup": 4,
    "Ballot": 1,
    "EndBallots": 0,
    "EncryptedTally": 2,
    "Shuffle": 2,
    "EndShuffles": 0,
    "PartialDecryption": 2,
    "Result": 1,
}

# In which phase an event may come, and the phase after it.
GRAMMAR: dict[tuple[Phase, EventType], Phase] = {
    ("empty", "Setup"): "open",
    ("open", "Ballot"): "open",
    ("open", "EndBallots"): "closed",
    ("closed", "EncryptedTally"): "tallied",
    ("tallied", "Shuffle"): "shuffling",
    ("shuffling", "Shuffle"): "shuffling",
    ("shuffling", "EndShuffles"): "shuffled",
    ("shuffled", "PartialDecryption"): "decrypting",
    ("tallied", "PartialDecryption"): "decrypting",
    ("decrypting", "PartialDecryption"): "decrypting",
    ("decrypting", "Result"): "complete",
}


class Event(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One link of the chain as it stands in the archive."""

    parent: str | None = None
    height: int
    type: EventType
    payload: str | None = None


class Happened(NamedTuple):
    """An event with the data that it brings, in their order, and the hash that the next event names as its parent."""

    height: int
    type: EventType
    data: tuple[memoryview, ...]
    hash: str


class SetupData(Struct, frozen=True, forbid_unknown_fields=True):
    """The payload of Setup: the hashes of the records that define the poll."""

    election: str
    trustees: str
    credentials: str


class Sized(Struct, frozen=True, forbid_unknown_fields=True):
    """The payload of EncryptedTally: how many ballots, with which weight, and the hash of the tally."""

    num_tallied: int
    total_weight: int | str
    encrypted_tally: str


class Owned(Struct, frozen=True, forbid_unknown_fields=True):
    """The payload of Shuffle and PartialDecryption: which trustee (from 1) made what."""

    owner: int
    payload: str


def read_events(archive: bytes | memoryview) -> Iterator[Happened]:
    """The events of an archive in their order, with every byte, link and reference checked.

    Raises NotAnArchive, or ProtocolError naming the event. What the events say is for the verifier to judge.
    """
    parent: str | None = None
    height = 0
    waiting: list[Member] = []
    for member in read_members(archive):
        if member.kind == "data":
            waiting.append(member)
            if len(waiting) > max(DATA_MEMBERS.values()):
                raise ProtocolError("event.members", f"Member {member.number}: more data than any event brings.")
            continue
        event = read_canonical(member.content, Event, "event.form", f"Event {height} (member {member.number})")
        _check_link(event, parent, height)
        _check_data(event, waiting)
        yield Happened(height, event.type, tuple(m.content for m in waiting), member.hash)
        parent, height, waiting = member.hash, height + 1, []
    if waiting:
        raise ProtocolError("event.members", f"Member {waiting[0].number} belongs to no event.")


def _check_link(event: Event, parent: str | None, height: int) -> None:
    if event.height != height:
        raise ProtocolError("event.height", f"Event {height} says that it is number {event.height}.")
    if event.parent != parent:
        raise ProtocolError("event.parent", f"Event {height} ({event.type}) does not follow on the event before it.")


def _check_data(event: Event, waiting: Sequence[Member]) -> None:
    """Each event brings exactly its data, and its payload names each of them."""
    where = f"Event {event.height} ({event.type})"
    if len(waiting) != DATA_MEMBERS[event.type]:
        raise ProtocolError(
            "event.members", f"{where} brings {len(waiting)} records where it should bring {DATA_MEMBERS[event.type]}."
        )
    if event.payload != (waiting[-1].hash if waiting else None):
        raise ProtocolError("event.payload", f"{where} does not name the record that stands before it.")
    named = _named(event.type, waiting[-1].content, where) if waiting else ()
    if tuple(named) != tuple(member.hash for member in waiting[:-1]):
        raise ProtocolError("event.payload", f"{where} does not name the records that stand before it.")


def _named(kind: EventType, payload: memoryview, where: str) -> Iterable[str]:
    name = f"{where}: its payload"
    match kind:
        case "Setup":
            setup = read_canonical(payload, SetupData, "event.payload", name)
            return (setup.election, setup.trustees, setup.credentials)
        case "EncryptedTally":
            return (read_canonical(payload, Sized, "event.payload", name).encrypted_tally,)
        case "Shuffle" | "PartialDecryption":
            return (read_canonical(payload, Owned, "event.payload", name).payload,)
        case _:
            return ()


class ArchiveWriter:
    """Adds events at the end of an archive. `written` are all its bytes; each method also returns those it added.

    Keeps to the order of events; what they say is the affair of who calls it. Raises ProtocolError(event.order).
    """

    def __init__(self, timestamp: int) -> None:
        self._timestamp = timestamp
        self._parent: str | None = None
        self._height = 0
        self.phase: Phase = "empty"
        self.written = bytearray(header_bytes(timestamp))

    @classmethod
    def resume(cls, archive: bytes) -> "ArchiveWriter":
        """Continue an archive. Raises ProtocolError where its bytes, links or order of events are not right."""
        writer = cls(read_header(archive))
        for event in read_events(archive):
            writer.phase = next_phase(writer.phase, event.type, event.height)
            writer._parent, writer._height = event.hash, event.height + 1
        writer.written = bytearray(archive)
        return writer

    def setup(self, election: bytes, trustees: bytes, credentials: bytes) -> bytes:
        """Begin: the records of the election, its trustees and its public credentials."""
        return self.append("Setup", *setup_data(election, trustees, credentials))

    def encrypted_tally(self, tally: bytes, num_tallied: int, total_weight: int) -> bytes:
        """Add the encrypted tally with what it holds."""
        return self.append("EncryptedTally", *tally_data(tally, num_tallied, total_weight))

    def owned(self, kind: Literal["Shuffle", "PartialDecryption"], owner: int, record: bytes) -> bytes:
        """Add what trustee `owner` (from 1) made."""
        return self.append(kind, *owned_data(owner, record))

    def append(self, kind: EventType, *data: bytes) -> bytes:
        """Add one event with its data, of which the last is its payload."""
        phase = next_phase(self.phase, kind, self._height)
        added, self._parent = event_bytes(kind, data, self._parent, self._height, self._timestamp)
        self._height, self.phase = self._height + 1, phase
        self.written += added
        return added


def event_bytes(
    kind: EventType, data: Sequence[bytes], parent: str | None, height: int, timestamp: int
) -> tuple[bytes, str]:
    """The bytes that an event adds to an archive, and its hash. Of its data the last is its payload."""
    event = text_of(Event(parent=parent, height=height, type=kind, payload=hash_of(data[-1]) if data else None))
    members = [member_bytes("data", content, timestamp) for content in data]
    return b"".join((*members, member_bytes("event", event, timestamp))), hash_of(event)


def read_added(added: bytes) -> tuple[bytes, ...]:
    """The data in what `event_bytes` gave, the payload last. Raises ProtocolError where it is something else."""
    members = read_members(header_bytes(int(added[136:147], 8)) + added)
    return tuple(bytes(member.content) for member in members if member.kind == "data")


def setup_data(election: bytes, trustees: bytes, credentials: bytes) -> tuple[bytes, ...]:
    """The data of the event Setup."""
    hashes = SetupData(hash_of(election), hash_of(trustees), hash_of(credentials))
    return election, trustees, credentials, text_of(hashes)


def tally_data(tally: bytes, num_tallied: int, total_weight: int) -> tuple[bytes, ...]:
    """The data of the event EncryptedTally: so many ballots with this weight."""
    return tally, text_of(Sized(num_tallied, number_or_text(total_weight), hash_of(tally)))


def owned_data(owner: int, record: bytes) -> tuple[bytes, ...]:
    """The data of an event that tells what trustee `owner` (from 1) made."""
    return record, text_of(Owned(owner, hash_of(record)))


def phase_after(kind: EventType | None) -> Phase:
    """The phase of a poll whose latest event this is (None: it has none yet)."""
    return next((after for (_before, event), after in GRAMMAR.items() if event == kind), "empty")


def next_phase(phase: Phase, kind: EventType, height: int) -> Phase:
    """The phase after an event. Raises ProtocolError(event.order) where it may not come now."""
    after = GRAMMAR.get((phase, kind))
    if after is None:
        now = "as the first event" if phase == "empty" else f"in a poll that is {phase}"
        raise ProtocolError("event.order", f"Event {height} ({kind}) may not come {now}.")
    return after


def read_number(entry: int | str) -> int | None:
    """The count that was written as `number_or_text` does; None for anything else."""
    if isinstance(entry, str):
        return int(entry) if NUMBER_AS_TEXT.fullmatch(entry) and int(entry) > LARGEST_NUMBER else None
    return entry if 0 <= entry <= LARGEST_NUMBER else None


def number_or_text(number: int) -> int | str:
    """How the format writes a count: as a number up to 2^30 - 1, above that as text."""
    return number if number <= LARGEST_NUMBER else str(number)
