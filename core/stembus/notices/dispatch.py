"""The proof of dispatch: who was sent what, when, by which channel, and what was answered; per person."""

from collections import defaultdict
from datetime import datetime

import msgspec
from sqlmodel import Session, col, select

from stembus.notices.drafts import mailing_with
from stembus.notices.mailing_words import read_texts
from stembus.notices.mailings import mails_of, recipients_of
from stembus.notices.tables import MailEvent, MailingRecipient, MailMessage
from stembus.organisation.states import states_of


class Event(msgspec.Struct, frozen=True):
    """Something that became of one mail."""

    at: datetime
    what: str
    said: str


class SentMail(msgspec.Struct, frozen=True, kw_only=True):
    """One mail to a person: its Message-ID, the digest of the bytes that were sent, and all that became of it."""

    id: str
    message_id: str
    address: str
    state: str
    attempts: int
    sha256: str
    events: tuple[Event, ...]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One recipient: the channel and its reason, where it went, and every mail to them.

    `salt` (hexadecimal) shows that they are in the root that the act of release holds. `state` is that of the last
    mail; of a letter "printed" or "posted"; and "unreachable" without either.
    """

    member_id: str
    number: str
    name: str
    channel: str
    reason: str
    lang: str
    address: str
    state: str
    salt: str
    posted_at: datetime | None = None
    posted_by: str | None = None
    mails: tuple[SentMail, ...] = ()


class Dispatch(msgspec.Struct, frozen=True, kw_only=True):
    """A whole mailing: its texts, the act that released it, how many are in which state, and each person."""

    id: str
    title: str
    purpose: str
    released_at: datetime | None
    released_by: str | None
    text_sha256: str
    texts: dict[str, dict[str, str]]
    counts: dict[str, int]
    people: tuple[Person, ...]


def dispatch(session: Session, mailing_id: str) -> Dispatch:
    """Return the proof of dispatch of a released mailing, as it stands. Raises `UnusableInput` when there is none."""
    mailing = mailing_with(session, mailing_id)
    rows, mails = recipients_of(session, mailing.id), mails_of(session, mailing.id)
    events: dict[str, list[Event]] = defaultdict(list)
    query = select(MailEvent).join(MailMessage, col(MailMessage.id) == col(MailEvent.mail_id))
    found = session.exec(query.where(MailMessage.mailing_id == mailing.id).order_by(col(MailEvent.number)))
    for event in found:
        events[event.mail_id].append(Event(event.at, event.what, event.said))
    own: dict[str, list[SentMail]] = defaultdict(list)
    instead = {mail.replaces: mail for mail in mails if mail.replaces}
    for first in mails:
        mail = first if first.replaces is None else None
        while mail is not None:
            own[mail.member_id].append(_sent(mail, events[mail.id]))
            mail = instead.get(mail.id)
    states = states_of(session, (row.member_id for row in rows))
    people = tuple(
        _person(row, own[row.member_id], states[row.member_id].number if row.member_id in states else "")
        for row in rows
    )
    counts: dict[str, int] = defaultdict(int)
    for person in people:
        counts[person.state] += 1
    texts = read_texts(mailing)
    return Dispatch(
        id=mailing.id,
        title=mailing.title,
        purpose=mailing.purpose,
        released_at=mailing.released_at,
        released_by=mailing.released_by,
        text_sha256=texts.sha256(),
        texts=msgspec.to_builtins(texts.among()),
        counts=dict(counts),
        people=people,
    )


def _sent(mail: MailMessage, events: list[Event]) -> SentMail:
    return SentMail(
        id=mail.id,
        message_id=mail.message_id,
        address=mail.address,
        state="later" if mail.state == "queued" and mail.attempts else mail.state,
        attempts=mail.attempts,
        sha256=mail.sha256,
        events=tuple(events),
    )


def _person(row: MailingRecipient, mails: list[SentMail], number: str) -> Person:
    by_channel = {"email": mails[-1].state if mails else "queued", "none": "unreachable"}
    state = by_channel.get(row.channel, "posted" if row.posted_at else "printed")
    return Person(
        member_id=row.member_id,
        number=number,
        name=row.name,
        channel=row.channel,
        reason=row.reason,
        lang=row.lang,
        address=row.address,
        state=state,
        salt=row.salt.hex(),
        posted_at=row.posted_at,
        posted_by=row.posted_by,
        mails=tuple(mails),
    )
