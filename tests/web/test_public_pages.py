"""What everybody reads: each procedure with its dates, and the log with proofs that they check themselves."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from council_party import BY, CALL_OPEN, NAME, candidates_known, found_party, later, now_running, ordinary_members

from stembus.clock import SetClock
from stembus.conduct.deciding import cancel
from stembus.conduct.running import open_procedure
from stembus.instance import Instance
from stembus.ledger.keys import verifiers
from stembus.ledger.proofs import check_proof
from stembus.ledger.seal import seal
from stembus_procedures.timeline import timeline

Browsers = Callable[[], Any]
MONTHS = {3: "maart", 4: "april", 5: "mei", 6: "juni", 7: "juli", 8: "augustus"}
PROCEDURE = f"/procedures/{NAME}"


@pytest.fixture
def party(served: Instance) -> Instance:
    found_party(served, ordinary_members())
    return served


def test_the_first_page_says_what_goes_on_and_how_to_sign_in(party: Instance, browser: Browsers) -> None:
    shown = browser()
    assert shown.get("/").status_code == 200
    assert "Verkiezing van de partijraad" in shown.words
    assert "Inloggen als lid" in shown.words
    assert 'href="/sign-in"' in shown.page


def test_a_procedure_says_where_it_stands_and_what_comes_next(
    party: Instance, browser: Browsers, clock: SetClock
) -> None:
    clock.set(CALL_OPEN)
    shown = browser()
    shown.get(PROCEDURE)
    assert "Loopt" in shown.words
    assert "Nu: oproep." in shown.words
    assert "Eerstvolgende datum: oproep: sluit." in shown.words
    assert "Wie doet wat" in shown.words
    assert "ALV 2026-02-01" in shown.words
    assert "Verkiezing van de partijraad" in browser().get("/procedures").text
    easy = browser()
    easy.get(f"{PROCEDURE}?lang=nl-simple")
    assert "Nu: kandidaten zoeken." in easy.words
    assert "nakijken wie kandidaat mag zijn" in easy.words


def test_a_task_that_was_done_before_its_last_moment_is_no_date_to_come(
    party: Instance, browser: Browsers, clock: SetClock
) -> None:
    shown = browser()
    shown.get(PROCEDURE)
    assert "Eerstvolgende datum: oproep: opent." in shown.words


def test_midnight_at_the_end_of_a_day_is_told_on_that_day(party: Instance, browser: Browsers, clock: SetClock) -> None:
    clock.set(CALL_OPEN)
    with party.read() as session:
        running = open_procedure(session, party.plugins, NAME)
    ends = [one for one in timeline(running.policy, running.state.anchors or {}) if one.clock == "24:00"]
    shown = browser()
    shown.get(PROCEDURE)
    assert ends
    for moment in ends:
        assert f"{moment.day.day} {MONTHS[moment.day.month]} 2026 om 24:00 uur" in shown.words


def test_a_cancelled_procedure_says_so_and_has_no_dates_to_come(
    party: Instance, browser: Browsers, clock: SetClock
) -> None:
    clock.set(CALL_OPEN)
    with party.write() as transaction:
        cancel(transaction, now_running(transaction), by=BY, ground="Besluit ALV")
    shown = browser()
    shown.get(PROCEDURE)
    assert "Afgelast" in shown.words
    assert "Eerstvolgende datum" not in shown.words
    assert "door: het bestuur" in shown.words
    assert "De grond: Besluit ALV" in shown.words
    assert "Vraag het partijbureau" in shown.words


def test_what_is_not_public_yet_is_not_on_the_public_page(
    party: Instance, browser: Browsers, clock: SetClock, tmp_path: Path
) -> None:
    candidates_known(party, clock, tmp_path)
    assert "Mijn stem" not in browser().get(PROCEDURE).text
    assert 'id="my-' not in browser().get(PROCEDURE).text


def test_the_dates_go_into_a_calendar(party: Instance, browser: Browsers) -> None:
    answer = browser().get(f"{PROCEDURE}/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.text.startswith("BEGIN:VCALENDAR\r\n")
    assert answer.text.count("BEGIN:VEVENT") > 10


@pytest.mark.parametrize("path", ["/procedures/niets", "/procedures/niets/calendar.ics", "/ledger/checkpoint/7777"])
def test_what_is_not_there_is_not_found(party: Instance, browser: Browsers, path: str) -> None:
    assert browser().get(path).status_code == 404


def test_the_log_is_checked_from_outside_with_its_public_key(party: Instance, browser: Browsers) -> None:
    first = seal(party)
    with party.write() as transaction:
        cancel(transaction, now_running(transaction), by=BY, ground="Besluit ALV")
    seal(party)
    shown = browser()
    shown.get("/ledger")
    with party.read() as session:
        keys = verifiers(session)
    assert str(keys[0]) in shown.page
    assert shown.get("/ledger/checkpoint").text != first
    size = int(str(first).split("\n")[1])
    assert shown.get(f"/ledger/checkpoint/{size}").text == first
    check_proof(shown.get(f"/ledger/growth/{size}").content, keys)
    proof = shown.get("/ledger/proof?number=0")
    check_proof(proof.content, keys)
    assert json.loads(proof.content).get("body") is None


def test_nothing_that_the_log_shows_names_anybody(party: Instance, browser: Browsers) -> None:
    seal(party)
    shown = browser()
    everything = shown.get("/ledger").text + "".join(shown.get(f"/ledger/proof?number={n}").text for n in range(4))
    for name in ("Anna", "Bram", "de Vries", "101"):
        assert f">{name}" not in everything
        assert f'"{name}"' not in everything


@pytest.mark.parametrize("number", ["", "-1", "x", "99999999999999999999", "٣", "4000"])
def test_a_number_that_is_none_of_the_log_is_refused_in_words(party: Instance, browser: Browsers, number: str) -> None:
    seal(party)
    shown = browser()
    assert shown.get(f"/ledger/proof?number={number}").status_code == 422
    assert 'href="#f-number"' in shown.page
    assert f'value="{number}" aria-invalid' in shown.page
    assert shown.get("/ledger?before=x").status_code == 422


def test_an_empty_log_says_so(served: Instance, browser: Browsers) -> None:
    shown = browser()
    shown.get("/ledger")
    assert "Het logboek is nog leeg." in shown.words
    assert shown.get("/ledger/checkpoint").status_code == 404
    assert shown.get("/ledger/proof?number=0").status_code == 422


def test_each_page_is_there_in_each_language(party: Instance, browser: Browsers, clock: SetClock) -> None:
    seal(party)
    clock.set(later(CALL_OPEN, days=1))
    for path in ("/", "/procedures", PROCEDURE, "/ledger"):
        for lang in ("nl", "nl-simple", "en"):
            assert browser().get(f"{path}?lang={lang}").status_code == 200
