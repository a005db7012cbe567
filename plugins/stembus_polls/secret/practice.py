"""Holding the practice poll of a contest, and showing that the box of the poll itself is empty."""

import secrets
from typing import TYPE_CHECKING

from sqlmodel import Session, func, select

from stembus.conduct.acting import two_act
from stembus.errors import CheckFailed, Refused
from stembus.ledger.acts import Act
from stembus_polls.contests import Contest
from stembus_polls.powers import BOX_PREPARE
from stembus_polls.secret.board import Head, head
from stembus_polls.secret.poll import secret_poll
from stembus_polls.secret.practise import Practised, practise
from stembus_polls.secret.prepare import new_uuid
from stembus_polls.secret.small import smallest_group
from stembus_polls.secret.tables import Cast, SealedBallot, SecretPoll

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction


def hold_practice(instance: "Instance", contest: Contest) -> tuple[str, Practised]:
    """Return a practice poll of known votes, with its id. Raises `CheckFailed` when it does not come out as known."""
    with instance.read() as session:
        poll = _set_up(session, contest)
        trustees, threshold = poll.trustees, poll.threshold
    uuid = new_uuid()
    practised = practise(
        contest,
        uuid=uuid,
        trustees=trustees,
        threshold=threshold,
        least=smallest_group(contest.policy),
        timestamp=int(instance.clock.now().timestamp()),
        random_below=secrets.randbelow,
    )
    if not practised.is_right:
        raise CheckFailed(
            "The practice poll of {contest} did not come out as its votes were known: do not open the vote.",
            contest=contest.id,
        )
    return uuid, practised


def record_practice(
    transaction: "Transaction", contest: Contest, uuid: str, practised: Practised, *, by: tuple[str, str]
) -> Head:
    """Record that a practice came out as known and that the box is empty; return the head of its board.

    Raises `Refused` once a vote is in the box.
    """
    actors = two_act(transaction, contest, by, BOX_PREPARE)
    session = transaction.session
    poll = _set_up(session, contest)
    at = head(session, poll.uuid)
    if at is None or at.height != 0 or _inside(session, poll):
        raise Refused("The box of {contest} is not empty any more: practise before the vote.", contest=contest.id)
    transaction.record(
        Act(
            kind="secret_poll.practised",
            by=actors,
            ground=f"{contest.policy.id} {contest.policy.version}",
            subject={**contest.subject, "secret_poll": poll.uuid},
            public={
                "uuid": poll.uuid,
                "practice": uuid,
                "ballots": practised.ballots,
                "archive_sha256": practised.sha256,
                "head": at.hash,
            },
        )
    )
    return at


def _set_up(session: Session, contest: Contest) -> SecretPoll:
    poll = secret_poll(session, contest)
    if poll is None or poll.election is None:
        raise Refused("The secret poll of {contest} was not set up yet: practise after that.", contest=contest.id)
    return poll


def _inside(session: Session, poll: SecretPoll) -> int:
    return sum(
        session.exec(select(func.count()).select_from(table).where(table.uuid == poll.uuid)).one()
        for table in (SealedBallot, Cast)
    )
