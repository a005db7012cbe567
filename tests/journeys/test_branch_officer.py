"""An officer of one branch: its own members and procedures, an export that is recorded, and nothing after the seat."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from keyboard import Keyboard
from played_party import Party
from playwright.sync_api import expect
from two_persons import confirm

from stembus.clock import RunningClock
from stembus_party_council.demo.cast import Cast
from stembus_party_council.demo.setting import at

Enter = Callable[..., Keyboard]


@pytest.fixture
def party(party_at: Callable[[str], Party]) -> Party:
    return party_at("seats taken")


def test_a_branch_officer_sees_the_members_and_fields_that_its_work_needs_and_no_others(
    party: Party, enter: Enter, cast: Cast
) -> None:
    officer = enter(party.site, cast.branch[0].number)
    page = officer.page
    own = next(one for one in cast.people_in_may if one.branch == "Noord" and one not in cast.branch)
    other = next(one for one in cast.people_in_may if one.branch == "Zuid" and one.last_name != own.last_name)
    officer.go("/members")
    officer.search(own.number)
    officer.follow(page.get_by_role("link", name=own.name))
    expect(page.get_by_role("heading", level=1)).to_have_text(own.name)
    for hidden in (str(own.born.year), own.street, "Contribution"):
        assert hidden not in page.get_by_role("main").inner_text()
    officer.go("/members")
    officer.search(other.number)
    expect(page.get_by_text("Nobody of this branch was found")).to_be_visible()
    assert page.get_by_role("link", name=other.name).count() == 0
    for closed in (f"/members/{other.number}", "/members/import", "/mailings", "/acts"):
        assert page.request.get(party.site.address + closed).status in (403, 404)


def test_a_branch_officer_begins_a_procedure_of_the_branch_with_a_colleague(
    party: Party, enter: Enter, cast: Cast
) -> None:
    officer = enter(party.site, cast.branch[0].number)
    page = officer.page
    officer.go("/procedures/new")
    officer.follow(page.get_by_role("link", name="Branches taking part in municipal elections"))
    officer.write(page.get_by_label("What is it called?"), "noord-2028")
    officer.fill_day(page.get_by_label(re.compile("The date that is chosen")), date(2028, 3, 15))
    officer.follow(page.get_by_role("button", name="Show the dates"))
    officer.follow(page.get_by_role("button", name="Propose to begin it"))
    confirm(enter(party.site, cast.branch[1].number), page.url)
    officer.go("/procedures/noord-2028/manage")
    expect(page.get_by_role("heading", level=1)).to_have_text("Branches taking part in municipal elections")
    expect(page.get_by_role("main")).to_contain_text("noord-2028")


def test_the_export_of_a_branch_is_recorded_and_access_ends_with_the_seat(
    party: Party, enter: Enter, cast: Cast
) -> None:
    officer = enter(party.site, cast.branch[0].number)
    page = officer.page
    officer.go("/members")
    officer.follow(page.get_by_role("link", name="Write to a file"))
    officer.write(page.get_by_label("What is it needed for?"), "uitnodiging afdelingsvergadering")
    officer.reach(page.get_by_role("button", name="Make the file"))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(io.StringIO(file.read()), delimiter=";"))
    assert len(rows) == sum(one.branch == "Noord" for one in cast.people_in_may)

    staff = enter(party.site, cast.staff[0].number)
    staff.go("/acts")
    expect(staff.page.locator(".acts li").first).to_contain_text("uitnodiging afdelingsvergadering")
    expect(staff.page.locator(".acts li").first).to_contain_text(cast.branch[0].name)

    party.site.instance.clock = RunningClock(at(7, 2, 12).replace(year=2028))
    later = enter(party.site, cast.branch[0].number)
    later.go("/")
    assert later.page.request.get(f"{party.site.address}/members").status == 403
    later.go("/my-seats")
    expect(later.page.get_by_text("Over", exact=True)).to_be_visible()
