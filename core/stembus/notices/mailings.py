"""Letting a mailing go: to everybody in one act, the proof of dispatch; and again to whom it did not reach."""

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import insert
from sqlmodel import Session, col, select

from stembus.errors import Refused, UnusableInput
from stembus.ids import new_id
from stembus.ledger.acts import Act, Actor
from stembus.ledger.merkle import leaf_hash, root_of
from stembus.ledger.record import canonical
from stembus.notices.address import deliverable, one_line
from stembus.notices.audience import Recipient
from stembus.notices.drafts import fates, fates_sha256, mailing_with, unreleased
from stembus.notices.envelope import domain_of
from stembus.notices.kinds import OF_A_MAILING
from stembus.notices.mailing_words import Texts, read_texts
from stembus.notices.outbox import note
from stembus.notices.tables import Mailing, MailingRecipient, MailMessage
from stembus.organisation.authority import authorise
from stembus.organisation.core_powers import MAIL_SEND
from stembus.organisation.registry import member_numbered

if TYPE_CHECKING:
    from stembus.instance import Transaction

RECIPIENT = MailingRecipient.__table__  # type: ignore[attr-defined]
MESSAGE = MailMessage.__table__  # type: ignore[attr-defined]


def release(transaction: "Transaction", mailing_id: str, *, by: str, ground: str, looked_at: str) -> str:
    """Let a tested mailing go to everybody it is for, as one act; return the id of the act.

    Mails are queued in the same transaction; letters wait for the print run. The act holds for ever how many went by
    which channel, the digest of the texts, and a root over who they were that tells nobody who. `looked_at` is the
    digest of the dry run that was looked at (`drafts.fates_sha256`). Raises `Refused` when it changed since, when the
    texts were not tested as they are, or when the mailing would reach nobody.
    """
    session = transaction.session
    mailing = unreleased(transaction, mailing_id, by)
    actor = authorise(transaction, by, MAIL_SEND)
    texts = read_texts(mailing)
    if mailing.tested_sha256 != texts.sha256():
        raise Refused("Send yourself a test mail of these texts first: nobody has seen them arrive yet.")
    found = fates(transaction.instance, session, mailing)
    if not found or all(one.way.channel == "none" for one in found):
        raise Refused("{title} would reach nobody. Nothing was released.", title=mailing.title)
    if fates_sha256(found) != looked_at:
        raise Refused("Who gets this mailing, or how, has changed since you looked. Look again, then release it.")
    salts = {one.member_id: secrets.token_bytes(16) for one in found}
    act_id = transaction.record(_released(mailing, texts, found, salts, by=actor, ground=ground))
    mailing.released_at, mailing.released_by = transaction.now, act_id
    session.add(mailing)
    session.flush()
    _keep(session, mailing, texts, found, salts)
    by_mail = [(one.member_id, one.name, one.address, texts.language(one.lang)) for one in found if _mailed(one)]
    _queue(transaction, mailing, by_mail)
    return act_id


def resend(
    transaction: "Transaction", mailing_id: str, *, by: str, ground: str, corrected: Mapping[str, str] | None = None
) -> str:
    """Send a mailing again to those whom it did not reach by mail, as one act; return its id.

    `corrected` gives another mail address by member number, for this mailing only: the roll is mended where it is
    kept. Whoever is not in it and whom it is still for gets it as they would if it were released now: by mail when the
    roll has an address that works, otherwise as a letter. Raises `Refused` when there is nobody to send it to.
    """
    session = transaction.session
    mailing, actor = _released_one(transaction, mailing_id, by)
    addresses = {member_numbered(session, number).id: text for number, text in (corrected or {}).items()}
    failed = {mail.member_id: mail for mail in undelivered(session, mailing.id)}
    if unknown := sorted(set(addresses) - set(failed)):
        raise UnusableInput("The mail to {member} did not fail: it needs no other address.", member=unknown[0])
    now = {one.member_id: one for one in fates(transaction.instance, session, mailing)}
    rows = {row.member_id: row for row in recipients_of(session, mailing.id)}
    mails, letters = [], 0
    for member_id in failed:
        row, present = rows[member_id], now.get(member_id)
        if member_id in addresses:
            row.address = _corrected(addresses[member_id])
            mails.append((member_id, row.name, row.address, row.lang))
        elif present is None:
            continue
        elif present.way.channel == "email":
            row.address = present.address
            mails.append((member_id, row.name, row.address, row.lang))
        else:
            row.channel, row.address = present.way.channel, present.address
            row.reason = "mail_failed" if present.way.channel == "post" else present.way.reason
            letters += present.way.channel == "post"
        session.add(row)
    if not mails and not letters:
        raise Refused("There is nobody to send {title} to again in any way.", title=mailing.title)
    _queue(transaction, mailing, mails, {key: mail.id for key, mail in failed.items()})
    return transaction.record(
        Act(
            kind="mailing.resent",
            by=(actor,),
            ground=ground,
            subject={"mailing": mailing.id},
            details={"title": mailing.title, "corrected": {key: addresses[key] for key in sorted(addresses)}},
            public={"email": len(mails), "post": letters},
        )
    )


