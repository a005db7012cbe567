"""Codes reach their people once, by the authority's own mail server or on paper, and what came back is seen. E9, S2."""

import io
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from threading import Event, Thread

import pikepdf
import pytest
from authority import VOTERS, made
from authority_machine import Machine
from mail_cases import Scripted, report
from postbox import Postbox, open_postbox, text_of
from typed_command import Ran

from stembus.errors import CheckFailed, UnusableInput
from stembus.notices.transport import Answer
from stembus.plugins import Plugins
from stembus.settings import MailSettings
from stembus_ballots.protocol.typed_credential import shown
from stembus_polls.credentials.journal import Journal, open_journal
from stembus_polls.credentials.letters import letters
from stembus_polls.credentials.sending import mail_of, read_returned_mail, return_token, send_all
from stembus_polls.credentials.wording import author_of, wording

NOW = datetime(2026, 2, 21, 9, tzinfo=UTC)
MAIL = """\
sender = "codes@commissie.example"
smtp_host = "127.0.0.1"
smtp_port = {port}
security = "none"
bounces_to = "terug@commissie.example"
per_minute = 60000
"""


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """Give the mail server of the authority."""
    with open_postbox() as box:
        yield box


def settings_in(machine: Machine, port: int) -> Path:
    """Write the authority's settings of mail."""
    path = machine.home / "mail.toml"
    path.write_text(MAIL.format(port=port))
    return path


def send(machine: Machine, port: int, *more: object) -> Ran:
    """Type the command that sends."""
    return machine.type("send", "--mail", settings_in(machine, port), *more)


class TestMail:
    def test_goes_to_those_who_get_one_and_holds_their_own_code(self, mailing: Machine, postbox: Postbox) -> None:
        told = send(mailing, postbox.port)
        assert told.code == 0, told.err
        assert told.out == "Now: 2 sent.\n"
        assert {mail["To"].addresses[0].addr_spec for mail in postbox.mails} == {
            "a.yilmaz@leden.example", "dewi@leden.example",
        }  # fmt: skip
        for mail in postbox.mails:
            number = next(one.number for one in VOTERS if one.email == mail["To"].addresses[0].addr_spec)
            own = shown(mailing.given(number).credential)
            others = [shown(one.credential) for one in mailing.kept.given if one.number != number]
            assert own in text_of(mail)
            assert not [code for code in others if code in mail.as_string()]

    def test_a_second_run_sends_nothing_twice(self, mailing: Machine, postbox: Postbox) -> None:
        send(mailing, postbox.port)
        assert send(mailing, postbox.port).out == "Now: nothing.\n"
        assert len(postbox.mails) == 2

    def test_has_the_same_bytes_each_time(self) -> None:
        kept = made().kept
        author = author_of(kept.commission, Plugins.discover(), MailSettings(sender="c@c.example", smtp_host="x"))
        assert mail_of(author, kept, kept.given[0]) == mail_of(author, kept, kept.given[0])
        ids = {message_from_bytes(mail_of(author, kept, one).data)["Message-ID"] for one in kept.given[:4]}
        assert len(ids) == 4

    def test_e9_a_refused_one_is_shown_and_gets_a_letter(
        self, mailing: Machine, postbox: Postbox, tmp_path: Path
    ) -> None:
        postbox.unknown.add("dewi@leden.example")
        told = send(mailing, postbox.port)
        assert told.code == 1
        assert "1 failed" in told.err
        status = mailing.type("status")
        assert "104" in status.out
        assert "no such mailbox" in status.out
        printed = mailing.type("letters", "--not-by-mail", "--out", tmp_path / "letters.pdf")
        assert printed.code == 0
        assert "1 letters" in printed.out

    def test_e9_what_came_back_is_known_by_its_own_address_alone(self, mailing: Machine, postbox: Postbox) -> None:
        send(mailing, postbox.port)
        kept, given = mailing.kept, mailing.given("101")
        with open_journal(mailing.folder) as journal:
            assert read_returned_mail(kept, journal, report("0" * 32), NOW) == "unknown"
            assert journal.state(given.token) == "sent"
            assert (
                read_returned_mail(kept, journal, report(return_token(given), "delayed", "4.4.1"), NOW) == "transient"
            )
            assert journal.state(given.token) == "sent"
            assert read_returned_mail(kept, journal, report(return_token(given)), NOW) == "permanent"
            assert journal.state(given.token) == "returned"
        assert "550 no such user" in mailing.type("status").out

    def test_those_who_get_a_letter_get_no_mail(self, mailing: Machine, postbox: Postbox) -> None:
        told = send(mailing, postbox.port, "--number", "102")
        assert told.code == 2
        assert "Write them a letter" in told.err
        assert postbox.mails == []

    def test_without_a_mail_server_nothing_is_marked(self, mailing: Machine) -> None:
        told = send(mailing, 9)
        assert told.code == 1
        assert "cannot be used" in told.err
        assert "2 waits" in mailing.type("status").out or "6 waits" in mailing.type("status").out

    @pytest.mark.parametrize(("text", "told"), [("sender = 1", "mail.toml: Expected"), ("[[", "mail.toml: ")])
    def test_wrong_settings_name_the_file(self, mailing: Machine, text: str, told: str) -> None:
        path = mailing.home / "mail.toml"
        path.write_text(text)
        assert told in mailing.type("send", "--mail", path).err


