"""The encrypted tally: for each question the product of all counted ballots, or the list of them that will be mixed.

Source: Belenios specification 2.0, section 4.16; voting protocol, section 9.1.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from stembus_ballots.protocol.ballot import CheckedBallot
from stembus_ballots.protocol.canonical import text_of
from stembus_ballots.protocol.ciphertexts import product, record_of
from stembus_ballots.protocol.credentials import Weights
from stembus_ballots.protocol.election import Election, Ranked
from stembus_ballots.protocol.group import Ciphertext

Ciphertexts = tuple[tuple[Ciphertext, ...], ...]
"""For each question its ciphertexts."""


class Tally(NamedTuple):
    """What is to be decrypted, and how many ballots with which weight are in it."""

    ciphertexts: Ciphertexts
    ballots: int
    weight: int


def last_of_each(ballots: Iterable[CheckedBallot]) -> list[CheckedBallot]:
    """The ballots that count: of each credential the last on the board."""
    return list({ballot.credential: ballot for ballot in ballots}.values())


def encrypted_tally(election: Election, ballots: Iterable[CheckedBallot], weights: Weights) -> Tally:
    """The tally of all ballots on the board, in the order of the board; of each credential the last counts."""
    counted = last_of_each(ballots)
    columns = []
    for number, question in enumerate(election.questions):
        answers = [ballot.ciphertexts[number] for ballot in counted]
        if isinstance(question, Ranked):
            columns.append(tuple(sorted(answer[0] for answer in answers)))
        else:
            columns.append(_sums(election, answers, [weights[b.credential] for b in counted], question.choices))
    return Tally(tuple(columns), len(counted), sum(weights[ballot.credential] for ballot in counted))


def _sums(
    election: Election, answers: Sequence[Sequence[Ciphertext]], weights: Sequence[int], choices: int
) -> tuple[Ciphertext, ...]:
    group = election.group
    sums = [Ciphertext(group.identity, group.identity)] * choices
    by_weight: dict[int, list[Sequence[Ciphertext]]] = {}
    for answer, weight in zip(answers, weights, strict=True):
        by_weight.setdefault(weight, []).append(answer)
    for weight, mine in by_weight.items():
        for place in range(choices):
            alpha, beta = product((answer[place] for answer in mine), group)
            weighed = Ciphertext(group.power(alpha, weight), group.power(beta, weight))
            sums[place] = product((sums[place], weighed), group)
    return tuple(sums)


def tally_text(tally: Tally, election: Election) -> bytes:
    """The record of an encrypted tally."""
    return text_of([[record_of(one, election.group) for one in column] for column in tally.ciphertexts])
