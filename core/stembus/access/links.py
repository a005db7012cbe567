"""Links in mails: asked for with an address, confirmed on a page, and a code beside them for a mail that came late.

Whatever address is typed, the answer, the rows that are written and the work are the same (ASVS 5.0 6.3.8).
"""

import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from stembus.access.codes import new_mail_code, read_code
from stembus.access.limits import LINK_TO_ADDRESS, forget
from stembus.access.rows import changed
from stembus.access.sessions import Proof, may_sign_in
from stembus.access.tables import AccessLink
from stembus.access.tokens import fingerprint, new_token
from stembus.errors import Refused, UnusableInput
from stembus.ids import new_id
from stembus.notices.address import deliverable, in_letters
from stembus.notices.languages import language_of
from stembus.notices.outbox import queue_mail
from stembus.organisation.authority import today
from stembus.organisation.member import display_name
from stembus.organisation.tables import Member, MemberPeriod
from stembus.words import N_, Lang

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction

LINK_LIFE = timedelta(minutes=10)
"""How long a link works (ASVS 5.0 6.5.5)."""
CODE_LIFE = timedelta(minutes=60)
"""How long the code beside it works, in the one browser that asked.

A mail server that turns a first try away gets the next one no sooner than after 30 minutes (RFC 5321, 4.5.4.1): the
link in such a mail is dead when it comes, and the code still works.
"""
TRIES = 5
"""Guesses at one code; there are 2^40."""


def ask_link(transaction: "Transaction", *, address: str, lang: Lang, browser: str) -> None:
    """Mail a link and a code to `address`, if it is that of one member, and end those asked for earlier.

    `browser` is a secret in the cookie of who asks; the code works there only. A mailbox that two members share
    identifies neither of them: the mail then says that it takes a code from a letter. It is in the language that the
    member chose, or else in `lang`. Raises `UnusableInput` when it is no address. Nothing that comes back, and no row
    but the mail itself, says whether anybody has the address.
    """
    to = deliverable(address)
    if to is None:
        raise UnusableInput(N_("This is not an e-mail address. Write it as name@place.nl."), field="address")
    session, now = transaction.session, transaction.now
    found = _members_at(transaction, to.lower())
    member_id = found[0] if len(found) == 1 else None
    token, code = new_token(), new_mail_code()
    link = AccessLink(
        id=new_id(now),
        token_hash=fingerprint("link", token),
        code_hash=_code_hash(browser, read_code(code)),
        browser_hash=fingerprint("browser", browser),
        member_id=member_id,
        asked_at=now,
        expires_at=now + LINK_LIFE,
        code_expires_at=now + CODE_LIFE,
    )
    same_person = col(AccessLink.member_id) == (member_id or "")
    session.execute(
        update(AccessLink)
        .where(or_(same_person, col(AccessLink.browser_hash) == link.browser_hash), col(AccessLink.ended_at).is_(None))
        .values(ended_at=now)
    )
    session.add(link)
    session.flush()
    chosen = language_of(session, member_id or "")
    # A mail to nobody is written like any other, and taken back.
    with session.begin_nested() as written:
        _mail(transaction, found, to=to, lang=chosen or lang, token=token, code=code)
        if not found:
            written.rollback()


def mailbox(address: str) -> str:
    """Return one name for a mailbox, however its address is typed: its tries are counted under it."""
    return (deliverable(address) or address.strip()).lower()


def offered(instance: "Instance", session: Session, token: str) -> str | None:
    """Return the name of who a link signs in, to show before they confirm it; None when it is over. Changes nothing."""
    now = instance.clock.now()
    row = session.exec(select(AccessLink).where(AccessLink.token_hash == fingerprint("link", token))).first()
    if row is None or row.used_at or row.ended_at or row.expires_at <= now or row.member_id is None:
        return None
    if not may_sign_in(instance, session, row.member_id, now):
        return None
    member = session.get_one(Member, row.member_id)
    return display_name(member.given, member.particle, member.surname)