class TestInterruption:
    def test_a_mail_without_an_answer_is_uncertain_until_somebody_decides(
        self, mailing: Machine, postbox: Postbox
    ) -> None:
        kept = mailing.kept
        author = author_of(kept.commission, Plugins.discover())
        server = Scripted(Answer("unknown", "the connection broke"))
        with open_journal(mailing.folder) as journal:
            done = list(
                send_all(author, kept, [mailing.given("101")], server, journal, now=lambda: NOW, wait=lambda _: None)
            )
        assert [state for _given, state in done] == ["uncertain"]
        told = send(mailing, postbox.port)
        assert told.code == 1
        assert "1 uncertain" in told.err
        assert [mail["To"].addresses[0].addr_spec for mail in postbox.mails] == ["dewi@leden.example"]
        assert mailing.type("decide", "101", "--again").code == 0
        assert send(mailing, postbox.port).code == 0
        assert len(postbox.mails) == 2
        assert "No mail to member 101 is uncertain" in mailing.type("decide", "101", "--again").err

    def test_a_server_that_is_full_is_tried_again_later(self, mailing: Machine) -> None:
        kept = mailing.kept
        author, given = author_of(kept.commission, Plugins.discover()), mailing.given("101")
        server = Scripted(Answer("later", "451 try again"))
        with open_journal(mailing.folder) as journal:
            for _again in range(2):
                list(send_all(author, kept, [given], server, journal, now=lambda: NOW, wait=lambda _: None))
            assert journal.state(given.token) == "sent"
        assert len(server.got) == 2
        assert server.got[0] == server.got[1]

    def test_a_server_that_refuses_us_ends_the_run(self, mailing: Machine) -> None:
        kept = mailing.kept
        author = author_of(kept.commission, Plugins.discover())
        server = Scripted(Answer("later", "421 busy", is_about_us=True))
        with open_journal(mailing.folder) as journal, pytest.raises(CheckFailed, match="421 busy"):
            list(send_all(author, kept, list(kept.given), server, journal, now=lambda: NOW, wait=lambda _: None))
        assert len(server.got) == 1

    def test_killed_between_handing_over_and_the_answer_it_is_uncertain_and_not_sent_again(
        self, mailing: Machine
    ) -> None:
        silent = SilentServer()
        words = ("send", "--mail", settings_in(mailing, silent.port), "--folder", mailing.folder)
        running = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("stembus")),
                "credentials",
                *map(str, words),
                "--passphrase-file",
                mailing.passphrase,
            ],
        )
        assert silent.has_all.wait(60)
        running.send_signal(signal.SIGKILL)
        running.wait(30)
        silent.close()
        with open_postbox() as box:
            told = send(mailing, box.port)
            assert "1 uncertain" in told.err
            assert [mail["To"].addresses[0].addr_spec for mail in box.mails] == ["dewi@leden.example"]

    def test_two_commands_do_not_send_at_once(self, mailing: Machine, postbox: Postbox) -> None:
        with open_journal(mailing.folder):
            told = send(mailing, postbox.port)
        assert told.code == 1
        assert "Another command is sending" in told.err

    def test_a_line_that_was_cut_off_is_forgotten_and_a_broken_one_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "sent.jsonl"
        journal = Journal(path)
        journal.add(NOW, "a", "sending")
        journal.close()
        whole = path.read_bytes()
        path.write_bytes(whole + b'{"at":"2026')
        journal = Journal(path)
        assert [line.token for line in journal.lines] == ["a"]
        journal.close()
        assert path.read_bytes() == whole
        path.write_bytes(b"nonsense\n")
        with pytest.raises(UnusableInput, match="line 1, cannot be read"):
            Journal(path)


