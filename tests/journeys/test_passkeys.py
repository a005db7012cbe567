"""Passkeys in a real browser, by keyboard: made, used to sign in, shown again for a grave act, never by who may not."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from access_cases import people
from keyboard import Keyboard
from playwright.sync_api import Browser, BrowserContext, Page, expect
from served_site import Site, serve_in_thread
from sqlmodel import select

from stembus.access.enrolment import give_enrolment_code
from stembus.access.passkeys import passkeys_of
from stembus.access.sessions import Strength, open_sessions
from stembus.access.tables import AccessPasskey
from stembus.clock import RunningClock
from stembus.instance import Instance
from stembus.web.cookies import LANG, SESSION

# Each journey runs once: what differs between the databases is promised in tests/core/test_access_*.py.
pytestmark = pytest.mark.parametrize("empty_instances", ["sqlite"], indirect=True)


@pytest.fixture
def site(instance: Instance) -> Iterator[Site]:
    """Two founders and four members, served for real."""
    people(instance)
    instance.clock = RunningClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    served, server = serve_in_thread(instance)
    yield served
    server.stop()


class Phone:
    """A telephone with a passkey in it, whose owner holds a finger to it when asked."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.context = context
        self.site = site
        self.page: Page = context.new_page()
        self.keyboard = Keyboard(self)
        self._devtools = context.new_cdp_session(self.page)
        self._devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = self._devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.authenticator = made["authenticatorId"]

    def unverified(self) -> None:
        """From now on nobody holds the right finger to it."""
        self._devtools.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.authenticator, "isUserVerified": False}
        )

    def hold(self, number: str, strength: Strength) -> None:
        """Hold a session of a member."""
        self.keep(SESSION, self.site.secret_of(number, strength))

    def keep(self, name: str, value: str) -> None:
        self.context.add_cookies(
            [{"name": name, "value": value, "domain": "localhost", "path": "/", "secure": True, "httpOnly": True}]
        )

    def go(self, path: str) -> Page:
        self.page.goto(self.site.address + path)
        return self.page

    def make_passkey(self, name: str = "my telephone") -> None:
        self.go("/account")
        self.keyboard.write(self.page.get_by_label("Name of the new passkey"), name)
        self.keyboard.press(self.page.get_by_role("button", name="Make a passkey"))

    def sign_in(self) -> None:
        self.context.clear_cookies(name=SESSION)
        self.go("/sign-in/passkey")
        self.keyboard.press(self.page.get_by_role("button", name="Sign in with my passkey"))

    @property
    def strength(self) -> str:
        """How the newest session of this telephone was begun."""
        [secret] = [one["value"] for one in self.context.cookies() if one["name"] == SESSION]
        from stembus.access.sessions import session_of

        with self.site.instance.read() as session:
            found = session_of(self.site.instance, session, secret, self.site.instance.clock.now())
        assert found is not None
        return found.strength


@pytest.fixture
def phone(chromium: Browser, site: Site) -> Iterator[Phone]:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    made = Phone(context, site)
    made.keep(LANG, "en")
    yield made
    context.close()


def test_a_member_makes_a_passkey_after_a_link_and_signs_in_with_it(phone: Phone) -> None:
    phone.hold("007", "link")
    phone.make_passkey()
    expect(phone.page.get_by_role("status")).to_contain_text("Your passkey was made")
    expect(phone.page.get_by_role("heading", name="my telephone")).to_be_visible()
    phone.sign_in()
    expect(phone.page.get_by_role("status")).to_contain_text("You are signed in")
    assert phone.strength == "unvouched_passkey", "it proves no more than the mailbox did"


def test_a_telephone_that_has_a_passkey_already_says_so(phone: Phone) -> None:
    phone.hold("007", "link")
    phone.make_passkey()
    expect(phone.page.get_by_role("status")).to_contain_text("Your passkey was made")
    phone.make_passkey("once more")
    alert = phone.page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("This telephone or computer has a passkey of yours already.")
    expect(alert.get_by_text("That did not work.")).to_be_hidden()


def test_an_officer_begins_with_a_code_of_two_people(phone: Phone, site: Site) -> None:
    with site.instance.write() as transaction:
        given = give_enrolment_code(transaction, "001", by=("001", "002"), ground="at the founding")
    phone.page.goto(given.address)
    expect(phone.page.get_by_label("Your code")).to_have_value(given.code)
    assert "#" not in phone.page.url, "the code is taken out of the address"
    phone.keyboard.follow(phone.page.get_by_role("button", name="Go on"))
    assert phone.strength == "enrolment"
    phone.make_passkey()
    expect(phone.page.get_by_text("Counts for your seats")).to_be_visible()
    assert phone.strength == "passkey"
    phone.sign_in()
    expect(phone.page.get_by_role("status")).to_contain_text("You are signed in")
    assert phone.strength == "passkey"


