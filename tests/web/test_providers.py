"""Signing in through an identity provider of others, which is a real server here, with a linked account only."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from html import unescape
from re import search
from types import ModuleType
from typing import Any
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from mail_cases import add_member
from openid_connect import Provider, as_plugin, provider_on_loopback
from organisation_cases import found
from sqlmodel import select

from stembus.access.enrolment import give_enrolment_code
from stembus.access.identity import IdentityProvider
from stembus.access.providers import accounts_of
from stembus.access.tables import AccessPasskey, AccessProvider, AccessSession
from stembus.clock import SetClock
from stembus.hooks import hookimpl
from stembus.instance import Instance
from stembus.notices.tables import MailMessage
from stembus.organisation.registry import member_numbered
from stembus.plugins import Plugins

Browser = Any  # of tests/web/conftest.py
Browsers = Callable[[], Browser]
BACK = "/sign-in/from/sample.account"
pytestmark = pytest.mark.parametrize("empty_instances", ["sqlite"], indirect=True)


@pytest.fixture
def provider() -> Iterator[Provider]:
    with provider_on_loopback() as one:
        yield one


@pytest.fixture
def party(served: Instance, provider: Provider) -> Instance:
    """Robin (7) has the mail address that the provider tells of its user; Kim (8) has another."""
    found(served)
    add_member(served, "7", email="robin@voorbeeld.example", given="Robin", surname="Vos")
    add_member(served, "8", email="kim@voorbeeld.example", given="Kim", surname="Vos")

    @hookimpl
    def register_identity_providers() -> Iterable[IdentityProvider]:
        return [as_plugin(provider)]

    module = ModuleType("sample")
    module.register_identity_providers = register_identity_providers  # type: ignore[attr-defined]
    served.plugins = Plugins({"sample": module})
    assert served.plugins.failures == []
    return served


@pytest.fixture
def browser(party: Instance, browser: Browsers) -> Browsers:
    """Browsers before an application with the provider."""
    return browser


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def visited(browser: Browser) -> str:
    """Follow the link on the page to the provider, and return the path that it sends the browser back to."""
    link = search(r'href="(http://localhost:\d+/authorize[^"]+)"', browser.page)
    assert link
    try:
        build_opener(_Stay).open(unescape(link.group(1)))
    except OSError as answer:
        where: str = answer.headers["location"]  # type: ignore[attr-defined]
        return where[where.index("/sign-in/from/") :]
    raise AssertionError("the provider sent nobody back")


def begun(browser: Browser, *, onward: str = "/") -> str:
    """Go to the provider to sign in, and return the way back."""
    browser.get("/sign-in?lang=en")
    assert "Sign in with Example Account" in browser.words
    browser.post("/sign-in/with/sample.account", next=onward)
    return visited(browser)


def pressed(browser: Browser, back: str) -> Any:
    """Open the way back and press the one button there."""
    browser.get(back)
    sent = search(r'name="sent" value="([^"]*)"', browser.page)
    assert sent
    return browser.post(BACK, follow=False, sent=unescape(sent.group(1)))


def linked(browsers: Browsers, number: str = "7") -> None:
    """Let a member link their account while signed in by a link in a mail."""
    mine = browsers().sign_in(number, "link")
    mine.get("/account?lang=en")
    mine.post("/account/providers/sample.account")
    assert pressed(mine, visited(mine)).headers["location"] == "/account"


def strengths(instance: Instance) -> list[str]:
    with instance.read() as session:
        return [row.strength for row in session.exec(select(AccessSession)).all() if row.ended_at is None]


def test_an_account_that_was_linked_signs_in_as_weakly_as_a_link_in_a_mail(party: Instance, browser: Browsers) -> None:
    linked(browser)
    mine = browser()
    answer = pressed(mine, begun(mine, onward="/account"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert strengths(party) == ["link", "provider"]
    assert "You are Robin Vos" in mine.get("/account?lang=en").text


def test_it_never_gives_the_powers_of_a_seat(party: Instance, browser: Browsers) -> None:
    linked(browser, "001")
    mine = browser()
    pressed(mine, begun(mine))
    assert mine.get("/members", follow=False).headers["location"].startswith("/sign-in/again")


def test_an_account_that_nobody_linked_signs_nobody_in_though_its_mail_address_is_a_members(
    party: Instance, browser: Browsers
) -> None:
    mine = browser()
    assert pressed(mine, begun(mine)).status_code == 409
    assert "No member linked this account" in mine.words
    assert strengths(party) == []


def test_one_account_is_linked_to_one_member(party: Instance, browser: Browsers) -> None:
    linked(browser, "7")
    other = browser().sign_in("8", "link")
    other.get("/account?lang=en")
    other.post("/account/providers/sample.account")
    assert pressed(other, visited(other)).status_code == 409
    assert "linked to another member" in other.words


def test_w6_a_way_back_that_is_only_opened_signs_nobody_in_and_asks_the_provider_nothing(
    party: Instance, browser: Browsers, provider: Provider
) -> None:
    linked(browser)
    mine, before = browser(), provider.asked
    back = begun(mine)
    mine.get(back)
    mine.client.head(back)
    assert (strengths(party), provider.asked) == (["link"], before)


def test_w6_a_way_back_works_once(party: Instance, browser: Browsers) -> None:
    linked(browser)
    mine = browser()
    back = begun(mine)
    assert pressed(mine, back).status_code == 303
    mine.get("/account")
    mine.post("/sign-out")
    assert pressed(mine, back).status_code == 409


def test_w6_a_way_back_works_in_the_browser_that_began_only(party: Instance, browser: Browsers) -> None:
    linked(browser)
    victim, attacker = browser(), browser()
    victim.get("/sign-in")
    assert pressed(victim, begun(attacker)).status_code == 409
    assert strengths(party) == ["link"]


def test_w6_a_way_back_is_over_after_ten_minutes(party: Instance, browser: Browsers, clock: SetClock) -> None:
    linked(browser)
    mine = browser()
    back = begun(mine)
    clock.set(clock.now() + timedelta(minutes=10))
    assert pressed(mine, back).status_code == 409


def test_w2_an_account_begun_by_somebody_else_is_not_linked_to_who_is_signed_in(
    party: Instance, browser: Browsers
) -> None:
    mine = browser()
    back = begun(mine)
    mine.sign_in("8", "link")
    assert pressed(mine, back).status_code == 409
    with party.read() as session:
        assert session.exec(select(AccessProvider)).all() == []


@pytest.mark.parametrize(
    ("claims", "secret"),
    [({"nonce": "another"}, None), ({"aud": "another"}, None), ({"iss": "https://evil.example"}, None),
     ({"exp": 1}, None), ({"sub": ""}, None), ({"sub": 7}, None), ({}, "another secret")],
)  # fmt: skip
def test_an_answer_that_is_not_for_us_signs_nobody_in(
    party: Instance, browser: Browsers, provider: Provider, claims: dict[str, object], secret: str | None
) -> None:
    linked(browser)
    provider.faults.claims = claims
    provider.faults.secret = secret or provider.faults.secret
    mine = browser()
    assert pressed(mine, begun(mine)).status_code == 409
    assert strengths(party) == ["link"]


def test_a_provider_that_is_away_is_told_and_does_no_harm(
    party: Instance, browser: Browsers, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    mine = browser()
    back = begun(mine)
    provider.address = "http://localhost:9"
    assert pressed(mine, back).status_code == 409
    assert "did not answer as it should" in mine.words
    assert "user-4711" not in caplog.text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://evil.example/", "//evil.example", "", "https:///x"])
def test_w9_a_provider_leads_to_https_only(
    party: Instance, browser: Browsers, provider: Provider, address: str
) -> None:
    provider.authorize = None  # type: ignore[assignment,method-assign]
    provider.address = address
    mine = browser()
    mine.get("/sign-in?lang=en")
    assert mine.post("/sign-in/with/sample.account", follow=False).status_code == 409


def test_the_member_is_told_by_mail_sees_the_link_and_takes_it_away(party: Instance, browser: Browsers) -> None:
    linked(browser)
    with party.read() as session:
        [mail] = session.exec(select(MailMessage)).all()
        [account] = accounts_of(session, member_numbered(session, "7").id)
    assert "Voorbeeldaccount" in mail.text
    mine = browser().sign_in("7", "link")
    assert "Example Account" in mine.get("/account?lang=en").text
    other = browser().sign_in("8", "link")
    other.get("/account?lang=en")
    assert other.post(f"/account/linked/{account.id}/remove").status_code == 409
    mine.post(f"/account/linked/{account.id}/remove")
    assert "not linked any more" in mine.words
    again = browser()
    assert pressed(again, begun(again)).status_code == 409


def has_a_passkey_of_two_people(party: Instance, number: str) -> None:
    with party.write() as transaction:
        transaction.session.add(
            AccessPasskey(
                id="key",
                credential_id="key",
                member_id=member_numbered(transaction.session, number).id,
                user_handle="",
                public_key=b"",
                sign_count=0,
                transports="",
                name="key",
                is_vouched=True,
                made_at=transaction.now,
            )
        )


def test_w6_beside_a_passkey_that_two_people_stood_for_an_account_is_linked_with_that_passkey_only(
    party: Instance, browser: Browsers
) -> None:
    mine = browser().sign_in("7", "link")
    mine.get("/account?lang=en")
    mine.post("/account/providers/sample.account")
    back = visited(mine)
    has_a_passkey_of_two_people(party, "7")
    assert pressed(mine, back).status_code == 409, "it was begun before they had the passkey"
    assert "Show one of your passkeys first" in mine.words
    mine.get("/account?lang=en")
    assert mine.post("/account/providers/sample.account").status_code == 409, "they hear it before they go there"
    assert "Show one of your passkeys first" in mine.words
    with party.read() as session:
        assert session.exec(select(AccessProvider)).all() == []
    shown = browser().sign_in("7", "passkey")
    shown.get("/account?lang=en")
    shown.post("/account/providers/sample.account")
    assert pressed(shown, visited(shown)).headers["location"] == "/account"


def test_two_people_who_let_somebody_in_end_the_links_of_before(party: Instance, browser: Browsers) -> None:
    linked(browser)
    with party.write() as transaction:
        give_enrolment_code(transaction, "7", by=("001", "002"), ground="passport seen")
    mine = browser()
    assert pressed(mine, begun(mine)).status_code == 409
    with party.read() as session:
        assert session.exec(select(AccessProvider)).all() == []
