"""What comes back is matched by its own address, understood or shown, and never believed without its token. E9, R7."""

import pytest
from mail_cases import Scripted, add_member, mails, queue, report
from organisation_cases import found

from stembus.instance import Instance
from stembus.notices.bounces import read_bounce, record_bounce
from stembus.notices.worker import work_once


@pytest.fixture
def sent(instance: Instance) -> Instance:
    """One mail that a mail server took."""
    found(instance)
    add_member(instance, "7", email="robin@example.org")
    queue(instance, kind="plain")
    work_once(instance, Scripted())
    return instance


def token(instance: Instance) -> str:
    return mails(instance)[0].return_token


def told(instance: Instance, data: bytes) -> str | None:
    with instance.write() as transaction:
        return record_bounce(transaction, data)


@pytest.mark.parametrize(
    ("action", "status", "verdict", "state"),
    [
        ("failed", "5.1.1", "permanent", "bounced"),
        ("Failed", "5.0.0", "permanent", "bounced"),
        ("failed", "4.4.7", "transient", "sent"),
        ("delayed", "4.4.1", "transient", "sent"),
        ("delivered", "2.0.0", "delivered", "sent"),
        ("relayed", "2.0.0", "delivered", "sent"),
        ("failed", "nonsense", "unknown", "sent"),
    ],
)
def test_a_delivery_status_says_what_became_of_the_mail(
    sent: Instance, action: str, status: str, verdict: str, state: str
) -> None:
    assert told(sent, report(token(sent), action, status)) == verdict
    assert mails(sent)[0].state == state


def test_e9_a_bounce_is_shown_with_its_reason(sent: Instance) -> None:
    told(sent, report(token(sent)))
    assert "550 no such user" in mails(sent)[0].answer


def test_a_report_without_the_token_of_a_mail_changes_nothing_and_is_kept_to_be_read(sent: Instance) -> None:
    assert told(sent, report("0" * 32)) == "unknown"
    assert told(sent, report("robin")) == "unknown"
    assert mails(sent)[0].state == "sent"


def test_a_token_in_the_text_or_the_subject_is_no_token(sent: Instance) -> None:
    fake = report("0" * 32).replace(b"Subject: ", f"Subject: bounces+{token(sent)}@party.example ".encode())
    assert told(sent, fake) == "unknown"
    assert mails(sent)[0].state == "sent"


def test_one_report_is_read_once(sent: Instance) -> None:
    data = report(token(sent))
    assert told(sent, data) == "permanent"
    assert told(sent, data) is None


def test_an_automatic_answer_is_no_bounce(sent: Instance) -> None:
    answer = f"To: bounces+{token(sent)}@party.example\r\nAuto-Submitted: auto-replied\r\nSubject: away\r\n\r\nbye"
    assert told(sent, answer.encode()) == "reply"
    assert mails(sent)[0].state == "sent"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff\xfe",
        b"To: \xff\r\n\r\n",
        b"Content-Type: multipart/report; boundary=\r\n\r\n--",
        b"Content-Type: message/delivery-status\r\n\r\nStatus\r\n",
        b"Subject: =?utf-8?q?=ZZ?=\r\nTo: <<<\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\nContent-Type: message/rfc822\r\n\r\n" * 50,
    ],
)
def test_whatever_comes_in_can_be_read(sent: Instance, data: bytes) -> None:
    assert read_bounce(data).verdict == "unknown"
    assert told(sent, data) == "unknown"


def test_r7_a_storm_of_bounces_is_read_one_by_one(sent: Instance) -> None:
    for number in range(50):
        told(sent, report(token(sent), why=f"550 {number}"))
    assert mails(sent)[0].state == "bounced"
