"""The functions of the booth's page in a real browser: what is between the page's own marks, called by a test."""

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from stembus_polls.booth.seal import BOOTH, SHARED

ADDRESS = "http://localhost:4"
SQUARES = re.compile(r"// ===== The square with dots.*?(?=// ===== The booth\.)", re.DOTALL)
EMPTY = '<ul id="languages"></ul><main id="main"></main><script type="application/json" id="words">{}</script>'


def words_of(page: Path) -> dict[str, dict[str, str]]:
    """Everything that a page says, in each language."""
    [words] = re.findall(
        r'<script type="application/json" id="words">\n(.*?)\n</script>', page.read_text(encoding="utf-8"), re.DOTALL
    )
    found: dict[str, dict[str, str]] = json.loads(words)
    return found


def script_of(page: Path) -> str:
    """Everything that a page does."""
    [script] = re.findall(r'<script type="module">\n(.*?)</script>', page.read_text(encoding="utf-8"), re.DOTALL)
    return str(script)


class Functions:
    """The functions of the page, without the page around them."""

    def __init__(self, chromium: Browser) -> None:
        self._context: BrowserContext = chromium.new_context()
        self.page: Page = self._context.new_page()
        self.page.route(f"{ADDRESS}/**", lambda route: route.fulfill(body=EMPTY, content_type="text/html"))
        self.page.goto(f"{ADDRESS}/")
        text = BOOTH.read_text(encoding="utf-8")
        self._source = "\n".join([SHARED.findall(text)[0], SQUARES.findall(text)[0]])

    def call(self, body: str, given: object = None) -> Any:
        """Run JavaScript with the functions of the page at hand, and return what it returns."""
        return self.page.evaluate(f"async given => {{\n{self._source}\n{body}\n}}", given)

    def close(self) -> None:
        """Close the browser."""
        self._context.close()
