"""A real server and a party in it: what journeys walk through."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browsing import Visits
from click.testing import CliRunner
from playwright.sync_api import Browser
from served_site import Site, serve_in_thread

from stembus.clock import RunningClock
from stembus.instance import open_instance
from stembus_party_council.demo.command import demo_command


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


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visits]:
    """Opens browsers on the site."""
    visits = Visits(chromium, site)
    yield visits
    visits.close()
