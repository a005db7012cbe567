"""From the box to the tally: batches, the close, the seal, the time to object, and only then what can be opened."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from secret_poll_party import (
    AFTER,
    AUTHORITY,
    BY,
    CANDIDATES,
    CLOSES,
    NAME,
    TALLYING,
    VOTING,
    SecretParty,
    prepared_party,
    secret_party,
)
from sqlmodel import select

from stembus.clock import SetClock
from stembus.conduct.running import open_procedure
from stembus.errors import CheckFailed, Refused
from stembus.instance import Instance
from stembus.ledger.tables import LedgerBody
from stembus.notices.tables import MailMessage
from stembus.organisation.registry import member_numbered
from stembus_ballots.protocol.events import ArchiveWriter
from stembus_ballots.protocol.verify.verdict import Verdict
from stembus_ballots.protocol.verify.whole import verify_archive
from stembus_polls.pages.desk import desk_items
from stembus_polls.paper.hand_out import hand_out
from stembus_polls.poll import open_poll
from stembus_polls.powers import BOX_SEAL
from stembus_polls.roll.change import change_row
from stembus_polls.roll.lookup import why_not_on_roll
from stembus_polls.secret.board import Head, archive_bytes, ballots_on_board, head
from stembus_polls.secret.cast import CannotCast, cast
from stembus_polls.secret.change_credentials import change_credentials
from stembus_polls.secret.clockwork import tend_box
from stembus_polls.secret.credentials_now import list_text
from stembus_polls.secret.notices import VOTE_CAST
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.seal_box import seal_box
from stembus_polls.secret.set_up import set_up
from stembus_polls.secret.tables import SealedBallot
from stembus_polls.secret.tallying import require_tally


def on_board(party: SecretParty) -> int:
    with party.instance.read() as session:
        return ballots_on_board(session, poll_by_uuid(session, party.uuid))


def archive(party: SecretParty) -> bytes:
    with party.instance.read() as session:
        return b"".join(archive_bytes(session, party.uuid))


def seal(party: SecretParty) -> None:
    with party.instance.write() as transaction:
        seal_box(transaction, open_poll(transaction, NAME).contest(party.contest_id), by=BY)


def tally(party: SecretParty) -> None:
    with party.instance.write() as transaction:
        poll = poll_by_uuid(transaction.session, party.uuid)
        require_tally(transaction, open_poll(transaction, NAME).contest(party.contest_id), poll)


def acts(party: SecretParty) -> Counter[str]:
    """How often which kind of act about the poll was written."""
    with party.instance.read() as session:
        found = session.exec(select(LedgerBody.kind)).all()
    return Counter(kind for kind in found if kind.startswith(("board.", "secret_poll.")))


def verified(party: SecretParty, previous: bytes | None = None) -> Verdict:
    """The verdict on the archive and the list of credentials, as everybody can download them."""
    with party.instance.read() as session:
        listed = list_text(session, poll_by_uuid(session, party.uuid))
    return verify_archive(archive(party), previous=previous, credential_list=listed)


def test_ballots_go_onto_the_board_ten_at_a_time_or_at_the_end(party: SecretParty) -> None:
    for number in party.voters[:9]:
        party.vote(number, [1, 2])
    assert not tend_box(party.instance, party.uuid)
    assert on_board(party) == 0
    party.vote(party.voters[9], [0])
    assert tend_box(party.instance, party.uuid)
    assert on_board(party) == 10
    party.vote(party.voters[10], [0])
    assert not tend_box(party.instance, party.uuid)
    assert on_board(party) == 10
    party.clock.set(AFTER)
    assert tend_box(party.instance, party.uuid)
    assert not tend_box(party.instance, party.uuid), "and then there is nothing left to do"
    assert on_board(party) == 11
    assert (acts(party)["board.grew"], acts(party)["secret_poll.closed"]) == (2, 1)
    verdict = verified(party)
    assert (verdict.exit_code, len(verdict.trackers)) == (3, 11)


def test_whose_vote_is_on_the_board_is_told_by_mail_and_not_before(party: SecretParty) -> None:
    to_voters = select(MailMessage).where(MailMessage.kind == VOTE_CAST.name)
    for number in party.voters[:10]:
        party.vote(number, [3])
    with party.instance.read() as session:
        assert not session.exec(to_voters).all()
    tend_box(party.instance, party.uuid)
    with party.instance.read() as session:
        mails = session.exec(to_voters).all()
    assert {mail.address for mail in mails} == {f"lid{number}@post.example" for number in party.voters[:10]}
    assert "is uitgebracht" in mails[0].subject
    trackers = verify_archive(archive(party)).trackers
    assert not any(secret in mail.text for mail in mails for secret in (*trackers, *CANDIDATES, *party.codes.values()))


def test_v7_an_empty_box_closes_too_and_is_proven_empty(party: SecretParty) -> None:
    party.clock.set(AFTER)
    assert tend_box(party.instance, party.uuid)
    assert acts(party)["secret_poll.closed"] == 1
    assert len(verified(party).trackers) == 0


def test_the_box_is_sealed_by_two_after_the_last_moment_with_everything_in_it(party: SecretParty) -> None:
    for number in party.voters[:10]:
        party.vote(number, [1])
    with pytest.raises(Refused, match="votes can come until"):
        seal(party)
    party.clock.set(AFTER)
    with pytest.raises(CheckFailed, match="10 ballots of at_large are not on the board yet"):
        seal(party)
    tend_box(party.instance, party.uuid)
    with pytest.raises(Refused, match="two different people"), party.instance.write() as transaction:
        seal_box(transaction, open_poll(transaction, NAME).contest(party.contest_id), by=("1001", "1001"))
    seal(party)
    with pytest.raises(Refused, match="sealed already"):
        seal(party)
    assert acts(party)["secret_poll.sealed"] == 1


def test_whoever_seals_the_box_finds_it_on_the_desk_from_the_last_moment_until_it_is_sealed(party: SecretParty) -> None:
    def asked(now: datetime) -> list[tuple[str, tuple[str, ...]]]:
        with party.instance.read() as session:
            return [(one.title, one.powers) for one in desk_items(session, now) if "/box" in one.path]

    for number in party.voters[:10]:
        party.vote(number, [1])
    assert asked(AFTER - timedelta(minutes=2)) == []
    assert asked(AFTER) == [("Seal the box of {contest}", (BOX_SEAL,))]
    party.clock.set(AFTER)
    tend_box(party.instance, party.uuid)
    seal(party)
    assert asked(AFTER) == []


def test_a_vote_that_was_let_in_late_finds_a_sealed_box(party: SecretParty, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if every clock said so, nothing enters a sealed box."""
    for number in party.voters[1:11]:
        party.vote(number, [1])
    party.clock.set(CLOSES - timedelta(minutes=1))
    session, ballot = party.enter("2001"), party.ballot(party.codes["2001"], [1])
    party.clock.set(AFTER)
    tend_box(party.instance, party.uuid)
    seal(party)
    monkeypatch.setattr("stembus_polls.secret.standing.last_moment", lambda *_: AFTER + timedelta(days=9))
    with pytest.raises(CannotCast, match="The box is sealed"):
        cast(party.instance, session, ballot)


