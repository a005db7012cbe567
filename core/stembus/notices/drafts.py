"""Preparing a mailing: what it says, to whom, and a test mail before anything leaves."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from sqlmodel import Session, select

from stembus.conduct.policies import installed_kinds
from stembus.conduct.running import running_of
from stembus.errors import Problem, Refused, UnusableInput
from stembus.ids import new_id
from stembus.notices.address import deliverable
from stembus.notices.audience import Audience, AudienceDecoder, Recipient, recipients
from stembus.notices.channels import MailingPurpose
from stembus.notices.mailing_words import Texts, blocks_of, read_texts, words_for
from stembus.notices.outbox import new_message
from stembus.notices.tables import Mailing
from stembus.notices.unsendable import check_sendable
from stembus.organisation.authority import authorise
from stembus.organisation.core_powers import MAIL_SEND
from stembus.organisation.tables import Member

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A mailing before it leaves. `day` is the day on which the audience is looked up.

    With `procedure_id` and `stage` it belongs to a stage of that procedure; without a `due_at` of its own it is then
    due when the stage is.
    """

    title: str
    purpose: MailingPurpose
    audience: Audience
    texts: Texts
    day: date
    is_personal: bool = False
    procedure_id: str | None = None
    stage: str = ""
    due_at: datetime | None = None
    post_days: int = 3


def save_draft(transaction: "Transaction", draft: Draft, *, by: str, mailing_id: str | None = None) -> str:
    """Keep a draft, new or in the place of the one with this id, and return its id.

    It is not an act: nothing has left and nobody's rights changed. Raises `Refused` when the mailing was released or
    somebody's seat does not allow it, `UnusableInput` when it could not be sent as it is.
    """
    session = transaction.session
    authorise(transaction, by, MAIL_SEND)
    _check(transaction, draft)
    row = Mailing(
        id=new_id(transaction.now), made_at=transaction.now, title="", purpose="", audience="", texts="", day=draft.day
    )
    if mailing_id is not None:
        row = unreleased(transaction, mailing_id, by)
    row.title, row.purpose, row.is_personal = draft.title.strip(), draft.purpose, draft.is_personal
    row.audience, row.texts = (msgspec.json.encode(part).decode() for part in (draft.audience, draft.texts))
    row.day, row.post_days = draft.day, draft.post_days
    row.procedure_id, row.stage, row.due_at = draft.procedure_id, draft.stage, draft.due_at or _due(transaction, draft)
    session.add(row)
    session.flush()
    return row.id


def draft_of(mailing: Mailing) -> Draft:
    """Return what a mailing says as a draft, to change or to begin another with."""
    names = ("title", "is_personal", "day", "procedure_id", "stage", "due_at", "post_days")
    purpose: MailingPurpose = "statutory" if mailing.purpose == "statutory" else "letter"
    values = {name: getattr(mailing, name) for name in names}
    return Draft(**values, purpose=purpose, audience=audience_of(mailing), texts=read_texts(mailing))


def audience_of(mailing: Mailing) -> Audience:
    """Return the rule by which the recipients of a mailing are found."""
    found: Audience = AudienceDecoder.decode(mailing.audience)
    return found


def discard(transaction: "Transaction", mailing_id: str, *, by: str) -> None:
    """Throw a draft away. Raises `Refused` when it was released."""
    transaction.session.delete(unreleased(transaction, mailing_id, by))
    transaction.session.flush()


def send_test(transaction: "Transaction", mailing_id: str, *, by: str) -> list[str]:
    """Queue the mailing in each of its languages for `by` alone, marked as a test; return the ids of the mails.

    From then on it may be released, as long as its texts stay as they are. Raises `Refused` when whoever asks for it
    has no mail address.
    """
    mailing = unreleased(transaction, mailing_id, by)
    actor = authorise(transaction, by, MAIL_SEND)
    member = transaction.session.get_one(Member, actor.member_id)
    address = deliverable(member.email)
    if address is None:
        raise Refused("Member {number} has no mail address for a test mail to go to.", number=member.number)
    texts, made = read_texts(mailing), []
    name = f"{member.given} {member.particle} {member.surname}"
    for lang in texts.among():
        words = words_for(transaction.instance, texts, lang, {"name": name, "number": member.number})
        mail = new_message(
            transaction,
            kind="mailing_test",
            purpose="service",
            member_id=member.id,
            name=name,
            address=address,
            lang=lang,
        )
        mail.subject, mail.text, mail.html = f"[TEST] {words.subject}", words.text, words.html
        transaction.session.add(mail)
        made.append(mail.id)
    mailing.tested_sha256 = texts.sha256()
    transaction.session.add(mailing)
    transaction.session.flush()
    return made


