"""Answering "why can I not vote?" on the phone: what the party knows of a member, and what can be done about it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Literal

import msgspec
from sqlmodel import Session, col, func, select

from stembus.access.tables import AccessCode, AccessLink, AccessPasskey
from stembus.notices.tables import MailMessage
from stembus.organisation.facts import MemberOnDay
from stembus.organisation.tables import Member
from stembus.words import N_
from stembus_procedures.sentence import Sentence

FAILED = frozenset({"failed", "bounced", "unreachable"})
"""The states in which a mail did not arrive."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at: in order ("yes"), in the way ("no") or not known ("wait"), and what can be done."""

    mark: Literal["yes", "no", "wait"]
    said: Sentence
    remedy: Sentence | None = None


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody can sign in: passkeys, the last link that was asked, a letter code that can be used, mails."""

    passkeys: int = 0
    asked_at: datetime | None = None
    used_at: datetime | None = None
    letter_until: datetime | None = None
    mails: tuple[MailMessage, ...] = ()
    shares_address: bool = False


def membership_told(member: MemberOnDay, day: date) -> list[Told]:
    """Return what holds of somebody's membership on `day`; a pure rule over what the roll says."""
    facts = member.facts
    since = facts.registered_on or facts.first_payment_on
    found = []
    if facts.ended_on is not None and facts.ended_on <= day:
        said = Sentence(N_("Membership ended on {day}."), day=facts.ended_on)
        found.append(_no(said, N_("Wrong? The membership administration looks it up; the next import corrects it.")))
    elif since is None:
        found.append(
            Told(
                mark="wait",
                said=Sentence(N_("It is not known since when this person is a member.")),
                remedy=Sentence(N_("The membership administration fills it in; the next import brings it.")),
            )
        )
    else:
        found.append(Told(mark="yes", said=Sentence(N_("Member since {day}."), day=since)))
    found.append(_contribution(facts.contribution))
    if facts.suspended:
        said = Sentence(N_("The membership is suspended."))
        found.append(_no(said, N_("The letter about the suspension says where to appeal, and until when.")))
    if facts.branch is None:
        said = Sentence(N_("No branch is known."))
        found.append(Told(mark="wait", said=said, remedy=Sentence(N_("Ask where this person lives, and correct it."))))
    else:
        found.append(Told(mark="yes", said=Sentence(N_("Belongs to the branch {branch}."), branch=facts.branch)))
    return found


def sign_in_told(member: MemberOnDay, known: SignIn, now: datetime) -> list[Told]:
    """Return whether somebody can sign in, by which ways, and whether our mails arrive; a pure rule."""
    found = []
    if not member.email:
        said = Sentence(N_("No e-mail address is known, so no link can be sent."))
        found.append(_no(said, N_("Send a letter with a code, or correct the address after making sure who calls.")))
    elif known.shares_address:
        said = Sentence(N_("Somebody else has the same e-mail address, so a link alone does not say who it is."))
        found.append(_no(said, N_("Send a letter with a code, or a passkey can be set once signed in.")))
    else:
        found.append(Told(mark="yes", said=Sentence(N_("A link can be sent to the e-mail address that is known."))))
    if member.email and not member.by_email:
        said = Sentence(N_("Did not agree to convocation by e-mail: gets letters."))
        remedy = Sentence(N_("Does this person agree? They can say so on their own page, at “Your account”."))
        found.append(Told(mark="wait", said=said, remedy=remedy))
    if known.passkeys:
        said = Sentence(N_("Has a passkey: {count}."), count=known.passkeys)
        found.append(Told(mark="yes", said=said))
    if known.asked_at is not None:
        found.append(_link(known))
    if known.letter_until is not None and known.letter_until > now:
        said = Sentence(
            N_("A letter with a code is under way or there. It holds until {until}."), until=known.letter_until
        )
        found.append(Told(mark="yes", said=said))
    if known.mails and known.mails[0].state in FAILED:
        said = Sentence(N_("Our last mail did not arrive."))
        found.append(_no(said, N_("Ask for the right address, correct it, and send it again. Or send a letter.")))
    return found


def sign_in_of(session: Session, member: MemberOnDay, unseen: Collection[str]) -> SignIn:
    """Return what is kept of how somebody signs in, and the last mails to them but those of the kinds `unseen`."""
    one = member.member_id
    link = session.exec(
        select(AccessLink).where(AccessLink.member_id == one).order_by(col(AccessLink.asked_at).desc()).limit(1)
    ).first()
    codes = select(AccessCode).where(AccessCode.member_id == one, col(AccessCode.used_at).is_(None))
    code = session.exec(
        codes.where(col(AccessCode.ended_at).is_(None)).order_by(col(AccessCode.expires_at).desc()).limit(1)
    ).first()
    mails = session.exec(
        select(MailMessage)
        .where(MailMessage.member_id == one, col(MailMessage.kind).not_in(unseen))
        .order_by(col(MailMessage.queued_at).desc())
        .limit(5)
    ).all()
    passkeys = session.exec(select(func.count()).select_from(AccessPasskey).where(AccessPasskey.member_id == one)).one()
    return SignIn(
        passkeys=passkeys,
        asked_at=None if link is None else link.asked_at,
        used_at=None if link is None else link.used_at,
        letter_until=None if code is None else code.expires_at,
        mails=tuple(mails),
        shares_address=_shares(session, member),
    )


def _shares(session: Session, member: MemberOnDay) -> bool:

    if not member.email:
        return False
    same = select(Member.id).where(
        func.lower(Member.email) == member.email.lower(),
        Member.id != member.member_id,
        col(Member.merged_into).is_(None),
    )
    return session.exec(same.limit(1)).first() is not None


def _contribution(state: str | None) -> Told:
    if state is None:
        said = Sentence(N_("It is not known whether the contribution was paid."))
        return Told(mark="wait", said=said, remedy=Sentence(N_("The treasurer can look it up.")))
    if state == "unpaid":
        said = Sentence(N_("The contribution was not paid."))
        return _no(
            said, N_("Pay, or agree on an arrangement with the treasurer. Whether it counts depends on the day.")
        )
    return Told(mark="yes", said=Sentence(N_("The contribution is in order.")))


def _link(known: SignIn) -> Told:
    if known.used_at is not None:
        said = Sentence(N_("The last link was asked at {asked} and used."), asked=known.asked_at)
        return Told(mark="yes", said=said)
    said = Sentence(N_("The last link was asked at {asked} and not used."), asked=known.asked_at)
    remedy = Sentence(N_("Look in the spam folder, or type the code in the mail. Each new link ends the one before."))
    return Told(mark="wait", said=said, remedy=remedy)


def _no(said: Sentence, remedy: str) -> Told:
    return Told(mark="no", said=said, remedy=Sentence(remedy))
