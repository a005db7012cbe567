"""From the closed box to the result: accounted, typed over, ruled on, counted, declared and made public, on the pages.

Most papers are typed over from files, as an office may do; the last ones are typed here, with the keyboard alone.
"""

import re
from collections.abc import Callable

import pytest
from keyboard import Keyboard
from played_party import Party
from playwright.sync_api import expect
from rich.console import Console
from two_persons import confirm

from stembus.clock import RunningClock
from stembus_party_council.demo.cast import Cast
from stembus_party_council.demo.inputs import write_meeting, write_typing
from stembus_party_council.demo.scenes_vote import as_printed
from stembus_party_council.demo.script import Scene, Typed, typed
from stembus_party_council.demo.setting import PROCEDURE, at, two
from stembus_party_council.demo.stage import Stage

HOME = f"/procedures/{PROCEDURE}/poll"
TYPED_HERE = 2
Enter = Callable[..., Keyboard]


@pytest.fixture
def party(party_at: Callable[[str], Party]) -> Party:
    return party_at("vote closed")


def by_command(party: Party, *commands: Typed) -> None:
    """Do what the office does with commands, at the moment where the party is."""
    now = party.site.instance.clock.now()
    Stage(party.setting.folder / "instance", Console(quiet=True), pause=False).play(
        [Scene(now, "", "", commands)], len(commands)
    )


def test_the_stembureau_counts_and_the_result_is_declared_and_public(party: Party, enter: Enter, cast: Cast) -> None:
    chair, second, *typists = (enter(party.site, person.number) for person in cast.bureau)
    papers, page = as_printed(party.setting), chair.page
    by_post = party.setting.by_post
    in_room = len(papers) - by_post

    chair.go(f"{HOME}/accounting")
    copies = len(papers) + 20
    for label, number in (
        ("Papers left over", copies - in_room - 1 - by_post),
        ("Spoiled papers that were handed back", 1),
        ("Papers in the box", in_room),
        ("Papers from inner envelopes", by_post),
    ):
        chair.write(page.get_by_label(label), str(number))
    chair.follow(page.get_by_role("button", name="Propose this accounting"))
    confirm(second, page.url)
    chair.go(f"{HOME}/accounting")
    chair.write(page.get_by_label("The last number that was stamped"), str(len(papers)))
    chair.follow(page.get_by_role("button", name="Propose: mixed and numbered"))
    confirm(second, page.url)

    type_over(party, typists, papers, cast)
    rule(chair, second, papers)
    count(party, enter, cast)
    record_the_meeting(party, enter, cast)
    declare_and_publish(party, enter, cast)


def type_over(party: Party, typists: list[Keyboard], papers: list[str], cast: Cast) -> None:
    """Type all but the last papers from a file and the last ones by hand; the second typist slips on the very last."""
    file = party.setting.inputs / "typing.csv"
    write_typing(file, papers[:-TYPED_HERE])
    for typist, person in zip(typists, cast.bureau[2:], strict=True):
        by_command(party, typed("paper", "type", PROCEDURE, "--typist", person.number, "--from", str(file)))
        typist.go(f"{HOME}/typing")
        for number in range(len(papers) - TYPED_HERE + 1, len(papers) + 1):
            field = typist.page.get_by_label(re.compile(rf"Paper {number} "))
            expect(field).to_be_focused()
            slips = typist is typists[1] and number == len(papers)
            typist.page.keyboard.type("blank" if slips else papers[number - 1])
            with typist.page.expect_navigation():
                typist.page.keyboard.press("Enter")


def rule(chair: Keyboard, second: Keyboard, papers: list[str]) -> None:
    """Rule on the doubtful papers and on the one that two people read differently."""
    doubtful = [number for number, marks in enumerate(papers, 1) if marks.startswith("?")]
    page = chair.page
    for number in [*doubtful, len(papers)]:
        chair.go(f"{HOME}/rulings")
        card = page.get_by_role("region", name=f"Paper {number}", exact=True)
        chair.press(card.get_by_text(f"Rule on paper {number}", exact=True))
        chair.choose(card.get_by_label("Invalid" if number in doubtful else "As a vote", exact=True))
        if number not in doubtful:
            chair.write(card.get_by_label("As a vote it reads"), papers[number - 1])
        chair.write(card.get_by_label("Why?"), "door beiden opnieuw bekeken")
        chair.follow(card.get_by_role("button", name=f"Propose this ruling on paper {number}"))
        confirm(second, page.url)
    chair.go(f"{HOME}/rulings")
    expect(page.get_by_text("All of them are ruled on. The papers can be counted.")).to_be_visible()


