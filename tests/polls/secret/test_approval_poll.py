"""Approvals are added up while encrypted, with those from paper; the sums are counted, reported and counted again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from copied_instances import EmptyInstances
from counted_box import contest, opened, put_in, reasons, verified, vote_on_paper
from msgspec.structs import replace
from secret_poll_party import BY, BY_APPROVAL, NAME
from trustee_party import TrusteeParty, copied_trustee_party, quick_to_open

from stembus.clock import SetClock
from stembus.errors import Refused
from stembus_ballots.approval import ApprovalRecord
from stembus_ballots.sums import Sums
from stembus_polls.counting.cast import sums_from
from stembus_polls.counting.count import accounted_papers, cast_to_count, count_again, count_contest
from stembus_polls.counting.lots import enter_seed
from stembus_polls.counting.recount import order_recount
from stembus_polls.counting.report_contest import contest_part
from stembus_polls.poll import open_poll
from stembus_polls.report.blocks import Table
from stembus_polls.report.box_section import box_section
from stembus_polls.report.verify_approval import approval_findings
from stembus_polls.secret.report_box import box_part

CHOSEN = [(0, 1), (0, 2), (0,), (1, 2, 3), (0, 1, 2, 3, 4), (1,), (3,), ()]
ON_PAPER = ["1 5", "blank", "2 1 3", "? 2 or 3"]
"""Crosses at 1 and 5, a blank paper, crosses at 1, 2 and 3, and one that the stembureau rules invalid."""
VOTES = (6, 5, 4, 3, 2)


def _open(party: TrusteeParty) -> None:
    party.make_key()
    party.set_up()


@pytest.fixture
def party(
    empty_instances: EmptyInstances, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TrusteeParty]:
    """The trustees have their key, and the poll by approval is open."""
    quick_to_open(monkeypatch)
    with copied_trustee_party(empty_instances, clock, tmp_path, _open, changes=BY_APPROVAL) as made:
        yield made


def vote(party: TrusteeParty, number: str, chosen: tuple[int, ...]) -> None:
    """Cast a ballot as the booth makes it: blank first, then each candidate."""
    party.party.vote(number, [[int(not chosen), *(int(c in chosen) for c in range(5))]])


def test_approvals_online_and_on_paper_are_one_sum_that_is_counted_and_counted_again(party: TrusteeParty) -> None:
    for number, chosen in zip(party.party.voters, CHOSEN, strict=False):
        vote(party, number, chosen)
    vote_on_paper(party, ON_PAPER)
    with party.instance.read() as session:
        on_paper = sums_from(contest(party), accounted_papers(session, contest(party)))
    assert on_paper == Sums(rows=((2,), (1,), (1,), (0,), (1,)), valid=2, blank=1, invalid=1)
    row = put_in(party)
    assert (row.papers, row.left_out) == (4, 1), "no encrypted ballot can be invalid"
    opened(party)
    assert [(one.program, one.said) for one in verified(party) if not one.holds] == []
    with party.instance.read() as session:
        cast = cast_to_count(session, contest(party))
    assert cast == Sums(rows=tuple((votes,) for votes in VOTES), valid=9, blank=2, invalid=1)
    assert reasons(party)[:1] == ["not_counted"]
    with party.instance.write() as transaction:
        one = contest(party, transaction)
        counted = count_contest(transaction, one, (one,), by=BY)
        assert count_contest(transaction, one, (one,), by=BY) == counted
    record = counted.record
    assert isinstance(record, ApprovalRecord)
    assert (record.approvals, record.elected, record.border) == (VOTES, (0, 1), ())
    assert (record.valid, record.blank, record.invalid) == (9, 2, 1)
    with party.instance.write() as transaction:
        poll = open_poll(transaction, NAME)
    with party.instance.read() as session:
        assert count_again(session, contest(party)) is None
        box = box_part(session, contest(party))
        part = contest_part(session, poll, contest(party))
    assert box is not None
    assert (box.ballots, box.same) == (11, False)
    section = box_section(part, 0, "en")
    assert section is not None
    assert "Only the sum was opened together" in str(section.blocks[0])
    assert [block.head for block in section.blocks if isinstance(block, Table)][-1] == ("Number", "Decrypted")
    assert part.approval == record
    assert part.cross_check is None
    assert [wrong for holds, _, wrong in approval_findings(part, record, contest(party).policy) if not holds] == []
    forged = replace(record, approvals=(6, 5, 9, 3, 2))
    assert [wrong for holds, _, wrong in approval_findings(part, forged, contest(party).policy) if not holds] != []
    with pytest.raises(Refused, match="came out of a sealed box"), party.instance.write() as transaction:
        order_recount(transaction, contest(party, transaction), asked_by="3001", ground="it is close", by=BY)


def test_candidates_who_share_the_last_seat_wait_for_the_lot(party: TrusteeParty) -> None:
    for number, chosen in zip(party.party.voters, [(0,), (0, 1), (2,), (0,), (1, 2), *[(0,)] * 5], strict=False):
        vote(party, number, chosen)
    opened(party)
    verified(party)
    one = contest(party)
    with (
        pytest.raises(Refused, match=r"lot decides who is elected, among 2 .*, 3"),
        party.instance.write() as transaction,
    ):
        count_contest(transaction, one, (one,), by=BY)
    with party.instance.write() as transaction:
        one = contest(party, transaction)
        enter_seed(transaction, one, "603118", drawn_by="het stembureau", witnesses=("notaris",), by=BY)
        record = count_contest(transaction, one, (one,), by=BY).record
    assert isinstance(record, ApprovalRecord)
    assert record.border == (1, 2)
    assert record.elected == (0, record.lots[0].drawn)
