"""The pages on which one person's proposal is read, confirmed, declined and taken back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from organisation_cases import add_members, define, definition, found, give, seat

from stembus.access.proposals import propose
from stembus.clock import SetClock
from stembus.instance import Instance
from stembus.organisation.authority import all_seats
from stembus.organisation.core_powers import CORE_POWERS
from stembus.organisation.grave_acts import End

Browsers = Callable[[], Any]
ENDS = End(body="bestuur", office="member", number="022", last_day=date(2026, 5, 9), ground="besluit 7")


@pytest.fixture
def proposed(served: Instance) -> str:
    """An office of three; 001 proposed to end a seat in the board. The path of that proposal."""
    found(served)
    add_members(served, "003", "021", "022")
    office = definition("partijbureau", {"staff": [power.name for power in CORE_POWERS]}, seats=3)
    define(served, msgspec.structs.replace(office, nl="Partijbureau", en="Party office"))
    define(served, definition("bestuur", {"member": []}))
    give(
        served,
        *(seat("partijbureau", "staff", number) for number in ("001", "002", "003")),
        *(seat("bestuur", "member", number) for number in ("021", "022")),
    )
    with served.write() as transaction:
        return f"/proposals/{propose(transaction, 'seats.end', ENDS, by='001').id}"


def last_day(instance: Instance) -> date | None:
    with instance.read() as session:
        return next(one.ends for one in all_seats(session) if (one.body, one.number) == ("bestuur", "022"))


def shown(browser: Any) -> str:
    """The digest in the form of the page."""
    return str(browser.page.split('name="shown" value="')[1].split('"')[0])


def test_the_second_person_finds_it_reads_what_happens_and_confirms(
    served: Instance, browser: Browsers, proposed: str
) -> None:
    second = browser().sign_in("002")
    second.get("/proposals?lang=en")
    assert "end a seat" in second.words
    second.get(f"{proposed}/confirm")
    assert "The seat of Lid Nummer022 (022) ends" in second.words
    assert last_day(served) is None
    answer = second.post(f"{proposed}/confirm", shown=shown(second))
    assert "You confirmed it" in second.words, answer.status_code
    assert last_day(served) == date(2026, 5, 10)


def test_the_proposer_sees_who_can_confirm_and_cannot_do_so(served: Instance, browser: Browsers, proposed: str) -> None:
    first = browser().sign_in("001")
    first.get(f"{proposed}?lang=en")
    assert "Bram de Vries and Lid Nummer003" in first.words
    assert "(Party office, staff)" in first.words
    assert "Go on to confirm it" not in first.words
    first.post(f"{proposed}/confirm", shown="0" * 64)
    assert last_day(served) is None


@pytest.mark.parametrize("number", ["021", "022"])
def test_w5_to_who_could_not_confirm_it_a_proposal_is_not_there(browser: Browsers, proposed: str, number: str) -> None:
    other = browser().sign_in(number)
    assert "end a seat" not in other.get("/proposals?lang=en").text
    assert other.get(proposed).status_code == 404
    for verb in ("confirm", "decline", "withdraw"):
        other.get("/proposals")
        fields = {"shown": "x"} if verb == "confirm" else {"reason": "x"}
        assert other.post(f"{proposed}/{verb}", **fields).status_code == 404


def test_confirming_asks_for_the_passkey_once_more(
    served: Instance, browser: Browsers, clock: SetClock, proposed: str
) -> None:
    second = browser().sign_in("002")
    second.get(f"{proposed}/confirm")
    digest = shown(second)
    clock.set(clock.now() + timedelta(minutes=11))
    answer = second.post(f"{proposed}/confirm", follow=False, shown=digest)
    assert answer.headers["location"].startswith("/sign-in/again")
    assert second.get(f"{proposed}/confirm", follow=False).headers["location"].startswith("/sign-in/again")
    assert last_day(served) is None


def test_what_was_not_read_is_not_confirmed(served: Instance, browser: Browsers, proposed: str) -> None:
    second = browser().sign_in("002")
    second.get(f"{proposed}/confirm?lang=en")
    answer = second.post(f"{proposed}/confirm", shown="0" * 64)
    assert answer.status_code == 409
    assert "not what you read" in second.words
    assert last_day(served) is None


def test_declining_asks_why_and_keeps_the_reason_in_the_history(
    served: Instance, browser: Browsers, proposed: str
) -> None:
    second = browser().sign_in("003")
    second.get(f"{proposed}?lang=en")
    assert second.post(f"{proposed}/decline", reason="").status_code == 422
    second.post(f"{proposed}/decline", reason="dat besluit ging over iets anders")
    second.get(proposed)
    assert "Declined" in second.words
    assert "dat besluit ging over iets anders" in second.words
    assert last_day(served) is None


def test_the_proposer_takes_it_back(browser: Browsers, proposed: str) -> None:
    first = browser().sign_in("001")
    first.get(f"{proposed}?lang=en")
    first.post(f"{proposed}/withdraw", reason="vergissing")
    assert "You took your proposal back" in first.words
    assert "Taken back" in first.words
