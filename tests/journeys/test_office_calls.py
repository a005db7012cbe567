"""The party office at the telephone and at the desk of others: why somebody may not vote, who holds which seat, how
many candidates there are. With the keyboard alone."""

from collections.abc import Callable
from datetime import date

from keyboard import Keyboard
from played_party import Party
from playwright.sync_api import expect

from stembus_party_council.demo.cast import Cast

Enter = Callable[..., Keyboard]
PartyAt = Callable[[str], Party]


def test_the_office_tells_a_caller_why_they_cannot_vote_and_what_can_be_done(
    party_at: PartyAt, enter: Enter, cast: Cast
) -> None:
    office = enter(party_at("objections open").site, cast.staff[0].number)
    page, caller = office.page, cast.newcomer
    office.go("/phone")
    office.search(caller.number)
    office.follow(page.get_by_role("link", name=caller.name))
    expect(page.get_by_role("heading", level=1)).to_have_text(caller.name)
    expect(page.get_by_text("First make sure who calls")).to_be_visible()
    expect(page.get_by_text("You may not vote.")).to_be_visible()
    checks = page.locator("li").filter(has_text="Not yet a member for").first
    expect(checks).to_contain_text("on 23 May 2026, counted from the registration")
    expect(checks).to_contain_text("This cannot be changed. Is the day wrong? Then tell the office.")
    expect(page.get_by_role("heading", name="Signing in")).to_be_visible()


def test_the_office_sees_bodies_seats_terms_and_who_stands_in_for_who_is_absent(
    party_at: PartyAt, enter: Enter, cast: Cast
) -> None:
    office = enter(party_at("seats taken").site, cast.staff[0].number)
    page, away = office.page, cast.committee[1]
    office.go("/bodies/kiescommissie")
    row = page.get_by_role("row").filter(has_text=away.name)
    expect(row).to_contain_text("2 March 2026")
    expect(row).to_contain_text("1 March 2028")
    expect(row).to_contain_text("In office")
    office.go("/bodies")
    office.press(page.locator("summary").filter(has_text="Record an absence"))
    whose = page.get_by_label("Whose seat?")
    option = whose.locator("option").filter(has_text=away.name)
    office.select(whose, option.inner_text().strip())
    office.fill_day(page.get_by_label("Last day"), date(2026, 7, 20))
    office.write(page.get_by_label("Why?"), "op reis")
    office.follow(page.get_by_role("button", name="Record it"))
    absent = page.get_by_role("row").filter(has_text=away.name)
    expect(absent).to_contain_text("20 July 2026")
    expect(absent).to_contain_text("nobody")
    expect(page.get_by_text("is absent and nobody stands in.")).to_be_visible()


def test_the_office_sees_recruitment_against_the_minimum(party_at: PartyAt, enter: Enter, cast: Cast) -> None:
    office = enter(party_at("call open").site, cast.staff[0].number)
    page = office.page
    office.go("/procedures/partijraad-2026/recruitment")
    expect(page.locator(".sum")).to_contain_text("9 of at least 13 candidates")
    expect(page.get_by_text("The call closes on")).to_contain_text("9 May 2026 at 17:00")
    expect(page.get_by_role("table", name="Candidates by branch")).to_contain_text("Noord")
