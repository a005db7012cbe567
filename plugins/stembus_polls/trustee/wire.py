"""What the program of a trustee and the server say to each other: JSON, read strictly on both sides."""

from datetime import date, datetime
from typing import Literal

import msgspec

from stembus.ledger.proofs import GrowthProof, InclusionProof
from stembus_ballots.protocol.ceremony_record import Plan
from stembus_procedures.language.values import Span

Round = Literal["certificates", "commitments", "reveals", "shares", "keys", "complaints", "answers"]
Step = Literal[
    "ceremony",
    "rehearsal",
    "preparing",
    "open",
    "objections",
    "closing",
    "mixing",
    "decrypting",
    "counted",
    "cancelled",
    "annulled",
]
"""Where a poll stands for its trustees. "closing": nothing goes on before the list of credentials is closed."""


class Wire(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What travels."""


class Began(Wire, frozen=True, kw_only=True):
    """The program takes up its invitation: from now on it shows the secret that hashes to this (SHA-256 hex)."""

    token_sha256: str


class Message(Wire, frozen=True, kw_only=True):
    """A message of a trustee in a round of the ceremony, as canonical text.

    `recipient` is 0 for all; a complaint names whom it is about, an answer whom it is for.
    """

    round: Round
    sender: int
    recipient: int = 0
    body: str


class Posted(Wire, frozen=True, kw_only=True):
    """A message that the program sends; the server knows whose it is."""

    ceremony: str
    round: Round
    recipient: int = 0
    body: str


class Messages(Wire, frozen=True, kw_only=True):
    """All messages of a ceremony so far."""

    ceremony: str
    messages: tuple[Message, ...]


class RehearsalTask(Wire, frozen=True, kw_only=True):
    """The test of a turn: the ciphertext follows from `nonce` (hex), so that it can be nobody's ballot."""

    turn: int
    nonce: str


class Rehearsed(Wire, frozen=True, kw_only=True):
    """What a trustee makes of a test ciphertext: the factor, and the side file that proves it."""

    turn: int
    factor: str
    side_file: str


class Mix(Wire, frozen=True, kw_only=True):
    """A mix with its proof; `head` is the event of the board that it was made on."""

    head: str
    record: str


class Decryption(Wire, frozen=True, kw_only=True):
    """A partial decryption and its side file; `head` is the event of the board that it was made on."""

    head: str
    record: str
    side_file: str


class TrusteeSeen(Wire, frozen=True, kw_only=True):
    """A trustee as the others see them. `refused` says in words what of theirs was not taken."""

    number: int
    name: str
    began: bool
    rehearsals: int
    mixed: bool
    decrypted: bool
    destroyed: bool = False
    refused: tuple[str, ...] = ()


class PollSeen(Wire, frozen=True, kw_only=True):
    """A poll as its trustee `me` is shown it. The program believes none of it that it can check itself.

    `least_ballots` is the smallest number of ballots that may be opened; `objection` is how long everybody can object
    once the box is sealed, on the calendar of `zone`, and `decrypt_from` when that is over. `keep_until` is the last
    day on which the result can be annulled, and so on which keys are kept. `trustees_sha256` is that of the finished
    record of the trustees, empty before.
    """

    organisation: str
    practice: bool
    now: datetime
    uuid: str
    title: str
    plan: Plan
    me: int
    least_ballots: int
    objection: Span
    zone: str
    trustees: tuple[TrusteeSeen, ...]
    step: Step
    decrypt_from: datetime | None = None
    keep_until: date | None = None
    trustees_sha256: str = ""


class LedgerSeen(Wire, frozen=True, kw_only=True):
    """What the ledger says of a poll, with its proofs: the program believes the server as little here as elsewhere.

    `checkpoint` is the newest one, `key` the public key that signs now and `replaced` the act of each key that took the
    place of another. `growth` proves that nothing was changed since the checkpoint of the size that the program named;
    None: it named none, or there is none of that size. `sealed` is the act that sealed the box.
    """

    checkpoint: str
    key: str
    replaced: tuple[InclusionProof, ...] = ()
    growth: GrowthProof | None = None
    sealed: InclusionProof | None = None


class Taken(Wire, frozen=True, kw_only=True):
    """The server took what was sent."""

    taken: Literal[True] = True


class NotTaken(Wire, frozen=True, kw_only=True):
    """Why the server did not take what was sent. `reason` is short, `said` is for people.

    The reasons are those of the protocol, and "head": the board grew meanwhile, so that it has to be made again.
    """

    reason: str
    said: str
