"""The secret poll of a contest: its row, and the election in its record."""

from functools import lru_cache

from sqlalchemy import bindparam
from sqlalchemy.orm import defer
from sqlalchemy.sql.base import ExecutableOption
from sqlmodel import Session, select

from stembus.errors import Refused
from stembus_ballots.protocol.election import Election, read_election
from stembus_polls.contests import Contest
from stembus_polls.secret.tables import SecretPoll


def secret_poll(session: Session, contest: Contest) -> SecretPoll | None:
    """Return the secret poll of a contest, None while none was prepared."""
    return session.exec(
        select(SecretPoll)
        .where(SecretPoll.procedure_id == contest.procedure_id, SecretPoll.contest == contest.id)
        .options(*_large_records())
    ).first()


def poll_by_uuid(session: Session, uuid: str) -> SecretPoll:
    """Return the secret poll with this id. Raises `Refused` when there is none."""
    poll = session.exec(_BY_UUID, params={"uuid": uuid}).first()
    if poll is None:
        raise Refused("There is no secret poll {uuid}.", uuid=uuid[:80])
    return poll


def hold_poll(session: Session, poll: SecretPoll) -> None:
    """Within the write of a ballot: let nobody seal the box or change a credential before it is kept."""
    session.exec(_HELD, params={"uuid": poll.uuid}).one()


def lock_board(session: Session, poll: SecretPoll) -> None:
    """Make others who put something onto the board wait for the end of this transaction; casting goes on."""
    session.exec(_ROW.with_for_update(key_share=True), params={"uuid": poll.uuid}).one()


def lock_poll(session: Session, poll: SecretPoll) -> None:
    """Wait for every ballot that is being kept, and let none come before the end of this transaction."""
    session.exec(_ROW.with_for_update(), params={"uuid": poll.uuid}).one()


def election_of(poll: SecretPoll) -> Election:
    """Return the election of a poll. Raises `Refused` while it was not set up."""
    if poll.election is None:
        raise Refused("The secret poll {uuid} was not set up yet.", uuid=poll.uuid)
    return _election_in(poll.election)


@lru_cache(maxsize=64)
def _election_in(text: bytes) -> Election:
    return read_election(text)


def _large_records() -> tuple[ExecutableOption, ...]:
    """What is only read when it is asked for: with 10,000 voters it is megabytes."""
    return tuple(defer(getattr(SecretPoll, record)) for record in ("credentials", "trustees_record"))


# Statements that every cast asks: SQLAlchemy takes longer to build one than to run it.
_BY_UUID = select(SecretPoll).where(SecretPoll.uuid == bindparam("uuid")).options(*_large_records())
_ROW = select(SecretPoll.uuid).where(SecretPoll.uuid == bindparam("uuid"))
_HELD = _ROW.with_for_update(read=True, key_share=True)
