"""Sessions: a browser in which somebody signed in.

The cookie holds a secret of 256 bits and the database its fingerprint. The secret is another at each sign-in and each
step-up (ASVS 5.0 7.2.4), and one that we did not hand out is nobody's.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, or_, select

from stembus.access.rows import changed
from stembus.access.sweep import sweep
from stembus.access.tables import AccessSession
from stembus.access.tokens import fingerprint, new_token
from stembus.errors import Refused
from stembus.ids import new_id
from stembus.organisation.authority import today
from stembus.organisation.tables import Member, MemberPeriod

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction

Strength = Literal["link", "letter", "provider", "enrolment", "unvouched_passkey", "passkey", "demo"]
"""How somebody signed in. Only "passkey" (and "demo", in practice) is enough for a seat with power over others.

A passkey that was made after a link or a letter alone proves no more than that mailbox or letter did, so it is
"unvouched_passkey". "enrolment" is a code that two people gave in person: enough to make a passkey, and no more.
"""

LIFE = timedelta(hours=12)
"""A session ends after this, however busy (NIST SP 800-63B-3, 4.2.3: 12 hours at its second level)."""
IDLE = timedelta(minutes=60)
"""An unused session ends after this; long enough to read a candidate list in."""
IDLE_STRONG = timedelta(minutes=30)
"""An unused session with the powers of a seat ends sooner (NIST SP 800-63B-3, 4.2.3: 30 minutes)."""
IDLE_ENROLMENT = timedelta(minutes=15)
"""A session that may make a passkey with powers lasts as long as making one takes."""
FRESH = timedelta(minutes=10)
"""How long a step-up holds (ASVS 5.0 7.5.3 asks for one before a highly sensitive act)."""
SEEN_EVERY = timedelta(minutes=1)
"""Being seen is written at most this often."""


class Proof(NamedTuple):
    """Who somebody showed to be, and how strongly: enough to begin a session with."""

    member_id: str
    strength: Strength


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session that is open now."""

    id: str
    member_id: str
    strength: Strength
    agent: str
    started_at: datetime
    last_seen_at: datetime
    stepped_up_at: datetime | None
    ends_at: datetime

    def is_seen_again(self, now: datetime) -> bool:
        """Whether it is time to write that it was seen."""
        return now - self.last_seen_at >= SEEN_EVERY


def start_session(
    transaction: "Transaction", member_id: str, strength: Strength, *, agent: str = "", replaces: str = ""
) -> str:
    """Begin a session of a member and return its secret; the session with the secret `replaces` ends.

    `agent` is what the browser calls itself in words (`stembus.access.agents`). Raises `Refused` when the member is
    none any more, or when a demonstration's way in is tried elsewhere. A sign-in is no act: it changes nobody's
    rights, and a ledger of who was here when would be a register of people's habits that nobody needs for 10 years.
    """
    if strength == "demo" and not transaction.instance.settings.practice:
        raise Refused("Signing in by one click exists in a practice instance only.")
    if not may_sign_in(transaction.instance, transaction.session, member_id, transaction.now):
        raise Refused("This membership has ended: whoever is no member any more cannot sign in. Call the party office.")
    if replaces:
        end_session(transaction, replaces)
    sweep(transaction)
    token, now = new_token(), transaction.now
    transaction.session.add(
        AccessSession(
            id=new_id(now),
            token_hash=fingerprint("session", token),
            member_id=member_id,
            strength=strength,
            agent=agent,
            started_at=now,
            last_seen_at=now,
            stepped_up_at=now if strength in ("passkey", "demo") else None,
            expires_at=now + LIFE,
        )
    )
    transaction.session.flush()
    return token


def session_of(instance: "Instance", session: Session, token: str, now: datetime) -> OpenSession | None:
    """Return the open session with this secret at the moment `now`; None when there is none, or not any more."""
    row = session.exec(select(AccessSession).where(AccessSession.token_hash == fingerprint("session", token))).first()
    if row is None or not _is_open(row, now):
        return None
    if row.strength == "demo" and not instance.settings.practice:
        return None
    if not may_sign_in(instance, session, row.member_id, now, since=row.started_at):
        return None
    return _open(row)


