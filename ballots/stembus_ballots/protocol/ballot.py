"""A ballot: the encrypted answers with their proofs, signed with the voter's credential.

Source: Belenios specification 2.0, sections 4.11 to 4.15; voting protocol, section 8.
"""

from collections.abc import Container, Sequence
from typing import NamedTuple

import msgspec
from msgspec import Struct

from stembus_ballots.protocol.ballot_length import padded_length
from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.ciphertexts import CiphertextRecord
from stembus_ballots.protocol.election import Election, Homomorphic, Ranked
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Ciphertext, RandomBelow
from stembus_ballots.protocol.hashing import b64
from stembus_ballots.protocol.homomorphic import HomomorphicAnswer, check_choices, encrypt_choices
from stembus_ballots.protocol.ranked import RankedAnswer, check_values, encrypt_values
from stembus_ballots.protocol.schnorr import Proof, prove_knowledge, verify_knowledge

UNREAD = 2
"""Text that is so many times as long as any ballot is not even read; up to there a ballot is told what is wrong."""

Answer = HomomorphicAnswer | RankedAnswer
Vote = Sequence[Sequence[int]]
"""What a voter answers: for each question 0 or 1 for each answer (blank first where there is one), or the numbers."""


class Signature(Struct, frozen=True, forbid_unknown_fields=True):
    """The hash of the ballot without its signature, and the proof that its maker knows the credential."""

    hash: str
    proof: Proof


class UnsignedBallot(Struct, frozen=True, forbid_unknown_fields=True):
    """What is signed."""

    election_uuid: str
    election_hash: str
    credential: str
    answers: tuple[msgspec.Raw, ...]


class BallotRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """A ballot as it stands in the archive."""

    election_uuid: str
    election_hash: str
    credential: str
    answers: tuple[msgspec.Raw, ...]
    signature: Signature


class CheckedBallot(NamedTuple):
    """What a ballot that holds brings to the count: whose it is, and the ciphertexts of each question."""

    credential: str
    tracker: str
    ciphertexts: tuple[tuple[Ciphertext, ...], ...]


def tracker_of(ballot: bytes | memoryview) -> str:
    """The tracker of a ballot: 43 characters that its voter finds again on the board. It shows no choice."""
    return b64(bytes(ballot))


def make_ballot(election: Election, secret: int, vote: Vote, random_below: RandomBelow) -> bytes:
    """The ballot of a vote, signed with the secret of a credential.

    Raises ProtocolError(ballot.choice) for a vote that the election does not allow.
    """
    credential = election.group.text(election.group.table(election.group.g).power(secret))
    return sign_ballot(election, secret, unsigned_ballot(election, credential, vote, random_below), random_below)


def unsigned_ballot(election: Election, credential: str, vote: Vote, random_below: RandomBelow) -> UnsignedBallot:
    """The ballot of a vote for the holder of a credential (the text of its public key), who has not signed it yet.

    Raises ProtocolError(ballot.choice) for a vote that the election does not allow.
    """
    if len(vote) != len(election.questions):
        raise ProtocolError("ballot.choice", f"{len(vote)} answers to {len(election.questions)} questions.")
    context = _context(election, credential)
    answers = tuple(
        msgspec.Raw(text_of(_answer(election, question, choice, context, random_below)))
        for question, choice in zip(election.questions, vote, strict=True)
    )
    return UnsignedBallot(election.uuid, election.fingerprint, credential, answers)


def sign_ballot(election: Election, secret: int, unsigned: UnsignedBallot, random_below: RandomBelow) -> bytes:
    """The text of a ballot with the signature of the credential whose secret this is."""
    hashed = b64(text_of(unsigned))
    proof = prove_knowledge(election.group, f"sig|{hashed}|", secret, random_below)
    return text_of(
        BallotRecord(
            unsigned.election_uuid,
            unsigned.election_hash,
            unsigned.credential,
            unsigned.answers,
            Signature(hashed, proof),
        )
    )


