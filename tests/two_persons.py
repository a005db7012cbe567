"""What takes two people, on the pages: the second reads what was proposed, shows who they are, and confirms it."""

from keyboard import Keyboard
from playwright.sync_api import expect


def confirm(second: Keyboard, proposal: str) -> None:
    """Confirm the proposal at this address, as the second person."""
    page = second.page
    page.goto(proposal)
    second.follow(page.get_by_role("link", name="Go on to confirm it"))
    passkey = page.get_by_role("button", name="Show my passkey (practice)")
    if passkey.count():
        second.follow(passkey)
    second.follow(page.get_by_role("button", name="Confirm and carry out"))
    expect(page.get_by_text("You confirmed it, and it is carried out.")).to_be_visible()
