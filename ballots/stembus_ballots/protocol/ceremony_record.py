"""The public side of a key ceremony: what was sent so far, and what every message must be to be taken.

Whoever keeps the messages (`Record`) checks each with these functions when it is sent, and every trustee checks it
again (`ceremony`, whose `Seat` is a record with the secrets of one trustee). See docs/ceremony.md.
"""

from collections.abc import Sequence

from msgspec import Struct

from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Element, Group, group_named
from stembus_ballots.protocol.hashing import b64, sha256_hex, sha256_int
from stembus_ballots.protocol.schnorr import Proof
from stembus_ballots.protocol.signed import Signed, check_signature
from stembus_ballots.protocol.trustees import (
    CertificateKeys,
    Coefficients,
    Context,
    ThresholdBlock,
    TrusteeKey,
    certified_text,
    check_certificate,
    check_certificates,
    check_coefficients,
    check_verification_key,
    share_commitment,
    threshold_block,
)

SPOKEN_DIGITS = 60
SPOKEN_GROUP = 5


class Plan(Struct, frozen=True, forbid_unknown_fields=True):
    """What all agreed on before: an id that no ceremony had yet, the group, how many trustees, how many decrypt."""

    ceremony: str
    group: str
    size: int
    threshold: int


class Reveal(Struct, frozen=True, forbid_unknown_fields=True):
    """A trustee's polynomial in public form, and their signature of it together with the certificates of all."""

    coefexps: Signed
    confirmation: Proof


class Commitment(Struct, frozen=True, forbid_unknown_fields=True):
    """The signed message of the second round: the hash of the reveal that will follow."""

    ceremony: str
    certificates: str
    index: int
    commitment: str


class Share(Struct, frozen=True, forbid_unknown_fields=True):
    """The signed message of the fourth round, for one recipient only: their point on the sender's polynomial."""

    ceremony: str
    certificates: str
    sender: int
    recipient: int
    share: str


class Complaint(Struct, frozen=True, forbid_unknown_fields=True):
    """That `accuser` got no usable share from `accused`; with the share, where the accused signed it."""

    accuser: int
    accused: int
    share: Signed | None


