"""The encrypted tally: after the box was sealed and the time for objections is over, by the clock. V11."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from stembus.errors import Refused
from stembus.ledger.acts import Act
from stembus.ledger.tables import LedgerBody, LedgerLeaf, LedgerSubject
from stembus_ballots.protocol.ballot import ballot_on_board
from stembus_ballots.protocol.events import read_added, tally_data
from stembus_ballots.protocol.tally import encrypted_tally, tally_text
from stembus_polls.contests import Contest
from stembus_polls.gates import require_running
from stembus_polls.secret.board import append, head
from stembus_polls.secret.credentials_now import credentials_of
from stembus_polls.secret.poll import election_of, lock_board
from stembus_polls.secret.seal_box import SEALED, objections_until
from stembus_polls.secret.tables import BoardEvent, SecretPoll

if TYPE_CHECKING:
    from stembus.instance import Transaction


def sealing_act(session: Session, uuid: str) -> LedgerLeaf | None:
    """Return the act that sealed the box of a poll, None while it is open."""
    return session.exec(
        select(LedgerLeaf)
        .join(LedgerBody, col(LedgerBody.act_id) == col(LedgerLeaf.act_id))
        .join(LedgerSubject, col(LedgerSubject.act_id) == col(LedgerLeaf.act_id))
        .where(LedgerBody.kind == SEALED, LedgerSubject.name == "secret_poll", LedgerSubject.value == uuid)
    ).first()


def sealed_at(session: Session, uuid: str) -> datetime | None:
    """Return when the box of a poll was sealed, None while it is open."""
    act = sealing_act(session, uuid)
    return None if act is None else act.at


def tally_from(session: Session, contest: Contest, poll: SecretPoll) -> datetime | None:
    """Return the moment from which the tally may be on the board, None while the box is not sealed."""
    sealed = sealed_at(session, poll.uuid)
    return None if sealed is None else objections_until(contest, sealed)


def require_tally(transaction: "Transaction", contest: Contest, poll: SecretPoll) -> None:
    """See to it that the encrypted tally is on the board. Raises `Refused` with the moment before which it may not."""
    require_running(contest)
    session = transaction.session
    lock_board(session, poll)
    at = head(session, poll.uuid)
    if at is None or at.kind in ("Setup", "Ballot"):
        raise Refused("The box of {contest} is not sealed yet: nothing in it is opened.", contest=contest.id)
    if at.kind != "EndBallots":
        return
    due = tally_from(session, contest, poll)
    if due is None or transaction.now < due:
        raise Refused(
            "{procedure}: until {until} everybody can look into the box and object; nothing in it is opened before.",
            procedure=contest.procedure,
            until="–" if due is None else contest.local(due),
        )
    election, weights = election_of(poll), dict.fromkeys(credentials_of(session, poll).all, 1)
    contents = session.exec(
        select(BoardEvent.content)
        .where(BoardEvent.uuid == poll.uuid, BoardEvent.kind == "Ballot")
        .order_by(col(BoardEvent.height))
    )
    ballots = (ballot_on_board(election, read_added(content)[-1]) for content in contents)
    tally = encrypted_tally(election, ballots, weights)
    event = append(
        transaction, poll, "EncryptedTally", *tally_data(tally_text(tally, election), tally.ballots, tally.weight)
    )
    transaction.record(
        Act(
            kind="secret_poll.tallied",
            by=(),
            ground="",
            subject={**contest.subject, "secret_poll": poll.uuid},
            public={"uuid": poll.uuid, "ballots": tally.ballots, "head": event.hash},
        )
    )
