"""Verifies the proof of a shuffle.

Sources: Belenios specification 2.0, section 6, table 5; voting protocol, section 9.2.
"""

from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from typing import NamedTuple, Protocol

from stembus_ballots.protocol.bulk import joint_powers, parse_elements, product_of_powers
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Element, Group
from stembus_ballots.protocol.shuffle_proof import (
    Responses,
    ShuffleProof,
    Statement,
    first_challenges,
    head_of,
    second_challenge,
)
from stembus_ballots.protocol.work import ONE_BY_ONE, Progress, Workers, silent


def verify_shuffle(
    statement: Statement,
    proof: ShuffleProof,
    *,
    workers: Workers = ONE_BY_ONE,
    progress: Progress = silent,
) -> None:
    """Raises ProtocolError(shuffle.…) unless the proof holds. In- and outputs have to be elements of the group.

    All equations are raised to weights of 128 bits and multiplied into one. The weights are hashed from the whole
    proof, so the verdict is the same each time. A wrong equation passes with a chance of 2^-128, since everything in
    them was found to be of prime order.
    """
    size = len(statement.inputs)
    lists = (proof.t.t_hat, proof.s.s_hat, proof.s.s_new, proof.c, proof.c_hat)
    if len(statement.outputs) != size or any(len(items) != size for items in lists):
        raise ProtocolError("shuffle.size", f"The proof is not one for {size} ballots.")
    group = statement.poll.group
    numbers = _read(proof, group, workers)
    head = head_of(statement, proof.c)
    challenge = second_challenge(statement, head, proof.t, proof.c_hat)
    equations = _Equations(
        statement=statement,
        numbers=numbers,
        u=first_challenges(statement, head),
        c=challenge % group.q,
        weights=_weights(challenge, proof.s, size),
    )
    product = partial(product_of_powers, group, workers=workers, progress=progress)

    def joint(exponents: Sequence[int], rows: Sequence[Sequence[Element]], step: str) -> list[Element]:
        return joint_powers(group, rows, exponents, step, workers=workers, progress=progress)

    if group.mul(_sums(equations, product), _lists(equations, product, joint)) != group.identity:
        raise ProtocolError("shuffle.proof", "The proof does not hold.")


class _Product(Protocol):
    def __call__(self, bases: Sequence[Element], exponents: Sequence[int], step: str) -> Element: ...


class _Joint(Protocol):
    def __call__(self, exponents: Sequence[int], rows: Sequence[Sequence[Element]], step: str) -> list[Element]: ...


class _Numbers(NamedTuple):
    """A proof as numbers: elements of the group, and exponents."""

    t: tuple[Element, ...]
    t_hat: list[Element]
    c: list[Element]
    c_hat: list[Element]
    s: tuple[int, ...]
    s_hat: list[int]
    s_new: list[int]


class _Weights(NamedTuple):
    """What each equation is raised to: t1, t2, t3, the two halves of t4, and each of t_hat."""

    t: tuple[int, ...]
    t_hat: list[int]


class _Equations(NamedTuple):
    """All that the equations of table 5 are made of."""

    statement: Statement
    numbers: _Numbers
    u: list[int]
    c: int
    weights: _Weights


def _sums(equations: _Equations, product: _Product) -> Element:
    """The part of the equations that is not about single outputs: the commitments t, and what the challenges sum up."""
    statement, numbers, u, c, weights = equations
    group, q, step = statement.poll.group, statement.poll.group.q, "verify the shuffle: the challenges"
    c_sum = group.mul(group.product(numbers.c), group.inverse(group.product(group.generators(len(u)))))
    c_tilde = product(numbers.c, u, step)
    beta = product([beta for _, beta in statement.inputs], u, step)
    alpha = product([alpha for alpha, _ in statement.inputs], u, step)
    w1, w2, w3, w4, w5 = weights.t
    s1, s2, s3, s4 = numbers.s
    of_g = w5 * s4 - w1 * s1 - w2 * s2 - w3 * s3
    of_g -= sum(weight * response for weight, response in zip(weights.t_hat, numbers.s_hat, strict=True))
    return group.product_of_powers(
        [*numbers.t, c_sum, c_tilde, beta, alpha, group.g, statement.poll.public_key],
        [*weights.t, w1 * c % q, w3 * c % q, w4 * c % q, w5 * c % q, of_g % q, w4 * s4 % q],
    )


