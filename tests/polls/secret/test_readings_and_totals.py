"""What comes out of the box reads as paper does, and is used only when everything that is counted is one number."""

import pytest
from msgspec.structs import replace
from paper_contest import contest, with_stage

from stembus.errors import CheckFailed, Refused
from stembus_ballots.protocol.election import Homomorphic, ranked_question
from stembus_ballots.sums import Sums
from stembus_polls.contests import Contest, Way
from stembus_polls.paper.reading import Reading
from stembus_polls.secret.judging import Program, why_not_counted
from stembus_polls.secret.readings import readings_in, sums_in
from stembus_polls.secret.totals import Totals, why_not_one_number
from stembus_procedures import Policy, load_policy
from stembus_procedures.language.stages import Vote
from stembus_procedures.language.values import Words
from stembus_procedures.shipped import shipped_policies


def online() -> Policy:
    file = next(file for file in shipped_policies() if file.name == "partijraad-online.toml")
    return load_policy(file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def one() -> Contest:
    return contest(online())


RANKED = (ranked_question("Raad", ("a", "b", "c", "d", "e")),)


def said(reading: Reading) -> tuple[str, tuple[int, ...]]:
    return reading.outcome, reading.choices


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ((1, 2, 3, 4, 5), ("valid", (0, 1, 2, 3, 4))),
        ((0, 0, 2, 0, 1), ("valid", (4, 2))),
        ((0, 0, 0, 0, 0), ("blank", ())),
        ((0, 0, 0, 2, 0), ("invalid", ())),
        ((1, 1, 0, 0, 0), ("invalid", ())),
        ((255, 255, 255, 255, 255), ("invalid", ())),
    ],
)
def test_a_line_of_the_result_is_a_ranking_a_blank_vote_or_none(
    one: Contest, line: tuple[int, ...], read: tuple[str, tuple[int, ...]]
) -> None:
    assert [said(reading) for reading in readings_in(one, RANKED, ([line],), (frozenset(),))] == [read]


def test_what_the_verifier_found_to_be_no_vote_is_invalid_whatever_it_decodes_to(one: Contest) -> None:
    lines: list[tuple[int, ...]] = [(1, 0, 0, 0, 0), (1, 0, 0, 0, 0)]
    found = readings_in(one, RANKED, (lines,), (frozenset({1}),))
    assert [reading.outcome for reading in found] == ["valid", "invalid"]


def test_a_ranking_that_no_booth_makes_is_read_by_the_rules_for_papers(one: Contest) -> None:
    """A program of one's own can sign a ballot with too few ranks, or leave one blank that may not be."""
    strict = replace(one, policy=with_stage(one.policy, Vote, ballot=replace(one.ballot, minimum_choices=2)))
    strict = replace(strict, policy=with_stage(strict.policy, Vote, ballot=replace(strict.ballot, allow_blank=False)))
    lines: list[tuple[int, ...]] = [(1, 0, 0, 0, 0), (1, 2, 0, 0, 0), (0, 0, 0, 0, 0)]
    found = readings_in(strict, RANKED, (lines,), (frozenset(),))
    assert [reading.outcome for reading in found] == ["invalid", "valid", "invalid"]


def test_sums_of_one_choice_each_say_what_was_on_the_ballots(one: Contest) -> None:
    whole = replace(one, way=Way(kind="vote_on_whole", reason=Words(nl="x", en="x")))
    question = Homomorphic(answers=("voor", "tegen"), blank=True, min=1, max=1, question="Raad")
    found = sums_in(whole, (question,), ([2, 5, 3],), ballots=10, left_out=1)
    assert found == Sums(rows=((5, 3),), valid=8, blank=2, invalid=1)


CHOSEN = Homomorphic(answers=("a", "b", "c"), blank=True, min=1, max=2, question="Raad")


def test_sums_of_several_choices_each_are_a_row_for_each_candidate(one: Contest) -> None:
    found = sums_in(one, (CHOSEN,), ([1, 5, 4, 3],), ballots=8)
    assert found == Sums(rows=((5,), (4,), (3,)), valid=7, blank=1, invalid=0)


@pytest.mark.parametrize(
    ("counts", "ballots"), [([1, 5, 4, 3], 6), ([1, 5, 4, 3], 14), ([9, 0, 0, 0], 8), ([0, 8, 4, 0], 7)]
)
def test_sums_that_so_many_ballots_cannot_have_given_are_no_result(
    one: Contest, counts: list[int], ballots: int
) -> None:
    with pytest.raises(CheckFailed):
        sums_in(one, (CHOSEN,), (counts,), ballots=ballots)


def test_a_poll_of_two_questions_has_no_sums_of_one_paper(one: Contest) -> None:
    with pytest.raises(Refused, match="2 questions at once"):
        sums_in(one, (CHOSEN, CHOSEN), ([1, 5, 4, 3], [1, 5, 4, 3]), ballots=8)


GOOD = Totals(result=12, tallied=12, ballots=12, credentials=12, electronic=9, papers=3, struck_for_paper=3)


def test_t10_one_number_everywhere_passes_and_a_paper_that_was_carried_off_is_no_vote() -> None:
    assert why_not_one_number(GOOD) is None
    assert why_not_one_number(replace(GOOD, struck_for_paper=4)) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"result": 11}, "the result has 11 votes, and 12 ballots were tallied"),
        ({"result": 13}, "the result has 13 votes"),
        ({"tallied": 11, "result": 11}, "11 ballots were tallied, and 12 are on the board"),
        ({"credentials": 11}, "somebody voted twice"),
        ({"electronic": 8}, "8 voters are struck off for an electronic vote"),
        ({"electronic": 10}, "10 voters are struck off for an electronic vote"),
        ({"papers": 2}, "2 ballots came from paper"),
        ({"struck_for_paper": 2}, "3 ballots came from paper, and 2 voters were struck off for one"),
    ],
)
def test_t10_any_number_that_differs_stops_the_count_with_its_reason(changes: dict[str, int], reason: str) -> None:
    assert reason in str(why_not_one_number(replace(GOOD, **changes)))


@pytest.mark.parametrize(
    ("holds", "stembus", "belenios_tool"),
    [
        ({}, False, False),
        ({"stembus": True}, True, True),
        ({"stembus": False}, False, False),
        ({"belenios_tool": True}, True, True),
        ({"stembus": True, "belenios_tool": True}, True, True),
        ({"stembus": True, "belenios_tool": False}, True, False),
        ({"stembus": False, "belenios_tool": True}, False, True),
        ({"stembus": False, "belenios_tool": False}, False, False),
    ],
)
def test_where_two_verifiers_differ_the_policy_names_which_decides(
    holds: dict[Program, bool], stembus: bool, belenios_tool: bool
) -> None:
    assert (why_not_counted("stembus", holds) is None) is stembus
    assert (why_not_counted("belenios_tool", holds) is None) is belenios_tool
