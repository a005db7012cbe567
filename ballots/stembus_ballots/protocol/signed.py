"""Messages that a trustee or an officer signs.

Source: Belenios specification 2.0, section 4.6.1; voting protocol, section 6.3.
"""

from msgspec import Struct

from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Element, Group, RandomBelow
from stembus_ballots.protocol.schnorr import Proof, prove_knowledge, verify_knowledge


class Signed(Struct, frozen=True, forbid_unknown_fields=True):
    """A message and who stands behind it, as it stands in records."""

    message: str
    signature: Proof


def sign(group: Group, message: str, secret: int, random_below: RandomBelow) -> Proof:
    """The signature of a message by whoever has this signing key."""
    return prove_knowledge(group, f"sigmsg|{message}|", secret, random_below, constant_time=True)


def sign_message(group: Group, message: str, secret: int, random_below: RandomBelow) -> Signed:
    """The message with its signature."""
    return Signed(message, sign(group, message, secret, random_below))


def is_signed(group: Group, message: str, signer: Element, signature: Proof) -> bool:
    """Whether the owner of the key `signer`, which has to be an element, signed the message."""
    return verify_knowledge(group, f"sigmsg|{message}|", signer, signature)


def check_signature(group: Group, message: str, signer: Element, signature: Proof, where: str) -> None:
    """Raises ProtocolError(trustees.signature) unless the owner of the key `signer` signed the message."""
    if not is_signed(group, message, signer, signature):
        raise ProtocolError(
            "trustees.signature", f"{where} is not signed by the trustee whose certificate it comes with."
        )
