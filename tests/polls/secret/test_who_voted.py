"""Who has voted is told to nobody by a reminder, nor by what becomes of a mail about a vote. S9."""

import pytest
from mail_cases import Scripted, report
from secret_poll_party import BY, CLOSES, NAME, SecretParty
from sqlalchemy import delete
from sqlmodel import select
from typed_command import Run, typed

from stembus.conduct.answering import sign_in_of
from stembus.errors import Refused
from stembus.ledger.tables import LedgerBody
from stembus.notices.audience import Numbered, recipients
from stembus.notices.bounces import record_bounce
from stembus.notices.kinds import confidential_mails
from stembus.notices.outbox import LEASE, claim
from stembus.notices.tables import MailEvent, MailMessage, MailReturn
from stembus.notices.transport import Answer
from stembus.notices.worker import work_once
from stembus.organisation.facts import facts_on
from stembus_polls.paper.hand_out import hand_out
from stembus_polls.poll import open_poll
from stembus_polls.roll.lookup import why_not_on_roll
from stembus_polls.secret.clockwork import tend_box
from stembus_polls.secret.remind import APART, remind


@pytest.fixture
def party(party: SecretParty) -> SecretParty:
    """The party without the mails that its witnesses got: those are about nobody's vote."""
    with party.instance.write() as transaction:
        transaction.session.execute(delete(MailMessage))
    return party


@pytest.fixture
def stembus(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `stembus` with the given words."""
    return typed(capsys)


def let_go(party: SecretParty) -> int:
    """Let a reminder go, as the office does."""
    with party.instance.write() as transaction:
        return remind(transaction, open_poll(transaction, NAME).contest(party.contest_id), by=BY[0])


def run(party: SecretParty, server: Scripted) -> set[str]:
    """Let the worker send all that is due; return to whom it handed a mail over, by number."""
    while work_once(party.instance, server).mail_id:
        pass
    return {envelope.to.removeprefix("lid").split("@")[0] for envelope in server.got}


def mails(party: SecretParty, kind: str) -> list[MailMessage]:
    """The rows of one kind of mail."""
    with party.instance.read() as session:
        return list(session.exec(select(MailMessage).where(MailMessage.kind == kind)))


def traces(party: SecretParty, kind: str) -> set[tuple[object, ...]]:
    """What the rows of one kind tell, but for whom and when each is."""
    shown = ("state", "answer", "sha256", "subject", "text", "html", "attempts", "replaces", "due_at", "expires_at")
    return {tuple(getattr(mail, name) for name in shown) for mail in mails(party, kind)}


def test_s9_a_reminder_goes_to_who_did_not_vote_by_the_time_it_is_sent_and_leaves_no_trace_of_it(
    party: SecretParty,
) -> None:
    party.vote("2001", [1])
    party.give_proxy("2004", "2005")
    with party.instance.write() as transaction:
        contest = open_poll(transaction, NAME).contest(party.contest_id)
        hand_out(transaction, contest, ["2002"], by=BY[0], why_not=why_not_on_roll)
    assert let_go(party) == len(party.voters)
    assert {mail.member_id for mail in mails(party, "polls.reminder")} == {party.member(one) for one in party.voters}
    party.vote("2003", [0])
    refuses = Scripted(Answer("refused", "550 no such user"), Answer("unknown", "the connection broke"))
    assert run(party, refuses) == set(party.voters) - {"2001", "2002", "2003", "2004"}
    states = {mail.state for mail in mails(party, "polls.reminder")}
    assert states == {"sent", "left"}
    assert not any(mail.answer or mail.sha256 or mail.text for mail in mails(party, "polls.reminder"))
    with party.instance.read() as session:
        public = session.exec(select(LedgerBody).where(LedgerBody.kind == "secret_poll.reminded")).one()
        assert not session.exec(select(MailEvent)).all()
    assert '"roll":12' in bytes(public.body).decode().replace(" ", "")


def test_s9_the_rows_of_who_voted_and_of_who_did_not_are_alike(party: SecretParty) -> None:
    for number in party.voters[:5]:
        party.vote(number, [1])
    let_go(party)
    assert len(run(party, Scripted())) == 7
    assert len(traces(party, "polls.reminder")) == 1
    with party.instance.write() as transaction:
        for mail in transaction.session.exec(select(MailMessage)):
            assert record_bounce(transaction, report(mail.return_token)) is not None
    with party.instance.read() as session:
        assert not session.exec(select(MailReturn)).all()
        assert {mail.state for mail in mails(party, "polls.reminder")} == {"sent"}
        day = party.instance.clock.now().date()
        found = recipients(party.instance, session, Numbered(party.voters), day, "letter", is_personal=False)
        assert {one.way.reason for one in found} == {"has_address"}, "an address that came back tells to whom it went"


def test_s9_the_notice_that_a_vote_was_cast_is_shown_to_nobody(party: SecretParty) -> None:
    for number in party.voters[:10]:
        party.vote(number, [1])
    tend_box(party.instance, party.uuid)
    told = mails(party, "polls.vote_cast")
    assert len(told) == 10
    with party.instance.write() as transaction:
        assert isinstance(claim(transaction, None), MailMessage)
    party.clock.set(party.instance.clock.now() + LEASE)
    run(party, Scripted(Answer("later", "451 later")))
    assert {mail.state for mail in mails(party, "polls.vote_cast")} <= {"sent", "left", "queued"}
    unseen = confidential_mails(party.instance.plugins)
    with party.instance.read() as session:
        for number in ("2001", "2012"):
            one = facts_on(session, [party.member(number)], party.instance.clock.now().date())
            assert sign_in_of(session, next(iter(one.values())), unseen).mails == ()
        assert not session.exec(select(MailEvent)).all()


def test_s9_a_notice_that_arrives_does_not_make_an_address_good_again(party: SecretParty) -> None:
    let_go(party)
    with party.instance.write() as transaction:  # of everybody, the last mail that anybody may know of came back
        for mail in transaction.session.exec(select(MailMessage)):
            mail.kind, mail.state, mail.settled_at = "way_in", "bounced", transaction.now
            transaction.session.add(mail)
    for number in party.voters[:10]:
        party.vote(number, [1])
    tend_box(party.instance, party.uuid)
    assert run(party, Scripted()) == set(party.voters[:10])
    with party.instance.read() as session:
        day = party.instance.clock.now().date()
        found = recipients(party.instance, session, Numbered(party.voters), day, "letter", is_personal=False)
        assert {one.way.reason for one in found} == {"nowhere"}, "no mail reaches them, and nobody has a postal address"


def test_s9_the_office_counts_no_mail_about_a_vote(party: SecretParty, stembus: Run) -> None:
    for number in party.voters[:10]:
        party.vote(number, [1])
    tend_box(party.instance, party.uuid)
    assert len(mails(party, "polls.vote_cast")) == 10
    assert "No mail was ever queued." in stembus("--instance", party.instance.folder, "mail", "status").out


def test_a_reminder_waits_for_a_day_and_for_a_vote_that_is_open(party: SecretParty) -> None:
    let_go(party)
    with pytest.raises(Refused, match="reminded at"):
        let_go(party)
    party.clock.set(party.instance.clock.now() + APART)
    let_go(party)
    party.clock.set(CLOSES)
    with pytest.raises(Refused, match="Nobody can vote"):
        let_go(party)
    assert run(party, Scripted()) == set(), "a reminder that is too late is not sent"
