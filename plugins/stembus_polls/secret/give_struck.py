"""Who voted on paper, for the credential authority: their codes are void, and as many papers are let into the box."""

from typing import TYPE_CHECKING

from sqlmodel import col, select

from stembus.errors import Refused
from stembus.ledger.acts import Act
from stembus.organisation.tables import Member
from stembus_polls.act_kinds import CODES_OF_PAPER
from stembus_polls.contests import Contest
from stembus_polls.gates import require_running
from stembus_polls.of_contest import of_contest
from stembus_polls.paper.account import POST, ROOM
from stembus_polls.paper.tables import StrikeOff
from stembus_polls.secret.authority import as_authority
from stembus_polls.secret.prepare import require_poll
from stembus_polls.secret.standing import final_moment

if TYPE_CHECKING:
    from stembus.instance import Transaction


def give_struck(transaction: "Transaction", contest: Contest, *, by: str) -> tuple[str, ...]:
    """Return the numbers of the members who were struck off for a vote on paper, and record that they were given.

    Raises `Refused` before the close, since who has voted is told to nobody then, or when another member asks.
    """
    require_running(contest)
    poll = require_poll(transaction, contest)
    actor = as_authority(transaction, poll, by)
    if transaction.now < final_moment(contest):
        raise Refused(
            "{procedure}: who voted on paper is given after the close, at {closes}.",
            procedure=contest.procedure,
            closes=contest.local(final_moment(contest)),
        )
    numbers = transaction.session.exec(
        select(Member.number)
        .join(StrikeOff, col(StrikeOff.member_id) == col(Member.id))
        .where(*of_contest(StrikeOff, contest), col(StrikeOff.channel).in_((ROOM, POST)))
        .order_by(col(Member.number))
    ).all()
    transaction.record(
        Act(
            kind="secret_poll.struck_given",
            by=(actor,),
            ground=CODES_OF_PAPER.en.format(uuid=poll.uuid),
            subject={**contest.subject, "secret_poll": poll.uuid},
            public={"contest": contest.id, "uuid": poll.uuid, "members": len(numbers)},
        )
    )
    return tuple(numbers)
