"""Members who sign in, for the tests: alone in a mailbox, two in one, and one who left."""

import re
from datetime import date

from organisation_cases import found
from sqlmodel import col, select

from stembus.instance import Instance
from stembus.notices.tables import MailMessage
from stembus.organisation.member import MemberState
from stembus.organisation.periods import Period
from stembus.organisation.states import insert_states

MEMBERS = ("007", "008", "009", "010")


def people(instance: Instance) -> None:
    """Two founders; 007 alone in a mailbox, 008 and 009 in one, and 010 who left in 2025."""
    found(instance)
    left = (Period("left", date(2025, 1, 1), None, "yes"),)
    with instance.write() as transaction:
        insert_states(
            transaction.session,
            [
                MemberState(id="m-7", number="007", given="Robin", surname="Oefening", email="robin@voorbeeld.example"),
                MemberState(id="m-8", number="008", given="Kim", surname="Samen", email="thuis@voorbeeld.example"),
                MemberState(id="m-9", number="009", given="Lou", surname="Samen", email="thuis@voorbeeld.example"),
                MemberState(
                    id="m-10", number="010", given="Ex", surname="Lid", email="ex@voorbeeld.example", periods=left
                ),
            ],
        )


def mails(instance: Instance) -> list[MailMessage]:
    """The mails that wait, the oldest first."""
    with instance.read() as session:
        return list(session.exec(select(MailMessage).order_by(col(MailMessage.queued_at), col(MailMessage.id))))


def secrets_in(mail: MailMessage) -> tuple[str, str]:
    """The token of the link and the code in a mail."""
    token = re.search(r"/sign-in/link/([\w-]+)", mail.text)
    code = re.search(r"\b([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})\b", mail.text)
    assert token is not None
    assert code is not None
    return token[1], code[1]
