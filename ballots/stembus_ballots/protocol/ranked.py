"""Answers that are mixed: one ciphertext of all numbers together, and the proof that its maker knows what is in it.

Source: Belenios specification 2.0, sections 4.11.2 and 4.12; voting protocol, section 8.2.
"""

from collections.abc import Sequence

from msgspec import Struct

from stembus_ballots.protocol.canonical import read_canonical
from stembus_ballots.protocol.ciphertexts import CiphertextRecord, listed, parse_ciphertext, record_of
from stembus_ballots.protocol.election import Election, Ranked
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Ciphertext, RandomBelow
from stembus_ballots.protocol.hashing import challenge
from stembus_ballots.protocol.schnorr import Proof, verify_knowledge


class RankedAnswer(Struct, frozen=True, forbid_unknown_fields=True):
    """An answer as it stands in a ballot."""

    choices: CiphertextRecord
    proof: Proof


def encrypt_values(
    election: Election, question: Ranked, values: Sequence[int], context: str, random_below: RandomBelow
) -> RankedAnswer:
    """The encrypted answer of one number from 0 to 255 for each answer of the question.

    Raises ProtocolError(ballot.choice) for any other.
    """
    if len(values) != question.values or not all(0 <= value <= 255 for value in values):
        raise ProtocolError("ballot.choice", f"Expected {question.values} numbers from 0 to 255.")
    group, key = election.group, election.public_key
    g, y = group.table(group.g), group.table(key)
    exponent, nonce = group.random_scalar(random_below), group.random_scalar(random_below)
    ciphertext = Ciphertext(g.power(exponent), group.mul(y.power(exponent), group.encode(values)))
    hashed = challenge(_prefix(election, ciphertext, context), [group.text(g.power(nonce))], group.q)
    proof = Proof(str(hashed), str((nonce - exponent * hashed) % group.q))
    return RankedAnswer(record_of(ciphertext, group), proof)


def check_values(election: Election, text: bytes, context: str) -> tuple[Ciphertext]:
    """The ciphertext of an answer, once everything about it was checked. Raises ProtocolError(ballot.…)."""
    answer = read_canonical(text, RankedAnswer, "ballot.answer", "An answer of the ballot")
    try:
        ciphertext = parse_ciphertext(answer.choices, election.group)
    except ProtocolError as error:
        raise ProtocolError("ballot.element", f"A ciphertext: {error}") from error
    if not verify_knowledge(election.group, _prefix(election, ciphertext, context), ciphertext.alpha, answer.proof):
        raise ProtocolError("ballot.encryption", "The proof that its maker knows what is encrypted does not hold.")
    return (ciphertext,)


def _prefix(election: Election, ciphertext: Ciphertext, context: str) -> str:
    return f"raweg|{context}|{election.group.text(election.public_key)},{listed([ciphertext], election.group)}|"
