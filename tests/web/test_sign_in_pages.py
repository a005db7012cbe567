"""Signing in by the pages: a link in a mail, its code, a letter, the demonstration, and what none of them tells."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from re import DOTALL, search, sub
from typing import Any

import msgspec
import pytest
from mail_cases import add_member
from organisation_cases import found
from sqlmodel import select

from stembus.access.letters import make_letter
from stembus.access.tables import AccessSession
from stembus.clock import SetClock
from stembus.instance import Instance
from stembus.notices.languages import set_language
from stembus.notices.tables import MailMessage
from stembus.organisation.registry import member_numbered
from stembus.web.app import create_app
from stembus.web.cookies import SESSION
from stembus.words import Lang

Browser = Any  # of tests/web/conftest.py
Browsers = Callable[[], Browser]
HERE = "stembus.voorbeeldpartij.example"
ADDRESS = f"https://{HERE}"
ELSEWHERE = ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "evil", "/\n/evil"]

on_one_database = pytest.mark.parametrize("empty_instances", ["sqlite"], indirect=True)
"""Addresses, and which pages there are, do not depend on the database."""


@pytest.fixture
def party(served: Instance) -> Instance:
    """Robin (7) has an address of their own; 8 and 9 share a mailbox; the office is 001."""
    found(served)
    add_member(served, "7", email="robin@example.org", given="Robin", surname="Vos")
    add_member(served, "8", email="samen@example.org", given="Acht")
    add_member(served, "9", email="samen@example.org", given="Negen")
    return served


def last_mail(party: Instance) -> MailMessage:
    with party.read() as session:
        return max(session.exec(select(MailMessage)).all(), key=lambda mail: mail.id)


def asked(browser: Browser, address: str = "robin@example.org", onward: str = "/") -> Browser:
    browser.get("/sign-in")
    assert browser.post("/sign-in", address=address, next=onward).status_code == 200
    return browser


def link_in(mail: MailMessage) -> str:
    link = search(r"https://[^\s>]+?(/sign-in/link/[\w-]+)", mail.text)
    assert link
    return link.group(1)


def code_in(mail: MailMessage) -> str:
    code = search(r"\b([0-9A-Z]{4}-[0-9A-Z]{4})\b", mail.text)
    assert code
    return code.group(1)


def strengths(party: Instance) -> list[str]:
    """How strong each open session in the database is."""
    with party.read() as session:
        return [row.strength for row in session.exec(select(AccessSession)).all() if row.ended_at is None]


def test_a_link_signs_in_after_a_press_on_a_button(party: Instance, browser: Browsers) -> None:
    asked(browser())
    path = link_in(last_mail(party))
    other = browser()
    assert "Robin Vos" in other.get(path).text
    answer = other.post(path, follow=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert strengths(party) == ["link"]


def test_a_link_that_a_mail_scanner_opened_still_works_w6(party: Instance, browser: Browsers) -> None:
    asked(browser())
    path = link_in(last_mail(party))
    for _ in range(3):
        scanner = browser()
        scanner.get(path)
        scanner.client.head(path)
    assert strengths(party) == []
    person = browser()
    person.get(path)
    assert person.post(path, follow=False).status_code == 303


def test_a_link_works_once_w6(party: Instance, browser: Browsers) -> None:
    asked(browser())
    path = link_in(last_mail(party))
    first, second = browser(), browser()
    first.get(path)
    second.get(path)
    assert first.post(path, follow=False).status_code == 303
    assert second.post(path, follow=False).status_code == 409
    assert len(strengths(party)) == 1


def test_of_browsers_that_press_at_once_one_comes_in_w6(party: Instance, browser: Browsers) -> None:
    asked(browser())
    path = link_in(last_mail(party))
    browsers = [browser() for _ in range(4)]
    for one in browsers:
        one.get(path)
    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(lambda one: one.post(path, follow=False).status_code, browsers))
    assert statuses == [303, 409, 409, 409]
    assert len(strengths(party)) == 1


def test_a_link_is_over_after_ten_minutes_w6(party: Instance, browser: Browsers, clock: SetClock) -> None:
    asked(browser())
    path = link_in(last_mail(party))
    person = browser()
    person.get(path)
    clock.set(clock.now() + timedelta(minutes=10))
    assert person.post(path, follow=False).status_code == 409
    assert strengths(party) == []


def test_a_newer_link_ends_the_one_before_w6(party: Instance, browser: Browsers) -> None:
    mine = asked(browser())
    old = link_in(last_mail(party))
    person = browser()
    person.get(old)
    asked(mine)
    assert person.post(old, follow=False).status_code == 409
    assert strengths(party) == []


@on_one_database
def test_the_link_is_of_our_address_whatever_host_was_asked_w6(party: Instance, browser: Browsers) -> None:
    mine = browser()
    mine.get("/sign-in")
    answer = mine.client.post(
        "/sign-in",
        data={"csrf_token": mine.form_token, "address": "robin@example.org"},
        headers={"host": "evil.example", "origin": ADDRESS, "sec-fetch-site": "same-origin"},
    )
    assert answer.status_code == 421
    mine.client.headers["x-forwarded-host"] = "evil.example"
    asked(mine)
    assert ADDRESS in last_mail(party).text
    assert "evil" not in last_mail(party).text


def test_the_code_works_in_the_browser_that_asked_and_in_no_other(party: Instance, browser: Browsers) -> None:
    mine = asked(browser())
    code = code_in(last_mail(party))
    other = asked(browser(), "nobody@example.org")
    assert other.post("/sign-in/mail", code=code, follow=False).status_code == 409
    assert mine.post("/sign-in/mail", code=f" {code.lower().replace('-', ' ')} ", follow=False).status_code == 303


def test_five_wrong_codes_end_the_mail_e11(party: Instance, browser: Browsers) -> None:
    mine = asked(browser())
    code = code_in(last_mail(party))
    for _ in range(5):
        assert mine.post("/sign-in/mail", code="0000-0000", follow=False).status_code == 409
    assert mine.post("/sign-in/mail", code=code, follow=False).status_code == 409
    assert strengths(party) == []


def test_the_session_is_another_at_each_sign_in_and_a_chosen_one_is_nobodys_w1(
    party: Instance, browser: Browsers
) -> None:
    mine = browser()
    mine.client.cookies.set(SESSION, "chosen-by-somebody-else", domain=HERE)
    asked(mine)
    mine.post("/sign-in/mail", code=code_in(last_mail(party)), follow=False)
    first = mine.client.cookies.get(SESSION, domain=HERE)
    assert first != "chosen-by-somebody-else"
    mine.get("/demo/as/7")
    mine.post("/demo/as/7", follow=False)
    assert mine.client.cookies.get(SESSION, domain=HERE) != first
    assert strengths(party) == ["demo"]


def test_signing_out_ends_the_session_itself_w1(party: Instance, browser: Browsers) -> None:
    mine = browser().sign_in("7", "link")
    kept = mine.client.cookies.get(SESSION, domain=HERE)
    mine.get("/sign-in/mail")
    assert mine.post("/sign-out", follow=False).headers["location"] == "/"
    assert strengths(party) == []
    mine.client.cookies.set(SESSION, kept, domain=HERE)
    assert mine.get("/sign-in", follow=False).status_code == 200


@pytest.mark.parametrize("address", ["nobody@example.org", "samen@example.org"])
def test_who_has_an_address_is_not_to_be_found_out_e10(party: Instance, browser: Browsers, address: str) -> None:
    def answers(of: str) -> list[tuple[int, str, list[str], str]]:
        mine = browser()
        mine.get("/sign-in")
        told = [
            mine.post("/sign-in", address=of, next="/", follow=False),
            mine.get("/sign-in/mail"),
            mine.post("/sign-in/mail", code="0000-0000"),
        ]
        return [
            (one.status_code, sub("[0-9a-f]{64}", "", one.text), sorted(one.cookies), one.headers.get("location", ""))
            for one in told
        ]

    assert answers(address) == answers("robin@example.org")


def test_a_shared_mailbox_signs_in_neither_of_its_members_and_points_to_the_letter(
    party: Instance, browser: Browsers
) -> None:
    asked(browser(), "samen@example.org")
    text = last_mail(party).text
    assert "/sign-in/letter" in text
    assert not [word for word in ("/sign-in/link/", "Acht", "Negen") if word in text]


def test_nothing_is_mailed_to_an_address_that_no_member_has(party: Instance, browser: Browsers) -> None:
    asked(browser(), "nobody@example.org")
    with party.read() as session:
        assert session.exec(select(MailMessage)).all() == []


def test_asking_for_mail_after_mail_has_to_wait(party: Instance, browser: Browsers) -> None:
    mine = browser()
    for _ in range(4):
        asked(mine)
    mine.get("/sign-in")
    answers = [mine.post("/sign-in", address=one, follow=False) for one in ("robin@example.org", "ROBIN@example.org ")]
    assert [one.status_code for one in answers] == [409, 409]


@on_one_database
@pytest.mark.parametrize("onward", ELSEWHERE)
def test_signing_in_leads_to_no_other_site_w9(party: Instance, browser: Browsers, onward: str) -> None:
    mine = browser()
    mine.get("/sign-in")
    mine.post("/sign-in", address="robin@example.org", next=onward)
    answer = mine.post("/sign-in/mail", code=code_in(last_mail(party)), follow=False)
    assert answer.headers["location"] == "/"
    again = mine.client.get("/sign-in", params={"next": onward}, follow_redirects=False)
    assert again.headers["location"] == "/"
    mine.get("/demo/as/7")
    assert mine.post("/demo/as/7", next=onward, follow=False).headers["location"] == "/"


@on_one_database
def test_signing_in_goes_on_to_the_page_that_was_asked_for(party: Instance, browser: Browsers) -> None:
    mine = asked(browser(), onward="/account?x=1")
    answer = mine.post("/sign-in/mail", code=code_in(last_mail(party)), follow=False)
    assert answer.headers["location"] == "/account?x=1"


def test_the_office_makes_a_letter_whose_code_signs_in_once(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in("001")
    assert "Robin Vos" in office.get("/members/7/letter-code").text
    letter = office.post("/members/7/letter-code").text
    code = search(r"([0-9A-Z]{5}(?:-[0-9A-Z]{5}){3})", letter)
    assert code
    assert "data:image/svg+xml" in letter
    assert code.group(1) not in office.get("/members/7/letter-code").text
    for one, status in ((browser(), 303), (browser(), 409)):
        one.get("/sign-in/letter")
        assert one.post("/sign-in/letter", code=code.group(1).lower(), follow=False).status_code == status


@pytest.mark.parametrize(
    ("chosen", "heading"),
    [(None, "Uw code om in te loggen"), ("nl-simple", "Geef de code aan niemand."), ("en", "Your code to sign in")],
)
def test_a_letter_with_a_code_is_in_the_language_of_who_gets_it_and_not_of_the_office(
    party: Instance, browser: Browsers, chosen: Lang | None, heading: str
) -> None:
    if chosen:
        with party.write() as transaction:
            set_language(transaction, member_numbered(transaction.session, "7").id, chosen)
    office = browser().sign_in("001")
    for spoken in ("en", "nl"):
        office.get(f"/members/7/letter-code?lang={spoken}")
        office.post("/members/7/letter-code")
        found = search(rf'<section class="letter card" lang="{chosen or "nl"}".*?</section>', office.page, DOTALL)
        assert found
        assert heading in found.group()
    assert "De brief is in de taal waarin dit lid post krijgt" in office.words


def test_w1_a_passkey_that_was_shown_ten_minutes_ago_is_asked_for_again_at_a_grave_act(
    party: Instance, browser: Browsers, clock: SetClock
) -> None:
    office = browser().sign_in("001")
    office.get("/members/7/letter-code")
    clock.set(clock.now() + timedelta(minutes=9, seconds=59))
    assert office.post("/members/7/letter-code", follow=False).status_code == 200
    clock.set(clock.now() + timedelta(seconds=1))
    office.get("/members/7/letter-code")
    answer = office.post("/members/7/letter-code", follow=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in/again")


@on_one_database
def test_w1_no_cookie_is_read_by_a_script_sent_from_another_site_or_shared_with_another_host(
    party: Instance, browser: Browsers
) -> None:
    with party.write() as transaction:
        code = make_letter(transaction, "7", by="001")
    mine = browser()
    answers = [mine.get("/sign-in?lang=en&theme=dark&zone=Europe/London")]
    answers.append(mine.post("/sign-in", address="robin@example.org", next="/account", follow=False))
    mine.get("/sign-in/letter")
    answers.append(mine.post("/sign-in/letter", code=code, follow=False))
    sent = [one for answer in answers for one in answer.headers.get_list("set-cookie")]
    names = {one.partition("=")[0] for one in sent}
    assert {"__Host-session", "__Host-form", "__Host-asked", "__Host-onward", "__Host-lang"} <= names
    for one in sent:
        _, *marks = one.lower().split("; ")
        assert one.startswith("__Host-"), one
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= set(marks), one
        assert not [mark for mark in marks if mark.startswith("domain")], one


def test_a_member_makes_no_letter_code(party: Instance, browser: Browsers) -> None:
    member = browser().sign_in("7")
    member.get("/sign-in/letter")
    assert member.post("/members/8/letter-code").status_code == 403


def test_a_typing_error_in_a_letter_code_is_told_and_costs_nothing_e11(party: Instance, browser: Browsers) -> None:
    with party.write() as transaction:
        code = make_letter(transaction, "7", by="001")
    wrong = ("1" if code[0] != "1" else "2") + code[1:]
    mine = browser()
    mine.get("/sign-in/letter")
    assert mine.post("/sign-in/letter", code=wrong, follow=False).status_code == 422
    assert mine.post("/sign-in/letter", code=code, follow=False).status_code == 303


def test_the_demonstration_lets_one_be_somebody_by_a_button_and_never_by_a_link(
    party: Instance, browser: Browsers
) -> None:
    mine = browser()
    assert "Anna van der Berg" in mine.get("/demo").text
    mine.get("/demo/as/001?next=/desk")
    assert strengths(party) == []
    assert mine.post("/demo/as/001", next="/desk", follow=False).headers["location"] == "/desk"
    assert strengths(party) == ["demo"]


@on_one_database
def test_the_demonstration_does_not_exist_where_it_counts(party: Instance) -> None:
    party.settings = msgspec.structs.replace(party.settings, practice=False)
    assert not [route.path for route in create_app(party).routes if route.path.startswith("/demo")]