def stop(transaction: "Transaction", mailing_id: str, *, by: str, ground: str) -> str:
    """Stop a mailing: mails that have not left are not sent any more. Return the id of the act."""
    session = transaction.session
    mailing, actor = _released_one(transaction, mailing_id, by)
    waiting = select(MailMessage).where(MailMessage.mailing_id == mailing.id, MailMessage.state == "queued")
    mails = session.exec(waiting.with_for_update()).all()
    if not mails:
        raise Refused("Of {title} no mail is waiting any more: nothing can be stopped.", title=mailing.title)
    act_id = transaction.record(
        Act(
            kind="mailing.stopped",
            by=(actor,),
            ground=ground,
            subject={"mailing": mailing.id},
            details={"title": mailing.title},
            public={"withdrawn": len(mails)},
        )
    )
    for mail in mails:
        mail.state, mail.settled_at = "withdrawn", transaction.now
        note(session, mail, transaction.now, "withdrawn", "the mailing was stopped")
    mailing.stopped_by = act_id
    session.add(mailing)
    session.flush()
    return act_id


def mark_posted(transaction: "Transaction", mailing_id: str, *, by: str, ground: str) -> str:
    """Note that the letters of a mailing that were still to be posted were handed in now; return the id of the act."""
    session = transaction.session
    mailing, actor = _released_one(transaction, mailing_id, by)
    rows = [row for row in recipients_of(session, mailing.id) if row.channel == "post" and row.posted_at is None]
    if not rows:
        raise Refused("Of {title} no letter is left to post.", title=mailing.title)
    act_id = transaction.record(
        Act(
            kind="mailing.posted",
            by=(actor,),
            ground=ground,
            subject={"mailing": mailing.id},
            details={"title": mailing.title},
            public={"letters": len(rows)},
        )
    )
    for row in rows:
        row.posted_at, row.posted_by = transaction.now, act_id
        session.add(row)
    session.flush()
    return act_id


def decide(transaction: "Transaction", mail_id: str, *, by: str, again: bool, ground: str) -> str:
    """Decide about a mail of which nobody knows whether it left: send it `again` or leave it; return the act's id.

    Sent again it keeps its Message-ID, so that a mailbox that has it already can tell. Raises `Refused` when its fate
    is known, or when it held a link to sign in: a new one is asked for sooner than this one is looked for.
    """
    session, now = transaction.session, transaction.now
    mail = session.exec(select(MailMessage).where(MailMessage.id == mail_id).with_for_update()).one_or_none()
    if mail is None:
        raise UnusableInput("There is no mail {id!r}.", id=mail_id)
    mailing = session.get(Mailing, mail.mailing_id) if mail.mailing_id else None
    actor = authorise(transaction, by, MAIL_SEND)
    if mail.state != "uncertain":
        raise Refused("What became of this mail is known ({state}): there is nothing to decide.", state=mail.state)
    if again and mail.purpose == "sign_in":
        raise Refused("A mail with a link to sign in is not sent again: who still needs one asks for a new one.")
    if again:
        mail.state, mail.due_at, mail.settled_at = "queued", now, None
    else:
        mail.state = "left"
    decision = "send again" if again else "leave it"
    note(session, mail, now, "decided", decision)
    return transaction.record(
        Act(
            kind="mail.decided",
            by=(actor,),
            ground=ground,
            subject={"mail": mail.id, **({"mailing": mailing.id} if mailing else {})},
            details={"decision": decision},
        )
    )


def recipients_of(session: Session, mailing_id: str) -> Sequence[MailingRecipient]:
    """Return to whom a mailing went, in the order of the dry run."""
    query = select(MailingRecipient).where(MailingRecipient.mailing_id == mailing_id)
    return session.exec(query.order_by(col(MailingRecipient.place))).all()


