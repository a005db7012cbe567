"""Small secret polls for tests: every step of the protocol by our own functions, one method each."""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import count
from typing import NamedTuple, TypeVar

import msgspec

from stembus_ballots.protocol.archive import hash_of, header_bytes, member_bytes
from stembus_ballots.protocol.ballot import CheckedBallot, Vote, check_ballot, make_ballot
from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.ceremony import (
    Seat,
    take_certificates,
    take_commitments,
    take_keys,
    take_reveals,
    take_seat,
    take_shares,
)
from stembus_ballots.protocol.ceremony_record import Plan
from stembus_ballots.protocol.combination import combined
from stembus_ballots.protocol.credential_list import authority_with_list, header_text, officer_of
from stembus_ballots.protocol.credentials import public_credentials_text
from stembus_ballots.protocol.decryption import Factors, check_decryption, partial_decryption
from stembus_ballots.protocol.election import (
    Homomorphic,
    Question,
    Ranked,
    election_text,
    ranked_question,
    read_election,
)
from stembus_ballots.protocol.events import ArchiveWriter, Event, EventType, Happened, Owned, Sized, read_events
from stembus_ballots.protocol.group import BELENIOS_2048, RFC_3526_2048, Ciphertext, Group
from stembus_ballots.protocol.result import opened, result_of, result_text
from stembus_ballots.protocol.shuffle import ShuffleRecord, check_shuffle, make_shuffle
from stembus_ballots.protocol.side_file import Decrypted, make_side_file
from stembus_ballots.protocol.tally import Ciphertexts, Tally, encrypted_tally, tally_text
from stembus_ballots.protocol.trustees import (
    SingleRecord,
    ThresholdBlock,
    ThresholdRecord,
    TrusteeKey,
    TrusteesRecord,
    read_trustees,
    trustee_key,
    trustees_text,
)
from stembus_ballots.protocol.typed_credential import new_credential, secret_of

Message = TypeVar("Message")

MOMENT = 1_795_405_968
UUID = "Voorbee1dpart1j"


class Dice:
    """A random source that gives the same numbers each time."""

    def __init__(self, seed: str) -> None:
        self._seed, self._throws = seed, count()

    def __call__(self, below: int) -> int:
        """A number from 0 up to but not including `below`."""
        size = below.bit_length() // 8 + 17
        throw = hashlib.shake_256(f"{self._seed}|{next(self._throws)}".encode()).digest(int(size))
        return int.from_bytes(throw, "big") % below


def threshold_key(plan: Plan, dice: Dice) -> tuple[list[int], ThresholdBlock]:
    """The shares of trustees who went through a ceremony, and what everybody may know of it."""
    seats, certificates = _split(take_seat(plan, number + 1, dice) for number in range(plan.size))
    seats, commitments = _split(take_certificates(seat, certificates, dice) for seat in seats)
    seats, reveals = _split(take_commitments(seat, commitments) for seat in seats)
    seats, shares = _split(take_reveals(seat, reveals, dice) for seat in seats)
    seats, keys = _split(take_shares(seat, [row[seat.index - 1] for row in shares], dice) for seat in seats)
    block = take_keys(seats[0], [key for key in keys if isinstance(key, TrusteeKey)])
    return [int(seat.secret or "0") for seat in seats], block


def _split(pairs: Iterable[tuple[Seat, Message]]) -> tuple[list[Seat], list[Message]]:
    both = list(pairs)
    return [seat for seat, _ in both], [message for _, message in both]


class Kept(NamedTuple):
    """Which voters of a poll with a list of credentials are spare or kept for paper, and the size of its roll."""

    roll: int
    spare: Sequence[int]
    paper: Sequence[int]


