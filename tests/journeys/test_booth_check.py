"""Voters check the booth with another device: a booth that does what was chosen, and two that cheat."""

import io
import re
from collections.abc import Iterator

import pytest
import zxingcpp
from booth_voters import LONG, Enter, Open, Voter, opened, serving, voters_of
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect
from readable import hindrances
from secret_poll_party import SecretParty

from stembus_polls.booth.seal import BOOTH, CHECKER
from stembus_polls.secret.batches import post_batch
from stembus_polls.secret.poll import poll_by_uuid

ADA, BEN = range(2)


@pytest.fixture(scope="module")
def served_poll(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    with serving(tmp_path_factory.mktemp("checked"), voters=20) as poll:
        yield poll


@pytest.fixture
def voter(chromium: Browser, served_poll: Open) -> Iterator[Enter]:
    yield from voters_of(chromium, served_poll)


def at_review(voter: Enter, **options: object) -> Voter:
    """Somebody who ranked Ben before Ada, and looks at it."""
    one = voter(**options)
    one.enter(lang="en")
    one.sign()
    one.rank((BEN, ADA))
    return one


def checker(one: Voter, address: str = "") -> Page:
    """The checker on another device, opened at its address or by a link."""
    page = one.context.new_page()
    one.watch(page)
    page.goto(address or f"{one.site.address}/polls/{one.party.uuid}/check")
    page.get_by_role("button", name="English").click()
    return page


def scanned(page: Page) -> str:
    """What a telephone reads from the square on a page."""
    picture = Image.open(io.BytesIO(page.locator(".square").screenshot()))
    [found] = zxingcpp.read_barcodes(picture)
    return found.text


def look_for(page: Page, code: str, tracker: str, heading: str) -> None:
    """Give the checker a code and then a tracker, and see what it says."""
    if page.get_by_role("button", name="Begin again").is_visible():
        page.get_by_role("button", name="Begin again").click()
    page.get_by_label("The check code").fill(code)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Your tracker").fill(tracker)
    page.get_by_role("button", name="Look in the box").click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=LONG)


def put_on_board(party: SecretParty) -> None:
    """Put every ballot that waits onto the board."""
    with party.instance.write() as transaction:
        post_batch(transaction, poll_by_uuid(transaction.session, party.uuid))


def cheating(one: Voter, honest: str, cheat: str) -> None:
    """Give somebody a booth with one change in it, as a server could that is not honest."""
    page = BOOTH.read_text(encoding="utf-8")
    assert page.count(honest) == 1, honest
    page = re.sub(r"<meta http-equiv[^>]*>", "", page.replace(honest, cheat))

    def serve(route: Route) -> None:
        route.fulfill(body=page, content_type="text/html; charset=utf-8")

    one.page.route(f"{one.booth}/", serve)


def test_the_checker_says_what_is_in_the_ballot_and_that_one_is_never_cast(voter: Enter) -> None:
    one = at_review(voter)
    code = one.commitment()
    page = checker(one)
    page.get_by_label("The check code").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Go on").click()
    opening = one.open_it()
    expect(one.page.get_by_text("It can no longer be cast, and you have not voted yet.")).to_be_visible()
    assert one.page.get_by_role("button", name="Cast my vote").count() == 0
    page.get_by_label("Or paste the text from the booth here").fill(opening)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("heading", name="The code matches: this is in the test vote")).to_be_visible(timeout=LONG)
    assert page.locator(".said li").all_inner_texts() == ["Ben Jansen", "Ada Smit"]
    expect(page.get_by_text("Is this what you chose in the booth?")).to_be_visible()
    assert page.url == f"{one.site.address}/polls/{one.party.uuid}/check"
    one.page.get_by_role("button", name="Back, to vote for real").click()
    assert one.commitment() != code
    one.cast()
    assert opened(one.party, one.ballot()) == [[2, 1, 0, 0, 0]]
    assert opening.rpartition("#o.")[2].split(".")[1] not in str([request.post_data for request in one.sent])


def test_a_telephone_scans_both_squares_and_its_pages_tell_each_other(voter: Enter) -> None:
    one = at_review(voter, viewport={"width": 800, "height": 1200}, device_scale_factor=2)
    one.commitment()
    first = checker(one, scanned(one.page))
    expect(first.get_by_text("This code is remembered.")).to_be_visible()
    one.open_it()
    second = checker(one, scanned(one.page))
    expect(second.get_by_role("heading", name="The code matches: this is in the test vote")).to_be_visible(timeout=LONG)
    assert second.locator(".said li").all_inner_texts() == ["Ben Jansen", "Ada Smit"]
    asked = [request.url for request in one.sent if request.url.startswith(one.site.address)]
    assert not [url for url in asked if "#" in url or "o." in url.rpartition("/")[2]], "the opening reaches a server"


