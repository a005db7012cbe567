"""The plugin of the documentation: two people call a day off from its page, and who proposed days is told by mail."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from mail_cases import add_member
from organisation_cases import define, definition, found, give, seat
from sqlmodel import select

from stembus.instance import Instance
from stembus.ledger.acts import Act
from stembus.ledger.tables import LedgerBody
from stembus.migrate import migrate
from stembus.notices.languages import set_language
from stembus.notices.tables import MailMessage
from stembus.organisation.core_powers import CORE_POWERS
from stembus.plugins import Plugins
from stembus.words import Lang

Browser = Any  # of tests/web/conftest.py
Browsers = Callable[[], Browser]
EXAMPLE = Path(__file__).parents[1] / "example_plugin"
DAY = date(2027, 5, 9)


@pytest.fixture
def party(served: Instance, monkeypatch: pytest.MonkeyPatch) -> Instance:
    """Two in the office who may propose a day and call one off; three who may propose one and read three languages."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    import stembus_dates
    from stembus_dates.days import ProposedDay

    served.plugins = Plugins({"dates": stembus_dates})
    assert served.plugins.failures == []
    migrate(served.database, served.plugins)
    found(served)
    names = [power.name for power in CORE_POWERS]
    define(served, definition("bureau", {"staff": [*names, "dates.propose", "dates.call_off"]}))
    define(served, definition("planners", {"member": ["dates.propose"]}, seats=3))
    languages: tuple[tuple[str, Lang], ...] = (("021", "nl"), ("022", "nl-simple"), ("023", "en"))
    for number, lang in languages:
        member = add_member(served, number, email=f"lid{number}@example.org")
        with served.write() as transaction:
            set_language(transaction, member, lang)
    give(
        served,
        *(seat("bureau", "staff", number) for number in ("001", "002")),
        *(seat("planners", "member", number) for number, _ in languages),
    )
    with served.write() as transaction:
        transaction.session.add(ProposedDay(day=DAY, act_id="of before"))
    return served


def proposed(browser: Browser, day: str = "2027-05-09") -> Any:
    browser.sign_in("001")
    browser.get(f"/days/call-off?day={day}&lang=en")
    return browser.post("/days/call-off", day=day, ground="the hall is taken", follow=False)


def test_one_proposes_it_and_another_confirms_what_both_were_told(party: Instance, browser: Browsers) -> None:
    path = proposed(browser()).headers["location"]
    other = browser().sign_in("002")
    other.get(f"{path}/confirm?lang=en")
    assert "9 May 2027 is called off, and whoever may propose a day is told by mail." in other.words
    assert "/days/call-off?day=2027-05-09" in other.get("/days?lang=en").text
    other.get(f"{path}/confirm")
    other.post(f"{path}/confirm", shown=other.page.split('name="shown" value="')[1].split('"')[0])
    assert "No day was proposed yet." in browser().get("/days?lang=en").text
    with party.read() as session:
        body = session.exec(select(LedgerBody).where(LedgerBody.kind == "dates.called_off")).one()
        mails = {mail.lang: mail for mail in session.exec(select(MailMessage)).all()}
    assert len(msgspec.json.decode(body.body, type=Act).by) == 2
    for lang, words in (
        ("nl", "De vergadering is niet op zondag 9 mei 2027. De reden: the hall is taken"),
        ("nl-simple", "De vergadering gaat niet door op zondag 9 mei 2027. Dit is waarom: the hall is taken"),
        ("en", "The meeting is not on Sunday 9 May 2027. The reason: the hall is taken"),
    ):
        assert words in " ".join(mails[lang].text.split())
        assert words in " ".join(mails[lang].html.split())
        assert "/days" in mails[lang].html


@pytest.mark.parametrize("day", ["2027-05-10", "soon", ""])
def test_a_day_that_is_not_there_is_not_called_off(party: Instance, browser: Browsers, day: str) -> None:
    assert proposed(browser(), day).status_code in (409, 422)
