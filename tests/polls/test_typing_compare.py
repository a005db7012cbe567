"""Two typings of the same papers are held against each other, and a file of a typing is taken whole or not at all."""

from functools import partial

import pytest

from stembus_polls.paper.comparing import compare
from stembus_polls.paper.marks import parse_marks
from stembus_polls.paper.typing_csv import read_typing

PAPERS = range(1, 5)
five = partial(parse_marks, candidates=5)


def test_papers_that_both_read_alike_need_nothing() -> None:
    marks = {1: "3 1", 2: "blank", 3: "1,2", 4: "2"}
    state = compare(PAPERS, marks, dict(marks))
    assert state.attention == ()
    assert state.is_settled


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        ("3 1", "3 2", "differs"),
        ("3 1", "blank", "differs"),
        ("3 1", "? 1 or 7", "doubtful"),
        ("? 1 or 7", "? 1 or 7", "doubtful"),
        ("3 1", None, "missing"),
        (None, None, "missing"),
    ],
)
def test_every_other_paper_is_shown_with_both_readings(first: str | None, second: str | None, state: str) -> None:
    typed = {1: "1", 2: "1", 3: "1"}
    one = typed | ({4: first} if first else {})
    two = typed | ({4: second} if second else {})
    found = compare(PAPERS, one, two)
    assert [(read.paper, read.first, read.second, read.state) for read in found.attention] == [
        (4, first, second, state)
    ]
    assert not found.is_settled


def test_a_difference_is_settled_by_a_ruling_and_a_missing_paper_is_not() -> None:
    typed = dict.fromkeys(PAPERS, "1")
    assert compare(PAPERS, typed, typed | {4: "2"}, ruled=[4]).is_settled
    assert not compare(PAPERS, typed, dict.fromkeys((1, 2, 3), "1"), ruled=[4]).is_settled


def test_marks_that_the_policy_cannot_read_wait_for_a_ruling_though_both_agree() -> None:
    typed = {1: "3 1 3", 2: "1", 3: "1", 4: "1"}
    found = compare(PAPERS, typed, typed, unclear=[1])
    assert [read.paper for read in found.to_rule] == [1]


def test_a_file_is_read_with_either_separator() -> None:
    comma = read_typing('paper,marks\r\n1,3 1\r\n2,"3 1,2"\r\n3,blank\r\n4,? smudge\r\n', papers=PAPERS, parse=five)
    semicolon = read_typing("\ufeffpaper;marks\n1;3 1\n2;3 1,2\n3;blank\n4;? smudge\n", papers=PAPERS, parse=five)
    assert comma == semicolon
    assert comma.problems == ()
    assert comma.marks == {1: "3 1", 2: "3 1,2", 3: "blank", 4: "? smudge"}


def test_every_bad_row_is_named_with_its_line() -> None:
    text = "paper,marks\n1,3 9\n9,1\n2,1\n2,2\nx,1\n3,1,2\n4,\n"
    assert [problem.split(":")[0] for problem in read_typing(text, papers=PAPERS, parse=five).problems] == [
        "line 2",
        "line 3",
        "line 5",
        "line 6",
        "line 7",
        "line 8",
    ]


@pytest.mark.parametrize("text", ["", "nummer,stem\n1,3\n", "1,3 1\n"])
def test_a_file_with_other_columns_is_refused(text: str) -> None:
    assert "expected `paper,marks`" in read_typing(text, papers=PAPERS, parse=five).problems[0]
