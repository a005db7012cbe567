"""Enrolment: two people give somebody in person a code to make a passkey that counts for a seat.

It is how an officer begins, and how one begins again who lost every passkey. A letter cannot do it: the one person who
may have letters made could otherwise sign in as anybody. Neither can a mailbox.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, update
from sqlmodel import col, select

from stembus.access.codes import is_well_typed, new_letter_code, read_code
from stembus.access.rows import changed
from stembus.access.sessions import Proof, end_all_others, may_sign_in
from stembus.access.tables import AccessCode, AccessPasskey, AccessProvider
from stembus.access.telling import tell
from stembus.access.tokens import fingerprint
from stembus.errors import Refused, UnusableInput
from stembus.ids import new_id
from stembus.ledger.acts import Act, ActKind
from stembus.organisation.authority import authorise_two, holders, today
from stembus.organisation.core_powers import ACCESS_RECOVERY
from stembus.organisation.member import display_name
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import Member
from stembus.words import N_

if TYPE_CHECKING:
    from stembus.instance import Transaction

LIFE = timedelta(hours=24)
"""How long a code works: while two people are there, or the same day at home."""
PATH = "/sign-in/enrol"

RECOVERED = ActKind(
    name="access.recovered",
    nl="Lid {number} kreeg van twee mensen een code om een passkey te maken; eerdere passkeys en codes vervallen.",
    en="Two people gave member {number} a code to make a passkey; earlier passkeys and codes end.",
)


class EnrolmentCode(NamedTuple):
    """A code as it is said or shown, once, and for whom: it is kept nowhere.

    In `address` it stands after the #, so that no server and no log ever sees it.
    """

    number: str
    name: str
    code: str
    address: str
    expires_at: datetime


def give_enrolment_code(transaction: "Transaction", number: str, *, by: tuple[str, str], ground: str) -> EnrolmentCode:
    """Give the member with this number a code, as an act of the two members numbered `by`.

    Passkeys, linked accounts, sessions and codes of before end at once: who lost a telephone does not want them to go
    on. Neither of the two may be the person, unless nobody else could: the two who found an instance let each other in.
    """
    session, now = transaction.session, transaction.now
    member = member_numbered(session, number)
    actors = authorise_two(transaction, *by, ACCESS_RECOVERY)
    if member.id in {actor.member_id for actor in actors} and _others_could(transaction, member.id):
        raise Refused("Nobody lets themselves in: two others have to see who it is.")
    if not may_sign_in(transaction.instance, session, member.id, now):
        raise Refused("The membership of {number} has ended: no code was made.", number=member.number)
    act_id = transaction.record(
        Act(
            kind=RECOVERED.name,
            by=actors,
            ground=ground,
            subject={"member": member.id},
            details={"number": member.number},
        )
    )
    for way_in in (AccessPasskey, AccessProvider):
        session.execute(delete(way_in).where(col(way_in.member_id) == member.id))
    end_all_others(transaction, member.id, None)
    open_codes = (col(AccessCode.member_id) == member.id, col(AccessCode.used_at).is_(None))
    session.execute(update(AccessCode).where(*open_codes, col(AccessCode.ended_at).is_(None)).values(ended_at=now))
    code = new_letter_code()
    session.add(
        AccessCode(
            id=new_id(now),
            code_hash=fingerprint("enrolment", read_code(code)),
            kind="enrolment",
            member_id=member.id,
            made_at=now,
            expires_at=now + LIFE,
            act_id=act_id,
        )
    )
    session.flush()
    tell(transaction, member.id, "let_in", [_name(session.get_one(Member, actor.member_id)) for actor in actors])
    address = f"{transaction.instance.settings.address.rstrip('/')}{PATH}#{code}"
    return EnrolmentCode(member.number, _name(member), code, address, now + LIFE)


def use_enrolment_code(transaction: "Transaction", typed: str) -> Proof:
    """Use a code up and return whom it signs in, for as long as making a passkey takes. It works once.

    Raises `UnusableInput` when it has a typing error, and `Refused` when it is none, was used, or is too old. Of two
    who use it at one moment, one gets in.
    """
    code, session, now = read_code(typed), transaction.session, transaction.now
    if not is_well_typed(code):
        raise UnusableInput(N_("There is a typing error in this code: look at each letter once more."), field="code")
    code_hash = fingerprint("enrolment", code)
    used = changed(
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
        raise Refused(N_("This code does not work any more, or never did. Ask two people for a new one."), field="code")
    return Proof(row.member_id, "enrolment")


def _name(member: Member) -> str:
    return display_name(member.given, member.particle, member.surname)


def _others_could(transaction: "Transaction", member_id: str) -> bool:
    """Whether two others, in two seats, could give the code today."""
    day = today(transaction.instance, transaction.now)
    seats = [seat for seat in holders(transaction.session, day, ACCESS_RECOVERY) if seat.member_id != member_id]
    return any(a.member_id != b.member_id and a.mandate != b.mandate for a in seats for b in seats)
