"""Who can decrypt: keys of single trustees, and blocks of trustees of whom a threshold is enough.

Sources: Belenios specification 2.0, sections 4.5 to 4.7; voting protocol, section 6, whose block with context and
signatures is written here. A block without them (belenios-tool 2.0) is read as well, and `Trustees` says so.
"""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Element, Group, RandomBelow
from stembus_ballots.protocol.schnorr import Proof, prove_knowledge, verify_knowledge
from stembus_ballots.protocol.signed import Signed, check_signature


class TrusteeKey(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A public key of decryption, with the proof that its owner knows the secret; in a block also signed by them."""

    pok: Proof
    public_key: str
    signature: Proof | None = None


class Context(Struct, frozen=True, forbid_unknown_fields=True):
    """What a certificate is for: the trustee `index` (from 1) of `size`, of whom `threshold` decrypt."""

    group: str
    size: int
    threshold: int
    index: int


class CertificateKeys(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The message of a certificate: the keys with which a trustee signs, and under which one writes to them."""

    context: Context | None = None
    verification: str
    encryption: str


class Coefficients(Struct, frozen=True, forbid_unknown_fields=True):
    """The message with which a trustee fixes a polynomial: g to the power of each coefficient, the constant first."""

    coefexps: tuple[str, ...]


class CertifiedCoefficients(Struct, frozen=True, forbid_unknown_fields=True):
    """What a trustee signs besides: the coefficients together with the certificates of all."""

    certs: tuple[Signed, ...]
    coefexps: tuple[str, ...]


class ThresholdBlock(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The public part of a key that a threshold of trustees can use."""

    threshold: int
    certs: tuple[Signed, ...]
    coefexps: tuple[Signed, ...]
    signatures: tuple[Proof, ...] | None = None
    verification_keys: tuple[TrusteeKey, ...]


class SingleRecord(Struct, frozen=True, tag="Single", array_like=True, forbid_unknown_fields=True):
    """A trustee without whom nothing can be decrypted."""

    key: TrusteeKey


class ThresholdRecord(Struct, frozen=True, tag="Pedersen", array_like=True, forbid_unknown_fields=True):
    """Trustees of whom a threshold is enough."""

    block: ThresholdBlock


TrusteesRecord = tuple[SingleRecord | ThresholdRecord, ...]


class Block(NamedTuple):
    """Trustees who decrypt together: their keys, and how many of them it takes. A single trustee is one of one."""

    first: int
    threshold: int
    keys: tuple[Element, ...]

    @property
    def ids(self) -> range:
        """The ids of these trustees in the election, which count from 1."""
        return range(self.first, self.first + len(self.keys))


class Trustees(NamedTuple):
    """All trustees of an election, and the key under which votes are encrypted for them."""

    blocks: tuple[Block, ...]
    public_key: Element
    without_context: bool
    """Whether a block has the older form, whose certificates could have been made for another election."""

    @property
    def keys(self) -> tuple[Element, ...]:
        """The key of each trustee, in the order of the ids."""
        return tuple(key for block in self.blocks for key in block.keys)


def read_trustees(text: bytes | memoryview, group: Group) -> Trustees:
    """The trustees in a record, each key, proof and signature checked. Raises ProtocolError(trustees.…)."""
    record = read_canonical(text, TrusteesRecord, "trustees.form", "The record of the trustees")
    if not record:
        raise ProtocolError("trustees.form", "The record of the trustees names none.")
    blocks: list[Block] = []
    public_key, first, without_context = group.identity, 1, False
    for item in record:
        if isinstance(item, SingleRecord):
            block, part = single_block(item.key, first, group)
        else:
            block, part = threshold_block(item.block, first, group)
            without_context |= item.block.signatures is None
        blocks.append(block)
        public_key = group.mul(public_key, part)
        first += len(block.keys)
    found = Trustees(tuple(blocks), public_key, without_context)
    if len(set(found.keys)) != len(found.keys):
        raise ProtocolError("trustees.twice", "Two trustees have the same key.")
    if public_key == group.identity:
        raise ProtocolError("trustees.key", "The keys of the trustees cancel each other out.")
    return found


def trustees_text(record: TrusteesRecord) -> bytes:
    """The record of the trustees as it stands in the archive."""
    return text_of(record)


def trustee_key(group: Group, secret: int, random_below: RandomBelow) -> TrusteeKey:
    """The public key of a trustee's secret, with the proof that its owner knows it."""
    text = group.text(group.secret_power(group.g, secret))
    proof = prove_knowledge(group, _pok_prefix(group, text), secret, random_below, constant_time=True)
    return TrusteeKey(pok=proof, public_key=text)


def single_block(key: TrusteeKey, first: int, group: Group) -> tuple[Block, Element]:
    """A trustee alone and their part of the public key. Raises ProtocolError(trustees.…)."""
    if key.signature is not None:
        raise ProtocolError("trustees.form", f"Trustee {first} is single, and has a signature that nobody can check.")
    public = checked_key(key, f"Trustee {first}", group)
    return Block(first, 1, (public,)), public


def threshold_block(block: ThresholdBlock, first: int, group: Group) -> tuple[Block, Element]:
    """The trustees of a block and their part of the public key. Raises ProtocolError(trustees.…).

    Each certificate, polynomial and key is signed by its owner, and each key is the one that all polynomials give.
    """
    size = len(block.certs)
    counts = {size, len(block.coefexps), len(block.verification_keys)}
    if block.signatures is not None:
        counts.add(len(block.signatures))
    if len(counts) != 1 or not 1 <= block.threshold <= size:
        raise ProtocolError("trustees.form", f"{block.threshold} of {size} trustees is no block, or its lists differ.")
    signers = check_certificates(block.certs, block.threshold, group, with_context=block.signatures is not None)
    polynomials = [
        check_coefficients(signed, number, block.threshold, signers[number - 1], group)
        for number, signed in enumerate(block.coefexps, 1)
    ]
    for number, signature in enumerate(block.signatures or (), 1):
        message = certified_text(block.certs, block.coefexps[number - 1])
        check_signature(
            group, message, signers[number - 1], signature, f"The list of certificates as trustee {number} saw it"
        )
    keys = tuple(
        check_verification_key(
            key, number, signers[number - 1], polynomials, group, signed=block.signatures is not None
        )
        for number, key in enumerate(block.verification_keys, 1)
    )
    return Block(first, block.threshold, keys), group.product(polynomial[0] for polynomial in polynomials)


def check_certificates(
    certs: Sequence[Signed], threshold: int, group: Group, *, with_context: bool
) -> tuple[Element, ...]:
    """The key with which each trustee signs. Raises ProtocolError(trustees.…) unless each is for this block."""
    keys: list[tuple[Element, Element]] = []
    for number, cert in enumerate(certs, 1):
        context = Context(group.name, len(certs), threshold, number) if with_context else None
        keys.append(check_certificate(cert, context, f"The certificate of trustee {number}", group))
    if len({key for pair in keys for key in pair}) != 2 * len(keys):
        raise ProtocolError("trustees.twice", "Two certificates have the same key.")
    return tuple(verification for verification, _encryption in keys)


def check_certificate(cert: Signed, context: Context | None, where: str, group: Group) -> tuple[Element, Element]:
    """The keys with which a trustee signs and reads. Raises ProtocolError(trustees.…) unless signed for `context`."""
    message = read_canonical(cert.message.encode(), CertificateKeys, "trustees.certificate", where)
    if message.context != context:
        raise ProtocolError("trustees.certificate", f"{where} was made for something else: {message.context}.")
    verification = parse_key(message.verification, where, group)
    encryption = parse_key(message.encryption, where, group)
    check_signature(group, cert.message, verification, cert.signature, where)
    return verification, encryption


def check_coefficients(
    signed: Signed, number: int, threshold: int, signer: Element, group: Group
) -> tuple[Element, ...]:
    """The polynomial that a trustee fixed. Raises ProtocolError(trustees.…) unless it has `threshold` coefficients."""
    where = f"The polynomial of trustee {number}"
    message = read_canonical(signed.message.encode(), Coefficients, "trustees.coefficients", where)
    if len(message.coefexps) != threshold:
        raise ProtocolError(
            "trustees.coefficients", f"{where} has {len(message.coefexps)} coefficients, not {threshold}."
        )
    check_signature(group, signed.message, signer, signed.signature, where)
    return tuple(parse_key(text, where, group) for text in message.coefexps)


def check_verification_key(
    key: TrusteeKey,
    number: int,
    signer: Element,
    polynomials: Sequence[Sequence[Element]],
    group: Group,
    *,
    signed: bool,
) -> Element:
    """The key of a trustee of a block. Raises ProtocolError(trustees.…) unless all polynomials give exactly it."""
    where = f"The verification key of trustee {number}"
    public = checked_key(key, where, group)
    if public != group.product(share_commitment(polynomial, number, group) for polynomial in polynomials):
        raise ProtocolError("trustees.key", f"{where} is not the one that the polynomials give.")
    if signed != (key.signature is not None):
        raise ProtocolError(
            "trustees.form", f"{where} {'has no signature' if signed else 'has an unexpected signature'}."
        )
    if key.signature is not None:
        check_signature(group, key.public_key, signer, key.signature, where)
    return public


def share_commitment(polynomial: Sequence[Element], number: int, group: Group) -> Element:
    """g to the power of the share that a trustee with this polynomial owes to trustee `number`."""
    result = group.identity
    for coefficient in reversed(polynomial):
        result = group.mul(group.power(result, number), coefficient)
    return result


def checked_key(key: TrusteeKey, where: str, group: Group) -> Element:
    """The element of a key whose owner is shown to know its secret. Raises ProtocolError(trustees.…)."""
    public = parse_key(key.public_key, where, group)
    if not verify_knowledge(group, _pok_prefix(group, key.public_key), public, key.pok):
        raise ProtocolError("trustees.pok", f"{where} has no valid proof that its owner knows the secret.")
    return public


def parse_key(text: str, where: str, group: Group) -> Element:
    """A public key. Raises ProtocolError(trustees.key) where it is no element, or the key of the secret 0."""
    try:
        key = group.parse(text)
    except ProtocolError as error:
        raise ProtocolError("trustees.key", f"{where}: {error}") from error
    if key == group.identity:
        raise ProtocolError("trustees.key", f"{where} is 1: its secret is no secret.")
    return key


def certified_text(certs: Sequence[Signed], coefexps: Signed) -> str:
    """What a trustee signs to confirm which certificates the polynomial was made for."""
    numbers = read_canonical(coefexps.message.encode(), Coefficients, "trustees.coefficients", "A polynomial")
    return "certs_sig|" + text_of(CertifiedCoefficients(tuple(certs), numbers.coefexps)).decode()


def _pok_prefix(group: Group, key: str) -> str:
    return f"pok|{group.name}|{key}|"