def test_a_booth_that_encrypts_another_choice_is_caught(voter: Enter) -> None:
    one = voter()
    honest = "unsignedBallot(state.election, state.credential, votes, seed)"
    cheating(one, honest, honest.replace("votes,", "votes.map(vote => [...vote].reverse()),"))
    one.enter(lang="en")
    one.sign()
    one.rank((BEN, ADA))
    assert one.page.locator(".said li").all_inner_texts() == ["Ben Jansen", "Ada Smit"]
    page = checker(one)
    page.get_by_label("The check code").fill(one.commitment())
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Or paste the text from the booth here").fill(one.open_it())
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("heading", name="This does not match")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("Do not vote on that device.")).to_be_visible()


def test_v5_a_booth_that_casts_something_else_after_the_code_is_caught_on_the_board(voter: Enter) -> None:
    honest = "await sealed(await state.ballot)"
    other = "await sealed(await prepare((await state.ballot).votes.map(vote => [...vote].reverse())))"
    liar, fair = voter(), voter()
    cheating(liar, honest, other)
    checked: dict[str, tuple[Page, str, str]] = {}
    for one in (liar, fair):
        one.enter(lang="en")
        one.sign()
        one.rank((BEN, ADA))
        code, page = one.commitment(), checker(one)
        checked[one.number] = page, code, one.cast()
        look_for(*checked[one.number], "This vote is not there, or not yet")
    put_on_board(fair.party)
    look_for(*checked[liar.number], "There is another vote than that of the check code")
    look_for(*checked[fair.number], "This vote is in the box")
    with fair.page.expect_popup() as waiting:
        fair.page.get_by_role("link", name="look for my vote in the box").click()
    expect(waiting.value.get_by_role("heading")).to_have_text(re.compile("in the box|in de stembus"), timeout=LONG)


def test_a_voting_code_does_not_belong_in_the_checker(voter: Enter) -> None:
    one = voter()
    page = checker(one)
    field = page.get_by_label("The check code")
    field.fill(one.party.codes[one.number])
    page.get_by_role("button", name="Go on").click()
    expect(
        page.get_by_text("This is a voting code. It is secret and does not belong here; we wiped it.")
    ).to_be_visible()
    expect(field).to_have_value("")
    field.fill("ABCDE-FGHJK")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("A check code has 30 characters, and these are 10.")).to_be_visible()


def test_the_checker_works_as_a_file_on_ones_own_device(voter: Enter) -> None:
    one = at_review(voter)
    code = one.commitment()
    record = one.page.request.get(f"{one.site.address}/polls/{one.party.uuid}/election.json").body()
    page = checker(one, CHECKER.as_uri())
    page.get_by_label("The check code").fill(code)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Or paste the text from the booth here").fill(one.open_it())
    page.get_by_role("button", name="Check", exact=True).click()
    field = page.get_by_label("The file election.json")
    field.set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": b"{}"})
    expect(page.get_by_text("This is no poll that can be checked here.")).to_be_visible()
    field.set_input_files({"name": "election.json", "mimeType": "application/json", "buffer": record})
    expect(page.get_by_role("heading", name="The code matches: this is in the test vote")).to_be_visible(timeout=LONG)


@pytest.mark.parametrize("lang", ["Nederlands", "Makkelijk Nederlands", "English"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_w12_axe_finds_nothing_on_any_screen_of_the_checker(voter: Enter, lang: str, theme: str) -> None:
    one = at_review(voter, color_scheme=theme)
    code, page = one.commitment(), checker(one)
    found: list[str] = []
    page.get_by_role("button", name=lang, exact=True).click()

    def look_with_axe(screen: str) -> None:
        found.extend(f"{screen}: {one}" for one in hindrances(page))

    look_with_axe("start")
    page.press("#code", "Enter")
    look_with_axe("no code")
    page.fill("#code", code)
    page.press("#code", "Enter")
    look_with_axe("waiting")
    page.fill("#opening", one.open_it())
    page.click("form button >> nth=0")
    expect(page.locator(".vote")).to_be_visible(timeout=LONG)
    look_with_axe("match")
    assert found == []