def use_link(transaction: "Transaction", token: str) -> Proof | Refused:
    """Use a link up and return whom it signs in. Of two who use it at one moment, one does.

    A refusal is returned and not raised, so that what was counted is kept.
    """
    session, now = transaction.session, transaction.now
    token_hash = fingerprint("link", token)
    used = changed(
        session,
        update(AccessLink)
        .where(
            col(AccessLink.token_hash) == token_hash,
            col(AccessLink.used_at).is_(None),
            col(AccessLink.ended_at).is_(None),
            col(AccessLink.expires_at) > now,
            col(AccessLink.member_id).is_not(None),
        )
        .values(used_at=now),
    )
    if used != 1:
        return Refused(N_("This link is over: it works once, and for ten minutes. Ask for a new one."))
    return _proof(
        transaction, session.exec(select(AccessLink.member_id).where(AccessLink.token_hash == token_hash)).one()
    )


def use_code(transaction: "Transaction", *, browser: str, text: str) -> Proof | Refused:
    """Use the code from the mail that this browser asked for, and return whom it signs in.

    The fifth wrong one ends it. An address that nobody has is answered in the same way. A refusal is returned and not
    raised, so that the try is kept.
    """
    session, now = transaction.session, transaction.now
    row = session.exec(
        select(AccessLink)
        .where(AccessLink.browser_hash == fingerprint("browser", browser), col(AccessLink.ended_at).is_(None))
        .order_by(col(AccessLink.asked_at).desc(), col(AccessLink.id).desc())
    ).first()
    over = Refused(N_("This code is over. Ask for a new mail."), field="code")
    if row is None or row.used_at or row.code_expires_at <= now:
        return over
    is_open = (col(AccessLink.id) == row.id, col(AccessLink.used_at).is_(None), col(AccessLink.ended_at).is_(None))
    counted = update(AccessLink).where(*is_open, col(AccessLink.tries) < TRIES).values(tries=AccessLink.tries + 1)
    if changed(session, counted) != 1:
        return over
    is_right = hmac.compare_digest(_code_hash(browser, read_code(text)), row.code_hash) and row.member_id is not None
    if not is_right:
        left = TRIES - row.tries - 1
        wrong = N_("This is not the code from the newest mail. You can try {left} more times.")
        return Refused(wrong, left=left, field="code") if left > 0 else over
    if changed(session, update(AccessLink).where(*is_open).values(used_at=now)) != 1:
        return over
    return _proof(transaction, row.member_id)


def _members_at(transaction: "Transaction", address: str) -> list[str]:
    """Return the ids of those who are members today and have this mailbox, however its domain is written."""
    written = (address, in_letters(address))
    day = today(transaction.instance, transaction.now)
    gone = select(MemberPeriod.member_id).where(
        MemberPeriod.kind == "left",
        col(MemberPeriod.starts) <= day,
        or_(col(MemberPeriod.ends).is_(None), col(MemberPeriod.ends) > day),
    )
    query = select(Member.id).where(
        col(Member.email).in_(written), col(Member.merged_into).is_(None), col(Member.id).not_in(gone)
    )
    return list(transaction.session.exec(query))


def _mail(transaction: "Transaction", found: list[str], *, to: str, lang: Lang, token: str, code: str) -> None:
    address = transaction.instance.settings.address.rstrip("/")
    alone = len(found) < 2
    values = {
        "link": f"{address}/sign-in/link/{token}" if alone else f"{address}/sign-in/letter",
        "code": code,
        "until": transaction.now + LINK_LIFE,
    }
    queue_mail(
        transaction,
        kind="sign_in" if alone else "sign_in_shared",
        member_id=found[0] if found and alone else "",
        to=to,
        lang=lang,
        values=values,
        expires_at=transaction.now + CODE_LIFE,
    )


def _proof(transaction: "Transaction", member_id: str | None) -> Proof | Refused:
    if member_id is None or not may_sign_in(transaction.instance, transaction.session, member_id, transaction.now):
        return Refused(N_("This link is over: it works once, and for ten minutes. Ask for a new one."))
    member = transaction.session.get_one(Member, member_id)
    forget(transaction, LINK_TO_ADDRESS, mailbox(member.email))
    return Proof(member_id, "link")


def _code_hash(browser: str, code: str) -> str:
    # The secret of the browser is in it: whoever reads the table cannot find the 40 bits of the code by trying.
    return fingerprint("code", f"{browser}\0{code}")
