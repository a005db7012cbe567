"""What the server adds to the board by itself: the tally when the objection window is over, and in the end the result.

Both follow from what is on the board; who asks first does it. The result is computed outside the write.
"""

from typing import TYPE_CHECKING

from stembus.ledger.acts import Act
from stembus_ballots.protocol.combination import combined
from stembus_ballots.protocol.events import EventType, phase_after
from stembus_ballots.protocol.result import opened, result_of, result_text
from stembus_ballots.protocol.work import ONE_BY_ONE, Workers
from stembus_polls.secret.board import append, head
from stembus_polls.secret.opening import contest_of
from stembus_polls.secret.poll import lock_board, poll_by_uuid
from stembus_polls.secret.tallying import require_tally, tally_from
from stembus_polls.secret.trustees.counting_board import counting_of, factors_of

if TYPE_CHECKING:
    from stembus.instance import Instance


def go_on(instance: "Instance", uuid: str, *, workers: Workers = ONE_BY_ONE) -> None:
    """Put the tally onto the board when its time has come, and the result when enough trustees decrypted."""
    _tally_when_due(instance, uuid)
    _result_when_due(instance, uuid, workers)


def _tally_when_due(instance: "Instance", uuid: str) -> None:
    with instance.read() as session:
        poll = poll_by_uuid(session, uuid)
        last, now = head(session, uuid), instance.clock.now()
        if last is None or phase_after(last.kind) != "closed":
            return
        contest = contest_of(session, instance.plugins, poll, now)
        due = tally_from(session, contest, poll)
        if contest.stopped or due is None or now < due:
            return
    with instance.write() as transaction:
        require_tally(transaction, contest, poll_by_uuid(transaction.session, uuid))


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
                kind="board.opened",
                by=(),
                ground="",
                subject={"procedure": poll.procedure_id, "contest": poll.contest, "secret_poll": uuid},
                public={"uuid": uuid, "head": event.hash},
            )
        )
