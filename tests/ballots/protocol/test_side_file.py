"""The side file proves that every factor is right, where the archive's own proof can be given for a wrong one."""

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from stembus_ballots.protocol.canonical import text_of
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import BELENIOS_2048, RFC_3526_2048, Ciphertext, Group, group_named
from stembus_ballots.protocol.hashing import challenge
from stembus_ballots.protocol.schnorr import Proof
from stembus_ballots.protocol.side_file import Decrypted, SideFile, check_side_file, make_side_file, read_side_file

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "side-files.json").read_text(encoding="utf-8"))
DICE = random.Random(9)  # noqa: S311 - the same numbers in each run of the tests
FINGERPRINT = "OA5stvHikK0AyAczkQLbQdwK4TD+s2Ww1QNvZpvCn2k"


def decryption_by(group: Group, secret: int, sizes: tuple[int, ...] = (2, 0, 1)) -> Decrypted:
    def element() -> int:
        return group.power(group.g, DICE.randrange(1, int(group.q)))

    ciphertexts = [[Ciphertext(element(), element()) for _ in range(size)] for size in sizes]
    factors = [[group.power(alpha, secret) for alpha, _ in column] for column in ciphertexts]
    return Decrypted(group, FINGERPRINT, 2, group.power(group.g, secret), ciphertexts, factors)


@pytest.mark.parametrize("group", [BELENIOS_2048, RFC_3526_2048])
@pytest.mark.parametrize("sizes", [(), (0,), (1,), (2, 0, 1)])
def test_a_side_file_proves_the_factors_it_was_made_for(group: Group, sizes: tuple[int, ...]) -> None:
    secret = DICE.randrange(int(group.q))
    decrypted = decryption_by(group, secret, sizes)
    text = make_side_file(decrypted, secret, DICE.randrange)
    check_side_file(decrypted, read_side_file(text))


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["group"] for vector in VECTORS])
def test_side_files_are_those_of_the_vectors_to_the_byte(vector: dict[str, Any]) -> None:
    group = group_named(vector["group"])
    ciphertexts = [[Ciphertext(*map(int, pair)) for pair in column] for column in vector["ciphertexts"]]
    factors = [[int(text) for text in column] for column in vector["factors"]]
    secret, nonce = int(vector["secret"]), int(vector["nonce"])
    key = group.power(group.g, secret)
    decrypted = Decrypted(group, vector["election_hash"], vector["owner"], key, ciphertexts, factors)
    assert make_side_file(decrypted, secret, lambda _below: nonce).decode() == vector["side_file"]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["group"] for vector in VECTORS])
