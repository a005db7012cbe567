"""How the program of a trustee comes in: an invitation that works once, and then a secret that the program made."""

import hmac
from typing import TYPE_CHECKING, NamedTuple

from sqlmodel import Session, select

from stembus.access.tokens import fingerprint, new_token
from stembus.conduct.acting import two_act
from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Act, Actor
from stembus.notices.address import deliverable
from stembus.notices.kinds import MailKind
from stembus.notices.languages import language_of
from stembus.notices.outbox import queue_mail
from stembus.organisation.tables import Member
from stembus_polls.contests import Contest
from stembus_polls.powers import BOX_PREPARE
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.prepare import require_poll
from stembus_polls.secret.roles import TRUSTEE, holders_of
from stembus_polls.secret.tables import SecretPoll
from stembus_polls.secret.trustees.act_kinds import OF_A_TRUSTEE
from stembus_polls.secret.trustees.tables import TrusteeAccess
from stembus_polls.trustee.invitation import Invitation

if TYPE_CHECKING:
    from stembus.instance import Transaction

INVITATION, TOKEN = "trustee invitation", "trustee"
INVITATION_MAIL = MailKind(
    name="polls.trustee_invitation",
    nl="uitnodiging van een sleutelbewaarder",
    en="invitation of a trustee",
    template="polls/mails/trustee_invitation.txt",
    purpose="sign_in",
)


class TrusteeHere(NamedTuple):
    """Whose program asks: the poll and the number of the trustee."""

    uuid: str
    number: int


def invite(transaction: "Transaction", contest: Contest, number: int, *, by: tuple[str, str], mail: bool) -> Invitation:
    """Make the invitation of a trustee, as an act of two; an earlier one that was not taken up works no more.

    With `mail` it is sent to the trustee as well. Raises `Refused` once it was taken up, and where there is no such
    trustee or, with `mail`, no address.
    """
    session = transaction.session
    actors = two_act(transaction, contest, by, BOX_PREPARE)
    poll = require_poll(transaction, contest)
    member = member_of(session, poll, number)
    secret = new_token()
    row = session.get(TrusteeAccess, (poll.uuid, number), with_for_update=True)
    if row is not None and row.token_hash is not None:
        raise Refused(
            "Trustee {number} has taken up the invitation already. When their machine or their key is lost, two people "
            "begin the ceremony again.",
            number=number,
        )
    row = row or TrusteeAccess(uuid=poll.uuid, number=number, invitation_hash="")
    row.invitation_hash = fingerprint(INVITATION, secret)
    session.add(row)
    invitation = Invitation(transaction.instance.settings.address.rstrip("/"), poll.uuid, number, secret)
    if mail:
        _send(transaction, contest, member, invitation)
    transaction.record(
        Act(
            kind="trustee.invited",
            by=actors,
            ground=f"{contest.policy.id} {contest.policy.version}",
            subject={**contest.subject, "secret_poll": poll.uuid},
            public={"uuid": poll.uuid, "trustee": number},
        )
    )
    session.flush()
    return invitation


def begin(transaction: "Transaction", uuid: str, secret: str, token_sha256: str) -> TrusteeHere | None:
    """Take up an invitation for a program that will show the secret with this SHA-256; None where it works no more.

    Asking the same again gives the same, so that an answer may get lost.
    """
    session = transaction.session
    row = session.exec(
        select(TrusteeAccess)
        .where(TrusteeAccess.uuid == uuid, TrusteeAccess.invitation_hash == fingerprint(INVITATION, secret))
        .with_for_update()
    ).first()
    hashed = fingerprint(TOKEN, token_sha256)
    if row is None or (row.token_hash is not None and not hmac.compare_digest(row.token_hash, hashed)):
        return None
    if row.token_hash is None:
        row.token_hash = hashed
        session.add(row)
        poll = poll_by_uuid(session, uuid)
        record_of_trustee(transaction, poll, row.number, "trustee.began")
    return TrusteeHere(uuid, row.number)


def invited(session: Session, uuid: str, secret: str) -> bool:
    """Whether this is the secret of the latest invitation of a trustee of this poll."""
    row = session.exec(
        select(TrusteeAccess.number).where(
            TrusteeAccess.uuid == uuid, TrusteeAccess.invitation_hash == fingerprint(INVITATION, secret)
        )
    ).first()
    return row is not None


def report_destroyed(transaction: "Transaction", poll: SecretPoll, number: int) -> None:
    """Note that a trustee says that they destroyed their key; once, as an act."""
    row = transaction.session.get_one(TrusteeAccess, (poll.uuid, number))
    if row.destroyed_at is None:
        row.destroyed_at = transaction.now
        transaction.session.add(row)
        record_of_trustee(transaction, poll, number, "trustee.destroyed")


def trustee_with(session: Session, uuid: str, token_sha256: str) -> TrusteeHere | None:
    """Return whose program shows the secret with this SHA-256, None where nobody's does."""
    row = session.exec(
        select(TrusteeAccess).where(
            TrusteeAccess.uuid == uuid, TrusteeAccess.token_hash == fingerprint(TOKEN, token_sha256)
        )
    ).first()
    return None if row is None else TrusteeHere(uuid, row.number)


def trustees_of(session: Session, uuid: str) -> list[Member]:
    """Return the trustees of a poll in the order of their numbers."""
    return holders_of(session, uuid, TRUSTEE)


def member_of(session: Session, poll: SecretPoll, number: int) -> Member:
    """Return the member who is trustee `number`. Raises `UnusableInput` where there is no such trustee."""
    members = trustees_of(session, poll.uuid)
    if not 1 <= number <= len(members):
        raise UnusableInput("There is no trustee {number}: there are {trustees}.", number=number, trustees=len(members))
    return members[number - 1]


def record_of_trustee(transaction: "Transaction", poll: SecretPoll, number: int, kind: str, **public: str | int) -> str:
    """Record an act that a trustee did by their program."""
    member = member_of(transaction.session, poll, number)
    return transaction.record(
        Act(
            kind=kind,
            by=(Actor(member_id=member.id, seat_id="", capacity="trustee"),),
            ground=OF_A_TRUSTEE.en,
            subject={"procedure": poll.procedure_id, "contest": poll.contest, "secret_poll": poll.uuid},
            public={"uuid": poll.uuid, "trustee": number, **public},
        )
    )


def _send(transaction: "Transaction", contest: Contest, member: Member, invitation: Invitation) -> None:
    to = deliverable(member.email)
    if to is None:
        raise Refused("Member {number} has no mail address: print the invitation.", number=member.number)
    queue_mail(
        transaction,
        kind=INVITATION_MAIL.name,
        member_id=member.id,
        to=to,
        lang=language_of(transaction.session, member.id) or "nl",
        values={"contest": contest.plan.title, "link": str(invitation)},
    )
