"""From the pages, where somebody is signed in, to the booth on its own origin: a code that works once, then a session.

What the server keeps of both is their fingerprint. Neither says anything of a choice, and no cookie goes along.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import CursorResult, bindparam, delete, update
from sqlmodel import Session, col, or_, select

from stembus.access.tokens import fingerprint, new_token
from stembus.errors import Refused
from stembus.organisation.member import display_name
from stembus.organisation.tables import Member
from stembus.words import N_
from stembus_polls.secret.opening import contest_of
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.standing import Standing, standing
from stembus_polls.secret.tables import HandOver

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction

CODE_LIVES: Final = timedelta(minutes=10)
SESSION_LIVES: Final = timedelta(hours=2)
_WITH_SESSION: Final = select(HandOver).where(HandOver.session_hash == bindparam("hashed"))
LANGUAGES: Final = ("nl", "nl_simple", "en")


class Taken(NamedTuple):
    """What the booth gets for a code: its session, the poll, whose vote it is, and the language they read."""

    session_token: str
    uuid: str
    voter: str
    language: str


def make_code(transaction: "Transaction", uuid: str, *, member_id: str, voter_id: str, language: str = "nl") -> str:
    """Return a code with which `member_id` goes to the booth, to cast the vote of `voter_id`. It is shown once.

    Raises `Refused` with the reason when that vote cannot be cast now.
    """
    session, now = transaction.session, transaction.now
    poll = poll_by_uuid(session, uuid)
    contest = contest_of(session, transaction.instance.plugins, poll, now)
    stands = standing(session, contest, poll, now, member_id=member_id, voter_id=voter_id)
    if not stands.may:
        raise Refused("{why} Nothing was changed.", why=stands.said)
    sweep(transaction)
    code = new_token()
    session.add(
        HandOver(
            code_hash=fingerprint("booth code", code),
            uuid=uuid,
            member_id=member_id,
            voter_id=voter_id,
            language=language if language in LANGUAGES else "nl",
            made_at=now,
        )
    )
    session.flush()
    return code


def take_code(transaction: "Transaction", code: str) -> Taken:
    """Turn a code into a session in the booth. Raises `Refused` for one that was used, is too old, or never was."""
    session, now = transaction.session, transaction.now
    key, token = fingerprint("booth code", code), new_token()
    # That it is unused is a condition of the change itself, so that of two at the same moment one gets it.
    changed = session.execute(
        update(HandOver)
        .where(
            col(HandOver.code_hash) == key,
            col(HandOver.session_hash).is_(None),
            col(HandOver.made_at) > now - CODE_LIVES,
        )
        .values(session_hash=fingerprint("booth session", token), begun_at=now)
    )
    if not isinstance(changed, CursorResult) or changed.rowcount != 1:
        raise Refused(
            N_("This way into the booth was used already, or is too old. Go back to the page and press again.")
        )
    row = session.get_one(HandOver, key, populate_existing=True)
    voter = session.get_one(Member, row.voter_id)
    return Taken(token, row.uuid, display_name(voter.given, voter.particle, voter.surname), row.language)


def session_with(session: Session, token: str, now: datetime) -> HandOver | None:
    """Return the session in the booth with this token, None for one that is over or never was."""
    row = session.exec(_WITH_SESSION, params={"hashed": fingerprint("booth session", token)}).first()
    if row is None or row.begun_at is None or not row.begun_at <= now < row.begun_at + SESSION_LIVES:
        return None
    return row


def standing_in_booth(instance: "Instance", token: str) -> Standing:
    """Return whether the vote of a session in the booth can be cast now. Raises `Refused` once it is over."""
    now = instance.clock.now()
    with instance.read() as session:
        row = session_with(session, token, now)
        if row is None:
            raise Refused(N_("You were in the booth for too long. Go back to the page and press again."))
        poll = poll_by_uuid(session, row.uuid)
        contest = contest_of(session, instance.plugins, poll, now)
        return standing(
            session, contest, poll, now, member_id=row.member_id, voter_id=row.voter_id, begun_at=row.begun_at
        )


def sweep(transaction: "Transaction") -> None:
    """Forget codes that nobody took in time, and sessions that are over."""
    now = transaction.now
    transaction.session.execute(
        delete(HandOver).where(
            or_(
                col(HandOver.begun_at) <= now - SESSION_LIVES,
                col(HandOver.begun_at).is_(None) & (col(HandOver.made_at) <= now - CODE_LIVES),
            )
        )
    )
