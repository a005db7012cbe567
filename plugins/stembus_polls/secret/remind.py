"""Reminding who did not vote yet: the office lets it go, and never learns to whom it went. S9.

What is written down is a mail for everybody on the roll with an address, and the act with their number. Which of them
are handed over is found out in the mail run (`notices.still_votes`).
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlmodel import Session, col, func, select

from stembus.errors import Refused
from stembus.ledger.acts import Act
from stembus.ledger.tables import LedgerBody, LedgerLeaf, LedgerSubject
from stembus.notices.address import deliverable
from stembus.notices.languages import languages_of
from stembus.notices.outbox import queue_mail
from stembus.notices.tables import MailMessage
from stembus.organisation.authority import authorise
from stembus.organisation.core_powers import MAIL_SEND
from stembus.organisation.tables import Member
from stembus.words import N_
from stembus_polls.contests import Contest
from stembus_polls.gates import require_running
from stembus_polls.roll.tables import RollRow
from stembus_polls.secret.notices import REMINDER
from stembus_polls.secret.prepare import require_poll
from stembus_polls.secret.tables import SecretPoll
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction

REMINDED: Final = "secret_poll.reminded"
APART: Final = timedelta(hours=20)
"""How long to leave members alone between two reminders."""


class Gone(NamedTuple):
    """How many mails of a reminder are still to be looked at, and how many are dealt with, whatever became of them."""

    waiting: int
    dealt_with: int


def remind(transaction: "Transaction", contest: Contest, *, by: str) -> int:
    """Let a reminder go to who did not vote yet, as an act; return how many are on the roll, whoever of them voted.

    Raises `Refused` while nobody can vote, and when a reminder went shortly before.
    """
    require_running(contest)
    session, now = transaction.session, transaction.now
    actor = authorise(transaction, by, MAIL_SEND)
    poll = require_poll(transaction, contest)
    reason = why_not_now(session, contest, poll, now)
    if reason is not None:
        raise Refused(reason)
    members = on_roll(session, contest)
    langs = languages_of(session, [member.id for member in members])
    values = reminder_values(transaction.instance, contest)
    for member in members:
        to = deliverable(member.email)
        if to is not None:
            queue_mail(
                transaction,
                kind=REMINDER.name,
                member_id=member.id,
                to=to,
                lang=langs.get(member.id, "nl"),
                values=values,
                expires_at=contest.times.closes,
                about=poll.uuid,
            )
    transaction.record(
        Act(
            kind=REMINDED,
            by=(actor,),
            ground=f"{contest.policy.id} {contest.policy.version}",
            subject={**contest.subject, "secret_poll": poll.uuid},
            public={"uuid": poll.uuid, "roll": len(members)},
        )
    )
    return len(members)


def reminder_values(instance: "Instance", contest: Contest) -> dict[str, Any]:
    """Return what a reminder says of a contest, to everybody the same."""
    link = f"{instance.settings.address.rstrip('/')}/procedures/{contest.procedure}"
    return {"title": contest.policy.title, "link": link, "closes": contest.local(contest.times.closes)}


def on_roll(session: Session, contest: Contest) -> list[Member]:
    """Return everybody on the roll of a contest, in the order of their numbers, whether they voted or not."""
    rows = session.exec(
        select(RollRow.contests, Member)
        .join(Member, col(Member.id) == col(RollRow.member_id))
        .where(RollRow.procedure_id == contest.procedure_id, col(RollRow.until).is_(None))
        .order_by(col(Member.number))
    )
    return [member for contests, member in rows if contest.id in contests.split()]


def why_not_now(session: Session, contest: Contest, poll: SecretPoll | None, now: datetime) -> Sentence | None:
    """Return why no reminder can go now, None where one can."""
    if poll is None or poll.election is None or not contest.times.opens <= now < contest.times.closes:
        return Sentence(N_("Nobody can vote in {contest} now: there is nothing to remind of."), contest=contest.id)
    last = last_reminded(session, poll)
    if last is not None and now < last + APART:
        text = N_("Members were reminded at {at}. The next reminder can go a day later.")
        return Sentence(text, at=contest.local(last))
    return None


def last_reminded(session: Session, poll: SecretPoll) -> datetime | None:
    """Return when a reminder last went, None where none did."""
    return session.exec(
        select(LedgerLeaf.at)
        .join(LedgerBody, col(LedgerBody.act_id) == col(LedgerLeaf.act_id))
        .join(LedgerSubject, col(LedgerSubject.act_id) == col(LedgerLeaf.act_id))
        .where(LedgerBody.kind == REMINDED, LedgerSubject.name == "secret_poll", LedgerSubject.value == poll.uuid)
        .order_by(col(LedgerLeaf.at).desc())
    ).first()


def went(session: Session, poll: SecretPoll, at: datetime) -> Gone:
    """Return how far the reminder is that was let go at this moment.

    What became of a mail is not told apart: an address that is known to fail would tell whether its owner had voted.
    """
    rows = session.exec(
        select(MailMessage.state, func.count())
        .where(MailMessage.kind == REMINDER.name, MailMessage.about == poll.uuid, MailMessage.queued_at == at)
        .group_by(col(MailMessage.state))
    )
    states = Counter(dict(rows.all()))
    waiting = states["queued"] + states["sending"]
    return Gone(waiting, states.total() - waiting)
