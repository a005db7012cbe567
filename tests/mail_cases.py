"""Mails for tests: members to write to, a mail server that answers from a script, and what is kept."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import col, select

from stembus.ids import new_id
from stembus.instance import Instance, Transaction
from stembus.notices.envelope import Envelope
from stembus.notices.outbox import new_message, queue_mail
from stembus.notices.tables import MailEvent, MailMessage
from stembus.notices.transport import Answer, Unreachable
from stembus.organisation.member import MemberState
from stembus.organisation.periods import Period
from stembus.organisation.registry import member_numbered
from stembus.organisation.states import insert_states

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Scripted:
    """A mail server that gives these answers in turn and then takes everything."""

    is_throttled = True

    def __init__(self, *answers: Answer, away: str = "") -> None:
        self.answers = list(answers)
        self.away = away
        self.got: list[Envelope] = []

    def ready(self) -> None:
        if self.away:
            raise Unreachable(self.away)

    def send(self, envelope: Envelope) -> Answer:
        self.got.append(envelope)
        return self.answers.pop(0) if self.answers else Answer("sent", "250 taken")

    def close(self) -> None: ...


def add_member(
    instance: Instance, number: str, *, email: str = "", consents: bool = False, branch: str = "", **fields: str
) -> str:
    """Make a member known and return the id."""
    with instance.write() as transaction:
        identifier = new_id(transaction.now)
        held = [("email_consent", "yes")] * consents + [("branch", branch)] * bool(branch)
        periods = tuple(Period(kind, date(2020, 1, 1), None, value) for kind, value in sorted(held))  # type: ignore[arg-type]
        values: dict[str, Any] = {"given": "Lid", "surname": f"Nummer{number}", **fields}
        state = MemberState(
            id=identifier, number=number, email=email, periods=periods, registered_on=date(2020, 1, 1), **values
        )
        insert_states(transaction.session, [state])
    return identifier


def written(
    transaction: Transaction, *, number: str = "7", kind: str = "sign_in", to: str = "robin@example.org", **more: object
) -> str:
    """Queue a mail to a member: a link to sign in with its code, or (kind "plain") one without a secret."""
    member = member_numbered(transaction.session, number)
    if kind == "plain":
        mail = new_message(
            transaction, kind="plain", purpose="service", member_id=member.id, name="Robin", address=to, lang="nl"
        )
        mail.subject, mail.text, mail.html = "Hoi", "Dag", "<p>Dag</p>"
        transaction.session.add(mail)
        return mail.id
    values = {"link": "http://localhost:8000/sign-in/x", "code": "K7QF-2M9P", "until": AT}
    return queue_mail(transaction, kind=kind, member_id=member.id, to=to, lang="nl", values=values, **more)  # type: ignore[arg-type]


def queue(instance: Instance, **how: object) -> str:
    """Queue a mail in a transaction of its own, as `written` does."""
    with instance.write() as transaction:
        return written(transaction, **how)  # type: ignore[arg-type]


def mails(instance: Instance) -> Sequence[MailMessage]:
    """Every mail, the first queued first."""
    with instance.read() as session:
        return session.exec(select(MailMessage).order_by(col(MailMessage.queued_at), col(MailMessage.place))).all()


def events(instance: Instance, mail_id: str) -> list[str]:
    """What became of a mail, in order."""
    with instance.read() as session:
        rows = session.exec(select(MailEvent).where(MailEvent.mail_id == mail_id).order_by(col(MailEvent.number)))
        return [f"{row.what}: {row.said}" for row in rows]


REPORT = """\
From: MAILER-DAEMON@mx.example
To: bounces+{token}@party.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

It could not be delivered.

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; robin@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {why}

--x--
"""


def report(token: str, action: str = "failed", status: str = "5.1.1", why: str = "550 no such user") -> bytes:
    """A report of a mail server about one mail (RFC 3464)."""
    return REPORT.format(token=token, action=action, status=status, why=why).replace("\n", "\r\n").encode()
