"""A vote on each person, on paper: typed by two, ruled on, counted and read by everybody, with the keyboard alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import PHONE
from copied_instances import EmptyInstances
from keyboard import Keyboard
from party_council.council_case import (
    BUREAU,
    DECLARED,
    NAMES,
    ON_EACH_PERSON,
    PROCEDURE,
    declared_in_the_meeting,
    made_public,
    number_them,
    running_to_the_vote,
)
from playwright.sync_api import expect
from readable import hindrances
from served_site import Site, serve_in_thread
from two_persons import confirm

from stembus.clock import SetClock

HOME = f"/procedures/{PROCEDURE}/poll"
PAPERS = (*["yynbb"] * 4, *["yynnb"] * 4, "nnynn", "bbbyy")
READ_BY_THE_SECOND = {9: "nnyyn"}
"""Where the second typist reads something else."""
Enter = Callable[..., Keyboard]


@pytest.fixture
def site(empty_instances: EmptyInstances, tmp_path: Path, clock: SetClock) -> Iterator[Site]:
    """The party with ten papers in the box, stamped, of a vote for or against each of five persons for two seats."""
    instance = empty_instances.copy_to(tmp_path)
    instance.clock = clock
    running_to_the_vote(instance, clock, names=NAMES, changes=ON_EACH_PERSON, at=DECLARED)
    number_them(instance, papers=len(PAPERS))
    served, server = serve_in_thread(instance)
    yield served
    server.stop()
    empty_instances.drop(instance)


@pytest.mark.parametrize("empty_instances", ["sqlite"], indirect=True)
def test_papers_on_each_person_are_typed_ruled_on_counted_and_read_by_everybody(site: Site, enter: Enter) -> None:
    chair, second = (enter(site, number) for number in BUREAU)
    type_each(chair, {})
    type_each(second, READ_BY_THE_SECOND)
    rule(chair, second)
    count(chair, second)
    declared_in_the_meeting(site.instance)
    with site.instance.write() as transaction:
        made_public(transaction)
    anybody = enter(site, size=PHONE)
    anybody.go(f"/procedures/{PROCEDURE}/result")
    main = anybody.page.get_by_role("main")
    assert main.locator("ol").first.locator("strong").all_inner_texts() == list(NAMES[:2])
    row = main.get_by_role("row").filter(has_text=NAMES[0])
    expect(row.first).to_contain_text("8")
    assert hindrances(anybody.page) == []


def type_each(typist: Keyboard, instead: dict[int, str]) -> None:
    """Type every paper over, as the field asks for them one after the other."""
    page = typist.page
    typist.go(f"{HOME}/typing")
    assert hindrances(page) == []
    for number, marks in enumerate(PAPERS, 1):
        expect(page.get_by_label(f"Paper {number} ", exact=False)).to_be_focused()
        page.keyboard.type(instead.get(number, marks))
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if number == 1:
            expect(page.get_by_text(f"{NAMES[0]}: for; 2. {NAMES[1]}: for")).to_be_visible()


def rule(chair: Keyboard, second: Keyboard) -> None:
    """Rule on the paper that two people read differently."""
    page = chair.page
    for number in READ_BY_THE_SECOND:
        chair.go(f"{HOME}/rulings")
        assert hindrances(page) == []
        card = page.get_by_role("region", name=f"Paper {number}", exact=True)
        differs = card.get_by_role("table").get_by_role("row")
        expect(differs).to_have_count(2)  # its head, and the one person of whom they read something else
        expect(differs.last).to_contain_text(f"4. {NAMES[3]}")
        chair.press(card.get_by_text(f"Rule on paper {number}", exact=True))
        chair.choose(card.get_by_label("As a vote", exact=True))
        chair.write(card.get_by_label("As a vote it reads"), PAPERS[number - 1])
        chair.write(card.get_by_label("Why?"), "door beiden opnieuw bekeken")
        chair.follow(card.get_by_role("button", name=f"Propose this ruling on paper {number}"))
        expect(page.get_by_role("main")).to_contain_text(
            "It is read as: Ada Smit: against, Ben Jansen: against, Cas van Dijk: for, Dee Visser: against"
        )
        confirm(second, page.url)
    chair.go(f"{HOME}/rulings")
    expect(page.get_by_text("All of them are ruled on. The papers can be counted.")).to_be_visible()


def count(chair: Keyboard, second: Keyboard) -> None:
    """Count the papers, by two."""
    page = chair.page
    chair.go(f"{HOME}/count")
    chair.follow(page.get_by_role("button", name="Propose to count"))
    confirm(second, page.url)
    chair.go(f"{HOME}/count")
    expect(page.get_by_text("The count elects:")).to_be_visible()
    expect(page.locator(".card ol li")).to_have_count(2)
    assert hindrances(page) == []