def _lists(equations: _Equations, product: _Product, joint: _Joint) -> Element:
    """The part of the equations with a factor for each output: one product of powers over all of them.

    t3 and both halves of t4 raise what belongs to an output to the same response: put together by their weights first,
    the three take one long power. t_hat[i] = c_hat[i]^-c g^s_hat[i] c_hat[i-1]^s_new[i], where c_hat[0] is h; and
    c_hat[N] stands in t2 as well.
    """
    statement, numbers, u, c, weights = equations
    group, q, size = statement.poll.group, statement.poll.group.q, len(u)
    _w1, w2, w3, w4, w5 = weights.t
    links = [weight * c for weight in (0, *weights.t_hat)]
    for place, (weight, response) in enumerate(zip(weights.t_hat, numbers.s_new, strict=True)):
        links[place] -= weight * response
    product_of_u = 1
    for factor in u:
        product_of_u = product_of_u * factor % q
    links[size] += w2 * c
    links[0] -= w2 * c * product_of_u
    rows = [
        (generator, beta, alpha)
        for generator, (alpha, beta) in zip(group.generators(size), statement.outputs, strict=True)
    ]
    weighed = joint((w3, w4, w5), rows, "verify the shuffle: the outputs")
    bases = [*weighed, group.generator(-1), *numbers.c_hat]
    exponents = [-response % q for response in numbers.s_new] + [link % q for link in links]
    return group.mul(
        product(numbers.t_hat, weights.t_hat, "verify the shuffle: the commitments"),
        product(bases, exponents, "verify the shuffle: the responses"),
    )


def _weights(challenge: int, s: Responses, size: int) -> _Weights:
    """Weights that follow from the proof: the challenge hashes all of it but s, and s is hashed here."""
    responses = ",".join((s.s1, s.s2, s.s3, s.s4, *s.s_hat, *s.s_new))
    seed = sha256(f"stembus-shuffle-weights|{challenge}|{responses}".encode()).digest()
    digests = (sha256(seed + place.to_bytes(4, "big")).digest() for place in range(size + 5))
    weights = [int.from_bytes(digest[:16], "big") for digest in digests]
    return _Weights(tuple(weights[:5]), weights[5:])


def _read(proof: ShuffleProof, group: Group, workers: Workers) -> _Numbers:
    """The numbers of a proof. Raises ProtocolError(shuffle.element, shuffle.scalar) for what is none."""
    size = len(proof.c)
    texts = [proof.t.t1, proof.t.t2, proof.t.t3, *proof.t.t4, *proof.t.t_hat, *proof.c, *proof.c_hat]
    try:
        elements = parse_elements(group, texts, workers=workers)
    except ProtocolError as error:
        raise ProtocolError("shuffle.element", f"A commitment of the proof: {error}") from error
    try:
        s = tuple(map(group.parse_scalar, (proof.s.s1, proof.s.s2, proof.s.s3, proof.s.s4)))
        s_hat, s_new = (list(map(group.parse_scalar, texts)) for texts in (proof.s.s_hat, proof.s.s_new))
    except ProtocolError as error:
        raise ProtocolError("shuffle.scalar", f"A response of the proof: {error}") from error
    t_hat, c, c_hat = (elements[5 + size * part : 5 + size * (part + 1)] for part in range(3))
    return _Numbers(tuple(elements[:5]), t_hat, c, c_hat, s, s_hat, s_new)
