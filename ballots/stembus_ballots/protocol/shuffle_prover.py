"""Makes the proof of a shuffle.

Sources: Belenios specification 2.0, section 6, table 4; voting protocol, section 9.2.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import accumulate
from typing import NamedTuple

from stembus_ballots.protocol.bulk import product_of_powers, table_powers
from stembus_ballots.protocol.group import Element, Group, RandomBelow
from stembus_ballots.protocol.shuffle_proof import (
    Commitments,
    Responses,
    ShuffleProof,
    Statement,
    first_challenges,
    head_of,
    second_challenge,
)
from stembus_ballots.protocol.work import ONE_BY_ONE, Progress, Workers, silent


class Opening(NamedTuple):
    """What the mixer knows: output i is input `order[i]`, and input j was randomized with `exponents[j]`."""

    order: tuple[int, ...]
    exponents: tuple[int, ...]


def prove_shuffle(
    statement: Statement,
    opening: Opening,
    random_below: RandomBelow,
    *,
    workers: Workers = ONE_BY_ONE,
    progress: Progress = silent,
) -> ShuffleProof:
    """The proof that the outputs of the statement are its inputs, as the opening says."""
    group, size = statement.poll.group, len(statement.inputs)
    powers = partial(table_powers, group, workers=workers, progress=progress)
    generators = group.generators(size)

    r = _scalars(size, group, random_below)
    c = powers(group.g, r, "shuffle: the order")
    for generator, place in zip(generators, opening.order, strict=True):
        c[place] = group.mul(c[place], generator)
    c_texts = tuple(map(group.text, c))
    head = head_of(statement, c_texts)
    u = first_challenges(statement, head)

    secrets = _Secrets(
        u=u,
        u_new=[u[place] for place in opening.order],
        r=r,
        r_hat=_scalars(size, group, random_below),
        w=_scalars(4, group, random_below),
        w_hat=_scalars(size, group, random_below),
        w_new=_scalars(size, group, random_below),
    )
    c_hat, t_hat = _chain(group, secrets, workers, progress)
    product = partial(
        product_of_powers, group, exponents=secrets.w_new, step="shuffle: the proof", workers=workers, progress=progress
    )
    products = (
        product(generators),
        product([alpha for alpha, _ in statement.outputs]),
        product([beta for _, beta in statement.outputs]),
    )
    t = _commitments(statement, secrets.w, products, t_hat)
    c_hat_texts = tuple(map(group.text, c_hat))
    challenge = second_challenge(statement, head, t, c_hat_texts) % group.q
    return ShuffleProof(t, _responses(secrets, opening, challenge, group.q), c_texts, c_hat_texts)


class _Secrets(NamedTuple):
    """The random numbers of the proof (r, w) and its first challenges (u), by their names in table 4."""

    u: list[int]
    u_new: list[int]
    r: list[int]
    r_hat: list[int]
    w: list[int]
    w_hat: list[int]
    w_new: list[int]


def _chain(
    group: Group, secrets: _Secrets, workers: Workers, progress: Progress
) -> tuple[list[Element], list[Element]]:
    """The chain c_hat of table 12 and the commitments t_hat to it.

    The prover knows R and U with c_hat[i] = g^R h^U, so that both need no other powers than those of g and h.
    """
    q, h = group.q, group.generator(-1)
    u_chain = list(accumulate(secrets.u_new, lambda product, factor: product * factor % q, initial=1))
    r_chain = [0]
    for random, factor in zip(secrets.r_hat, secrets.u_new, strict=True):
        r_chain.append((random + r_chain[-1] * factor) % q)
    t_of_g = [
        (own + before * factor) % q
        for own, before, factor in zip(secrets.w_hat, r_chain[:-1], secrets.w_new, strict=True)
    ]
    t_of_h = [before * factor % q for before, factor in zip(u_chain[:-1], secrets.w_new, strict=True)]
    size, step = len(t_of_g), "shuffle: the chain"
    of_g = table_powers(group, group.g, r_chain[1:] + t_of_g, step, workers=workers, progress=progress)
    of_h = table_powers(group, h, u_chain[1:] + t_of_h, step, workers=workers, progress=progress)
    both = [group.mul(one, other) for one, other in zip(of_g, of_h, strict=True)]
    return both[:size], both[size:]


def _commitments(
    statement: Statement, w: Sequence[int], products: tuple[Element, Element, Element], t_hat: Iterable[Element]
) -> Commitments:
    """t of table 4, from the products of the generators and of the outputs to the powers w_new."""
    group = statement.poll.group
    of_g, of_y = group.table(group.g).power, group.table(statement.poll.public_key).power
    generators, alphas, betas = products
    w1, w2, w3, w4 = w
    return Commitments(
        t1=group.text(of_g(w1)),
        t2=group.text(of_g(w2)),
        t3=group.text(group.mul(of_g(w3), generators)),
        t4=(group.text(group.mul(of_y(-w4 % group.q), betas)), group.text(group.mul(of_g(-w4 % group.q), alphas))),
        t_hat=tuple(map(group.text, t_hat)),
    )


def _responses(secrets: _Secrets, opening: Opening, challenge: int, q: int) -> Responses:
    """s of table 4: here, and only here, nonce plus challenge times secret."""

    def response(nonce: int, secret: int) -> str:
        return str((nonce + challenge * secret) % q)

    behind = accumulate(reversed(secrets.u_new[1:]), lambda product, factor: product * factor % q, initial=1)
    v = list(behind)[::-1][: len(secrets.u_new)]
    w1, w2, w3, w4 = secrets.w
    return Responses(
        s1=response(w1, sum(secrets.r)),
        s2=response(w2, _sum_of_products(secrets.r_hat, v)),
        s3=response(w3, _sum_of_products(secrets.r, secrets.u)),
        s4=response(w4, _sum_of_products(opening.exponents, secrets.u)),
        s_hat=tuple(map(response, secrets.w_hat, secrets.r_hat)),
        s_new=tuple(map(response, secrets.w_new, secrets.u_new)),
    )


def _sum_of_products(some: Sequence[int], others: Sequence[int]) -> int:
    return sum(one * other for one, other in zip(some, others, strict=True))


def _scalars(number: int, group: Group, random_below: RandomBelow) -> list[int]:
    return [group.random_scalar(random_below) for _ in range(number)]
