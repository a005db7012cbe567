"""What a member is told about the vote in their own name: whether one was cast, and whether it is on the board.

For that member alone. What stands on the board is read there, never taken from what the server noted about it.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from sqlmodel import Session, func, select

from stembus.errors import Refused
from stembus.organisation.tables import Member
from stembus_ballots.protocol.ballot import tracker_of
from stembus_polls.booth.on_board import ballot_with_tracker
from stembus_polls.contests import Contest
from stembus_polls.paper.account import POST
from stembus_polls.paper.hand_out import ONLINE
from stembus_polls.paper.tables import StrikeOff
from stembus_polls.roll.lookup import NotOnRoll, on_roll
from stembus_polls.secret.board import ballots_on_board, hash_at, head
from stembus_polls.secret.outcome import papers_put_in
from stembus_polls.secret.promise import Promise, make_promise
from stembus_polls.secret.standing import final_moment
from stembus_polls.secret.statement import NothingCast, state_nothing_cast
from stembus_polls.secret.tables import BoardEvent, Cast, SealedBallot, SecretPoll
from stembus_polls.secret.tallying import tally_from

if TYPE_CHECKING:
    from stembus.instance import Instance

State = Literal["no_right", "nothing", "on_paper", "by_post", "waits", "there", "missing", "forgotten"]


class OwnBallot(NamedTuple):
    """What became of one vote.

    `state`: "no_right" is not on the roll; "nothing" was cast; a vote "on_paper" or "by_post" was noted; a ballot
    "waits" for its batch, is "there" or is "missing" after what was promised; "forgotten" once it is no longer kept
    whose vote is which. `tracker`, and `height` on the board, are of that ballot. No vote can come from `until` on;
    `is_sealed` once the box is; and objections are made before `objections_until`.
    """

    state: State
    until: datetime
    is_sealed: bool = False
    tracker: str = ""
    height: int | None = None
    objections_until: datetime | None = None


def own_ballot(session: Session, contest: Contest, poll: SecretPoll, voter_id: str) -> OwnBallot:
    """Return what became of the vote of a member."""
    at = head(session, poll.uuid)
    is_sealed = at is not None and at.kind not in ("Setup", "Ballot")
    until, objections = final_moment(contest), tally_from(session, contest, poll)
    sealed = _ballot_of(session, poll, voter_id)
    if sealed is None:
        return OwnBallot(_without(session, contest, poll, voter_id), until, is_sealed, objections_until=objections)
    state: State = "missing" if is_sealed else "waits"
    if sealed.height is not None:
        state = "there" if _stands(session, poll, sealed.tracker) else "missing"
    return OwnBallot(state, until, is_sealed, sealed.tracker, sealed.height, objections)


def own_promise(instance: "Instance", session: Session, poll: SecretPoll, voter_id: str) -> Promise | None:
    """Return the promise about the ballot of a member, as the booth gave it; None where there is no ballot."""
    sealed = _ballot_of(session, poll, voter_id)
    if sealed is None:
        return None
    at = hash_at(session, poll.uuid, sealed.promised_after)
    return make_promise(
        instance,
        session,
        uuid=poll.uuid,
        tracker=sealed.tracker,
        credential=sealed.credential,
        height=sealed.promised_after,
        head=at,
    )


def nothing_cast(
    instance: "Instance", session: Session, contest: Contest, poll: SecretPoll, voter_id: str
) -> NothingCast:
    """Return the signed statement that no vote was cast in the name of a member, by any way.

    Raises `Refused` before the box is sealed, since until then one can come; and where there was a vote, or no right.
    """
    found = own_ballot(session, contest, poll, voter_id)
    ended = _end(session, poll)
    if ended is None:
        raise Refused(
            "The vote is not over: that nothing was cast can be stated once the box is sealed. Nothing was made."
        )
    if found.state != "nothing":
        raise Refused("That no vote was cast in your name cannot be stated: your page says what was noted.")
    number = session.get_one(Member, voter_id).number
    return state_nothing_cast(instance, session, uuid=poll.uuid, member=number, height=ended.height, head=ended.hash)


def _ballot_of(session: Session, poll: SecretPoll, voter_id: str) -> SealedBallot | None:
    cast = session.get(Cast, (poll.uuid, voter_id))
    return None if cast is None else session.get(SealedBallot, (poll.uuid, cast.credential))


def _without(session: Session, contest: Contest, poll: SecretPoll, voter_id: str) -> State:
    """What there is to say of a member of whom no ballot is kept."""
    struck = session.get(StrikeOff, (contest.procedure_id, contest.id, voter_id))
    if struck is not None:
        return {ONLINE: "missing", POST: "by_post"}.get(struck.channel, "on_paper")  # type: ignore[return-value]
    if _is_forgotten(session, poll):
        return "forgotten"
    row = on_roll(session, contest.procedure_id, contest.id, voter_id)
    return "no_right" if isinstance(row, NotOnRoll) else "nothing"


def _is_forgotten(session: Session, poll: SecretPoll) -> bool:
    """Whether the board has votes of members, and nobody's is noted any more: then silence says nothing."""
    kept = session.exec(select(func.count()).select_from(Cast).where(Cast.uuid == poll.uuid)).one()
    put_in = papers_put_in(session, poll)
    return not kept and ballots_on_board(session, poll) > (put_in.papers - put_in.left_out if put_in else 0)


def _stands(session: Session, poll: SecretPoll, tracker: str) -> bool:
    ballot = ballot_with_tracker(session, poll.uuid, tracker)
    return ballot is not None and tracker_of(ballot) == tracker


def _end(session: Session, poll: SecretPoll) -> BoardEvent | None:
    """The event that ended the voting."""
    query = select(BoardEvent).where(BoardEvent.uuid == poll.uuid, BoardEvent.kind == "EndBallots")
    return session.exec(query).first()
