"""Answers that are added up while encrypted: for each choice a ciphertext of 0 or 1, and proofs that they are.

Source: Belenios specification 2.0, sections 4.11.1 and 4.12; voting protocol, section 8.1.
"""

from collections.abc import Sequence

from msgspec import Struct

from stembus_ballots.protocol.canonical import read_canonical
from stembus_ballots.protocol.ciphertexts import CiphertextRecord, listed, record_of
from stembus_ballots.protocol.disjunction import Claims, Known, prove_one, verify_one
from stembus_ballots.protocol.election import Election, Homomorphic
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Ciphertext, Group, RandomBelow
from stembus_ballots.protocol.schnorr import Proof
from stembus_ballots.protocol.shared_powers import SharedPowers


class HomomorphicAnswer(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An answer as it stands in a ballot. `individual_proofs`: 0 or 1, for each choice."""

    choices: tuple[CiphertextRecord, ...]
    individual_proofs: tuple[tuple[Proof, Proof], ...]
    overall_proof: tuple[Proof, ...]
    blank_proof: tuple[Proof, Proof] | None = None


def encrypt_choices(
    election: Election, question: Homomorphic, vote: Sequence[int], context: str, random_below: RandomBelow
) -> HomomorphicAnswer:
    """The encrypted answer of a vote: 0 or 1 for each answer, with blank first where the question has it.

    `context` binds the proofs to election and voter. Raises ProtocolError(ballot.choice) for a vote that the question
    does not allow.
    """
    if len(vote) != question.choices or not all(number in (0, 1) for number in vote):
        raise ProtocolError("ballot.choice", f"Expected {question.choices} numbers 0 or 1 for “{question.question}”.")
    group, key = election.group, election.public_key
    g, y = group.table(group.g), group.table(key)
    known = [Known(group.random_scalar(random_below), number) for number in vote]
    ciphertexts = [
        Ciphertext(g.power(exponent), group.mul(y.power(exponent), g.power(number))) for exponent, number in known
    ]
    whole = f"{context}|{listed(ciphertexts, group)}"
    overall, blank = _prove_whole(election, question, known, whole, random_below)
    return HomomorphicAnswer(
        choices=tuple(record_of(ciphertext, group) for ciphertext in ciphertexts),
        individual_proofs=tuple(
            _pair(prove_one(group, key, f"prove|{context}|{listed([c], group)}|", [(mine, (0, 1))], random_below))
            for c, mine in zip(ciphertexts, known, strict=True)
        ),
        overall_proof=overall,
        blank_proof=blank,
    )


def check_choices(
    election: Election, question: Homomorphic, text: bytes, context: str, *, are_elements: bool
) -> tuple[Ciphertext, ...]:
    """The ciphertexts of an answer, once everything about it was checked. Raises ProtocolError(ballot.…).

    `are_elements`: whether whoever calls knows already that its ciphertexts are of elements of the group.
    """
    answer = read_canonical(text, HomomorphicAnswer, "ballot.answer", "An answer of the ballot")
    branches = question.max - question.min + 1 + question.blank
    lengths = (len(answer.choices), len(answer.individual_proofs), len(answer.overall_proof))
    if lengths != (question.choices, question.choices, branches):
        raise ProtocolError(
            "ballot.answer",
            f"An answer has {lengths[0]} ciphertexts, {lengths[1]} proofs of them and {lengths[2]} of their sum, where "
            f"{question.choices}, {question.choices} and {branches} belong.",
        )
    if (answer.blank_proof is not None) != question.blank:
        raise ProtocolError("ballot.answer", "An answer has a proof about blank where none belongs, or has none.")
    group, key = election.group, election.public_key
    try:
        ciphertexts = tuple(_numbers(record, group) for record in answer.choices)
    except ProtocolError as error:
        raise ProtocolError("ballot.element", f"A ciphertext: {error}") from error
    shared = SharedPowers(group, are_elements=are_elements)
    for number, (ciphertext, proofs) in enumerate(zip(ciphertexts, answer.individual_proofs, strict=True), 1):
        prefix = f"prove|{context}|{listed([ciphertext], group)}|"
        try:
            shared.add_elements(ciphertext)
            holds = verify_one(group, key, prefix, [Claims(ciphertext, (0, 1))], proofs, powers=shared.powers)
        except ProtocolError as error:
            rule = "ballot.scalar" if error.rule == "group.scalar" else "ballot.element"
            raise ProtocolError(rule, f"Choice {number}: {error}") from error
        if not holds:
            raise ProtocolError("ballot.individual", f"Choice {number}: the proof that it is 0 or 1 does not hold.")
    _check_whole(election, question, answer, ciphertexts, f"{context}|{listed(ciphertexts, group)}", shared=shared)
    return ciphertexts


def _prove_whole(
    election: Election, question: Homomorphic, known: Sequence[Known], context: str, random_below: RandomBelow
) -> tuple[tuple[Proof, ...], tuple[Proof, Proof] | None]:
    """The proof that the number of choices is allowed, and the one that a blank answer chooses nothing."""
    group, key, allowed = election.group, election.public_key, range(question.min, question.max + 1)
    named = known[1:] if question.blank else known
    whole = Known(sum(one.exponent for one in named) % group.q, sum(one.number for one in named))
    if not question.blank:
        summed = Ciphertext(
            group.table(group.g).power(whole.exponent),
            group.mul(group.table(key).power(whole.exponent), group.table(group.g).power(whole.number)),
        )
        prefix = f"prove|{context}|{listed([summed], group)}|"
        return prove_one(group, key, prefix, [(whole, allowed)], random_below), None
    overall = prove_one(group, key, f"bproof1|{context}|", [(known[0], (1,)), (whole, allowed)], random_below)
    blank = prove_one(group, key, f"bproof0|{context}|", [(known[0], (0,)), (whole, (0,))], random_below)
    return overall, _pair(blank)


def _check_whole(
    election: Election,
    question: Homomorphic,
    answer: HomomorphicAnswer,
    ciphertexts: Sequence[Ciphertext],
    context: str,
    *,
    shared: SharedPowers,
) -> None:
    group, key, allowed = election.group, election.public_key, range(question.min, question.max + 1)
    summed = ciphertexts[1:] if question.blank else ciphertexts
    whole = Ciphertext(shared.product([one.alpha for one in summed]), shared.product([one.beta for one in summed]))
    try:
        if answer.blank_proof is None:
            prefix, claims = f"prove|{context}|{listed([whole], group)}|", [Claims(whole, allowed)]
        else:
            prefix, claims = f"bproof1|{context}|", [Claims(ciphertexts[0], (1,)), Claims(whole, allowed)]
            neither = [Claims(ciphertexts[0], (0,)), Claims(whole, (0,))]
            if not verify_one(group, key, f"bproof0|{context}|", neither, answer.blank_proof, powers=shared.powers):
                raise ProtocolError("ballot.blank", "The proof that a blank answer chooses nothing does not hold.")
        if not verify_one(group, key, prefix, claims, answer.overall_proof, powers=shared.powers):
            raise ProtocolError("ballot.overall", "The proof that the number of choices is allowed does not hold.")
    except ProtocolError as error:
        if error.rule != "group.scalar":
            raise
        raise ProtocolError("ballot.scalar", f"The proof about all choices: {error}") from error


def _numbers(record: CiphertextRecord, group: Group) -> Ciphertext:
    """A ciphertext whose membership is asked later, together with the powers that its proof needs."""
    return Ciphertext(group.read_number(record.alpha), group.read_number(record.beta))


def _pair(proofs: Sequence[Proof]) -> tuple[Proof, Proof]:
    one, other = proofs
    return one, other