class SecretPoll:
    """A poll with its secrets: a voter is a number from 0, a trustee one from 1."""

    def __init__(
        self,
        questions: Sequence[Question],
        *,
        group: Group = BELENIOS_2048,
        voters: int = 4,
        trustees: int = 2,
        threshold: int | None = None,
        weights: Sequence[int] = (),
        more_voters: Sequence[int] = (),
        kept: Kept | None = None,
        uuid: str = UUID,
        seed: str = "poll",
    ) -> None:
        self.dice = Dice(seed)
        if threshold is None:
            self.secrets = [group.random_scalar(self.dice) for _ in range(trustees)]
            record: TrusteesRecord = tuple(SingleRecord(trustee_key(group, s, self.dice)) for s in self.secrets)
        else:
            self.secrets, block = threshold_key(Plan("Raad", group.name, trustees, threshold), self.dice)
            record = (ThresholdRecord(block),)
        self.trustees_text = trustees_text(record)
        self.trustees = read_trustees(self.trustees_text, group)
        self.credentials = [new_credential(self.dice) for _ in range(voters)]
        self.voters = [secret_of(credential, uuid, group) for credential in self.credentials]
        self.voters += more_voters
        self.keys = [group.power(group.g, secret) for secret in self.voters]
        self.credential_texts = [group.text(key) for key in self.keys]
        self.officers = [group.random_scalar(self.dice) for _ in range(3 if kept else 0)]
        self.list_header = b"" if kept is None else self._list_header(uuid, group, kept)
        self.election_text = election_text(
            uuid=uuid,
            name="Raad",
            description="Voorbeeldpartij",
            group=group,
            public_key=self.trustees.public_key,
            questions=tuple(questions),
            credential_authority=authority_with_list("Griffie", self.list_header) if kept else None,
        )
        self.election = read_election(self.election_text)
        weighed = list(zip(self.keys, weights or [1] * len(self.keys), strict=True))
        self.weights = {group.text(key): weight for key, weight in weighed}
        self.credentials_text = public_credentials_text(weighed, group)
        self.writer = ArchiveWriter(MOMENT)
        self.writer.setup(self.election_text, self.trustees_text, self.credentials_text)
        self.ballots: list[CheckedBallot] = []
        self.tally: Tally | None = None
        self.to_open: Ciphertexts = ()
        self.factors: dict[int, Factors] = {}

    def _list_header(self, uuid: str, group: Group, kept: Kept) -> bytes:
        officers = [officer_of(group, f"Lid {number}", secret) for number, secret in enumerate(self.officers, 1)]
        spare, paper = ([self.credential_texts[at] for at in places] for places in (kept.spare, kept.paper))
        return header_text(uuid, kept.roll, officers, spare, paper)

    @property
    def archive(self) -> bytes:
        """The archive as it is now."""
        return bytes(self.writer.written)

    def cast(self, voter: int, vote: Vote) -> bytes:
        """Put the ballot of a voter on the board."""
        ballot = make_ballot(self.election, self.voters[voter], vote, self.dice)
        self.follow(self.archive + self._added("Ballot", ballot))
        return ballot

    def end(self) -> None:
        """End the voting."""
        self.writer.append("EndBallots")

    def count(self) -> None:
        """Add the encrypted tally."""
        tally = encrypted_tally(self.election, self.ballots, self.weights)
        sized = Sized(tally.ballots, tally.weight, hash_of(tally_text(tally, self.election)))
        self.follow(self.archive + self._added("EncryptedTally", tally_text(tally, self.election), text_of(sized)))

    def close(self) -> None:
        """End the voting and add the encrypted tally."""
        self.end()
        self.count()

    def mix(self, trustee: int) -> None:
        """Let a trustee mix the ranked questions."""
        made = text_of(make_shuffle(self.election.bound, self._ranked(), self.dice))
        self.follow(self.archive + self._added("Shuffle", made, text_of(Owned(trustee, hash_of(made)))))

    def end_mixes(self) -> None:
        """Say that mixing is over."""
        self.writer.append("EndShuffles")

    def decrypt(self, trustee: int) -> None:
        """Let a trustee decrypt."""
        made = partial_decryption(self.election, self.secrets[trustee - 1], self.to_open, self.dice)
        self.take_decryption(trustee, made)

    def take_decryption(self, trustee: int, made: bytes) -> None:
        """Add a decryption as it was handed in."""
        self.follow(self.archive + self._added("PartialDecryption", made, text_of(Owned(trustee, hash_of(made)))))

    def side_file(self, trustee: int) -> bytes:
        """The side file of a trustee who decrypted."""
        return make_side_file(self.decrypted(trustee), self.secrets[trustee - 1], self.dice)

    def decrypted(self, trustee: int) -> Decrypted:
        """What a trustee's side file is about."""
        election, key = self.election, self.trustees.keys[trustee - 1]
        return Decrypted(election.group, election.fingerprint, trustee, key, self.to_open, self.factors[trustee])

    def publish(self) -> None:
        """Add the result."""
        assert self.tally is not None
        factors = combined(self.election.group, self.trustees, self.factors)
        plaintexts = opened(self.election.group, self.to_open, factors)
        self.writer.append("Result", result_text(result_of(self.election, plaintexts, self.tally.weight)))

    def follow(self, archive: bytes) -> None:
        """Take over an archive that continues this one, whoever added to it."""
        assert archive.startswith(self.archive)
        events = list(read_events(archive))
        known = len(list(read_events(self.archive)))
        self.writer = ArchiveWriter.resume(archive)
        for event in events[known:]:
            self._note(event)

    def _note(self, event: Happened) -> None:
        match event.type:
            case "Ballot":
                self.ballots.append(check_ballot(self.election, self.weights, event.data[0]))
            case "EncryptedTally":
                self.tally = encrypted_tally(self.election, self.ballots, self.weights)
                self.to_open = self.tally.ciphertexts
            case "Shuffle":
                record = read_canonical(event.data[0], ShuffleRecord, "shuffle.form", "The mix")
                mixed = iter(check_shuffle(self.election.bound, self._ranked(), record))
                self.to_open = tuple(
                    next(mixed) if isinstance(question, Ranked) else column
                    for question, column in zip(self.election.questions, self.to_open, strict=True)
                )
            case "PartialDecryption":
                owner = msgspec.json.decode(event.data[1], type=Owned).owner
                key = self.trustees.keys[owner - 1]
                self.factors[owner] = check_decryption(self.election, key, self.to_open, event.data[0])
            case _:
                pass

    def _added(self, kind: EventType, *data: bytes) -> bytes:
        """What an event would add to the archive."""
        return ArchiveWriter.resume(self.archive).append(kind, *data)

    def _ranked(self) -> tuple[tuple[Ciphertext, ...], ...]:
        rows = zip(self.election.questions, self.to_open, strict=True)
        return tuple(column for question, column in rows if isinstance(question, Ranked))


