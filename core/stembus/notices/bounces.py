"""What came back: reading a bounce, finding the mail that it is about, and what that says of the mail.

Each mail has an address of its own to come back to (VERP), with a token that only its envelope held; a report without
it is never believed. What cannot be matched or understood is kept for a person to read.
"""

import hashlib
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import TYPE_CHECKING, Literal, NamedTuple

from sqlmodel import Session, select

from stembus.notices.address import one_line
from stembus.notices.kinds import confidential_mails
from stembus.notices.outbox import note
from stembus.notices.tables import MailMessage, MailReturn

if TYPE_CHECKING:
    from stembus.instance import Transaction

Verdict = Literal["permanent", "transient", "delivered", "reply", "unknown"]
_TOKEN = re.compile(r"\+([0-9a-f]{32})@")
_ADDRESSED = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Original-Recipient")


class Bounce(NamedTuple):
    """What a returned mail says: which tokens it is addressed to, of what kind it is, its status code, and why."""

    tokens: tuple[str, ...]
    verdict: Verdict
    status: str
    said: str


def read_bounce(data: bytes) -> Bounce:
    """Read a mail that came back, whatever it is; nothing in it can make this fail.

    A delivery status (RFC 3464) with the action "failed" and a status that begins with 5 is "permanent", one that
    begins with 4 or "delayed" is "transient". An automatic answer of a person's mailbox (RFC 3834) is a "reply".
    """
    try:
        message = message_from_bytes(data, policy=default)
        tokens = tuple(dict.fromkeys(_tokens(message)))
        reports = list(_reports(message))
        subject = one_line(str(message["Subject"] or ""))[:200]
        is_automatic = str(message["Auto-Submitted"] or "").strip().casefold().startswith("auto-replied")
    except Exception as error:  # a stranger's mail may be broken in any way, and the parser with it
        return Bounce((), "unknown", "", f"it could not be read ({type(error).__name__})")
    for action, status, why in reports:
        verdict = _verdict(action, status)
        if verdict != "unknown":
            return Bounce(tokens, verdict, status, why or subject)
    if reports:
        return Bounce(tokens, "unknown", reports[0][1], reports[0][2] or subject)
    return Bounce(tokens, "reply" if is_automatic else "unknown", "", subject)


def record_bounce(transaction: "Transaction", data: bytes) -> Verdict | None:
    """Write down what a returned mail says of the mail it is about; None when this very one was read before.

    A mail that was sent, or may have been, and came back for good is "bounced"; a delay is only noted. Of a mail that
    is confidential nothing is written down.
    """
    session, now = transaction.session, transaction.now
    digest = hashlib.sha256(data).hexdigest()
    if session.get(MailReturn, digest) is not None:
        return None
    bounce = read_bounce(data)
    mail = _mail_of(session, bounce.tokens)
    if mail is not None and mail.kind in confidential_mails(transaction.instance.plugins):
        return bounce.verdict  # to keep it would tell that this mail went to this person
    verdict: Verdict = bounce.verdict if mail is not None else "unknown"
    session.add(
        MailReturn(
            sha256=digest,
            at=now,
            mail_id=mail.id if mail is not None else None,
            verdict=verdict,
            status=bounce.status,
            said=one_line(bounce.said)[:500],
        )
    )
    session.flush()
    if mail is not None and verdict != "unknown":
        if verdict == "permanent" and mail.state in ("sending", "sent", "uncertain", "left"):
            mail.state, mail.settled_at, mail.lease_until = "bounced", now, None
            mail.answer = one_line(bounce.said)[:500]
        note(session, mail, now, f"returned {verdict}", f"{bounce.status} {bounce.said}")
    return verdict


def _mail_of(session: Session, tokens: tuple[str, ...]) -> MailMessage | None:
    for token in tokens:
        query = select(MailMessage).where(MailMessage.return_token == token)
        found = session.exec(query.with_for_update()).one_or_none()
        if found is not None:
            return found
    return None


def _tokens(message: EmailMessage) -> Iterator[str]:
    for name in _ADDRESSED:
        for value in message.get_all(name, []):
            yield from _TOKEN.findall(str(value))


def _reports(message: EmailMessage) -> Iterator[tuple[str, str, str]]:
    """Go through the recipients that delivery statuses tell of: action, status, and why."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            groups = part.get_payload()
            for group in groups if isinstance(groups, list) else []:
                if isinstance(group, Message) and (group["Action"] or group["Status"]):
                    yield (
                        str(group["Action"] or "").strip().casefold(),
                        one_line(str(group["Status"] or "")).split(" ")[0][:20],
                        one_line(str(group["Diagnostic-Code"] or ""))[:500],
                    )


def _verdict(action: str, status: str) -> Verdict:
    match action, status[:1]:
        case ("failed", "5"):
            return "permanent"
        case ("failed" | "delayed", "4") | ("delayed", _):
            return "transient"
        case ("delivered" | "relayed" | "expanded", _):
            return "delivered"
    return "unknown"
