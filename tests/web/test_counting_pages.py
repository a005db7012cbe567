"""Papers of each method on the pages of who types them and who counts them."""

from collections.abc import Callable
from typing import Any

import pytest
from party_council.council_case import (
    BUREAU,
    BY_APPROVAL,
    DECLARED,
    NAMES,
    ON_EACH_PERSON,
    PROCEDURE,
    number_them,
    running_to_the_vote,
    type_twice,
)

from stembus.clock import SetClock
from stembus.instance import Instance

Browsers = Callable[[], Any]
BLOCK = {**BY_APPROVAL, 'method = "stv"': 'method = "block"'}
CONDORCET = {**BY_APPROVAL, 'method = "stv"': 'method = "condorcet"'}
SHARED = {
    "approval": (BY_APPROVAL, ("1 2", "1 3", "1")),
    "block": (BLOCK, ("1 2", "1 3", "1")),
    "condorcet": (CONDORCET, ("1 2 3", "1 3 2")),
    "yes_no_per_person": (ON_EACH_PERSON, ("yynbb", "ynybb", "yyynn")),
}
"""Of each method papers that elect Ada, and on which Ben and Cas share the last seat."""
READ_BACK = {
    "approval": (BY_APPROVAL, "5 2", "2 5 – 2. Ben Jansen; 5. Eli Mulder Correct"),
    "condorcet": (CONDORCET, "5 2", "5 2 – 1. Eli Mulder; 2. Ben Jansen Correct"),
    "yes_no_per_person": (ON_EACH_PERSON, "vtbbb", "y n b b b – 1. Ada Smit: for; 2. Ben Jansen: against; 3. Cas "),
}
"""What is typed, and what is said of it: the number of who is crossed, but the rank that somebody has."""


@pytest.mark.parametrize("method", READ_BACK)
def test_what_was_typed_is_said_back_with_the_names(
    served: Instance, clock: SetClock, browser: Browsers, method: str
) -> None:
    changes, marks, said = READ_BACK[method]
    running_to_the_vote(served, clock, names=NAMES, changes=changes, at=DECLARED)
    number_them(served, papers=3)
    typist = browser().sign_in(BUREAU[0])
    typist.get(f"/procedures/{PROCEDURE}/poll/typing?lang=en")
    typist.post(f"/procedures/{PROCEDURE}/poll/typing", paper="1", marks=marks)
    assert f"Paper 1 is saved: {said}" in typist.words


@pytest.mark.parametrize("method", SHARED)
def test_a_lot_for_the_last_seat_is_asked_for_on_the_page_of_the_count_and_on_the_desk(
    served: Instance, clock: SetClock, browser: Browsers, method: str
) -> None:
    changes, papers = SHARED[method]
    running_to_the_vote(served, clock, names=NAMES, changes=dict(changes), at=DECLARED)
    type_twice(served, papers)
    chair = browser().sign_in(BUREAU[0])
    assert chair.get("/desk?lang=en").status_code == 200
    assert "Draw a lot for Election of the party council" in chair.words
    assert chair.get(f"/procedures/{PROCEDURE}/poll/count?lang=en").status_code == 200
    assert "A lot is needed" in chair.words
    assert "equal. The lot decides: who is elected. 2. Ben Jansen 3. Cas van Dijk Source" in chair.words


def test_who_reads_dutch_finds_a_paper_in_the_letters_and_words_that_they_type(
    served: Instance, clock: SetClock, browser: Browsers
) -> None:
    running_to_the_vote(served, clock, names=NAMES, changes=ON_EACH_PERSON, at=DECLARED)
    number_them(served, papers=2)
    typing = f"/procedures/{PROCEDURE}/poll/typing"
    for number, first, shown in zip(BUREAU, ("vtbbv", "y y b b v"), ("v t b b v", "v v b b v"), strict=True):
        typist = browser().sign_in(number)
        typist.get(f"{typing}?lang=nl")
        assert "<kbd>vtb</kbd>" in typist.page
        typist.post(typing, paper="1", marks=first)
        assert f"Stembiljet 1 is bewaard: {shown} –" in typist.words
        typist.get(f"{typing}?paper=1")
        assert f'value="{shown}"' in typist.page
        typist.post(typing, paper="2", marks="blank" if number == BUREAU[0] else "ongeldig")
    typist.get(f"/procedures/{PROCEDURE}/poll/rulings")
    assert "Eerste keer getypt v t b b v Tweede keer getypt v v b b v" in typist.words
    assert "Eerste keer getypt blanco Tweede keer getypt ongeldig" in typist.words
