"""A member signs in: by a link in a mail, or by the code in a letter, typed or read by a telephone."""

import io
import re
from collections import Counter
from collections.abc import Callable

import pytest
import zxingcpp
from browsing import PHONE
from keyboard import Keyboard
from PIL import Image
from played_party import Party
from playwright.sync_api import expect
from postbox import text_of

from stembus_party_council.demo.cast import Cast

Enter = Callable[..., Keyboard]


@pytest.fixture
def party(party_at: Callable[[str], Party]) -> Party:
    return party_at("seats taken")


def test_a_link_in_a_mail_signs_a_member_in_once(party: Party, enter: Enter, cast: Cast) -> None:
    members = Counter(one.mail for one in cast.people_in_may if one.mail)
    someone = next(one for one in cast.people_in_may if members[one.mail] == 1)
    member = enter(party.site, size=PHONE)
    page = member.page
    member.go("/sign-in")
    member.write(page.get_by_label("Your e-mail address"), someone.mail)
    member.follow(page.get_by_role("button", name="Mail me a link"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your mail")
    party.send_mail()
    (mail,) = party.postbox.mails
    (link,) = re.findall(r"http://localhost:\d+/sign-in/link/\S+", text_of(mail))
    page.goto(link)
    member.follow(page.get_by_role("main").get_by_role("button", name="Sign in"))
    member.follow(page.get_by_role("link", name="Read it and sign"))
    member.tick(page.get_by_role("checkbox"))
    member.follow(page.get_by_role("main").get_by_role("button", name="Sign", exact=True))
    member.go("/documents/gedragscode")
    expect(page.get_by_text("You signed this version").first).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not work any more")


def letter_for(number: str, party: Party, enter: Enter, cast: Cast) -> Keyboard:
    """Have the office make a code for a letter to this member, and return the office at the page to print."""
    office = enter(party.site, cast.staff[0].number)
    page = office.page
    office.go(f"/members/{number}/letter-code")
    passkey = page.get_by_role("button", name="Show my passkey (practice)")
    if passkey.count():
        office.follow(passkey)
    office.follow(page.get_by_role("button", name="Make the code"))
    if passkey.count():
        office.follow(passkey)
        office.follow(page.get_by_role("button", name="Make the code"))
    return office


def test_who_has_no_mail_types_the_code_in_a_letter_once(party: Party, enter: Enter, cast: Cast) -> None:
    someone = next(one for one in cast.people_in_may if not one.mail)
    letter = letter_for(someone.number, party, enter, cast)
    code = letter.page.locator(".code").inner_text().strip()
    member = enter(party.site, size=PHONE)
    page = member.page
    member.go("/sign-in")
    member.follow(page.get_by_role("link", name="With the code in a letter of the party"))
    member.write(page.get_by_label("Code"), code.lower().replace("-", " "))
    member.follow(page.get_by_role("main").get_by_role("button", name="Sign in"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(someone.name)

    other = enter(party.site, size=PHONE)
    other.go("/sign-in/letter")
    other.write(other.page.get_by_label("Code"), code)
    other.follow(other.page.get_by_role("main").get_by_role("button", name="Sign in"))
    expect(other.page.get_by_role("alert")).to_be_focused()


def test_a_telephone_reads_the_square_in_the_letter(party: Party, enter: Enter, cast: Cast) -> None:
    someone = next(one for one in cast.people_in_may if not one.mail)
    letter = letter_for(someone.number, party, enter, cast)
    picture = Image.open(io.BytesIO(letter.page.get_by_role("img", name="QR-code").screenshot()))
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text.startswith(f"{party.site.address}/sign-in/letter#")
    member = enter(party.site, size=PHONE)
    member.page.goto(found.text)
    member.follow(member.page.get_by_role("main").get_by_role("button", name="Sign in"))
    expect(member.page.get_by_role("heading", level=1)).to_contain_text(someone.name)


def test_a_mailbox_that_two_members_share_identifies_neither(party: Party, enter: Enter, cast: Cast) -> None:
    members = Counter(one.mail for one in cast.people_in_may if one.mail)
    shared = next(mail for mail, people in members.items() if people > 1)
    member = enter(party.site, size=PHONE)
    page = member.page
    member.go("/sign-in")
    member.write(page.get_by_label("Your e-mail address"), shared)
    member.follow(page.get_by_role("button", name="Mail me a link"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your mail")
    party.send_mail()
    (mail,) = party.postbox.mails
    assert "/sign-in/link/" not in text_of(mail)
    (way,) = re.findall(r"http://localhost:\d+/sign-in/\S+", text_of(mail))
    page.goto(way)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in with a letter")
