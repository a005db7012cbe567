"""The key ceremony: trustees make a key together that a threshold of them can use, and that nobody ever holds.

Pedersen's key generation as the Belenios specification 2.0 has it (sections 3.1.1 and 4.6.4 to 4.6.7), with a
commitment to every polynomial before any is shown: who speaks last can then not choose the key. A trustee's side of it
is a value, `Seat`; each function takes the seat and what all others sent in the round before, and gives the seat as it
is then and what to send. Everything is public but the seat and the shares, which are sealed on their way by the caller.
Rounds: certificates, commitments, reveals, shares, keys. See docs/ceremony.md.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from stembus_ballots.protocol.canonical import text_of
from stembus_ballots.protocol.ceremony_record import (
    Commitment,
    Complaint,
    Plan,
    Record,
    Reveal,
    Share,
    block_of,
    check_commitment,
    check_reveal,
    commitment_to,
    fingerprint_of,
    opened_share,
    point_of,
)
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import RandomBelow
from stembus_ballots.protocol.hashing import sha256_int
from stembus_ballots.protocol.signed import Signed, sign, sign_message
from stembus_ballots.protocol.trustees import (
    CertificateKeys,
    Coefficients,
    Context,
    ThresholdBlock,
    TrusteeKey,
    certified_text,
    check_certificates,
    trustee_key,
)

SEED_LENGTH = 22
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class Seat(Record, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A trustee in a ceremony, with their secrets. How far it is follows from which fields are filled."""

    index: int
    seed: str
    polynomial: tuple[str, ...] = ()
    reveal: Reveal | None = None
    secret: str | None = None
    key: TrusteeKey | None = None

    def __repr__(self) -> str:
        """Names the trustee and none of their secrets, which would otherwise end up in logs and reports of errors."""
        return f"<Seat of trustee {self.index} in {self.plan.ceremony}>"

    @property
    def signing_key(self) -> int:
        """The secret with which this trustee signs (specification, section 4.6.1)."""
        return sha256_int(f"sk|{self.seed}") % self.group.q

    @property
    def reading_key(self) -> int:
        """The secret that opens what is sealed for this trustee."""
        return sha256_int(f"dk|{self.seed}") % self.group.q


def take_seat(plan: Plan, index: int, random_below: RandomBelow) -> tuple[Seat, Signed]:
    """A trustee's seat and certificate, the message of the first round. Raises ProtocolError(ceremony.plan)."""
    if not 1 <= plan.threshold <= plan.size or not 1 <= index <= plan.size or not plan.ceremony:
        raise ProtocolError("ceremony.plan", f"Trustee {index} of {plan.size}, {plan.threshold} needed, cannot be.")
    seat = Seat(plan=plan, index=index, seed="".join(BASE58[random_below(58)] for _ in range(SEED_LENGTH)))
    group = seat.group
    keys = CertificateKeys(
        context=Context(plan.group, plan.size, plan.threshold, index),
        verification=group.text(group.secret_power(group.g, seat.signing_key)),
        encryption=group.text(group.secret_power(group.g, seat.reading_key)),
    )
    return seat, sign_message(group, text_of(keys).decode(), seat.signing_key, random_below)


def take_certificates(seat: Seat, certificates: Sequence[Signed], random_below: RandomBelow) -> tuple[Seat, Signed]:
    """The commitment to a new polynomial, the message of the second round.

    Raises ProtocolError(ceremony.order) when there is one already, (trustees.…) for certificates that are not those of
    the plan.
    """
    _expect(not seat.certificates, "The polynomial is made already; certificates are taken once.")
    _expect_all(seat, certificates)
    group = seat.group
    signers = check_certificates(certificates, seat.plan.threshold, group, with_context=True)
    if signers[seat.index - 1] != group.secret_power(group.g, seat.signing_key):
        raise ProtocolError("ceremony.certificate", f"The certificate of trustee {seat.index} is not the one you made.")
    polynomial = [group.random_scalar(random_below) for _ in range(seat.plan.threshold)]
    message = Coefficients(tuple(group.text(group.secret_power(group.g, number)) for number in polynomial))
    coefexps = sign_message(group, text_of(message).decode(), seat.signing_key, random_below)
    confirmation = sign(group, certified_text(certificates, coefexps), seat.signing_key, random_below)
    seat = replace(
        seat,
        certificates=tuple(certificates),
        polynomial=tuple(map(str, polynomial)),
        reveal=Reveal(coefexps, confirmation),
    )
    hashed = commitment_to(seat, seat.index, _own_reveal(seat))
    promise = Commitment(seat.plan.ceremony, fingerprint_of(certificates), seat.index, hashed)
    return seat, sign_message(group, text_of(promise).decode(), seat.signing_key, random_below)


