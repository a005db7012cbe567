"""A count in ranked rounds on the pages: the lot that a round asks for, and the public result with each round."""

from collections.abc import Callable
from typing import Any

from party_council.council_case import (
    BUREAU,
    BY_APPROVAL,
    DECLARED,
    NAMES,
    PROCEDURE,
    elected,
    made_public,
    running_to_the_vote,
    type_twice,
)

from stembus.clock import SetClock
from stembus.instance import Instance

Browsers = Callable[[], Any]
IN_ROUNDS = {
    **{old: new for old, new in BY_APPROVAL.items() if old != '"countback"'},
    'fill = "countback"': 'fill = "by_election"',
    'found_by = "countback"': 'found_by = "own_ballot"',
    'not_accepted = "countback"': 'not_accepted = "leave_empty"',
    "minimum = 2\nmaximum": "minimum = 1\nmaximum",
    "minimum_to_constitute = 2": "minimum_to_constitute = 1",
    'number = { by = "bestuur", when = "at_call" }': "number = 1",
    'method = "stv"': 'method = "ranked_rounds"',
    "[stages.ballot]\n": (
        '[stages.rounds]\nmost = 2\nproceed = "top_two"\ntie_at_cut = "lot"\nlast_rule = "plurality"\n\n'
        "[stages.ballot]\n"
    ),
}
HOME = f"/procedures/{PROCEDURE}"


def test_a_lot_for_who_goes_to_the_next_round_is_asked_for_on_the_page_of_the_count(
    served: Instance, clock: SetClock, browser: Browsers
) -> None:
    running_to_the_vote(served, clock, names=NAMES, changes=IN_ROUNDS, at=DECLARED)
    type_twice(served, ("1",) * 4 + ("2 1",) * 3 + ("3 2",) * 3)
    chair = browser().sign_in(BUREAU[0])
    chair.get(f"{HOME}/poll/count?lang=en")
    assert "equal. The lot decides: who goes to the next round. 2. Ben Jansen 3. Cas van Dijk Source" in chair.words


def test_the_public_result_says_by_what_somebody_is_elected_and_shows_each_round(
    served: Instance, clock: SetClock, browser: Browsers
) -> None:
    papers = ("1 2",) * 4 + ("2 1",) * 3 + ("3 2",) * 2 + ("4", "blank")
    elected(served, clock, papers=papers, changes=IN_ROUNDS)
    with served.write() as transaction:
        made_public(transaction)
    anybody = browser()
    anybody.get(f"{HOME}/result?lang=en")
    for said in (
        "Elected: Ben Jansen – more than half in round 2",
        "Members voted once. Each round was counted from the same ballots",
        "Round 2: 5 votes needed, more than half of 9 Name Votes Ben Jansen, elected 5 Ada Smit 4",
        "The rounds before it Round 1: 6 votes needed, more than half of 10 Name Votes Ada Smit 4 Ben Jansen 3",
    ):
        assert said in anybody.words, said
    anybody.get(f"{HOME}/result?lang=nl-simple")
    assert "Ben Jansen – had meer dan de helft in ronde 2" in anybody.words
