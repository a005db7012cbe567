"""The board of a secret poll: the archive as it grows, one row for each event.

Kept in the database, so that what goes onto the board is there in the same transaction as what it follows from. The
rows together, after the header, are the `.bel` to the byte.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from stembus.errors import Refused
from stembus_ballots.protocol.archive import header_bytes
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import EventType, event_bytes, next_phase, phase_after
from stembus_polls.secret.poll import lock_board, poll_by_uuid
from stembus_polls.secret.tables import BoardEvent, SecretPoll

if TYPE_CHECKING:
    from stembus.instance import Transaction

AT_ONCE = 64
"""How many events are read at a time: an archive is streamed, whatever its size."""


class Head(NamedTuple):
    """The latest event of a board. Its hash stands for everything before it."""

    height: int
    hash: str
    kind: EventType


def append(transaction: "Transaction", poll: SecretPoll, kind: EventType, *data: bytes) -> BoardEvent:
    """Put one event onto the board, with its data, of which the last is its payload.

    Raises `Refused` where an event of this kind may not come now.
    """
    return append_all(transaction, poll, kind, [data])[0]


def append_all(
    transaction: "Transaction", poll: SecretPoll, kind: EventType, events: Iterable[Sequence[bytes]]
) -> list[BoardEvent]:
    """Put events of one kind onto the board, each with its data, in their order. Raises as `append`."""
    session = transaction.session
    lock_board(session, poll)
    last = head(session, poll.uuid)
    added = []
    for data in events:
        height = 0 if last is None else last.height + 1
        try:
            next_phase(phase_after(last and last.kind), kind, height)
        except ProtocolError as error:
            raise Refused("Nothing was put onto the board of {uuid}: {error}", uuid=poll.uuid, error=error) from error
        content, hashed = event_bytes(kind, data, last and last.hash, height, poll.timestamp)
        last = Head(height, hashed, kind)
        added.append(BoardEvent(uuid=poll.uuid, height=height, kind=kind, hash=hashed, content=content))
    session.add_all(added)
    session.flush()
    return added


def hash_at(session: Session, uuid: str, height: int) -> str:
    """Return the hash of the event at a height."""
    return session.exec(select(BoardEvent.hash).where(BoardEvent.uuid == uuid, BoardEvent.height == height)).one()


def head(session: Session, uuid: str) -> Head | None:
    """Return the latest event of a board, None while it is empty."""
    row = session.exec(_HEAD, params={"uuid": uuid}).first()
    return None if row is None else Head(*row)  # type: ignore[arg-type]  # only kinds of events are written


_HEAD = (
    select(BoardEvent.height, BoardEvent.hash, BoardEvent.kind)
    .where(BoardEvent.uuid == bindparam("uuid"))
    .order_by(col(BoardEvent.height).desc())
    .limit(1)
)


def archive_bytes(session: Session, uuid: str, *, after: int = -1) -> Iterator[bytes]:
    """Give the archive piece by piece; with `after` only what the events above that height added.

    Raises `Refused` when there is no such poll. An event that comes while this is read is in it, or is not.
    """
    if after < 0:
        yield header_bytes(poll_by_uuid(session, uuid).timestamp)
    while pieces := session.exec(
        select(BoardEvent.height, BoardEvent.content)
        .where(BoardEvent.uuid == uuid, BoardEvent.height > after)
        .order_by(col(BoardEvent.height))
        .limit(AT_ONCE)
    ).all():
        yield from (content for _height, content in pieces)
        after = pieces[-1][0]


def ballots_on_board(session: Session, poll: SecretPoll) -> int:
    """Return how many ballots are on the board."""
    return session.exec(
        select(func.count()).select_from(BoardEvent).where(BoardEvent.uuid == poll.uuid, BoardEvent.kind == "Ballot")
    ).one()
