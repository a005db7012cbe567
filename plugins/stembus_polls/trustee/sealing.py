"""Shares sealed for one trustee: HPKE to a letterbox that its owner signed. To the byte in docs/ceremony.md."""

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from msgspec import Struct

from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.ceremony import Seat
from stembus_ballots.protocol.ceremony_record import Plan, Record, check_one_certificate, fingerprint_of
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import RandomBelow, group_named
from stembus_ballots.protocol.signed import Signed, check_signature, sign_message
from stembus_ballots.protocol.trustees import CertificateKeys

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Letterbox(Struct, frozen=True, forbid_unknown_fields=True):
    """The signed message that says under which key one seals for a trustee."""

    ceremony: str
    index: int
    key: str


class Introduction(Struct, frozen=True, forbid_unknown_fields=True):
    """What a trustee sends in the first round: their certificate, and their letterbox signed with its key."""

    certificate: Signed
    letterbox: Signed


def introduction(seat: Seat, certificate: Signed, random_below: RandomBelow) -> Introduction:
    """The first message of a trustee who took this seat."""
    key = _private_key(seat).public_key().public_bytes_raw().hex()
    message = text_of(Letterbox(seat.plan.ceremony, seat.index, key)).decode()
    return Introduction(certificate, sign_message(seat.group, message, seat.signing_key, random_below))


def check_introduction(plan: Plan, index: int, sent: Introduction) -> X25519PublicKey:
    """The letterbox of trustee `index`. Raises ProtocolError(trustees.…, ceremony.letterbox) unless all of it holds."""
    where = f"The letterbox of trustee {index}"
    check_one_certificate(plan, index, sent.certificate)
    keys = read_canonical(sent.certificate.message.encode(), CertificateKeys, "trustees.certificate", "A certificate")
    group = group_named(plan.group)
    check_signature(group, sent.letterbox.message, group.parse(keys.verification), sent.letterbox.signature, where)
    box = read_canonical(sent.letterbox.message.encode(), Letterbox, "ceremony.letterbox", where)
    if (box.ceremony, box.index) != (plan.ceremony, index):
        raise ProtocolError("ceremony.letterbox", f"{where} is of another ceremony or another trustee.")
    try:
        key = bytes.fromhex(box.key)
        if box.key != key.hex():
            raise ValueError
        return X25519PublicKey.from_public_bytes(key)
    except ValueError:
        raise ProtocolError("ceremony.letterbox", f"{where} is no X25519 key.") from None


def seal(record: Record, sender: int, recipient: int, share: Signed, box: X25519PublicKey) -> str:
    """A share that only the owner of this letterbox opens, and only as this sender's share for this recipient."""
    try:
        sealed = SUITE.encrypt(text_of(share), box, _info(record, sender, recipient))
    except ValueError:  # a key of small order, with which there is no secret
        raise ProtocolError("ceremony.letterbox", f"Nothing can be sealed for trustee {recipient}.") from None
    return base64.b64encode(sealed).decode("ascii")


def unseal(seat: Seat, sender: int, sealed: str) -> Signed | None:
    """The share that trustee `sender` sealed for this seat; None where it is nothing of the kind."""
    try:
        opened = SUITE.decrypt(
            base64.b64decode(sealed, validate=True), _private_key(seat), _info(seat, sender, seat.index)
        )
        return read_canonical(opened, Signed, "ceremony.share", "A share")
    except (binascii.Error, ValueError, InvalidTag):  # a ProtocolError is a ValueError
        return None


def _private_key(seat: Seat) -> X25519PrivateKey:
    """Follows from the seed, so that a seat that was put away still opens what was sealed for it."""
    text = f"stembus-ceremony-letterbox|{seat.plan.ceremony}|{seat.index}|{seat.seed}"
    return X25519PrivateKey.from_private_bytes(hashlib.sha256(text.encode()).digest())


def _info(record: Record, sender: int, recipient: int) -> bytes:
    certificates = fingerprint_of(record.certificates)
    return f"stembus-sealed-share|{record.plan.ceremony}|{certificates}|{sender}|{recipient}".encode()