def take_commitments(seat: Seat, commitments: Sequence[Signed]) -> tuple[Seat, Reveal]:
    """The polynomial in public form, the message of the third round: shown only when all have committed to theirs.

    Raises ProtocolError(ceremony.commitment), naming whose is missing, from elsewhere or not signed.
    """
    _expect(seat.reveal is not None and not seat.commitments, "Commitments are taken once, after the certificates.")
    _expect_all(seat, commitments)
    for index, signed in enumerate(commitments, 1):
        promise = check_commitment(seat, index, signed)
        if index == seat.index and promise.commitment != commitment_to(seat, index, _own_reveal(seat)):
            raise ProtocolError("ceremony.commitment", f"The commitment of trustee {index} is not the one you made.")
    return replace(seat, commitments=tuple(commitments)), _own_reveal(seat)


def take_reveals(seat: Seat, reveals: Sequence[Reveal], random_below: RandomBelow) -> tuple[Seat, tuple[Signed, ...]]:
    """The shares for trustees 1, 2, and so on, to be sealed for each. Raises ProtocolError(ceremony.reveal, …).

    A reveal that is not what its maker committed to ends the ceremony: they are named, and the others begin again.
    """
    _expect(bool(seat.commitments) and not seat.reveals, "Reveals are taken once, after the commitments.")
    _expect_all(seat, reveals)
    for index, reveal in enumerate(reveals, 1):
        check_reveal(seat, index, reveal)
    seat = replace(seat, reveals=tuple(reveals))
    return seat, tuple(_share_for(seat, recipient, random_below) for recipient in range(1, seat.plan.size + 1))


def take_shares(
    seat: Seat, shares: Sequence[Signed | None], random_below: RandomBelow
) -> tuple[Seat, TrusteeKey | tuple[Complaint, ...]]:
    """The key of this trustee, the message of the fifth round; or complaints, while a share cannot be used.

    `shares` are those of trustees 1, 2, and so on for this one. A complaint is settled (`guilty_of`) by an answer of
    the accused, which is that share in public; with it this function is called again.
    """
    _expect(bool(seat.reveals) and seat.key is None, "Shares are taken once, after the reveals.")
    _expect_all(seat, shares)
    group, total = seat.group, 0
    complaints = []
    for sender, signed in enumerate(shares, 1):
        share = opened_share(seat, signed, sender, seat.index)
        number = None if share is None else point_of(seat, share)
        if number is None:
            complaints.append(Complaint(seat.index, sender, None if share is None else signed))
        else:
            total += number
    if complaints:
        return seat, tuple(complaints)
    secret = total % group.q
    key = trustee_key(group, secret, random_below)
    key = replace(key, signature=sign(group, key.public_key, seat.signing_key, random_below))
    return replace(seat, secret=str(secret), key=key), key


def answer(seat: Seat, complaint: Complaint, random_below: RandomBelow) -> Signed:
    """The share that a complaint is about, for everybody to see. It says nothing about the shares of others."""
    _expect(bool(seat.reveals) and complaint.accused == seat.index, "Only the accused answers, after the reveals.")
    return _share_for(seat, complaint.accuser, random_below)


def take_keys(seat: Seat, keys: Sequence[TrusteeKey]) -> ThresholdBlock:
    """The public part of the finished key, which all trustees compute alike. Raises ProtocolError(trustees.…)."""
    _expect(seat.key is not None, "Keys are taken after the shares.")
    _expect_all(seat, keys)
    if keys[seat.index - 1] != seat.key:
        raise ProtocolError("ceremony.key", f"The key of trustee {seat.index} is not the one you made.")
    return block_of(seat, keys)


def _expect(in_order: bool, otherwise: str) -> None:
    if not in_order:
        raise ProtocolError("ceremony.order", otherwise)


def _expect_all(seat: Seat, messages: Sequence[object]) -> None:
    if len(messages) != seat.plan.size:
        came = len(messages)
        raise ProtocolError("ceremony.missing", f"{came} messages have come; it takes one of each of {seat.plan.size}.")


def _own_reveal(seat: Seat) -> Reveal:
    if seat.reveal is None:
        raise ProtocolError("ceremony.order", "The polynomial is not made yet.")
    return seat.reveal


def _share_for(seat: Seat, recipient: int, random_below: RandomBelow) -> Signed:
    point = 0
    for number in reversed(seat.polynomial):
        point = (point * recipient + int(number)) % seat.group.q
    share = Share(seat.plan.ceremony, fingerprint_of(seat.certificates), seat.index, recipient, str(point))
    return sign_message(seat.group, text_of(share).decode(), seat.signing_key, random_below)
