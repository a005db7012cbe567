"""Mails about one's own vote: that it was cast, so that misuse is found out; and a reminder to who did not vote.

To whom either goes tells who voted. So nobody sees that one went. Whom a reminder is for is found out one by one, by
the worker, as it is about to be handed over: a reminder is queued for everybody on the roll.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlmodel import Session

from stembus.notices.address import deliverable
from stembus.notices.kinds import MailKind
from stembus.notices.languages import languages_of
from stembus.notices.outbox import queue_mail
from stembus.notices.tables import MailMessage
from stembus.organisation.tables import Member
from stembus_polls.contests import Contest
from stembus_polls.secret.opening import contest_of
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.standing import standing

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction

VOTE_CAST = MailKind(
    name="polls.vote_cast",
    nl="bericht dat er een stem is uitgebracht",
    en="message that a vote was cast",
    template="polls/mails/vote_cast.txt",
    purpose="service",
    confidential=True,
)


def still_votes(instance: "Instance", session: Session, mail: MailMessage) -> bool:
    """Whether a member can still cast their own vote in the poll that a reminder is about."""
    poll, now = poll_by_uuid(session, mail.about), instance.clock.now()
    contest = contest_of(session, instance.plugins, poll, now)
    return standing(session, contest, poll, now, member_id=mail.member_id, voter_id=mail.member_id).may


REMINDER = MailKind(
    name="polls.reminder",
    nl="herinnering aan wie nog kan stemmen",
    en="reminder to who can still vote",
    template="polls/mails/reminder.txt",
    purpose="service",
    confidential=True,
    is_wanted=still_votes,
)
MAILS = (VOTE_CAST, REMINDER)


def tell_voters(transaction: "Transaction", contest: Contest, voters: Sequence[str]) -> None:
    """Mail these members (ids), in this order, that a vote of theirs is on the board; nothing says which or when."""
    session = transaction.session
    langs = languages_of(session, voters)
    link = f"{transaction.instance.settings.address.rstrip('/')}/procedures/{contest.procedure}"
    for voter in voters:
        to = deliverable(session.get_one(Member, voter).email)
        if to is not None:
            queue_mail(
                transaction,
                kind=VOTE_CAST.name,
                member_id=voter,
                to=to,
                lang=langs.get(voter, "nl"),
                values={"title": contest.policy.title, "link": link},
            )
