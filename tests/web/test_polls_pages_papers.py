"""Typing over papers from a page, and that nothing of a count is seen before the result is public."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from party_council.council_case import ADA, BUREAU, DECLARED, NAMES, OFFICE, PROCEDURE, elected, running_to_the_vote
from report_examples import counted, party_profile, report_of

from stembus.clock import SetClock
from stembus.instance import Instance
from stembus.organisation.registry import member_numbered
from stembus_polls import open_poll
from stembus_polls.pages.cards import cards
from stembus_polls.paper.account import ByHand, number_papers, state_account
from stembus_polls.paper.type_over import own_typing, typing_of
from stembus_polls.publishing.tables import Publication
from stembus_polls.report import Procedure, procedure_archive, published, report_json

Browsers = Callable[[], Any]
TYPING = f"/procedures/{PROCEDURE}/poll/typing"
RESULT = f"/procedures/{PROCEDURE}/result"


@pytest.fixture
def numbered(served: Instance, clock: SetClock) -> Instance:
    """A procedure after the close of its vote, with three numbered papers."""
    running_to_the_vote(served, clock, names=NAMES, changes={}, at=DECLARED)
    with served.write() as transaction:
        contest = open_poll(transaction, PROCEDURE).contests[0]
        why = dict.fromkeys(("issued", "strike_offs", "printed"), "papers of a test")
        state_account(transaction, contest, ByHand(unused=0, spoiled=0, in_box=3), explanations=why, by=BUREAU)
        number_papers(transaction, contest, 3, by=BUREAU)
    return served


def typed(instance: Instance, number: str) -> dict[int, str]:
    """What somebody typed, as it is kept."""
    with instance.write() as transaction:
        contest = open_poll(transaction, PROCEDURE).contests[0]
        return own_typing(transaction.session, contest, number)


def test_each_paper_is_saved_at_once_and_the_next_one_is_asked_for(numbered: Instance, browser: Browsers) -> None:
    typist = browser().sign_in(BUREAU[0])
    assert 'name="paper" value="1"' in typist.get(TYPING).text
    page = typist.post(TYPING, paper="1", marks=" 3  1 2 ")
    assert 'name="paper" value="2"' in page.text
    assert "autofocus" in page.text
    assert typed(numbered, BUREAU[0]) == {1: "3 1 2"}


def test_the_same_paper_sent_twice_is_saved_once(numbered: Instance, browser: Browsers) -> None:
    typist = browser().sign_in(BUREAU[0])
    typist.get(TYPING)
    typist.post(TYPING, paper="1", marks="3 1")
    typist.post(TYPING, paper="1", marks="3 1")
    assert typed(numbered, BUREAU[0]) == {1: "3 1"}


@pytest.mark.parametrize(("marks", "kept"), [("blanco", "blank"), ("? 3 of 8", "? 3 of 8"), ("3 - 1,2", "3 - 1,2")])
def test_marks_are_taken_as_the_command_takes_them(
    numbered: Instance, browser: Browsers, marks: str, kept: str
) -> None:
    typist = browser().sign_in(BUREAU[0])
    typist.get(TYPING)
    typist.post(TYPING, paper="2", marks=marks)
    assert typed(numbered, BUREAU[0]) == {2: kept}


def test_marks_that_are_none_are_not_saved_and_can_be_corrected_where_they_stand(
    numbered: Instance, browser: Browsers
) -> None:
    typist = browser().sign_in(BUREAU[0])
    typist.get(TYPING)
    answer = typist.post(TYPING, paper="2", marks="3 99")
    assert answer.status_code == 422
    assert 'value="3 99"' in answer.text
    assert 'name="paper" value="2"' in answer.text
    assert typed(numbered, BUREAU[0]) == {}


def test_a_typist_never_sees_what_the_other_typed(numbered: Instance, browser: Browsers) -> None:
    first, second = browser().sign_in(BUREAU[0]), browser().sign_in(BUREAU[1])
    first.get(TYPING)
    first.post(TYPING, paper="1", marks="5 4 3 2 1")
    for page in (second.get(TYPING), second.get(f"{TYPING}?paper=1"), second.get(f"{TYPING}?saved=1")):
        assert "5 4 3 2 1" not in page.text
    rulings = second.get(f"/procedures/{PROCEDURE}/poll/rulings")
    assert "5 4 3 2 1" not in rulings.text


def test_who_holds_no_seat_in_the_stembureau_cannot_type_or_look(numbered: Instance, browser: Browsers) -> None:
    for number in (OFFICE[0], ADA):
        assert browser().sign_in(number).get(TYPING, follow=False).status_code == 403
    linked = browser().sign_in(BUREAU[0], "link")
    assert linked.get(TYPING, follow=False).status_code == 303


def test_before_the_result_is_public_nobody_without_power_is_shown_anything_of_the_count(
    served: Instance, clock: SetClock, browser: Browsers
) -> None:
    elected(served, clock)
    with served.write() as transaction:
        poll = open_poll(transaction, PROCEDURE)
        contest = poll.contests[0]
        assert typing_of(transaction.session, contest, 1, 1)
        member_id = member_numbered(transaction.session, ADA).id
    with served.read() as session:
        for who in (None, member_id):
            shown = {card.template for card in cards(session, clock.now(), poll.running, who)}
            assert "polls/cards/result.html" not in shown
    for visitor in (browser(), browser().sign_in(ADA, "link"), browser().sign_in(OFFICE[0])):
        for path in (RESULT, f"{RESULT}/archive.zip", f"{RESULT}/files/data/report.json", f"{RESULT}/flow/1/wide"):
            assert visitor.get(path, follow=False).status_code == 404
        assert visitor.get(f"/procedures/{PROCEDURE}/seats", follow=False).status_code == 404
        for path in ("count", "count/again", "rulings", "result/preview"):
            assert visitor.get(f"/procedures/{PROCEDURE}/poll/{path}", follow=False).status_code in (303, 403)


def test_a_public_result_shows_what_was_published_and_nothing_beyond_it(
    served: Instance, clock: SetClock, browser: Browsers
) -> None:
    elected(served, clock)
    report = published(report_of(counted(party_profile()), level="totals"))
    archive = procedure_archive(Procedure(report=report, definition=b"", texts={}, acts={}, profiles={}))
    with served.write() as transaction:
        running = open_poll(transaction, PROCEDURE).running
        transaction.session.add(
            Publication(
                procedure_id=running.procedure.id,
                number=1,
                at=transaction.now,
                report=report_json(report).decode(),
                archive=archive,
                archive_sha256=hashlib.sha256(archive).hexdigest(),
                counts="{}",
                act_id=running.procedure.act_id,
            )
        )
    page = browser()
    assert page.get(RESULT).status_code == 200
    assert report.contests[0].candidates[report.contests[0].elected[0]].name in page.words
    assert "ronde 1" not in page.words
    assert page.get(f"{RESULT}/archive.zip").content == archive
    assert page.get(f"{RESULT}/files/report-nl.pdf").headers["content-type"] == "application/pdf"
    assert page.get(f"{RESULT}/flow/1/wide").status_code == 404
    for path in ("../settings.toml", "data/..%2f..%2fx", "nothing"):
        assert page.get(f"{RESULT}/files/{path}").status_code == 404
