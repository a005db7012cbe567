"""Somebody who tries the demonstration while its vote is open: from one click to a vote in the box."""

import re
from collections.abc import Callable

import pytest
from keyboard import Keyboard
from played_party import Party
from playwright.sync_api import expect
from trustee_party import quick_to_open

from stembus_party_council.demo.scenes_online import way_to_vote
from stembus_party_council.demo.setting import PROCEDURE, Setting

LONG = 60_000


def test_a_reader_becomes_a_member_and_votes_with_the_code_that_was_printed(
    party_at: Callable[[str], Party],
    enter: Callable[..., Keyboard],
    played: Setting,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quick_to_open(monkeypatch)
    number, code = way_to_vote(played)
    reader = enter(party_at("vote open").site)
    page = reader.page
    reader.go(f"/demo/as/{number}")
    reader.follow(page.get_by_role("main").get_by_role("button").first)
    reader.go(f"/procedures/{PROCEDURE}")
    reader.follow(page.get_by_role("button", name="Vote", exact=True))
    reader.follow(page.get_by_role("link", name="Go to the voting booth"))
    reader.write(page.locator("#code"), code)
    page.keyboard.press("Enter")
    for candidate in (2, 0):
        reader.press(page.locator(f"[data-key=in-{candidate}]"))
    reader.press(page.locator("form button[type=submit]"))
    reader.press(page.get_by_role("button", name="Cast my vote"))
    expect(page.locator("#tracker")).to_be_visible(timeout=LONG)
    expect(page.locator("#tracker")).to_have_text(re.compile(r"^[A-Za-z0-9+/]{43}$"))
    reader.go(f"/procedures/{PROCEDURE}")
    expect(page.get_by_role("button", name="Vote", exact=True)).to_have_count(0)
