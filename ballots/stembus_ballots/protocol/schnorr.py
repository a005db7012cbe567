"""Proofs that their maker knows a logarithm, and the form that every proof of the protocol has.

Source: Belenios specification 2.0, sections 4.3, 4.5, 4.6.1 and 4.14. Here x is the secret, X = g^x, and w is new:
A = g^w, challenge = H(prefix, A), response = w - x challenge modulo q.
"""

from msgspec import Struct

from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Element, Group, RandomBelow
from stembus_ballots.protocol.hashing import challenge


class Proof(Struct, frozen=True, forbid_unknown_fields=True):
    """A challenge and a response, as they stand in records."""

    challenge: str
    response: str

    def numbers(self, group: Group) -> tuple[int, int]:
        """Challenge and response as exponents. Raises ProtocolError(group.scalar) unless both are from 0 to q - 1."""
        return group.parse_scalar(self.challenge), group.parse_scalar(self.response)


def prove_knowledge(
    group: Group, prefix: str, secret: int, random_below: RandomBelow, *, constant_time: bool = False
) -> Proof:
    """The proof that its maker knows the logarithm of g^secret. `prefix` has to name the statement, so also g^secret.

    With `constant_time`, for the keys of trustees, its time tells nothing of the secret.
    """
    nonce = group.random_scalar(random_below)
    commitment = group.secret_power(group.g, nonce) if constant_time else group.table(group.g).power(nonce)
    hashed = challenge(prefix, [group.text(commitment)], group.q)
    return Proof(challenge=str(hashed), response=str((nonce - secret * hashed) % group.q))


def verify_knowledge(group: Group, prefix: str, public: Element, proof: Proof) -> bool:
    """Whether a proof holds for `public`, which has to be an element and to be named by the prefix."""
    try:
        hashed, response = proof.numbers(group)
    except ProtocolError:
        return False
    commitment = group.mul(group.table(group.g).power(response), group.power(public, hashed))
    return challenge(prefix, [group.text(commitment)], group.q) == hashed
