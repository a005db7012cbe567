"""All candidates together are elected or nobody is: as the votes decide, or without a vote."""

from fractions import Fraction

import msgspec
import pytest

from stembus_ballots.decision import Base, DecisionRule, Treatment, Votes
from stembus_ballots.errors import CountError
from stembus_ballots.quorum import Attendance, Quorum
from stembus_ballots.whole import WholeRecord, elect_unopposed, vote_on_whole

NAMES = ("Ada", "Ben", "Cas")
THERE = Attendance(entitled=100, present=50, proxies=5)
HALF = DecisionRule("yes_no", Fraction(1, 2), strict=True, blank="not_cast", invalid="not_cast")


def rule(base: Base = "yes_no", quorum: Fraction | None = None) -> DecisionRule:
    blank: Treatment = "in_base" if base == "cast_with_blank" else "not_cast"
    asked = None if quorum is None else Quorum("entitled", quorum, strict=False, counts_proxies=False)
    return DecisionRule(base, Fraction(1, 2), strict=True, blank=blank, invalid="not_cast", quorum=asked)


@pytest.mark.parametrize(
    ("rule", "votes", "outcome", "counted", "needed"),
    [
        (rule(), Votes(34, 15), "adopted", 49, 25),
        (rule(), Votes(25, 24), "adopted", 49, 25),
        (rule(), Votes(24, 25), "rejected", 49, 25),
        (rule(), Votes(20, 20, blank=9), "rejected", 40, 21),
        (rule(), Votes(10, 9, blank=1), "adopted", 19, 10),
        (rule("cast_with_blank"), Votes(10, 9, blank=1), "rejected", 20, 11),
        (rule("entitled"), Votes(50, 0), "rejected", 100, 51),
        (rule(), Votes(0, 0, blank=3, invalid=2), "no_decision", 0, 1),
        (rule(quorum=Fraction(1, 2)), Votes(40, 0), "adopted", 40, 21),
        (rule(quorum=Fraction(51, 100)), Votes(40, 0), "no_quorum", 40, 21),
    ],
)
def test_the_votes_elect_all_or_nobody(
    rule: DecisionRule, votes: Votes, outcome: str, *, counted: int, needed: int
) -> None:
    record = vote_on_whole(elect_unopposed("raad", NAMES, 3), rule, votes, THERE)
    assert record.vote is not None
    assert (record.vote.outcome, record.vote.counted, record.vote.needed) == (outcome, counted, needed)
    assert record.elected == ((0, 1, 2) if outcome == "adopted" else ())
    assert record.valid + record.blank + record.invalid == votes.cast


def test_who_withdrew_is_passed_over_and_the_others_keep_the_order_of_the_paper() -> None:
    everybody = elect_unopposed("raad", NAMES, 3, withdrawn=[1])
    assert everybody.elected == (0, 2)
    assert vote_on_whole(everybody, HALF, Votes(2, 1), THERE).elected == (0, 2)


def test_more_candidates_than_seats_cannot_all_be_elected() -> None:
    with pytest.raises(CountError, match="3 candidates stand for 2 seats"):
        elect_unopposed("raad", NAMES, 2)


def test_a_record_reads_back_as_it_was_written() -> None:
    record = vote_on_whole(elect_unopposed("raad", NAMES, 3), rule(quorum=Fraction(1, 3)), Votes(2, 1), THERE)
    assert msgspec.json.decode(msgspec.json.encode(record), type=WholeRecord) == record
