"""A real server and a party in it: what journeys walk through."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from browsing import DESK, Visits
from keyboard import Keyboard
from made_once import made_once
from played_party import ON_PAPER, Party, play_paper_party, play_party, serve_party
from playwright.sync_api import Browser
from postbox import open_postbox
from route_table import AskedParty, party_of
from served_site import Site, serve_in_thread

from stembus.clock import RunningClock
from stembus.instance import open_instance
from stembus.words import Lang
from stembus_party_council.demo.cast import Cast
from stembus_party_council.demo.setting import Setting


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Setting:
    """The demonstration, played to its end, with a copy of each moment that journeys begin at. Nobody changes it."""
    return made_once(tmp_path_factory, worker_id, "demo", play_party)


@pytest.fixture(scope="session")
def played_on_paper(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Setting:
    """The same party with an election on paper alone, as it is when the vote is closed. Nobody changes it."""
    return made_once(tmp_path_factory, worker_id, "demo_on_paper", play_paper_party)


@pytest.fixture(scope="session")
def played_demo(played: Setting) -> Path:
    """The folder of the demonstration."""
    return played.folder


@pytest.fixture(scope="session")
def cast(played: Setting) -> Cast:
    """Who plays which part in the party."""
    return played.cast


@pytest.fixture(scope="session")
def site(played_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The party of the demonstration after its election, served for real."""
    folder = tmp_path_factory.mktemp("site") / "instance"
    shutil.copytree(played_demo / "instance", folder)
    instance = open_instance(folder)
    instance.clock = RunningClock(datetime(2026, 7, 2, 10, tzinfo=UTC))
    served, server = serve_in_thread(instance)
    yield served
    server.stop()
    instance.close()


@pytest.fixture(scope="session")
def asked_party(played_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AskedParty]:
    """A copy of that party, served, with somebody in each seat, for what may spoil it."""
    folder = tmp_path_factory.mktemp("party") / "instance"
    shutil.copytree(played_demo / "instance", folder)
    instance = open_instance(folder)
    instance.clock = RunningClock(datetime(2026, 7, 2, 10, tzinfo=UTC))
    served, server = serve_in_thread(instance)
    party = party_of(served)
    yield party
    party.client.close()
    server.stop()
    instance.close()


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visits]:
    """Opens browsers on the site."""
    visits = Visits(chromium, site)
    yield visits
    visits.close()


@pytest.fixture
def party_at(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Party]]:
    """Serves copies of the party as it was at a moment, each with a mail server."""
    numbers = count(1)
    with ExitStack() as open_until_the_end:

        def serve(moment: str) -> Party:
            postbox = open_until_the_end.enter_context(open_postbox())
            folder = tmp_path / f"party-{next(numbers)}"
            played = request.getfixturevalue("played_on_paper" if moment == ON_PAPER else "played")
            return open_until_the_end.enter_context(serve_party(played, moment, folder, postbox))

        yield serve


@pytest.fixture
def enter(chromium: Browser) -> Iterator[Callable[..., Keyboard]]:
    """Gives somebody a browser on a site and a keyboard, signed in if they have a number."""
    opened: list[Visits] = []

    def open_browser(
        site: Site, number: str | None = None, *, lang: Lang = "en", size: dict[str, int] = DESK
    ) -> Keyboard:
        opened.append(Visits(chromium, site))
        return Keyboard(opened[-1](number, lang=lang, size=size))

    yield open_browser
    for visits in opened:
        visits.close()
