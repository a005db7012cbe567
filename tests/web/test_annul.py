"""A vote that was held is annulled by two of who decide about faults, everybody reads why, and it is held again."""

from collections.abc import Callable
from typing import Any

from secret_poll_party import AFTER, BY, NAME, prepared_party
from sqlmodel import select

from stembus.access.proposal_tables import Proposal
from stembus.access.proposals import confirm
from stembus.clock import SetClock
from stembus.conduct.running import open_procedure
from stembus.instance import Instance

Browsers = Callable[[], Any]
MANAGE = f"/procedures/{NAME}/manage"
GROUND = "Uitspraak 12 van de geschillencommissie"


def confirmed(instance: Instance) -> None:
    """Let the second person confirm the only proposal that is open."""
    with instance.write() as transaction:
        row = transaction.session.exec(select(Proposal).where(Proposal.outcome == "")).one()
        confirm(transaction, row.id, by=BY[1], shown_sha256=row.shown_sha256)


def test_a_vote_is_annulled_by_two_everybody_reads_why_and_it_is_held_again(
    served: Instance, clock: SetClock, browser: Browsers
) -> None:
    party = prepared_party(served, clock)
    first, anybody = browser().sign_in(BY[0]), browser()
    first.get(f"{MANAGE}?lang=en")
    assert "Annul the vote" not in first.words, "nothing was voted yet"
    clock.set(AFTER)
    first.sign_in(BY[0])
    first.get(f"{MANAGE}?lang=en")
    assert "Annul the vote" in first.words
    assert first.post(f"{MANAGE}/annul", reason="", ground=GROUND).status_code == 422
    assert first.post(f"{MANAGE}/annul", reason="box_damaged", ground=" ").status_code == 422
    first.post(f"{MANAGE}/annul", reason="objection_upheld", ground=GROUND)
    assert "What was wrong: an objection was upheld" in first.words
    anybody.get(f"/procedures/{NAME}?lang=en")
    assert "annulled" not in anybody.words
    confirmed(served)
    for path in (f"/procedures/{NAME}", f"/polls/{party.uuid}", f"/polls/{party.uuid}/trustees"):
        anybody.get(f"{path}?lang=en")
        assert "This vote was annulled" in anybody.words, path
        assert f"The ground: {GROUND}" in anybody.words, path
        assert "by: the dispute committee" in anybody.words, path
    voter = browser().sign_in(party.voters[0], "link")
    voter.get("/?lang=en")
    for words in (
        "This vote was annulled",
        f"The ground: {GROUND}",
        "Is the vote held again? Then you find it on this",
    ):
        assert words in voter.words
    first.get(MANAGE)
    assert f"{MANAGE}/annul" not in first.page
    assert f"{MANAGE}/cancel" not in first.page
    first.get(f"/procedures/new?earlier={NAME}&name=opnieuw&anchor=2027-06-19&lang=en")
    assert "The vote in raad was annulled. It is held again" in first.words
    with served.read() as session:
        fingerprint = open_procedure(session, served.plugins, NAME).adopted.fingerprint
    first.post("/procedures/new", policy=fingerprint, name="opnieuw", anchor="2027-06-19", repeats=NAME)
    assert "It holds the vote of raad again, which was annulled" in first.words
    confirmed(served)
    anybody.get(f"/procedures/{NAME}?lang=en")
    assert "The vote is held again: opnieuw" in anybody.words
    voter.get("/?lang=en")
    assert "The vote is held again: opnieuw" in voter.words
    assert "That vote does not count any more. Vote again there." in voter.words
    anybody.get("/procedures/opnieuw?lang=en")
    assert "The earlier vote: raad" in anybody.words
