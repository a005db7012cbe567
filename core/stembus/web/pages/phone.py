"""The phone: find who calls, make sure it is them, and answer from one page."""

from typing import NamedTuple

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromQuery
from markupsafe import Markup
from sqlmodel import Session

from stembus.conduct.answering import Told, membership_told, sign_in_of, sign_in_told
from stembus.errors import UnusableInput
from stembus.notices.kinds import all_mails, confidential_mails
from stembus.notices.tables import Mailing, MailMessage
from stembus.organisation.authority import all_seats, current_definitions, today
from stembus.organisation.core_powers import MEMBERS_VIEW
from stembus.organisation.facts import facts_on
from stembus.organisation.mandate import runs
from stembus.organisation.registry import member_numbered
from stembus.organisation.scope import scopes_of, seen
from stembus.organisation.search import search
from stembus.web import Answer, Visit, page, power
from stembus.web.pages.mailings_shown import STATE_WORDS
from stembus.web.pages.procedure_shown import all_shown, drawn
from stembus.web.pages.procedure_shown import concerning as procedures_of
from stembus_procedures.language.values import Words


class Concerning(NamedTuple):
    """A running procedure and what plugins say of this member in it, as the member sees it."""

    name: str
    title: Words
    cards: list[Markup]


@page("/phone", who=power(MEMBERS_VIEW))
def phone_page(visit: NamedDependency[Visit], q: FromQuery[str] = "", number: FromQuery[str] = "") -> Answer:
    """Find the caller, or answer everything about one member."""
    if number:
        return _answer(visit, number)
    day = today(visit.instance, visit.now)
    with visit.read() as session:
        scopes = [scope for scope in scopes_of(session, visit.member.member_id, day) if scope.branch is None]
        if not scopes:
            raise NotFoundException
        found = search(session, scopes[0], q, day, most=20)
        rows = seen(session, scopes[0], scopes[0].purpose("convocation"), found.member_ids, day)
    return visit.page("phone/find.html", q=q, rows=rows, total=found.total)


def _answer(visit: Visit, number: str) -> Answer:
    day, plugins = today(visit.instance, visit.now), visit.instance.plugins
    with visit.read() as session:
        if not any(scope.branch is None for scope in scopes_of(session, visit.member.member_id, day)):
            raise NotFoundException
        try:
            one = facts_on(session, [member_numbered(session, number).id], day)
        except UnusableInput:
            raise NotFoundException from None
        member = next(iter(one.values()))
        known = sign_in_of(session, member, confidential_mails(visit.instance.plugins))
        concerning: list[Concerning] = []
        going_on = [one for one in all_shown(visit, session) if not one.is_over]
        for found in procedures_of(visit, session, going_on, member.member_id):
            running = found.running
            public = {card.template for card in plugins.cards(session, visit.now, running, None)}
            cards = plugins.cards(session, visit.now, running, member.member_id)
            told = (card for card in cards if card.template not in public and not card.private)
            own = sorted(told, key=lambda card: card.order)
            shown = [drawn(visit, card, f"-{len(concerning) + 1}") for card in own]
            concerning.append(Concerning(found.name, found.title, shown))
        seats = [
            seat
            for seat in all_seats(session)
            if seat.member_id == member.member_id and runs(seat.starts, seat.ends, day)
        ]
        return visit.page(
            "phone/answer.html",
            member=member,
            told=_said(visit, membership_told(member, day)),
            signing_in=_said(visit, sign_in_told(member, known, visit.now)),
            mails=[(mail, _what(visit, session, mail)) for mail in known.mails],
            mail_states=STATE_WORDS,
            concerning=concerning,
            seats=seats,
            definitions=current_definitions(session),
        )


def _what(visit: Visit, session: Session, mail: MailMessage) -> str:
    """Return what a mail is called: its subject, for one of a mailing its name, or else of which kind it is."""
    if mail.subject:
        return mail.subject
    mailing = session.get(Mailing, mail.mailing_id) if mail.mailing_id else None
    if mailing is not None:
        return mailing.title
    kind = all_mails(visit.instance.plugins).get(mail.kind)
    return mail.kind if kind is None else visit.house.speech(visit.lang).value(kind)


def _said(visit: Visit, told: list[Told]) -> list[tuple[str, str, str]]:
    """Return what was looked at as the part for reasons takes it: a mark, a sentence, what can be done."""
    return [(one.mark, visit.say(one.said), visit.say(one.remedy) if one.remedy else "") for one in told]


PAGES = (phone_page,)
