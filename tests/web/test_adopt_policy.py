"""Adopting a policy from a page: the check, the text and what changes are read before two people decide."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from organisation_cases import add_members, define, definition, found, give, seat

from stembus.clock import SetClock
from stembus.conduct.policies import adopted_named, adopted_policies, known_policies
from stembus.instance import Instance
from stembus.text_file import read_text

Browsers = Callable[[], Any]
NO_FILES = {"file": ("", b""), "norms_file": ("", b"")}
DECISION = "ALV 1-3-2026, besluit 4"


@pytest.fixture
def party(served: Instance) -> Instance:
    """A board of three that adopts policies, and somebody who sits there without that."""
    found(served)
    add_members(served, "003", "004")
    define(
        served,
        definition("partijbureau", {"staff": ["policy.adopt", "seats.appoint", "bodies.define"], "help": []}, seats=3),
    )
    give(
        served,
        *(seat("partijbureau", "staff", number) for number in ("001", "002", "003")),
        seat("partijbureau", "help", "004"),
    )
    return served


def shipped(party: Instance, name: str = "bestuur") -> str:
    return read_text(known_policies(party.plugins)[name])


def look(browser: Any, text: str, lang: str = "en", **fields: object) -> Any:
    browser.get(f"/adopt/policy?lang={lang}")
    return browser.post("/adopt/policy/look", files=NO_FILES, text=text.replace("\n", "\r\n"), **fields)


def propose(browser: Any, text: str, decision: str = DECISION) -> str:
    look(browser, text)
    return str(browser.post("/adopt/policy", text=text, norms="", decision=decision).url.path)


def confirm(browser: Any, path: str) -> None:
    browser.get(f"{path}/confirm?lang=en")
    browser.post(f"{path}/confirm", shown=browser.page.split('name="shown" value="')[1].split('"')[0])


def test_a_policy_is_read_as_members_will_before_it_is_proposed(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in("001")
    assert look(office, shipped(party)).status_code == 200
    assert "What the check says" in office.words
    assert "It is the first policy of this name" in office.words
    assert "What members will read" in office.words
    assert "It can be confirmed by: Bram de Vries and Lid Nummer003" in office.words
    english = office.words
    look(office, shipped(party), read="nl-simple")
    assert office.words != english
    assert '<article lang="nl-simple">' in office.page
    with party.read() as session:
        assert adopted_policies(session) == []


def test_two_people_adopt_it_and_the_second_reads_the_whole_text_first(party: Instance, browser: Browsers) -> None:
    first, second = browser().sign_in("001"), browser().sign_in("002")
    made = propose(first, shipped(party))
    assert "It is the first policy of this name" in first.words
    second.get(f"{made}?lang=en")
    assert "Read the whole text that is proposed" in second.words
    second.get(f"/adopt/policy{made.replace('/proposals', '/proposed')}")
    assert "as it is proposed" in second.words
    assert "What members will read" in second.words
    with party.read() as session:
        assert adopted_policies(session) == []
    confirm(second, made)
    assert "You confirmed it" in second.words
    with party.read() as session:
        row = adopted_named(session, "bestuur")
    assert (row.decision, row.source) == (DECISION, shipped(party))
    assert browser().get(f"/policies/{row.fingerprint}").status_code == 200


def test_a_newer_version_says_what_changes_and_what_it_replaces(
    party: Instance, browser: Browsers, clock: SetClock
) -> None:
    first, second = browser().sign_in("001"), browser().sign_in("002")
    text = shipped(party)
    confirm(second, propose(first, text))
    look(first, text)
    assert "This was adopted before, word for word" in first.words
    assert "Propose to adopt this policy" not in first.words
    version = next(line for line in text.splitlines() if line.startswith("version"))
    newer = text.replace(version, 'version = "9.9"').replace("days = 14", "days = 21")
    look(first, newer)
    assert f"It comes in place of version {version.split(chr(34))[1]} ({DECISION})" in first.words
    assert "14" in first.words
    assert "21" in first.words
    waits = propose(first, newer, "ALV, besluit 5")
    clock.set(clock.now() + timedelta(minutes=1))
    other = text.replace(version, 'version = "9.8"')
    confirm(second, propose(first, other, "ALV, besluit 6"))
    second.get(f"{waits}?lang=en")
    assert "Over: something changed since" in second.words


def test_every_mistake_is_named_with_its_place_and_nothing_that_was_sent_is_lost(
    party: Instance, browser: Browsers
) -> None:
    office = browser().sign_in("001")
    text = shipped(party)
    for sent, wrong in (
        ("id = ", "this is not TOML"),
        (text + "\n[unheard_of]\nx = 1\n", "unheard_of"),
        ("", "Write the policy, or choose its file"),
    ):
        look(office, sent)
        assert wrong in office.words, sent[:40]
        assert "Propose to adopt this policy" not in office.words
    look(office, text, norms="nonsense = 1")
    assert "The norms cannot be read" in office.words
    assert "Propose to adopt this policy" not in office.words
    assert "nonsense = 1" in office.page
    answer = office.post(
        "/adopt/policy/look", files={"file": ("x.toml", b"\xff\xfe"), "norms_file": ("", b"")}, text="kept"
    )
    assert answer.status_code == 422
    assert "not text in UTF-8" in office.words
    assert "kept" in office.page


def test_a_mistake_is_told_in_the_language_of_the_reader(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in("001")
    text = shipped(party)
    for sent, wrong in (
        ("id = ", "regel 1: dit is geen TOML: deze waarde kan niet"),
        (text + "[seats]\n", "dit is geen TOML: seats staat er twee keer"),
        (text.replace("days = 14", 'days = "14"'), "verwacht: een geheel getal; er staat: een tekst"),
        (text.replace("days = 14", "days = -1"), "verwacht: een geheel getal, 1 of meer"),
        (text.replace("[seats]", "[seets]", 1), "onbekende sleutel; bedoelt u `seats`?"),
    ):
        look(office, sent, lang="nl")
        assert wrong in office.words, sent[:40]


def test_what_its_check_refuses_cannot_be_proposed(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in("001")
    text = shipped(party).replace("days = 14", "days = 1").replace("days = 21", "days = 1")
    look(office, text)
    assert "Error" in office.words
    assert "Propose to adopt this policy" not in office.words
    answer = office.post("/adopt/policy", text=text, norms="", decision=DECISION)
    assert answer.status_code == 409
    assert "cannot be adopted" in office.words
    broken = office.post("/adopt/policy", text="id = ", norms="", decision=DECISION)
    assert broken.status_code == 409
    no_ground = office.post("/adopt/policy", text=shipped(party), norms="", decision=" ")
    assert no_ground.status_code == 422
    assert "Say on what ground" in office.words


@pytest.mark.parametrize(
    ("lang", "wrong", "too_short"),
    [
        ("en", "can be broken only by 3/4 of the votes;", "is 6 months; a court can annul the decision for one year."),
        (
            "nl",
            "laat de voordracht alleen doorbreken met 3/4 van de stemmen;",
            "is 6 maanden; de rechter kan het besluit een jaar lang vernietigen.",
        ),
    ],
)
def test_what_its_check_finds_is_told_in_the_language_of_the_reader(
    lang: str, wrong: str, too_short: str, party: Instance, browser: Browsers
) -> None:
    office = browser().sign_in("001")
    text = shipped(party).replace('break_fraction = "2/3"', 'break_fraction = "3/4"')
    text = text.replace('n = 1, unit = "years" }, counted', 'n = 6, unit = "months" }, counted')
    office.get(f"/adopt/policy?lang={lang}")
    office.post("/adopt/policy/look", files=NO_FILES, text=text)
    assert wrong in office.words
    assert too_short in office.words


def test_the_page_begins_from_what_is_in_force_or_from_what_ships(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in("001")
    office.get("/adopt/policy?lang=en")
    assert "ships with Stembus" in office.words
    office.get("/adopt/policy?begin=bestuur")
    assert "id = &#34;bestuur&#34;" in office.page
    confirm(browser().sign_in("002"), propose(office, shipped(party)))
    office.get("/adopt/policy")
    assert "in force, version" in office.words
    assert office.get("/adopt/policy?begin=never").status_code == 404


def test_w5_who_may_not_adopt_reads_no_proposal_and_proposes_nothing(party: Instance, browser: Browsers) -> None:
    made = propose(browser().sign_in("001"), shipped(party))
    other = browser().sign_in("004")
    assert other.get("/adopt/policy", follow=False).status_code in (303, 403)
    assert other.get(f"/adopt/policy{made.replace('/proposals', '/proposed')}").status_code == 404
    other.get("/")
    answer = other.post("/adopt/policy", text=shipped(party), norms="", decision="x", follow=False)
    assert answer.status_code in (303, 403)
    assert browser().sign_in("001").get("/adopt/policy/proposed/never").status_code == 404
