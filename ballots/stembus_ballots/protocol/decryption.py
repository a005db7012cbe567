"""Partial decryptions: what each trustee makes of a tally with a key of their own, and the proofs of it.

The proof of a factor F = alpha^x has the form A = g^w, B = alpha^w, challenge = H("decrypt|…|", A, B). Its hash holds
neither alpha nor F, so a dishonest trustee can prove a factor that they could not choose freely but that is wrong: see
`result` and `side_file` for what closes that. Source: Belenios specification 2.0, section 4.18; voting protocol,
section 9.3.
"""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from msgspec import Struct

from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.election import Election
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import CHALLENGE_BITS, Element, Group, RandomBelow
from stembus_ballots.protocol.hashing import challenge
from stembus_ballots.protocol.schnorr import Proof
from stembus_ballots.protocol.tally import Ciphertexts
from stembus_ballots.protocol.work import ONE_BY_ONE, Progress, Workers, in_pieces, silent

Factors = tuple[tuple[Element, ...], ...]
"""For each question the factor of each of its ciphertexts."""

PIECE = 64


class PartialDecryption(Struct, frozen=True, forbid_unknown_fields=True):
    """The record of a partial decryption."""

    decryption_factors: tuple[tuple[str, ...], ...]
    decryption_proofs: tuple[tuple[Proof, ...], ...]


class _Claim(NamedTuple):
    """That `factor` is `alpha` to the power of a trustee's key; `place` says which, for people."""

    place: str
    alpha: Element
    factor: Element
    proof: Proof


def partial_decryption(
    election: Election,
    secret: int,
    ciphertexts: Ciphertexts,
    random_below: RandomBelow,
    *,
    workers: Workers = ONE_BY_ONE,
    progress: Progress = silent,
) -> bytes:
    """The record of a trustee's partial decryption of a tally whose ranked questions were mixed.

    `secret` is the trustee's key (of a threshold, the share). All powers of it take the same time for any key; so do
    those of the number that hides it, of which the one of g comes from a table (see docs/protocol.md).
    """
    group = election.group
    public = group.secret_power(group.g, secret)
    prefix = _prefix(election, public)
    nonces = [[group.random_scalar(random_below) for _ in column] for column in ciphertexts]
    work = [
        (int(alpha), int(nonce))
        for column, mine in zip(ciphertexts, nonces, strict=True)
        for (alpha, _beta), nonce in zip(column, mine, strict=True)
    ]
    decrypt = partial(_decrypt, group, secret, prefix)
    pieces = in_pieces(decrypt, work, size=PIECE, step="Decrypting", workers=workers, progress=progress)
    made = iter([one for piece in pieces for one in piece])
    columns = [[next(made) for _ in column] for column in ciphertexts]
    return text_of(
        PartialDecryption(
            tuple(tuple(factor for factor, _proof in column) for column in columns),
            tuple(tuple(proof for _factor, proof in column) for column in columns),
        )
    )


def check_decryption(
    election: Election,
    public: Element,
    ciphertexts: Ciphertexts,
    text: bytes | memoryview,
    *,
    workers: Workers = ONE_BY_ONE,
    progress: Progress = silent,
) -> Factors:
    """The factors in the record of a partial decryption by the trustee whose key (of a threshold, share) is `public`.

    Raises ProtocolError(decryption.…) for the first thing that does not hold.
    """
    record = read_canonical(text, PartialDecryption, "decryption.form", "The partial decryption")
    sizes = [len(column) for column in ciphertexts]
    for what, columns in (("factors", record.decryption_factors), ("proofs", record.decryption_proofs)):
        if [len(column) for column in columns] != sizes:
            raise ProtocolError("decryption.size", f"The {what} are not as many as there are ciphertexts.")
    group = election.group
    try:
        factors = tuple(tuple(group.parse(text) for text in column) for column in record.decryption_factors)
    except ProtocolError as error:
        raise ProtocolError("decryption.element", f"A factor: {error}") from error
    claims = [
        _Claim(f"Question {question}, ciphertext {number}", ciphertext.alpha, factor, proof)
        for question, rows in enumerate(zip(ciphertexts, factors, record.decryption_proofs, strict=True), 1)
        for number, (ciphertext, factor, proof) in enumerate(zip(*rows, strict=True), 1)
    ]
    check = partial(_check, group, public, _prefix(election, public))
    step = "Checking a decryption"
    for fault in in_pieces(check, claims, size=PIECE, step=step, workers=workers, progress=progress):
        if fault is not None:
            raise fault
    return factors


def _decrypt(group: Group, secret: int, prefix: str, work: Sequence[tuple[int, int]]) -> list[tuple[str, Proof]]:
    """For each alpha and nonce the factor and its proof."""
    made, g = [], group.table(group.g)
    for alpha, nonce in work:
        factor = group.secret_power(alpha, secret)
        commitments = (g.power(nonce), group.secret_power(alpha, nonce))
        hashed = challenge(prefix, map(group.text, commitments), group.q)
        made.append((group.text(factor), Proof(str(hashed), str((nonce - secret * hashed) % group.q))))
    return made


def _check(group: Group, public: Element, prefix: str, claims: Sequence[_Claim]) -> ProtocolError | None:
    """The first claim that does not hold."""
    g, key = group.table(group.g), group.table(public, CHALLENGE_BITS)
    for claim in claims:
        try:
            hashed, response = claim.proof.numbers(group)
        except ProtocolError as error:
            return ProtocolError("decryption.scalar", f"{claim.place}: {error}")
        if hashed.bit_length() <= CHALLENGE_BITS:
            commitments = (
                group.mul(g.power(response), key.power(hashed)),
                group.mul(group.power(claim.alpha, response), group.power(claim.factor, hashed)),
            )
            if challenge(prefix, map(group.text, commitments), group.q) == hashed:
                continue
        return ProtocolError("decryption.proof", f"{claim.place}: the proof of its factor does not hold.")
    return None


def _prefix(election: Election, public: Element) -> str:
    return f"decrypt|{election.fingerprint}|{election.group.text(public)}|"