def test_s2_the_journal_and_what_is_printed_hold_no_code_and_no_address(mailing: Machine, postbox: Postbox) -> None:
    told = send(mailing, postbox.port)
    everything = (mailing.folder / "sent.jsonl").read_text() + told.out + told.err + mailing.type("status").out
    for given in mailing.kept.given:
        assert given.credential not in everything
        assert shown(given.credential) not in everything
    assert "@leden.example" not in everything


class TestLetters:
    def test_hold_the_code_in_the_language_of_each(self) -> None:
        kept = made().kept
        author = author_of(kept.commission, Plugins.discover())
        subjects = [wording(author, kept, given).subject for given in kept.given[:3]]
        assert subjects == [
            "Uw stemcode: Verkiezing van de partijraad",
            "Uw stemcode: Verkiezing van de partijraad",
            "Your voting code: Election of the party council",
        ]
        easy = wording(author, kept, kept.given[1])
        assert "Niemand anders heeft deze code." in str(easy.before)

    def test_are_accessible_pdf_of_one_page_each(self) -> None:
        kept = made().kept
        author = author_of(kept.commission, Plugins.discover())
        done = letters(author, kept, kept.given, NOW)
        assert done.by_hand == ()
        with pikepdf.open(io.BytesIO(done.pdf)) as pdf:
            assert len(pdf.pages) == len(VOTERS)
            assert pdf.Root.MarkInfo.Marked
            assert "Verkiezing van de partijraad" in str(pdf.docinfo["/Title"])
        assert letters(author, kept, kept.given, NOW).pdf == done.pdf

    def test_a_proxy_is_told_whose_vote_it_is(self) -> None:
        kept = made().kept
        author = author_of(kept.commission, Plugins.discover())
        own = kept.given[0]
        proxy = type(own)(
            number=own.number, credential=own.credential, key=own.key, token=own.token, at=own.at, proxy_of="104"
        )
        assert "Dewi Pattiasina" in str(wording(author, kept, proxy).before)
        assert "Dewi Pattiasina" not in str(wording(author, kept, own).before)

    def test_go_to_those_who_wait_once(self, machine: Machine, tmp_path: Path) -> None:
        told = machine.type("letters", "--out", tmp_path / "letters.pdf")
        assert told.code == 0, told.err
        assert "4 letters" in told.out
        assert (tmp_path / "letters.pdf").stat().st_mode & 0o777 == 0o600
        assert machine.type("letters", "--out", tmp_path / "more.pdf").code == 1
        by_hand = machine.type("letters", "--in-person", "--out", tmp_path / "person.pdf")
        assert "2 letters" in by_hand.out
        again = machine.type("letters", "--number", "101", "--out", tmp_path / "again.pdf")
        assert "1 letters" in again.out
        assert machine.type("letters", "--out", tmp_path / "again.pdf").code == 2

    def test_a_name_that_the_fonts_lack_is_told(self, tmp_path: Path) -> None:
        voters = (VOTERS[0], type(VOTERS[1])(number="107", name="王 Wang", address=("Straat 1", "1234 AB  DORP")))
        kept = made(voters).kept
        assert letters(author_of(kept.commission, Plugins.discover()), kept, kept.given, NOW).by_hand == ("107",)

    def test_status_names_files_that_should_be_gone(self, machine: Machine) -> None:
        machine.type("letters", "--out", machine.folder / "letters.pdf")
        assert "letters.pdf tells of people or holds codes" in machine.type("status").out


class SilentServer:
    """A mail server that takes a whole mail and never answers."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.has_all = Event()
        Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        with suppress(OSError):
            talk, _ = self.listening.accept()
            with talk, talk.makefile("rwb") as line:
                line.write(b"220 ready\r\n")
                line.flush()
                for said in line:
                    if said == b".\r\n":
                        self.has_all.set()
                        continue
                    word = said[:4].upper()
                    if not self.is_command(word):
                        continue
                    line.write(b"354 go on\r\n" if word == b"DATA" else b"250 fine\r\n")
                    line.flush()

    @staticmethod
    def is_command(word: bytes) -> bool:
        return word in (b"EHLO", b"MAIL", b"RCPT", b"DATA", b"NOOP", b"RSET", b"QUIT")

    def close(self) -> None:
        self.listening.close()
