"""The rehearsal: each trustee shows twice that the key on their medium decrypts, before a poll can be set up."""

import secrets
from typing import TYPE_CHECKING

from sqlmodel import Session, col, func, select

from stembus.errors import Refused
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import group_named
from stembus_ballots.protocol.trustees import Trustees, read_trustees
from stembus_polls.secret.poll import lock_board, poll_by_uuid
from stembus_polls.secret.tables import SecretPoll
from stembus_polls.secret.trustees.access import record_of_trustee
from stembus_polls.secret.trustees.ceremony import attempt_of, plan_of
from stembus_polls.secret.trustees.tables import Rehearsal
from stembus_polls.trustee.rehearsing import TURNS, Trial, check_rehearsal
from stembus_polls.trustee.wire import NotTaken, RehearsalTask, Rehearsed, Taken

if TYPE_CHECKING:
    from stembus.instance import Transaction


def all_rehearsed(session: Session, uuid: str) -> bool:
    """Whether each trustee of a poll decrypted twice with the key that they keep now."""
    poll = poll_by_uuid(session, uuid)
    return poll.trustees_record is not None and all(
        rehearsed >= TURNS for rehearsed in rehearsals_of(session, poll).values()
    )


def rehearsals_of(session: Session, poll: SecretPoll) -> dict[int, int]:
    """Return how often each trustee rehearsed with their present key."""
    rows = session.exec(
        select(Rehearsal.number, func.count())
        .where(
            Rehearsal.uuid == poll.uuid,
            Rehearsal.attempt == attempt_of(session, poll.uuid),
            col(Rehearsal.is_done).is_(True),
        )
        .group_by(col(Rehearsal.number))
    )
    done = dict(rows.all())
    return {number: done.get(number, 0) for number in range(1, poll.trustees + 1)}


def ask(transaction: "Transaction", poll: SecretPoll, number: int) -> RehearsalTask:
    """Return the test ciphertext of the next turn of a trustee, a new one where they were given none yet.

    Raises `Refused` before the key was made, and when both turns were done.
    """
    session = transaction.session
    _require_key(poll)
    turn = rehearsals_of(session, poll)[number] + 1
    if turn > TURNS:
        raise Refused("Trustee {number} has rehearsed {turns} times: that is enough.", number=number, turns=TURNS)
    key = (poll.uuid, attempt_of(session, poll.uuid), number, turn)
    row = session.get(Rehearsal, key)
    if row is None:
        row = Rehearsal(uuid=key[0], attempt=key[1], number=number, turn=turn, nonce=secrets.token_hex(32))
        session.add(row)
        session.flush()
    return RehearsalTask(turn=turn, nonce=row.nonce)


def take_rehearsal(transaction: "Transaction", poll: SecretPoll, number: int, sent: Rehearsed) -> Taken | NotTaken:
    """Take what a trustee made of a test ciphertext, once its proof holds; the last turn is recorded as an act."""
    session = transaction.session
    lock_board(session, poll)
    trustees = _require_key(poll)
    row = session.get(Rehearsal, (poll.uuid, attempt_of(session, poll.uuid), number, sent.turn))
    if row is None:
        return NotTaken(reason="rehearsal.turn", said="No test was asked for in this turn.")
    if row.is_done:
        return Taken()
    try:
        task = RehearsalTask(turn=row.turn, nonce=row.nonce)
        check_rehearsal(Trial(plan_of(session, poll), number, trustees.keys[number - 1], task), sent)
    except ProtocolError as error:
        record_of_trustee(transaction, poll, number, "trustee.refused", what="rehearsal", reason=error.rule)
        return NotTaken(reason=error.rule, said=str(error))
    row.is_done = True
    session.add(row)
    session.flush()
    if rehearsals_of(session, poll)[number] == TURNS:
        record_of_trustee(transaction, poll, number, "trustee.rehearsed")
    return Taken()


def _require_key(poll: SecretPoll) -> Trustees:
    if poll.trustees_record is None:
        raise Refused("The key of the poll is not made yet.")
    return read_trustees(poll.trustees_record, group_named(poll.group))
