"""Codes on paper: from a letter, for who has no e-mail or shares a mailbox, or given in person by two people.

A letter opens what a mail would. It never makes a passkey that counts for a seat: the one person in the office who may
have letters made could otherwise sign in as anybody. That takes two people, who give an enrolment code in person.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

import segno
from sqlalchemy import delete, update
from sqlmodel import Session, col, func, select

from stembus.access.codes import grouped, is_whole, long_code, typed
from stembus.access.core_acts import CODE_MADE, RECOVERED
from stembus.access.limits import CODE_IN_BROWSER, FROM_ADDRESS, forget, take, too_often
from stembus.access.links import Proof, _changed
from stembus.access.sessions import end_all_others, may_sign_in
from stembus.access.tables import AccessCode, AccessPasskey
from stembus.access.tokens import fingerprint
from stembus.errors import Refused, UnusableInput
from stembus.ids import new_id
from stembus.ledger.acts import Act, Actor
from stembus.organisation.authority import authorise, authorise_two, holders, today
from stembus.organisation.core_powers import ACCESS_LETTERS, ACCESS_RECOVERY
from stembus.organisation.registry import member_numbered
from stembus.words import N_

if TYPE_CHECKING:
    from stembus.instance import Transaction

CodeKind = Literal["letter", "enrolment"]
ENROLMENT_LIFE = timedelta(hours=24)
"""An enrolment code is used while two people are there, or the same day at home."""
LONGEST = timedelta(days=90)
"""No letter works longer than this: it lies in a drawer by then."""


class IssuedCode(NamedTuple):
    """A code as it is printed or said, once: it is kept nowhere."""

    number: str
    code: str
    address: str
    expires_at: datetime

    def qr(self) -> str:
        """Return the QR code of the address as SVG. The code is after the #: no server and no log ever sees it."""
        return segno.make(self.address, error="m").svg_inline(scale=4)


def make_letter_codes(
    transaction: "Transaction", numbers: Sequence[str], *, last_day: date, by: str, ground: str
) -> list[IssuedCode]:
    """Make a code for each member, in a letter that works once until `last_day`; their earlier ones end.

    Each is an act of the member numbered `by`, which holds ids only. Raises `Refused` without the power, and for who
    is no member; `UnusableInput` when the day has passed or is more than 90 days away.
    """
    actor = authorise(transaction, by, ACCESS_LETTERS)
    zone = transaction.instance.zone
    expires = datetime.combine(last_day + timedelta(days=1), datetime.min.time(), zone)
    if not transaction.now < expires <= transaction.now + LONGEST + timedelta(days=1):
        raise UnusableInput(
            "A code in a letter works until a day from today to {days} days from now, not until {last_day}.",
            days=LONGEST.days,
            last_day=last_day,
            field="last_day",
        )
    return [_make(transaction, number, "letter", expires, (actor,), ground) for number in numbers]


def give_enrolment_code(transaction: "Transaction", number: str, *, by: tuple[str, str], ground: str) -> IssuedCode:
    """Give somebody a code with which they make a passkey that counts for their seats, as an act of two people.

    Their passkeys and sessions of before end at once: who lost a telephone does not want them to go on. Neither of
    the two may be the person, unless nobody else could: the two who found an instance let each other in.
    """
    member = member_numbered(transaction.session, number)
    actors = authorise_two(transaction, *by, ACCESS_RECOVERY)
    if member.id in {actor.member_id for actor in actors} and _others_could(transaction, member.id):
        raise Refused(
            "Nobody lets themselves in: two others who may have to see that it is you. Member {number} is one of the two.",
            number=number,
        )
    issued = _make(transaction, number, "enrolment", transaction.now + ENROLMENT_LIFE, actors, ground)
    transaction.session.execute(delete(AccessPasskey).where(col(AccessPasskey.member_id) == member.id))
    end_all_others(transaction, member.id, None)
    return issued


def use_paper_code(transaction: "Transaction", *, text: str, browser: str, client: str) -> Proof | Refused:
    """Use up a code from paper and return whom it signs in, as "letter" or "enrolment".

    A slip of the finger is told as such and counts for nothing. A refusal is returned and not raised, so that the try
    is kept.
    """
    code, session, now = typed(text), transaction.session, transaction.now
    if not is_whole(code):
        return Refused(N_("There is a slip in this code: look at each letter once more."), field="code")
    for limit, key in ((FROM_ADDRESS, client), (CODE_IN_BROWSER, browser)):
        until = take(transaction, limit, key)
        if until is not None:
            return too_often(until)
    code_hash = fingerprint("paper", code)
    used = _changed(
        session,
        update(AccessCode)
        .where(
            col(AccessCode.code_hash) == code_hash,
            col(AccessCode.used_at).is_(None),
            col(AccessCode.ended_at).is_(None),
            col(AccessCode.expires_at) > now,
        )
        .values(used_at=now),
    )
    row = session.exec(select(AccessCode).where(AccessCode.code_hash == code_hash)).first() if used == 1 else None
    if row is None or not may_sign_in(transaction.instance, session, row.member_id, now):
        return Refused(
            N_("This code does not work any more, or never did. Call the office for a new letter."), field="code"
        )
    forget(transaction, CODE_IN_BROWSER, browser)
    return Proof(row.member_id, "enrolment" if row.kind == "enrolment" else "letter")


def letters_open(session: Session, member_id: str, now: datetime) -> int:
    """Return how many codes of a member still work."""
    query = select(func.count()).where(
        AccessCode.member_id == member_id,
        col(AccessCode.used_at).is_(None),
        col(AccessCode.ended_at).is_(None),
        col(AccessCode.expires_at) > now,
    )
    return session.exec(query).one()


def _make(
    transaction: "Transaction", number: str, kind: CodeKind, expires: datetime, actors: tuple[Actor, ...], ground: str
) -> IssuedCode:
    session, now = transaction.session, transaction.now
    member = member_numbered(session, number)
    if not may_sign_in(transaction.instance, session, member.id, now):
        raise Refused("The membership of {number} has ended: no code was made.", number=number)
    code = long_code()
    act_id = transaction.record(
        Act(
            kind=(CODE_MADE if kind == "letter" else RECOVERED).name,
            by=actors,
            ground=ground,
            subject={"member": member.id},
            details={"number": member.number},
        )
    )
    unused = (col(AccessCode.member_id) == member.id, col(AccessCode.used_at).is_(None))
    session.execute(update(AccessCode).where(*unused, col(AccessCode.ended_at).is_(None)).values(ended_at=now))
    session.add(
        AccessCode(
            id=new_id(now),
            code_hash=fingerprint("paper", code),
            kind=kind,
            member_id=member.id,
            made_at=now,
            expires_at=expires,
            act_id=act_id,
        )
    )
    session.flush()
    shown = grouped(code)
    address = f"{transaction.instance.settings.address.rstrip('/')}/sign-in/letter#{shown}"
    return IssuedCode(member.number, shown, address, expires)


def _others_could(transaction: "Transaction", member_id: str) -> bool:
    """Whether two others, in two seats, could give the code today."""
    day = today(transaction.instance, transaction.now)
    seats = [seat for seat in holders(transaction.session, day, ACCESS_RECOVERY) if seat.member_id != member_id]
    return any(a.member_id != b.member_id and a.mandate != b.mandate for a in seats for b in seats)
