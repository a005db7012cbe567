"""A result that is annulled after it was public: each page of it says so, and the office sees what to decide."""

from collections.abc import Callable
from typing import Any

from organisation_cases import define, definition, give, seat
from party_council.council_case import (
    ADA,
    BEN,
    BUREAU,
    COMMITTEE,
    DEE,
    ELI,
    OBJECTIONS_OVER,
    PROCEDURE,
    do,
    elected,
    made_public,
)
from sqlmodel import select

from stembus.access.proposal_tables import Proposal
from stembus.access.proposals import confirm
from stembus.clock import SetClock
from stembus.conduct.deciding import annul
from stembus.conduct.running import open_procedure
from stembus.instance import Instance
from stembus_party_council.answers import accept
from stembus_party_council.take_seats import take_seats

Browsers = Callable[[], Any]
HOME = f"/procedures/{PROCEDURE}"


def test_every_page_of_an_annulled_result_says_so_and_it_is_made_public_again(
    served: Instance, clock: SetClock, browser: Browsers
) -> None:
    elected(served, clock)
    for number in (ADA, BEN):
        do(served, accept, number, by=number)
    clock.set(OBJECTIONS_OVER)
    do(served, take_seats, by=COMMITTEE[0])
    define(served, definition("geschillencommissie", {"member": []}))
    give(served, *(seat("geschillencommissie", "member", number) for number in (DEE, ELI)))
    with served.write() as transaction:
        made_public(transaction)
    anybody = browser()
    anybody.get(f"{HOME}/result?lang=en")
    assert "annulled" not in anybody.words
    with served.write() as transaction:
        running = open_procedure(transaction.session, served.plugins, PROCEDURE)
        annul(transaction, running, "roll_wrong", by=(DEE, ELI), ground="Uitspraak 12")
    for path in ("", "/result", "/seats"):
        anybody.get(f"{HOME}{path}?lang=en")
        assert "This vote was annulled" in anybody.words, path
        assert "The ground: Uitspraak 12" in anybody.words, path
    anybody.get(f"{HOME}/result?lang=en")
    assert "This was the result before the vote was annulled:" in anybody.words
    assert "Elected:" not in anybody.words
    anybody.get(f"{HOME}?lang=en")
    assert "This result does not hold, and nobody is elected by it." in anybody.words
    office = browser().sign_in(COMMITTEE[0])
    office.get("/desk?lang=en")
    assert "Decide about 2 seats that were taken on an annulled result" in office.words
    office.get(f"{HOME}/seating?lang=en")
    for name, number in (("Ada Smit", ADA), ("Ben Jansen", BEN)):
        assert f"{name} ({number}): End the seat of {name}" in office.words
        assert f'href="/seats/end?seat=partijraad/member/{number}"' in office.page
    assert "Give the seats to who accepted" not in office.words
    bureau = browser().sign_in(BUREAU[0])
    bureau.get(f"{HOME}/poll/result?lang=en")
    assert "What is public does not say yet that the vote was annulled" in bureau.words
    bureau.post(f"{HOME}/poll/result/publish")
    with served.write() as transaction:
        row = transaction.session.exec(select(Proposal).where(Proposal.outcome == "")).one()
        confirm(transaction, row.id, by=BUREAU[1], shown_sha256=row.shown_sha256)
    anybody.get(f"{HOME}/result?lang=en")
    assert "What follows below is what it was before the vote was annulled." in anybody.words
    assert b"Uitspraak 12" in anybody.get(f"{HOME}/result/files/report-nl.html").content
    bureau.get(f"{HOME}/poll/result?lang=en")
    assert "does not say yet" not in bureau.words


def test_the_office_still_reads_everything_about_a_vote_that_was_annulled_and_is_offered_nothing_to_do(
    served: Instance, clock: SetClock, browser: Browsers
) -> None:
    elected(served, clock)
    define(served, definition("geschillencommissie", {"member": []}))
    give(served, *(seat("geschillencommissie", "member", number) for number in (DEE, ELI)))
    with served.write() as transaction:
        running = open_procedure(transaction.session, served.plugins, PROCEDURE)
        annul(transaction, running, "roll_wrong", by=(DEE, ELI), ground="Uitspraak 12")
    bureau = browser().sign_in(BUREAU[0])
    for step in ("accounting", "bureau", "count/again", "meeting", "result", "rulings", "typing"):
        assert bureau.get(f"{HOME}/poll/{step}?lang=en").status_code == 200, step
    assert bureau.get(f"{HOME}/poll?lang=en").status_code == 200
    assert "The vote was annulled. Nothing can be done in it any more." in bureau.words
    assert bureau.get(f"{HOME}/poll/count?lang=en").status_code == 200
    assert "The vote was annulled. Nothing can be done in it any more." in bureau.words
    assert "Ada Smit" in bureau.words
    assert "Propose" not in bureau.words
