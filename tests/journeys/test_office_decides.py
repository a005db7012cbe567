"""What two people of the office decide together, in a real browser: a policy, a seat, and the end of one."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browsing import DESK, Visits
from playwright.sync_api import Browser, Page, expect
from served_site import serve_in_thread

from stembus.clock import RunningClock
from stembus.instance import open_instance
from stembus_party_council.demo.cast import Cast, make_cast
from stembus_party_council.demo.command import CANDIDATES, MEMBERS


@pytest.fixture(scope="module")
def cast() -> Cast:
    return make_cast(MEMBERS, CANDIDATES)


@pytest.fixture
def people(chromium: Browser, played_demo: Path, tmp_path: Path) -> Iterator[Visits]:
    """Browsers on a copy of the party, in which people may change things."""
    shutil.copytree(played_demo / "instance", tmp_path / "instance")
    instance = open_instance(tmp_path / "instance")
    instance.clock = RunningClock(datetime(2026, 7, 2, 10, tzinfo=UTC))
    site, server = serve_in_thread(instance)
    visits = Visits(chromium, site)
    yield visits
    visits.close()
    server.stop()
    instance.close()


def confirm(page: Page, proposal: str) -> None:
    """Read a proposal as the second person, and carry it out."""
    page.goto(proposal)
    page.get_by_role("link", name="Go on to confirm it").click()
    page.get_by_role("button", name="Confirm and carry out").click()
    expect(page.get_by_text("You confirmed it, and it is carried out.")).to_be_visible()


def test_two_people_adopt_a_policy_and_the_second_reads_its_text_first(people: Visits, cast: Cast) -> None:
    first = people(cast.staff[0].number, lang="en", size=DESK).go("/policies")
    first.get_by_role("link", name="Adopt a policy").click()
    first.get_by_role("link", name="Election of the board").click()
    text = first.get_by_label("Or as text")
    newer = text.input_value().replace('version = "1"', 'version = "2"')
    text.fill(newer.replace("days = 14", "days = 1"))
    first.get_by_role("button", name="Look at it").click()
    expect(first.get_by_text("Error", exact=True).first).to_be_visible()
    expect(first.get_by_role("button", name="Propose to adopt this policy")).to_have_count(0)
    first.get_by_label("The policy, as TOML").fill(newer)
    first.get_by_role("button", name="Look again").click()
    first.get_by_role("button", name="Easy Dutch").click()
    expect(first.locator("article[lang='nl-simple']")).to_be_visible()
    first.get_by_label("The decision that adopts it").fill("ALV 1-7-2026, besluit 3")
    first.get_by_role("button", name="Propose to adopt this policy").click()
    expect(first.get_by_role("link", name="Go on to confirm it")).to_have_count(0)
    proposal = first.url
    second = people(cast.staff[1].number, lang="en", size=DESK).page
    second.goto(proposal)
    second.get_by_role("link", name="Read the whole text that is proposed").click()
    expect(second.get_by_role("heading", name="What members will read")).to_be_visible()
    confirm(second, proposal)
    anybody = people(lang="en").go("/policies")
    anybody.get_by_role("link", name="Election of the board").click()
    expect(anybody.get_by_text("Version 2, adopted on").first).to_be_visible()


def test_a_seat_is_given_and_once_it_ended_the_next_click_finds_the_door_closed(people: Visits, cast: Cast) -> None:
    newcomer, clash = cast.newcomer, cast.committee[0]
    office = people(cast.staff[0].number, lang="en", size=DESK)
    first = office.go("/bodies")
    first.get_by_role("link", name="Give a seat").first.click()
    first.get_by_label("Which seat?").select_option("bestuur/member")
    first.get_by_label("Member number", exact=True).fill(clash.number)
    first.get_by_role("button", name="Show what it would mean").click()
    expect(first.get_by_role("heading", name=re.compile("cannot have this seat now"))).to_be_visible()
    first.get_by_label("Which seat?").select_option("partijbureau/staff")
    first.get_by_label("Member number", exact=True).fill(newcomer.number)
    first.get_by_role("button", name="Show what it would mean").click()
    expect(first.get_by_role("heading", name=re.compile("can have this seat"))).to_be_visible()
    first.get_by_label("The decision that it rests on").fill("bestuursbesluit 1-7-2026")
    first.get_by_role("button", name="Propose to give this seat").click()
    second = people(cast.staff[1].number, lang="en", size=DESK).page
    confirm(second, first.url)

    staff = people(newcomer.number, lang="en").go("/members")
    expect(staff.get_by_role("heading", level=1)).to_have_text("Members")

    office.go("/bodies/partijbureau")
    first.get_by_role("link", name=re.compile(f"End this seat.*{newcomer.last_name}")).click()
    first.get_by_label("At once").check()
    first.get_by_label("The ground").fill("brief van 2-7-2026")
    first.get_by_role("button", name="Propose to end this seat").click()
    staff.reload()
    expect(staff.get_by_role("heading", level=1)).to_have_text("Members")
    confirm(second, first.url)
    staff.reload()
    expect(staff.get_by_role("heading", level=1)).not_to_have_text("Members")
