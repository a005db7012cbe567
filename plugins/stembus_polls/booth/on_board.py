"""A ballot as it is on the board, for whoever has its tracker."""

from sqlalchemy import and_
from sqlmodel import Session, col, select

from stembus_ballots.protocol.archive import header_bytes, read_members
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.tables import BoardEvent, SealedBallot


def ballot_with_tracker(session: Session, uuid: str, tracker: str) -> bytes | None:
    """Return the ballot with this tracker, to the byte; None while it is not on the board, and where there is none."""
    row = session.exec(
        select(BoardEvent.content)
        .join(
            SealedBallot,
            and_(col(SealedBallot.uuid) == BoardEvent.uuid, col(SealedBallot.height) == BoardEvent.height),
        )
        .where(SealedBallot.uuid == uuid, SealedBallot.tracker == tracker)
    ).first()
    if row is None:
        return None
    ballot = next(read_members(header_bytes(poll_by_uuid(session, uuid).timestamp) + row))
    return bytes(ballot.content)
