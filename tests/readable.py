"""What keeps people from reading a page: what axe finds on it, and that it runs off the side."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

ALL = {"resultTypes": ["violations"]}
COLOURS = {**ALL, "runOnly": ["color-contrast", "link-in-text-block"]}
"""The rules of axe that depend on how a page is coloured: all that another theme can change."""
LOOK = """async options => (await axe.run(options)).violations
    .map(one => `${one.id}: ${one.nodes[0].html.slice(0, 120)}`)"""
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def hindrances(page: Page, *, only_colours: bool = False) -> list[str]:
    """Return what axe finds on a page as it is now, each with where it is, and whether the page is wider than shown.

    `only_colours` is for a page that was looked at and then got another theme.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(LOOK, COLOURS if only_colours else ALL)
    return [*found, *["the page runs off the side"] * bool(page.evaluate(WIDER))]