def test_the_vectors_follow_from_docs_protocol_by_pencil_and_paper(vector: dict[str, Any]) -> None:
    """Nothing of ours but the numbers of the group: SHA-256 and powers, as docs/protocol.md has them."""
    group = group_named(vector["group"])
    p, q, g = int(group.p), int(group.q), int(group.g)

    def digest(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    file = json.loads(vector["side_file"])
    alphas = [alpha for column in vector["ciphertexts"] for alpha, _beta in column]
    factors = [factor for column in vector["factors"] for factor in column]
    key = pow(g, int(vector["secret"]), p)
    pairs = ",".join(f"{alpha},{factor}" for alpha, factor in zip(alphas, factors, strict=True))
    assert file["contents"] == digest(pairs)
    context = f"{vector['election_hash']}|3|{key}|{digest(pairs)}"
    m = z = 1
    for number, (alpha, factor) in enumerate(zip(alphas, factors, strict=True), 1):
        weight = int(digest(f"stembus-side-file-weight|{context}|{number}"), 16)
        m, z = m * pow(int(alpha), weight, p) % p, z * pow(int(factor), weight, p) % p
    c, r = int(file["proof"]["challenge"]), int(file["proof"]["response"])
    a, b = pow(g, r, p) * pow(key, c, p) % p, pow(m, r, p) * pow(z, c, p) % p
    assert c == int(digest(f"stembus-side-file|{vector['group']}|{context}|{m},{z}|{a},{b}"), 16) % q
    assert list(file) == ["type", "version", "election_hash", "owner", "public_key", "contents", "proof"]


def swapped(decrypted: Decrypted) -> Decrypted:
    (one, other), *rest = decrypted.factors
    return decrypted._replace(factors=[[other, one], *rest])


def with_factor(decrypted: Decrypted, factor: int) -> Decrypted:
    (_, other), *rest = decrypted.factors
    return decrypted._replace(factors=[[factor, other], *rest])


OTHERS: dict[str, tuple[Callable[[Decrypted], Decrypted], str]] = {
    "poll": (lambda d: d._replace(fingerprint=d.fingerprint[::-1]), "side_file.poll"),
    "trustee": (lambda d: d._replace(owner=1), "side_file.owner"),
    "key": (lambda d: d._replace(public_key=d.group.mul(d.public_key, d.group.g)), "side_file.owner"),
    "factor": (lambda d: with_factor(d, d.group.g), "side_file.contents"),
    "factors swapped": (swapped, "side_file.contents"),
    "alpha": (
        lambda d: d._replace(ciphertexts=[*d.ciphertexts[:2], [Ciphertext(d.group.g, d.group.g)]]),
        "side_file.contents",
    ),
    "one less": (lambda d: d._replace(ciphertexts=d.ciphertexts[:2], factors=d.factors[:2]), "side_file.contents"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_b4_a_side_file_proves_nothing_else(name: str) -> None:
    decrypted = decryption_by(BELENIOS_2048, 77)
    file = read_side_file(make_side_file(decrypted, 77, DICE.randrange))
    other, rule = OTHERS[name]
    with pytest.raises(ProtocolError) as refused:
        check_side_file(other(decrypted), file)
    assert refused.value.rule == rule


@pytest.mark.parametrize("name", OTHERS)
def test_b4_rewriting_what_the_file_says_does_not_help(name: str) -> None:
    """The fields of the file are adapted to the other statement; only the proof is the one of the first."""
    decrypted = decryption_by(BELENIOS_2048, 77)
    file = read_side_file(make_side_file(decrypted, 77, DICE.randrange))
    other = OTHERS[name][0](decrypted)
    rewritten = read_side_file(make_side_file(other, 77, DICE.randrange))
    forged = msgspec.structs.replace(rewritten, proof=file.proof)
    with pytest.raises(ProtocolError, match="does not hold") as refused:
        check_side_file(other, forged)
    assert refused.value.rule == "side_file.proof"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda p, q: Proof(p.challenge, str((int(p.response) + 1) % q)), "side_file.proof"),
        (lambda p, q: Proof(str((int(p.challenge) + 1) % q), p.response), "side_file.proof"),
        (lambda p, q: Proof(p.challenge, str(int(p.response) + q)), "side_file.scalar"),
        (lambda p, q: Proof(f"0{p.challenge}", p.response), "side_file.scalar"),
    ],
)
def test_b2_an_altered_proof_does_not_hold(change: Callable[[Proof, int], Proof], rule: str) -> None:
    for group in (BELENIOS_2048, RFC_3526_2048):
        decrypted = decryption_by(group, 77, (1,))
        file = read_side_file(make_side_file(decrypted, 77, DICE.randrange))
        altered = msgspec.structs.replace(file, proof=change(file.proof, int(group.q)))
        with pytest.raises(ProtocolError) as refused:
            check_side_file(decrypted, altered)
        assert refused.value.rule == rule


def test_t2_the_side_file_of_another_key_is_refused() -> None:
    decrypted = decryption_by(BELENIOS_2048, 77)
    with pytest.raises(ProtocolError, match="does not hold"):
        check_side_file(decrypted, read_side_file(make_side_file(decrypted, 78, DICE.randrange)))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"not json",
        b'{"type":"stembus-side-file","version":2,"election_hash":"","owner":1,"public_key":"","contents":"","proof":{}}',
    ],
)
def test_what_is_no_side_file_is_refused(text: bytes) -> None:
    with pytest.raises(ProtocolError, match="The side file") as refused:
        read_side_file(text)
    assert refused.value.rule == "side_file.form"


def test_a_side_file_has_one_form_only() -> None:
    decrypted = decryption_by(BELENIOS_2048, 77, (1,))
    text = make_side_file(decrypted, 77, DICE.randrange)
    assert text_of(read_side_file(text)) == text
    for other in (text + b"\n", text.replace(b",", b", "), text.replace(b'"version":1', b'"version":1,"version":1')):
        with pytest.raises(ProtocolError) as refused:
            read_side_file(other)
        assert refused.value.rule == "side_file.form"


