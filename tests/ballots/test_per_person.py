"""Each person is decided on apart; more who pass than there are seats are ranked by their yes votes."""

from fractions import Fraction

import pytest

from stembus_ballots.decision import DecisionRule, Votes
from stembus_ballots.errors import CountError
from stembus_ballots.lots import Lots, NeedsLot
from stembus_ballots.per_person import PerPersonRecord, count_per_person
from stembus_ballots.quorum import Attendance, Quorum

MORE_YES_THAN_NO = DecisionRule("yes_no", Fraction(1, 2), True, "not_cast", "not_cast")
ROOM = Attendance(entitled=60, present=40)


def count(
    *votes: Votes, seats: int, lots: Lots | None = None, rule: DecisionRule = MORE_YES_THAN_NO
) -> PerPersonRecord:
    names = "ABCDEF"[: len(votes)]
    return count_per_person(names, votes, seats=seats, rule=rule, attendance=ROOM, lots=lots or Lots())


def test_who_passes_the_threshold_is_elected_and_the_other_seat_stays_empty() -> None:
    record = count(Votes(20, 10), Votes(15, 15), Votes(10, 9, blank=21), seats=3)
    assert (record.passed, record.elected, record.vacant) == ((0, 2), (0, 2), 1)
    assert [(v.decision.yes, v.decision.counted, v.decision.needed) for v in record.verdicts] == [
        (20, 30, 16),
        (15, 30, 16),
        (10, 19, 10),
    ]


def test_a_blank_on_a_person_is_not_a_no() -> None:
    assert count(Votes(2, 1, blank=37), seats=1).elected == (0,)


def test_more_who_pass_than_seats_are_ranked_by_yes_votes() -> None:
    record = count(Votes(21, 3), Votes(30, 9), Votes(25, 0), seats=2)
    assert (record.passed, record.elected) == ((0, 1, 2), (1, 2))


def test_equal_yes_votes_at_the_border_draw_a_lot() -> None:
    votes = (Votes(30, 1), Votes(25, 0), Votes(25, 9))
    with pytest.raises(NeedsLot, match=r"1 \(B\), 2 \(C\)"):
        count(*votes, seats=2)
    record = count(*votes, seats=2, lots=Lots(order=(2, 1, 0)))
    assert (record.elected, record.border) == ((0, 2), (1, 2))
    assert record.lots[0].drawn == 2


def test_without_quorum_or_without_a_counted_vote_nobody_passes() -> None:
    quorum = Quorum("entitled", Fraction(3, 4), strict=False, counts_proxies=True)
    with_quorum = DecisionRule("yes_no", Fraction(1, 2), True, "not_cast", "not_cast", quorum)
    record = count(Votes(40, 0), seats=1, rule=with_quorum)
    assert (record.verdicts[0].decision.outcome, record.elected) == ("no_quorum", ())
    assert count(Votes(0, 0, blank=9), seats=1).verdicts[0].decision.outcome == "no_decision"


def test_votes_and_candidates_must_be_as_many() -> None:
    with pytest.raises(CountError, match="votes on 1 persons and 2 candidates"):
        count_per_person("AB", [Votes(1, 0)], seats=1, rule=MORE_YES_THAN_NO, attendance=ROOM)


def test_there_must_be_a_seat() -> None:
    with pytest.raises(CountError, match="0 seats"):
        count(Votes(1, 0), seats=0)
