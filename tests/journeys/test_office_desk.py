"""The party office begins its day: what is urgent, what has to be begun, what was done. With the keyboard alone."""

import re
from collections.abc import Callable
from datetime import date

from keyboard import Keyboard
from played_party import Party
from playwright.sync_api import expect
from two_persons import confirm

from stembus_party_council.demo.cast import Cast

Enter = Callable[..., Keyboard]
PartyAt = Callable[[str], Party]


def test_the_office_copies_an_earlier_procedure_and_its_desk_lists_both_the_most_urgent_first(
    party_at: PartyAt, enter: Enter, cast: Cast
) -> None:
    party = party_at("seats taken")
    office = enter(party.site, cast.staff[0].number)
    page = office.page
    office.go("/procedures/new")
    office.follow(page.get_by_role("listitem").filter(has_text="partijraad-2026").get_by_role("link"))
    office.write(page.get_by_label("What is it called?"), "partijraad-2028")
    office.fill_day(page.get_by_label(re.compile("The date that is chosen")), date(2028, 6, 17))
    office.follow(page.get_by_role("button", name="Show the dates"))
    expect(page.get_by_text("In partijraad-2026 it was on 20 June 2026.").first).to_be_visible()
    office.follow(page.get_by_role("button", name="Propose to begin it"))
    expect(page.get_by_text("partijraad-2028").first).to_be_visible()
    confirm(enter(party.site, cast.staff[1].number), page.url)

    office.go("/desk")
    cards = page.locator(".card").filter(has_text=re.compile("bestuur-2026|partijraad-2028"))
    expect(cards).to_have_count(2)
    urgent, later = cards.nth(0), cards.nth(1)
    expect(urgent).to_contain_text("bestuur-2026")
    expect(urgent).to_contain_text("Saturday 1 August 2026 at 17:00")
    expect(later).to_contain_text("partijraad-2028")


def test_the_desk_says_what_blocks_a_procedure_and_who_has_to_act(party_at: PartyAt, enter: Enter, cast: Cast) -> None:
    party = party_at("vote closed")
    office = enter(party.site, cast.staff[0].number)
    office.go("/desk")
    card = office.page.locator(".card").filter(has_text="partijraad-2026").first
    expect(card).to_contain_text("To act:")
    expect(card).to_contain_text(cast.bureau[0].name)
    expect(card.locator(".blocks li").first).to_be_visible()
    office.follow(card.get_by_role("heading").get_by_role("link"))
    expect(office.page.get_by_role("heading", level=1)).to_have_text("Election of the party council")


def test_the_office_reads_the_acts_of_a_body_as_sentences(party_at: PartyAt, enter: Enter, cast: Cast) -> None:
    party = party_at("seats taken")
    office = enter(party.site, cast.staff[0].number)
    page = office.page
    office.go("/acts")
    office.select(page.get_by_label("Body"), "Stembureau")
    office.fill_day(page.get_by_label("From"), date(2026, 6, 20))
    office.follow(page.get_by_role("main").get_by_role("button", name="Show"))
    declared = page.locator(".acts li").filter(has_text="declared").first
    expect(declared).to_contain_text(cast.bureau[0].name)
    expect(declared).to_contain_text("chair")
    expect(declared).to_contain_text("23 June 2026 at 11:00")
    expect(declared).to_contain_text("Ground: proces-verbaal van 23-6-2026")
