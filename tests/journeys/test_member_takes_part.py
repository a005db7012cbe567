"""A member takes part: may I stand and vote and why not, what came out, what we agreed, what is known about me."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import PHONE
from keyboard import Keyboard
from played_party import Party
from playwright.sync_api import expect

from stembus_party_council.demo.cast import Cast
from stembus_party_council.demo.people import Person

Enter = Callable[..., Keyboard]
PartyAt = Callable[[str], Party]
COUNCIL = "/procedures/partijraad-2026"


@pytest.fixture
def party(party_at: PartyAt) -> Party:
    return party_at("seats taken")


def signed_in(party: Party, enter: Enter, person: Person) -> Keyboard:
    return enter(party.site, person.number, size=PHONE)


def test_a_member_sees_whether_they_may_stand_and_vote_and_why(party_at: PartyAt, enter: Enter, cast: Cast) -> None:
    member = signed_in(party_at("call open"), enter, cast.supporting)
    page = member.page
    member.go(COUNCIL)
    stand = page.get_by_role("region", name="May I stand?")
    expect(stand).to_contain_text("You may stand as a candidate.")
    member.press(stand.get_by_text("Why? See every check"))
    expect(stand.get_by_text(f"Member since {cast.supporting.member_since.day} ")).to_be_visible()
    vote = page.get_by_role("region", name="May I vote?")
    expect(vote).to_contain_text("You can expect that you may vote.")
    expect(vote).to_contain_text("The list of voters is not made yet.")


def test_who_may_not_vote_reads_why_and_objects_to_the_roll(party_at: PartyAt, enter: Enter, cast: Cast) -> None:
    party = party_at("objections open")
    member = signed_in(party, enter, cast.newcomer)
    page = member.page
    member.go(COUNCIL)
    vote = page.get_by_role("region", name="May I vote?")
    expect(vote).to_contain_text("You may not vote.")
    expect(vote.get_by_text("Not yet a member for 3 months")).to_be_visible()
    member.follow(vote.get_by_role("link", name="Object to the list of voters"))
    member.follow(page.get_by_role("button", name="Send my objection"))
    expect(page.get_by_role("alert")).to_be_focused()
    member.write(page.get_by_label("What is wrong, and how should it be?"), "Ik was al eerder lid van de afdeling")
    member.follow(page.get_by_role("button", name="Send my objection"))
    expect(page.get_by_text("Waits for an answer")).to_be_visible()
    expect(page.get_by_text("Ik was al eerder lid van de afdeling")).to_be_visible()
    committee = enter(party.site, cast.committee[0].number)
    committee.go(f"{COUNCIL}/poll/roll")
    expect(committee.page.get_by_role("main")).to_contain_text(cast.newcomer.name)


def test_a_member_sees_the_result_with_its_arithmetic(
    party: Party, enter: Enter, cast: Cast, played_demo: Path
) -> None:
    report = json.loads((played_demo / "result" / "report.json").read_text(encoding="utf-8"))
    counted = report["contests"][0]["count"]
    valid, needed = counted["valid"], counted["valid"] // 14 + 1
    member = signed_in(party, enter, cast.supporting)
    page = member.page
    member.go("/procedures")
    member.follow(page.get_by_role("link", name="Election of the party council"))
    result = page.get_by_role("region", name="The result")
    expect(result.locator("ol > li")).to_have_count(13)
    expect(result.locator(".sum")).to_contain_text(f"Needed to be elected: {needed} votes.")
    expect(result.locator(".sum")).to_contain_text(
        f"{valid} valid votes divided by 14 (that is 13 places and one more), rounded down, plus 1."
    )
    member.follow(result.get_by_role("link", name="See how it was counted"))
    member.press(page.get_by_text("All stages in figures"))
    expect(page.locator("details[open]").get_by_role("table").first).to_contain_text(f"{needed}.00000")


def test_a_member_reads_a_policy_and_a_document_in_full_and_in_easy_words(
    party: Party, enter: Enter, cast: Cast
) -> None:
    member = signed_in(party, enter, cast.supporting)
    page = member.page
    for path, name in (("/policies", "Election of the party council"), ("/documents", "Code of conduct")):
        member.go(path)
        member.follow(page.get_by_role("link", name=name))
        versions = page.get_by_role("navigation", name="This text in another version")
        member.follow(versions.get_by_role("link", name="Easy Dutch"))
        expect(page.get_by_text("Where it differs, the full Dutch text counts.")).to_be_visible()
        expect(page.get_by_role("article")).to_have_attribute("lang", "nl-simple")
        easy = page.get_by_role("article").inner_text()
        member.follow(versions.get_by_role("link", name="Full text in Dutch"))
        assert page.get_by_role("article").inner_text() != easy


def test_who_joins_is_asked_to_sign_the_code_of_conduct_and_can_do_so_later(
    party: Party, enter: Enter, cast: Cast
) -> None:
    member = signed_in(party, enter, cast.newcomer)
    page = member.page
    member.go("/")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Welcome, {cast.newcomer.name}")
    member.follow(page.get_by_role("button", name="Later"))
    expect(page.get_by_text("Not signed yet")).to_be_visible()
    member.follow(page.get_by_role("link", name="Read it and sign"))
    sign = page.get_by_role("main").get_by_role("button", name="Sign", exact=True)
    member.follow(sign)
    expect(page.get_by_role("alert")).to_contain_text("Tick the box to sign.")
    member.tick(page.get_by_role("checkbox"))
    member.follow(sign)
    expect(page.get_by_role("status")).to_contain_text("Thank you. You signed")


def test_who_holds_a_seat_sees_it_and_what_it_lets_them_do(party: Party, enter: Enter, cast: Cast) -> None:
    member = signed_in(party, enter, cast.committee[0])
    page = member.page
    member.go("/my-seats")
    expect(page.get_by_role("heading", name="Electoral committee")).to_be_visible()
    expect(page.get_by_text("1 March 2028")).to_be_visible()
    member.press(page.get_by_text("What this seat lets you do"))
    expect(page.locator("details[open] li").first).to_be_visible()


def test_a_member_takes_everything_that_is_kept_about_them(party: Party, enter: Enter, cast: Cast) -> None:
    member = signed_in(party, enter, cast.newcomer)
    page = member.page
    member.go("/my-data")
    member.reach(page.get_by_role("link", name="Download everything"))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    kept = json.loads(download.value.path().read_text(encoding="utf-8"))
    text = json.dumps(kept, ensure_ascii=False)
    assert cast.newcomer.street in text
    assert "Ik was al veel eerder bij de afdeling" in text
    assert cast.supporting.street not in text or cast.supporting.street == cast.newcomer.street
