"""The side file of a trustee: one proof that all factors of a partial decryption are right.

The archive's own proof of a factor hashes neither the factor nor what it decrypts, so a trustee can prove a wrong one.
This proof hashes both: all pairs of alpha and factor are put together with weights that follow from them, in the manner
of RFC 9497 (sections 2.2.1 and 2.2.2), and one proof of equal logarithms covers the whole. Every hash, to the byte, is
in docs/protocol.md.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from stembus_ballots.protocol.bulk import product_of_powers
from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Ciphertext, Element, Group, RandomBelow
from stembus_ballots.protocol.hashing import challenge, sha256_hex, sha256_int
from stembus_ballots.protocol.schnorr import Proof
from stembus_ballots.protocol.work import ONE_BY_ONE, Progress, Workers, silent


class SideFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A side file as it is stored: the poll, the trustee, the hash of all pairs, and the proof."""

    type: Literal["stembus-side-file"]
    version: Literal[1]
    election_hash: str
    owner: int
    public_key: str
    contents: str
    proof: Proof


class Decrypted(NamedTuple):
    """What a side file is about: which poll and trustee, and for each question the ciphertexts with their factors."""

    group: Group
    fingerprint: str
    owner: int
    public_key: Element
    ciphertexts: Sequence[Sequence[Ciphertext]]
    factors: Sequence[Sequence[Element]]


def make_side_file(
    decrypted: Decrypted,
    secret: int,
    random_below: RandomBelow,
    *,
    workers: Workers = ONE_BY_ONE,
    progress: Progress = silent,
) -> bytes:
    """The side file of a partial decryption, by the trustee whose key `secret` is."""
    group = decrypted.group
    pairs = _pairs(decrypted)
    contents = _contents(group, pairs)
    composites = _composites(decrypted, pairs, contents, workers, progress)
    nonce = group.random_scalar(random_below)
    commitments = group.secret_power(group.g, nonce), group.secret_power(composites[0], nonce)
    hashed = _challenge(decrypted, contents, composites, commitments)
    return text_of(
        SideFile(
            type="stembus-side-file",
            version=1,
            election_hash=decrypted.fingerprint,
            owner=decrypted.owner,
            public_key=group.text(decrypted.public_key),
            contents=contents,
            proof=Proof(str(hashed), str((nonce - secret * hashed) % group.q)),
        )
    )


def read_side_file(text: bytes | memoryview) -> SideFile:
    """A side file, of which nothing is checked yet. Raises ProtocolError(side_file.form) where it is none."""
    return read_canonical(text, SideFile, "side_file.form", "The side file")


def check_side_file(
    decrypted: Decrypted, file: SideFile, *, workers: Workers = ONE_BY_ONE, progress: Progress = silent
) -> None:
    """Raises ProtocolError(side_file.…) unless the file proves exactly these factors, of this trustee, in this poll.

    Ciphertexts and factors have to be elements of the group.
    """
    group = decrypted.group
    if file.election_hash != decrypted.fingerprint:
        raise ProtocolError("side_file.poll", f"The side file is of another poll: {file.election_hash[:50]}.")
    if (file.owner, file.public_key) != (decrypted.owner, group.text(decrypted.public_key)):
        raise ProtocolError("side_file.owner", f"The side file is not of trustee {decrypted.owner} with their key.")
    pairs = _pairs(decrypted)
    if file.contents != _contents(group, pairs):
        raise ProtocolError("side_file.contents", "The side file is about other ciphertexts or other factors.")
    try:
        hashed, response = file.proof.numbers(group)
    except ProtocolError as error:
        raise ProtocolError("side_file.scalar", f"The side file: {error}") from error
    composites = _composites(decrypted, pairs, file.contents, workers, progress)
    commitments = (
        group.mul(group.power(group.g, response), group.power(decrypted.public_key, hashed)),
        group.mul(group.power(composites[0], response), group.power(composites[1], hashed)),
    )
    if _challenge(decrypted, file.contents, composites, commitments) != hashed:
        raise ProtocolError("side_file.proof", "The proof of the side file does not hold: a factor is wrong.")


Pairs = list[tuple[Element, Element]]


def _pairs(decrypted: Decrypted) -> Pairs:
    """Alpha and factor of each ciphertext, the questions one after the other."""
    return [
        (ciphertext.alpha, factor)
        for ciphertexts, factors in zip(decrypted.ciphertexts, decrypted.factors, strict=True)
        for ciphertext, factor in zip(ciphertexts, factors, strict=True)
    ]


def _contents(group: Group, pairs: Pairs) -> str:
    return sha256_hex(",".join(f"{group.text(alpha)},{group.text(factor)}" for alpha, factor in pairs))


def _context(decrypted: Decrypted, contents: str) -> str:
    return f"{decrypted.fingerprint}|{decrypted.owner}|{decrypted.group.text(decrypted.public_key)}|{contents}"


def _composites(
    decrypted: Decrypted, pairs: Pairs, contents: str, workers: Workers, progress: Progress
) -> tuple[Element, Element]:
    """All alphas in one element and all factors in another, by the same weights."""
    group, context = decrypted.group, _context(decrypted, contents)
    weights = [
        sha256_int(f"stembus-side-file-weight|{context}|{number}") % group.q for number in range(1, len(pairs) + 1)
    ]

    def put_together(elements: Iterable[Element]) -> Element:
        return product_of_powers(group, list(elements), weights, "side file", workers=workers, progress=progress)

    return put_together(alpha for alpha, _ in pairs), put_together(factor for _, factor in pairs)


def _challenge(
    decrypted: Decrypted, contents: str, composites: tuple[Element, Element], commitments: tuple[Element, Element]
) -> int:
    group = decrypted.group
    statement = ",".join(map(group.text, composites))
    prefix = f"stembus-side-file|{group.name}|{_context(decrypted, contents)}|{statement}|"
    return challenge(prefix, map(group.text, commitments), group.q)
