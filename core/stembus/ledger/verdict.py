"""What a check of the ledger found: the log as it was read goes in, and every fault comes out, the first one first."""

from typing import NamedTuple

from stembus.ledger.checkpoint import Checkpoint
from stembus.ledger.merkle import Subtree


class StoredBody(NamedTuple):
    """The body of an act with its salt, and the kind its row is listed under."""

    kind: str
    salt: bytes
    body: bytes


class Entry(NamedTuple):
    """Everything that is stored of one act. `leaf` is None where only a hash is left of it.

    `subject` and `actors` (member id and capacity, in order) are what it is listed under.
    """

    position: int | None
    act_id: str | None
    at: str
    leaf: bytes | None
    hash: bytes | None
    body: StoredBody | None
    subject: dict[str, str]
    actors: tuple[tuple[str, str], ...] = ()


class StoredCheckpoint(NamedTuple):
    """A checkpoint as its row holds it."""

    size: int
    previous: int
    note: str


class StoredKey(NamedTuple):
    """A public key as its row holds it, and the act that it came with."""

    number: int
    verifier: str
    act_id: str | None


class Frame(NamedTuple):
    """What a log is besides its acts: checkpoints by size, keys by number, the sequencer (size, edge), and strays.

    `strays` are ids of bodies, subjects and actors that belong to no act; `subtrees` are the tall ones that are kept.
    """

    checkpoints: list[StoredCheckpoint]
    keys: list[StoredKey]
    sequencer: tuple[int, bytes] | None
    strays: list[str]
    against: Checkpoint | None = None
    subtrees: tuple[Subtree, ...] = ()


class Fault(NamedTuple):
    """One thing that does not fit: at which place in the log, which act (where one can be named), and how."""

    position: int
    act_id: str | None
    what: str


class Verdict(NamedTuple):
    """What was found: how many acts are sealed, not yet sealed and destroyed, how many checkpoints, and all faults."""

    size: int
    unsealed: int
    destroyed: int
    checkpoints: int
    faults: tuple[Fault, ...]
