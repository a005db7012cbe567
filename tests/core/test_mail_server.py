"""Mail leaves to a real server over checked TLS, a bounce comes back from a real mailbox, and a killed worker shows."""

import asyncio
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from threading import Event, Thread
from typing import Any

import msgspec
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from mail_cases import add_member, mails, queue, report
from mail_return import Imap, trusting
from organisation_cases import found

from stembus.clock import SystemClock
from stembus.instance import Instance
from stembus.notices.returns import poll
from stembus.notices.transport import Mailbox, Smtp, Unreachable, transport_of
from stembus.notices.worker import Worked, work, work_once
from stembus.settings import MailSettings


class Inbox:
    """Keeps what a server takes, and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[str, list[str], bytes]] = []
        self.to_recipient = "250 OK"
        self.to_data = "250 taken as A1"
        self.hold = Event()
        self.hold.set()
        self.reached = Event()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.got.append((str(envelope.mail_from), list(envelope.rcpt_tos), envelope.content))
        self.reached.set()
        while not self.hold.is_set():
            await asyncio.sleep(0.02)
        return self.to_data


@pytest.fixture
def inbox(certificate: Path) -> Iterator[tuple[Inbox, int]]:
    """A server that speaks STARTTLS and takes nothing without it."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    handler = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port, tls_context=server, require_starttls=True)
    controller.start()
    yield handler, port
    handler.hold.set()
    controller.stop()


@pytest.fixture
def party(instance: Instance) -> Instance:
    """An instance with a mail that waits, by the clock of the machine."""
    instance.clock = SystemClock()
    found(instance)
    add_member(instance, "7", email="robin@example.org")
    queue(instance, kind="plain")
    return instance


def settings_for(port: int, **more: Any) -> MailSettings:
    values = {"sender": "bureau@party.example", "smtp_host": "127.0.0.1", "smtp_port": port}
    return MailSettings(**{**values, "bounces_to": "bounces@party.example", **more})


def test_mail_leaves_over_tls_with_its_own_address_to_come_back_to(
    party: Instance, inbox: tuple[Inbox, int], certificate: Path
) -> None:
    handler, port = inbox
    party.settings = msgspec.structs.replace(party.settings, mail=settings_for(port))
    server = Smtp(settings_for(port), context=trusting(certificate))
    worked = work_once(party, server)
    server.close()
    assert (worked.outcome, worked.said) == ("sent", "250 taken as A1")
    [(sender, to, data)] = handler.got
    [mail] = mails(party)
    assert (sender, to) == (f"bounces+{mail.return_token}@party.example", ["robin@example.org"])
    message = message_from_bytes(data, policy=default)
    assert message["Message-ID"] == mail.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_a_certificate_that_nobody_vouches_for_is_not_believed(party: Instance, inbox: tuple[Inbox, int]) -> None:
    handler, port = inbox
    with pytest.raises(Unreachable, match="certificate"):
        Smtp(settings_for(port)).ready()
    assert work_once(party, Smtp(settings_for(port))).outcome == "unreachable"
    assert handler.got == []
    assert mails(party)[0].attempts == 0


@pytest.mark.parametrize(
    ("to_recipient", "to_data", "state"),
    [
        ("550 5.1.1 no such user", "", "failed"),
        ("450 4.2.0 greylisted", "", "queued"),
        ("250 OK", "554 5.7.1 refused", "failed"),
        ("250 OK", "451 4.3.0 try again", "queued"),
    ],
)
def test_what_a_real_server_answers_decides(  # noqa: PLR0917  (the columns of the table)
    party: Instance, inbox: tuple[Inbox, int], certificate: Path, to_recipient: str, to_data: str, state: str
) -> None:
    handler, port = inbox
    handler.to_recipient, handler.to_data = to_recipient, to_data
    server = Smtp(settings_for(port), context=trusting(certificate))
    assert work_once(party, server).outcome == state
    assert mails(party)[0].answer == (to_data or to_recipient)
    server.close()


