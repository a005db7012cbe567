"""Holding the practice poll of a contest, and showing that the box of the poll itself is empty."""

import secrets
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlmodel import Session, func, select

from stembus.conduct.acting import two_act
from stembus.errors import CheckFailed, Refused
from stembus.ledger.acts import Act
from stembus_polls.contests import Contest
from stembus_polls.gates import require_running
from stembus_polls.powers import BOX_PREPARE
from stembus_polls.secret.board import Head, head
from stembus_polls.secret.poll import secret_poll
from stembus_polls.secret.practise import Practised, practise
from stembus_polls.secret.prepare import new_uuid
from stembus_polls.secret.small import smallest_group
from stembus_polls.secret.tables import Cast, SealedBallot, SecretPoll

if TYPE_CHECKING:
    from datetime import datetime

    from stembus.instance import Instance, Transaction


PRACTISED: Final = "secret_poll.practised"


class Practice(NamedTuple):
    """A practice that was held, by the id of its own poll: of how many ballots, and the SHA-256 of its archive."""

    uuid: str
    ballots: int
    archive_sha256: str


def practice_to_hold(session: Session, contest: Contest, now: "datetime") -> "partial[Practised]":
    """Return the practice poll of a contest, still to be held: it takes seconds, and reads nothing any more.

    Raises `Refused` before the poll was set up, and once a vote is in the box.
    """
    require_running(contest)
    poll = _empty(session, contest)
    return partial(
        practise,
        contest,
        uuid=new_uuid(),
        trustees=poll.trustees,
        threshold=poll.threshold,
        least=smallest_group(contest.policy),
        timestamp=int(now.timestamp()),
        random_below=secrets.randbelow,
    )


def hold_practice(instance: "Instance", contest: Contest) -> Practised:
    """Return a practice poll of known votes. Raises as `practice_to_hold` does, and as `as_known`."""
    with instance.read() as session:
        to_hold = practice_to_hold(session, contest, instance.clock.now())
    practised = to_hold()
    as_known(contest, practised)
    return practised


def as_known(contest: Contest, practised: Practised) -> Practice:
    """Return what is recorded of a practice. Raises `CheckFailed` when it did not come out as its votes were known."""
    if not practised.is_right:
        raise CheckFailed(
            "The practice poll of {contest} did not come out as its votes were known: do not open the vote.",
            contest=contest.id,
        )
    return Practice(practised.uuid, practised.ballots, practised.sha256)


def record_practice(transaction: "Transaction", contest: Contest, practice: Practice, *, by: tuple[str, str]) -> Head:
    """Record that a practice came out as known and that the box is empty; return the head of its board.

    Raises `Refused` once a vote is in the box.
    """
    actors = two_act(transaction, contest, by, BOX_PREPARE)
    session = transaction.session
    poll = _empty(session, contest)
    at = head(session, poll.uuid)
    if at is None:
        raise Refused("The secret poll of {contest} was not set up yet: practise after that.", contest=contest.id)
    transaction.record(
        Act(
            kind=PRACTISED,
            by=actors,
            ground=f"{contest.policy.id} {contest.policy.version}",
            subject={**contest.subject, "secret_poll": poll.uuid},
            public={
                "uuid": poll.uuid,
                "practice": practice.uuid,
                "ballots": practice.ballots,
                "archive_sha256": practice.archive_sha256,
                "head": at.hash,
            },
        )
    )
    return at


def _empty(session: Session, contest: Contest) -> SecretPoll:
    """Return the poll of a contest, set up and without a vote in it."""
    poll = secret_poll(session, contest)
    if poll is None or poll.election is None:
        raise Refused("The secret poll of {contest} was not set up yet: practise after that.", contest=contest.id)
    at = head(session, poll.uuid)
    if at is None or at.height != 0 or _inside(session, poll):
        raise Refused("The box of {contest} is not empty any more: practise before the vote.", contest=contest.id)
    return poll


def _inside(session: Session, poll: SecretPoll) -> int:
    return sum(
        session.exec(select(func.count()).select_from(table).where(table.uuid == poll.uuid)).one()
        for table in (SealedBallot, Cast)
    )