def test_a_box_with_too_few_votes_is_not_sealed_and_says_how_members_vote_instead(party: SecretParty) -> None:
    for number in party.voters[:9]:
        party.vote(number, [1])
    party.clock.set(AFTER)
    tend_box(party.instance, party.uuid)
    with pytest.raises(CheckFailed, match=r"9 votes are in the box .* members vote on paper in the meeting"):
        seal(party)


def test_a_poll_of_too_few_voters_is_not_set_up(instance: Instance, clock: SetClock) -> None:
    party = prepared_party(instance, clock, voters=9)
    with pytest.raises(Refused, match="9 members may vote"), instance.write() as transaction:
        set_up(transaction, open_poll(transaction, NAME).contest(party.contest_id), by=BY)


def test_a_poll_whose_roll_became_too_short_after_it_was_set_up_does_not_open(
    instance: Instance, clock: SetClock
) -> None:
    party = prepared_party(instance, clock, voters=10)
    with instance.write() as transaction:
        set_up(transaction, open_poll(transaction, NAME).contest(party.contest_id), by=BY)
    clock.set(VOTING)
    session_of_another = party.enter(party.voters[1])
    off_the_roll(instance, party.voters[0])
    with pytest.raises(Refused, match=r"9 members may still vote .* They vote on paper in the meeting"):
        party.enter(party.voters[1])
    with pytest.raises(CannotCast) as refused:
        cast(instance, session_of_another, party.ballot(party.codes[party.voters[1]], [1]))
    assert refused.value.reason == "blocked"


