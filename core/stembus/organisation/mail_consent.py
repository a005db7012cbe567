"""Whether a member agrees to be called by e-mail, in their own words: said and taken back on their own page.

The law lets a convocation go by e-mail only to who agreed to that (BW 2:41 lid 5). The membership roll tells it for
most members; what a member says here stands beside it, so that no import writes over it. The latest word counts.
"""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from stembus.errors import Refused
from stembus.ledger.acts import Act, Actor
from stembus.organisation.authority import today
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import MailConsent, MemberPeriod
from stembus.words import N_

if TYPE_CHECKING:
    from stembus.instance import Transaction

GROUND = "BW 2:41 lid 5"


def say_consent(transaction: "Transaction", number: str, *, agrees: bool) -> None:
    """Keep that the member `number` agrees to be called by e-mail from today on, or takes that back: one act.

    Only that member says so. Raises `Refused` when no address is known to which a convocation could go.
    """
    session = transaction.session
    member = member_numbered(session, number)
    if agrees and not member.email:
        raise Refused(
            N_("We know no e-mail address of yours. Ask the office to write it down first."), field="mail_consent"
        )
    act_id = transaction.record(
        Act(
            kind="member.mail_agreed" if agrees else "member.mail_taken_back",
            by=(Actor(member_id=member.id, seat_id="", capacity="member"),),
            ground=GROUND,
            subject={"member": member.id},
            details={"number": member.number},
        )
    )
    said_on = today(transaction.instance, transaction.now)
    session.merge(MailConsent(member_id=member.id, said_on=said_on, agrees=agrees, act_id=act_id))
    session.flush()


def words_of_members(session: Session, member_ids: Collection[str] | None, day: date) -> dict[str, MailConsent]:
    """Return the word of each of these members (None: of everybody) that counts on `day`, for those who gave one.

    A word that is older than what the roll tells does not count any more: the membership administration heard more.
    """
    roll_changed = and_(
        col(MemberPeriod.member_id) == col(MailConsent.member_id),
        col(MemberPeriod.kind) == "email_consent",
        or_(
            and_(col(MemberPeriod.starts) > col(MailConsent.said_on), col(MemberPeriod.starts) <= day),
            and_(col(MemberPeriod.ends) > col(MailConsent.said_on), col(MemberPeriod.ends) <= day),
        ),
    )
    said = select(MailConsent).where(
        col(MailConsent.said_on) <= day, ~select(MemberPeriod.member_id).where(roll_changed).exists()
    )
    if member_ids is not None:
        said = said.where(col(MailConsent.member_id).in_(member_ids))
    return {row.member_id: row for row in session.exec(said.order_by(col(MailConsent.said_on)))}


def take_over_words(session: Session, keep: str, gone: str) -> None:
    """Let the entry `keep` have what was said under the entry `gone`: they are one member."""
    for row in session.exec(select(MailConsent).where(MailConsent.member_id == gone)).all():
        if session.get(MailConsent, (keep, row.said_on)) is None:
            session.add(MailConsent(**{**row.model_dump(), "member_id": keep}))
        session.delete(row)
