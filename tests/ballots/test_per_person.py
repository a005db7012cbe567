"""Each person is decided on apart; more who pass than there are seats are ranked by their yes votes."""

from collections.abc import Sequence
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stembus_ballots.decision import DecisionRule, Votes, decide
from stembus_ballots.errors import CountError
from stembus_ballots.lots import Lots, NeedsLot
from stembus_ballots.per_person import PerPersonRecord, count_per_person
from stembus_ballots.quorum import Attendance, Quorum

MORE_YES_THAN_NO = DecisionRule("yes_no", Fraction(1, 2), True, "not_cast", "not_cast")
ROOM = Attendance(entitled=60, present=40)
BALLOTS = 40


def votes(yes: int, no: int, invalid: int = 0) -> Votes:
    """Who says neither yes nor no of somebody is blank on them: every ballot is on every person."""
    return Votes(yes, no, blank=BALLOTS - yes - no - invalid, invalid=invalid)


def count(
    *cast: Votes,
    seats: int,
    lots: Lots | None = None,
    rule: DecisionRule = MORE_YES_THAN_NO,
    withdrawn: Sequence[int] = (),
) -> PerPersonRecord:
    names = "ABCDEF"[: len(cast)]
    given = lots or Lots()
    return count_per_person(
        "raad", names, cast, seats=seats, rule=rule, attendance=ROOM, lots=given, withdrawn=withdrawn
    )


def test_who_passes_the_threshold_is_elected_and_the_other_seat_stays_empty() -> None:
    record = count(votes(20, 10), votes(15, 15), votes(10, 9), seats=3)
    assert (record.passed, record.elected, record.vacant) == ((0, 2), (0, 2), 1)
    assert [(v.votes.yes, v.counted, v.needed, v.outcome) for v in record.verdicts] == [
        (20, 30, 16, "adopted"),
        (15, 30, 16, "rejected"),
        (10, 19, 10, "adopted"),
    ]


def test_a_blank_on_a_person_is_not_a_no() -> None:
    assert count(votes(2, 1), seats=1).elected == (0,)


def test_where_blanks_are_in_the_base_they_weigh_against_a_person() -> None:
    of_all = DecisionRule("cast_with_blank", Fraction(1, 2), True, "in_base", "not_cast")
    record = count(votes(20, 1), votes(21, 19), seats=2, rule=of_all)
    assert [(v.counted, v.needed) for v in record.verdicts] == [(40, 21), (40, 21)]
    assert record.elected == (1,)


def test_more_who_pass_than_seats_are_ranked_by_yes_votes() -> None:
    record = count(votes(21, 3), votes(30, 9), votes(25, 0), seats=2)
    assert (record.passed, record.elected) == ((0, 1, 2), (1, 2))


def test_equal_yes_votes_at_the_border_draw_a_lot() -> None:
    cast = (votes(30, 1), votes(25, 0), votes(25, 9))
    with pytest.raises(NeedsLot, match=r"1 \(B\), 2 \(C\)"):
        count(*cast, seats=2)
    record = count(*cast, seats=2, lots=Lots(order=(2, 1, 0)))
    assert (record.elected, record.border) == ((0, 2), (1, 2))
    assert record.lots[0].drawn == 2


def test_who_withdrew_is_passed_over_whatever_was_said_of_them() -> None:
    record = count(votes(40, 0), votes(21, 3), votes(20, 3), seats=1, withdrawn=[0])
    assert (record.withdrawn, record.passed, record.elected) == ((0,), (1, 2), (1,))
    assert [verdict.candidate for verdict in record.verdicts] == [1, 2]


def test_invalid_ballots_say_nothing_of_anybody() -> None:
    record = count(votes(20, 10, invalid=4), votes(3, 2, invalid=4), seats=2)
    assert (record.valid, record.blank, record.invalid) == (36, 0, 4)
    assert record.elected == (0, 1)


def test_without_quorum_or_without_a_counted_vote_nobody_passes() -> None:
    quorum = Quorum("entitled", Fraction(3, 4), strict=False, counts_proxies=True)
    with_quorum = DecisionRule("yes_no", Fraction(1, 2), True, "not_cast", "not_cast", quorum)
    record = count(votes(40, 0), seats=1, rule=with_quorum)
    assert (record.verdicts[0].outcome, record.elected, record.vacant) == ("no_quorum", (), 1)
    assert record.quorum is not None
    assert (record.quorum.met, record.quorum.counted, record.quorum.needed) == (False, 40, 45)
    assert count(votes(0, 0), seats=1).verdicts[0].outcome == "no_decision"


def test_a_record_is_read_back_as_it_was_kept() -> None:
    quorum = Quorum("entitled", Fraction(1, 3), strict=False, counts_proxies=True)
    rule = DecisionRule("yes_no", Fraction(2, 3), False, "not_cast", "not_cast", quorum)
    record = count(votes(30, 1), votes(25, 0), votes(25, 9), seats=2, lots=Lots(order=(2, 1, 0)), rule=rule)
    assert msgspec.json.decode(msgspec.json.encode(record), type=PerPersonRecord) == record
    assert record.method == "yes_no_per_person"


@pytest.mark.parametrize(
    ("cast", "seats", "why"),
    [
        ([votes(1, 0)], 1, "votes on 1 persons and 2 candidates"),
        ([votes(1, 0), Votes(1, 0)], 1, "1 ballots are on B, 0 of them invalid, and 40 on A"),
        ([votes(1, 0), votes(1, 0, invalid=1)], 1, "every ballot is on every person"),
        ([votes(1, 0), votes(1, 0)], 0, "0 seats for 2 candidates"),
        ([votes(1, 0), votes(1, 0)], 3, "3 seats for 2 candidates"),
    ],
)
def test_numbers_that_cannot_be_true_are_refused(cast: list[Votes], seats: int, why: str) -> None:
    with pytest.raises(CountError, match=why):
        count_per_person("raad", "AB", cast, seats=seats, rule=MORE_YES_THAN_NO, attendance=ROOM)


answers = st.integers(0, BALLOTS).flatmap(lambda yes: st.tuples(st.just(yes), st.integers(0, BALLOTS - yes)))


@given(st.lists(answers, min_size=1, max_size=6), st.data())
def test_whatever_is_cast_who_is_elected_passed_and_nobody_with_fewer_yes_votes_goes_before(
    said: list[tuple[int, int]], data: st.DataObject
) -> None:
    seats = data.draw(st.integers(1, len(said)))
    cast = [votes(*one) for one in said]
    lots = Lots(order=tuple(data.draw(st.permutations(range(len(said))))))
    record = count(*cast, seats=seats, lots=lots)
    assert record.passed == tuple(
        place for place, one in enumerate(cast) if decide(MORE_YES_THAN_NO, one, ROOM).outcome == "adopted"
    )
    assert set(record.elected) <= set(record.passed)
    assert len(record.elected) + record.vacant == seats
    assert len(record.elected) == min(seats, len(record.passed))
    left = [cast[place].yes for place in record.passed if place not in record.elected]
    assert max(left, default=0) <= min((cast[place].yes for place in record.elected), default=BALLOTS)
