"""How long the text of a ballot can be: the same for every vote, so that no length says what was voted.

The numbers of a ballot have a digit more or less by chance. Sent with padding up to the longest text there can be, all
ballots of a poll are equally long; and a text that is far longer is refused before anybody reads it.
"""

from typing import NamedTuple

from stembus_ballots.protocol.election import Election, Homomorphic


class _Lengths(NamedTuple):
    """The longest text of each part that answers are made of."""

    ciphertext: int
    proof: int


def padded_length(election: Election) -> int:
    """How many bytes the longest ballot of an election has; a ballot and its padding together have as many."""
    group = election.group
    of = _Lengths(
        ciphertext=_record(alpha=_text(group.element_digits), beta=_text(group.element_digits)),
        proof=_record(challenge=_text(group.scalar_digits), response=_text(group.scalar_digits)),
    )
    answers = [
        _homomorphic(question, of) if isinstance(question, Homomorphic) else _ranked(of)
        for question in election.questions
    ]
    return _record(
        election_uuid=_text(len(election.uuid)),
        election_hash=_text(len(election.fingerprint)),
        credential=_text(group.element_digits),
        answers=2 + sum(answers) + len(answers) - 1,
        signature=_record(hash=_text(len(election.fingerprint)), proof=of.proof),
    )


def _homomorphic(question: Homomorphic, of: _Lengths) -> int:
    branches = question.max - question.min + 1 + question.blank
    blank = {"blank_proof": _list(2, of.proof)} if question.blank else {}
    return _record(
        choices=_list(question.choices, of.ciphertext),
        individual_proofs=_list(question.choices, _list(2, of.proof)),
        overall_proof=_list(branches, of.proof),
        **blank,
    )


def _ranked(of: _Lengths) -> int:
    return _record(choices=of.ciphertext, proof=of.proof)


def _record(**lengths: int) -> int:
    """The length of an object whose fields have values of these lengths."""
    return 1 + sum(len(f'"{name}":,') + length for name, length in lengths.items())


def _list(items: int, length: int) -> int:
    return 1 + items * (length + 1)


def _text(length: int) -> int:
    return length + 2
