"""How long is kept who was written to."""

# readers: members

from collections.abc import Iterator
from datetime import date

from sqlmodel import Session, col, func, select

from stembus.notices.tables import MailingRecipient, MailMessage
from stembus.vault.retention import Ended, RetentionClass
from stembus.words import N_


def _last_written_to(session: Session) -> Iterator[Ended]:
    last: dict[str, date] = {}
    mailed = select(MailMessage.member_id, func.max(MailMessage.settled_at)).group_by(MailMessage.member_id)
    posted = select(MailingRecipient.member_id, func.max(MailingRecipient.posted_at)).where(
        col(MailingRecipient.posted_at).is_not(None)
    )
    for rows in (session.exec(mailed), session.exec(posted.group_by(MailingRecipient.member_id))):
        for member_id, at in rows:
            if at is not None:
                last[member_id] = max(at.date(), last.get(member_id, at.date()))
    return (Ended(member_id, day) for member_id, day in last.items())


MAILS = RetentionClass(
    name="mails",
    holds=N_("which mail or letter went to whom, to which address, when, and what became of it"),
    purpose=N_(
        "to show that members were called as the law and the statutes ask (BW 2:41), and to mend what went wrong"
    ),
    ground=N_("GDPR 9(2)(d) and 6(1)(f): a decision can be challenged for how people were called to it (BW 2:15)"),
    keep=N_("2 years after the last one to this person: a decision can be challenged for one year (BW 2:15 lid 5)"),
    then="destroy; the ledger keeps how many were called and the digest of the text",
    days=731,
    ended=_last_written_to,
)
