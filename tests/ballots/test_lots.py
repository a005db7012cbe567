"""Lots can be drawn again by anyone, and a lot that is missing stops the count with a question."""

import hashlib

import pytest

from stembus_ballots.errors import CountError
from stembus_ballots.lots import DecidedLot, Lots, NeedsLot, check_lots, order_from_seed


def test_t9_the_order_of_a_seed_is_that_of_the_digests_and_never_changes() -> None:
    names = ["Ada Bos", "Bo Dijk", "Cis Eik", "Çan Öz"]
    order = order_from_seed("12 24 31 38 40 45", "Partijraad 2026", names)
    assert order == (2, 3, 1, 0)
    digests = [hashlib.sha256(f"12 24 31 38 40 45\nPartijraad 2026\n{name}".encode()).hexdigest() for name in names]
    assert [digests[c] for c in order] == sorted(digests)


@pytest.mark.parametrize("other", [("12 24", "b", list("stuvwxyz")), ("12 25", "a", list("stuvwxyz"))])
def test_another_seed_or_election_gives_an_order_of_its_own(other: tuple[str, str, list[str]]) -> None:
    assert order_from_seed("12 24", "a", list("stuvwxyz")) != order_from_seed(*other)


@pytest.mark.parametrize(
    ("seed", "election", "names", "words"),
    [
        ("a\nb", "c", ["x"], "line break"),
        ("a", "b\nc", ["x"], "line break"),
        ("a", "b", ["x", "y\nz"], "line break"),
        ("a", "b", ["x", "y", "x"], "Two candidates are called “x”"),
    ],
)
def test_texts_that_do_not_fix_one_order_are_refused(seed: str, election: str, names: list[str], words: str) -> None:
    with pytest.raises(CountError, match=words):
        order_from_seed(seed, election, names)


def test_drawn_first_in_the_order_is_first_of_the_tied() -> None:
    assert Lots(order=(3, 1, 0, 2)).draw([0, 2], "exclude") == 0


def test_a_lot_that_people_drew_goes_before_the_order_but_only_for_its_own_tie() -> None:
    lots = Lots(order=(3, 1, 0, 2), decided=(DecidedLot(tied=(2, 0), drawn=2, why="exclude"),))
    assert lots.draw([0, 2], "exclude") == 2
    assert lots.draw([0, 2], "surplus") == 0
    assert lots.draw([0, 1, 2], "exclude") == 1


def test_a_missing_lot_is_a_question_that_names_the_tied() -> None:
    with pytest.raises(NeedsLot, match=r"exclude.*0 \(Ada\), 2 \(Cis\)") as needed:
        Lots().draw([2, 0], "exclude", ["Ada", "Bo", "Cis"])
    assert (needed.value.tied, needed.value.why) == ((0, 2), "exclude")


@pytest.mark.parametrize(
    "lots",
    [
        Lots(order=(0, 1)),
        Lots(order=(0, 1, 1)),
        Lots(order=(1, 2, 3)),
        Lots(decided=(DecidedLot(tied=(0, 1), drawn=2, why="exclude"),)),
        Lots(decided=(DecidedLot(tied=(0, 5), drawn=0, why="exclude"),)),
    ],
)
def test_lots_that_do_not_fit_the_candidates_are_refused(lots: Lots) -> None:
    with pytest.raises(CountError):
        check_lots(lots, 3)
