"""Ballot files are read strictly: what is wrong is said with its line, and nothing is guessed."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_elections import SmallElection, profile_of_election, small_elections

from stembus_ballots.blt import parse_blt, read_blt, write_blt
from stembus_ballots.errors import BallotFileError
from stembus_ballots.profile import Group, profile_of

GOOD = '3 2\n-2\n12 3 1 0\n4 0\n5 1 0\n0\n"Ada Bos"\n"Bo Dijk ""Lijst B"""\nCis Eik (C)\n"Wijk 1"\n'


def test_a_file_with_everything_in_it() -> None:
    profile = parse_blt(GOOD)
    assert profile.candidates == ("Ada Bos", "Bo Dijk (Lijst B)", "Cis Eik (C)")
    assert (profile.title, profile.seats, profile.blank, profile.withdrawn) == ("Wijk 1", 2, 4, (1,))
    assert profile.groups == (Group((0,), 5), Group((2, 0), 12))


@pytest.mark.parametrize(
    "text",
    [
        "3 2\r\n-2\r\n12 3 1 0\r\n4 0\r\n5 1 0\r\n0\r\nAda Bos\r\nBo Dijk (Lijst B)\r\nCis Eik (C)\r\nWijk 1",
        "3 2\n-2\n\n5 3 1 0\n7\t3  1 0\n 4 0 \n5 1\n0\nAda Bos\nBo Dijk (Lijst B)\nCis Eik (C)\nWijk 1",
        "3 2\n-2\n12 3 1\n1 0\n3 0\n5 1 0\n0\n# ALTERNATIVE NAME 1: Ada Bos\nBo Dijk (Lijst B)\nCis Eik (C)\nWijk 1\n",
    ],
)
def test_the_same_ballots_in_the_dialects_that_are_about(text: str) -> None:
    assert parse_blt(text) == parse_blt(GOOD)


def test_a_title_may_be_left_out_and_single_ballots_are_grouped() -> None:
    profile = parse_blt("2 1\n1 1 2 0\n1 1 2 0\n1 2 0\n0\nA\nB\n")
    assert profile.title == ""
    assert profile.groups == (Group((0, 1), 2), Group((1,), 1))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("3 2\n", "", "line 1: expected “candidates seats”, two numbers, and found “-2”"),
        ("3 2\n", "<html>\n", "line 1: .* is this a .blt file"),
        ("3 2\n", "0 2\n", "line 1: 0 candidates and 2 seats"),
        ("3 2\n", "3 -2\n", "line 1"),
        ("3 2\n", "99999999999 2\n", "line 1: 99999999999 candidates are announced in a file of 10 lines"),
        ("12 3 1 0", "12 3 4 0", "line 3: the ballot ranks candidate 4, but there are 3"),
        ("12 3 1 0", "12 3 1 3 0", "line 3: the ballot ranks candidate 3 twice"),
        ("12 3 1 0", "12 3 0 1 0", "line 3: there is more after the 0"),
        ("12 3 1 0", "12 3=1 0", "line 3: .* ranks candidates equally"),
        ("12 3 1 0", "1.5 3 1 0", "line 3: .* is not a ballot"),
        ("12 3 1 0", "0 3 1 0", "line 3: .* says 0 ballots"),
        ("12 3 1 0", "12", "line 3: .* has a number of ballots but no ranking"),
        ("12 3 1 0", "12 3 1 0\n-1", "line 4: found “-1” among the ballots"),
        ("12 3 1 0", "9" * 30 + " 3 1 0", "line 3"),
        ("-2", "-4", "line 2: candidate 4 has withdrawn but there are 3"),
        ("5 1 0\n0\n", "5 1 0\n", 'line 6: found “"Ada Bos"” among the ballots'),
        ('"Ada Bos"', '""', "line 7: the name of candidate 1 is empty"),
        ('"Ada Bos"', "Cis Eik (C)", "line 9: two candidates are called “Cis Eik \\(C\\)”"),
        ('"Ada Bos"', "# ALTERNATIVE NAME 2: Ada", "line 7: expected the name of candidate 1"),
        ('Cis Eik (C)\n"Wijk 1"\n', "", "line 8: 3 candidates are announced but 2 names follow"),
        ('"Wijk 1"\n', '"Wijk 1"\nmore\n', "line 11: found more than 3 names and a title"),
        (GOOD[GOOD.index("5 1 0") :], "", "line 4: the file ends before the line “0”"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, words: str) -> None:
    assert old in GOOD
    with pytest.raises(BallotFileError, match=f"wijk.blt, {words}") as refused:
        parse_blt(GOOD.replace(old, new, 1), "wijk.blt")
    assert "\n" not in str(refused.value)


def test_an_empty_file_a_missing_one_and_one_that_is_not_text(tmp_path: Path) -> None:
    file = tmp_path / "wijk.blt"
    with pytest.raises(BallotFileError, match="No such file"):
        read_blt(file)
    file.write_bytes(b"")
    with pytest.raises(BallotFileError, match="line 1: expected"):
        read_blt(file)
    file.write_bytes(b"3 2\n\xff\xfe")
    with pytest.raises(BallotFileError, match="byte 4 is not UTF-8"):
        read_blt(file)
    file.write_text("\ufeff" + GOOD, encoding="utf-8")
    assert read_blt(file) == parse_blt(GOOD)


@given(small_elections(), st.sets(st.integers(0, 1)))
@settings(max_examples=50)
def test_what_is_written_is_read_back_the_same(election: SmallElection, withdrawn: set[int]) -> None:
    profile = profile_of_election(election)
    profile = profile_of(
        'Wijk "Noord"', profile.candidates, [*election.rankings, ()], seats=election.seats, withdrawn=withdrawn
    )
    assert parse_blt(write_blt(profile)) == profile


def test_a_file_needs_a_number_of_seats_and_names_on_one_line() -> None:
    with pytest.raises(ValueError, match="number of seats"):
        write_blt(profile_of("Test", "AB", [(0,)]))
    with pytest.raises(ValueError, match="line break"):
        write_blt(profile_of("Test", ["A\nB", "C"], [(0,)], seats=1))