def test_codes_for_another_roll_than_there_is_now_are_not_set_up(instance: Instance, clock: SetClock) -> None:
    party = prepared_party(instance, clock, voters=12)
    off_the_roll(instance, party.voters[0])
    with pytest.raises(Refused, match="12 credentials were made, and the roll of at_large now has 11"):
        set_up_now(instance, party)
    assert head_of(instance, party) is None


def test_nothing_is_set_up_once_the_vote_is_open(instance: Instance, clock: SetClock) -> None:
    party = prepared_party(instance, clock, voters=10)
    clock.set(VOTING)
    with pytest.raises(Refused, match="can no longer be set up"):
        set_up_now(instance, party)
    assert head_of(instance, party) is None


def off_the_roll(instance: Instance, number: str) -> None:
    """Let an objection be upheld: this voter is not on the roll any more."""
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, NAME)
        member = member_numbered(transaction.session, number)
        change_row(transaction, running, member, "removed", by=(), ground="x", cause="objection upheld")


def set_up_now(instance: Instance, party: SecretParty) -> None:
    with instance.write() as transaction:
        set_up(transaction, open_poll(transaction, NAME).contest(party.contest_id), by=BY)


def head_of(instance: Instance, party: SecretParty) -> Head | None:
    with instance.read() as session:
        return head(session, party.uuid)


def test_a_box_without_the_votes_on_paper_is_not_sealed(party: SecretParty) -> None:
    with party.instance.write() as transaction:
        contest = open_poll(transaction, NAME).contest(party.contest_id)
        hand_out(transaction, contest, ["2001"], by=BY[0], why_not=why_not_on_roll)
    party.clock.set(AFTER)
    tend_box(party.instance, party.uuid)
    with pytest.raises(CheckFailed, match="1 members voted on paper in at_large, and the papers are not numbered"):
        seal(party)


@pytest.mark.parametrize("candidates", [CANDIDATES, CANDIDATES[:2]], ids=["ranked", "for or against"])
def test_p6_v11_nothing_is_opened_before_the_time_to_object_is_over(
    instance: Instance, clock: SetClock, candidates: tuple[str, ...]
) -> None:
    party = secret_party(instance, clock, candidates=candidates)
    for number in party.voters[:10]:
        party.vote(number, [1, 0] if len(candidates) > 2 else [[0, 1, 0]])
    with pytest.raises(Refused, match="not sealed yet"):
        tally(party)
    clock.set(AFTER)
    tend_box(instance, party.uuid)
    seal(party)
    before = archive(party)
    with pytest.raises(Refused, match="everybody can look into the box and object"):
        tally(party)
    clock.set(AFTER + timedelta(hours=24) - timedelta(seconds=1))
    assert not tend_box(instance, party.uuid)
    assert archive(party) == before
    clock.set(TALLYING)
    assert tend_box(instance, party.uuid)
    tally(party)
    assert acts(party)["secret_poll.tallied"] == 1
    with instance.read() as session:
        at = head(session, party.uuid)
    assert at is not None
    assert at.kind == "EncryptedTally"
    with instance.write() as transaction:
        contest = open_poll(transaction, NAME).contest(party.contest_id)
        change_credentials(transaction, contest, party.closing_line(), by=AUTHORITY)
    verdict = verified(party, before)
    assert (verdict.exit_code, verdict.failures, verdict.skipped) == (3, [], [])
    assert ArchiveWriter.resume(archive(party)).phase == "tallied"


def test_d2_a_clock_that_jumps_back_lets_nobody_vote_after_the_close(party: SecretParty) -> None:
    party.clock.set(CLOSES - timedelta(minutes=1))
    session, ballot = party.enter("2001"), party.ballot(party.codes["2001"], [1])
    party.clock.set(AFTER)
    tend_box(party.instance, party.uuid)
    party.clock.set(CLOSES - timedelta(minutes=1))
    with pytest.raises(Refused, match="already holds an act of"):
        cast(party.instance, session, ballot)
    with party.instance.read() as reading:
        assert not reading.exec(select(SealedBallot)).all()


def test_d2_a_clock_that_jumps_ahead_and_back_again_closes_nothing_for_good(party: SecretParty) -> None:
    """The votes that came are kept, and an act in the ledger says when the clock took the vote to be over."""
    party.vote("2001", [1])
    party.clock.set(VOTING + timedelta(hours=2))
    party.vote("2002", [1])
    party.clock.set(VOTING)
    party.vote("2003", [1])
    with party.instance.read() as session:
        assert len(session.exec(select(SealedBallot)).all()) == 3
