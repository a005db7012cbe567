"""A member chooses the language of mail and letters; what the office does to the roll leaves that choice alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from organisation_cases import add_members, found, import_file, write_csv

from stembus.instance import Instance
from stembus.notices.languages import language_of, set_language
from stembus.organisation.merge import merge_members
from stembus.organisation.registry import member_numbered
from stembus.words import Lang

Browsers = Callable[[], Any]  # of tests/web/conftest.py


@pytest.fixture
def party(served: Instance) -> Instance:
    found(served)
    add_members(served, "007", "008")
    return served


def chosen(instance: Instance, number: str) -> Lang | None:
    with instance.read() as session:
        return language_of(session, member_numbered(session, number).id)


def choose(instance: Instance, number: str, lang: Lang) -> None:
    with instance.write() as transaction:
        set_language(transaction, member_numbered(transaction.session, number).id, lang)


def test_a_member_chooses_it_and_sees_what_they_chose(party: Instance, browser: Browsers) -> None:
    mine = browser().sign_in("007", "link")
    mine.get("/account?lang=en")
    mine.post("/account/language", mail_language="nl-simple")
    assert "From now on you get mail in this language." in mine.words
    assert 'value="nl-simple" checked' in mine.page
    assert (chosen(party, "007"), chosen(party, "008")) == ("nl-simple", None)


def test_a_language_that_there_is_not_is_told_at_the_question(party: Instance, browser: Browsers) -> None:
    mine = browser().sign_in("007", "link")
    mine.get("/account?lang=en")
    assert mine.post("/account/language", mail_language="tlh").status_code == 422
    assert 'id="e-mail_language"' in mine.page
    assert chosen(party, "007") is None


def test_an_import_keeps_it(party: Instance, tmp_path: Path) -> None:
    choose(party, "007", "en")
    rows = [("007", "Robin", "Oefening", "1-2-1980", "nieuw@voorbeeld.example", "1-1-2020", "Utrecht")]
    _, number = import_file(party, write_csv(tmp_path / "roll.csv", rows))
    assert number is not None
    assert chosen(party, "007") == "en"


@pytest.mark.parametrize(("keep", "gone", "after"), [(None, "en", "en"), ("nl-simple", "en", "nl-simple")])
def test_who_is_merged_keeps_it(party: Instance, keep: Lang | None, gone: Lang, after: Lang) -> None:
    if keep is not None:
        choose(party, "007", keep)
    choose(party, "008", gone)
    with party.write() as transaction:
        merge_members(transaction, "007", "008", by="001", ground="one person")
    assert chosen(party, "008") == after
