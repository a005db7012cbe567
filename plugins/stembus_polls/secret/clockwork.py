"""What the clock does in a secret poll: batches onto the board, the close, and the tally once objections are over.

State follows from times: this only does what has become due, so it makes no difference how often or where it runs.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from stembus.contributions import Chore
from stembus.ledger.acts import Act
from stembus.ledger.tables import LedgerBody, LedgerSubject
from stembus_polls.contests import Contest
from stembus_polls.secret.batches import ballots_waiting, post_batch, wipe_order
from stembus_polls.secret.board import ballots_on_board, head
from stembus_polls.secret.notices import tell_voters
from stembus_polls.secret.opening import contest_of, open_contest
from stembus_polls.secret.poll import lock_board, poll_by_uuid
from stembus_polls.secret.prepare import electronic_of
from stembus_polls.secret.standing import final_moment
from stembus_polls.secret.tables import SecretPoll
from stembus_polls.secret.tallying import require_tally, tally_from
from stembus_polls.secret.witnesses import tell_witnesses

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction

CLOSED = "secret_poll.closed"


def tend_boxes(instance: "Instance") -> None:
    """Do what is due in every secret poll."""
    with instance.read() as session:
        uuids = session.exec(select(SecretPoll.uuid).where(col(SecretPoll.election).is_not(None))).all()
    for uuid in uuids:
        tend_box(instance, uuid)


def tend_box(instance: "Instance", uuid: str) -> bool:
    """Do what is due in one secret poll; return whether there was anything. Looking costs no write."""
    with instance.read() as session:
        poll = poll_by_uuid(session, uuid)
        now = instance.clock.now()
        if not _is_due(session, contest_of(session, instance.plugins, poll, now), poll, now):
            return False
    with instance.write() as transaction:
        poll = poll_by_uuid(transaction.session, uuid)
        lock_board(transaction.session, poll)
        contest = open_contest(transaction, poll)
        if not _is_due(transaction.session, contest, poll, transaction.now):
            return False
        posted = _carry_out(transaction, contest, poll)
    if posted:
        wipe_order(instance.database)
    return True


def _is_due(session: Session, contest: Contest, poll: SecretPoll, now: datetime) -> bool:
    at = head(session, poll.uuid)
    if at is None or contest.stopped:
        return False
    if at.kind == "EndBallots":
        due = tally_from(session, contest, poll)
        return due is not None and now >= due
    if at.kind not in ("Setup", "Ballot"):
        return False
    waiting = ballots_waiting(session, poll.uuid)
    if now >= final_moment(contest):
        return bool(waiting) or not _was_closed(session, poll.uuid)
    return waiting >= electronic_of(contest).batch


def _carry_out(transaction: "Transaction", contest: Contest, poll: SecretPoll) -> bool:
    """Do it, and say whether ballots went onto the board."""
    session = transaction.session
    at = head(session, poll.uuid)
    if at is not None and at.kind == "EndBallots":
        require_tally(transaction, contest, poll)
        return False
    grown = post_batch(transaction, poll)
    tell_voters(transaction, contest, grown.voters)
    if transaction.now >= final_moment(contest) and not _was_closed(session, poll.uuid):
        at = head(session, poll.uuid)
        transaction.record(
            Act(
                kind=CLOSED,
                by=(),
                ground="",
                subject={**contest.subject, "secret_poll": poll.uuid},
                public={
                    "uuid": poll.uuid,
                    "ballots": ballots_on_board(session, poll),
                    "head": at.hash if at else "",
                },
            )
        )
        tell_witnesses(transaction, contest, poll, "closed")
    return grown.ballots > 0


def _was_closed(session: Session, uuid: str) -> bool:
    found = session.exec(
        select(LedgerBody.act_id)
        .join(LedgerSubject, col(LedgerSubject.act_id) == col(LedgerBody.act_id))
        .where(LedgerBody.kind == CLOSED, LedgerSubject.name == "secret_poll", LedgerSubject.value == uuid)
    ).first()
    return found is not None


TEND_BOXES = Chore(name="polls.boxes", tend=tend_boxes)
