"""A trustee with a browser, a telephone's width and no mouse, beside two whose programs run by themselves."""

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browsing import PHONE
from keyboard import Keyboard
from playwright.sync_api import Browser, Page, expect
from readable import hindrances
from served_site import Site
from trustee_party import PASSPHRASE, TrusteeParty, quick_to_open, trustee_party

from stembus.clock import SetClock
from stembus.instance import Instance
from stembus_polls.trustee.desk import Desk
from stembus_polls.trustee.local_page import COOKIE, LocalPage

VOTES = [(0, 1, 2), (1, 0), (2,), (0,), (3, 4), (4, 3, 2, 1, 0), (1,), (0, 4), (2, 1), (3,)]


class AtHome:
    """Trustee 1 at their own machine."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.local = LocalPage(Desk(folder))
        self.thread = threading.Thread(target=self.local.serve_forever, daemon=True)
        self.thread.start()
        self.context = browser.new_context(viewport={"width": PHONE["width"], "height": PHONE["height"]})
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if "Content Security" in said.text else None)
        self.site = Site(f"http://{self.local.host}", None)  # type: ignore[arg-type]  # its keyboard asks only where it is
        self.keys = Keyboard(self)
        self.page.goto(self.local.address)
        self.page.wait_for_selector("h1")

    def sees(self, title: str) -> None:
        """The page says this, within the time that it takes to look again by itself; and everybody can read it."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title, timeout=60_000)
        if pictures := os.environ.get("STEMBUS_PICTURES"):
            self.page.screenshot(path=f"{pictures}/{title.replace(' ', '-')}.png", full_page=True)
        assert hindrances(self.page) == [], title

    @property
    def title(self) -> str:
        """What the page is about now."""
        return self.page.get_by_role("heading", level=1).inner_text(timeout=60_000)

    def press(self, label: str) -> None:
        """Press a button, and be on the page after it."""
        self.keys.follow(self.page.get_by_role("button", name=label, exact=True))

    def write(self, label: str, text: str) -> None:
        """Fill in a field."""
        self.keys.write(self.page.get_by_label(label, exact=True), text)

    def close(self) -> None:
        """Stop."""
        self.context.close()
        self.local.shutdown()
        self.local.server_close()
        assert self.faults == []


@pytest.fixture
def party(
    instance: Instance, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TrusteeParty]:
    quick_to_open(monkeypatch)
    with trustee_party(instance, clock, tmp_path) as made:
        yield made


@pytest.mark.parametrize("empty_instances", ["sqlite"], indirect=True)  # what the server keeps is no matter of the page
def test_w12_a_trustee_makes_tries_and_uses_a_key_with_a_keyboard_and_a_phone(
    party: TrusteeParty, chromium: Browser
) -> None:
    home = AtHome(chromium, party.place(1))
    try:
        begins(home, party)
        makes_the_key(home, party)
        opens_the_box(home, party)
        destroys_the_key(home, party)
    finally:
        home.close()


def begins(home: AtHome, party: TrusteeParty) -> None:
    home.sees("U begint als sleutelbewaarder")
    home.write("Uw uitnodiging", "iets anders")
    home.write("Een nieuwe wachtzin", PASSPHRASE)
    home.write("Nog een keer dezelfde wachtzin", PASSPHRASE)
    home.press("Beginnen")
    expect(home.page.get_by_role("alert")).to_contain_text("geen uitnodiging")
    home.write("Uw uitnodiging", str(party.invitation(1)))
    home.write("Een nieuwe wachtzin", PASSPHRASE)
    home.write("Nog een keer dezelfde wachtzin", "een andere wachtzin")
    home.press("Beginnen")
    expect(home.page.get_by_role("alert")).to_contain_text("twee verschillende")
    home.write("Een nieuwe wachtzin", PASSPHRASE)
    home.write("Nog een keer dezelfde wachtzin", PASSPHRASE)
    home.press("Beginnen")
    home.sees("Doet u hieraan mee?")
    expect(home.page.get_by_role("main")).to_contain_text("Voorbeeldpartij")
    home.press("Ja, ik doe mee")


