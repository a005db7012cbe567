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


class Given(NamedTuple):
    """What a trustee gave: their key (of a threshold, that of their share), and the record of a partial decryption."""

    public: Element
    text: bytes | memoryview


class _Row(NamedTuple):
    """A ciphertext, and of each trustee the factor with its proof; `place` says which ciphertext, for people."""

    place: str
    alpha: Element
    claims: tuple[tuple[Element, Proof], ...]


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
    given = [Given(public, text)]
    (found,) = check_decryptions(election, ciphertexts, given, workers=workers, progress=progress)
    if isinstance(found, ProtocolError):
        raise found
    return found


def check_decryptions(
    election: Election,
    ciphertexts: Ciphertexts,
    given: Sequence[Given],
    *,
    workers: Workers = ONE_BY_ONE,
    progress: Progress = silent,
) -> list[Factors | ProtocolError]:
    """The factors in the partial decryption of each trustee, or the first thing in it that does not hold.

    All together are cheaper than one by one: each ciphertext is raised to something in the proof of every trustee.
    """
    found: list[Factors | ProtocolError] = []
    sound: dict[int, tuple[Factors, tuple[tuple[Proof, ...], ...]]] = {}
    for at, (_public, text) in enumerate(given):
        try:
            record = _read(text, ciphertexts)
            sound[at] = _factors(election.group, record), record.decryption_proofs
            found.append(sound[at][0])
        except ProtocolError as error:
            found.append(error)
    prefixes = [(given[at].public, _prefix(election, given[at].public)) for at in sound]
    rows = [
        _Row(
            f"Question {question + 1}, ciphertext {number + 1}",
            alpha,
            tuple((factors[question][number], proofs[question][number]) for factors, proofs in sound.values()),
        )
        for question, column in enumerate(ciphertexts)
        for number, (alpha, _beta) in enumerate(column)
    ]
    check = partial(_check, election.group, prefixes)
    step = "Checking the decryptions"
    for faults in in_pieces(check, rows, size=PIECE, step=step, workers=workers, progress=progress):
        for at, fault in zip(sound, faults, strict=True):
            if fault is not None and not isinstance(found[at], ProtocolError):
                found[at] = fault
    return found


def _read(text: bytes | memoryview, ciphertexts: Ciphertexts) -> PartialDecryption:
    record = read_canonical(text, PartialDecryption, "decryption.form", "The partial decryption")
    sizes = [len(column) for column in ciphertexts]
    for what, columns in (("factors", record.decryption_factors), ("proofs", record.decryption_proofs)):
        if [len(column) for column in columns] != sizes:
            raise ProtocolError("decryption.size", f"The {what} are not as many as there are ciphertexts.")
    return record


def _factors(group: Group, record: PartialDecryption) -> Factors:
    try:
        return tuple(tuple(group.parse(text) for text in column) for column in record.decryption_factors)
    except ProtocolError as error:
        raise ProtocolError("decryption.element", f"A factor: {error}") from error


def _decrypt(group: Group, secret: int, prefix: str, work: Sequence[tuple[int, int]]) -> list[tuple[str, Proof]]:
    """For each alpha and nonce the factor and its proof."""
    made = []
    of_g = group.table(group.g).powers([nonce for _alpha, nonce in work])
    for (alpha, nonce), commitment in zip(work, of_g, strict=True):
        factor = group.secret_power(alpha, secret)
        commitments = (commitment, group.secret_power(alpha, nonce))
        hashed = challenge(prefix, map(group.text, commitments), group.q)
        made.append((group.text(factor), Proof(str(hashed), str((nonce - secret * hashed) % group.q))))
    return made


class _Claim(NamedTuple):
    """That a factor is right, by the trustee at a place of the list; `power` is alpha to the power of the response."""

    place: str
    at: int
    factor: Element
    hashed: int
    response: int
    power: Element


def _check(
    group: Group, keys_and_prefixes: Sequence[tuple[Element, str]], rows: Sequence[_Row]
) -> list[ProtocolError | None]:
    """Of each trustee, by key and prefix, a claim that does not hold."""
    faults: list[ProtocolError | None] = [None] * len(keys_and_prefixes)
    claims: list[_Claim] = []
    for row in rows:
        mine: list[tuple[int, Element, tuple[int, int]]] = []
        for at, (factor, proof) in enumerate(row.claims):
            try:
                mine.append((at, factor, proof.numbers(group)))
            except ProtocolError as error:
                faults[at] = faults[at] or ProtocolError("decryption.scalar", f"{row.place}: {error}")
        powers = group.powers(row.alpha, [response for _at, _factor, (_hashed, response) in mine])
        claims += [
            _Claim(row.place, at, factor, hashed, response, power)
            for (at, factor, (hashed, response)), power in zip(mine, powers, strict=True)
        ]
    of_g = group.table(group.g).powers([claim.response for claim in claims])
    for claim, commitment in zip(claims, of_g, strict=True):
        if not _holds(group, keys_and_prefixes[claim.at], claim, commitment):
            fault = ProtocolError("decryption.proof", f"{claim.place}: the proof of its factor does not hold.")
            faults[claim.at] = faults[claim.at] or fault
    return faults


def _holds(group: Group, key_and_prefix: tuple[Element, str], claim: _Claim, of_g: Element) -> bool:
    """Whether a claim holds; `of_g` is g to the power of its response."""
    public, prefix = key_and_prefix
    if claim.hashed.bit_length() > CHALLENGE_BITS:
        return False
    commitments = (
        group.mul(of_g, group.table(public, CHALLENGE_BITS).power(claim.hashed)),
        group.mul(claim.power, group.power(claim.factor, claim.hashed)),
    )
    return challenge(prefix, map(group.text, commitments), group.q) == claim.hashed


def _prefix(election: Election, public: Element) -> str:
    return f"decrypt|{election.fingerprint}|{election.group.text(public)}|"
