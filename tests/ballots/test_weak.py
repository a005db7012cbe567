"""Files with a rank for each option become orders with ties; what cannot be read is named with its line."""

import pytest

from stembus_ballots.errors import BallotFileError
from stembus_ballots.weak import WeakGroup, read_rank_per_option


def test_ranks_become_tiers_and_gaps_and_empty_cells_mean_what_they_say() -> None:
    text = "count,Tea,Coffee,Water\n3,1,1,\n2,7,2,7\n4,,,\n1,1,1,\n"
    profile = read_rank_per_option(text, "drinks", "drinks.csv")
    assert profile.candidates == ("Tea", "Coffee", "Water")
    assert profile.groups == (WeakGroup(((0, 1),), 4), WeakGroup(((1,), (0, 2)), 2))
    assert (profile.valid, profile.blank) == (6, 4)


def test_semicolons_a_byte_order_mark_and_windows_line_ends_are_read_too() -> None:
    profile = read_rank_per_option('\ufeff"Count";A;B\r\n2;1;2\r\n\r\n', "t", "t.csv")
    assert profile.groups == (WeakGroup(((0,), (1,)), 2),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "t.csv: the file is empty"),
        ("\n \n", "t.csv: the file is empty"),
        ("A,B\n1,2\n", "t.csv, line 1: the first column is not “count”"),
        ("count,A,B\n", "there are headings and no ballots"),
        ("count,A,A\n1,1,2\n", "line 1: give each option a heading of its own"),
        ("count,A,\n1,1,2\n", "line 1: give each option a heading of its own"),
        ("count,A,B\nx,1,2\n", "line 2: the count is “x”; write a whole number from 1"),
        ("count,A,B\n" + "9" * 5000 + ",1,2\n", "line 2: the count is “999"),
        ("count,A,B\n0,1,2\n", "line 2: the count is “0”"),
        ("count,A,B\n1,1,2\n1,1\n", "line 3: 1 ranks for 2 options"),
        ("count,A,B\n1,1,first\n", "line 2: the rank of B is “first”"),
        ("count,A,B\n1,1,-2\n", "line 2: the rank of B is “-2”"),
        ("count,A,B\n1,1,²\n", "line 2: the rank of B is “²”"),
        ('count,A,B\n1,1,"2\n', "line 2"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_the_place(text: str, said: str) -> None:
    with pytest.raises(BallotFileError, match=said) as caught:
        read_rank_per_option(text, "t", "t.csv")
    assert "\n" not in str(caught.value)