def check_ballot(
    election: Election, credentials: Container[str], text: bytes | memoryview, *, are_elements: bool = False
) -> CheckedBallot:
    """What a ballot brings to the count, once everything that can be known from it alone was checked.

    `credentials` are the public ones of the poll. `are_elements` is True where its `elements_in` were found to be
    elements, together with those of other ballots. Whether the same ballot was there before is for who keeps the board.
    Raises ProtocolError(ballot.…) for the first thing that does not hold; what has not the form of a ballot of this
    election costs no arithmetic.
    """
    if len(text) > UNREAD * padded_length(election):
        raise ProtocolError("ballot.size", f"The ballot has {len(text)} bytes: no ballot of this election is so long.")
    ballot = read_canonical(text, BallotRecord, "ballot.form", "The ballot")
    if ballot.election_uuid != election.uuid or ballot.election_hash != election.fingerprint:
        raise ProtocolError("ballot.election", "The ballot was made for another election, or for another form of it.")
    if ballot.credential not in credentials:
        raise ProtocolError("ballot.credential", "The ballot bears a credential that is not on the list of the poll.")
    if len(ballot.answers) != len(election.questions):
        raise ProtocolError(
            "ballot.answer", f"The ballot answers {len(ballot.answers)} questions of {len(election.questions)}."
        )
    _check_signature(election, ballot)
    context = _context(election, ballot.credential)
    ciphertexts = tuple(
        check_choices(election, question, bytes(answer), context, are_elements=are_elements)
        if isinstance(question, Homomorphic)
        else check_values(election, bytes(answer), context)
        for question, answer in zip(election.questions, ballot.answers, strict=True)
    )
    return CheckedBallot(ballot.credential, tracker_of(text), ciphertexts)


def elements_in(election: Election, ballot: BallotRecord) -> list[str]:
    """The texts of both halves of each ciphertext in a ballot. Raises ProtocolError where it cannot be read."""
    if len(ballot.answers) != len(election.questions):
        raise ProtocolError("ballot.answer", "The ballot does not answer each question.")
    return [
        text
        for question, answer in zip(election.questions, ballot.answers, strict=True)
        for one in _choices(question, bytes(answer))
        for text in (one.alpha, one.beta)
    ]


def ballot_on_board(election: Election, text: bytes | memoryview) -> CheckedBallot:
    """What a ballot brings to the count, read again from a board onto which it came only after it was checked.

    Its proofs are not checked here. Raises ProtocolError for what is no ballot at all.
    """
    ballot = read_canonical(text, BallotRecord, "ballot.form", "The ballot")
    ciphertexts = tuple(
        tuple(
            Ciphertext(election.group.read_number(one.alpha), election.group.read_number(one.beta))
            for one in _choices(question, bytes(answer))
        )
        for question, answer in zip(election.questions, ballot.answers, strict=True)
    )
    return CheckedBallot(ballot.credential, tracker_of(text), ciphertexts)


def _choices(question: Homomorphic | Ranked, answer: bytes) -> tuple[CiphertextRecord, ...]:
    if isinstance(question, Homomorphic):
        return read_canonical(answer, HomomorphicAnswer, "ballot.answer", "An answer of the ballot").choices
    return (read_canonical(answer, RankedAnswer, "ballot.answer", "An answer of the ballot").choices,)


def _check_signature(election: Election, ballot: BallotRecord) -> None:
    unsigned = UnsignedBallot(ballot.election_uuid, ballot.election_hash, ballot.credential, ballot.answers)
    hashed = ballot.signature.hash
    if hashed != b64(text_of(unsigned)):
        raise ProtocolError("ballot.hash", "The ballot was changed after it was signed.")
    public = election.group.read_number(ballot.credential)  # an element, since the list of credentials has it
    if not verify_knowledge(election.group, f"sig|{hashed}|", public, ballot.signature.proof):
        raise ProtocolError("ballot.signature", "The signature under the ballot does not hold.")


def _context(election: Election, credential: str) -> str:
    """What every proof in a ballot is bound to: the election and the voter."""
    return f"{election.fingerprint}|{credential}"


def _answer(
    election: Election, question: Homomorphic | Ranked, choice: Sequence[int], context: str, random_below: RandomBelow
) -> Answer:
    if isinstance(question, Homomorphic):
        return encrypt_choices(election, question, choice, context, random_below)
    return encrypt_values(election, question, choice, context, random_below)