def seen(instance: "Instance", found: OpenSession, now: datetime) -> None:
    """Write that an open session was seen, in a transaction of its own, at most once a minute."""
    if not found.is_seen_again(now):
        return
    with instance.database.write() as session:
        session.execute(
            update(AccessSession)
            .where(col(AccessSession.id) == found.id, col(AccessSession.last_seen_at) < now)
            .values(last_seen_at=now)
        )


def step_up(transaction: "Transaction", token: str, strength: Strength) -> str:
    """Write that whoever holds this session proved again who they are, and return its new secret; the old one is dead.

    Raises `Refused` when the session is over meanwhile.
    """
    renewed, now = new_token(), transaction.now
    met = changed(
        transaction.session,
        update(AccessSession)
        .where(
            col(AccessSession.token_hash) == fingerprint("session", token),
            col(AccessSession.ended_at).is_(None),
            col(AccessSession.expires_at) > now,
        )
        .values(token_hash=fingerprint("session", renewed), strength=strength, stepped_up_at=now, last_seen_at=now),
    )
    if met != 1:
        raise Refused("This session is over: sign in again.")
    return renewed


def end_session(transaction: "Transaction", token: str) -> None:
    """End the session with this secret, if there is one."""
    _end(transaction, col(AccessSession.token_hash) == fingerprint("session", token))


def end_own_session(transaction: "Transaction", member_id: str, session_id: str) -> None:
    """End one session of a member by its id. Raises `Refused` when the member has no such open session."""
    own = (col(AccessSession.id) == session_id, col(AccessSession.member_id) == member_id)
    if _end(transaction, *own) != 1:
        raise Refused("This session is over already.")


def end_all_others(transaction: "Transaction", member_id: str, keep_id: str | None) -> int:
    """End every session of a member but the one with id `keep_id` (None: every one); return how many there were."""
    others = [col(AccessSession.member_id) == member_id]
    if keep_id is not None:
        others.append(col(AccessSession.id) != keep_id)
    return _end(transaction, *others)


def open_sessions(session: Session, member_id: str, now: datetime) -> Sequence[OpenSession]:
    """Return the open sessions of a member, the last seen first."""
    rows = session.exec(
        select(AccessSession)
        .where(AccessSession.member_id == member_id, col(AccessSession.expires_at) > now)
        .order_by(col(AccessSession.last_seen_at).desc(), col(AccessSession.id))
    )
    return [_open(row) for row in rows if _is_open(row, now)]


def may_sign_in(
    instance: "Instance", session: Session, member_id: str, now: datetime, *, since: datetime | None = None
) -> bool:
    """Whether this is a member at the moment `now`, and was all the time since `since`.

    An entry that was merged into another signs nobody in: else merging two people would hand one the other's seats.
    """
    member = session.get(Member, member_id)
    if member is None or member.merged_into is not None:
        return False
    first, day = today(instance, since or now), today(instance, now)
    gone = session.exec(
        select(MemberPeriod.member_id).where(
            MemberPeriod.member_id == member_id,
            MemberPeriod.kind == "left",
            col(MemberPeriod.starts) <= day,
            or_(col(MemberPeriod.ends).is_(None), col(MemberPeriod.ends) > first),
        )
    )
    return gone.first() is None


def _idle(strength: str) -> timedelta:
    return {"passkey": IDLE_STRONG, "demo": IDLE, "enrolment": IDLE_ENROLMENT}.get(strength, IDLE)


def _is_open(row: AccessSession, now: datetime) -> bool:
    return row.ended_at is None and now < row.expires_at and now - row.last_seen_at < _idle(row.strength)


def _open(row: AccessSession) -> OpenSession:
    return OpenSession(
        id=row.id,
        member_id=row.member_id,
        strength=row.strength,  # type: ignore[arg-type]
        agent=row.agent,
        started_at=row.started_at,
        last_seen_at=row.last_seen_at,
        stepped_up_at=row.stepped_up_at,
        ends_at=row.expires_at,
    )


def _end(transaction: "Transaction", *which: ColumnElement[bool]) -> int:
    return changed(
        transaction.session,
        update(AccessSession).where(col(AccessSession.ended_at).is_(None), *which).values(ended_at=transaction.now),
    )
