"""What the server adds to the board by itself: the tally when the objection window is over, and in the end the result.

Both follow from what is on the board and are computed outside the transaction that writes; who asks first does it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from stembus.ledger.acts import Act
from stembus.ledger.tables import LedgerBody, LedgerLeaf, LedgerSubject
from stembus_ballots.protocol.ballot import check_ballot
from stembus_ballots.protocol.combination import combined
from stembus_ballots.protocol.credentials import read_public_credentials
from stembus_ballots.protocol.events import EventType, phase_after, tally_data
from stembus_ballots.protocol.result import opened, result_of, result_text
from stembus_ballots.protocol.tally import encrypted_tally, tally_text
from stembus_ballots.protocol.work import ONE_BY_ONE, Workers
from stembus_polls.contests import Contest
from stembus_polls.secret.board import append, head
from stembus_polls.secret.opening import contest_of
from stembus_polls.secret.poll import election_of, lock_board, poll_by_uuid
from stembus_polls.secret.tables import SecretPoll
from stembus_polls.secret.trustees.counting_board import counting_of, events, factors_of
from stembus_procedures.dates import add_span_to_moment

if TYPE_CHECKING:
    from stembus.instance import Instance

SEALED = "secret_poll.sealed"


def go_on(instance: "Instance", uuid: str, *, workers: Workers = ONE_BY_ONE) -> None:
    """Put the tally onto the board when its time has come, and the result when enough trustees decrypted."""
    _tally_when_due(instance, uuid, workers)
    _result_when_due(instance, uuid, workers)


def decrypt_from(session: Session, poll: SecretPoll, contest: Contest) -> datetime | None:
    """Return when the objection window is over, which begins when the box was sealed; None before that."""
    sealed = session.exec(
        select(func.min(LedgerLeaf.at))
        .join(LedgerSubject, col(LedgerSubject.act_id) == col(LedgerLeaf.act_id))
        .join(LedgerBody, col(LedgerBody.act_id) == col(LedgerLeaf.act_id))
        .where(LedgerSubject.name == "secret_poll", LedgerSubject.value == poll.uuid, LedgerBody.kind == SEALED)
    ).one()
    rule = contest.vote.electronic
    if sealed is None or rule is None:
        return None
    return add_span_to_moment(sealed, rule.objection, ZoneInfo(contest.policy.timezone))


def _tally_when_due(instance: "Instance", uuid: str, workers: Workers) -> None:
    with instance.read() as session:
        poll = poll_by_uuid(session, uuid)
        last = head(session, uuid)
        if last is None or phase_after(last.kind) != "closed":
            return
        now = instance.clock.now()
        contest = contest_of(session, instance.plugins, poll, now)
        due = decrypt_from(session, poll, contest)
        if contest.stopped or due is None or now < due:
            return
        ballots, credentials = list(_ballots(session, poll)), poll.credentials or b""
        election = election_of(poll)
    weights = read_public_credentials(credentials, election.group, weighted=not election.is_mixed, workers=workers)
    tally = encrypted_tally(election, [check_ballot(election, weights, text) for text in ballots], weights)
    _append(
        instance,
        uuid,
        last.hash,
        "EncryptedTally",
        *tally_data(tally_text(tally, election), tally.ballots, tally.weight),
    )


def _result_when_due(instance: "Instance", uuid: str, workers: Workers) -> None:
    with instance.read() as session:
        poll = poll_by_uuid(session, uuid)
        counting = counting_of(session, poll)
        if counting is None or counting.phase != "decrypting" or len(counting.decrypters) < poll.threshold:
            return
        factors = factors_of(session, poll, counting.election.group)
    group = counting.election.group
    plaintexts = opened(group, counting.to_open, combined(group, counting.trustees, factors, workers=workers))
    result = result_of(counting.election, plaintexts, counting.weight)
    _append(instance, uuid, counting.head.hash, "Result", result_text(result))


def _append(instance: "Instance", uuid: str, on: str, kind: EventType, *data: bytes) -> None:
    """Put onto the board what was made from it, unless somebody else did so meanwhile."""
    with instance.write() as transaction:
        poll = poll_by_uuid(transaction.session, uuid)
        lock_board(transaction.session, poll)
        last = head(transaction.session, uuid)
        if last is None or last.hash != on:
            return
        event = append(transaction, poll, kind, *data)
        transaction.record(
            Act(
                kind="secret_poll.tallied" if kind == "EncryptedTally" else "board.opened",
                by=(),
                ground="",
                subject={"procedure": poll.procedure_id, "contest": poll.contest, "secret_poll": uuid},
                public={"uuid": uuid, "head": event.hash},
            )
        )


def _ballots(session: Session, poll: SecretPoll) -> Iterator[bytes]:
    for data in events(session, poll, "Ballot"):
        yield data[0]