def makes_the_key(home: AtHome, party: TrusteeParty) -> None:
    home.sees("De anderen zijn aan de beurt")
    party.begin(2, 3)
    others = {number: program.look() for number, program in party.programs.items()}
    for number, program in party.programs.items():
        program.agree(others[number].poll)
        program.look()
    home.sees("Lees elkaar deze nummers voor")
    spoken = party.programs[2].look().spoken
    assert " ".join(home.page.locator(".spoken span").all_inner_texts()) == spoken
    home.keys.choose(home.page.get_by_label("Nee, of ik hoorde ze niet allemaal"))
    home.press("Verder")
    expect(home.page.get_by_role("alert")).to_contain_text("bel het partijbureau")
    home.keys.choose(home.page.get_by_label("Ja, ik heb ze allemaal gehoord"))
    home.press("Verder")
    while home.title == "De anderen zijn aan de beurt":
        party.look()  # their programs look again as hers does
        home.page.wait_for_timeout(500)
    home.sees("Probeer uw sleutel")
    home.write("Uw wachtzin", "een verkeerde zin")
    home.press("De sleutel proberen")
    expect(home.page.get_by_role("alert")).to_contain_text("Deze wachtzin opent")
    for _turn in range(2):
        home.write("Uw wachtzin", PASSPHRASE)
        home.press("De sleutel proberen")
    home.sees("Uw sleutel werkt")
    party.look()
    party.rehearse()
    home.sees("Niets te doen tot de stemming voorbij is")


def opens_the_box(home: AtHome, party: TrusteeParty) -> None:
    party.set_up()
    party.vote(VOTES)
    party.seal()
    home.sees("De stembus is verzegeld")
    party.after_objections()
    home.sees("Meng de stembiljetten")
    home.press("De stembus controleren en mengen")
    home.sees("U hebt de stembiljetten gemengd")
    party.programs[2].mix()
    home.sees("Open de stembus samen met de anderen")
    home.press("De stembus controleren en mijn deel doen")
    home.sees("U hebt uw deel gedaan")
    party.programs[3].decrypt()
    home.sees("De uitslag is er")


def destroys_the_key(home: AtHome, party: TrusteeParty) -> None:
    expect(home.page.get_by_role("main")).to_contain_text("kan de uitslag worden aangevochten")
    expect(home.page.get_by_text("Mijn sleutel vernietigen", exact=True)).to_have_count(0)
    party.party.clock.set(datetime(2028, 1, 1, tzinfo=UTC))
    home.page.reload()
    home.sees("De uitslag is er")
    home.keys.press(home.page.get_by_text("Mijn sleutel vernietigen", exact=True))
    home.write("Uw wachtzin", PASSPHRASE)
    home.press("De sleutel voorgoed vernietigen")
    home.sees("Klaar")
    assert list(party.place(1).iterdir()) == []
    assert [act.public["trustee"] for act in party.acts("trustee.destroyed")] == [1]


def test_the_page_is_for_this_browser_and_this_machine_alone(chromium: Browser, tmp_path: Path) -> None:
    home = AtHome(chromium, tmp_path)
    try:
        request = home.context.request
        base = f"http://{home.local.host}"
        assert request.get(home.local.address).status == 403, "the address works once"
        assert request.get(base, headers={"host": "evil.example"}).status in (403, 421)
        token = home.local.desk.form_token
        form: dict[str, str | float | bool] = {"csrf_token": token}
        same = {"origin": base}
        assert request.post(f"{base}/close", form=form, headers={"origin": "http://evil.example"}).status == 403
        assert request.post(f"{base}/close", form=form).status == 403, "a form says where it comes from"
        assert request.post(f"{base}/close", form={"csrf_token": "x"}, headers=same).status == 403
        assert request.post(f"{base}/nothing", form=form, headers=same).status == 422
        stranger = chromium.new_context()
        assert stranger.request.get(base).status == 403
        assert stranger.request.get(f"{base}/changed").status == 403
        stranger.close()
        (cookie,) = [one for one in home.context.cookies() if one["name"] == COOKIE]
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
        answer = request.get(base)
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    finally:
        home.close()
