"""Mails are neither lost nor doubled, whatever stops; what nobody can know is shown for a person to decide. R7."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import msgspec
import pytest
from mail_cases import AT, Scripted, add_member, events, mails, queue, written
from organisation_cases import found
from sqlmodel import select

from stembus.clock import SetClock
from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance
from stembus.notices.mailings import decide
from stembus.notices.outbox import BACK_OFF, LEASE, claim
from stembus.notices.tables import MailMessage
from stembus.notices.transport import Answer, Unreachable
from stembus.notices.worker import work_once
from stembus.settings import MailSettings


@pytest.fixture
def party(instance: Instance) -> Instance:
    """Founders 001 and 002, and member 7 with a mail address."""
    found(instance)
    add_member(instance, "7", email="robin@example.org")
    instance.settings = msgspec.structs.replace(
        instance.settings,
        mail=MailSettings(
            sender="bureau@party.example", smtp_host="localhost", bounces_to="bounces@party.example", per_minute=3
        ),
    )
    return instance


def test_a_mail_is_sent_once_and_its_answer_is_kept(party: Instance) -> None:
    mail_id = queue(party)
    server = Scripted()
    assert work_once(party, server).outcome == "sent"
    assert work_once(party, server).outcome == "nothing"
    [mail] = mails(party)
    assert (mail.id, mail.state, mail.answer, mail.attempts) == (mail_id, "sent", "250 taken", 1)
    assert len(server.got) == 1
    assert events(party, mail_id) == ["sent: 250 taken"]


def test_a_mail_whose_transaction_is_undone_was_never_there(party: Instance) -> None:
    def undone() -> None:
        with party.write() as transaction:
            written(transaction)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    assert mails(party) == []


def test_the_message_id_is_the_same_at_each_attempt_and_so_are_the_bytes(party: Instance, clock: SetClock) -> None:
    queue(party)
    server = Scripted(Answer("later", "451 busy"), Answer("sent", "250 ok"))
    work_once(party, server)
    clock.set(clock.now() + BACK_OFF[0])
    work_once(party, server)
    first, second = (envelope.data for envelope in server.got)
    assert first == second
    message = message_from_bytes(first, policy=default)
    assert message["Message-ID"] == mails(party)[0].message_id
    assert server.got[0].sender == f"bounces+{mails(party)[0].return_token}@party.example"


def test_r7_a_server_that_is_away_costs_no_attempt_and_nothing_is_claimed(party: Instance) -> None:
    queue(party)
    server = Scripted(away="connection refused")
    worked = work_once(party, server)
    assert (worked.outcome, worked.said) == ("unreachable", "connection refused")
    assert [(mail.state, mail.attempts) for mail in mails(party)] == [("queued", 0)]


def test_r7_try_again_later_waits_longer_each_time_and_fails_in_the_end(party: Instance, clock: SetClock) -> None:
    mail_id = queue(party)
    server = Scripted(*[Answer("later", "451 greylisted")] * (len(BACK_OFF) + 1))
    for wait in BACK_OFF:
        assert work_once(party, server).outcome == "queued"
        clock.set(clock.now() + wait - timedelta(seconds=1))
        assert work_once(party, server).outcome == "nothing"
        clock.set(clock.now() + timedelta(seconds=1))
    assert work_once(party, server).outcome == "failed"
    assert len(server.got) == len(BACK_OFF) + 1
    assert events(party, mail_id)[-1] == "refused: 451 greylisted"


def test_a_refusal_is_final(party: Instance, clock: SetClock) -> None:
    queue(party)
    server = Scripted(Answer("refused", "550 no such user"))
    assert work_once(party, server).outcome == "failed"
    clock.set(clock.now() + timedelta(days=9))
    assert work_once(party, server).outcome == "nothing"


def test_r7_a_worker_that_dies_leaves_an_uncertain_mail_that_is_never_sent_by_itself(
    party: Instance, clock: SetClock
) -> None:
    mail_id = queue(party, kind="plain")
    with party.write() as transaction:
        assert isinstance(claim(transaction, None), MailMessage)
    server = Scripted()
    clock.set(clock.now() + LEASE - timedelta(seconds=1))
    assert work_once(party, server).outcome == "nothing"
    assert mails(party)[0].state == "sending"
    clock.set(clock.now() + timedelta(days=30))
    assert work_once(party, server).outcome == "nothing"
    assert mails(party)[0].state == "uncertain"
    assert server.got == []
    with party.write() as transaction:
        decide(transaction, mail_id, by="001", again=True, ground="nobody got it")
    assert work_once(party, server).outcome == "sent"
    assert mails(party)[0].message_id in server.got[0].data.decode()


def test_an_answer_after_the_lease_is_believed_unless_the_mail_was_handed_over_again(
    party: Instance, clock: SetClock
) -> None:
    from stembus.notices.outbox import give_up_waiting, settle

    mail_id = queue(party)
    with party.write() as transaction:
        claim(transaction, None)
    clock.set(clock.now() + LEASE)
    with party.write() as transaction:
        give_up_waiting(transaction)
        assert settle(transaction, mail_id, 1, Answer("sent", "250 slow"), "") == "sent"
        assert settle(transaction, mail_id, 1, Answer("refused", "550"), "") == "sent"
    assert events(party, mail_id)[-1] == "late: refused: 550"


def test_what_broke_before_its_answer_is_uncertain_and_may_be_left_so(party: Instance) -> None:
    mail_id = queue(party, kind="plain")
    assert work_once(party, Scripted(Answer("unknown", "gone"))).outcome == "uncertain"
    with party.write() as transaction:
        decide(transaction, mail_id, by="001", again=False, ground="the member has it")
    assert mails(party)[0].state == "left"
    with pytest.raises(Refused, match="nothing to decide"), party.write() as transaction:
        decide(transaction, mail_id, by="001", again=True, ground="x")


@pytest.mark.parametrize(
    "answer", [Answer("sent", "250"), Answer("refused", "550"), Answer("unknown", "gone"), None], ids=str
)
def test_a_secret_does_not_stay_once_its_mail_needs_no_sending(
    party: Instance, clock: SetClock, answer: Answer | None
) -> None:
    mail_id = queue(party, expires_at=AT + timedelta(minutes=15))
    assert "K7QF-2M9P" in mails(party)[0].text
    if answer is None:
        clock.set(AT + timedelta(minutes=15))
        work_once(party, Scripted())
        assert mails(party)[0].state == "withdrawn"
    else:
        work_once(party, Scripted(answer))
    [mail] = mails(party)
    assert (mail.text, mail.html) == ("", "")
    assert "K7QF" not in repr(mail)
    assert "K7QF" not in " ".join(events(party, mail_id))


def test_a_secret_is_not_sent_again(party: Instance) -> None:
    mail_id = queue(party)
    work_once(party, Scripted(Answer("unknown", "gone")))
    with pytest.raises(Refused, match="asks for a new one"), party.write() as transaction:
        decide(transaction, mail_id, by="001", again=True, ground="x")


def test_links_to_sign_in_go_before_other_mail_and_are_not_throttled(party: Instance, clock: SetClock) -> None:
    plain = [queue(party, kind="plain") for _ in range(4)]
    server = Scripted()
    assert [work_once(party, server).outcome for _ in range(4)] == ["sent"] * 3 + ["throttled"]
    assert work_once(party, server).again_at == AT + timedelta(minutes=1)
    urgent = queue(party)
    assert work_once(party, server).mail_id == urgent
    clock.set(AT + timedelta(seconds=59))
    assert work_once(party, server).outcome == "throttled"
    clock.set(AT + timedelta(seconds=60))
    assert work_once(party, server).mail_id in plain
    assert len(server.got) == 5


def test_two_workers_never_claim_one_mail(party: Instance) -> None:
    queue(party)
    with party.write() as transaction:
        claim(transaction, None)
    with party.write() as transaction:
        assert not isinstance(claim(transaction, None), MailMessage)


def test_a_mail_server_that_refuses_us_is_left_alone_for_a_while(party: Instance, clock: SetClock) -> None:
    queue(party)
    worked = work_once(party, Scripted(Answer("later", "421 too many", is_about_us=True)))
    assert (worked.outcome, worked.again_at) == ("queued", clock.now() + timedelta(minutes=1))


@pytest.mark.parametrize("address", ["", "robin", "a@b", "a b@example.org", "a@example.org\r\nBcc: all@x.example"])
def test_what_is_no_mail_address_is_refused_when_it_is_queued(party: Instance, address: str) -> None:
    with pytest.raises(UnusableInput, match="not a mail address"), party.write() as transaction:
        written(transaction, to=address)


def test_a_name_cannot_begin_a_header_and_a_subject_neither(party: Instance) -> None:
    add_member(party, "8", email="x@example.org", given="Eve\r\nBcc: all@party.example\r\n\r\nHello")
    queue(party, number="8", to="x@example.org")
    with party.write() as transaction:
        mail = transaction.session.exec(select(MailMessage)).one()
        mail.subject = "Your link\r\nBcc: all@party.example"
        transaction.session.add(mail)
    server = Scripted()
    work_once(party, server)
    message = message_from_bytes(server.got[0].data, policy=default)
    assert message["Bcc"] is None
    assert message["Subject"] == "Your link Bcc: all@party.example"
    assert message["To"].addresses[0].addr_spec == "x@example.org"
    assert server.got[0].to == "x@example.org"


def test_the_ledger_says_who_decided_about_an_uncertain_mail(party: Instance) -> None:
    from stembus.ledger.show import shown_acts

    mail_id = queue(party, kind="plain")
    work_once(party, Scripted(Answer("unknown", "gone")))
    with party.write() as transaction:
        decide(transaction, mail_id, by="002", again=True, ground="a phone call")
    assert "it was decided: send again." in " ".join(shown_acts(party, None, 5, "en"))


def test_a_mail_server_that_cannot_be_reached_says_why() -> None:
    from stembus.notices.transport import Smtp

    server = Smtp(MailSettings(sender="a@b.example", smtp_host="localhost", smtp_port=9, security="none"))
    with pytest.raises(Unreachable, match="localhost:9"):
        server.ready()
    with pytest.raises(UnusableInput, match="not this machine"):
        Smtp(MailSettings(sender="a@b.example", smtp_host="mail.example", security="none"))
