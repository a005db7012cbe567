"""Mailings for the office: which there are, writing one, three previews, a test mail, and letting it go."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from sqlmodel import Session, col, func, select

from stembus.conduct.called import called
from stembus.conduct.policies import installed_kinds
from stembus.conduct.running import procedures, running_of
from stembus.entry import power
from stembus.errors import UnusableInput
from stembus.ledger.sentences import Language
from stembus.notices.audience import Audience, Everyone, InGroup, Numbered, OfBranch, Seated
from stembus.notices.channels import REASONS
from stembus.notices.drafts import (
    Draft,
    audience_of,
    discard,
    draft_of,
    fates,
    fates_sha256,
    mailing_with,
    post_by,
    save_draft,
    send_test,
    three_people,
)
from stembus.notices.mailing_words import Text, Texts, blocks_of, read_texts
from stembus.notices.mailings import release
from stembus.notices.tables import Mailing, MailMessage
from stembus.notices.writing import as_html, filled
from stembus.organisation.authority import today
from stembus.organisation.core_powers import MAIL_SEND, MAIL_VIEW
from stembus.organisation.tables import Body, MemberPeriod
from stembus.web.pages.mailings_shown import STATE_WORDS
from stembus.web.routes import Form, action, page
from stembus.web.visit import Answer, Visit
from stembus.words import N_
from stembus_procedures.language.stages import Convocation
from stembus_procedures.names import stage_name

OFFICE = power(MAIL_SEND, MAIL_VIEW)
FATES_SHOWN = 500
NO_CHOICE = ("", "—")


class MailingForm(Form, frozen=True):
    """A mailing as the office types it."""

    title: str = ""
    purpose: str = "statutory"
    is_personal: str = ""
    audience: str = "everyone"
    branch: str = ""
    body: str = ""
    numbers: str = ""
    group: str = ""
    day: str = ""
    procedure: str = ""
    due: str = ""
    post_days: str = "3"
    nl_subject: str = ""
    nl_body: str = ""
    simple_subject: str = ""
    simple_body: str = ""
    en_subject: str = ""
    en_body: str = ""


class ReleaseForm(Form, frozen=True):
    """What was looked at, and the decision that the release rests on."""

    looked_at: str = ""
    ground: str = ""


@page("/mailings", who=OFFICE)
def mailings_page(visit: NamedDependency[Visit]) -> Answer:
    """Every mailing, the last one first, and what waits for a person."""
    with visit.read() as session:
        rows = session.exec(select(Mailing).order_by(col(Mailing.made_at).desc(), col(Mailing.id).desc())).all()
        counted = select(MailMessage.mailing_id, MailMessage.state, func.count()).where(
            col(MailMessage.mailing_id).is_not(None)
        )
        states: dict[str, Counter[str]] = {}
        for mailing_id, state, count in session.exec(
            counted.group_by(col(MailMessage.mailing_id), col(MailMessage.state))
        ):
            states.setdefault(str(mailing_id), Counter())[state] = count
        uncertain = session.exec(
            select(func.count()).select_from(MailMessage).where(MailMessage.state == "uncertain")
        ).one()
        return visit.page(
            "mailings/list.html",
            rows=[(row, states.get(row.id, Counter())) for row in rows],
            uncertain=uncertain,
            may_send=visit.may(MAIL_SEND),
            state_words=STATE_WORDS,
        )


@page("/mailings/new", who=power(MAIL_SEND))
def new_page(visit: NamedDependency[Visit]) -> Answer:
    """An empty mailing to write."""
    with visit.read() as session:
        return visit.page("mailings/write.html", typed=_empty(visit), mailing=None, **_choices(visit, session))


@action("/mailings/new", who=power(MAIL_SEND), no_act="a draft has left nowhere yet", again=new_page)
def create(visit: NamedDependency[Visit], data: URLEncodedBody[MailingForm]) -> Answer:
    """Keep a new draft."""
    with visit.write() as transaction:
        mailing_id = save_draft(transaction, _draft(visit, data), by=visit.member.number)
    return visit.go(f"/mailings/{mailing_id}/look", N_("The draft is kept. Look at it before it goes."))


@page("/mailings/{mailing_id:str}/write", who=power(MAIL_SEND))
def write_page(visit: NamedDependency[Visit], mailing_id: FromPath[str]) -> Answer:
    """A draft to change."""
    with visit.read() as session:
        mailing = mailing_with(session, mailing_id)
        return visit.page(
            "mailings/write.html", typed=_typed(visit, mailing), mailing=mailing, **_choices(visit, session)
        )


@action(
    "/mailings/{mailing_id:str}/write",
    who=power(MAIL_SEND),
    no_act="a draft has left nowhere yet",
    again=write_page,
)
def change(visit: NamedDependency[Visit], mailing_id: FromPath[str], data: URLEncodedBody[MailingForm]) -> Answer:
    """Keep a draft as it is now."""
    with visit.write() as transaction:
        save_draft(transaction, _draft(visit, data), by=visit.member.number, mailing_id=mailing_id)
    return visit.go(f"/mailings/{mailing_id}/look", N_("The draft is kept. Look at it before it goes."))


@page("/mailings/{mailing_id:str}/look", who=OFFICE)
def look_page(visit: NamedDependency[Visit], mailing_id: FromPath[str]) -> Answer:
    """The dry run: three real previews, who gets it and how, and what is still to be done before it goes."""
    with visit.read() as session:
        mailing = mailing_with(session, mailing_id)
        if mailing.released_at is not None:
            return visit.go(f"/mailings/{mailing_id}")
        texts = read_texts(mailing)
        found = fates(visit.instance, session, mailing)
        last = post_by(mailing, visit.instance)
        counts = Counter(one.way.channel for one in found)
        return visit.page(
            "mailings/look.html",
            mailing=mailing,
            previews=[_preview(texts, one) for one in three_people(found, texts)],
            counts=counts,
            reasons=Counter((one.way.channel, one.way.reason) for one in found).most_common(),
            reason_words=REASONS,
            people=sorted(found, key=lambda one: one.way.channel != "none")[:FATES_SHOWN],
            left_out=max(0, len(found) - FATES_SHOWN),
            strangers=[one for one in found if not one.is_member],
            looked_at=fates_sha256(found),
            is_tested=mailing.tested_sha256 == texts.sha256(),
            post_by=last,
            is_post_late=last is not None and counts["post"] > 0 and last < today(visit.instance, visit.now),
            is_late=mailing.due_at is not None and mailing.due_at <= visit.now,
            may_send=visit.may(MAIL_SEND),
        )


@action(
    "/mailings/{mailing_id:str}/test",
    who=power(MAIL_SEND),
    no_act="a test mail goes to who asked for it",
    again=look_page,
)
def test(visit: NamedDependency[Visit], mailing_id: FromPath[str], data: URLEncodedBody[Form]) -> Answer:
    """Send the mailing to whoever asks, alone."""
    with visit.write() as transaction:
        send_test(transaction, mailing_id, by=visit.member.number)
    return visit.go(f"/mailings/{mailing_id}/look", N_("A test mail is on its way to you. Read it before you release."))


@action("/mailings/{mailing_id:str}/release", who=power(MAIL_SEND), writes=("mailing.released",), again=look_page)
def let_go(visit: NamedDependency[Visit], mailing_id: FromPath[str], data: URLEncodedBody[ReleaseForm]) -> Answer:
    """Let the mailing go to everybody it is for."""
    with visit.write() as transaction:
        release(transaction, mailing_id, by=visit.member.number, ground=data.ground, looked_at=data.looked_at)
    return visit.go(f"/mailings/{mailing_id}", N_("The mailing is released. Here you see what becomes of it."))


@action("/mailings/{mailing_id:str}/discard", who=power(MAIL_SEND), no_act="nothing of a draft has left")
def throw_away(visit: NamedDependency[Visit], mailing_id: FromPath[str], data: URLEncodedBody[Form]) -> Answer:
    """Throw a draft away."""
    with visit.write() as transaction:
        discard(transaction, mailing_id, by=visit.member.number)
    return visit.go("/mailings", N_("The draft is gone."))


def _preview(texts: Texts, one: Any) -> dict[str, Any]:
    lang = texts.language(one.lang)
    text = texts.among()[lang]
    blocks = filled(blocks_of(text), {"name": one.name, "number": one.number})
    return {"person": one, "lang": lang, "subject": text.subject, "html": as_html(blocks)}


def _empty(visit: Visit) -> dict[str, Any]:
    return {"purpose": "statutory", "audience": "everyone", "day": today(visit.instance, visit.now), "post_days": 3}


def _typed(visit: Visit, mailing: Mailing) -> dict[str, Any]:
    """Return a draft as the fields of the form."""
    draft, audience = draft_of(mailing), audience_of(mailing)
    texts = {"nl": draft.texts.nl, "simple": draft.texts.nl_simple, "en": draft.texts.en}
    chosen: dict[str, Any] = {
        "audience": str(audience.__struct_config__.tag),
        "branch": audience.branch if isinstance(audience, OfBranch) else "",
        "body": f"{audience.body}.{audience.office}".rstrip(".") if isinstance(audience, Seated) else "",
        "numbers": "\n".join(audience.numbers) if isinstance(audience, Numbered) else "",
        "group": audience.name if isinstance(audience, InGroup) else "",
    }
    return {
        **chosen,
        "title": draft.title,
        "purpose": draft.purpose,
        "is_personal": draft.is_personal,
        "day": draft.day,
        "procedure": f"{draft.procedure_id} {draft.stage}".strip() if draft.procedure_id else "",
        "due": f"{draft.due_at.astimezone(visit.zone):%Y-%m-%dT%H:%M}" if draft.due_at else "",
        "post_days": draft.post_days,
        **{f"{key}_subject": text.subject for key, text in texts.items()},
        **{f"{key}_body": text.body for key, text in texts.items()},
    }


def _choices(visit: Visit, session: Session) -> dict[str, Any]:
    branches = select(MemberPeriod.value).where(MemberPeriod.kind == "branch").distinct()
    running = procedures(session)
    language: Language = "en" if visit.lang == "en" else "nl"
    named = called(session, language)
    groups = [
        (f"{one.id} {group.name}", f"{named[one.id]} ({one.name}): {group.en if visit.lang == 'en' else group.nl}")
        for one in running
        for group in visit.instance.plugins.recipients(session, one.id)
    ]
    stages = [
        (f"{one.id} {stage.id}", f"{named[one.id]} ({one.name}): {getattr(stage_name(stage), language)}")
        for one in running
        for stage in running_of(session, one.id, installed_kinds(visit.instance.plugins)).policy.stages
        if isinstance(stage, Convocation)
    ]
    bodies = [(one.slug, one.en if visit.lang == "en" else one.nl) for one in session.exec(select(Body))]
    return {
        "branches": [NO_CHOICE, *((name, name) for name in sorted(session.exec(branches)))],
        "bodies": [NO_CHOICE, *sorted(bodies, key=lambda one: one[1])],
        "groups": [NO_CHOICE, *groups] if groups else [],
        "stages": [NO_CHOICE, *stages] if stages else [],
    }


def _draft(visit: Visit, form: MailingForm) -> Draft:
    procedure_id, _, stage = form.procedure.partition(" ")
    return Draft(
        title=form.title,
        purpose="letter" if form.purpose == "letter" else "statutory",
        is_personal=bool(form.is_personal),
        audience=_audience(form),
        texts=Texts(
            nl=_text(form.nl_subject, form.nl_body),
            nl_simple=_text(form.simple_subject, form.simple_body),
            en=_text(form.en_subject, form.en_body),
        ),
        day=_day(form.day),
        procedure_id=procedure_id or None,
        stage=stage,
        due_at=_moment(visit, form.due),
        post_days=int(form.post_days) if form.post_days.isdecimal() else -1,
    )


def _audience(form: MailingForm) -> Audience:
    match form.audience:
        case "everyone":
            return Everyone()
        case "branch" if form.branch:
            return OfBranch(form.branch)
        case "seated" if form.body:
            body, _, office = form.body.partition(".")
            return Seated(body, office)
        case "numbered" if form.numbers.split():
            return Numbered(tuple(dict.fromkeys(form.numbers.replace(",", " ").replace(";", " ").split())))
        case "group" if form.group:
            procedure_id, _, name = form.group.partition(" ")
            return InGroup(procedure_id, name)
    asked = {"branch": "branch", "seated": "body", "numbered": "numbers", "group": "group"}
    raise UnusableInput(
        N_("Say to whom it goes: fill in what belongs to your choice."), field=asked.get(form.audience, "audience")
    )


def _text(subject: str, body: str) -> Text:
    return Text(subject.strip(), body.replace("\r\n", "\n").strip())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnusableInput(N_("Give the day on which the audience is looked up."), field="day") from None


def _moment(visit: Visit, text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=visit.zone)
    except ValueError:
        raise UnusableInput(N_("Give the moment as a day and an hour."), field="due") from None


PAGES = (
    mailings_page,
    new_page,
    create,
    write_page,
    change,
    look_page,
    test,
    let_go,
    throw_away,
)
