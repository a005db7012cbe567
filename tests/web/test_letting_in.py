"""Two people who saw a member let them in with a new passkey: one proposes it, the other gets the code, once."""

from collections.abc import Callable
from datetime import timedelta
from re import search
from typing import Any

import msgspec
import pytest
from mail_cases import add_member
from organisation_cases import add_members, define, definition, found, give, seat
from sqlmodel import select

from stembus.access.enrolment import use_enrolment_code
from stembus.access.passkeys import passkeys_of
from stembus.access.tables import AccessPasskey
from stembus.clock import SetClock
from stembus.instance import Instance
from stembus.ledger.acts import Act
from stembus.ledger.tables import LedgerBody
from stembus.notices.languages import set_language
from stembus.notices.tables import MailMessage
from stembus.organisation.core_powers import CORE_POWERS
from stembus.organisation.registry import member_numbered

Browser = Any  # of tests/web/conftest.py
Browsers = Callable[[], Browser]
pytestmark = pytest.mark.parametrize("empty_instances", ["sqlite"], indirect=True)


@pytest.fixture
def party(served: Instance) -> Instance:
    """An office of three who may let others in; 021 sits in the board, has a passkey, and lost it."""
    found(served)
    add_members(served, "003")
    add_member(served, "021", email="kim@example.org", given="Kim", surname="Vos")
    define(served, definition("partijbureau", {"staff": [power.name for power in CORE_POWERS]}, seats=3))
    define(served, definition("bestuur", {"member": ["acts.view"]}))
    give(
        served,
        *(seat("partijbureau", "staff", number) for number in ("001", "002", "003")),
        seat("bestuur", "member", "021"),
    )
    with served.write() as transaction:
        kim = member_numbered(transaction.session, "021").id
        set_language(transaction, kim, "en")
        transaction.session.add(
            AccessPasskey(
                id="lost",
                credential_id="c",
                member_id=kim,
                user_handle="h",
                public_key=b"",
                sign_count=0,
                transports="",
                name="lost telephone",
                is_vouched=True,
                made_at=transaction.now,
            )
        )
    return served


def proposed(browser: Browser, number: str = "021", by: str = "001") -> str:
    """Propose it, and return the path of the proposal."""
    browser.sign_in(by)
    browser.get(f"/let-in?number={number}&lang=en")
    answer = browser.post("/let-in", number=number, ground="lost telephone, we both saw the passport", follow=False)
    return str(answer.headers.get("location", ""))


def confirmed(browser: Browser, path: str, by: str = "002") -> int:
    browser.sign_in(by)
    browser.get(f"{path}/confirm?lang=en")
    shown = browser.page.split('name="shown" value="')[1].split('"')[0]
    status: int = browser.post(f"{path}/confirm", shown=shown).status_code
    return status


def passkeys(instance: Instance, number: str) -> int:
    with instance.read() as session:
        return len(passkeys_of(session, member_numbered(session, number).id))


def test_the_second_person_reads_what_happens_and_is_shown_a_code_that_works_once(
    party: Instance, browser: Browsers
) -> None:
    path = proposed(browser())
    assert passkeys(party, "021") == 1, "a proposal alone changes nothing"
    second = browser()
    assert confirmed(second, path) == 200
    assert "For Kim Vos, number 021" in second.words
    code = search(r"([0-9A-Z]{5}(?:-[0-9A-Z]{5}){3})", second.words)
    assert code
    assert "data:image/svg+xml" in second.page
    assert passkeys(party, "021") == 0
    with party.write() as transaction:
        assert use_enrolment_code(transaction, code.group(1)).strength == "enrolment"
    assert code.group(1) not in second.get(path).text, "it is shown once"


def test_what_is_confirmed_names_the_person_the_seats_and_how_they_were_known(
    party: Instance, browser: Browsers
) -> None:
    path = proposed(browser())
    second = browser().sign_in("002")
    second.get(f"{path}?lang=en")
    for words in ("Kim Vos (021) gets a code", "Member, Bestuur", "we both saw the passport"):
        assert words.lower() in second.words.lower()


def test_the_ledger_has_both_and_the_member_is_told_by_whom(party: Instance, browser: Browsers) -> None:
    assert confirmed(browser(), proposed(browser())) == 200
    with party.read() as session:
        bodies = session.exec(select(LedgerBody).where(LedgerBody.kind == "access.recovered")).all()
        acts = [msgspec.json.decode(body.body, type=Act) for body in bodies]
        [mail] = session.exec(select(MailMessage).where(MailMessage.kind == "way_in")).all()
        by = {member_numbered(session, number).id for number in ("001", "002")}
    assert [{actor.member_id for actor in act.by} for act in acts] == [by]
    assert mail.lang == "en"
    assert "Bram de Vries" in mail.text
    assert "let you in again" in mail.text
    assert "call the office at once" in mail.text


def test_nobody_lets_themselves_in(party: Instance, browser: Browsers) -> None:
    mine = browser()
    assert proposed(mine, number="001") == ""
    assert "holds no seat today in which this can be proposed" in mine.words
    path = proposed(browser(), number="002")
    second = browser().sign_in("002")
    assert second.get(path).status_code == 404


def test_without_two_others_it_says_what_to_do(served: Instance, browser: Browsers) -> None:
    found(served)
    mine = browser()
    assert proposed(mine, number="002") == ""
    assert "stembus access enrol" in mine.words


def test_it_is_done_on_the_day_that_both_saw_the_person(party: Instance, browser: Browsers, clock: SetClock) -> None:
    path = proposed(browser())
    clock.set(clock.now() + timedelta(hours=24))
    second = browser().sign_in("002")
    second.get(f"{path}/confirm?lang=en")
    assert "Confirm and carry out" not in second.words
    assert passkeys(party, "021") == 1


def test_a_way_in_is_not_proposed_without_a_ground_or_by_who_may_not(party: Instance, browser: Browsers) -> None:
    mine = browser().sign_in("001")
    mine.get("/let-in?number=021&lang=en")
    assert mine.post("/let-in", number="021", ground=" ").status_code == 422
    assert "how you both know" in mine.words
    for number in ("021", "002"):
        weak = browser().sign_in(number, "link")
        weak.get("/")
        assert weak.post("/let-in", number="021", ground="x", follow=False).status_code in (303, 403)
    with party.read() as session:
        assert session.exec(select(LedgerBody).where(LedgerBody.kind == "proposal.made")).all() == []


def test_the_page_of_a_member_leads_to_both_ways(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in("001")
    office.get("/members/021?lang=en")
    assert "/let-in?number=021" in office.page
    assert "/members/021/letter-code" in office.page
