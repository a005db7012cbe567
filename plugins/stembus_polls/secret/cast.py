"""Casting a ballot: with a session of somebody who is signed in, and with a credential; each vote once and for good.

What is slow is checked before the write; whether the vote is open is decided by the clock that is read in the write.
Sign-in and credential are bound one to one by the keys of the rows, so nobody can use either again, also not in a race.
A cast writes no act: the ledger would hold its moment for ever. Source: voting protocol, sections 1 and 8; the threats
E1 to E8, B1 to B3 and B11 in docs/threat-model.md.
"""

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import and_, bindparam, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from stembus.access.limits import Limit, count_try, forget, waits_until
from stembus.errors import Refused
from stembus.words import N_
from stembus_ballots.protocol.ballot import CheckedBallot, check_ballot, tracker_of
from stembus_ballots.protocol.ballot_length import padded_length
from stembus_ballots.protocol.ciphertexts import listed
from stembus_ballots.protocol.election import Election
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Group, group_named
from stembus_polls.contests import Contest
from stembus_polls.paper.hand_out import ONLINE
from stembus_polls.paper.tables import StrikeOff
from stembus_polls.secret.board import hash_at, head
from stembus_polls.secret.credentials_now import Credentials, credentials_of, state_of, why_not_usable
from stembus_polls.secret.hand_over import session_with
from stembus_polls.secret.opening import contest_of
from stembus_polls.secret.poll import election_of, hold_poll, poll_by_uuid
from stembus_polls.secret.promise import Promise, credential_hash, make_promise
from stembus_polls.secret.standing import standing
from stembus_polls.secret.tables import Cast, FailedCast, HandOver, SealedBallot, SecretPoll
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction

GUESSES: Final = Limit(
    name="cast", tries=5, window=timedelta(minutes=10), first_wait=timedelta(seconds=30), longest=timedelta(minutes=10)
)
"""Ballots that do not hold, of one member: a credential of 130 bits is not guessed, and who tries is slowed down."""


class CannotCast(Refused):
    """A ballot was not taken. `reason` is one word for programs, such as "closed", "voted", "void" or "ballot.form"."""

    def __init__(self, said: Sentence, reason: str) -> None:
        super().__init__(said)
        self.reason = reason


class _Booth(NamedTuple):
    """Who casts in which poll, as it was when the request came."""

    row: HandOver
    poll: SecretPoll
    contest: Contest
    election: Election


def cast(instance: "Instance", session_token: str, ballot: bytes, *, length: int | None = None) -> Promise:
    """Take a ballot in, and return what the server promises about it. The same ballot again gets the same promise.

    `length` is how many bytes were sent with its padding: every ballot of a poll is as long, so that the length says
    nothing of the vote. Raises `CannotCast` with the reason; then nothing is kept but that it was tried in vain.
    """
    now = instance.clock.now()
    with instance.read() as session:
        booth = _enter(instance, session, session_token, now)
        if length not in (None, padded_length(booth.election)):
            raise CannotCast(Sentence(N_("This is not what the page of the booth sends. Nothing was cast.")), "size")
        known = _promised(instance, session, booth, ballot)
        if known is not None:
            return known
        found = _check(session, booth, ballot, now)
    try:
        if isinstance(found, CannotCast):
            raise found
        try:
            with instance.write() as transaction:
                return _keep(transaction, booth, found, ballot)
        except IntegrityError:
            raise _why_taken(instance, booth, found.checked) from None
    except CannotCast as problem:
        with instance.read() as session:  # the same request may have come twice, and the other one was first
            known = _promised(instance, session, booth, ballot)
        if known is None:
            _record_failure(instance, booth, problem)
            raise
        return known


class _Found(NamedTuple):
    """A ballot that holds, and the credentials of its poll, which never change."""

    checked: CheckedBallot
    known: Credentials


class ForTheBox(NamedTuple):
    """A ballot that was checked, as it goes into the box: its credential and tracker, and a digest of what it holds."""

    credential: str
    tracker: str
    contents: str
    ballot: bytes