class Record(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was sent in a ceremony so far, each round whole: one message of each trustee, in their order."""

    plan: Plan
    certificates: tuple[Signed, ...] = ()
    commitments: tuple[Signed, ...] = ()
    reveals: tuple[Reveal, ...] = ()

    @property
    def group(self) -> Group:
        """The group of the ceremony."""
        return group_named(self.plan.group)

    @property
    def signers(self) -> tuple[Element, ...]:
        """The key with which each trustee signs. Raises ProtocolError(trustees.…) for certificates of another plan."""
        return check_certificates(self.certificates, self.plan.threshold, self.group, with_context=True)


def fingerprint_of(certificates: Sequence[Signed]) -> str:
    """What all later messages are bound to, so that nobody put other certificates between the trustees."""
    return b64(text_of(tuple(certificates)))


def spoken(fingerprint: str) -> str:
    """A fingerprint as people read it aloud: 12 groups of 5 digits. Nobody finds two lists with the same ones."""
    number = sha256_int(f"stembus-ceremony-fingerprint|{fingerprint}") % 10**SPOKEN_DIGITS
    digits = f"{number:0{SPOKEN_DIGITS}d}"
    return " ".join(digits[at : at + SPOKEN_GROUP] for at in range(0, SPOKEN_DIGITS, SPOKEN_GROUP))


def check_one_certificate(plan: Plan, index: int, certificate: Signed) -> None:
    """Raises ProtocolError(trustees.…) unless this is a certificate of trustee `index` for this plan, signed by it."""
    context = Context(plan.group, plan.size, plan.threshold, index)
    check_certificate(certificate, context, f"The certificate of trustee {index}", group_named(plan.group))


def commitment_to(record: Record, index: int, reveal: Reveal) -> str:
    """What a commitment of trustee `index` commits to. It hides the reveal, of which nobody can guess a number."""
    certificates = fingerprint_of(record.certificates)
    text = text_of(reveal).decode()
    return sha256_hex(f"stembus-ceremony-commitment|{record.plan.ceremony}|{certificates}|{index}|{text}")


def check_commitment(record: Record, index: int, signed: Signed) -> Commitment:
    """The commitment of trustee `index`. Raises ProtocolError(ceremony.commitment) where it is from elsewhere,
    (trustees.signature) where they did not sign it.
    """
    where = f"The commitment of trustee {index}"
    promise = read_canonical(signed.message.encode(), Commitment, "ceremony.commitment", where)
    expected = (record.plan.ceremony, fingerprint_of(record.certificates), index)
    if (promise.ceremony, promise.certificates, promise.index) != expected:
        raise ProtocolError("ceremony.commitment", f"{where} is of another ceremony or another trustee.")
    check_signature(record.group, signed.message, record.signers[index - 1], signed.signature, where)
    return promise


def check_reveal(record: Record, index: int, reveal: Reveal) -> tuple[Element, ...]:
    """The polynomial that trustee `index` shows. Raises ProtocolError(ceremony.reveal) where it is not what they
    committed to, (trustees.…) where it is not signed, or is none for this plan.
    """
    signed = record.commitments[index - 1]
    promise = read_canonical(signed.message.encode(), Commitment, "ceremony.commitment", "A commitment")
    if promise.commitment != commitment_to(record, index, reveal):
        raise ProtocolError("ceremony.reveal", f"Trustee {index} shows another polynomial than they committed to.")
    group, signer = record.group, record.signers[index - 1]
    polynomial = check_coefficients(reveal.coefexps, index, record.plan.threshold, signer, group)
    text = certified_text(record.certificates, reveal.coefexps)
    check_signature(group, text, signer, reveal.confirmation, f"The polynomial of trustee {index}")
    return polynomial


def check_key(record: Record, index: int, key: TrusteeKey) -> None:
    """Raises ProtocolError(trustees.…) unless the key of trustee `index` is what all polynomials give, and theirs."""
    polynomials = [[record.group.parse(text) for text in _coefficients(reveal)] for reveal in record.reveals]
    check_verification_key(key, index, record.signers[index - 1], polynomials, record.group, signed=True)


def block_of(record: Record, keys: Sequence[TrusteeKey]) -> ThresholdBlock:
    """The public part of the finished key, the same for whoever computes it. Raises ProtocolError(trustees.…)."""
    block = ThresholdBlock(
        threshold=record.plan.threshold,
        certs=record.certificates,
        coefexps=tuple(reveal.coefexps for reveal in record.reveals),
        signatures=tuple(reveal.confirmation for reveal in record.reveals),
        verification_keys=tuple(keys),
    )
    threshold_block(block, 1, record.group)
    return block


def opened_share(record: Record, signed: Signed | None, sender: int, recipient: int) -> Share | None:
    """The share in a message; None unless the sender signed it for this recipient in this ceremony."""
    if signed is None or not 1 <= sender <= record.plan.size:
        return None
    group, certificate = record.group, record.certificates[sender - 1].message.encode()
    try:
        keys = read_canonical(certificate, CertificateKeys, "trustees.certificate", "A certificate")
        check_signature(group, signed.message, group.parse(keys.verification), signed.signature, "A share")
        share = read_canonical(signed.message.encode(), Share, "ceremony.share", "A share")
    except ProtocolError:
        return None
    expected = (record.plan.ceremony, fingerprint_of(record.certificates), sender, recipient)
    return share if (share.ceremony, share.certificates, share.sender, share.recipient) == expected else None


def point_of(record: Record, share: Share) -> int | None:
    """The number of a share; None unless it lies on the polynomial that the sender revealed."""
    group = record.group
    try:
        number = group.parse_scalar(share.share)
        coefficients = _coefficients(record.reveals[share.sender - 1])
    except ProtocolError:
        return None
    expected = share_commitment([group.parse(text) for text in coefficients], share.recipient, group)
    return number if group.secret_power(group.g, number) == expected else None


def is_proven(record: Record, complaint: Complaint) -> bool:
    """Whether a complaint shows a wrong share that the accused signed: no answer can make that good."""
    shown = opened_share(record, complaint.share, complaint.accused, complaint.accuser)
    return shown is not None and point_of(record, shown) is None


def guilty_of(record: Record, complaint: Complaint, given: Signed | None) -> int | None:
    """Who must leave because of a complaint; None where the answer given settles it.

    The accused must, where they signed a wrong share or do not answer with a right one. Anybody finds the same.
    """
    answered = opened_share(record, given, complaint.accused, complaint.accuser)
    answered_right = answered is not None and point_of(record, answered) is not None
    return complaint.accused if is_proven(record, complaint) or not answered_right else None


def _coefficients(reveal: Reveal) -> tuple[str, ...]:
    text = reveal.coefexps.message.encode()
    return read_canonical(text, Coefficients, "ceremony.reveal", "A polynomial").coefexps
