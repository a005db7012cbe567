"""Shuffles: ciphertexts in another order under new randomness, so that nobody can follow a ballot through.

Source: Belenios specification 2.0, sections 4.17 and 6 (tables 1 to 3); voting protocol, section 9.2.
"""

from collections.abc import Sequence

from msgspec import Struct

from stembus_ballots.protocol.bulk import parse_elements, table_powers
from stembus_ballots.protocol.ciphertexts import CiphertextRecord, record_of
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Ciphertext, RandomBelow
from stembus_ballots.protocol.shuffle_proof import Poll, ShuffleProof, Statement
from stembus_ballots.protocol.shuffle_prover import Opening, prove_shuffle
from stembus_ballots.protocol.shuffle_verifier import verify_shuffle
from stembus_ballots.protocol.work import ONE_BY_ONE, Progress, Workers, silent


class ShuffleRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """A shuffle as it stands in the archive: for each ranked question the mixed ciphertexts and the proof."""

    ciphertexts: tuple[tuple[CiphertextRecord, ...], ...]
    proofs: tuple[ShuffleProof, ...]


def make_shuffle(
    poll: Poll,
    questions: Sequence[Sequence[Ciphertext]],
    random_below: RandomBelow,
    *,
    workers: Workers = ONE_BY_ONE,
    progress: Progress = silent,
) -> ShuffleRecord:
    """A shuffle of the ciphertexts of each ranked question, with its proofs. Order and randomness are forgotten."""
    mixed, proofs = [], []
    for ciphertexts in questions:
        outputs, opening = mix(poll, ciphertexts, random_below, workers=workers, progress=progress)
        statement = Statement(poll, tuple(ciphertexts), outputs)
        proofs.append(prove_shuffle(statement, opening, random_below, workers=workers, progress=progress))
        mixed.append(tuple(record_of(ciphertext, poll.group) for ciphertext in outputs))
    return ShuffleRecord(tuple(mixed), tuple(proofs))


def check_shuffle(
    poll: Poll,
    questions: Sequence[Sequence[Ciphertext]],
    record: ShuffleRecord,
    *,
    workers: Workers = ONE_BY_ONE,
    progress: Progress = silent,
) -> tuple[tuple[Ciphertext, ...], ...]:
    """The mixed ciphertexts of a shuffle that holds. Raises ProtocolError(shuffle.…) where it does not.

    `questions` are the ciphertexts that go in: of the encrypted tally, or of the shuffle before.
    """
    if not len(questions) == len(record.ciphertexts) == len(record.proofs):
        raise ProtocolError("shuffle.form", f"The shuffle has not one proof for each of {len(questions)} questions.")
    results = []
    for number, (inputs, outputs, proof) in enumerate(
        zip(questions, record.ciphertexts, record.proofs, strict=True), 1
    ):
        try:
            statement = Statement(poll, tuple(inputs), _outputs(poll, len(inputs), outputs, workers))
            verify_shuffle(statement, proof, workers=workers, progress=progress)
            _refuse_unmixed(statement)
        except ProtocolError as error:
            raise ProtocolError(error.rule, f"Question {number} of those that are mixed: {error}") from error
        results.append(statement.outputs)
    return tuple(results)


def _outputs(poll: Poll, size: int, records: Sequence[CiphertextRecord], workers: Workers) -> tuple[Ciphertext, ...]:
    if len(records) != size:
        raise ProtocolError("shuffle.size", f"{size} ballots go in and {len(records)} come out.")
    texts = [text for ciphertext in records for text in (ciphertext.alpha, ciphertext.beta)]
    try:
        numbers = parse_elements(poll.group, texts, workers=workers)
    except ProtocolError as error:
        raise ProtocolError("shuffle.element", f"A ballot that comes out: {error}") from error
    return tuple(map(Ciphertext, numbers[::2], numbers[1::2]))


def _refuse_unmixed(statement: Statement) -> None:
    """An output that is an input can be followed. Among honest mixers that does not happen in the age of the world."""
    if not {alpha for alpha, _ in statement.inputs}.isdisjoint(alpha for alpha, _ in statement.outputs):
        raise ProtocolError("shuffle.unmixed", "A ballot comes out as it went in, so that it can be followed.")


def mix(
    poll: Poll,
    ciphertexts: Sequence[Ciphertext],
    random_below: RandomBelow,
    *,
    workers: Workers = ONE_BY_ONE,
    progress: Progress = silent,
) -> tuple[tuple[Ciphertext, ...], Opening]:
    """The ciphertexts in a random order under new randomness, and the secret that opens how."""
    group = poll.group
    order = random_order(len(ciphertexts), random_below)
    exponents = [group.random_scalar(random_below) for _ in ciphertexts]
    alphas = table_powers(group, group.g, exponents, "mix", workers=workers, progress=progress)
    betas = table_powers(group, poll.public_key, exponents, "mix", workers=workers, progress=progress)
    again = [
        Ciphertext(group.mul(ciphertext.alpha, alpha), group.mul(ciphertext.beta, beta))
        for ciphertext, alpha, beta in zip(ciphertexts, alphas, betas, strict=True)
    ]
    return tuple(again[place] for place in order), Opening(tuple(order), tuple(exponents))


def random_order(number: int, random_below: RandomBelow) -> list[int]:
    """The numbers from 0 to `number` - 1 in an order that is as likely as any other (table 2)."""
    order = list(range(number))
    for place in range(number):
        other = place + random_below(number - place)
        order[place], order[other] = order[other], order[place]
    return order
