"""A secret poll by Condorcet, from the booth and from paper to the count: every two candidates against each other."""

from pathlib import Path

import pytest
from copied_instances import EmptyInstances
from counted_box import contest, opened, put_in, verified, vote_on_paper
from secret_poll_party import BY
from trustee_party import TrusteeParty, copied_trustee_party, quick_to_open

from stembus.clock import SetClock
from stembus_ballots.pairwise import PairwiseRecord
from stembus_polls.counting.count import count_again, count_contest
from stembus_procedures import check, is_refused

CHANGES = {
    'method = "stv"': 'method = "condorcet"',
    'transfer = { quota = "droop", transfer = "weighted_gregory", tie_in_stage = "earlier_stages_then_lot" }\n': (
        "second_count = false\n"
    ),
    'fill = "countback"': 'fill = "next_in_result"',
    'found_by = "countback"': 'found_by = "next_in_result"',
    'not_accepted = "countback"': 'not_accepted = "next_in_result"',
}
ONLINE = [(0, 1, 2, 3)] * 4 + [(1, 2, 0, 3)] * 3 + [(2, 0, 1, 3)] * 2
"""With the one paper that ranks anybody: the first beats the second, the second the third, the third the first."""


def _open(party: TrusteeParty) -> None:
    party.make_key()
    party.set_up()


def test_a_secret_poll_by_condorcet_comes_out_as_everybody_ranked_each_two(
    empty_instances: EmptyInstances, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick_to_open(monkeypatch)
    with copied_trustee_party(empty_instances, clock, tmp_path, _open, changes=CHANGES) as party:
        assert not is_refused(check(contest(party).policy))
        party.vote(ONLINE)
        vote_on_paper(party, ["3 1", "blank", "? 2 or 3"])
        put_in(party)
        opened(party)
        assert [one.said for one in verified(party) if not one.holds] == []
        with party.instance.write() as transaction:
            one = contest(party, transaction)
            counted = count_contest(transaction, one, (one,), by=BY)
        record = counted.record
        assert isinstance(record, PairwiseRecord)
        assert (record.valid, record.blank, record.invalid) == (10, 1, 1)
        assert [record.preferred[a][b] for a, b in ((0, 1), (1, 2), (2, 0))] == [7, 7, 6]
        assert [cycle.around for cycle in record.cycles] == [(0, 1, 2)]
        assert (counted.elected, record.order[:3]) == ((0, 1), ((0,), (1,), (2,)))
        with party.instance.read() as session:
            assert count_again(session, contest(party)) is None
