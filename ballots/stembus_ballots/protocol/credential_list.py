"""The public list of what happens to credentials after they were made: which spare one is active, and which is void.

A file of lines, each the canonical JSON of one record: first the header, which says who may sign, which credentials are
spare and which are kept for votes on paper; then entries, each signed by two officers and naming the hash of the line
before it; at the end of the voting an entry that closes the list. The record of the election names the hash of the
header, so that every ballot is bound to it. What each line is and which rules hold: docs/protocol.md.
"""

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from stembus_ballots.protocol.archive import hash_of
from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.credentials import Weights
from stembus_ballots.protocol.election import LIST_MARK, Election
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Element, Group, RandomBelow
from stembus_ballots.protocol.schnorr import Proof
from stembus_ballots.protocol.signed import is_signed, sign

SIGNERS = 2

GroundToActivate = Literal["lost", "proxy", "proxy_lapsed", "paper", "admitted"]
GroundToVoid = Literal["lost", "proxy", "proxy_lapsed", "paper", "struck"]

REPLACING = ("lost", "proxy", "proxy_lapsed")
"""The grounds on which one credential takes the place of a single other one."""


class Officer(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who may sign: their office or name, and the public key of their signatures."""

    name: str
    public_key: str


class Header(Struct, frozen=True, forbid_unknown_fields=True):
    """The first line. `roll` is how many people may vote; `spare` and `paper` are public credentials, not yet active.

    All other credentials of the poll are active from the start.
    """

    type: Literal["stembus-credential-list"]
    version: Literal[1]
    election_uuid: str
    roll: int
    officers: tuple[Officer, ...]
    spare: tuple[str, ...]
    paper: tuple[str, ...]


class _Entry(
    Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, tag=str.lower, tag_field="kind"
):
    """What entries have in common: their number (from 1), and the hash of the line before."""

    number: int
    previous: str


class Activate(_Entry, frozen=True, kw_only=True):
    """A spare or paper credential is active from here on; `replaces` is the number of the entry that made room."""

    credential: str
    ground: GroundToActivate
    replaces: int | None = None


class Void(_Entry, frozen=True, kw_only=True):
    """An active credential is void from here on, for ever."""

    credential: str
    ground: GroundToVoid


class Close(_Entry, frozen=True, kw_only=True):
    """The voting ended with the event `board` of the archive: nothing comes after this."""

    board: str


Entry = Activate | Void | Close


class OfficerSignature(Struct, frozen=True, forbid_unknown_fields=True):
    """The signature of an officer, by their place in the header, from 1."""

    officer: int
    proof: Proof


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """An entry with its signatures, in the order of the officers."""

    entry: Entry
    signed: tuple[OfficerSignature, ...]


class _Freed(NamedTuple):
    """The place of a credential that is void, until another takes it."""

    ground: GroundToVoid
    was_proxy: bool


def officer_of(group: Group, name: str, secret: int) -> Officer:
    """The line in the header for an officer whose signing key is `secret`."""
    return Officer(name, group.text(group.secret_power(group.g, secret)))


def header_text(
    uuid: str, roll: int, officers: Sequence[Officer], spare: Collection[str], paper: Collection[str]
) -> bytes:
    """The header of the list of the poll `uuid`. With a line break after it, it is the list as it begins.

    The credentials come in the order of their keys, which says nothing about who gets which.
    """
    return text_of(
        Header(
            "stembus-credential-list",
            1,
            uuid,
            roll,
            tuple(officers),
            tuple(sorted(spare, key=int)),
            tuple(sorted(paper, key=int)),
        )
    )


def authority_with_list(authority: str, header: bytes) -> str:
    """What the record of the election says of its credential authority, so that it names the list as well."""
    return f"{authority} {LIST_MARK}{hash_of(header)}"


def line_of(entry: Entry, signatures: Collection[OfficerSignature]) -> bytes:
    """The line to add to the list, with a line break, once `CredentialList.follow` accepts it."""
    return text_of(Line(entry, tuple(sorted(signatures, key=lambda one: one.officer)))) + b"\n"


class CredentialList:
    """A list as far as it was read: what is active and void now, and what may come next.

    `active` and `void` are public credentials; `roll` is how many may vote by now; `head` is the hash of the last line
    and `number` how many entries there are; `closed` is the event that ended the voting, once the list is closed.

    Active credentials are never more than the roll: they are not at the start, and each that becomes active takes the
    place of one that is void, unless somebody is admitted to the roll with it.
    """

    def __init__(self, header: bytes, election: Election, weights: Weights) -> None:
        """Begin a list. Raises ProtocolError(list.…) unless this is the header that the election names."""
        if election.credential_list != hash_of(header):
            raise ProtocolError("list.poll", "The record of the election names no list of credentials, or another one.")
        read = read_canonical(header, Header, "list.form", "The header of the list of credentials")
        if read.election_uuid != election.uuid:
            raise ProtocolError("list.poll", f"The list of credentials is of another poll: {read.election_uuid[:80]}.")
        self._group = election.group
        self._officers = _keys(read.officers, election.group)
        self._paper = frozenset(read.paper)
        self.waiting = _waiting(read, weights)
        self.active = set(weights) - self.waiting
        self.void: set[str] = set()
        self.roll = read.roll
        if len(self.active) > self.roll:
            raise ProtocolError(
                "list.roll", f"{len(self.active)} credentials are active from the start, for a roll of {self.roll}."
            )
        self.officers = read.officers
        self.head, self.number, self.closed = hash_of(header), 0, ""
        self.grounds: dict[str, int] = {}
        self._proxies: set[str] = set()
        self._freed: dict[int, _Freed] = {}
        self._struck_for_paper = 0

    @classmethod
    def read(cls, text: bytes, election: Election, weights: Weights) -> "CredentialList":
        """The list in a file. Raises ProtocolError(list.…), naming the line, for the first that does not hold."""
        if not text.endswith(b"\n"):
            raise ProtocolError("list.form", "The list of credentials is cut off: its last line does not end.")
        header, *lines = text[:-1].split(b"\n")
        read = cls(header, election, weights)
        for number, line in enumerate(lines, 2):
            try:
                read.follow(line)
            except ProtocolError as error:
                raise ProtocolError(error.rule, f"Line {number} of the list of credentials: {error}") from error
        return read

    def activate(self, credential: str, ground: GroundToActivate, replaces: int | None = None) -> Activate:
        """The next entry, to be signed: `credential` is active. Raises ProtocolError(list.…) where it may not be."""
        entry = Activate(
            number=self.number + 1, previous=self.head, credential=credential, ground=ground, replaces=replaces
        )
        self.check(entry)
        return entry

    def make_void(self, credential: str, ground: GroundToVoid) -> Void:
        """The next entry, to be signed: `credential` is void. Raises ProtocolError(list.…) where it may not be."""
        entry = Void(number=self.number + 1, previous=self.head, credential=credential, ground=ground)
        self.check(entry)
        return entry

    def close(self, board: str) -> Close:
        """The last entry, to be signed: `board` is the hash of the event that ended the voting."""
        entry = Close(number=self.number + 1, previous=self.head, board=board)
        self.check(entry)
        return entry

    def check(self, entry: Entry) -> None:
        """Raises ProtocolError(list.…) unless the entry may come next, whoever signs it."""
        if self.closed:
            raise ProtocolError("list.closed", "The list was closed; nothing may come after that.")
        if entry.number != self.number + 1:
            raise ProtocolError("list.number", f"The entry says that it is number {entry.number}.")
        if entry.previous != self.head:
            raise ProtocolError("list.previous", "The entry does not follow on the line before it.")
        if isinstance(entry, Activate):
            self._check_activation(entry)
        elif isinstance(entry, Void):
            self._check_void(entry)

    def sign(self, entry: Entry, officer: int, secret: int, random_below: RandomBelow) -> OfficerSignature:
        """The signature of an officer (from 1) under an entry that may come next.

        Raises ProtocolError(list.officers) where the secret is not that of this officer's key.
        """
        self.check(entry)
        key = self._group.text(self._group.secret_power(self._group.g, secret))
        if not 1 <= officer <= len(self.officers) or self.officers[officer - 1].public_key != key:
            raise ProtocolError("list.officers", f"This is not the key of officer {officer} of the list.")
        return OfficerSignature(officer, sign(self._group, _message(key, entry), secret, random_below))

    def follow(self, line: bytes) -> None:
        """Take the next line, with or without its line break; one that raises ProtocolError(list.…) changes nothing."""
        read = read_canonical(line.removesuffix(b"\n"), Line, "list.form", "The entry")
        self.check(read.entry)
        self._check_signatures(read)
        entry = read.entry
        if isinstance(entry, Activate):
            self._take_activation(entry)
        elif isinstance(entry, Void):
            self._take_void(entry)
        else:
            self.closed = entry.board
        self.head, self.number = hash_of(line.removesuffix(b"\n")), entry.number

    def _check_signatures(self, line: Line) -> None:
        numbers = [signature.officer for signature in line.signed]
        if len(numbers) < SIGNERS or numbers != sorted(set(numbers)):
            raise ProtocolError(
                "list.officers", f"It takes {SIGNERS} different officers, each once and in their order."
            )
        for signature in line.signed:
            if not 1 <= signature.officer <= len(self.officers):
                raise ProtocolError("list.officers", f"The list has no officer {signature.officer}.")
            message = _message(self.officers[signature.officer - 1].public_key, line.entry)
            if not is_signed(self._group, message, self._officers[signature.officer - 1], signature.proof):
                raise ProtocolError("list.signature", f"The signature of officer {signature.officer} does not hold.")

    def _check_activation(self, entry: Activate) -> None:
        if entry.credential not in self.waiting:
            raise ProtocolError("list.credential", "It activates a credential that is not one of those that wait.")
        if (entry.ground == "paper") != (entry.credential in self._paper):
            raise ProtocolError("list.ground", "Votes on paper have credentials of their own, and no others do.")
        if entry.ground in REPLACING:
            freed = self._freed.get(entry.replaces or 0)
            if freed is None or freed.ground != entry.ground:
                raise ProtocolError(
                    "list.replaces", f"It takes the place of entry {entry.replaces}, which leaves none for it."
                )
        elif entry.replaces is not None:
            raise ProtocolError("list.replaces", f"On the ground “{entry.ground}” it takes the place of no single one.")
        if entry.ground == "paper" and not self._struck_for_paper:
            raise ProtocolError("list.paper", "There would be more votes on paper than voters struck off for them.")

    def _check_void(self, entry: Void) -> None:
        if entry.credential not in self.active:
            raise ProtocolError("list.credential", "It makes void what is not active.")
        if entry.credential in self._paper:
            raise ProtocolError("list.ground", "The credential of a vote on paper belongs to nobody, and stays.")
        is_proxy = entry.credential in self._proxies
        if entry.ground == "proxy" and is_proxy:
            raise ProtocolError("list.ground", "Who holds a proxy cannot give it on.")
        if entry.ground == "proxy_lapsed" and not is_proxy:
            raise ProtocolError("list.ground", "No proxy lapses with this credential: it was not given for one.")

    def _take_activation(self, entry: Activate) -> None:
        freed = self._freed.pop(entry.replaces or 0, None)
        if entry.ground == "proxy" or (entry.ground == "lost" and freed is not None and freed.was_proxy):
            self._proxies.add(entry.credential)
        self._struck_for_paper -= entry.ground == "paper"
        self.roll += entry.ground == "admitted"
        self.waiting.remove(entry.credential)
        self.active.add(entry.credential)
        self._count(f"active: {entry.ground}")

    def _take_void(self, entry: Void) -> None:
        self._freed[entry.number] = _Freed(entry.ground, entry.credential in self._proxies)
        self._struck_for_paper += entry.ground == "paper"
        self.roll -= entry.ground == "struck"
        self.active.remove(entry.credential)
        self.void.add(entry.credential)
        self._count(f"void: {entry.ground}")

    def _count(self, what: str) -> None:
        self.grounds[what] = self.grounds.get(what, 0) + 1


def _keys(officers: Sequence[Officer], group: Group) -> tuple[Element, ...]:
    """The keys of the officers. Raises ProtocolError(list.officers) unless there are two with keys of their own."""
    try:
        keys = tuple(group.parse(officer.public_key) for officer in officers)
    except ProtocolError as error:
        raise ProtocolError("list.officers", f"The key of an officer: {error}") from error
    if len(keys) < SIGNERS or len(set(keys)) < len(keys) or group.identity in keys:
        raise ProtocolError("list.officers", f"There must be {SIGNERS} officers or more, each with a key of their own.")
    return keys


def _waiting(header: Header, weights: Weights) -> set[str]:
    """The credentials that are not active from the start. Raises ProtocolError(list.credential, list.weight)."""
    listed = [*header.spare, *header.paper]
    waiting = set(listed)
    if len(waiting) < len(listed) or not waiting <= weights.keys():
        raise ProtocolError(
            "list.credential", "A spare or paper credential is not one of the poll, or stands in the header twice."
        )
    if any(weight != 1 for weight in weights.values()):
        raise ProtocolError("list.weight", "A poll whose credentials can be replaced gives each of them weight 1.")
    return waiting


def _message(public_key: str, entry: Entry) -> str:
    return f"stembus-credential-list|{public_key}|{text_of(entry).decode()}"
