"""Somebody writes a plugin: the one of the documentation is installed, and people see each thing that it adds."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import httpx
import pytest
from keyboard import Keyboard
from playwright.sync_api import expect
from served_site import Site, free_port

from stembus.instance import open_instance
from stembus_party_council.demo.cast import Cast
from stembus_party_council.demo.setting import Setting

EXAMPLE = Path(__file__).parents[1] / "example_plugin"
BODIES = Path(str(files("stembus_party_council") / "demo" / "bodies"))
STEMBUS = Path(sys.executable).parent / "stembus"
PIP = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]


class Extended:
    """The party with the plugin of the documentation: its commands, and its pages in a process of their own."""

    def __init__(self, folder: Path, packages: Path) -> None:
        self._folder = folder
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(packages),
            "STEMBUS_CLOCK": "2026-07-02T12:00:00+02:00",
        }

    def run(self, *words: str) -> None:
        subprocess.run(self._command(*words), check=True, env=self._environment, capture_output=True)

    def serve(self, port: int) -> subprocess.Popen[bytes]:
        serving = subprocess.Popen(
            self._command("serve", "--port", str(port)),
            env={**self._environment, "STEMBUS_ADDRESS": f"http://localhost:{port}"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(600):
            try:
                httpx.get(f"http://localhost:{port}/ready").raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return serving
        raise AssertionError("the pages did not come up")

    def _command(self, *words: str) -> list[str]:
        return [str(STEMBUS), "--instance", str(self._folder), *words]


@pytest.fixture
def extended(played: Setting, tmp_path: Path) -> Extended:
    shutil.copytree(played.folder / "seats taken" / "instance", tmp_path / "instance")
    subprocess.run([*PIP, "--target", str(tmp_path / "packages"), str(EXAMPLE)], check=True)
    party = Extended(tmp_path / "instance", tmp_path / "packages")
    party.run("migrate")
    office = tmp_path / "partijbureau.toml"
    allowed = (
        (BODIES / "partijbureau.toml").read_text(encoding="utf-8").replace("powers = [", 'powers = ["dates.propose", ')
    )
    office.write_text(allowed, encoding="utf-8")
    first, second = (person.number for person in played.cast.staff)
    party.run("bodies", "define", str(office), "--by", first, "--with", second, "--ground", "ALV 27-6-2026, besluit 1")
    return party


@pytest.fixture
def site(extended: Extended, tmp_path: Path) -> Iterator[Site]:
    port = free_port()
    serving = extended.serve(port)
    instance = open_instance(tmp_path / "instance", {"STEMBUS_CLOCK": "2026-07-02T12:00:00+02:00"})
    yield Site(f"http://localhost:{port}", instance)
    instance.close()
    serving.terminate()
    serving.wait()


def test_what_a_plugin_adds_stands_in_the_menu_on_the_desk_and_beside_each_procedure(
    extended: Extended, site: Site, enter: Callable[..., Keyboard], cast: Cast
) -> None:
    visitor = enter(site)
    page = visitor.page
    visitor.go("/")
    visitor.follow(page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Proposed days"))
    expect(page.get_by_text("No day was proposed yet.")).to_be_visible()
    visitor.go("/procedures/bestuur-2026")
    expect(page.get_by_role("region", name="Proposed days")).to_contain_text("0")

    member = enter(site, cast.supporting.number)
    member.go("/")
    later = member.page.get_by_role("button", name="Later")
    if later.count():
        member.follow(later)
    expect(member.page.get_by_role("region", name="Proposed days").first).to_contain_text("No day was proposed yet.")

    office = enter(site, cast.staff[0].number)
    office.go("/desk")
    office.follow(office.page.get_by_role("link", name="Propose a day for the meeting"))
    expect(office.page.get_by_role("heading", level=1)).to_have_text("Proposed days")
    extended.run("propose-day", "2027-05-09", "--by", cast.staff[0].number)
    office.go("/desk")
    assert office.page.get_by_role("link", name="Propose a day for the meeting").count() == 0
    visitor.go("/days")
    expect(page.get_by_role("main")).to_contain_text("Sunday 9 May 2027")
    member.go("/")
    expect(member.page.get_by_role("region", name="Proposed days").first).to_contain_text("is Sunday 9 May 2027")
    dutch = enter(site, lang="nl")
    dutch.go("/days")
    expect(dutch.page.get_by_role("heading", level=1)).to_have_text("Voorgestelde dagen")
