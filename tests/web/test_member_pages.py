"""A member's own page: what asks something of them first, then where things stand, and nothing of somebody else."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from re import findall
from typing import Any

import pytest
from branch_party import BOARD, UTRECHT, office_party
from council_party import BY, CALL_OPEN, FOUNDERS, MEETING, NAME, found_party, now_running, ordinary_members

from stembus.clock import SetClock
from stembus.conduct.deciding import cancel
from stembus.conduct.policies import adopt, read_source
from stembus.conduct.running import begin, schedule
from stembus.conduct.speaking import in_their_seats, speakers
from stembus.documents.adopting import adopt_document
from stembus.documents.reading import read_document
from stembus.instance import Instance
from stembus.organisation.authority import authorise_two

Browsers = Callable[[], Any]
CODE = Path(__file__).parents[2] / "plugins/stembus_party_council/demo/documents/gedragscode"
MEMBER = "101"


@pytest.fixture
def party(served: Instance) -> Instance:
    found_party(served, ordinary_members())
    return served


@pytest.fixture
def code_adopted(party: Instance) -> Instance:
    with party.write() as transaction:
        adopt_document(transaction, read_document(CODE), by=BY, decision="ALV, besluit 9")
    return party


def test_the_page_of_a_member_tells_what_goes_on_for_them(party: Instance, browser: Browsers, clock: SetClock) -> None:
    clock.set(CALL_OPEN)
    mine = browser().sign_in(MEMBER, "link")
    mine.get("/")
    assert "Welkom, Lid Nummer101" in mine.words
    assert "Verkiezing van de partijraad" in mine.words
    assert "Mag ik stemmen?" in mine.words
    assert "Mag ik kandidaat zijn?" in mine.words
    assert "Inloggen als lid" not in mine.words


def test_the_code_of_conduct_is_the_first_step_of_a_new_member(code_adopted: Instance, browser: Browsers) -> None:
    mine = browser().sign_in(MEMBER, "link")
    mine.get("/")
    assert "vragen we één ding van u" in mine.words
    assert "Verkiezing van de partijraad" not in mine.words
    mine.post("/documents/gedragscode/later")
    assert "Verkiezing van de partijraad" in mine.words
    assert "Nog niet ondertekend" in mine.words


def test_who_signed_is_not_asked_again(code_adopted: Instance, browser: Browsers) -> None:
    mine = browser().sign_in(MEMBER, "link")
    mine.get("/documents/gedragscode")
    mine.post("/documents/gedragscode/sign", version="1", text="nl", agrees="yes")
    mine.get("/")
    assert "Nog niet ondertekend" not in mine.words
    assert "Verkiezing van de partijraad" in mine.words
    other = browser().sign_in("102", "link")
    other.get("/")
    assert "vragen we één ding van u" in other.words


def test_ids_stay_apart_where_two_procedures_go_on(party: Instance, browser: Browsers, clock: SetClock) -> None:
    with party.write() as transaction:
        running = now_running(transaction)
        by = speakers(transaction, running.policy, BY, ["kiescommissie"])
        again = begin(transaction, "raad-2", running.adopted, by)
        schedule(transaction, again, {"meeting": MEETING}, by)
    clock.set(CALL_OPEN)
    mine = browser().sign_in(MEMBER, "link")
    mine.get("/")
    ids = Counter(findall(r'\bid="([^"]+)"', mine.page))
    assert [name for name, count in ids.items() if count > 1] == []
    assert mine.page.count('id="my-vote') == 2


def test_a_member_reads_what_was_cancelled_by_whom_why_and_whom_to_ask_for_three_months(
    party: Instance, browser: Browsers, clock: SetClock
) -> None:
    clock.set(CALL_OPEN)
    with party.write() as transaction:
        cancel(transaction, now_running(transaction), by=BY, ground="Besluit 14 van de ALV")
    told = ("Afgelast", "door: het bestuur", "De grond: Besluit 14 van de ALV", "er wordt niets van u gevraagd")
    mine = browser().sign_in(MEMBER, "link")
    mine.get("/")
    for words in (*told, "Vraag het partijbureau", "Hoe u een klacht indient"):
        assert words in mine.words, mine.words
    assert 'href="#complain"' in mine.page
    assert "Mag ik stemmen?" not in mine.words
    clock.set(CALL_OPEN + timedelta(days=89, hours=23))
    assert "Afgelast" in browser().sign_in(MEMBER, "link").get("/").text
    clock.set(CALL_OPEN + timedelta(days=90))
    assert "Afgelast" not in browser().sign_in(MEMBER, "link").get("/").text


def test_a_visitor_who_is_not_signed_in_sees_nothing_of_members(party: Instance, browser: Browsers) -> None:
    anybody = browser()
    assert "my-vote" not in anybody.get("/").text
    assert "sign-in" in str(anybody.get("/my-seats").url)


def test_somebody_sees_their_own_seats_and_no_others(party: Instance, browser: Browsers) -> None:
    mine = browser().sign_in(MEMBER, "link")
    mine.get("/my-seats")
    assert "U hebt geen zetel" in mine.words
    assert FOUNDERS[0][1] not in mine.words
    assert NAME in mine.get("/").text


def test_a_procedure_of_another_branch_is_not_on_the_page_of_a_member(served: Instance, browser: Browsers) -> None:
    party = office_party(served)
    with party.write() as transaction:
        row = adopt(transaction, read_source("afdeling-aanmelding", party.plugins), by=BOARD, decision="ALV")
        people = in_their_seats(authorise_two(transaction, *UTRECHT, "procedure.start", branch="afdeling-utrecht"))
        begin(transaction, "utrecht-1", row, people, held_by="afdeling-utrecht")
    of_utrecht, of_assen = browser().sign_in("501", "link"), browser().sign_in("503", "link")
    assert "/procedures/utrecht-1" in of_utrecht.get("/").text
    assert "/procedures/utrecht-1" not in of_assen.get("/").text
