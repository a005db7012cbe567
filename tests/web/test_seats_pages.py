"""Seats from the pages: what giving or ending one means is seen first, two people decide it, and access follows."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from branch_party import ASSEN, BOARD, OFFICE, UTRECHT, office_party
from organisation_cases import TODAY, define, definition, give, seat

from stembus.instance import Instance
from stembus.organisation.authority import acting_seats, all_seats
from stembus.organisation.mandate import HeldSeat
from stembus.organisation.periods import YES, Period
from stembus.organisation.states import all_states, replace_states

Browsers = Callable[[], Any]
WANTED = {"office": "bestuur/chair", "number": "501", "starts": "2026-03-01", "last_day": "2028-02-29"}


@pytest.fixture
def party(served: Instance) -> Instance:
    """The party of the office tests, with room in the board, and a committee that does not go with it."""
    office_party(served)
    define(served, definition("bestuur", {"chair": ["policy.adopt"]}, seats=3), by=OFFICE)
    rule = {"with": "bestuur", "reason": "statuten 16.2: wie toezicht houdt, bestuurt niet"}
    define(served, definition("toezicht", {"member": []}, clashes=[rule]), by=OFFICE)
    return served


def held(party: Instance, body: str, number: str) -> list[HeldSeat]:
    with party.read() as session:
        return [one for one in all_seats(session) if (one.body, one.number) == (body, number)]


def acts_today(party: Instance, number: str) -> bool:
    with party.read() as session:
        return any(one.number == number for one in acting_seats(session, TODAY))


def confirm(browser: Any, path: str) -> None:
    browser.get(f"{path}/confirm")
    browser.post(f"{path}/confirm", shown=browser.page.split('name="shown" value="')[1].split('"')[0])


def proposal(answer: Any) -> str:
    return str(answer.url.path)


def give_page(browser: Any, **changed: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in {**WANTED, **changed}.items())
    browser.get(f"/seats/give?lang=en&{asked}")
    return str(browser.words)


def test_before_a_seat_is_given_one_sees_what_it_allows_who_sits_there_and_until_when(
    party: Instance, browser: Browsers
) -> None:
    words = give_page(browser().sign_in(OFFICE[0]))
    assert "José Núñez can have this seat" in words
    assert "With this seat 3 of 3 places are taken" in words
    assert "adopt a policy (takes two people)" in words
    assert "Lid Nummer401, from 1 March 2026 , no end" in words
    assert "It can be confirmed by: Lid Nummer102" in words


def test_what_stands_in_the_way_is_said_with_the_reason_and_cannot_be_proposed(
    party: Instance, browser: Browsers
) -> None:
    give(party, seat("toezicht", "member", "501", last_day=date(2026, 12, 31)), by=OFFICE)
    office = browser().sign_in(OFFICE[0])
    words = give_page(office)
    assert "José Núñez cannot have this seat now" in words
    assert "From 1 March 2026 it would go together with toezicht, member: statuten 16.2" in words
    assert "Propose to give this seat" not in words
    answer = office.post("/seats/give", **WANTED, ground="ALV, besluit 5")
    assert answer.status_code == 409
    assert "it would go together with toezicht.member" in office.words


def test_an_office_that_is_full_says_so(party: Instance, browser: Browsers) -> None:
    give(party, seat("bestuur", "chair", "502", last_day=date(2027, 1, 1)), by=OFFICE)
    words = give_page(browser().sign_in(OFFICE[0]))
    assert "All 3 places are taken on a day of this term" in words
    assert "Aydın İpek, from 1 March 2026 , until 1 January 2027" in words


def test_what_is_filled_in_wrongly_is_named_and_nothing_typed_is_lost(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in(OFFICE[0])
    give_page(office)
    for changed, wrong in (
        ({"ground": ""}, "Say on what ground"),
        ({"number": "999"}, "No member has the number"),
        ({"office": ""}, "Choose which seat it is"),
        ({"office": "bestuur/never"}, "has no office"),
        ({"last_day": "2026-02-01"}, "ends (1 February 2026) before it begins"),
        ({"starts": "soon"}, "Fill in a day"),
        ({"deputy_for": "501"}, "has no seat bestuur.chair"),
    ):
        fields = {**WANTED, "ground": "ALV, besluit 5", **changed}
        assert office.post("/seats/give", **fields).status_code == 422, wrong
        assert wrong in office.words
        assert f'value="{fields["number"]}"' in office.page
    assert held(party, "bestuur", "501") == []


def test_a_seat_is_given_once_a_second_person_confirms_it(party: Instance, browser: Browsers) -> None:
    first, second = browser().sign_in(OFFICE[0]), browser().sign_in(OFFICE[1])
    give_page(first)
    made = proposal(first.post("/seats/give", **WANTED, ground="ALV, besluit 5"))
    assert "José Núñez (501) gets a seat: chair, bestuur, from 1 March 2026" in first.words
    assert "The seat allows: adopt a policy" in first.words
    assert held(party, "bestuur", "501") == []
    confirm(second, made)
    (given,) = held(party, "bestuur", "501")
    assert given.ends == date(2028, 3, 1)


def test_a_deputy_takes_no_place_and_waits_for_an_absence(party: Instance, browser: Browsers) -> None:
    first, second = browser().sign_in(OFFICE[0]), browser().sign_in(OFFICE[1])
    assert "A deputy takes no place" in give_page(first, deputy_for=BOARD[0])
    confirm(second, proposal(first.post("/seats/give", **WANTED, deputy_for=BOARD[0], ground="besluit 6")))
    (given,) = held(party, "bestuur", "501")
    assert given.deputy_for == held(party, "bestuur", BOARD[0])[0].seat_id
    assert not acts_today(party, "501")


def test_a_seat_that_ends_at_once_loses_its_access_on_the_next_click(party: Instance, browser: Browsers) -> None:
    officer = browser().sign_in(UTRECHT[0])
    assert officer.get("/members").status_code == 200
    first, second = browser().sign_in(OFFICE[0]), browser().sign_in(OFFICE[1])
    first.get(f"/seats/end?lang=en&seat=afdeling-utrecht/secretary/{UTRECHT[0]}")
    assert "see the members of their own branch" in first.words
    sent = {"seat": f"afdeling-utrecht/secretary/{UTRECHT[0]}", "when": "now", "ground": "brief van 1-3-2026"}
    made = proposal(first.post("/seats/end", **sent))
    assert "It ends at the moment that this is confirmed" in first.words
    assert officer.get("/members").status_code == 200
    confirm(second, made)
    assert officer.get("/members", follow=False).status_code in (303, 403)
    assert not acts_today(party, UTRECHT[0])


def test_at_once_means_the_day_on_which_it_is_confirmed(party: Instance, browser: Browsers, clock: Any) -> None:
    first = browser().sign_in(OFFICE[0])
    first.get("/seats/end?lang=en")
    sent = {"seat": f"bestuur/chair/{BOARD[0]}", "when": "now", "ground": "afgetreden"}
    made = proposal(first.post("/seats/end", **sent))
    clock.set(clock.now() + timedelta(days=3))
    confirm(browser().sign_in(OFFICE[1]), made)
    assert held(party, "bestuur", BOARD[0])[0].ends == TODAY + timedelta(days=3)


def test_before_a_seat_ends_one_reads_what_nobody_could_do_any_more(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in(OFFICE[0])
    office.get(f"/seats/end?lang=en&seat=bestuur/chair/{BOARD[0]}")
    assert "Too few people are left for this" in office.words
    assert "adopt a policy" in office.words
    sent = {"seat": f"bestuur/chair/{BOARD[0]}", "when": "day", "last_day": "2026-06-30", "ground": "rooster"}
    office.post("/seats/end", **sent)
    assert "After that too few people hold a seat for this, until one is given: adopt a policy" in office.words
    assert "Then its last day is 30 June 2026" in office.words


def test_a_seat_is_not_ended_by_what_is_filled_in_wrongly(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in(OFFICE[0])
    office.get("/seats/end?lang=en")
    for changed, wrong, status in (
        ({"when": ""}, "Choose when it ends", 422),
        ({"when": "day", "last_day": ""}, "Fill in a day", 422),
        ({"ground": " "}, "Say on what ground", 422),
        ({"seat": ""}, "Choose whose seat it is", 422),
        ({"seat": "bestuur/chair/501"}, "has no seat bestuur.chair", 422),
        ({"when": "day", "last_day": "2026-01-01"}, "cannot be ended in the past", 409),
    ):
        sent = {"seat": f"bestuur/chair/{BOARD[0]}", "when": "now", "ground": "afgetreden", **changed}
        assert office.post("/seats/end", **sent).status_code == status, wrong
        assert wrong in office.words
    assert held(party, "bestuur", BOARD[0])[0].ends is None


def test_w5_who_may_not_appoint_comes_nowhere_near_it(party: Instance, browser: Browsers) -> None:
    for number in (UTRECHT[0], BOARD[0], "501"):
        other = browser().sign_in(number)
        for path in ("/seats/give", "/seats/end"):
            assert other.get(path, follow=False).status_code in (303, 403)
            other.get("/")
            assert other.post(path, follow=False, ground="x").status_code in (303, 403)


def test_terms_that_end_are_listed_within_the_time_that_is_asked_the_first_first(
    party: Instance, browser: Browsers
) -> None:
    give(party, seat("toezicht", "member", "502", last_day=date(2026, 9, 1)), by=OFFICE)
    give(party, seat("toezicht", "member", "503", last_day=date(2026, 3, 20)), by=OFFICE)
    office = browser().sign_in(OFFICE[0])
    office.get("/bodies?lang=en")
    assert "Łukasz" in office.words
    assert "1 September 2026 (" not in office.words
    office.get("/bodies?within=365")
    assert office.words.index("20 March 2026 (") < office.words.index("1 September 2026 (")
    assert office.get("/bodies?within=soon").status_code == 200


def test_a_body_shows_who_sits_there_what_each_office_allows_and_who_adopted_that(
    party: Instance, browser: Browsers
) -> None:
    officer = browser().sign_in(ASSEN[0])
    officer.get("/bodies/bestuur?lang=en")
    assert "2 of 3 places taken" in officer.words
    assert "adopt a policy (takes two people)" in officer.words
    assert "Version 2, adopted on 1 March 2026 . ALV, decision 1" in officer.words
    assert "End this seat" not in officer.words
    assert "End this seat" in browser().sign_in(OFFICE[0]).get("/bodies/bestuur?lang=en").text
    assert officer.get("/bodies/never").status_code == 404


def test_a_seat_is_left_out_of_the_body_once_it_is_over_and_told_as_earlier(
    party: Instance, browser: Browsers, clock: Any
) -> None:
    give(party, seat("toezicht", "member", "503", last_day=date(2026, 3, 20)), by=OFFICE)
    clock.set(clock.now() + timedelta(days=60))
    office = browser().sign_in(OFFICE[0])
    office.get("/bodies/toezicht?lang=en")
    assert "Nobody has a seat here now" in office.words
    assert "Søren van der Łukasz, from 1 March 2026 up to and including 20 March 2026" in office.words
    assert "Held this office before" in give_page(office, office="toezicht/member", number="503", starts="2026-06-01")


def test_somebody_who_left_the_party_is_pointed_out(party: Instance, browser: Browsers) -> None:
    with party.write() as transaction:
        (before,) = [one for one in all_states(transaction.session) if one.number == "501"]
        left = Period("left", date(2026, 2, 1), None, YES)
        replace_states(transaction.session, [msgspec.structs.replace(before, periods=(*before.periods, left))])
    assert "José Núñez is no member any more since 1 February 2026" in give_page(browser().sign_in(OFFICE[0]))
