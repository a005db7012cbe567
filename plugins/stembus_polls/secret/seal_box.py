"""Sealing the box, as an act of two: after it nothing enters. What is in it is then open to objections for a time."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session, func, select

from stembus.conduct.acting import two_act
from stembus.errors import CheckFailed, Refused
from stembus.ledger.acts import Act
from stembus_polls.contests import Contest
from stembus_polls.gates import require_running
from stembus_polls.paper.account import POST, ROOM
from stembus_polls.paper.tables import Numbering, StrikeOff
from stembus_polls.powers import BOX_SEAL
from stembus_polls.secret.batches import ballots_waiting
from stembus_polls.secret.board import Head, append, ballots_on_board, head
from stembus_polls.secret.credentials_now import credentials_of
from stembus_polls.secret.poll import lock_poll
from stembus_polls.secret.prepare import electronic_of, require_poll
from stembus_polls.secret.promise import credential_hash
from stembus_polls.secret.small import too_few_to_open
from stembus_polls.secret.standing import final_moment
from stembus_polls.secret.tables import SealedBallot, SecretPapers, SecretPoll
from stembus_polls.secret.witnesses import tell_witnesses
from stembus_procedures.dates import add_span_to_moment
from stembus_procedures.timeline import zone_of

if TYPE_CHECKING:
    from stembus.instance import Transaction

SEALED = "secret_poll.sealed"


def seal_box(transaction: "Transaction", contest: Contest, *, by: tuple[str, str]) -> Head:
    """Seal the box of a contest and return the head of its board.

    Raises `Refused` before the last vote could come, `CheckFailed` while a ballot waits to go onto the board or votes
    on paper are not in it.
    """
    require_running(contest)
    actors = two_act(transaction, contest, by, BOX_SEAL)
    session = transaction.session
    poll = require_poll(transaction, contest)
    lock_poll(session, poll)
    at = head(session, poll.uuid)
    if at is None:
        raise Refused("The secret poll of {contest} was not set up.", contest=contest.id)
    if at.kind not in ("Setup", "Ballot"):
        raise Refused("The box of {contest} is sealed already.", contest=contest.id)
    if transaction.now < final_moment(contest):
        raise Refused(
            "{procedure}: votes can come until {until}; the box is sealed after that.",
            procedure=contest.procedure,
            until=contest.local(final_moment(contest)),
        )
    if waiting := ballots_waiting(session, poll.uuid):
        raise CheckFailed(
            "{waiting} ballots of {contest} are not on the board yet: `stembus tend` puts them there.",
            waiting=waiting,
            contest=contest.id,
        )
    require_papers_in(session, contest, poll)
    if small := too_few_to_open(contest, ballots_on_board(session, poll)):
        raise CheckFailed("{small}", small=small)
    event = append(transaction, poll, "EndBallots")
    until = objections_until(contest, transaction.now)
    transaction.record(
        Act(
            kind=SEALED,
            by=actors,
            ground=f"{contest.policy.id} {contest.policy.version}",
            subject={**contest.subject, "secret_poll": poll.uuid},
            public={
                "uuid": poll.uuid,
                "ballots": ballots_on_board(session, poll),
                "head": event.hash,
                "objection_until": until.isoformat(timespec="minutes"),
            },
        )
    )
    tell_witnesses(transaction, contest, poll, "sealed")
    return Head(event.height, event.hash, "EndBallots")


def require_papers_in(session: Session, contest: Contest, poll: SecretPoll) -> None:
    """Raise `CheckFailed` unless every paper that was numbered is in the box, as a ballot with a paper credential."""
    key = (contest.procedure_id, contest.id)
    on_paper = session.exec(
        select(func.count())
        .select_from(StrikeOff)
        .where(
            StrikeOff.procedure_id == key[0],
            StrikeOff.contest == key[1],
            (StrikeOff.channel == ROOM) | (StrikeOff.channel == POST),
        )
    ).one()
    numbered = session.get(Numbering, key)
    if on_paper and numbered is None:
        raise CheckFailed(
            "{on_paper} members voted on paper in {contest}, and the papers are not numbered yet: first they are typed "
            "over and go into the box.",
            on_paper=on_paper,
            contest=contest.id,
        )
    put_in = session.get(SecretPapers, poll.uuid)
    inside = papers_in_box(session, poll) + (put_in.left_out if put_in else 0)
    if numbered is not None and inside != numbered.papers:
        raise CheckFailed(
            "{papers} papers of {contest} were numbered, and {inside} of them are in the box.",
            papers=numbered.papers,
            contest=contest.id,
            inside=inside,
        )


def papers_in_box(session: Session, poll: SecretPoll) -> int:
    """Return how many ballots in the box are votes that came on paper."""
    reserved = {credential_hash(key) for key in credentials_of(session, poll).paper}
    used = session.exec(select(SealedBallot.credential).where(SealedBallot.uuid == poll.uuid))
    return sum(credential in reserved for credential in used)


def objections_until(contest: Contest, sealed_at: datetime) -> datetime:
    """Return until when objections to what is in the box can be made, when it was sealed at this moment."""
    return add_span_to_moment(sealed_at, electronic_of(contest).objection, zone_of(contest.policy))