def test_w1_the_secret_is_another_after_a_passkey_is_shown_again(phone: Phone, site: Site) -> None:
    phone.hold("007", "enrolment")
    phone.make_passkey()
    expect(phone.page.get_by_text("Counts for your seats")).to_be_visible()
    before = {one["value"] for one in phone.context.cookies() if one["name"] == SESSION}
    phone.go("/sign-in/again?next=/account")
    phone.keyboard.press(phone.page.get_by_role("button", name="Show my passkey"))
    expect(phone.page.get_by_role("status")).to_contain_text("Go on with what you were doing")
    assert phone.page.url.endswith("/account")
    after = {one["value"] for one in phone.context.cookies() if one["name"] == SESSION}
    assert before.isdisjoint(after)


def test_nobody_gets_in_with_a_telephone_that_does_not_know_its_owner(phone: Phone) -> None:
    phone.hold("007", "enrolment")
    phone.make_passkey()
    expect(phone.page.get_by_text("Counts for your seats")).to_be_visible()
    phone.unverified()
    expect(phone.page.get_by_text("That did not work")).to_be_hidden()
    phone.sign_in()
    expect(phone.page.get_by_text("That did not work")).to_be_visible()


def test_a_mailbox_cannot_add_to_or_take_away_what_two_people_stood_for(phone: Phone, site: Site) -> None:
    phone.hold("007", "enrolment")
    phone.make_passkey()
    expect(phone.page.get_by_text("Counts for your seats")).to_be_visible()
    phone.hold("007", "link")
    phone.make_passkey("a thief's")
    expect(phone.page.get_by_text("That did not work")).to_be_visible()
    phone.go("/account")
    phone.keyboard.press(phone.page.locator("summary").filter(has_text="Change").first)
    phone.keyboard.press(phone.page.get_by_role("button", name="Take this passkey away"))
    expect(phone.page.get_by_role("alert").first).to_contain_text("Show one of your passkeys first")
    with site.instance.read() as session:
        assert [key.name for key in passkeys_of(session, "m-7")] == ["my telephone"]


def test_a_copied_passkey_is_refused(phone: Phone, site: Site) -> None:
    phone.hold("007", "enrolment")
    phone.make_passkey()
    expect(phone.page.get_by_text("Counts for your seats")).to_be_visible()
    with site.instance.write() as transaction:
        row = transaction.session.exec(select(AccessPasskey)).one()
        row.sign_count = 1000
        transaction.session.add(row)
    phone.sign_in()
    expect(phone.page.get_by_role("alert").first).to_contain_text("This passkey was not accepted")


def test_an_answer_is_taken_once_and_from_the_browser_that_was_asked(phone: Phone, site: Site) -> None:
    phone.hold("007", "enrolment")
    phone.make_passkey()
    expect(phone.page.get_by_text("Counts for your seats")).to_be_visible()
    sent: list[str] = []
    phone.page.on("request", lambda request: sent.append(request.post_data or ""))
    phone.sign_in()
    expect(phone.page.get_by_role("status")).to_contain_text("You are signed in")
    [answer] = [one for one in sent if "clientDataJSON" in one]
    phone.context.clear_cookies(name=SESSION)
    phone.go("/sign-in/passkey")
    token = phone.page.locator("input[name=csrf_token]").last.input_value()
    replayed = phone.context.request.post(
        f"{site.address}/sign-in/passkey",
        data=answer.replace(answer.partition("csrf_token=")[2].partition("&")[0], token),
        headers={"content-type": "application/x-www-form-urlencoded", "origin": site.address},
    )
    assert replayed.status == 409
    assert len([one for one in phone.context.cookies() if one["name"] == SESSION]) == 0


def test_signing_out_elsewhere_ends_that_session(phone: Phone, site: Site) -> None:
    site.secret_of("007", "link")
    phone.hold("007", "link")
    phone.go("/account")
    phone.keyboard.press(phone.page.get_by_role("button", name="Sign out everywhere but here"))
    expect(phone.page.get_by_role("status")).to_contain_text("everywhere but here")
    with site.instance.read() as session:
        assert len(open_sessions(session, "m-7", site.instance.clock.now())) == 1


def test_w1_a_strong_session_that_was_left_alone_makes_no_passkey_for_a_seat(phone: Phone, site: Site) -> None:
    phone.hold("001", "passkey")
    site.instance.clock = RunningClock(datetime(2026, 3, 1, 12, 11, tzinfo=UTC))
    phone.make_passkey()
    expect(phone.page.get_by_role("status")).to_contain_text("Your passkey was made")
    with site.instance.read() as session:
        assert session.exec(select(AccessPasskey.is_vouched)).all() == [False]
