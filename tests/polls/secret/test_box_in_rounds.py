"""A secret poll in ranked rounds: members vote once, and every round is counted from what comes out of one box."""

import shutil
from pathlib import Path

import pytest
from copied_instances import EmptyInstances
from counted_box import contest, opened, put_in, verified, vote_on_paper
from secret_poll_party import BY, IN_ROUNDS
from trustee_party import TrusteeParty, copied_trustee_party, quick_to_open

from stembus.clock import SetClock
from stembus_ballots.ranked_rounds import CountedRound, RankedRoundsRecord
from stembus_polls.booth.shown import shown_poll
from stembus_polls.counting.count import count_again, count_contest
from stembus_polls.counting.report_procedure import whole_procedure, whole_report
from stembus_polls.poll import poll_of
from stembus_polls.report import procedure_archive, verify_archive
from stembus_polls.secret.poll import poll_by_uuid
from stembus_procedures import check, is_refused

ONLINE = [(0, 1)] * 3 + [(1, 0)] * 2 + [(2, 1)] * 2 + [(3,)]
PAPERS = ["3 2", "blank", "? 2 or 3", "5"]


def _open(party: TrusteeParty) -> None:
    party.make_key()
    party.set_up()


def test_a_secret_poll_in_rounds_is_counted_verified_and_reported(
    empty_instances: EmptyInstances, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick_to_open(monkeypatch)
    with copied_trustee_party(empty_instances, clock, tmp_path, _open, changes=IN_ROUNDS) as party:
        assert not is_refused(check(contest(party).policy))
        with party.instance.read() as session:
            poll = poll_by_uuid(session, party.party.uuid)
            assert shown_poll(party.instance, session, poll, clock.now()).in_rounds
        party.vote(ONLINE)
        vote_on_paper(party, PAPERS)
        put_in(party)
        opened(party)
        verdicts = verified(party)
        assert [one.said for one in verdicts if not one.holds] == []
        assert len(verdicts) == (2 if shutil.which("belenios-tool") else 1)
        with party.instance.write() as transaction:
            one = contest(party, transaction)
            counted = count_contest(transaction, one, (one,), by=BY)
        record = counted.record
        assert isinstance(record, RankedRoundsRecord)
        assert (record.valid, record.blank, record.invalid) == (10, 1, 1)
        assert record.rounds == (
            CountedRound(1, (0, 1, 2, 3, 4), (3, 2, 3, 1, 1), 0, 10, 6),
            CountedRound(2, (0, 2), (5, 3), 2, 8, 5),
        )
        assert (counted.elected, record.by) == ((0,), "majority")
        with party.instance.read() as session:
            assert count_again(session, contest(party)) is None
            held = poll_of(session, party.party.running(session), party.instance.clock.now())
            report = whole_report(party.instance, session, held, party.instance.clock.now(), meeting=None)
            archive = procedure_archive(whole_procedure(session, held, report))
        (tmp_path / "raad.zip").write_bytes(archive)
        verdict = verify_archive(tmp_path / "raad.zip")
        assert verdict.failed == ()
        assert "at_large: counted again from 10 ballots: every round is the same." in verdict.checked
