"""What of mail waits for the office: mails of which nobody knows, mails that did not arrive, letters to post."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session, col, func, select

from stembus.contributions import DeskItem
from stembus.notices.drafts import post_by
from stembus.notices.mailings import undelivered
from stembus.notices.tables import Mailing, MailingRecipient, MailMessage
from stembus.organisation.core_powers import MAIL_SEND
from stembus.words import N_

if TYPE_CHECKING:
    from stembus.instance import Instance

FOLLOWED = timedelta(days=60)
"""How long after its release a mailing that did not reach everybody stands on the desk."""


def mail_waiting(instance: "Instance", session: Session, now: datetime) -> Iterator[DeskItem]:
    """Give what waits for whoever may send mail."""
    uncertain = session.exec(
        select(func.count()).select_from(MailMessage).where(MailMessage.state == "uncertain")
    ).one()
    if uncertain:
        yield DeskItem(
            title=N_("Decide about mails of which nobody knows whether they were sent: {count}"),
            path="/mailings/uncertain",
            powers=(MAIL_SEND,),
            values={"count": uncertain},
        )
    released = select(Mailing).where(col(Mailing.released_at) > now - FOLLOWED, col(Mailing.stopped_by).is_(None))
    for mailing in session.exec(released.order_by(col(Mailing.released_at))):
        yield from _of_mailing(instance, session, mailing)


def _of_mailing(instance: "Instance", session: Session, mailing: Mailing) -> Iterator[DeskItem]:
    path = f"/mailings/{mailing.id}"
    in_vain = select(MailMessage.id).where(
        MailMessage.mailing_id == mailing.id, col(MailMessage.state).in_(("failed", "bounced"))
    )
    if session.exec(in_vain.limit(1)).first() and (count := len(undelivered(session, mailing.id))):
        yield DeskItem(
            title=N_("Send “{title}” again to who did not get it: {count}"),
            path=path,
            powers=(MAIL_SEND,),
            values={"title": mailing.title, "count": count},
        )
    letters = session.exec(
        select(func.count())
        .select_from(MailingRecipient)
        .where(
            MailingRecipient.mailing_id == mailing.id,
            MailingRecipient.channel == "post",
            col(MailingRecipient.posted_at).is_(None),
        )
    ).one()
    if letters:
        last = post_by(mailing, instance)
        yield DeskItem(
            title=N_("Print and post the letters of “{title}”: {count}"),
            path=path,
            powers=(MAIL_SEND,),
            values={"title": mailing.title, "count": letters},
            due=datetime.combine(last + timedelta(days=1), time(), tzinfo=instance.zone) if last else None,
        )