def for_the_box(group: Group, checked: CheckedBallot, ballot: bytes) -> ForTheBox:
    """Return a ballot that was checked as it goes into the box. Pure."""
    ciphertexts = "\n".join(listed(answer, group) for answer in checked.ciphertexts)
    return ForTheBox(checked.credential, checked.tracker, hashlib.sha256(ciphertexts.encode()).hexdigest(), ballot)


def seal_ballot(session: Session, poll: SecretPoll, made: ForTheBox, promised_after: int) -> None:
    """Put a ballot into the box, to go onto the board with the next batch.

    Raises `IntegrityError` when its credential was used, or when its ciphertexts are there already.
    """
    session.execute(
        _SEALED,
        {
            "uuid": poll.uuid,
            "credential": credential_hash(made.credential),
            "tracker": made.tracker,
            "contents": made.contents,
            "promised_after": promised_after,
            "ballot": made.ballot,
        },
    )


def _enter(instance: "Instance", session: Session, token: str, now: datetime) -> _Booth:
    row = session_with(session, token, now)
    if row is None:
        said = Sentence(
            N_("You were in the booth for too long. Go back to the page and press again. Nothing was cast.")
        )
        raise CannotCast(said, "session")
    until = waits_until(session, GUESSES, _who(row), now)
    if until is not None:
        said = Sentence(
            N_("This was tried too often. For your safety you wait until {clock}. You can also call the office."),
            clock=f"{until.astimezone(instance.zone):%H:%M}",
        )
        raise CannotCast(said, "too_often")
    poll = poll_by_uuid(session, row.uuid)
    contest = contest_of(session, instance.plugins, poll, now)
    return _Booth(row, poll, contest, election_of(poll))


def _promised(instance: "Instance", session: Session, booth: _Booth, ballot: bytes) -> Promise | None:
    """What was promised about this ballot to this voter, None when it was not cast by them."""
    uuid, tracker = booth.poll.uuid, tracker_of(ballot)
    of = {"uuid": uuid, "tracker": tracker, "voter": booth.row.voter_id}
    found = session.exec(_PROMISED, params=of).first()
    if found is None:
        return None
    credential, height = found
    at = hash_at(session, uuid, height)
    return make_promise(instance, session, uuid=uuid, tracker=tracker, credential=credential, height=height, head=at)


def _check(session: Session, booth: _Booth, ballot: bytes, now: datetime) -> _Found | CannotCast:
    """The ballot, once everything was checked that takes time and that no other voter can change; or why it is none."""
    try:
        _require_standing(session, booth, booth.contest, now)
        known = credentials_of(session, booth.poll)
        return _Found(check_ballot(booth.election, known.all, ballot), known)
    except ProtocolError as error:
        if error.rule == "ballot.credential":
            return _unusable("unknown")
        said = Sentence(N_("This is not a ballot of this poll: {error} Nothing was cast."), error=error)
        return CannotCast(said, error.rule)
    except CannotCast as problem:
        return problem


def _keep(transaction: "Transaction", booth: _Booth, found: _Found, ballot: bytes) -> Promise:
    """Keep the ballot, when the clock and everything that others can change still allow it, and promise the board.

    Raises `IntegrityError` when vote or credential was used, or the ballot is there already; nothing is kept then.
    """
    checked, known = found
    session, poll, row = transaction.session, booth.poll, booth.row
    hold_poll(session, poll)
    contest = contest_of(session, transaction.instance.plugins, poll, transaction.now)
    _require_standing(session, booth, contest, transaction.now)
    at = head(session, poll.uuid)
    if at is None or at.kind not in ("Setup", "Ballot"):
        raise CannotCast(Sentence(N_("The box is sealed: no vote can come any more.")), "closed")
    if why := why_not_usable(known, state_of(session, poll), checked.credential):
        raise _unusable(why)
    credential = credential_hash(checked.credential)
    struck = {"procedure_id": poll.procedure_id, "contest": poll.contest, "member_id": row.voter_id}
    session.execute(_STRUCK, {**struck, "channel": ONLINE, "papers": 0})
    session.execute(_CAST, {"uuid": poll.uuid, "member_id": row.voter_id, "credential": credential})
    seal_ballot(session, poll, for_the_box(group_named(poll.group), checked, ballot), at.height)
    forget(transaction, GUESSES, _who(row))
    return make_promise(
        transaction.instance,
        session,
        uuid=poll.uuid,
        tracker=checked.tracker,
        credential=credential,
        height=at.height,
        head=at.hash,
    )


