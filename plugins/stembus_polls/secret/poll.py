"""The secret poll of a contest: its row, and the election in its record."""

from functools import lru_cache

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
    poll = session.exec(select(SecretPoll).where(SecretPoll.uuid == uuid).options(*_large_records())).first()
    if poll is None:
        raise Refused("There is no secret poll {uuid}.", uuid=uuid[:80])
    return poll


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
