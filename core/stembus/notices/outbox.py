"""The outbox: mails are written down in the transaction of what they tell, and claimed one by one to be sent.

A mail is `queued`, `sending` while its answer is waited for, and then `sent`, `failed` (never accepted), `uncertain`
(nobody knows whether it was; `left` once a person let that be), `bounced` (accepted and sent back) or `withdrawn` (not
sent any more).
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from stembus.errors import UnusableInput
from stembus.ids import new_id
from stembus.notices.address import deliverable, one_line
from stembus.notices.envelope import domain_of
from stembus.notices.kinds import PRIORITY, confidential_mails, kind_named
from stembus.notices.rendering import preview
from stembus.notices.tables import MailEvent, MailMessage
from stembus.notices.transport import Answer
from stembus.notices.unsendable import check_sendable
from stembus.organisation.member import display_name
from stembus.organisation.tables import Member
from stembus.words import Lang

if TYPE_CHECKING:
    from stembus.instance import Transaction

State = Literal["queued", "sending", "sent", "failed", "uncertain", "left", "bounced", "withdrawn"]
STATES: tuple[State, ...] = get_args(State)
LEASE = timedelta(minutes=10)
"""How long the answer to a mail is waited for: longer than all steps of the conversation together can take."""
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 120, 240, 480, 720, 1440, 1440))
"""How long to wait after each "try again later"; after the last one the mail has failed (RFC 5321, 4.5.4.1)."""


class Wait(NamedTuple):
    """There is nothing to send now. `until`: when there may be again, where the throttle is the reason."""

    until: datetime | None
    is_throttled: bool = False


def queue_mail(
    transaction: "Transaction",
    *,
    kind: str,
    member_id: str,
    to: str,
    lang: Lang,
    values: Mapping[str, Any],
    expires_at: datetime | None = None,
    about: str = "",
) -> str:
    """Write down one mail to a member, to be sent once this transaction is kept; return its id.

    It is written with the template of its kind now, from `values` (see `rendering.preview`), and is not sent after
    `expires_at`; `about` is for its kind (`MailKind.is_wanted`). Raises `UnusableInput` when the address is none, or as
    `preview` and `check_sendable` do.
    """
    known = kind_named(transaction.instance.plugins, kind)
    address = deliverable(to)
    if address is None:
        raise UnusableInput("No mail can be sent to {address!r}: it is not a mail address.", address=one_line(to))
    member = transaction.session.get(Member, member_id)
    name = display_name(member.given, member.particle, member.surname) if member else ""
    words = preview(transaction.instance, known, name, values, lang)
    check_sendable(transaction.instance.plugins, *words)
    mail = new_message(
        transaction, kind=kind, purpose=known.purpose, member_id=member_id, name=name, address=address, lang=lang
    )
    mail.subject, mail.text, mail.html = words
    mail.expires_at, mail.about = expires_at, about
    transaction.session.add(mail)
    transaction.session.flush()
    return mail.id


def new_message(
    transaction: "Transaction", *, kind: str, purpose: str, member_id: str, name: str, address: str, lang: str
) -> MailMessage:
    """Return a queued mail without its words; it is not added to the session."""
    identifier = new_id(transaction.now)
    return MailMessage(
        id=identifier,
        message_id=f"<{identifier}@{domain_of(transaction.instance.settings)}>",
        return_token=secrets.token_hex(16),
        kind=kind,
        purpose=purpose,
        priority=PRIORITY[purpose],
        member_id=member_id,
        name=one_line(name),
        address=address,
        lang=lang,
        state="queued",
        queued_at=transaction.now,
        due_at=transaction.now,
    )


class Waiting(NamedTuple):
    """Whether a mail is due, and whether any has to be given up on first."""

    is_due: bool
    is_overdue: bool


def look(session: Session, now: datetime) -> Waiting:
    """Say whether there is anything to do, without locking anything."""
    due = select(MailMessage).where(MailMessage.state == "queued", MailMessage.due_at <= now)
    is_due, silent, late = (
        session.exec(found.limit(1)).first() is not None for found in (due, _silent(now), _late(now))
    )
    return Waiting(is_due, silent or late)


def claim(transaction: "Transaction", per_minute: int | None) -> MailMessage | Wait:
    """Take the next mail to send, for as long as `LEASE`; commit before it is handed over.

    Mails with a link to sign in go first and are never throttled; then single mails, then those of a mailing, each in
    the order in which they were queued. At most `per_minute` of these are claimed in any minute.
    """
    session, now = transaction.session, transaction.now
    minute = now - timedelta(minutes=1)
    recent = session.exec(
        select(func.count(), func.min(MailMessage.claimed_at)).where(col(MailMessage.claimed_at) > minute)
    ).one()
    is_throttled = per_minute is not None and recent[0] >= per_minute
    due = select(MailMessage).where(MailMessage.state == "queued", MailMessage.due_at <= now)
    if is_throttled:
        due = due.where(MailMessage.priority == PRIORITY["sign_in"])
    order = (MailMessage.priority, MailMessage.queued_at, MailMessage.place, MailMessage.id)
    mail = session.exec(due.order_by(*map(col, order)).limit(1).with_for_update(skip_locked=True)).first()
    if mail is None:
        ends = recent[1] + timedelta(minutes=1) if is_throttled and recent[1] is not None else None
        return Wait(ends, is_throttled=is_throttled)
    mail.state, mail.attempts = "sending", mail.attempts + 1
    mail.claimed_at, mail.lease_until = now, now + LEASE
    session.add(mail)
    return mail


def settle(transaction: "Transaction", mail_id: str, attempt: int, answer: Answer, sha256: str) -> State:
    """Write down what became of the attempt with this number, and return the state of the mail.

    An answer that comes after the lease is still believed, unless the mail was handed over again meanwhile.
    """
    session, now = transaction.session, transaction.now
    mail = session.exec(select(MailMessage).where(MailMessage.id == mail_id).with_for_update()).one()
    if mail.attempts != attempt or mail.state not in ("sending", "uncertain", "queued"):
        note(session, mail, now, "late", f"{answer.fate}: {answer.said}")
        return _state(mail)
    is_confidential = mail.kind in confidential_mails(transaction.instance.plugins)
    what: str = answer.fate
    match answer.fate:
        case "sent":
            mail.state = "sent"
        case "unknown":
            mail.state = "uncertain"
        case "later" if attempt <= len(BACK_OFF):
            mail.state, mail.due_at = "queued", now + BACK_OFF[attempt - 1]
        case _:
            mail.state, what = "failed", "refused"
    mail.lease_until = None
    if is_confidential:
        if mail.state != "queued":
            mail.settled_at, mail.state = now, "sent" if mail.state == "sent" else "left"
            mail.subject = mail.text = mail.html = ""
        session.add(mail)
        session.flush()
        return _state(mail)
    mail.answer = answer.said
    if mail.state != "queued":
        mail.settled_at = now
        mail.sha256 = sha256 if mail.state in ("sent", "uncertain") else ""
        wipe(mail)
    note(session, mail, now, what, answer.said)
    return _state(mail)


def wipe(mail: MailMessage) -> None:
    """Take the words of a mail with a secret out of the table. What it was, to whom and when stays."""
    if mail.purpose == "sign_in":
        mail.text = mail.html = ""


def note(session: Session, mail: MailMessage, now: datetime, what: str, said: str) -> None:
    """Add to the history of a mail, and keep the mail as it now is."""
    count = session.exec(select(func.count()).select_from(MailEvent).where(MailEvent.mail_id == mail.id)).one()
    session.add(mail)
    session.add(MailEvent(mail_id=mail.id, number=count + 1, at=now, what=what, said=one_line(said)[:500]))
    session.flush()


def give_up_waiting(transaction: "Transaction") -> None:
    """Call uncertain what a worker claimed and never answered for, and withdraw what came too late to be sent."""
    session, now = transaction.session, transaction.now
    confidential = confidential_mails(transaction.instance.plugins)
    for mail in session.exec(_silent(now).with_for_update(skip_locked=True)).all():
        mail.state, mail.settled_at, mail.lease_until = "uncertain", now, None
        if mail.kind in confidential:
            mail.state, mail.subject, mail.text, mail.html = "left", "", "", ""
            session.add(mail)
            continue
        wipe(mail)
        note(session, mail, now, "uncertain", "the worker stopped before it wrote down an answer")
    for mail in session.exec(_late(now).with_for_update(skip_locked=True)).all():
        mail.state, mail.settled_at = "withdrawn", now
        if mail.kind in confidential:
            mail.state, mail.subject, mail.text, mail.html = "left", "", "", ""
            session.add(mail)
            continue
        wipe(mail)
        note(session, mail, now, "withdrawn", "too late to be of use")


def _silent(now: datetime) -> SelectOfScalar[MailMessage]:
    return select(MailMessage).where(MailMessage.state == "sending", col(MailMessage.lease_until) <= now)


def _late(now: datetime) -> SelectOfScalar[MailMessage]:
    return select(MailMessage).where(MailMessage.state == "queued", col(MailMessage.expires_at) <= now)


def _state(mail: MailMessage) -> State:
    return mail.state  # type: ignore[return-value]
