"""A person who uses the keyboard alone: Tab to reach, Enter and Space to press, arrows to choose, letters to write."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page
from served_site import Site

MOST_TABS = 250
LONGEST_WAIT = 60_000
HAS_FOCUS = "one => one === document.activeElement"
IS_IN_MAIN = "one => document.getElementById('main').contains(one)"
SHARES_FOCUS = "one => one.name === document.activeElement.name && one.form === document.activeElement.form"
NOTES_A_PRESS = """one => one.addEventListener(
    'click', event => { event.preventDefault(); one.isPressed = true; }, {once: true})"""
LIVE = "'htmx' in window"
CHOSEN = "one => one.selectedOptions[0]?.textContent.trim()"


class Visitor(Protocol):
    """Somebody with a browser that is open on a site."""

    site: Site
    page: Page


class Keyboard:
    """Works in somebody's browser as they do when they have no mouse."""

    def __init__(self, visitor: Visitor) -> None:
        self.site = visitor.site
        self.page = visitor.page

    def go(self, path: str) -> None:
        """Open a page of the site, as from a bookmark."""
        self.page.goto(self.site.address + path)

    def reach(self, target: Locator) -> None:
        """Tab until `target` has the focus; past the header by the link that skips it, where a page just opened."""
        target.wait_for(state="visible", timeout=LONGEST_WAIT)
        if self.page.evaluate("document.activeElement === document.body") and target.evaluate(IS_IN_MAIN):
            self._tab_until(
                lambda: bool(self.page.evaluate("document.activeElement.className === 'skip'")), "the skip link"
            )
            self.page.keyboard.press("Enter")
        self._tab_until(lambda: bool(target.evaluate(HAS_FOCUS)), str(target))

    def press(self, target: Locator) -> None:
        """Press a button or open a part that is folded away, on this page."""
        self.reach(target)
        self.page.keyboard.press("Enter")

    def follow(self, target: Locator) -> None:
        """Press a link or a button that leads to another page, and be there."""
        self.reach(target)
        with self.page.expect_navigation(timeout=LONGEST_WAIT):
            self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        """Write in a field, in place of what stood there; several lines are pasted, as people do."""
        self.reach(target)
        self.page.keyboard.press("Control+a")
        if "\n" in text:
            self.page.keyboard.insert_text(text)
        else:
            self.page.keyboard.type(text)

    def search(self, text: str) -> None:
        """Search on this page, which answers while one types where it has its script, and else on a new page."""
        box = self.page.get_by_role("searchbox")
        if self.page.evaluate(LIVE):
            with self.page.expect_response(lambda answer: parse_qs(urlsplit(answer.url).query).get("q") == [text]):
                self.write(box, text)
        else:
            self.write(box, text)
            self.follow(self.page.get_by_role("button", name="Search"))

    def fill_day(self, target: Locator, day: date) -> None:
        """Fill in a day, in the order of the browser's own language."""
        self.reach(target)
        self.page.keyboard.type(f"{day:%m%d%Y}")

    def tick(self, target: Locator) -> None:
        """Tick a box."""
        self.reach(target)
        self.page.keyboard.press("Space")

    def choose(self, target: Locator) -> None:
        """Choose one of several options: Tab goes to the group, arrows go through it."""
        self._tab_until(lambda: bool(target.evaluate(SHARES_FOCUS)), str(target))
        self.page.keyboard.press("Space")
        while not target.is_checked():
            self.page.keyboard.press("ArrowDown")

    def select(self, target: Locator, label: str) -> None:
        """Choose from a list that unfolds."""
        self.reach(target)
        for _ in range(target.locator("option").count()):
            if target.evaluate(CHOSEN) == label:
                return
            self.page.keyboard.press("ArrowDown")
        assert target.evaluate(CHOSEN) == label

    def upload(self, target: Locator, file: Path) -> None:
        """Press a field for files, and choose one from this machine.

        The window in which one chooses is the browser's own, and is not opened: a browser without a screen does not
        always say that it did.
        """
        self.reach(target)
        target.evaluate(NOTES_A_PRESS)
        self.page.keyboard.press("Enter")
        assert target.evaluate("one => one.isPressed") is True, f"Enter does not press {target}"
        target.set_input_files(file)

    def _tab_until(self, is_there: Callable[[], bool], what: str) -> None:
        for _ in range(MOST_TABS):
            if is_there():
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{what} cannot be reached with the Tab key")
