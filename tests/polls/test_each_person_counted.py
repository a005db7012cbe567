"""Votes on each person are counted alike from a box and from paper, with the arithmetic of each, and can be checked."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from paper_contest import contest, with_stage
from policy_texts import GONE, ONLINE, edited

from stembus.errors import CheckFailed, Refused
from stembus_ballots.decision import DecisionRule, Votes
from stembus_ballots.lots import NO_LOTS, Lots, NeedsLot
from stembus_ballots.per_person import PerPersonRecord, count_per_person
from stembus_ballots.quorum import Attendance, Quorum
from stembus_ballots.sums import Sums
from stembus_party_council.runners_up import runners_up
from stembus_polls.contests import Contest
from stembus_polls.counting.cast import Cast, sums_from
from stembus_polls.counting.inputs import CountInputs, inputs_for, make_count
from stembus_polls.counting.margin import Lead, Short, closeness
from stembus_polls.counting.records import ballots_in, read_record, was_counted
from stembus_polls.counting.rule import require_counting
from stembus_polls.paper.each_person import EMPTY, NO, YES
from stembus_polls.paper.reading import Reading
from stembus_polls.paper.settle import Settled
from stembus_polls.report import content
from stembus_polls.report.verify_each import each_findings
from stembus_polls.secret.paper_votes import to_seal
from stembus_polls.secret.questions import questions_of
from stembus_polls.secret.readings import sums_in
from stembus_polls.whole_outcome import persons_in, rule_words
from stembus_procedures import Policy
from stembus_procedures.language.stages import Tally, Vote

VOTE = "stages.vote"
ON_EACH = {
    f"{VOTE}.ballot.method": "yes_no_per_person",
    f"{VOTE}.ballot.minimum_choices": GONE,
    "stages.count.transfer": GONE,
    "stages.count.second_count": False,
    "stages.result.publication.level": "stages",
    "seats.vacancy.fill": "next_in_result",
    "seats.deputies.found_by": "next_in_result",
    "stages.seating.not_accepted": "next_in_result",
}
HERE = Attendance(entitled=100, present=40)
INVALID = Reading("invalid")


@cache
def policy() -> Policy:
    return edited(ON_EACH, ONLINE)


def persons(seats: int = 2, withdrew: Sequence[int] = ()) -> Contest:
    return contest(policy(), seats=seats, names=("Ada", "Ben", "Cas"), withdrew=withdrew)


def inputs(one: Contest, lots: Lots = NO_LOTS, there: Attendance = HERE) -> CountInputs:
    return inputs_for(one, (one,), {}, lots, "00", attendance=there)


def papers(*said: Sequence[int]) -> dict[int, Settled]:
    return {number: Settled(Reading("valid", tuple(choices))) for number, choices in enumerate(said, 1)}


def counted(cast: Cast, one: Contest | None = None, lots: Lots = NO_LOTS) -> PerPersonRecord:
    chosen = one or persons()
    record = make_count(chosen, cast, inputs(chosen, lots))
    assert isinstance(record, PerPersonRecord)
    return record


def of(*votes: tuple[int, int], valid: int = 40, invalid: int = 0) -> Sums:
    return Sums(rows=votes, valid=valid, blank=0, invalid=invalid)


answers = st.lists(st.sampled_from([YES, NO, EMPTY]), min_size=3, max_size=3).map(tuple)
readings = st.one_of(
    answers.map(lambda choices: Reading("valid", choices)), st.just(Reading("blank")), st.just(INVALID)
)


@settings(max_examples=60)
@given(st.lists(readings, min_size=1, max_size=12))
def test_what_papers_add_up_to_is_what_comes_out_of_a_box_that_they_were_put_in(said: list[Reading]) -> None:
    one = persons()
    typed = {number: Settled(reading) for number, reading in enumerate(said, 1)}
    questions = questions_of(one)
    sealing = to_seal(questions, typed)
    result = tuple(
        [sum(vote[at][choice] for vote in sealing.votes) for choice in range(3)] for at in range(len(questions))
    )
    from_box = sums_in(one, questions, result, ballots=len(sealing.votes), left_out=sealing.left_out)
    assert from_box == sums_from(one, typed)
    assert from_box.ballots == len(said)
    lots = Lots(order=(2, 0, 1))
    assert counted(from_box, lots=lots) == counted(typed, lots=lots)


def test_who_passes_is_elected_by_the_rule_of_the_policy_and_the_other_seat_stays_empty() -> None:
    record = counted(papers((YES, NO, EMPTY), (YES, NO, YES), (NO, YES, NO)))
    assert [(one.votes.yes, one.votes.no, one.votes.blank) for one in record.verdicts] == [
        (2, 1, 0),
        (1, 2, 0),
        (1, 1, 1),
    ]
    assert (record.elected, record.vacant, record.valid, record.invalid) == ((0,), 1, 3, 0)
    assert (ballots_in(record), was_counted(record)) == (3, True)
    assert [said.en for _, said in persons_in(record)] == [
        "2 for, 1 against, 0 blank; 2 needed: elected",
        "1 for, 2 against, 0 blank; 2 needed: too few votes",
        "1 for, 1 against, 1 blank; 2 needed: too few votes",
    ]
    assert rule_words(record).nl == "meer dan 1/2 van de stemmen voor en tegen"


def test_who_withdrew_after_printing_is_passed_over() -> None:
    record = counted(of((40, 0), (21, 3), (20, 3)), persons(seats=1, withdrew=[1]))
    assert (record.elected, record.withdrawn) == ((1,), (0,))


def test_who_share_the_last_seat_wait_for_a_lot() -> None:
    with pytest.raises(NeedsLot, match=r"1 \(Ben\), 2 \(Cas\)"):
        counted(of((30, 1), (25, 0), (25, 9)))
    record = counted(of((30, 1), (25, 0), (25, 9)), lots=Lots(order=(2, 1, 0)))
    assert (record.elected, record.lots[0].drawn) == ((0, 2), 2)


def test_a_kept_record_is_read_back_by_its_method() -> None:
    record = counted(of((30, 1), (25, 0), (2, 9), valid=37, invalid=3))
    assert read_record(msgspec.json.encode(record).decode()) == record


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"rule": None}, "rule` is missing"),
        ({"allow_abstain": True}, "allow_abstain"),
        ({"tie_between_persons": "oldest"}, "tie_between_persons"),
    ],
)
def test_what_cannot_be_counted_so_is_refused_before_a_paper_is_printed(changes: dict[str, object], key: str) -> None:
    one = persons()
    vote = one.vote
    if "rule" in changes:
        text = with_stage(one.policy, Vote, rule=None)
    elif "allow_abstain" in changes:
        text = with_stage(one.policy, Vote, ballot=replace(vote.ballot, allow_abstain=True))
    else:
        text = with_stage(one.policy, Tally, tie_between_persons="oldest")
    require_counting(one)
    with pytest.raises(Refused, match=key):
        require_counting(replace(one, policy=text))


@pytest.mark.parametrize(
    ("result", "ballots", "error", "why"),
    [
        (([0, 2, 1], [0, 1, 2]), 3, Refused, "2 questions about 3 persons"),
        (([0, 2, 1], [0, 1, 2], [1, 1, 0]), 3, CheckFailed, "2 answers about Cas .* of 3 ballots"),
        (([0, 2, 1], [0, 1, 2], [1, 1, 2]), 3, CheckFailed, "4 answers about Cas"),
    ],
)
def test_a_box_whose_numbers_cannot_be_is_not_counted(
    result: tuple[list[int], ...], ballots: int, error: type[Exception], why: str
) -> None:
    one = persons()
    with pytest.raises(error, match=why):
        sums_in(one, questions_of(one)[: len(result)], result, ballots=ballots)


@pytest.mark.parametrize(
    ("votes", "seats", "close"),
    [
        ([(30, 1), (25, 0), (24, 0)], 2, Lead(1, 2, 1)),
        ([(30, 1), (16, 15), (2, 29)], 2, Short(1, 1)),
        ([(30, 1), (15, 16), (2, 29)], 2, Short(1, 1)),
        ([(30, 1), (25, 1), (10, 10)], 2, Short(1, 12)),
        ([(30, 1), (25, 1), (20, 20)], 2, Short(2, 5)),
    ],
)
def test_on_how_few_votes_it_hangs(votes: list[tuple[int, int]], seats: int, close: Lead | Short) -> None:
    record = counted(of(*votes), persons(seats=seats))
    assert closeness(record) == close


def test_without_a_quorum_no_recount_could_change_who_is_elected() -> None:
    quorum = Quorum("entitled", Fraction(1, 2), strict=False, counts_proxies=True)
    rule = DecisionRule("yes_no", Fraction(1, 2), True, "not_cast", "not_cast", quorum)
    votes = [Votes(10, 0)] * 2
    record = count_per_person("raad", ("Ada", "Ben"), votes, seats=1, rule=rule, attendance=Attendance(100, 10))
    assert closeness(record) is None
    assert [said.en.rpartition(": ")[2] for _, said in persons_in(record)] == ["no quorum", "no quorum"]


def test_next_in_line_are_those_who_passed_by_their_yes_votes() -> None:
    one = contest(policy(), seats=1, names=("Ada", "Ben", "Cas", "Dee"))
    record = counted(of((30, 1), (22, 0), (25, 9), (9, 30)), one)
    assert (record.elected, runners_up(record, NO_LOTS)) == ((0,), (2, 1))


def told(record: PerPersonRecord, text: Policy | None = None) -> list[tuple[bool, str]]:
    part = content.Contest(
        id="raad",
        title=content.Text("Raad", "Council"),
        seats=record.seats,
        candidates=tuple(content.Candidate(name) for name in record.candidates),
        elected=record.elected,
        papers=content.Papers(record.valid, None, record.invalid),
        each=record,
    )
    return [(holds, right if holds else wrong) for holds, right, wrong in each_findings(part, record, text or policy())]


def test_anybody_decides_again_on_each_person_from_the_report() -> None:
    record = counted(of((30, 1), (25, 0), (25, 9), valid=38, invalid=2), lots=Lots(order=(2, 1, 0)))
    assert [holds for holds, _ in told(record)] == [True] * 4
    assert told(record)[3][1] == "raad: decided again on each of 3 persons, by the rule in the policy: the same."
    without = counted(of((30, 1), (25, 0), (25, 9)), persons(withdrew=[2]))
    assert [holds for holds, _ in told(without)] == [True] * 4


def test_a_record_that_was_changed_or_counted_by_another_rule_is_found() -> None:
    record = counted(of((30, 1), (25, 0), (15, 20)))
    assert [holds for holds, _ in told(replace(record, passed=(0, 1, 2)))] == [True, True, True, False]
    verdicts = (replace(record.verdicts[0], votes=Votes(30, 2, blank=8)), *record.verdicts[1:])
    assert [holds for holds, _ in told(replace(record, verdicts=verdicts))] == [True, True, True, False]
    rule = persons().vote.rule
    assert rule is not None
    two_thirds = with_stage(policy(), Vote, rule=replace(rule, fraction=Fraction(2, 3)))
    assert [holds for holds, _ in told(record, two_thirds)][3] is False
    nobody = (replace(record.verdicts[0], candidate=9), *record.verdicts[1:])
    assert "cannot be decided again" in told(replace(record, verdicts=nobody))[3][1]
