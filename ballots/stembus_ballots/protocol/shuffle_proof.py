"""The proof of a shuffle by Terelius and Wikström, as CHVote 1.3.2 has it: its record, and what it hashes.

Source: Belenios specification 2.0, section 6 (tables 4 to 13), whose names are used here: a hat is written `_hat`, a
stroke `_new`. Voting protocol, section 9.2.
"""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from stembus_ballots.protocol.group import Ciphertext, Element, Group
from stembus_ballots.protocol.hashing import sha256_hex, sha256_int


class Commitments(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """t of the proof."""

    t1: str
    t2: str
    t3: str
    t4: tuple[str, str]
    t_hat: tuple[str, ...]


class Responses(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """s of the proof."""

    s1: str
    s2: str
    s3: str
    s4: str
    s_hat: tuple[str, ...]
    s_new: tuple[str, ...]


class ShuffleProof(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A proof as it stands in the archive: nested lists."""

    t: Commitments
    s: Responses
    c: tuple[str, ...]
    c_hat: tuple[str, ...]


class Poll(NamedTuple):
    """What a shuffle is bound to: the group, the key of the poll, and its fingerprint."""

    group: Group
    public_key: Element
    fingerprint: str


class Statement(NamedTuple):
    """What is proven: that `outputs` hold the plaintexts of `inputs`, encrypted for the same poll."""

    poll: Poll
    inputs: tuple[Ciphertext, ...]
    outputs: tuple[Ciphertext, ...]


def head_of(statement: Statement, c: Sequence[str]) -> str:
    """str_c of table 4: the ciphertexts that go in and come out, and the commitments to the order."""
    text = statement.poll.group.text
    pairs = (*statement.inputs, *statement.outputs)
    return "".join(f"{text(alpha)},{text(beta)}," for alpha, beta in pairs) + _joined(c)


def first_challenges(statement: Statement, head: str) -> list[int]:
    """u of table 11."""
    seed = sha256_hex(f"shuffle-challenges|{statement.poll.fingerprint}|{head}")
    q = statement.poll.group.q
    return [sha256_int(seed + sha256_hex(str(number))) % q for number in range(len(statement.inputs))]


def second_challenge(statement: Statement, head: str, t: Commitments, c_hat: Sequence[str]) -> int:
    """The challenge of table 13, not yet modulo q."""
    poll = statement.poll
    commitments = _joined((t.t1, t.t2, t.t3, *t.t4)) + _joined(t.t_hat)
    key = poll.group.text(poll.public_key)
    return sha256_int(f"shuffle-challenge|{poll.fingerprint}|{commitments}{head}{_joined(c_hat)}{key}")


def _joined(texts: Sequence[str]) -> str:
    return "".join(f"{text}," for text in texts)
