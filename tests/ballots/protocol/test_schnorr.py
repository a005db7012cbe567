"""A proof of knowledge holds for what it was made for, and for nothing else."""

import random
from collections.abc import Callable

import pytest

from stembus_ballots.protocol.group import BELENIOS_2048, GROUPS, Group
from stembus_ballots.protocol.hashing import b64, challenge, sha256_int
from stembus_ballots.protocol.schnorr import Proof, prove_knowledge, verify_knowledge

EACH = pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
DICE = random.Random(5)  # noqa: S311 - the same numbers in each run of the tests


@EACH
@pytest.mark.parametrize("constant_time", [False, True])
def test_a_proof_holds_for_its_statement_and_for_no_other(group: Group, constant_time: bool) -> None:
    secret = group.random_scalar(DICE.randrange)
    public = group.power(group.g, secret)
    proof = prove_knowledge(group, f"pok|{public}|", secret, DICE.randrange, constant_time=constant_time)
    assert verify_knowledge(group, f"pok|{public}|", public, proof)
    assert not verify_knowledge(group, f"pok|{public + 1}|", public, proof)
    assert not verify_knowledge(group, f"sig|{public}|", public, proof)
    assert not verify_knowledge(group, f"pok|{public}|", group.mul(public, group.g), proof)


ALTERED: list[Callable[[Group, Proof], Proof]] = [
    lambda group, proof: Proof(str(int(proof.challenge) + 1), proof.response),
    lambda group, proof: Proof(proof.challenge, str((int(proof.response) + 1) % group.q)),
    lambda group, proof: Proof(str(int(proof.challenge) + group.q), proof.response),
    lambda group, proof: Proof(proof.challenge, str(int(proof.response) + group.q)),
    lambda group, proof: Proof(proof.challenge, str(int(proof.response) - group.q)),
    lambda group, proof: Proof("0" + proof.challenge, proof.response),
    lambda group, proof: Proof(proof.challenge, ""),
    lambda group, proof: Proof(str(2**256), proof.response),
    lambda group, proof: Proof(proof.response, proof.challenge),
]


@EACH
@pytest.mark.parametrize("number", range(len(ALTERED)))
def test_b2_a_proof_that_was_altered_does_not_hold(group: Group, number: int) -> None:
    public = group.power(group.g, 77)
    proof = prove_knowledge(group, f"pok|{public}|", 77, DICE.randrange)
    assert not verify_knowledge(group, f"pok|{public}|", public, ALTERED[number](group, proof))


def test_b5_a_key_computed_from_a_proof_does_not_pass_where_the_prefix_names_the_key() -> None:
    """The weakness of signatures whose challenge does not name the key: choose the proof, then a key that fits it."""
    group = BELENIOS_2048
    commitment = group.power(group.g, 1234)
    hashed = challenge("pok|", [group.text(commitment)], group.q)
    response = DICE.randrange(int(group.q))
    # A = g^response X^challenge, solved for X
    key = group.power(group.mul(commitment, group.power(group.g, -response)), pow(hashed, -1, int(group.q)))
    forged = Proof(str(hashed), str(response))
    assert verify_knowledge(group, "pok|", key, forged), "the forgery is real where the key is not hashed"
    assert not verify_knowledge(group, f"pok|{group.name}|{group.text(key)}|", key, forged)


def test_b9_a_nonce_is_a_full_random_exponent() -> None:
    bounds: list[int] = []

    def random_below(bound: int) -> int:
        bounds.append(bound)
        return DICE.randrange(bound)

    prove_knowledge(BELENIOS_2048, "pok|", 3, random_below)
    assert bounds == [BELENIOS_2048.q]


def test_hashes_are_those_of_the_texts_to_the_byte() -> None:
    assert b64(b"") == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
    assert sha256_int("abc") == 0xBA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD
    assert challenge("p|", ["1", "22"], 2**256) == sha256_int("p|1,22")
    assert challenge("p|", ["1"], 97) == sha256_int("p|1") % 97
    assert challenge("é|", [], 2**256) == sha256_int("é|")
