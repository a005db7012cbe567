"""What a trustee's program keeps between its runs, sealed with the passphrase: the key, and what it saw before."""

import msgspec

from stembus_ballots.protocol.archive import hash_of
from stembus_ballots.protocol.ceremony import Seat
from stembus_polls.trustee.wire import Posted
from stembus_procedures.language.values import Span


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a trustee agreed to at the start; a server that says something else later is not followed.

    `objection` is how long everybody can object to the sealed box, on the calendar of `zone`; a file that an
    earlier version of this program made does not have it.
    """

    organisation: str
    title: str
    size: int
    threshold: int
    group: str
    least_ballots: int
    practice: bool
    objection: Span | None = None
    zone: str = ""


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something that only grows, as it was seen last: its length and its SHA-256. A later one has to begin with it."""

    length: int = 0
    sha256: str = ""

    @classmethod
    def of(cls, content: bytes) -> "Head":
        """The head of this content."""
        return cls(length=len(content), sha256=hash_of(content))

    def begins(self, content: bytes) -> bool:
        """Whether the content begins with what was seen."""
        return len(content) >= self.length and (not self.length or hash_of(content[: self.length]) == self.sha256)


class LedgerHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The newest checkpoint of the party's ledger that was seen, as it was signed, and the public key that signed it.

    A later one has to prove that it grew from it. A server that shows others another ledger has signed both.
    """

    checkpoint: str
    key: str


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that is kept. `invitation` is there until the server knows this program.

    `sent` are the messages of this ceremony as they were made, to be sent again where one is lost. `confirmed` is the
    fingerprint that the trustee compared aloud; `trustees` the SHA-256 of the finished record; `rehearsed` how often
    the stored key decrypted; `board`, `listed` and `ledger` the board, the list of credentials and the ledger as they
    were seen last; `election` the fingerprint of the election once it was seen; and `opened` the event of the board
    whose ciphertexts were decrypted: there is never a second one.
    """

    server: str
    uuid: str
    number: int
    token: str
    invitation: str = ""
    terms: Terms | None = None
    seat: Seat | None = None
    sent: tuple[Posted, ...] = ()
    confirmed: str = ""
    trustees: str = ""
    rehearsed: int = 0
    board: Head = Head()
    listed: Head = Head()
    ledger: LedgerHead | None = None
    election: str = ""
    opened: str = ""

    def __repr__(self) -> str:
        """Names the poll and none of the secrets."""
        return f"<Kept of trustee {self.number} in {self.uuid}>"
