"""The notice that somebody's vote was cast: by another way than the vote itself, so that misuse is found out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stembus.notices.address import deliverable
from stembus.notices.kinds import MailKind
from stembus.notices.languages import languages_of
from stembus.notices.outbox import queue_mail
from stembus.organisation.tables import Member
from stembus_polls.contests import Contest

if TYPE_CHECKING:
    from stembus.instance import Transaction

VOTE_CAST = MailKind(
    name="polls.vote_cast",
    nl="bericht dat er een stem is uitgebracht",
    en="message that a vote was cast",
    template="polls/mails/vote_cast.txt",
    purpose="service",
)
MAILS = (VOTE_CAST,)


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