def _require_standing(session: Session, booth: _Booth, contest: Contest, now: datetime) -> None:
    row = booth.row
    stands = standing(
        session, contest, booth.poll, now, member_id=row.member_id, voter_id=row.voter_id, begun_at=row.begun_at
    )
    if not stands.may:
        raise CannotCast(Sentence("{why}", why=stands.said), stands.reason)


def _unusable(why: str) -> CannotCast:
    said = {
        "unknown": N_(
            "This code is not one of this vote. Is it the code of this letter, of this year? Nothing was cast."
        ),
        "paper": N_("This code is for a vote on paper. Nothing was cast."),
        "void": N_("This code does not count any more: it was replaced or withdrawn. Nothing was cast."),
        "not_active": N_("This code does not count yet. Call the office. Nothing was cast."),
    }
    return CannotCast(Sentence(said[why]), "credential" if why == "unknown" else why)


def _why_taken(instance: "Instance", booth: _Booth, checked: CheckedBallot) -> CannotCast:
    """Why a ballot is none although it holds: somebody was first, with this vote, this credential or this ballot."""
    now = instance.clock.now()
    with instance.read() as session:
        try:
            _require_standing(session, booth, contest_of(session, instance.plugins, booth.poll, now), now)
        except CannotCast as problem:
            return problem
        used = session.get(SealedBallot, (booth.poll.uuid, credential_hash(checked.credential)))
    if used is not None:
        return CannotCast(Sentence(N_("A ballot was cast with this code already. Call the office.")), "credential_used")
    return CannotCast(Sentence(N_("This ballot is a copy of one in the box. Nothing was cast.")), "copied")


def _record_failure(instance: "Instance", booth: _Booth, problem: CannotCast) -> None:
    """Note that somebody tried and could not, on this day, for this reason; and slow down who guesses."""
    row, guessed = booth.row, problem.reason.startswith(("ballot.", "credential", "void", "not_active"))
    inserting = sqlite.insert if instance.database.is_sqlite else postgresql.insert
    with instance.write() as transaction:
        transaction.session.execute(
            inserting(FailedCast)
            .values(
                uuid=row.uuid,
                member_id=row.member_id,
                day=transaction.now.astimezone(instance.zone).date(),
                reason=problem.reason,
                times=1,
            )
            .on_conflict_do_update(
                index_elements=["uuid", "member_id", "day", "reason"], set_={"times": FailedCast.times + 1}
            )
        )
        if guessed:
            count_try(transaction, GUESSES, _who(row))


def _who(row: HandOver) -> str:
    return f"{row.uuid} {row.member_id}"


# Statements that every cast asks: SQLAlchemy takes longer to build one than to run it.
_PROMISED: Final = (
    select(SealedBallot.credential, SealedBallot.promised_after)
    .join(Cast, and_(col(Cast.uuid) == SealedBallot.uuid, col(Cast.credential) == SealedBallot.credential))
    .where(
        SealedBallot.uuid == bindparam("uuid"),
        SealedBallot.tracker == bindparam("tracker"),
        Cast.member_id == bindparam("voter"),
    )
)
_STRUCK: Final = insert(StrikeOff.__table__)  # type: ignore[attr-defined]
_CAST: Final = insert(Cast.__table__)  # type: ignore[attr-defined]
_SEALED: Final = insert(SealedBallot.__table__)  # type: ignore[attr-defined]
