"""The party office keeps the membership roll: imports it, undoes that, merges who is in it twice, finds anybody."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from keyboard import LIVE, Keyboard
from played_party import Party
from playwright.sync_api import Locator, expect

from stembus_party_council.demo.cast import Cast
from stembus_party_council.demo.inputs import write_members
from stembus_party_council.demo.people import Person

JOINED = "000901"


@pytest.fixture
def party(party_at: Callable[[str], Party]) -> Party:
    """The party on 8 May, with the roll of March."""
    return party_at("call open")


@pytest.fixture
def office(party: Party, enter: Callable[..., Keyboard], cast: Cast) -> Keyboard:
    return enter(party.site, cast.staff[0].number)


def fate(office: Keyboard, name: str) -> Locator:
    """Return the row that says how many rows of the file have this fate."""
    button = office.page.get_by_role("button", name=name, exact=True)
    return office.page.locator("tr").filter(has=button)


def look(office: Keyboard, file: Path, people: Sequence[Person]) -> None:
    """Show the office what importing these people would do."""
    write_members(file, people)
    page = office.page
    office.go("/members/import")
    office.upload(page.get_by_label("The file from the membership system"), file)
    office.follow(page.get_by_role("button", name="Show what would happen"))


def test_the_office_imports_a_roll_with_the_fate_of_every_row_and_undoes_it(
    office: Keyboard, tmp_path: Path, cast: Cast
) -> None:
    page, known = office.page, list(cast.people)
    joined = known[0]._replace(number=JOINED, first_name="Robin", last_name="Nieuwkomer", mail="robin@post.example")
    moved, nameless, left = known[100], known[101], known[102]
    stay = [one for one in known if one not in (moved, nameless, left)]
    look(
        office, tmp_path / "leden.csv", [*stay, moved._replace(town="Elders"), nameless._replace(last_name=""), joined]
    )
    for name, count in (("new", "1"), ("changed", "1"), ("refused", "1"), ("gone", "1"), ("unchanged", "597")):
        expect(fate(office, name)).to_contain_text(count)
    expect(page.get_by_text(f"{moved.town} → Elders")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=nameless.number)).to_contain_text("Surname")

    office.follow(page.get_by_role("button", name="Apply the import"))
    expect(page.get_by_role("alert")).to_contain_text("cannot be used")
    office.tick(page.get_by_label("Go on without the 1 rows that cannot be used"))
    office.follow(page.get_by_role("button", name="Apply the import"))
    expect(page.get_by_text("The roll was imported, as import 2.")).to_be_visible()
    office.go(f"/members/{moved.number}")
    expect(page.get_by_text("Elders")).to_be_visible()

    office.go("/members/import")
    office.follow(page.get_by_role("link", name="Import 2"))
    office.write(page.get_by_label("Why?"), "verkeerd bestand")
    office.follow(page.get_by_role("button", name="Undo it"))
    expect(page.get_by_text("Import 2 is undone: the roll is as it was before.")).to_be_visible()
    office.go(f"/members/{moved.number}")
    expect(page.get_by_text(moved.town)).to_be_visible()
    assert page.request.get(f"{office.site.address}/members/{JOINED}").status == 404


def test_the_office_finds_a_member_and_merges_somebody_who_is_on_the_roll_twice(
    office: Keyboard, tmp_path: Path, cast: Cast
) -> None:
    page, person = office.page, cast.supporting
    twice = person._replace(
        number=JOINED, born=person.born.replace(year=person.born.year - 1), mail="ander@post.example"
    )
    look(office, tmp_path / "leden.csv", [*cast.people, twice])
    office.follow(page.get_by_role("button", name="Apply the import"))

    office.go("/members")
    office.search(person.last_name)
    expect(page.get_by_role("link", name=person.name, exact=True)).to_have_count(2)

    office.follow(page.get_by_role("link", name="Merge two entries"))
    office.write(page.get_by_label("Number that stays"), person.number)
    office.write(page.get_by_label("Number that goes into it"), JOINED)
    office.follow(page.get_by_role("button", name="Compare them"))
    expect(
        page.get_by_text(f"{JOINED} keeps only its number, which from then on leads to {person.number}.")
    ).to_be_visible()
    office.write(page.get_by_label("How is it known that they are one person?"), "telefoongesprek met het lid")
    office.follow(page.get_by_role("button", name="Merge them"))
    expect(page.get_by_text(f"{JOINED} was merged into {person.number}.")).to_be_visible()
    expect(page.get_by_text("Also known as")).to_be_visible()


def test_the_list_of_members_answers_while_one_types(office: Keyboard, cast: Cast) -> None:
    page, person = office.page, cast.people[5]
    office.go("/members")
    if not page.evaluate(LIVE):
        pytest.skip("NOT RUN: the script of the pages was not fetched (make assets)")
    page.evaluate("window.isTheSame = true")
    office.write(page.get_by_role("searchbox"), person.number)
    expect(page.get_by_role("status").get_by_role("link", name=person.name)).to_be_visible()
    office.press(page.get_by_role("button", name="Search"))
    expect(page.get_by_role("status").get_by_role("link")).to_have_count(1)
    assert page.evaluate("window.isTheSame"), "the page was loaded anew"
    office.follow(page.get_by_role("link", name=person.name))
