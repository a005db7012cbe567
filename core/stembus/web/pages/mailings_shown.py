"""What became of a mailing: per person, with what can still be done about it, and the proof of dispatch."""

import re
from email import message_from_bytes
from email.policy import default
from typing import Any

import msgspec
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from sqlmodel import col, select

from stembus.entry import local, power
from stembus.errors import UnusableInput
from stembus.notices.channels import REASONS
from stembus.notices.dispatch import dispatch
from stembus.notices.drafts import mailing_with, post_by
from stembus.notices.letters import letters_to_post, print_run
from stembus.notices.mailings import decide, mark_posted, resend, stop, undelivered
from stembus.notices.tables import MailMessage, MailReturn
from stembus.notices.transport import MAILBOX
from stembus.organisation.core_powers import MAIL_SEND, MAIL_VIEW
from stembus.web.routes import Form, action, page
from stembus.web.visit import Answer, Visit
from stembus.words import N_

OFFICE = power(MAIL_SEND, MAIL_VIEW)
STATE_WORDS: dict[str, str] = {
    "queued": N_("waits"),
    "later": N_("is tried again"),
    "sending": N_("is being sent"),
    "sent": N_("sent"),
    "failed": N_("refused"),
    "uncertain": N_("uncertain"),
    "left": N_("left uncertain"),
    "bounced": N_("came back"),
    "withdrawn": N_("not sent"),
    "printed": N_("letter to post"),
    "posted": N_("posted"),
    "unreachable": N_("cannot be reached"),
}
STATE_KINDS = {
    **dict.fromkeys(("sent", "posted"), "yes"),
    **dict.fromkeys(("failed", "bounced", "unreachable"), "no"),
    **dict.fromkeys(("later", "uncertain", "printed"), "wait"),
}
TROUBLE = ("no", "wait")
"""The marks of what somebody has to look at."""
SHOWN = 200


class GroundForm(Form, frozen=True):
    """What something rests on."""

    ground: str = ""


class AgainForm(Form, frozen=True):
    """Another address for one person, if there is one, and what it rests on."""

    number: str = ""
    address: str = ""
    ground: str = ""


class DecisionForm(Form, frozen=True):
    """What to do with a mail of which nobody knows whether it was sent."""

    decision: str = ""
    ground: str = ""


def state_kind(state: str) -> str:
    """Return the mark of a state."""
    return STATE_KINDS.get(state, "plain")


@page("/mailings/{mailing_id:str}", who=OFFICE)
def mailing_page(visit: NamedDependency[Visit], mailing_id: FromPath[str], only: FromQuery[str] = "") -> Answer:
    """What became of a released mailing: how many are in which state, and each person."""
    with visit.read() as session:
        mailing = mailing_with(session, mailing_id)
        if mailing.released_at is None:
            return visit.go(f"/mailings/{mailing_id}/look")
        proof = dispatch(session, mailing_id)
        # What somebody has to look at comes first.
        people = sorted(
            (one for one in proof.people if only in ("", one.state)),
            key=lambda one: state_kind(one.state) not in TROUBLE,
        )
        names = {one.member_id: one for one in proof.people}
        failed = [names[mail.member_id] for mail in undelivered(session, mailing_id)]
        return visit.page(
            "mailings/shown.html",
            mailing=mailing,
            proof=proof,
            people=people[:SHOWN],
            left_out=max(0, len(people) - SHOWN),
            only=only,
            failed=failed,
            failed_options=[(one.number, f"{one.name} ({one.address})") for one in failed],
            state_words=STATE_WORDS,
            state_kind=state_kind,
            reason_words=REASONS,
            post_by=post_by(mailing, visit.instance),
            may_send=visit.may(MAIL_SEND),
        )


@action("/mailings/{mailing_id:str}/again", who=power(MAIL_SEND), writes=("mailing.resent",), again=mailing_page)
def send_again(visit: NamedDependency[Visit], mailing_id: FromPath[str], data: URLEncodedBody[AgainForm]) -> Answer:
    """Send it again to those whom it did not reach."""
    corrected = {data.number.strip(): data.address} if data.number.strip() else {}
    with visit.write() as transaction:
        resend(transaction, mailing_id, by=visit.member.number, ground=data.ground, corrected=corrected)
    return visit.go(f"/mailings/{mailing_id}", N_("It goes again, by mail or as a letter, to who did not get it."))


@action("/mailings/{mailing_id:str}/stop", who=power(MAIL_SEND), writes=("mailing.stopped",), again=mailing_page)
def stop_it(visit: NamedDependency[Visit], mailing_id: FromPath[str], data: URLEncodedBody[GroundForm]) -> Answer:
    """Send nothing of it any more."""
    with visit.write() as transaction:
        stop(transaction, mailing_id, by=visit.member.number, ground=data.ground)
    return visit.go(f"/mailings/{mailing_id}", N_("What had not left yet is not sent any more."))


