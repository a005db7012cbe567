"""Reminding who can still vote online: what it says, how many are asked, and what became of it; never who they are."""

from typing import Any

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from sqlmodel import Session

from stembus.notices.address import deliverable
from stembus.notices.rendering import preview
from stembus.organisation.core_powers import MAIL_SEND
from stembus.organisation.member import display_name
from stembus.organisation.tables import Member
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus.words import LANGUAGES
from stembus_polls.contests import Contest
from stembus_polls.pages.opening import contest_called, contest_values, poll_for, writing
from stembus_polls.secret.notices import REMINDER
from stembus_polls.secret.poll import secret_poll
from stembus_polls.secret.remind import REMINDED, last_reminded, on_roll, remind, reminder_values, went, why_not_now

POWERS = (MAIL_SEND,)


@page("/procedures/{name:str}/poll/remind", who=power(*POWERS))
def remind_page(visit: NamedDependency[Visit], name: FromPath[str], contest: FromQuery[str] = "") -> Answer:
    """The reminder in each language, how many members it is for, and what became of the last one."""
    with visit.read() as session:
        poll = poll_for(visit, session, name, POWERS)
        chosen = contest_called(poll, contest)
        return visit.page("polls/office/remind.html", **_shown(visit, session, chosen), **contest_values(poll, chosen))


@action("/procedures/{name:str}/poll/remind", who=power(*POWERS), writes=(REMINDED,), again=remind_page)
def send_reminder(
    visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[Form], contest: FromQuery[str] = ""
) -> Answer:
    """Let the reminder go to who can still vote."""
    with visit.write() as transaction:
        chosen = contest_called(writing(visit, transaction, name, POWERS), contest)
        remind(transaction, chosen, by=visit.member.number)
    path = f"/procedures/{name}/poll/remind?contest={chosen.id}"
    return visit.go(path, N_("The reminder goes to who can still vote. Nobody sees who they are."))


def _shown(visit: Visit, session: Session, contest: Contest) -> dict[str, Any]:
    box = secret_poll(session, contest)
    members = on_roll(session, contest)
    last = None if box is None else last_reminded(session, box)
    reader = session.get_one(Member, visit.member.member_id)
    name = display_name(reader.given, reader.particle, reader.surname)
    values = reminder_values(visit.instance, contest)
    by_mail = sum(deliverable(member.email) is not None for member in members)
    return {
        "is_electronic": contest.vote.electronic is not None,
        "on_roll": len(members),
        "by_mail": by_mail,
        "previews": [(lang, preview(visit.instance, REMINDER, name, values, lang)) for lang in LANGUAGES],
        "why_not": why_not_now(session, contest, box, visit.now),
        "last": last,
        "gone": None if box is None or last is None else went(session, box, last),
    }


PAGES = (remind_page, send_reminder)
