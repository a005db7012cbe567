"""What two people of the office decide together, in a real browser: a policy, a seat, and the end of one."""

import re
from collections.abc import Callable

import pytest
from keyboard import Keyboard
from played_party import Party
from playwright.sync_api import Locator, expect
from two_persons import confirm

from stembus_party_council.demo.cast import Cast

Enter = Callable[..., Keyboard]


@pytest.fixture
def party(party_at: Callable[[str], Party]) -> Party:
    """A copy of the party, in which people may change things."""
    return party_at("seats taken")


def label_of(choices: Locator, value: str) -> str:
    """Return what people read of the option with this value."""
    return choices.locator(f"option[value='{value}']").inner_text().strip()


def test_two_people_adopt_a_policy_and_the_second_reads_its_text_first(party: Party, enter: Enter, cast: Cast) -> None:
    first = enter(party.site, cast.staff[0].number)
    page = first.page
    first.go("/policies")
    first.follow(page.get_by_role("link", name="Adopt a policy"))
    first.follow(page.get_by_role("link", name="Election of the board"))
    text = page.get_by_label("Or as text")
    newer = text.input_value().replace('version = "1"', 'version = "2"')
    first.write(text, newer.replace("days = 14", "days = 1"))
    first.follow(page.get_by_role("button", name="Look at it"))
    expect(page.get_by_text("Error", exact=True).first).to_be_visible()
    expect(page.get_by_role("button", name="Propose to adopt this policy")).to_have_count(0)
    first.write(page.get_by_label("The policy, as TOML"), newer)
    first.follow(page.get_by_role("button", name="Look again"))
    first.follow(page.get_by_role("button", name="Easy Dutch"))
    expect(page.locator("article[lang='nl-simple']")).to_be_visible()
    first.write(page.get_by_label("The decision that adopts it"), "ALV 1-7-2026, besluit 3")
    first.follow(page.get_by_role("button", name="Propose to adopt this policy"))
    expect(page.get_by_role("link", name="Go on to confirm it")).to_have_count(0)
    proposal = page.url
    second = enter(party.site, cast.staff[1].number)
    second.page.goto(proposal)
    second.follow(second.page.get_by_role("link", name="Read the whole text that is proposed"))
    expect(second.page.get_by_role("heading", name="What members will read")).to_be_visible()
    confirm(second, proposal)
    anybody = enter(party.site)
    anybody.go("/policies")
    anybody.follow(anybody.page.get_by_role("link", name="Election of the board"))
    expect(anybody.page.get_by_text("Version 2, adopted on").first).to_be_visible()


def test_a_seat_is_given_and_once_it_ended_the_next_click_finds_the_door_closed(
    party: Party, enter: Enter, cast: Cast
) -> None:
    newcomer, clash = cast.newcomer, cast.committee[0]
    office = enter(party.site, cast.staff[0].number)
    page = office.page
    office.go("/bodies")
    office.follow(page.get_by_role("link", name="Give a seat").first)
    office.select(seat := page.get_by_label("Which seat?"), label_of(seat, "bestuur/member"))
    office.write(page.get_by_label("Member number", exact=True), clash.number)
    office.follow(page.get_by_role("button", name="Show what it would mean"))
    expect(page.get_by_role("heading", name=re.compile("cannot have this seat now"))).to_be_visible()
    office.select(seat := page.get_by_label("Which seat?"), label_of(seat, "partijbureau/staff"))
    office.write(page.get_by_label("Member number", exact=True), newcomer.number)
    office.follow(page.get_by_role("button", name="Show what it would mean"))
    expect(page.get_by_role("heading", name=re.compile("can have this seat"))).to_be_visible()
    office.write(page.get_by_label("The decision that it rests on"), "bestuursbesluit 1-7-2026")
    office.follow(page.get_by_role("button", name="Propose to give this seat"))
    second = enter(party.site, cast.staff[1].number)
    confirm(second, page.url)

    staff = enter(party.site, newcomer.number)
    staff.go("/members")
    expect(staff.page.get_by_role("heading", level=1)).to_have_text("Members")

    office.go("/bodies/partijbureau")
    office.follow(page.get_by_role("link", name=re.compile(f"End this seat.*{newcomer.last_name}")))
    office.choose(page.get_by_label("At once"))
    office.write(page.get_by_label("The ground"), "brief van 2-7-2026")
    office.follow(page.get_by_role("button", name="Propose to end this seat"))
    staff.page.reload()
    expect(staff.page.get_by_role("heading", level=1)).to_have_text("Members")
    confirm(second, page.url)
    staff.page.reload()
    expect(staff.page.get_by_role("heading", level=1)).not_to_have_text("Members")


def test_p1_the_board_proposes_and_nobody_in_the_same_seat_is_offered_to_confirm(
    party: Party, enter: Enter, cast: Cast
) -> None:
    first = enter(party.site, cast.board[0].number)
    page = first.page
    first.go("/procedures/bestuur-2026/manage")
    first.press(page.locator("summary").filter(has_text="Cancel the procedure"))
    form = page.locator("form[action$='/manage/cancel']")
    first.write(form.get_by_role("textbox"), "ALV 30-6-2026, besluit 3")
    first.follow(form.get_by_role("button"))
    expect(page.get_by_text("Somebody else, in another seat").first).to_be_visible()
    expect(page.get_by_role("link", name="Go on to confirm it")).to_have_count(0)
    second = enter(party.site, cast.committee[0].number)
    second.page.goto(page.url)
    expect(second.page.get_by_text("bestuur-2026 ends without an outcome.").first).to_be_visible()