def test_t2_a_forged_factor_that_the_archives_own_proof_lets_through_is_caught() -> None:
    """A dishonest trustee turns the only vote into the one they want: a valid proof in the archive, a wrong factor.

    For a secret x: choose T, commit to A = g^w and B = alpha^w T, and publish F = alpha^x T^(1/c). The hash of the
    proof holds neither alpha nor F. With one value to a vote, some 256 tries give any wanted one.
    """
    group, secret, wanted = RFC_3526_2048, DICE.randrange(int(RFC_3526_2048.q)), 42
    key, randomness = group.power(group.g, secret), DICE.randrange(int(group.q))
    vote = Ciphertext(group.power(group.g, randomness), group.mul(group.power(key, randomness), group.encode((7,))))
    honest, nonce = group.power(vote.alpha, secret), DICE.randrange(int(group.q))
    prefix = f"decrypt|{FINGERPRINT}|{group.text(key)}|"
    commitment, alpha_w = group.text(group.power(group.g, nonce)), group.power(vote.alpha, nonce)
    power_of_g = group.table(group.g).power

    def plaintext(factor: int) -> int:
        return group.mul(vote.beta, group.inverse(factor))

    for shift in range(1, 5000):
        hashed = challenge(prefix, [commitment, group.text(group.mul(alpha_w, power_of_g(shift)))], group.q)
        forged = group.mul(honest, power_of_g(shift * pow(hashed, -1, int(group.q)) % group.q))
        if group.decode(plaintext(forged), 1) == (wanted,):
            break
    proof = Proof(str(hashed), str((nonce - secret * hashed) % group.q))

    assert group.decode(plaintext(honest), 1) == (7,)
    assert group.decode(plaintext(forged), 1) == (wanted,), "the forgery says what its maker wants"
    assert proof_of_the_archive_holds(prefix, key, vote.alpha, forged, proof), "and the archive proves it"

    assert not group.is_canonical(plaintext(forged), 1), "encoding it again shows it, without a side file"
    decrypted = Decrypted(group, FINGERPRINT, 1, key, [[vote]], [[forged]])
    with pytest.raises(ProtocolError, match="a factor is wrong") as refused:
        check_side_file(decrypted, read_side_file(make_side_file(decrypted, secret, DICE.randrange)))
    assert refused.value.rule == "side_file.proof"


def proof_of_the_archive_holds(prefix: str, key: int, alpha: int, factor: int, proof: Proof) -> bool:
    """Section 4.18 of the specification, as it stands there."""
    group = RFC_3526_2048
    hashed, response = proof.numbers(group)
    a = group.mul(group.power(group.g, response), group.power(key, hashed))
    b = group.mul(group.power(alpha, response), group.power(factor, hashed))
    return challenge(prefix, [group.text(a), group.text(b)], group.q) == hashed


def test_t2_two_wrong_factors_that_cancel_each_other_out_are_caught() -> None:
    """The weights follow from the factors, so nobody can arrange errors that vanish in the sum."""
    group, secret = BELENIOS_2048, 77
    decrypted = decryption_by(group, secret)
    (one, other), *rest = decrypted.factors
    crooked = decrypted._replace(factors=[[group.mul(one, group.g), group.mul(other, group.inverse(group.g))], *rest])
    with pytest.raises(ProtocolError, match="a factor is wrong"):
        check_side_file(crooked, read_side_file(make_side_file(crooked, secret, DICE.randrange)))


def test_b5_a_file_whose_challenge_is_chosen_first_does_not_hold() -> None:
    """Simulated proofs (response and challenge chosen, commitments computed) fail since the challenge is a hash."""
    decrypted = decryption_by(BELENIOS_2048, 77)
    file = read_side_file(make_side_file(decrypted, 77, DICE.randrange))
    for _ in range(5):
        simulated = Proof(str(DICE.randrange(int(BELENIOS_2048.q))), str(DICE.randrange(int(BELENIOS_2048.q))))
        with pytest.raises(ProtocolError, match="does not hold"):
            check_side_file(decrypted, msgspec.structs.replace(file, proof=simulated))
    assert isinstance(file, SideFile)