@action("/mailings/{mailing_id:str}/posted", who=power(MAIL_SEND), writes=("mailing.posted",), again=mailing_page)
def posted(visit: NamedDependency[Visit], mailing_id: FromPath[str], data: URLEncodedBody[GroundForm]) -> Answer:
    """Note that the letters were handed in."""
    with visit.write() as transaction:
        mark_posted(transaction, mailing_id, by=visit.member.number, ground=data.ground)
    return visit.go(f"/mailings/{mailing_id}", N_("The letters are noted as posted."))


@page("/mailings/{mailing_id:str}/letters.pdf", who=power(MAIL_SEND))
def letters_pdf(visit: NamedDependency[Visit], mailing_id: FromPath[str]) -> Answer:
    """The letters that are still to be posted, to print."""
    return visit.file(_run(visit, mailing_id).pdf, f"letters-{mailing_id[:8]}.pdf", "application/pdf")


@page("/mailings/{mailing_id:str}/letters.csv", who=power(MAIL_SEND))
def letters_csv(visit: NamedDependency[Visit], mailing_id: FromPath[str]) -> Answer:
    """To whom those letters go, to check the run by."""
    return visit.file(_run(visit, mailing_id).table, f"letters-{mailing_id[:8]}.csv", "text/csv")


@page("/mailings/{mailing_id:str}/proof.json", who=OFFICE)
def proof_json(visit: NamedDependency[Visit], mailing_id: FromPath[str]) -> Answer:
    """The proof of dispatch as data, with the salts that show who is in the root of the act."""
    with visit.read() as session:
        found = msgspec.json.format(msgspec.json.encode(dispatch(session, mailing_id)))
    return visit.file(found, f"dispatch-{mailing_id[:8]}.json", "application/json")


@page("/mailings/uncertain", who=OFFICE)
def uncertain_page(visit: NamedDependency[Visit]) -> Answer:
    """Mails of which nobody knows whether they were sent, and what came back and could not be matched."""
    return _uncertain(visit)


def _uncertain(visit: Visit) -> Answer:
    with visit.read() as session:
        query = select(MailMessage).where(MailMessage.state == "uncertain").order_by(col(MailMessage.settled_at))
        returns = select(MailReturn).where(col(MailReturn.verdict) == "unknown").order_by(col(MailReturn.at).desc())
        return visit.page(
            "mailings/uncertain.html",
            mails=session.exec(query).all(),
            returns=session.exec(returns.limit(SHOWN)).all(),
            may_send=visit.may(MAIL_SEND),
        )


def _uncertain_again(visit: Visit, mail_id: str) -> Answer:
    """Show the list once more: the decision about `mail_id` was not taken."""
    return _uncertain(visit)


@action("/mailings/uncertain/{mail_id:str}", who=power(MAIL_SEND), writes=("mail.decided",), again=_uncertain_again)
def decided(visit: NamedDependency[Visit], mail_id: FromPath[str], data: URLEncodedBody[DecisionForm]) -> Answer:
    """Send such a mail again, or leave it."""
    if data.decision not in ("again", "leave"):
        raise UnusableInput(N_("Choose whether to send it again or to leave it."), field="decision")
    with visit.write() as transaction:
        decide(transaction, mail_id, by=visit.member.number, again=data.decision == "again", ground=data.ground)
    return visit.go("/mailings/uncertain", N_("Your decision is kept."))


@page("/mailbox", who=local)
def mailbox_page(visit: NamedDependency[Visit], mail: FromQuery[str] = "") -> Answer:
    """In a demonstration: the mails that would have been sent, the last one first."""
    folder = visit.instance.folder / MAILBOX
    paths = sorted(folder.glob("*.eml"), reverse=True) if visit.instance.settings.practice else []
    if mail and not re.fullmatch(r"[0-9A-Za-z-]+", mail):
        raise NotFoundException
    chosen = next((path for path in paths if path.stem == mail), None)
    if mail and chosen is None:
        raise NotFoundException
    return visit.page(
        "mailings/mailbox.html",
        mails=[_parsed(path.read_bytes(), path.stem) for path in paths[:SHOWN]],
        mail=_parsed(chosen.read_bytes(), chosen.stem) if chosen else None,
    )


def _parsed(data: bytes, name: str) -> dict[str, Any]:
    message = message_from_bytes(data, policy=default)
    body = message.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    parts = re.split(r"(https?://\S+)", text)
    return {
        "name": name,
        "to": str(message["To"]),
        "subject": str(message["Subject"]),
        "at": message["Date"].datetime,
        "parts": [(part, part.startswith("http")) for part in parts],
    }


def _run(visit: Visit, mailing_id: str) -> Any:
    with visit.read() as session:
        mailing, letters = mailing_with(session, mailing_id), letters_to_post(session, mailing_id)
    if not letters:
        raise UnusableInput(N_("Of this mailing no letter is left to print."))
    return print_run(visit.instance, mailing, letters, visit.now)


PAGES = (
    mailing_page,
    send_again,
    stop_it,
    posted,
    letters_pdf,
    letters_csv,
    proof_json,
    uncertain_page,
    decided,
    mailbox_page,
)
