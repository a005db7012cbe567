"""Batches: ballots go onto the board several at a time, in an order drawn at random, at a moment that is the clock's.

So nobody who watches the board sees who voted when. The rows of a batch are written anew in random orders of their
own, each table in another, so that their places in the database and the transactions in which they came tell no order
either. What the server still knows is in docs/threat-model.md: whose ballot is which ciphertext, never what it says.
"""

from collections.abc import Sequence
from random import SystemRandom
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import delete, insert, text
from sqlmodel import Session, SQLModel, col, func, select

from stembus.database import Database
from stembus.ledger.acts import Act
from stembus.organisation.states import BATCH
from stembus_polls.paper.hand_out import ONLINE
from stembus_polls.paper.tables import StrikeOff
from stembus_polls.secret.board import append_all, ballots_on_board, head
from stembus_polls.secret.poll import lock_board
from stembus_polls.secret.tables import Cast, SealedBallot, SecretPoll

if TYPE_CHECKING:
    from stembus.instance import Transaction

ORDER = SystemRandom()


class Grown(NamedTuple):
    """What a batch added to a board: how many ballots, and whose votes they were (no ballot on paper is anybody's)."""

    ballots: int
    voters: tuple[str, ...]


def ballots_waiting(session: Session, uuid: str) -> int:
    """Return how many ballots are in the box and not on the board yet."""
    return session.exec(
        select(func.count())
        .select_from(SealedBallot)
        .where(SealedBallot.uuid == uuid, col(SealedBallot.height).is_(None))
    ).one()


def post_batch(transaction: "Transaction", poll: SecretPoll) -> Grown:
    """Put every ballot that waits onto the board, shuffled, and the new head into the ledger as an act of the clock."""
    session = transaction.session
    lock_board(session, poll)
    rows = session.exec(
        select(SealedBallot).where(SealedBallot.uuid == poll.uuid, col(SealedBallot.height).is_(None))
    ).all()
    waiting = [row.model_dump() for row in rows]
    session.expunge_all()
    if not waiting:
        return Grown(0, ())
    ORDER.shuffle(waiting)
    events = append_all(transaction, poll, "Ballot", [[row["ballot"]] for row in waiting])
    for row, event in zip(waiting, events, strict=True):
        row |= {"height": event.height, "ballot": None}
    voters = _write_anew(session, poll, waiting)
    at = head(session, poll.uuid)
    assert at is not None  # noqa: S101 - the events above are on the board
    transaction.record(
        Act(
            kind="board.grew",
            by=(),
            ground="",
            subject={"procedure": poll.procedure_id, "contest": poll.contest, "secret_poll": poll.uuid},
            public={
                "uuid": poll.uuid,
                "ballots": ballots_on_board(session, poll),
                "height": at.height,
                "head": at.hash,
            },
        )
    )
    return Grown(len(waiting), tuple(voters))


def wipe_order(database: Database) -> None:
    """Throw away what the database still holds of rows as they came: old versions of rows, and the log of changes.

    SQLite overwrites deleted rows by itself and is asked to empty its log. PostgreSQL is asked to clean the tables; its
    own log and backups are outside of our reach, and docs/threat-model.md says so.
    """
    connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with connection:
        if database.is_sqlite:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            return
        for table in (SealedBallot, Cast, StrikeOff):
            connection.execute(text(f"VACUUM {table.__tablename__}"))


def _write_anew(session: Session, poll: SecretPoll, sealed: list[dict[str, Any]]) -> list[str]:
    """Delete the rows of a batch and insert them again, shuffled; return the members whose votes are in it."""
    credentials = [row["credential"] for row in sealed]
    casts = _taken_out(session, Cast, poll, credentials)
    voters = [row["member_id"] for row in casts]
    mine = {"procedure_id": poll.procedure_id, "contest": poll.contest, "channel": ONLINE, "papers": 0}
    for start in range(0, len(voters), BATCH):
        session.execute(
            delete(StrikeOff).where(
                col(StrikeOff.procedure_id) == poll.procedure_id,
                col(StrikeOff.contest) == poll.contest,
                col(StrikeOff.member_id).in_(voters[start : start + BATCH]),
            )
        )
    _taken_out(session, SealedBallot, poll, credentials)
    struck = [{**mine, "member_id": voter} for voter in voters]
    tables: tuple[tuple[type[SQLModel], list[dict[str, Any]]], ...] = (
        (SealedBallot, sealed),
        (Cast, casts),
        (StrikeOff, struck),
    )
    for table, rows in tables:
        ORDER.shuffle(rows)
        if rows:
            session.execute(insert(table), rows)
    ORDER.shuffle(voters)
    return voters


def _taken_out(
    session: Session, table: type[Cast] | type[SealedBallot], poll: SecretPoll, credentials: Sequence[str]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for start in range(0, len(credentials), BATCH):
        these = (col(table.uuid) == poll.uuid, col(table.credential).in_(credentials[start : start + BATCH]))
        if table is Cast:
            found += [row.model_dump() for row in session.exec(select(Cast).where(*these))]
        session.execute(delete(table).where(*these))
    session.expunge_all()
    return found
