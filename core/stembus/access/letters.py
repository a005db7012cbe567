"""The code in a letter: the way in for who has no mail address, or shares one.

It is shown once, when it is made; the database keeps its fingerprint. A newer one ends those of before.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlmodel import col

from stembus.access.codes import is_well_typed, new_letter_code, read_code
from stembus.access.sessions import may_sign_in
from stembus.access.tables import AccessCode
from stembus.access.tokens import fingerprint
from stembus.errors import Refused, UnusableInput
from stembus.ids import new_id
from stembus.ledger.acts import Act
from stembus.organisation.authority import authorise
from stembus.organisation.core_powers import ACCESS_LETTERS
from stembus.organisation.registry import member_numbered
from stembus.words import N_

if TYPE_CHECKING:
    from stembus.instance import Transaction

LIFE = timedelta(days=21)
"""How long a code waits for its reader: the post takes days, and people are on holiday."""


def make_letter(transaction: "Transaction", number: str, *, by: str) -> str:
    """Make the code of a letter for the member with this number, and return it: nobody can see it again.

    It is an act of whoever has the power `access.letters` (member number `by`), without the code. The codes made for
    that member before end. Raises `Refused` when the member cannot sign in.
    """
    actor = authorise(transaction, by, ACCESS_LETTERS)
    session, now = transaction.session, transaction.now
    member = member_numbered(session, number)
    if not may_sign_in(transaction.instance, session, member.id, now):
        raise Refused(N_("Member {number} is no member any more, and cannot sign in."), number=member.number)
    act_id = transaction.record(
        Act(
            kind="access.letter_made",
            by=(actor,),
            ground="a letter to sign in with",
            subject={"member": member.id},
            details={"number": member.number},
        )
    )
    session.execute(
        update(AccessCode)
        .where(
            col(AccessCode.member_id) == member.id,
            col(AccessCode.kind) == "letter",
            col(AccessCode.used_at).is_(None),
            col(AccessCode.ended_at).is_(None),
        )
        .values(ended_at=now)
    )
    code = new_letter_code()
    session.add(
        AccessCode(
            id=new_id(now),
            code_hash=fingerprint("letter", read_code(code)),
            kind="letter",
            member_id=member.id,
            made_at=now,
            expires_at=now + LIFE,
            act_id=act_id,
        )
    )
    session.flush()
    return code


def use_letter(transaction: "Transaction", typed: str) -> str:
    """Use the code of a letter, as somebody typed it, and return the id of its member. It works once.

    Raises `UnusableInput` when it has a typing error, and `Refused` when it is none, was used, or is too old: these
    are not told apart. Of two who use it at once, one comes in.
    """
    code = read_code(typed)
    if not is_well_typed(code):
        raise UnusableInput(
            N_("There is a typing error in this code. It has four groups of five letters and digits."), field="code"
        )
    used: str | None = transaction.session.execute(
        update(AccessCode)
        .where(
            col(AccessCode.code_hash) == fingerprint("letter", code),
            col(AccessCode.kind) == "letter",
            col(AccessCode.used_at).is_(None),
            col(AccessCode.ended_at).is_(None),
            col(AccessCode.expires_at) > transaction.now,
        )
        .values(used_at=transaction.now)
        .returning(col(AccessCode.member_id))
    ).scalar_one_or_none()
    if used is None:
        raise Refused(
            N_("This code does not work: it was used, is too old, or there is a newer letter. Ask the office for one."),
            field="code",
        )
    return used
