"""The office writes to members from a page, sees beforehand how it goes, and afterwards what became of it."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from mail_cases import Scripted, add_member, mails
from organisation_cases import found

from stembus.instance import Instance
from stembus.notices.transport import Answer, Mailbox
from stembus.notices.worker import work_once
from stembus.organisation.registry import member_numbered

POSTAL: dict[str, Any] = {"street": "Dorpsstraat 1", "postcode": "1234 AB", "city": "Utrecht"}
TYPED = {
    "title": "ALV juni",
    "purpose": "statutory",
    "audience": "numbered",
    "numbers": "10 11 12 13",
    "day": "2026-03-01",
    "post_days": "3",
    "nl_subject": "Oproeping voor de ALV",
    "nl_body": "Beste {name},\n\nU bent **welkom**.",
    "en_subject": "Come",
    "en_body": "Dear {name}, come.",
}


@pytest.fixture
def office(served: Instance, browser: Callable[[], Any]) -> Any:
    """The browser of the office: who agreed to mail (10, 13), who did not (11), and who has no address at all (12)."""
    found(served)
    add_member(served, "10", email="tien@example.org", consents=True, surname="Tien", **POSTAL)
    add_member(served, "11", email="elf@example.org", surname="Elf", **POSTAL)
    add_member(served, "12", surname="Twaalf")
    add_member(served, "13", email="dertien@example.org", consents=True, surname="Dertien", **POSTAL)
    with served.write() as transaction:
        member = member_numbered(transaction.session, "001")
        member.email = "bureau@example.org"
        transaction.session.add(member)
    return browser().sign_in("001")


def written(office: Any, **changes: str) -> str:
    office.get("/mailings/new?lang=en")
    answer = office.post("/mailings/new", **{**TYPED, **changes})
    assert answer.status_code == 200, office.words
    return str(answer.url.path).removesuffix("/look")


def released(office: Any) -> str:
    path = written(office)
    assert office.post(f"{path}/test").status_code == 200
    looked_at = re.search(r'name="looked_at" value="([0-9a-f]+)"', office.page)
    assert looked_at is not None, office.words
    answer = office.post(f"{path}/release", looked_at=looked_at[1], ground="ALV 2025, besluit 3")
    assert answer.status_code == 200, office.words
    return path


def send(instance: Instance, *answers: Answer) -> None:
    server = Scripted(*answers)
    while work_once(instance, server).mail_id:
        pass


def test_a_draft_is_shown_as_three_people_would_get_it_and_who_gets_it_how(office: Any) -> None:
    written(office)
    assert "Beste Lid Tien," in office.words
    assert "1 person can be reached neither by mail nor by post" in office.words
    assert "did not agree to be called by mail" in office.words
    assert "Send yourself a test mail first" in office.words
    assert mails(office.instance) == []


def test_what_was_typed_is_kept_when_something_is_wrong(office: Any) -> None:
    office.get("/mailings/new?lang=en")
    answer = office.post("/mailings/new", **{**TYPED, "nl_body": "[a](http://a.example)"})
    assert answer.status_code == 422
    assert "Oproeping voor de ALV" in office.page
    assert "begins with https" in office.words


@pytest.mark.parametrize(
    "changes",
    [{"audience": "branch"}, {"day": "soon"}, {"due": "tomorrow"}, {"post_days": "many"}, {"numbers": "999"}],
    ids=str,
)
def test_what_cannot_be_is_said(office: Any, changes: dict[str, str]) -> None:
    office.get("/mailings/new?lang=en")
    assert office.post("/mailings/new", **{**TYPED, **changes}).status_code == 422
    assert "This was not done" in office.words


@pytest.mark.parametrize(
    ("audience", "field"), [("branch", "branch"), ("seated", "body"), ("numbered", "numbers"), ("nobody", "audience")]
)
def test_what_belongs_to_the_audience_is_asked_with_it_and_named_where_it_lacks(
    office: Any, audience: str, field: str
) -> None:
    office.get("/mailings/new?lang=en")
    assert f'for="f-{field}"' in office.page
    asked = re.search(rf'<label for="f-{field}">.*?</label>', office.page, re.DOTALL)
    assert asked is None or "optional" not in asked.group()
    office.post("/mailings/new", **{**TYPED, "audience": audience, "numbers": ""})
    assert f'<a href="#f-{field}">Say to whom it goes' in office.page


def test_a_mailing_is_tested_released_and_followed(office: Any) -> None:
    path = released(office)
    assert "Released" in office.words
    send(office.instance)
    office.get(path)
    assert "sent: 2" in office.words
    assert "letter to post: 1" in office.words
    assert "250 taken" in office.words
    office.get(f"{path}?only=printed")
    assert "Lid Elf" in office.words
    assert "tien@example.org" not in office.words


def test_letters_are_printed_and_noted_as_posted(office: Any) -> None:
    path = released(office)
    assert office.get(f"{path}/letters.pdf").content.startswith(b"%PDF")
    assert "Dorpsstraat" in office.get(f"{path}/letters.csv").text
    office.get(path)
    office.post(f"{path}/posted", ground="bewijs 12")
    assert "1 posted" in office.words
    assert office.get(f"{path}/letters.pdf").status_code == 422


def test_e9_a_mail_that_did_not_arrive_goes_again_to_another_address(office: Any) -> None:
    path = released(office)
    send(office.instance, *[Answer("sent", "test")] * 2, Answer("refused", "550 no such user"))
    office.get(path)
    assert "Send it again to 1 person" in office.words
    office.post(f"{path}/again", number="13", address="goed@example.org", ground="belde")
    send(office.instance)
    office.get(path)
    assert "goed@example.org" in office.words
    assert "sent: 2" in office.words


def test_the_proof_of_dispatch_names_each_person_with_the_answers(office: Any) -> None:
    path = released(office)
    send(office.instance)
    proof = json.loads(office.get(f"{path}/proof.json").content)
    states = {one["number"]: one["state"] for one in proof["people"]}
    assert states == {"10": "sent", "11": "printed", "12": "unreachable", "13": "sent"}
    assert proof["people"][0]["mails"][0]["events"][0]["said"] == "250 taken"


def test_a_mailing_is_stopped(office: Any) -> None:
    path = released(office)
    office.post(f"{path}/stop", ground="verkeerde datum")
    assert "not sent: 2" in office.words


def test_an_uncertain_mail_is_decided_by_a_person(office: Any) -> None:
    path = released(office)
    send(office.instance, *[Answer("sent", "test")] * 2, Answer("unknown", "gone"))
    office.get("/mailings")
    assert "nobody knows whether it was sent" in office.words
    office.get("/desk")
    assert "Decide about mails of which nobody knows whether they were sent: 1" in office.words
    office.get(path)
    assert '<a href="/mailings/uncertain">' in office.page
    office.get("/mailings/uncertain")
    [mail_id] = set(re.findall(r"/mailings/uncertain/([0-9a-f-]+)", office.page))
    assert office.post(f"/mailings/uncertain/{mail_id}", ground="x").status_code == 422
    office.post(f"/mailings/uncertain/{mail_id}", decision="leave", ground="het lid heeft hem")
    assert "No mail is uncertain" in office.words


def test_a_draft_is_changed_and_thrown_away(office: Any) -> None:
    path = written(office)
    office.get(f"{path}/write")
    assert "Beste {name}," in office.page
    office.post(f"{path}/write", **{**TYPED, "title": "ALV juli"})
    assert "ALV juli" in office.words
    office.post(f"{path}/discard")
    assert "The draft is gone" in office.words


@pytest.mark.parametrize("path", ["/mailings", "/mailings/new", "/mailings/uncertain"])
def test_a_member_without_a_seat_sees_nothing_of_it(office: Any, browser: Callable[[], Any], path: str) -> None:
    assert browser().sign_in("10").get(path).status_code == 403


def test_a_demonstration_shows_its_mails_and_nothing_else_does(office: Any) -> None:
    released(office)
    instance = office.instance
    transport = Mailbox(instance.folder / "mailbox")
    while work_once(instance, transport).mail_id:
        pass
    office.get("/mailbox?lang=en")
    assert "Oproeping voor de ALV" in office.words
    [first, *_] = re.findall(r"/mailbox\?mail=([0-9a-f-]+)", office.page)
    assert office.get(f"/mailbox?mail={first}").status_code == 200
    assert office.get("/mailbox?mail=../stembus").status_code == 404
