"""What is on the board after the vote: the tally, the mixes and the decryptions, read from their events."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlmodel import Session, col, select

from stembus_ballots.protocol.archive import header_bytes, read_members
from stembus_ballots.protocol.canonical import read_canonical
from stembus_ballots.protocol.ciphertexts import CiphertextRecord, parse_ciphertext
from stembus_ballots.protocol.decryption import Factors, PartialDecryption
from stembus_ballots.protocol.election import Election, Ranked
from stembus_ballots.protocol.events import EventType, Owned, Phase, Sized, phase_after, read_number
from stembus_ballots.protocol.group import Group
from stembus_ballots.protocol.shuffle import ShuffleRecord
from stembus_ballots.protocol.tally import Ciphertexts
from stembus_ballots.protocol.trustees import Trustees, read_trustees
from stembus_polls.secret.board import Head, head
from stembus_polls.secret.poll import election_of
from stembus_polls.secret.tables import BoardEvent, SecretPoll

TallyRecord = tuple[tuple[CiphertextRecord, ...], ...]


class Counting(NamedTuple):
    """A board at one moment. `to_open` is what the next trustee mixes or decrypts; `head` says what it rests on."""

    election: Election
    trustees: Trustees
    threshold: int
    head: Head
    ballots: int
    weight: int
    to_open: Ciphertexts
    mixers: tuple[int, ...]
    decrypters: tuple[int, ...]

    @property
    def phase(self) -> Phase:
        """How far the poll is."""
        return phase_after(self.head.kind)

    @property
    def ranked(self) -> tuple[int, ...]:
        """Which questions are mixed."""
        return tuple(at for at, one in enumerate(self.election.questions) if isinstance(one, Ranked))

    @property
    def is_mixing(self) -> bool:
        """Whether trustees mix now."""
        return self.election.is_mixed and self.phase in ("tallied", "shuffling")

    @property
    def is_decrypting(self) -> bool:
        """Whether trustees decrypt now."""
        return self.phase in ("shuffled", "decrypting") or (self.phase == "tallied" and not self.election.is_mixed)


def counting_of(session: Session, poll: SecretPoll) -> Counting | None:
    """Return the board of a poll that was tallied, None before. What is read was checked before it came there."""
    last = head(session, poll.uuid)
    if last is None or phase_after(last.kind) in ("empty", "open", "closed") or poll.trustees_record is None:
        return None
    election = election_of(poll)
    (tallied,) = events(session, poll, "EncryptedTally")
    sized = read_canonical(tallied[1], Sized, "event.payload", "The payload of the tally")
    columns = _tally(tallied[0], election.group)
    shuffles = list(events(session, poll, "Shuffle"))
    if shuffles:
        columns = _mixed(election, columns, shuffles[-1][0])
    decryptions = events(session, poll, "PartialDecryption")
    return Counting(
        election=election,
        trustees=read_trustees(poll.trustees_record, election.group),
        threshold=poll.threshold,
        head=last,
        ballots=sized.num_tallied,
        weight=read_number(sized.total_weight) or 0,
        to_open=columns,
        mixers=tuple(_owner(data) for data in shuffles),
        decrypters=tuple(_owner(data) for data in decryptions),
    )


def factors_of(session: Session, poll: SecretPoll, group: Group) -> dict[int, Factors]:
    """Return the factors of each trustee whose decryption is on the board."""
    return {_owner(data): factors_in(data[0], group) for data in events(session, poll, "PartialDecryption")}


def factors_in(record: bytes, group: Group) -> Factors:
    """Return the factors in a partial decryption. Raises ProtocolError where it is none."""
    read = read_canonical(record, PartialDecryption, "decryption.form", "The partial decryption")
    return tuple(tuple(group.parse(text) for text in column) for column in read.decryption_factors)


def events(session: Session, poll: SecretPoll, kind: EventType) -> Iterator[list[bytes]]:
    """Give the data of each event of a kind, the payload last, in the order of the board."""
    contents = session.exec(
        select(BoardEvent.content)
        .where(BoardEvent.uuid == poll.uuid, BoardEvent.kind == kind)
        .order_by(col(BoardEvent.height))
    )
    for content in contents:
        members = read_members(header_bytes(poll.timestamp) + content)
        yield [bytes(member.content) for member in members if member.kind == "data"]


def _tally(record: bytes, group: Group) -> Ciphertexts:
    read = read_canonical(record, TallyRecord, "tally.form", "The encrypted tally")
    return tuple(tuple(parse_ciphertext(one, group) for one in column) for column in read)


def _mixed(election: Election, tally: Ciphertexts, record: bytes) -> Ciphertexts:
    """What a mix left, with the questions that are not mixed as they were."""
    read = read_canonical(record, ShuffleRecord, "shuffle.form", "The mix")
    mixed = iter(read.ciphertexts)
    return tuple(
        tuple(parse_ciphertext(one, election.group) for one in next(mixed)) if isinstance(question, Ranked) else column
        for question, column in zip(election.questions, tally, strict=True)
    )


def _owner(data: Sequence[bytes]) -> int:
    return read_canonical(data[-1], Owned, "event.payload", "The payload").owner
