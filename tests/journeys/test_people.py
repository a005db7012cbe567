"""What people come to do, from the first page to the last, in a real browser against the real server."""

import re
from collections.abc import Callable, Iterator

import pytest
from browsing import DESK, Visits
from played_party import Party
from playwright.sync_api import Browser, expect
from postbox import text_of
from served_site import Site

from stembus_party_council.demo.cast import Cast


@pytest.fixture
def party(party_at: Callable[[str], Party]) -> Party:
    """A copy of the party of its own, in which people may change things, with a mail server."""
    return party_at("seats taken")


@pytest.fixture
def own_site(party: Party) -> Site:
    return party.site


@pytest.fixture
def people(chromium: Browser, own_site: Site) -> Iterator[Visits]:
    visits = Visits(chromium, own_site)
    yield visits
    visits.close()


def test_a_member_signs_in_by_mail_signs_the_code_of_conduct_and_sees_everything_about_them(
    people: Visits, party: Party, cast: Cast
) -> None:
    someone = next(
        one for one in cast.people_in_may if one.mail and sum(o.mail == one.mail for o in cast.people_in_may) == 1
    )
    page = people(lang="en").go("/sign-in")
    page.get_by_label("Your e-mail address").fill(someone.mail)
    page.get_by_role("button", name="Mail me a link").click()
    expect(page.get_by_role("heading", name="Look in your mail")).to_be_visible()
    party.send_mail()
    (mail,) = party.postbox.mails
    (link,) = re.findall(r"http://localhost:\d+/sign-in/link/\S+", text_of(mail))
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Read it and sign").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("main").get_by_role("button", name="Sign", exact=True).click()
    page.wait_for_url(lambda url: "/sign" not in url)
    page.goto(f"{party.site.address}/documents/gedragscode")
    expect(page.get_by_text("You signed this version").first).to_be_visible()
    page.goto(f"{party.site.address}/my-data")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert someone.number in page.content()
    page.goto(link)
    expect(page.get_by_role("heading", name="This link does not work any more")).to_be_visible()


def test_p1_one_of_the_office_proposes_and_only_another_seat_can_confirm(
    people: Visits, own_site: Site, cast: Cast
) -> None:
    first = people(cast.board[0].number, lang="en", size=DESK).go("/procedures/bestuur-2026/manage")
    first.get_by_text("Cancel the procedure").click()
    form = first.locator("form[action$='/manage/cancel']")
    form.get_by_role("textbox").fill("ALV 30-6-2026, besluit 3")
    form.get_by_role("button").click()
    expect(first.get_by_text("Somebody else, in another seat").first).to_be_visible()
    proposal = first.url
    assert first.get_by_role("link", name=re.compile("Confirm|approve", re.IGNORECASE)).count() == 0
    second = people(cast.committee[0].number, lang="en", size=DESK).page
    second.goto(proposal)
    expect(second.get_by_text("bestuur-2026 ends without an outcome.").first).to_be_visible()


def test_the_office_answers_a_call_on_one_page(people: Visits, cast: Cast) -> None:
    page = people(cast.staff[0].number, lang="en", size=DESK).go("/phone")
    page.get_by_role("searchbox").or_(page.get_by_role("textbox")).first.fill(cast.newcomer.number)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile(cast.newcomer.last_name)).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(cast.newcomer.last_name)


def test_a_branch_officer_sees_the_members_of_the_branch_and_nobody_else(people: Visits, cast: Cast) -> None:
    visitor = people(cast.branch[0].number, lang="en")
    own = next(one for one in cast.people_in_may if one.branch == "Noord" and one.number != cast.branch[0].number)
    other = next(one for one in cast.people_in_may if one.branch == "Zuid")
    page = visitor.go(f"/members/{own.number}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(own.last_name)
    assert own.born.isoformat() not in page.content()
    assert visitor.page.request.get(f"{visitor.site.address}/members/{other.number}").status == 404


def test_anybody_reads_the_result_the_calendar_and_the_checkpoint(people: Visits) -> None:
    visitor = people(lang="en")
    page = visitor.go("/procedures/partijraad-2026")
    page.get_by_role("link", name="See how it was counted").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    calendar = page.request.get(f"{visitor.site.address}/procedures/partijraad-2026/calendar.ics")
    assert calendar.text().startswith("BEGIN:VCALENDAR")
    page = visitor.go("/ledger")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_in_the_demonstration_one_click_makes_you_somebody(people: Visits, cast: Cast) -> None:
    page = people(lang="en").go(f"/demo/as/{cast.staff[0].number}")
    page.get_by_role("main").get_by_role("button").first.click()
    page.goto(page.url.split("/demo")[0] + "/desk")
    expect(page.get_by_role("heading", level=1)).to_have_text("Desk")