def fates(instance: "Instance", session: Session, mailing: Mailing) -> tuple[Recipient, ...]:
    """Return everybody to whom a mailing would go now, with the channel and its reason. Nothing is changed."""
    purpose: MailingPurpose = "statutory" if mailing.purpose == "statutory" else "letter"
    return recipients(instance, session, audience_of(mailing), mailing.day, purpose, is_personal=mailing.is_personal)


def fates_sha256(found: tuple[Recipient, ...]) -> str:
    """Return the digest of a dry run, to see at the release that it is still what somebody looked at."""
    return hashlib.sha256(msgspec.json.encode(found)).hexdigest()


def three_people(found: tuple[Recipient, ...], texts: Texts) -> list[Recipient]:
    """Return up to three different people to preview a mailing with: one by mail, one in another language, one by post.

    Whichever of these there is not gives its place to somebody else.
    """
    wanted: tuple[Callable[[Recipient], bool], ...] = (
        lambda one: one.way.channel == "email" and texts.language(one.lang) == "nl",
        lambda one: texts.language(one.lang) != "nl",
        lambda one: one.way.channel == "post",
        lambda one: True,
        lambda one: True,
    )
    chosen: list[Recipient] = []
    for fits in wanted:
        one = next((one for one in found if fits(one) and one not in chosen), None)
        if one is not None and len(chosen) < 3:
            chosen.append(one)
    return chosen


def post_by(mailing: Mailing, instance: "Instance") -> date | None:
    """Return the last day on which its letters have to be posted, in the party's zone, if it is due some time."""
    if mailing.due_at is None:
        return None
    # What is due at 24:00 is due on the day that then ends.
    last = (mailing.due_at - timedelta(seconds=1)).astimezone(instance.zone).date()
    return last - timedelta(days=mailing.post_days)


def mailing_with(session: Session, mailing_id: str) -> Mailing:
    """Return a mailing. Raises `UnusableInput` when there is none with this id."""
    mailing = session.get(Mailing, mailing_id)
    if mailing is None:
        raise UnusableInput("There is no mailing {id!r}.", id=mailing_id)
    return mailing


def unreleased(transaction: "Transaction", mailing_id: str, by: str) -> Mailing:
    """Return a draft, held until the end of this transaction. Raises `Refused` when it was released."""
    session = transaction.session
    mailing_with(session, mailing_id)
    mailing = session.exec(select(Mailing).where(Mailing.id == mailing_id).with_for_update()).one()
    session.refresh(mailing)
    authorise(transaction, by, MAIL_SEND)
    if mailing.released_at is not None:
        raise Refused("{title} was released already: begin a new mailing. Nothing was changed.", title=mailing.title)
    return mailing


def _check(transaction: "Transaction", draft: Draft) -> None:
    if not draft.title.strip() or not draft.title.isprintable():
        raise UnusableInput("Give the mailing a name in one line, as the office will look for it.", field="title")
    if not 0 <= draft.post_days <= 30:
        raise UnusableInput("Letters can be posted 0 to 30 days ahead: give a number of days.", field="post_days")
    if draft.texts.nl.is_empty:
        raise UnusableInput("Write at least the Dutch text: everybody without another language gets it.", field="nl")
    for lang, text in draft.texts.among().items():
        try:
            blocks_of(text)
            check_sendable(transaction.instance.plugins, text.subject, text.body)
        except Problem as problem:
            raise UnusableInput(
                "{lang}: {problem}", lang=lang, problem=problem, field=f"{lang}_{problem.field or 'body'}"
            ) from None
    instance, session = transaction.instance, transaction.session
    recipients(instance, session, draft.audience, draft.day, draft.purpose, is_personal=draft.is_personal)


def _due(transaction: "Transaction", draft: Draft) -> datetime | None:
    if draft.procedure_id is None or not draft.stage:
        return None
    kinds = installed_kinds(transaction.instance.plugins)
    times = running_of(transaction.session, draft.procedure_id, kinds).times
    return times.get(f"{draft.stage}.due", times.get(f"{draft.stage}.opens"))
