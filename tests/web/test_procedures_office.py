"""The office's page of one procedure: where it stands, and each act as a form that proposes it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from re import findall
from typing import Any

import pytest
from organisation_cases import add_members, define, definition, found, give, seat

from stembus.clock import SetClock
from stembus.conduct.deciding import postpone, start
from stembus.conduct.policies import adopt, read_source
from stembus.conduct.running import Running, complete, open_procedure
from stembus.instance import Instance
from stembus.organisation.core_powers import CORE_POWERS

Browsers = Callable[[], Any]
MANAGE = "/procedures/raad/manage"
DATES = "/procedures/raad/dates"
BOARD = ("021", "022")
CALL_OPEN = datetime(2026, 4, 1, 12, tzinfo=UTC)


@pytest.fixture
def party(served: Instance) -> Instance:
    """An office, an electoral committee and a board of two each, and a council election that is scheduled."""
    found(served)
    add_members(served, "011", "012", "021", "022", "099")
    define(served, definition("partijbureau", {"staff": [power.name for power in CORE_POWERS]}))
    define(served, definition("kiescommissie", {"member": []}))
    define(served, definition("bestuur", {"member": []}))
    give(
        served,
        *(seat("partijbureau", "staff", number) for number in ("001", "002")),
        *(seat("kiescommissie", "member", number) for number in ("011", "012")),
        *(seat("bestuur", "member", number) for number in ("021", "022")),
    )
    with served.write() as transaction:
        row = adopt(transaction, read_source("partijraad", served.plugins), by=("001", "002"), decision="ALV 1")
        running = start(transaction, "raad", row, {"meeting": date(2026, 6, 20)}, by=("001", "002"))
        complete(transaction, running, "number_of_seats", numbers=("021",), number=13)
    return served


def running(party: Instance) -> Running:
    with party.read() as session:
        return open_procedure(session, party.plugins, "raad")


def test_it_says_where_each_step_stands_and_offers_only_what_this_person_may(
    party: Instance, browser: Browsers, clock: SetClock
) -> None:
    clock.set(CALL_OPEN)
    committee, board = browser().sign_in("011"), browser().sign_in("021")
    committee.get(f"{MANAGE}?lang=en")
    assert "Extend: call" in committee.words
    assert "Cancel the procedure" in committee.words
    board.get(f"{MANAGE}?lang=en")
    assert "Cancel the procedure" in board.words
    assert "Extend: call" not in board.words


def test_extending_goes_through_two_browsers(party: Instance, browser: Browsers, clock: SetClock) -> None:
    clock.set(CALL_OPEN)
    until = running(party).times["call.closes"] + timedelta(days=2)
    local = until.astimezone(party.zone)
    first, second = browser().sign_in("011"), browser().sign_in("012")
    first.get(f"{MANAGE}?lang=en")
    first.post(f"{MANAGE}/extend", stage="call", until=f"{local:%Y-%m-%dT%H:%M}", ground="storing op de site")
    assert "Your proposal is made" in first.words
    assert running(party).state.moved == {}
    second.get("/proposals?lang=en")
    path = second.page.split('href="/proposals/')[1].split('"')[0]
    second.get(f"/proposals/{path}/confirm")
    assert "It will close on 11 May 2026 at 17:00" in second.words
    shown = second.page.split('name="shown" value="')[1].split('"')[0]
    second.post(f"/proposals/{path}/confirm", shown=shown)
    assert running(party).state.moved == {"call.closes": until}


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"until": "2026-05-11T17:00", "ground": ""}, 422, "Say on what ground"),
        ({"until": "volgende week", "ground": "storing"}, 422, "Fill in a day and an hour"),
        ({"until": "2026-12-11T17:00", "ground": "storing"}, 409, "may be extended to"),
    ],
)
def test_what_cannot_be_proposed_is_said_and_what_was_typed_is_kept(  # noqa: PLR0917 - a case and its fixtures
    party: Instance, browser: Browsers, clock: SetClock, fields: dict[str, str], status: int, said: str
) -> None:
    clock.set(CALL_OPEN)
    first = browser().sign_in("011")
    first.get(f"{MANAGE}?lang=en")
    answer = first.post(f"{MANAGE}/extend", stage="call", **fields)
    assert answer.status_code == status
    assert said in first.words
    assert all(value in first.page for value in fields.values())
    assert running(party).state.moved == {}


def test_somebody_without_a_seat_does_not_enter(party: Instance, browser: Browsers) -> None:
    assert browser().sign_in("099").get(MANAGE).status_code == 403


def test_cancelling_is_proposed_by_the_board_and_does_nothing_yet(party: Instance, browser: Browsers) -> None:
    board = browser().sign_in("021")
    board.get(f"{MANAGE}?lang=en")
    board.post(f"{MANAGE}/cancel", ground="de vergadering gaat niet door")
    assert "Your proposal is made" in board.words
    assert running(party).state.cancelled_at is None
    board.get(MANAGE)
    assert "Waits for a second person" in board.words


def test_a_procedure_is_begun_by_copying_with_every_date_seen_before_it_is_proposed(
    party: Instance, browser: Browsers
) -> None:
    office = browser().sign_in("001")
    office.get("/procedures/new?lang=en")
    assert "Copy Election of the party council (raad)" in office.words
    office.get("/procedures/new?earlier=raad&name=raad-2")
    assert 'name="anchor" value="2027-06-19"' in office.page
    assert "With these dates" in office.words
    office.get("/procedures/new?earlier=raad&name=raad-2&anchor=2026-09-05")
    assert "In raad it was on 20 June 2026" in office.words
    office.post("/procedures/new", policy=running(party).adopted.fingerprint, name="raad-2", anchor="2026-09-05")
    assert "Your proposal is made" in office.words
    assert "The procedure raad-2 begins" in office.words


def test_a_moment_in_a_copy_is_on_the_day_of_the_week_that_it_was_on_before(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in("001")
    office.get("/procedures/new?earlier=raad&name=raad-2&anchor=2027-06-19&lang=en")
    told = findall(r"(\d+ \w+ \d{4}) at [\d:]+ · In raad it was on (\d+ \w+ \d{4}) \.", office.words)
    moved = {
        datetime.strptime(now, "%d %B %Y") - datetime.strptime(before, "%d %B %Y")  # noqa: DTZ007  (days, no moments)
        for now, before in told
    }
    assert len(told) > 20
    assert moved == {timedelta(days=364)}


def test_dates_that_are_none_are_said_and_nothing_is_proposed(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in("001")
    office.get("/procedures/new?lang=en&earlier=raad&anchor=volgend+jaar")
    assert "Fill in a day for each date" in office.words
    assert "Propose to begin it" not in office.words


def test_after_a_postponement_new_dates_go_through_two_browsers_with_old_and_new_of_every_step(
    party: Instance, browser: Browsers, clock: SetClock
) -> None:
    clock.set(CALL_OPEN)
    with party.write() as transaction:
        postpone(transaction, open_procedure(transaction.session, party.plugins, "raad"), by=BOARD, ground="storing")
    office, second = browser().sign_in("001"), browser().sign_in("002")
    office.get(f"{MANAGE}?lang=en")
    assert "Choose its dates" in office.words
    office.get(f"{DATES}?lang=en")
    assert "It was Saturday 20 June 2026" in office.words
    office.get(f"{DATES}?anchor=2026-09-05")
    assert "raad has no dates now. The dates that it had lapsed." in office.words
    assert "call: opens: 13 June 2026 at 09:00. It was 28 March 2026 at 09:00." in office.words
    assert running(party).state.anchors is None
    office.post(DATES, anchor="2026-09-05")
    assert "It was 28 March 2026 at 09:00" in office.words
    assert running(party).state.anchors is None
    second.get("/proposals?lang=en")
    path = second.page.split('href="/proposals/')[1].split('"')[0]
    second.get(f"/proposals/{path}/confirm")
    shown = second.page.split('name="shown" value="')[1].split('"')[0]
    second.post(f"/proposals/{path}/confirm", shown=shown)
    assert running(party).state.anchors == {"meeting": date(2026, 9, 5)}


@pytest.mark.parametrize(
    ("anchor", "status", "said"),
    [
        ("", 422, "Fill in a day for each date"),
        ("morgen", 422, "Fill in a day for each date"),
        ("2026-03-05", 409, "could be done has passed"),
    ],
)
def test_dates_that_cannot_be_are_refused_and_kept_in_the_form(
    party: Instance, browser: Browsers, anchor: str, status: int, said: str
) -> None:
    office = browser().sign_in("001")
    office.get(f"{DATES}?lang=en&anchor=2026-09-05")
    answer = office.post(DATES, anchor=anchor)
    assert answer.status_code == status
    assert said in office.words
    assert f'value="{anchor}"' in office.page
    assert running(party).state.anchors == {"meeting": date(2026, 6, 20)}


def test_nobody_chooses_dates_once_something_opened_or_without_a_seat_for_it(
    party: Instance, browser: Browsers, clock: SetClock
) -> None:
    board = browser().sign_in("021")
    board.get(f"{DATES}?lang=en")
    assert "You cannot choose dates here now" in board.words
    assert board.post(DATES, anchor="2026-09-05").status_code == 409
    clock.set(CALL_OPEN)
    office = browser().sign_in("001")
    office.get(f"{DATES}?lang=en")
    assert "You cannot choose dates here now" in office.words


def test_the_way_to_what_is_wrong_leads_into_the_form_that_was_sent_and_no_other_form_is_filled(
    party: Instance, browser: Browsers, clock: SetClock
) -> None:
    clock.set(CALL_OPEN)
    committee = browser().sign_in("011")
    committee.get(f"{MANAGE}?lang=en")
    assert committee.page.count('name="ground"') > 2
    committee.post(f"{MANAGE}/cancel", ground="")
    assert 'href="#f-ground"' in committee.page
    sent = committee.page.split(f'action="{MANAGE}/cancel"')[1].split("</form>")[0]
    assert 'id="f-ground"' in sent
    assert committee.page.count("has-error") == 1
    committee.post(f"{MANAGE}/extend", stage="call", until="2026-12-11T17:00", ground="storing")
    assert committee.page.count(">\nstoring</textarea>") == 1
    assert '<details class="more" open>' in committee.page.split("Extend: call")[0].rsplit("</details>", 1)[-1]
