"""The retention classes of what is kept about signing in."""

# readers: members

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session, col, select

from stembus.access.tables import AccessCode, AccessLimit, AccessLink, AccessPasskey, AccessProvider, AccessSession
from stembus.organisation.tables import MemberPeriod
from stembus.vault.retention import Ended, RetentionClass
from stembus.words import N_

SIGN_IN_DAYS = 30
"""How long a member can see when and in what browser they were signed in, once that is over."""
LIMIT_DAYS = 1


def _signed_in(session: Session) -> Iterator[Ended]:
    found: list[tuple[str | None, datetime]] = [
        *session.exec(select(AccessSession.member_id, AccessSession.expires_at)),
        *session.exec(select(AccessCode.member_id, AccessCode.expires_at)),
        *session.exec(select(AccessLink.member_id, AccessLink.code_expires_at)),
    ]
    return (Ended(person, at.date()) for person, at in found)


def _left_with_passkey(session: Session) -> Iterator[Ended]:
    return _left(session, AccessPasskey)


def _left(session: Session, kept: type[AccessPasskey] | type[AccessProvider]) -> Iterator[Ended]:
    rows = session.exec(
        select(MemberPeriod.member_id, col(MemberPeriod.starts))
        .where(MemberPeriod.kind == "left", col(MemberPeriod.ends).is_(None))
        .where(col(MemberPeriod.member_id).in_(select(kept.member_id)))
    )
    return (Ended(person, day) for person, day in rows)


def _left_with_account(session: Session) -> Iterator[Ended]:
    return _left(session, AccessProvider)


def _tried(session: Session) -> Iterator[Ended]:
    return (Ended(None, at.date()) for at in session.exec(select(AccessLimit.since)))


ACCESS_RETENTION: tuple[RetentionClass, ...] = (
    RetentionClass(
        name="sign_in",
        holds=N_("when somebody signed in, how, and in what kind of browser; no network address"),
        purpose=N_("to know who asks, to let people see and end where they are signed in, and to find misuse"),
        ground=N_("GDPR 6(1)(f) and 32: security of the processing"),
        keep=N_("30 days after it ended; then they are deleted when somebody signs in"),
        days=SIGN_IN_DAYS,
        ended=_signed_in,
    ),
    RetentionClass(
        name="sign_in_limits",
        holds=N_("how often something was tried, under a digest of an address or a browser"),
        purpose=N_("to slow down who guesses"),
        ground=N_("GDPR 6(1)(f) and 32: security of the processing"),
        keep=N_("a day; then they are deleted when somebody signs in"),
        days=LIMIT_DAYS,
        ended=_tried,
    ),
    RetentionClass(
        name="passkeys",
        holds=N_("the public keys of a member's passkeys, and the names that the member gave them"),
        purpose=N_("to know that it is the member who signs in"),
        ground=N_("GDPR 6(1)(b) and 32: security of the processing"),
        keep=N_("until the member takes it away, and no longer than 31 days after the membership ended"),
        days=31,
        ended=_left_with_passkey,
    ),
    RetentionClass(
        name="linked_accounts",
        holds=N_("which accounts with identity providers a member linked, each under a digest"),
        purpose=N_("to know that it is the member who signs in"),
        ground=N_("GDPR 6(1)(b) and 32: security of the processing"),
        keep=N_("until the member takes it away, and no longer than 31 days after the membership ended"),
        days=31,
        ended=_left_with_account,
    ),
)
