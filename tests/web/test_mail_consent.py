"""A member agrees on their own page to be called by e-mail and takes it back; the office sees it."""

from collections.abc import Callable
from typing import Any

import pytest
from mail_cases import add_member
from organisation_cases import define, definition, found, give, seat

from stembus.instance import Instance

Browsers = Callable[[], Any]  # of tests/web/conftest.py


@pytest.fixture
def party(served: Instance) -> Instance:
    """The office (003, 004), a member with an address for mail (11), and one without any address (12)."""
    found(served)
    add_member(served, "003")
    add_member(served, "004")
    add_member(served, "11", email="elf@example.org", street="Dorpsstraat 1", city="Utrecht")
    add_member(served, "12")
    define(served, definition("bureau", {"worker": ["members.view", "seats.appoint", "bodies.define"]}))
    give(served, seat("bureau", "worker", "003"), seat("bureau", "worker", "004"))
    return served


def test_a_member_says_it_and_takes_it_back(party: Instance, browser: Browsers) -> None:
    mine = browser().sign_in("11", "link")
    mine.get("/account?lang=en")
    assert 'value="no" checked' in mine.page
    assert "By e-mail, to elf@example.org" in mine.words
    assert "This is how the office wrote it down." in mine.words
    mine.post("/account/meetings", mail_consent="yes")
    assert "From now on invitations to meetings come by e-mail." in mine.words
    assert 'value="yes" checked' in mine.page
    assert "You chose this yourself on 1 March 2026 ." in mine.words
    mine.post("/account/meetings", mail_consent="no")
    assert "From now on invitations to meetings come by letter." in mine.words
    assert 'value="no" checked' in mine.page


@pytest.mark.parametrize("sent", ["", "perhaps"])
def test_what_is_no_answer_is_told_at_the_question(party: Instance, browser: Browsers, sent: str) -> None:
    mine = browser().sign_in("11", "link")
    mine.get("/account?lang=en")
    assert mine.post("/account/meetings", mail_consent=sent).status_code == 422
    assert 'id="e-mail_consent"' in mine.page


def test_who_has_no_address_is_told_what_to_do_and_asked_nothing(party: Instance, browser: Browsers) -> None:
    mine = browser().sign_in("12", "link")
    mine.get("/account?lang=en")
    assert "Give your address to the office first." in mine.words
    assert 'name="mail_consent"' not in mine.page


def test_the_office_sees_what_the_member_said_and_when(party: Instance, browser: Browsers) -> None:
    mine, office = browser().sign_in("11", "link"), browser().sign_in("003")
    office.get("/members/11?lang=en")
    assert "on their own page" not in office.words
    mine.get("/account")
    mine.post("/account/meetings", mail_consent="yes")
    office.get("/members/11")
    assert "Agrees to convocation by e-mail, since 1 March 2026" in office.words
    mine.post("/account/meetings", mail_consent="no")
    office.get("/members/11")
    assert "Wants convocations by letter, since 1 March 2026" in office.words
    assert "They can say so on their own page" in office.get("/phone?number=11").text


def test_the_act_of_it_is_among_ones_own(party: Instance, browser: Browsers) -> None:
    mine = browser().sign_in("11", "link")
    mine.get("/account?lang=en")
    mine.post("/account/meetings", mail_consent="yes")
    mine.get("/my-data")
    assert "Member 11 agrees that convocations of meetings come by e-mail." in mine.words
    assert "Whether you agreed to convocation by e-mail" in mine.words
