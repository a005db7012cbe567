"""A secret poll on each person, from votes online and on paper to a report that anybody checks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from copied_instances import EmptyInstances
from counted_box import contest, opened, put_in, verified, vote_on_paper
from secret_poll_party import BY, ON_EACH_PERSON
from trustee_party import TrusteeParty, copied_trustee_party, quick_to_open

from stembus.clock import SetClock
from stembus_ballots.per_person import PerPersonRecord
from stembus_ballots.quorum import Attendance
from stembus_ballots.sums import Sums
from stembus_polls.counting.count import count_again, count_contest
from stembus_polls.counting.report_procedure import whole_procedure, whole_report
from stembus_polls.poll import poll_of
from stembus_polls.report.archive import procedure_archive
from stembus_polls.report.verify_archive import verify_archive
from stembus_polls.secret.outcome import verified_cast
from stembus_polls.secret.practice import hold_practice

BLANK, YES, NO = [1, 0, 0], [0, 1, 0], [0, 0, 1]
ONLINE = [
    [YES, YES, NO, YES, BLANK],
    [YES, NO, NO, YES, BLANK],
    [YES, NO, BLANK, YES, BLANK],
    [NO, NO, NO, YES, YES],
    [BLANK, NO, YES, YES, YES],
    [YES, BLANK, NO, NO, NO],
    [YES, YES, NO, YES, NO],
    [BLANK] * 5,
]
PAPERS = ["y n n y b", "vvtvb", "blank", "? two crosses at 3"]


@pytest.fixture
def party(
    empty_instances: EmptyInstances, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TrusteeParty]:
    """The trustees have their key, and the poll on each of five persons is open."""
    quick_to_open(monkeypatch)
    with copied_trustee_party(empty_instances, clock, tmp_path, _open, changes=ON_EACH_PERSON) as made:
        yield made


def _open(party: TrusteeParty) -> None:
    party.make_key()
    party.set_up()


def test_t10_votes_on_each_person_come_out_of_one_box_and_their_archive_is_accepted(
    party: TrusteeParty, tmp_path: Path
) -> None:
    for number, vote in zip(party.party.voters, ONLINE, strict=False):
        party.party.vote(number, vote)
    vote_on_paper(party, PAPERS)
    row = put_in(party)
    assert (row.papers, row.left_out) == (4, 1), "no ballot that is added up can be invalid"
    opened(party)
    assert [one.said for one in verified(party) if not one.holds] == []
    with party.instance.read() as session:
        cast = verified_cast(session, contest(party))
    assert cast == Sums(rows=((7, 1), (3, 5), (1, 7), (8, 1), (2, 2)), valid=11, blank=0, invalid=1)
    with party.instance.write() as transaction:
        one = contest(party, transaction)
        record = count_contest(transaction, one, (one,), by=BY).record
    assert isinstance(record, PerPersonRecord)
    assert record.elected == (3, 0), "most votes for goes first; number 5 has as many for as against"
    assert [(one.votes.yes, one.votes.no, one.votes.blank, one.needed, one.outcome) for one in record.verdicts] == [
        (7, 1, 3, 5, "adopted"),
        (3, 5, 3, 5, "rejected"),
        (1, 7, 3, 5, "rejected"),
        (8, 1, 2, 5, "adopted"),
        (2, 2, 7, 3, "rejected"),
    ]
    assert record.attendance == Attendance(entitled=12, present=12)
    with party.instance.read() as session:
        assert count_again(session, contest(party)) is None
        poll = poll_of(session, party.party.running(session), party.instance.clock.now())
        report = whole_report(party.instance, session, poll, party.instance.clock.now(), meeting=None)
        archive = procedure_archive(whole_procedure(session, poll, report))
    (tmp_path / "raad.zip").write_bytes(archive)
    verdict = verify_archive(tmp_path / "raad.zip")
    assert verdict.failed == ()
    assert "at_large: decided again on each of 5 persons, by the rule in the policy: the same." in verdict.checked


def test_p2_known_votes_on_each_person_come_out_as_known(party: TrusteeParty) -> None:
    practised = hold_practice(party.instance, contest(party))
    assert practised.is_right
    assert practised.verdict.exit_code == 0