def count(party: Party, enter: Enter, cast: Cast) -> None:
    """Count; and since so few votes decide that the policy asks for it, two others type all papers again."""
    party.site.instance.clock = RunningClock(at(6, 22, 10))
    chair, second, *_ = (enter(party.site, person.number) for person in cast.bureau)
    page, both, file = chair.page, two(cast.bureau[0].number, cast.bureau[1].number), party.setting.inputs / "again.csv"
    chair.go(f"{HOME}/count")
    chair.follow(page.get_by_role("button", name="Propose to count"))
    confirm(second, page.url)
    chair.go(f"{HOME}/count")
    expect(page.get_by_text("The count elects:")).to_be_visible()
    expect(page.locator(".card ol li")).to_have_count(13)

    chair.press(page.get_by_text("Order a recount by hand"))
    chair.write(page.get_by_label("Who asks for it"), "het stembureau")
    chair.write(page.get_by_label("Why?"), "minder dan één stem verschil")
    chair.follow(page.get_by_role("button", name="Propose a recount"))
    confirm(second, page.url)
    papers = as_printed(party.setting)
    write_typing(file, papers)
    doubtful = [str(number) for number, marks in enumerate(papers, 1) if marks.startswith("?")]
    ruled = ("--invalid", "--reason", "de eerste voorkeur is niet zeker te lezen", *both)
    by_command(
        party,
        *(typed("paper", "type", PROCEDURE, "--typist", one.number, "--from", str(file)) for one in cast.bureau[:2]),
        *(typed("paper", "rule", PROCEDURE, number, *ruled) for number in doubtful),
        typed("poll", "count", PROCEDURE, *both),
    )


def record_the_meeting(party: Party, enter: Enter, cast: Cast) -> None:
    """Enter the record of the meeting, as the office does from the minutes."""
    file, called = party.setting.inputs / "meeting.toml", cast.people_in_may
    by_mail = sum(1 for person in called if person.mail and person.mail_consent)
    present = len(party.setting.papers) - party.setting.by_post
    write_meeting(file, present=present, mail=by_mail, post=len(called) - by_mail, chair=cast.staff[0].name)
    office, colleague = (enter(party.site, person.number) for person in cast.staff)
    page = office.page
    office.go(f"{HOME}/meeting")
    office.write(page.get_by_role("textbox", name="The record"), file.read_text(encoding="utf-8"))
    office.write(page.get_by_label("Where the minutes are found"), "notulen ALV 20-6-2026")
    office.follow(page.get_by_role("button", name="Propose this record"))
    confirm(colleague, page.url)
    office.go(f"{HOME}/meeting")
    expect(page.get_by_text("The meeting meets the policy.")).to_be_visible()
    minutes = ("--ground", "notulen ALV 20-6-2026", *two(*(person.number for person in cast.staff)))
    by_command(party, typed("procedure", "complete", PROCEDURE, "alv", *minutes))


def declare_and_publish(party: Party, enter: Enter, cast: Cast) -> None:
    """Declare the result and make it public, as far as the policy allows."""
    chair, second, *_ = (enter(party.site, person.number) for person in cast.bureau)
    page = chair.page
    assert page.request.get(f"{party.site.address}/procedures/{PROCEDURE}/result").status == 404
    chair.go(f"{HOME}/result")
    chair.write(page.get_by_label("What it rests on"), "proces-verbaal van 22-6-2026")
    chair.follow(page.get_by_role("button", name="Propose to declare the result"))
    confirm(second, page.url)
    chair.go(f"{HOME}/result")
    chair.follow(page.get_by_role("button", name="Propose to make it public"))
    confirm(second, page.url)
    visitor = enter(party.site)
    visitor.go(f"/procedures/{PROCEDURE}/result")
    expect(visitor.page.get_by_role("main").locator("ol").first.locator("li")).to_have_count(13)
    expect(visitor.page.get_by_role("heading", name="What is not public")).to_be_visible()