COUNCIL = Homomorphic(question="Wie?", answers=("Ada", "Bo", "Cis"), min=1, max=1)
MOTIONS = Homomorphic(question="Welke?", answers=("A", "B"), blank=True, min=0, max=2)
RANKING = ranked_question("In welke volgorde?", ("Ada", "Bo", "Cis"))


def homomorphic_poll() -> SecretPoll:
    """Two questions, four credentials, three voters of whom one votes twice, counted: Ada 1, Bo 2; one blank."""
    poll = SecretPoll([COUNCIL, MOTIONS])
    poll.cast(0, [[0, 0, 1], [0, 1, 1]])
    poll.cast(0, [[1, 0, 0], [0, 1, 0]])
    poll.cast(1, [[0, 1, 0], [1, 0, 0]])
    poll.cast(2, [[0, 1, 0], [0, 1, 1]])
    poll.close()
    poll.decrypt(1)
    poll.decrypt(2)
    poll.publish()
    return poll


def ranked_poll(question: Ranked = RANKING) -> SecretPoll:
    """One ranked question, three voters, mixed and decrypted by both trustees."""
    poll = SecretPoll([question], group=RFC_3526_2048)
    poll.cast(0, [[1, 2, 3]])
    poll.cast(1, [[0, 1, 0]])
    poll.cast(2, [[3, 2, 1]])
    poll.close()
    poll.mix(1)
    poll.mix(2)
    poll.end_mixes()
    poll.decrypt(1)
    poll.decrypt(2)
    poll.publish()
    return poll


Records = list[tuple[EventType, list[bytes]]]
"""Each event of an archive with its data, the payload last."""


def records_of(archive: bytes) -> Records:
    """The events of an archive, to be changed and put together again."""
    return [(event.type, [bytes(data) for data in event.data]) for event in read_events(archive)]


def rebuilt(records: Records) -> bytes:
    """An archive of these events in this order, every hash and link made anew, and nothing judged."""
    archive, parent = header_bytes(MOMENT), None
    for height, (kind, data) in enumerate(records):
        whole = [*data[:-1], _payload(kind, data)] if data else []
        payload = hash_of(whole[-1]) if whole else None
        event = text_of(Event(parent=parent, height=height, type=kind, payload=payload))
        archive += b"".join(member_bytes("data", one, MOMENT) for one in whole) + member_bytes("event", event, MOMENT)
        parent = hash_of(event)
    return archive


def _payload(kind: EventType, data: Sequence[bytes]) -> bytes:
    """The payload of an event, with the hashes of the data that now stand before it."""
    named: dict[EventType, dict[str, str]] = {
        "Setup": dict(zip(("election", "trustees", "credentials"), map(hash_of, data[:-1]), strict=False)),
        "EncryptedTally": {"encrypted_tally": hash_of(data[0])},
        "Shuffle": {"payload": hash_of(data[0])},
        "PartialDecryption": {"payload": hash_of(data[0])},
    }
    return text_of({**msgspec.json.decode(data[-1]), **named[kind]}) if kind in named else data[-1]