def test_lines_that_begin_with_a_dot_arrive_as_they_are(
    party: Instance, inbox: tuple[Inbox, int], certificate: Path
) -> None:
    handler, port = inbox
    server = Smtp(settings_for(port), context=trusting(certificate))
    server.ready()
    from stembus.notices.envelope import Envelope as Ours

    assert (
        server.send(Ours("a@party.example", "b@example.org", b"Subject: x\r\n\r\n.\r\n..a\r\nend\r\n")).fate == "sent"
    )
    server.close()
    assert handler.got[0][2] == b"Subject: x\r\n\r\n.\r\n..a\r\nend\r\n"


def test_r7_a_worker_killed_between_the_last_line_and_the_answer_leaves_the_mail_uncertain(
    tmp_path: Path, certificate: Path, inbox: tuple[Inbox, int]
) -> None:
    from stembus.clock import SetClock
    from stembus.create import create_instance
    from stembus.instance import open_instance

    handler, port = inbox
    handler.hold.clear()
    folder = tmp_path / "party"
    create_instance(folder, organisation="Voorbeeldpartij", origin="v.example/ledger", practice=True).close()
    with (folder / "stembus.toml").open("a", encoding="utf-8") as file:
        file.write(f'[mail]\nsender = "bureau@party.example"\nsmtp_host = "127.0.0.1"\nsmtp_port = {port}\n')
    party = open_instance(folder)
    found(party)
    add_member(party, "7", email="robin@example.org")
    mail_id = queue(party, kind="plain")
    environment = {**os.environ, "SSL_CERT_FILE": str(certificate)}
    command = [str(Path(sys.executable).with_name("stembus")), "--instance", str(folder), "mail", "work"]
    worker = subprocess.Popen(command, env=environment)
    try:
        assert handler.reached.wait(30), "the worker handed nothing over"
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    assert mails(party)[0].state == "sending"
    handler.hold.set()
    party.clock = SetClock(datetime.now(UTC) + timedelta(minutes=11))
    server = Smtp(settings_for(port), context=trusting(certificate))
    assert work_once(party, server).outcome == "nothing"
    assert [(mail.id, mail.state) for mail in mails(party)] == [(mail_id, "uncertain")]
    assert len(handler.got) == 1, "it was sent again by itself"
    server.close()
    party.close()


def test_the_worker_goes_on_until_it_is_stopped(party: Instance, inbox: tuple[Inbox, int], certificate: Path) -> None:
    handler, port = inbox
    stop, told = Event(), list[Worked]()
    server = Smtp(settings_for(port), context=trusting(certificate))
    thread = Thread(target=work, args=(party, server, stop, told.append))
    thread.start()
    assert handler.reached.wait(20)
    while not told:
        time.sleep(0.02)
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    assert [one.outcome for one in told] == ["sent"]


def test_e9_a_bounce_is_read_from_the_mailbox_once(party: Instance, certificate: Path, tmp_path: Path) -> None:
    work_once(party, Mailbox(tmp_path / "out"))
    mailbox = Imap([report(mails(party)[0].return_token), b"Subject: hello\r\n\r\nhi"], certificate)
    mail = settings_for(25, bounces_host="127.0.0.1", bounces_port=mailbox.port, bounces_username="b")
    party.settings = msgspec.structs.replace(party.settings, mail=mail)
    assert poll(party, trusting(certificate)) == {"permanent": 1, "unknown": 1}
    assert mails(party)[0].state == "bounced"
    assert poll(party, trusting(certificate)) == {}
    mailbox.seen.clear()
    assert poll(party, trusting(certificate)) == {"known": 2}
    mailbox.close()


def test_only_practice_puts_mail_in_a_folder(instance: Instance) -> None:
    from stembus.errors import UnusableInput

    assert isinstance(transport_of(instance), Mailbox)
    instance.settings = msgspec.structs.replace(instance.settings, practice=False)
    with pytest.raises(UnusableInput, match="Mail cannot leave"):
        transport_of(instance)
