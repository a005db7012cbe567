"""The commands about mail say what waits, send it, and let a person decide; nobody's address is in what they print."""

from pathlib import Path

import pytest
from mail_cases import Scripted, add_member, mails, queue
from organisation_cases import command, found

from stembus.commands.mail import mail_group
from stembus.instance import Instance
from stembus.notices.transport import Answer
from stembus.notices.worker import work_once
from stembus.web.serving import mail_leaves


@pytest.fixture
def party(instance: Instance) -> Instance:
    found(instance)
    add_member(instance, "7", email="robin@example.org")
    return instance


def test_what_is_due_is_sent_and_counted(party: Instance) -> None:
    queue(party)
    assert "queued: 1" in command(party, mail_group, "status").output
    sent = command(party, mail_group, "work", "--once")
    assert sent.exit_code == 0
    assert "robin" not in sent.output
    assert "sent: 1" in command(party, mail_group, "status").output
    assert [path.suffix for path in (Path(party.folder) / "mailbox").iterdir()] == [".eml"]


def test_a_person_decides_about_what_nobody_knows(party: Instance) -> None:
    mail_id = queue(party, kind="plain")
    work_once(party, Scripted(Answer("unknown", "gone")))
    assert mail_id in command(party, mail_group, "uncertain").output
    decided = command(party, mail_group, "decide", mail_id, "again", "--by", "001", "--ground", "belde")
    assert decided.exit_code == 0, decided.output
    assert mails(party)[0].state == "queued"


def test_without_a_mailbox_for_bounces_that_is_said(party: Instance) -> None:
    assert command(party, mail_group, "bounces").exit_code == 2


def test_mail_leaves_while_the_pages_are_served(party: Instance) -> None:
    queue(party)
    with mail_leaves(party):
        while mails(party)[0].state != "sent":
            pass