def mails_of(session: Session, mailing_id: str) -> Sequence[MailMessage]:
    """Return every mail of a mailing, the first to each person before those that replaced it."""
    query = select(MailMessage).where(MailMessage.mailing_id == mailing_id)
    return session.exec(query.order_by(col(MailMessage.place), col(MailMessage.queued_at))).all()


def undelivered(session: Session, mailing_id: str) -> list[MailMessage]:
    """Return the mails of a mailing that did not arrive and that nothing was sent in the place of."""
    by_post = {row.member_id for row in recipients_of(session, mailing_id) if row.channel != "email"}
    mails = mails_of(session, mailing_id)
    replaced = {mail.replaces for mail in mails}
    return [
        mail
        for mail in mails
        if mail.state in ("failed", "bounced") and mail.id not in replaced and mail.member_id not in by_post
    ]


def recipient_leaf(member_id: str, channel: str, address: str, salt: bytes) -> bytes:
    """Return the bytes under which one recipient is in the root that the act of release holds."""
    return canonical.encode([member_id, channel, address, salt.hex()])


def _released(
    mailing: Mailing, texts: Texts, found: Sequence[Recipient], salts: Mapping[str, bytes], *, by: Actor, ground: str
) -> Act:
    counts = Counter(one.way.channel for one in found)
    leaves = (
        leaf_hash(recipient_leaf(one.member_id, one.way.channel, one.address, salts[one.member_id])) for one in found
    )
    return Act(
        kind="mailing.released",
        by=(by,),
        ground=ground,
        subject={"mailing": mailing.id, **({"procedure": mailing.procedure_id} if mailing.procedure_id else {})},
        details={"title": mailing.title},
        public={
            "recipients": len(found),
            "email": counts["email"],
            "post": counts["post"],
            "unreachable": counts["none"],
            "text_sha256": texts.sha256(),
            "recipients_root": root_of(leaves).hex(),
        },
    )


def _keep(
    session: Session, mailing: Mailing, texts: Texts, found: Sequence[Recipient], salts: Mapping[str, bytes]
) -> None:
    session.execute(
        insert(RECIPIENT),
        [
            {
                "mailing_id": mailing.id,
                "member_id": one.member_id,
                "place": place,
                "channel": one.way.channel,
                "reason": one.way.reason,
                "lang": texts.language(one.lang),
                "name": one_line(one.name),
                "address": one.address,
                "salt": salts[one.member_id],
            }
            for place, one in enumerate(found)
        ],
    )


def _queue(
    transaction: "Transaction",
    mailing: Mailing,
    mails: Iterable[tuple[str, str, str, str]],
    replaces: Mapping[str, str] | None = None,
) -> None:
    """Queue a mail of the mailing for each (member id, name, address, language), in this order."""
    now, domain = transaction.now, domain_of(transaction.instance.settings)
    rows = []
    for place, (member_id, name, address, lang) in enumerate(mails):
        identifier = new_id(now)
        rows.append(
            {
                "id": identifier,
                "message_id": f"<{identifier}@{domain}>",
                "return_token": secrets.token_hex(16),
                "kind": "mailing",
                "purpose": "statutory" if mailing.purpose == "statutory" else "service",
                "priority": OF_A_MAILING,
                "member_id": member_id,
                "mailing_id": mailing.id,
                "place": place,
                "name": one_line(name),
                "address": address,
                "lang": lang,
                "state": "queued",
                "queued_at": now,
                "due_at": now,
                "replaces": (replaces or {}).get(member_id),
                **dict.fromkeys(("subject", "text", "html", "answer", "sha256"), ""),
                "attempts": 0,
            }
        )
    if rows:
        transaction.session.execute(insert(MESSAGE), rows)


def _mailed(one: Recipient) -> bool:
    return one.way.channel == "email"


def _released_one(transaction: "Transaction", mailing_id: str, by: str) -> tuple[Mailing, Actor]:
    session = transaction.session
    mailing_with(session, mailing_id)
    mailing = session.exec(select(Mailing).where(Mailing.id == mailing_id).with_for_update()).one()
    actor = authorise(transaction, by, MAIL_SEND)
    if mailing.released_at is None:
        raise Refused("{title} was not released yet: nothing of it has left.", title=mailing.title)
    return mailing, actor


def _corrected(text: str) -> str:
    address = deliverable(text)
    if address is None:
        raise UnusableInput("{address!r} is not a mail address.", address=one_line(text), field="address")
    return address
