"""A choice as it is written becomes exactly that vote, or a sentence about what is wrong with it."""

import pytest
from secret_polls import COUNCIL, MOTIONS, RANKING

from stembus.errors import UnusableInput
from stembus_ballots.protocol.election import Homomorphic
from stembus_polls.voting.booth_client import read_link
from stembus_polls.voting.choice import names_of, read_choice, told
from stembus_polls.voting.rules import Rules

RULES = Rules(election="", organisation="", practice=False, minimum=0, maximum=2, blank=True, padded_length=1)
ONE = Homomorphic(answers=("voor", "tegen"), blank=True, min=1, max=1, question="Voorstel")
TWO = Homomorphic(answers=("a", "b", "c"), min=1, max=2, question="Leden")


@pytest.mark.parametrize(
    ("question", "line", "vote"),
    [
        (ONE, "1", [0, 1, 0]),
        (ONE, " 2 ", [0, 0, 1]),
        (ONE, "Blanco", [1, 0, 0]),
        (TWO, "3, 1", [1, 0, 1]),
        (TWO, "3;1", [1, 0, 1]),
    ],
)
def test_a_choice_of_answers(question: Homomorphic, line: str, vote: list[int]) -> None:
    assert [list(answer) for answer in read_choice([question], RULES, [line])] == [vote]


def test_a_ranking_gives_each_answer_its_place() -> None:
    size = len(names_of(RANKING))
    assert [list(one) for one in read_choice([RANKING], RULES, ["2,1"])] == [[2, 1, *[0] * (size - 2)]]
    assert [list(one) for one in read_choice([RANKING], RULES, ["blank"])] == [[0] * size]
    assert list(told([RANKING], read_choice([RANKING], RULES, ["2,1"]))) == [
        f"1. {names_of(RANKING)[1]}",
        f"2. {names_of(RANKING)[0]}",
    ]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["3"], "numbers from 1 to 2"),
        (["x"], "numbers from 1 to 2"),
        (["1,1"], "named twice"),
        (["1,2"], "name 1 to 1 answers, not 2"),
        ([], "0 lines for 1 questions"),
        (["1", "2"], "2 lines for 1 questions"),
    ],
)
def test_what_is_no_choice_is_told(lines: list[str], why: str) -> None:
    with pytest.raises(UnusableInput, match=why):
        read_choice([ONE], RULES, lines)


def test_no_blank_vote_where_there_is_none() -> None:
    with pytest.raises(UnusableInput, match="not allowed"):
        read_choice([TWO], RULES, ["blank"])


def test_each_question_has_a_line_of_its_own() -> None:
    assert len(read_choice([COUNCIL, MOTIONS], RULES, ["1", "", "1"])) == 2


def test_on_each_person_a_line_says_for_against_or_blank() -> None:
    persons = [
        Homomorphic(answers=("voor", "tegen"), blank=True, min=1, max=1, question=name) for name in ("Ada", "Bo", "Cis")
    ]
    vote = read_choice(persons, RULES, ["1", "2", "blank"])
    assert [list(answer) for answer in vote] == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert list(told(persons, vote)) == ["Ada: voor", "Bo: tegen", "Cis: a blank vote"]


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("https://stemhokje.example/", "no link to the booth"),
        ("https://stemhokje.example/#abc", "no link to the booth"),
        ("ftp://stemhokje.example/#abc.def", "no link to the booth"),
        ("http://stemhokje.example/#abc.def", "not https"),
        ("https://stemhokje.example/#abc.def.TYXQ", "out of the link"),
    ],
)
def test_other_links_are_refused(link: str, why: str) -> None:
    with pytest.raises(UnusableInput, match=why):
        read_link(link)


def test_a_link_names_booth_poll_and_code() -> None:
    assert read_link(" https://stemhokje.example/#abc.def\n") == ("https://stemhokje.example", "abc", "def")
