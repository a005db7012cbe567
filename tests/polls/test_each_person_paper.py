"""A paper with boxes for and against each person: typed fast and alike by two people, and read as the policy says."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from paper_contest import contest, with_stage
from policy_texts import policy

from stembus_polls.contests import Contest
from stembus_polls.paper.ballot_paper import paper_texts
from stembus_polls.paper.each_person import EMPTY, NO, YES, parse_each_person, read_each_person
from stembus_polls.paper.forms import parser_for
from stembus_polls.paper.marks import MarksError, written
from stembus_polls.paper.settle import readings
from stembus_procedures.language.stages import Vote
from stembus_procedures.language.voting import Ballot


def ballot(**changes: Any) -> Ballot:
    return Ballot(**{"method": "yes_no_per_person", "blank": "not_cast", "invalid": "not_cast", **changes})


def on_each(withdrew: Sequence[int] = (), **changes: Any) -> Contest:
    names = ("Ada Smit", "Ben Jansen", "Cas van Dijk", "Dee Visser")
    one = contest(policy(), seats=2, names=names, withdrew=withdrew)
    return replace(one, policy=with_stage(one.policy, Vote, ballot=ballot(**changes)))


FOUR = on_each()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("y n b y", "y n b y"),
        ("ynby", "y n b y"),
        ("  YN  by ", "y n b y"),
        ("v t b v", "y n b y"),
        ("vtbv", "y n b y"),
        ("j n - j", "y n b y"),
        ("bbbb", "blank"),
        ("Blanco", "blank"),
        ("ongeldig", "invalid"),
        ("?person 3 has  two crosses", "? person 3 has two crosses"),
    ],
)
def test_marks_are_written_in_one_way(typed: str, kept: str) -> None:
    marks = parse_each_person(FOUR, typed)
    assert written(marks) == kept
    assert parse_each_person(FOUR, kept) == marks


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("", "write `blank`"),
        ("y n b", "3 letters for 4 persons: write one for each, in the order of the paper"),
        ("y n b y y", "5 letters for 4 persons"),
        ("y x b y", "'x', at place 2, says nothing"),
        ("1 2 3 4", "'1', at place 1, says nothing"),
        ("?", "needs a remark"),
    ],
)
def test_what_is_no_marks_is_refused_with_how_to_write_it(typed: str, complaint: str) -> None:
    with pytest.raises(MarksError) as error:
        parse_each_person(FOUR, typed)
    assert complaint in str(error.value)


@pytest.mark.parametrize(
    ("rules", "typed", "outcome", "choices"),
    [
        ({}, "y n b y", "valid", (YES, NO, EMPTY, YES)),
        ({}, "n n n n", "valid", (NO, NO, NO, NO)),
        ({}, "blank", "blank", ()),
        ({}, "invalid", "invalid", ()),
        ({}, "? smudged", "doubtful", ()),
        ({"allow_blank": False}, "y n y y", "valid", (YES, NO, YES, YES)),
        ({"allow_blank": False}, "y n b y", "invalid", ()),
        ({"allow_blank": False}, "blank", "invalid", ()),
    ],
)
def test_a_paper_is_read_as_the_policy_says(
    rules: dict[str, Any], typed: str, outcome: str, choices: tuple[int, ...]
) -> None:
    one = on_each(**rules)
    reading = read_each_person(one, parse_each_person(one, typed))
    assert (reading.outcome, reading.choices) == (outcome, choices)
    assert reading.outcome in ("valid", "blank") or (reading.reason and reading.reason.nl and reading.reason.en)


def test_where_none_may_be_blank_who_withdrew_after_printing_may_be_left_empty() -> None:
    marks = parse_each_person(FOUR, "y n b y")
    assert read_each_person(on_each(withdrew=[3], allow_blank=False), marks).outcome == "valid"
    said = read_each_person(on_each(withdrew=[4], allow_blank=False), marks).reason
    assert said is not None
    assert said.nl == "geen stem over nummer 3; blanco is hier niet toegestaan"


@given(st.lists(st.sampled_from("yvjntb-"), min_size=4, max_size=4), st.sampled_from(["", " ", "  "]))
def test_two_who_type_alike_in_their_own_letters_agree(letters: list[str], between: str) -> None:
    same = {"v": "y", "j": "y", "t": "n", "-": "b"}
    other = "".join(same.get(letter, letter) for letter in letters).upper()
    assert parse_each_person(FOUR, between.join(letters)) == parse_each_person(FOUR, other)


def test_a_contest_reads_its_papers_so() -> None:
    one = on_each()
    assert written(parser_for(one)("vtbv")) == "y n b y"
    assert readings({"y n b y"}, one)["y n b y"].choices == (YES, NO, EMPTY, YES)


def test_three_boxes_stand_behind_each_name_or_two_where_none_may_be_blank() -> None:
    texts = paper_texts(on_each(), "Voorbeeldpartij", practice=False)
    assert [box["nl"] for box in texts["each"]] == ["Voor", "Tegen", "Blanco"]
    assert "Een lege rij is blanco" in texts["instructions"][1]["nl"]
    strict = paper_texts(on_each(allow_blank=False), "Voorbeeldpartij", practice=False)
    assert [box["en"] for box in strict["each"]] == ["For", "Against"]
    assert "An empty row makes your paper invalid" in strict["instructions"][1]["en"]
    assert paper_texts(contest(policy()), "Voorbeeldpartij", practice=False)["each"] == []
