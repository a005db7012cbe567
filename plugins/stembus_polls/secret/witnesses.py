"""Witnesses of a board: trustees and the credential authority get its head by mail, which no later board can undo.

A server that shows two boards has two heads (threat V3). Whoever keeps an old one sees whether the board that is shown
today is the same that only grew.
"""

from typing import TYPE_CHECKING, Literal

from sqlmodel import col, select

from stembus.notices.address import deliverable
from stembus.notices.kinds import MailKind
from stembus.notices.languages import language_of
from stembus.notices.outbox import queue_mail
from stembus.organisation.tables import Member
from stembus.words import N_
from stembus_polls.contests import Contest
from stembus_polls.secret.board import ballots_on_board, head
from stembus_polls.secret.roles import AUTHORITY, TRUSTEE
from stembus_polls.secret.tables import SecretPoll, SecretRole
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction

Moment = Literal["set_up", "closed", "sealed"]
MOMENTS: dict[Moment, str] = {
    "set_up": N_("before the vote"),
    "closed": N_("at the close of the vote"),
    "sealed": N_("when the box was sealed"),
}
BOARD_HEAD = MailKind(
    name="polls.board_head",
    nl="de code van een stembus, om te bewaren",
    en="the code of a ballot box, to keep",
    template="polls/mails/board_head.txt",
    purpose="service",
)


def tell_witnesses(transaction: "Transaction", contest: Contest, poll: SecretPoll, moment: Moment) -> None:
    """Mail the head of the board, as it is now, to each trustee and to the credential authority."""
    session, at = transaction.session, head(transaction.session, poll.uuid)
    if at is None:
        return
    address = transaction.instance.settings.address.rstrip("/")
    roles = select(SecretRole.member_id).where(SecretRole.uuid == poll.uuid)
    for member_id in session.exec(roles.where(col(SecretRole.role).in_((TRUSTEE, AUTHORITY)))):
        to = deliverable(session.get_one(Member, member_id).email)
        if to is not None:
            queue_mail(
                transaction,
                kind=BOARD_HEAD.name,
                member_id=member_id,
                to=to,
                lang=language_of(session, member_id) or "nl",
                values={
                    "title": contest.policy.title,
                    "moment": Sentence(MOMENTS[moment]),
                    "ballots": ballots_on_board(session, poll),
                    "file": f"{poll.uuid}.bel",
                    "head": at.hash,
                    "link": f"{address}/polls/{poll.uuid}",
                },
            )
