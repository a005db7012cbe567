"""What a trustee's program keeps between its runs, sealed with the passphrase: the key, and what it saw before."""

import msgspec

from stembus_ballots.protocol.ceremony import Seat
from stembus_polls.trustee.wire import Posted


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a trustee agreed to at the start; a server that says something else later is not followed."""

    organisation: str
    title: str
    size: int
    threshold: int
    group: str
    least_ballots: int
    practice: bool


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The board as it was seen last: how long, and the SHA-256 of all of it. A later one has to begin with it."""

    length: int = 0
    sha256: str = ""


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that is kept. `invitation` is there until the server knows this program.

    `sent` are the messages of this ceremony as they were made, to be sent again where one is lost. `confirmed` is the
    fingerprint that the trustee compared aloud; `trustees` the SHA-256 of the finished record; `rehearsed` how often
    the stored key decrypted; `election` the fingerprint of the election once it was seen; and `opened` the event of
    the board whose ciphertexts were decrypted: there is never a second one.
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
    election: str = ""
    opened: str = ""

    def __repr__(self) -> str:
        """Names the poll and none of the secrets."""
        return f"<Kept of trustee {self.number} in {self.uuid}>"
