"""Grouped CSV with the candidate at each rank: what a doubtful ballot is worth is decided once, by a stated rule."""

from pathlib import Path

import pytest

from stembus_ballots.errors import BallotFileError
from stembus_ballots.grouped_csv import Intake, parse_ranked_columns, read_ranked_columns
from stembus_ballots.profile import Group

HEAD = "count,choice1,choice2,choice3\n"


def one(cells: str, intake: Intake) -> tuple[int, ...] | str:
    """The ranking of one ballot with candidates A, B and C, or what became of it."""
    profile = parse_ranked_columns(f"{HEAD}1,{cells}\n", candidates=["A", "B", "C"], intake=intake)
    if profile.blank:
        return "blank"
    return profile.groups[0].ranking if profile.groups else "invalid"


@pytest.mark.parametrize(
    ("cells", "scottish", "lenient", "strict"),
    [
        ("B,A,C", (1, 0, 2), (1, 0, 2), (1, 0, 2)),
        ("B,,", (1,), (1,), (1,)),
        ("B,undervote,A", (1,), (1, 0), (1,)),
        ("undervote,B,A", "invalid", (1, 0), "invalid"),
        ("undervote,undervote,A", "invalid", "invalid", "invalid"),
        ("undervote,undervote,undervote", "blank", "blank", "blank"),
        ("B,overvote,A", (1,), (1,), "invalid"),
        ("overvote,B,A", "invalid", "invalid", "invalid"),
        ("B,B,A", (1,), (1, 0), "invalid"),
    ],
)
def test_each_doubt_under_three_intake_rules(cells: str, scottish: object, lenient: object, strict: object) -> None:
    assert one(cells, Intake()) == scottish
    assert one(cells, Intake(skipped_ranks=1, repeated="skip")) == lenient
    assert one(cells, Intake(overvote="reject", repeated="reject")) == strict


def test_candidates_who_are_not_given_are_the_names_in_the_file_in_alphabetical_order(tmp_path: Path) -> None:
    file = tmp_path / "wijk.csv"
    file.write_text(HEAD + "3,Cis,Ada,\n2,Bo,overvote,Ada\n2,Cis,Ada,undervote\n", encoding="utf-8")
    profile = read_ranked_columns(file, seats=2)
    assert (profile.title, profile.candidates, profile.seats) == ("wijk", ("Ada", "Bo", "Cis"), 2)
    assert profile.groups == (Group((1,), 2), Group((2, 0), 5))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("count,first,second\n1,A,B\n", "line 1: the headings of the shape ranked-columns"),
        (HEAD + "1,A,B\n", "line 2: 2 ranks where the headings announce 3"),
        (HEAD + "1,A,X,B\n", "line 2: “X” is none of the candidates"),
        (HEAD + "x,A,B,C\n", "line 2: the count"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, words: str) -> None:
    with pytest.raises(BallotFileError, match=words):
        parse_ranked_columns(text, candidates=["A", "B", "C"])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BallotFileError, match="No such file"):
        read_ranked_columns(tmp_path / "wijk.csv")
