"""Matters are adopted exactly when the rule of the statutes says so, and the verdict shows the arithmetic."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stembus_ballots.decision import Base, DecisionRule, Votes, decide
from stembus_ballots.errors import CountError
from stembus_ballots.quorum import Attendance, Quorum, quorum_verdict
from stembus_ballots.threshold import smallest_passing

HALF, TWO_THIRDS = Fraction(1, 2), Fraction(2, 3)

RULES = {
    "simple (more yes than no)": DecisionRule("yes_no", HALF, True, "not_cast", "not_cast"),
    "absolute, blank counts in base": DecisionRule("cast_with_blank", HALF, True, "in_base", "not_cast"),
    "absolute, blank+invalid count in base": DecisionRule("cast_all", HALF, True, "in_base", "in_base"),
    "absolute of present": DecisionRule("present", HALF, True, "not_cast", "not_cast"),
    "2/3 of votes cast, at least": DecisionRule("yes_no", TWO_THIRDS, False, "not_cast", "not_cast"),
    "2/3, blank counts in base": DecisionRule("cast_with_blank", TWO_THIRDS, False, "in_base", "not_cast"),
    "more than 2/3 of votes cast": DecisionRule("yes_no", TWO_THIRDS, True, "not_cast", "not_cast"),
    "absolute of entitled": DecisionRule("entitled", HALF, True, "not_cast", "not_cast"),
}
SIMPLE = RULES["simple (more yes than no)"]


def cases(data_dir: Path, kind: str) -> list[dict[str, object]]:
    found = json.loads((data_dir / "decision-rules.json").read_text())[kind]
    assert found
    return list(found)


def test_every_majority_case_gets_its_verdict_under_every_rule(data_dir: Path) -> None:
    for case in cases(data_dir, "majority"):
        expected = case.pop("verdict")
        numbers = {name: int(str(number)) for name, number in case.items()}
        room = Attendance(present=numbers.pop("present"), entitled=numbers.pop("entitled"))
        votes = Votes(**numbers)
        assert {name: decide(rule, votes, room).outcome for name, rule in RULES.items()} == expected, case


def test_every_quorum_size_is_exact(data_dir: Path) -> None:
    rules = {
        "at_least_half": (HALF, False),
        "more_than_half": (HALF, True),
        "at_least_two_thirds": (TWO_THIRDS, False),
        "one_tenth_to_demand_meeting": (Fraction(1, 10), False),
    }
    for case in cases(data_dir, "quorum"):
        entitled = int(str(case.pop("entitled")))
        found = {
            name: quorum_verdict(
                Quorum("entitled", fraction, strict, counts_proxies=True), Attendance(entitled), cast=0
            ).needed
            for name, (fraction, strict) in rules.items()
        }
        assert found == case, entitled


def test_the_verdict_says_34_of_49_counted_votes_and_25_needed() -> None:
    verdict = decide(SIMPLE, Votes(yes=34, no=15, blank=3), Attendance(entitled=80, present=52))
    assert (verdict.outcome, verdict.yes, verdict.counted, verdict.needed) == ("adopted", 34, 49, 25)


def test_without_a_counted_vote_there_is_no_decision_even_where_many_handed_in_a_blank_paper() -> None:
    assert decide(SIMPLE, Votes(0, 0, blank=12), Attendance(60, 40)).outcome == "no_decision"


def test_equal_votes_reject_and_are_reported_as_a_tie() -> None:
    verdict = decide(SIMPLE, Votes(20, 20), Attendance(60, 40))
    assert (verdict.outcome, verdict.tied) == ("rejected", True)


def test_breaking_a_nomination_fails_at_39_of_39_where_40_of_60_must_be_present() -> None:
    quorum = Quorum("entitled", TWO_THIRDS, strict=False, counts_proxies=True)
    rule = DecisionRule("yes_no", TWO_THIRDS, False, "not_cast", "not_cast", quorum)
    verdict = decide(rule, Votes(39, 0), Attendance(entitled=60, present=39))
    assert verdict.outcome == "no_quorum"
    assert verdict.quorum is not None
    assert (verdict.quorum.counted, verdict.quorum.needed, verdict.quorum.whole) == (39, 40, 60)
    assert decide(rule, Votes(27, 13), Attendance(entitled=60, present=40)).outcome == "adopted"


@pytest.mark.parametrize(("counts_proxies", "met"), [(True, True), (False, False)])
def test_proxies_count_for_the_quorum_only_where_the_rule_says_so(counts_proxies: bool, met: bool) -> None:
    rule = Quorum("entitled", HALF, strict=False, counts_proxies=counts_proxies)
    assert quorum_verdict(rule, Attendance(entitled=10, present=3, proxies=2), cast=5).met is met


def test_blank_papers_count_for_turnout_and_not_for_the_result() -> None:
    turnout = Quorum("entitled", Fraction(15, 100), strict=False, counts_proxies=True, counts="cast")
    rule = DecisionRule("yes_no", HALF, True, "not_cast", "not_cast", turnout)
    verdict = decide(rule, Votes(yes=4, no=3, blank=8), Attendance(entitled=100, present=15))
    assert (verdict.outcome, verdict.counted) == ("adopted", 7)
    assert decide(rule, Votes(yes=4, no=3, blank=7), Attendance(100, 15)).outcome == "no_quorum"


def test_a_committee_of_five_with_three_left_decides_only_if_its_declared_quorum_is_three() -> None:
    room = Attendance(entitled=3, present=3, seats=5)
    assert quorum_verdict(Quorum("seats", Fraction(3, 5), False, counts_proxies=False), room, 3).met
    assert not quorum_verdict(Quorum("seats", Fraction(4, 5), False, counts_proxies=False), room, 3).met


@pytest.mark.parametrize(
    ("base", "blank", "invalid", "said"),
    [
        ("yes_no", "in_base", "not_cast", "blank = in_base contradicts base = yes_no"),
        ("yes_no", "not_cast", "in_base", "invalid = in_base contradicts base = yes_no"),
        ("cast_with_blank", "not_cast", "not_cast", "blank = not_cast contradicts base = cast_with_blank"),
        ("cast_all", "in_base", "not_cast", "invalid = not_cast contradicts base = cast_all"),
    ],
)
def test_a_rule_whose_words_contradict_its_base_is_refused(base: Base, blank: str, invalid: str, said: str) -> None:
    with pytest.raises(CountError, match=said):
        DecisionRule(base, HALF, True, blank, invalid)  # type: ignore[arg-type]


@pytest.mark.parametrize(("fraction", "strict"), [(Fraction(0), False), (Fraction(3, 2), False), (Fraction(1), True)])
def test_a_fraction_that_nobody_or_everybody_reaches_is_refused(fraction: Fraction, strict: bool) -> None:
    with pytest.raises(CountError):
        DecisionRule("yes_no", fraction, strict, "not_cast", "not_cast")


def test_more_papers_than_votes_present_is_an_error_and_not_a_result() -> None:
    with pytest.raises(CountError, match=r"41 papers .* only 40 votes are present"):
        decide(SIMPLE, Votes(30, 10, invalid=1), Attendance(entitled=60, present=38, proxies=2))


@pytest.mark.parametrize(
    "numbers",
    [{"entitled": 10, "present": 9, "proxies": 2}, {"entitled": -1}, {"entitled": 6, "seats": 5}],
)
def test_an_attendance_that_cannot_be_true_is_refused(numbers: dict[str, int]) -> None:
    with pytest.raises(CountError):
        Attendance(**numbers)


def test_negative_votes_are_refused() -> None:
    with pytest.raises(CountError, match="no is -1"):
        Votes(yes=3, no=-1)


def test_a_quorum_of_seats_asks_for_the_number_of_seats() -> None:
    with pytest.raises(CountError, match="how many seats"):
        quorum_verdict(Quorum("seats", HALF, True, counts_proxies=False), Attendance(5, 5), 5)


fractions = st.fractions(min_value=Fraction(1, 20), max_value=Fraction(19, 20), max_denominator=20)


@given(fractions, st.integers(0, 2000), st.booleans())
def test_the_needed_number_passes_and_one_fewer_does_not(fraction: Fraction, whole: int, strict: bool) -> None:
    def passes(yes: int) -> bool:
        return yes > fraction * whole if strict else yes >= fraction * whole

    needed = smallest_passing(fraction, whole, strict=strict)
    assert passes(needed)
    assert needed == 1 or not passes(needed - 1)
