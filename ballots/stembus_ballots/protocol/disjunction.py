"""Proofs that one of several claims about ciphertexts is true, without saying which.

Each claim is that a ciphertext holds g to the power of a number. A branch that is not the true one is simulated; the
challenges of all branches add up to the hash of what they commit to. Source: Belenios specification 2.0, sections
4.11.1 and 4.12; voting protocol, section 8.1.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Ciphertext, Element, Group, RandomBelow
from stembus_ballots.protocol.hashing import challenge
from stembus_ballots.protocol.schnorr import Proof

Powers = Callable[[int, Sequence[int]], list[Element]]


class Claims(NamedTuple):
    """That a ciphertext holds one of `values`."""

    ciphertext: Ciphertext
    values: Sequence[int]


class Known(NamedTuple):
    """What the maker of a ciphertext knows: the exponent it was made with and the number in it."""

    exponent: int
    number: int


def prove_one(
    group: Group,
    public_key: Element,
    prefix: str,
    claims: Sequence[tuple[Known, Sequence[int]]],
    random_below: RandomBelow,
) -> tuple[Proof, ...]:
    """The proof that one of the claims is true, one branch for each value of each claim.

    Raises ProtocolError(ballot.choice) where none is: such a ballot cannot be made.
    """
    g, y = group.table(group.g), group.table(public_key)
    branches = [(known, value) for known, values in claims for value in values]
    true = next((at for at, (known, value) in enumerate(branches) if known.number == value), None)
    if true is None:
        raise ProtocolError("ballot.choice", "These choices are not among those that the question allows.")
    nonce = group.random_scalar(random_below)
    simulated: list[tuple[int, int]] = []
    texts: list[str] = []
    for at, (known, value) in enumerate(branches):
        hashed, response = group.random_scalar(random_below), group.random_scalar(random_below)
        if at == true:
            hashed, response = 0, nonce
        # alpha = g^e and beta = y^e g^m, so both commitments are powers of g and y alone.
        exponent = (response + known.exponent * hashed) % group.q
        shift = (known.number - value) * hashed % group.q
        texts += [group.text(g.power(exponent)), group.text(group.mul(y.power(exponent), g.power(shift)))]
        simulated.append((hashed, response))
    rest = challenge(prefix, texts, group.q) - sum(hashed for hashed, _response in simulated)
    simulated[true] = (rest % group.q, (nonce - branches[true][0].exponent * rest) % group.q)
    return tuple(Proof(str(hashed), str(response)) for hashed, response in simulated)


def verify_one(
    group: Group,
    public_key: Element,
    prefix: str,
    claims: Sequence[Claims],
    proofs: Sequence[Proof],
    *,
    powers: Powers | None = None,
) -> bool:
    """Whether a proof holds that one of the claims is true.

    `powers` computes the powers of both halves of a ciphertext and may refuse one that is no element. Raises what it
    raises, and ProtocolError(group.scalar) for a challenge or response out of range.
    """
    if len(proofs) != sum(len(claim.values) for claim in claims):
        return False
    g, y, raised = group.table(group.g), group.table(public_key), powers or group.powers
    numbers = [proof.numbers(group) for proof in proofs]
    total = sum(hashed for hashed, _response in numbers) % group.q
    texts: list[str] = []
    remaining = iter(numbers)
    for (alpha, beta), values in claims:
        mine = [next(remaining) for _value in values]
        hashes = [hashed for hashed, _response in mine]
        alphas, betas = raised(alpha, hashes), raised(beta, hashes)
        for value, (hashed, response), of_alpha, of_beta in zip(values, mine, alphas, betas, strict=True):
            shift = g.power(-value * hashed % group.q) if value else group.identity
            texts.append(group.text(group.mul(g.power(response), of_alpha)))
            texts.append(group.text(group.mul(y.power(response), group.mul(of_beta, shift))))
    return challenge(prefix, texts, group.q) == total
