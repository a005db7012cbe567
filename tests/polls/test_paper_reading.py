"""Marks on a paper are kept as they stand, and read as the policy says: every case a voter can make."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stembus_polls.paper.marks import MarksError, parse_marks, written
from stembus_polls.paper.reading import read_paper
from stembus_procedures.language.voting import Ballot

CANDIDATES = 5


def ballot(**changes: Any) -> Ballot:
    return Ballot(**{"method": "stv", "blank": "not_cast", "invalid": "not_cast", **changes})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("3 1 2", "3 1 2"),
        ("  3   1\t2 ", "3 1 2"),
        ("3 - 2", "3 - 2"),
        ("- - 4", "- - 4"),
        ("3 2,1", "3 1,2"),
        ("3 -", "3"),
        ("03", "3"),
        ("BLANK", "blank"),
        ("?3 or  8", "? 3 or 8"),
        ("3 1 3", "3 1 3"),
    ],
)
def test_marks_are_written_in_one_way(typed: str, kept: str) -> None:
    assert written(parse_marks(typed, CANDIDATES)) == kept


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("", "write `blank`"),
        ("- -", "write `blank`"),
        ("6", "no candidate 6: the paper has numbers 1 to 5"),
        ("0", "no candidate 0"),
        ("3, 1, 2", "'3,' is no rank"),
        ("1,1", "names one candidate twice in one rank"),
        ("x", "'x' is no rank"),
        ("²", "'²' is no rank"),
        ("?", "needs a remark"),
        ("? " + "x" * 201, "keep it to 200"),
    ],
)
def test_what_is_no_marks_is_refused_with_how_to_write_it(typed: str, complaint: str) -> None:
    with pytest.raises(MarksError) as error:
        parse_marks(typed, CANDIDATES)
    assert complaint in str(error.value)


@pytest.mark.parametrize(
    ("rules", "marks", "outcome", "ranking"),
    [
        ({}, "3 1 2", "valid", (2, 0, 1)),
        ({}, "blank", "blank", ()),
        ({"allow_blank": False}, "blank", "invalid", ()),
        ({}, "? smudged", "doubtful", ()),
        ({}, "3 1 3", "doubtful", ()),
        ({}, "3 - 2", "valid", (2,)),
        ({"skipped_rank": "close_up"}, "3 - 2", "valid", (2, 1)),
        ({"skipped_rank": "invalid"}, "3 - 2", "invalid", ()),
        ({}, "- 3 2", "invalid", ()),
        ({"skipped_rank": "close_up"}, "- 3 2", "valid", (2, 1)),
        ({}, "3 1,2 4", "valid", (2,)),
        ({"repeated_rank": "invalid"}, "3 1,2 4", "invalid", ()),
        ({}, "1,2", "invalid", ()),
        ({"skipped_rank": "close_up"}, "3 - 1,2", "valid", (2,)),
        ({"repeated_rank": "invalid"}, "3 - 1,2", "invalid", ()),
        ({"maximum_choices": 2}, "3 1 2", "valid", (2, 0)),
        ({"minimum_choices": 2}, "3 - 1", "invalid", ()),
        ({"minimum_choices": 2}, "3 1", "valid", (2, 0)),
        ({"complete_ranking": True}, "3 1 2 4", "invalid", ()),
        ({"complete_ranking": True}, "3 1 2 4 5", "valid", (2, 0, 1, 3, 4)),
    ],
)
def test_a_paper_is_read_as_the_policy_says(
    rules: dict[str, Any], marks: str, outcome: str, ranking: tuple[int, ...]
) -> None:
    reading = read_paper(parse_marks(marks, CANDIDATES), ballot(**rules), CANDIDATES)
    assert (reading.outcome, reading.choices) == (outcome, ranking)
    assert reading.outcome in ("valid", "blank") or (reading.reason and reading.reason.nl and reading.reason.en)


def test_a_complete_ranking_may_leave_out_who_withdrew_after_printing() -> None:
    reading = read_paper(parse_marks("3 1 2 4", CANDIDATES), ballot(complete_ranking=True), CANDIDATES, withdrawn=[4])
    assert reading.outcome == "valid"


def test_a_valid_paper_that_stops_says_where() -> None:
    reading = read_paper(parse_marks("3 - 2", CANDIDATES), ballot(), CANDIDATES)
    assert reading.reason is not None
    assert reading.reason.en == "counts up to rank 2, left out"


ranks = st.lists(
    st.lists(st.integers(1, CANDIDATES), max_size=3, unique=True).map(lambda rank: tuple(sorted(rank))), max_size=6
)
rules = st.fixed_dictionaries(
    {
        "skipped_rank": st.sampled_from(["stops_there", "close_up", "invalid"]),
        "repeated_rank": st.sampled_from(["stops_there", "invalid"]),
        "maximum_choices": st.none() | st.integers(1, CANDIDATES),
        "minimum_choices": st.integers(0, 2),
        "complete_ranking": st.booleans(),
    }
)


@settings(max_examples=300)
@given(ranks, rules)
def test_every_paper_is_one_thing_and_a_ranking_is_always_clean(
    marked: list[tuple[int, ...]], rules: dict[str, Any]
) -> None:
    text = " ".join(",".join(map(str, rank)) or "-" for rank in marked)
    if not any(marked):
        with pytest.raises(MarksError):
            parse_marks(text, CANDIDATES)
        return
    marks = parse_marks(text, CANDIDATES)
    assert parse_marks(written(marks), CANDIDATES) == marks
    reading = read_paper(marks, ballot(**rules), CANDIDATES)
    assert reading.outcome in ("valid", "invalid", "doubtful")
    assert len(set(reading.choices)) == len(reading.choices)
    assert bool(reading.choices) == (reading.outcome == "valid")
    flat = [number - 1 for rank in marked for number in rank]
    assert [c for c in flat if c in reading.choices][: len(reading.choices)] == list(reading.choices)
    if reading.outcome == "valid":
        assert len(reading.choices) <= (rules["maximum_choices"] or CANDIDATES)
        assert len(reading.choices) >= max(1, rules["minimum_choices"])
