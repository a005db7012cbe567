"""A real server, a real browser, and a party in it: what journeys walk through.

Where Chromium is missing, journeys do not run and say so; in CI that is a failure.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
import uvicorn
from click.testing import CliRunner
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from stembus.access.sessions import Strength, start_session
from stembus.clock import RunningClock
from stembus.instance import Instance, open_instance
from stembus.organisation.registry import member_numbered
from stembus.web.app import create_app
from stembus.web.cookies import LANG, SESSION, THEME
from stembus.words import Lang
from stembus_party_council.demo.command import demo_command

CHROMIUM = Path("/usr/bin/chromium")
# Chromium looks up its maker's hosts at every start; nothing of these journeys leaves this machine.
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


class Site(NamedTuple):
    """An instance that is served for real."""

    address: str
    instance: Instance

    def secret_of(self, number: str, strength: Strength = "demo") -> str:
        """Begin a session of the member with this number and return its secret."""
        with self.instance.write() as transaction:
            member = member_numbered(transaction.session, number)
            return start_session(transaction, member.id, strength)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def serve_in_thread(instance: Instance) -> tuple[Site, uvicorn.Server]:
    """Serve an instance at an address of its own until the server is told to stop."""
    port = free_port()
    address = f"http://localhost:{port}"
    instance.settings = msgspec.structs.replace(instance.settings, address=address)
    server = uvicorn.Server(
        uvicorn.Config(create_app(instance), host="127.0.0.1", port=port, log_level="warning", access_log=False)
    )
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.02)
    return Site(address, instance), server


@pytest.fixture(scope="session")
def played_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demonstration that was played to its end."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    result = CliRunner().invoke(demo_command, ["--dir", str(folder), "--no-pause"])
    assert result.exit_code == 0, result.output[-2000:]
    return folder


@pytest.fixture(scope="session")
def site(played_demo: Path) -> Iterator[Site]:
    """The party of the demonstration after its election, served for real."""
    instance = open_instance(played_demo / "instance")
    instance.clock = RunningClock(datetime(2026, 7, 2, 10, tzinfo=UTC))
    served, server = serve_in_thread(instance)
    yield served
    server.should_exit = True
    instance.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    if not CHROMIUM.exists():
        pytest.skip("NOT RUN: Chromium is missing (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield browser
        browser.close()


class Visitor:
    """A person with a browser: who they are, in which language, on how wide a screen."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.context = context
        self.site = site
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on(
            "console", lambda said: self.faults.append(said.text) if "Content Security Policy" in said.text else None
        )

    def go(self, path: str) -> Page:
        """Open a page of the site."""
        self.page.goto(self.site.address + path)
        return self.page


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator["Visits"]:
    """Opens browsers on the site."""
    visits = Visits(chromium, site)
    yield visits
    visits.close()


class Visits:
    """Opens browsers, each with cookies of its own."""

    def __init__(self, chromium: Browser, site: Site) -> None:
        self._chromium = chromium
        self._site = site
        self._contexts: list[BrowserContext] = []

    def __call__(
        self,
        number: str | None = None,
        *,
        lang: Lang = "nl",
        theme: str = "light",
        size: dict[str, int] = PHONE,
        site: Site | None = None,
    ) -> Visitor:
        """Return somebody's browser, signed in as the member with this number if one is given."""
        site = site or self._site
        context = self._chromium.new_context(viewport={"width": size["width"], "height": size["height"]})
        self._contexts.append(context)
        kept = {LANG: lang, THEME: theme}
        if number is not None:
            kept[SESSION] = site.secret_of(number)
        for name, value in kept.items():
            context.add_cookies(
                [
                    {
                        "name": name,
                        "value": value,
                        "url": site.address,
                        "secure": True,
                        "httpOnly": True,
                        "sameSite": "Lax",
                    }
                ]
            )
        return Visitor(context, site)

    def close(self) -> None:
        """Close every browser; a page that broke its own rules fails the journey."""
        for context in self._contexts:
            context.close()
