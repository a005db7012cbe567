"""Voters of the demonstration who vote in the booth with a browser, where the script has them type `stembus vote`."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from browsing import CHROMIUM, DESK, PHONE, QUIET
from keyboard import Keyboard
from playwright.sync_api import Browser, Page, expect, sync_playwright
from served_site import Site

from stembus_party_council.demo.script import Typed, pressed

LONG = 60_000


class OnTheWay(NamedTuple):
    """Somebody with a way into the booth, a voting code, and a choice: candidates in order, from 1."""

    way: str
    code: str
    order: tuple[int, ...]


class AtBooth(NamedTuple):
    """A page with the booth, for whoever uses the keyboard alone. There is no other site to go to."""

    page: Page
    site: Site


def with_mouse(page: Page, voter: OnTheWay) -> None:
    """Type the code, press the names in order, look, and cast."""
    page.fill("#code", voter.code)
    page.press("#code", "Enter")
    for candidate in voter.order:
        page.click(f"[data-key=in-{candidate - 1}]")
    page.click("form button[type=submit]")
    expect(page.locator(".vote").first).to_be_visible()
    page.click(".actions .button >> nth=0")


def with_keyboard(page: Page, voter: OnTheWay) -> None:
    """The same with Tab, Enter and letters alone."""
    keys = Keyboard(AtBooth(page, None))  # type: ignore[arg-type]  # it goes nowhere
    keys.write(page.locator("#code"), voter.code)
    page.keyboard.press("Enter")
    for candidate in voter.order:
        keys.press(page.locator(f"[data-key=in-{candidate - 1}]"))
    keys.press(page.locator("form button[type=submit]"))
    expect(page.locator(".vote").first).to_be_visible()
    keys.press(page.locator(".actions .button").first)


Hand = Callable[[Page, OnTheWay], None]
BROWSERS: Mapping[int, tuple[Hand, Mapping[str, int], str]] = {
    0: (with_mouse, DESK, "nl-NL"),
    1: (with_keyboard, DESK, "en-GB"),
    2: (with_mouse, PHONE, "nl-NL"),
    3: (with_keyboard, PHONE, "nl-NL"),
}
"""Which of the votes that are typed are cast in a browser, how, on how wide a screen and in which language."""


class Browsers:
    """Lets some voters use a browser. Playwright stays in a thread of its own: a test may have another one."""

    def __init__(self, thread: ThreadPoolExecutor, chromium: Browser) -> None:
        self._thread, self._chromium = thread, chromium
        self._votes = 0

    def instead(self, command: Typed) -> Typed:
        """Return what is done in the place of a command: the same, or voting in a browser."""
        if command.arguments[:1] != ("vote",):
            return command
        _vote, way, _option, code, _choice, choice, *_ = command.arguments
        written = Path(choice).read_text(encoding="utf-8").strip()
        if written == "blank" or self._votes not in BROWSERS:
            return command
        place, self._votes = self._votes, self._votes + 1
        order = tuple(int(number) for number in written.split(","))
        voter = OnTheWay(way, Path(code).read_text(encoding="utf-8").strip(), order)
        return pressed(
            f"The booth in a browser: {BROWSERS[place][0].__name__}, {BROWSERS[place][1]['width']} wide",
            lambda: self._thread.submit(self._vote, place, voter).result(),
        )

    def _vote(self, place: int, voter: OnTheWay) -> str:
        hand, size, locale = BROWSERS[place]
        context = self._chromium.new_context(viewport={"width": size["width"], "height": size["height"]}, locale=locale)
        context.set_default_timeout(LONG)
        page, faults = context.new_page(), list[str]()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(voter.way)
        hand(page, voter)
        expect(page.locator("#tracker")).to_be_visible(timeout=LONG)
        tracker = page.inner_text("#tracker")
        context.close()
        assert faults == []
        return f"Cast in a browser. Its tracker: {tracker}"


@contextmanager
def browsers() -> Iterator[Browsers]:
    """Give browsers, until the end."""
    with ThreadPoolExecutor(1) as thread:
        playwright = thread.submit(lambda: sync_playwright().start()).result()
        try:
            launched = thread.submit(playwright.chromium.launch, executable_path=str(CHROMIUM), args=QUIET)
            yield Browsers(thread, launched.result())
        finally:
            thread.submit(playwright.stop).result()
