"""The party office calls the members to a meeting: seen, tested, released, followed and proved. Keyboard alone."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import msgspec
import pikepdf
import pytest
from browsing import PHONE
from keyboard import Keyboard
from mail_cases import report
from mail_return import Imap, trusting
from played_party import Party
from playwright.sync_api import Locator, expect
from postbox import text_of

from stembus.clock import RunningClock
from stembus.notices.returns import poll
from stembus_party_council.demo.cast import Cast
from stembus_party_council.demo.people import Person

TEXT = "Beste {name},\n\nU bent uitgenodigd voor de ledenvergadering."


class Called(NamedTuple):
    """Three members: one who gets the mail, one whose mailbox is gone, one who did not agree to mail (BW 2:41)."""

    arrives: Person
    returns: Person
    by_letter: Person


@pytest.fixture
def party(party_at: Callable[[str], Party]) -> Party:
    return party_at("seats taken")


@pytest.fixture
def office(party: Party, enter: Callable[..., Keyboard], cast: Cast) -> Keyboard:
    return enter(party.site, cast.staff[0].number)


@pytest.fixture
def called(cast: Cast) -> Called:
    people = [one for one in cast.people_in_may if one.mail and not one.abroad]
    alone = [one for one in people if sum(other.mail == one.mail for other in people) == 1]
    arrives, returns = [one for one in alone if one.mail_consent][:2]
    return Called(arrives, returns, next(one for one in alone if not one.mail_consent))


def two_minutes_later(party: Party) -> None:
    party.site.instance.clock = RunningClock(party.site.instance.clock.now() + timedelta(minutes=2))


def row_of(office: Keyboard, person: Person) -> Locator:
    return office.page.get_by_role("row").filter(has_text=person.number)


def write_draft(office: Keyboard, called: Called) -> None:
    """Write a convocation to the three and keep it."""
    page = office.page
    office.go("/mailings/new")
    office.write(page.get_by_label("Name for the office"), "Oproeping ALV")
    office.choose(page.get_by_label("Members with these numbers"))
    office.write(page.get_by_label("Member numbers"), " ".join(one.number for one in called))
    office.write(page.get_by_label("Subject", exact=True), "Oproeping voor de ALV")
    office.write(page.get_by_label("Text", exact=True), TEXT)
    office.follow(page.get_by_role("button", name="Keep and look"))


def release(office: Keyboard, party: Party, called: Called) -> None:
    """Write it, test it, and release it to a mail server that does not know one of the addresses."""
    write_draft(office, called)
    office.follow(office.page.get_by_role("button", name="Send a test mail to me"))
    party.send_mail()
    party.postbox.mails.clear()
    party.postbox.unknown.add(called.returns.mail)
    two_minutes_later(party)
    office.write(office.page.get_by_label("Which decision or article does it rest on?"), "statuten 14.2")
    office.follow(office.page.get_by_role("button", name="Release it to 3 people"))
    expect(office.page.get_by_text("The mailing is released.")).to_be_visible()


def test_a_member_who_takes_consent_back_gets_a_letter_and_one_who_gives_it_a_mail(
    party: Party, office: Keyboard, called: Called, enter: Callable[..., Keyboard]
) -> None:
    def reason(person: Person, why: str) -> None:
        expect(row_of(office, person).get_by_role("cell", name=why, exact=True)).to_be_visible()

    agreed, did_not = "agreed to be called by mail", "did not agree to be called by mail"
    write_draft(office, called)
    reason(called.arrives, agreed)
    reason(called.by_letter, did_not)
    for person, to in ((called.arrives, "By letter"), (called.by_letter, f"By e-mail, to {called.by_letter.mail}")):
        member = enter(party.site, person.number, size=PHONE)
        member.go("/account")
        member.choose(member.page.get_by_label(to))
        member.follow(member.page.get_by_role("region", name="Invitations").get_by_role("button", name="Save"))
        expect(member.page.get_by_text("From now on invitations to meetings come")).to_be_visible()
    office.page.reload()
    reason(called.arrives, did_not)
    reason(called.by_letter, agreed)
    office.go(f"/members/{called.arrives.number}")
    expect(office.page.get_by_text("Wants convocations by letter, since")).to_be_visible()


def test_nothing_leaves_before_it_was_seen_as_three_people_get_it_and_tested(
    party: Party, office: Keyboard, called: Called, cast: Cast
) -> None:
    page = office.page
    write_draft(office, called)
    for person in called:
        card = page.locator(".card").filter(has=page.get_by_role("heading", name=person.name))
        expect(card).to_contain_text("By post" if person == called.by_letter else "By mail")
        expect(card).to_contain_text(f"Beste {person.name}", use_inner_text=False)
    expect(row_of(office, called.by_letter)).to_contain_text("post")
    assert page.get_by_role("button", name="Release it").count() == 0
    office.follow(page.get_by_role("button", name="Send a test mail to me"))
    party.send_mail()
    (test,) = party.postbox.mails
    assert test["To"].addresses[0].addr_spec == cast.staff[0].mail
    assert "U bent uitgenodigd" in text_of(test)
    expect(page.get_by_role("button", name="Release it to 3 people")).to_be_visible()


def test_a_released_mailing_goes_no_faster_than_allowed_and_each_person_shows_what_became_of_it(
    party: Party, office: Keyboard, called: Called
) -> None:
    release(office, party, called)
    settings = party.site.instance.settings
    assert settings.mail is not None
    slow = msgspec.structs.replace(settings.mail, per_minute=1)
    party.site.instance.settings = msgspec.structs.replace(settings, mail=slow)
    assert len(party.send_mail()) == 1
    assert party.send_mail() == []
    two_minutes_later(party)
    assert len(party.send_mail()) == 1
    office.page.reload()
    expect(row_of(office, called.arrives)).to_contain_text("sent")
    expect(row_of(office, called.returns)).to_contain_text("550 5.1.1 no such mailbox")
    expect(row_of(office, called.by_letter)).to_contain_text("letter to post")
    (mail,) = party.postbox.mails
    assert f"Beste {called.arrives.name}" in text_of(mail)


def test_a_mail_that_comes_back_to_the_mailbox_is_shown_with_its_reason_and_goes_again_elsewhere(
    party: Party, office: Keyboard, called: Called, certificate: Path
) -> None:
    page, instance, mailbox = office.page, party.site.instance, Imap([], certificate)
    settings = instance.settings
    assert settings.mail is not None
    polled = {"bounces_host": "127.0.0.1", "bounces_port": mailbox.port, "bounces_username": "bounces"}
    mail_settings = msgspec.structs.replace(settings.mail, bounces_to="bounces@voorbeeldpartij.example", **polled)
    instance.settings = msgspec.structs.replace(settings, mail=mail_settings)
    release(office, party, called)
    party.postbox.return_to.clear()
    party.send_mail()
    (mail,), (return_to,) = party.postbox.mails, party.postbox.return_to
    assert mail["To"].addresses[0].addr_spec == called.arrives.mail
    page.reload()
    expect(row_of(office, called.arrives)).to_contain_text("sent")

    token = return_to.partition("+")[2].partition("@")[0]
    mailbox.letters.append(report(token, why="552 mailbox full"))
    assert poll(instance, trusting(certificate)) == {"permanent": 1}
    mailbox.close()
    page.reload()
    expect(row_of(office, called.arrives)).to_contain_text("came back")
    expect(row_of(office, called.arrives)).to_contain_text("552 mailbox full")

    office.select(page.get_by_label("Who has another address"), f"{called.arrives.name} ({called.arrives.mail})")
    office.write(page.get_by_label("Other mail address"), "nieuw@post.example")
    office.write(page.get_by_label("What it rests on"), "telefoongesprek")
    office.follow(page.get_by_role("button", name="Send it again"))
    party.send_mail()
    assert party.postbox.mails[-1]["To"].addresses[0].addr_spec == "nieuw@post.example"
    assert party.postbox.return_to[-1] != return_to, "each mail comes back under an address of its own"
    page.reload()
    expect(row_of(office, called.arrives)).to_contain_text("sent")


def test_it_goes_again_to_who_failed_letters_are_posted_and_the_proof_names_them_all(
    party: Party, office: Keyboard, called: Called
) -> None:
    page = office.page
    release(office, party, called)
    party.send_mail()
    page.reload()
    failed, letter = called.returns, called.by_letter
    office.select(page.get_by_label("Who has another address"), f"{failed.name} ({failed.mail})")
    office.write(page.get_by_label("Other mail address"), "nieuw@post.example")
    office.write(page.get_by_label("What it rests on"), "telefoongesprek")
    office.follow(page.get_by_role("button", name="Send it again"))
    party.send_mail()
    assert party.postbox.mails[-1]["To"].addresses[0].addr_spec == "nieuw@post.example"

    with pikepdf.open(BytesIO(page.request.get(f"{page.url}/letters.pdf").body())) as letters:
        assert len(letters.pages) == 1
    listed = page.request.get(f"{page.url}/letters.csv").text()
    assert [letter.number in row for row in csv.reader(io.StringIO(listed), delimiter=";")] == [False, True]
    office.write(page.get_by_label("The receipt of the post, or who handed them in"), "ontvangstbewijs 4711")
    office.follow(page.get_by_role("button", name="Note 1 letters as posted"))
    expect(row_of(office, letter)).to_contain_text("posted")
    proof = page.request.get(f"{page.url}/proof.json").json()
    assert {one["number"]: one["state"] for one in proof["people"]} == {
        called.arrives.number: "sent",
        failed.number: "sent",
        letter.number: "posted",
    }
