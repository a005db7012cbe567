"""The server sends nothing that looks like a voting code: it must not have one. E9, S2."""

from datetime import date

import pytest
from mail_cases import Scripted, add_member, mails, queue
from organisation_cases import BY, found

from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance
from stembus.notices.audience import Everyone
from stembus.notices.drafts import Draft, save_draft
from stembus.notices.mailing_words import Text, Texts
from stembus.notices.tables import MailMessage
from stembus.notices.worker import work_once

CODE = "TYXQ-0EMM-SP25-DN8Z-94DJ-HQWN-1C1P"


@pytest.fixture
def party(instance: Instance) -> Instance:
    """A party with one member who can be written to."""
    found(instance)
    add_member(instance, "7", email="robin@example.org")
    return instance


def test_s2_e9_a_mail_with_one_is_held_back_and_shown(party: Instance) -> None:
    identifier = queue(party, kind="plain")
    with party.write() as transaction:
        mail = transaction.session.get_one(MailMessage, identifier)
        mail.text = f"Uw code is {CODE}"
        transaction.session.add(mail)
    server = Scripted()
    work_once(party, server)
    assert server.got == []
    mail = mails(party)[0]
    assert mail.state == "failed"
    assert "looks like" in mail.answer
    assert CODE not in mail.answer


def test_s2_a_mailing_with_one_is_not_kept(party: Instance) -> None:
    draft = Draft(
        title="Codes",
        purpose="letter",
        audience=Everyone(),
        texts=Texts(nl=Text(subject="Uw code", body=f"Uw code is {CODE}")),
        day=date(2026, 3, 2),
    )
    with party.write() as transaction, pytest.raises((Refused, UnusableInput), match="looks like") as refused:
        save_draft(transaction, draft, by=BY[0])
    assert CODE not in str(refused.value)
    assert refused.value.field == "nl_body"
