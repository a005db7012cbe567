"""The board that the server keeps row by row is the archive that the protocol writes, to the byte."""

from threading import Thread

import pytest
from paper_contest import open_contest
from secret_polls import MOMENT, UUID, Records, homomorphic_poll, ranked_poll, records_of
from secret_polls import SecretPoll as PlayedPoll
from sqlmodel import select

from stembus.errors import Refused
from stembus.instance import Instance
from stembus.ledger.tables import LedgerLeaf
from stembus_ballots.protocol.events import ArchiveWriter
from stembus_ballots.protocol.verify.whole import verify_archive
from stembus_polls.contests import Contest
from stembus_polls.secret import board
from stembus_polls.secret.board import append, archive_bytes, ballots_on_board, head
from stembus_polls.secret.poll import election_of, poll_by_uuid, secret_poll
from stembus_polls.secret.tables import BoardEvent, SecretPoll


@pytest.fixture
def contest(instance: Instance) -> Contest:
    """A contest of a procedure that runs."""
    return open_contest(instance)


@pytest.fixture
def polled(instance: Instance, contest: Contest) -> Instance:
    """An instance with one contest, whose secret poll has an empty board."""
    with instance.write() as transaction:
        transaction.session.add(
            SecretPoll(
                procedure_id=contest.procedure_id,
                contest=contest.id,
                uuid=UUID,
                group="BELENIOS-2048",
                trustees=2,
                threshold=2,
                timestamp=MOMENT,
                prepared_act=transaction.session.exec(select(LedgerLeaf.act_id)).first() or "",
            )
        )
    return instance


def append_all(instance: Instance, records: Records) -> None:
    """Put every event onto the board, each in a transaction of its own."""
    for kind, data in records:
        with instance.write() as transaction:
            append(transaction, poll_by_uuid(transaction.session, UUID), kind, *data)


@pytest.mark.parametrize("poll", [homomorphic_poll(), ranked_poll()], ids=["homomorphic", "ranked"])
def test_the_board_is_the_archive_to_the_byte_and_verifies(
    polled: Instance, poll: PlayedPoll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "AT_ONCE", 3)
    append_all(polled, records_of(poll.archive))
    with polled.read() as session:
        kept = b"".join(archive_bytes(session, UUID))
        assert ballots_on_board(session, poll_by_uuid(session, UUID)) == len(poll.ballots)
        latest = head(session, UUID)
    assert kept == poll.archive
    assert latest is not None
    assert latest.kind == "Result"
    assert verify_archive(kept).exit_code == 0


def test_what_came_later_is_given_apart(polled: Instance) -> None:
    records = records_of(homomorphic_poll().archive)
    append_all(polled, records[:3])
    with polled.read() as session:
        before = b"".join(archive_bytes(session, UUID))
    append_all(polled, records[3:5])
    with polled.read() as session:
        assert before + b"".join(archive_bytes(session, UUID, after=2)) == b"".join(archive_bytes(session, UUID))


def test_an_event_out_of_order_is_refused_and_changes_nothing(polled: Instance) -> None:
    records = records_of(homomorphic_poll().archive)
    with pytest.raises(Refused, match="may not come as the first event"):
        append_all(polled, records[1:2])
    append_all(polled, records[:2])
    with pytest.raises(Refused, match=r"Event 2 \(Setup\) may not come in a poll that is open"):
        append_all(polled, records[:1])
    with polled.read() as session:
        assert len(session.exec(select(BoardEvent.height)).all()) == 2


def test_events_that_come_at_once_make_one_chain(polled: Instance) -> None:
    kind, data = records_of(homomorphic_poll().archive)[0]
    append_all(polled, [(kind, data)])
    threads = [Thread(target=append_all, args=(polled, [("Ballot", [f"ballot {n}".encode()])])) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with polled.read() as session:
        archive = b"".join(archive_bytes(session, UUID))
    assert len(records_of(archive)) == 13
    assert ArchiveWriter.resume(archive).written == archive


def test_a_poll_is_found_by_its_contest_and_by_its_id(polled: Instance, contest: Contest) -> None:
    with polled.read() as session:
        poll = poll_by_uuid(session, UUID)
        assert secret_poll(session, contest) is poll
        with pytest.raises(Refused, match="no secret poll elsewhere"):
            poll_by_uuid(session, "elsewhere")
        with pytest.raises(Refused, match="was not set up yet"):
            election_of(poll)
        poll.election = homomorphic_poll().election_text
        assert election_of(poll) is election_of(poll)
        assert election_of(poll).uuid == UUID
