"""What members meet of a poll: may I vote and stand, objecting to the roll, and my own row of it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from council_party import (
    BY,
    CALL_OPEN,
    NAME,
    OBJECTIONS,
    RECORD_DATE,
    Line,
    enter,
    found_party,
    later,
    member,
    now_running,
    ordinary_members,
    write_list,
)

from stembus.clock import SetClock
from stembus.conduct.running import running_of
from stembus.instance import Instance
from stembus.organisation.registry import member_numbered
from stembus_polls.pages.my_candidacy import my_candidacy
from stembus_polls.pages.my_vote import my_vote
from stembus_polls.roll.freeze import freeze_roll
from stembus_polls.roll.leaf import Proof, check_proof
from stembus_polls.roll.objections import decide_objection, objections

Browsers = Callable[[], Any]
OBJECTION = f"/procedures/{NAME}/objection"
NEW, ORDINARY = "900", "101"


def party(instance: Instance, clock: SetClock, *, frozen: bool = True) -> None:
    """A party with one member who joined too late to vote, and a roll."""
    found_party(instance, [*ordinary_members(), member(NEW, since=date(2026, 5, 1))])
    if frozen:
        clock.set(RECORD_DATE)
        with instance.write() as transaction:
            freeze_roll(transaction, now_running(transaction), by=BY)
        clock.set(OBJECTIONS)


def vote_of_member(instance: Instance, number: str) -> Any:
    """What a member is told about their vote now."""
    with instance.read() as session:
        row = member_numbered(session, number)
        running = running_of(session, _procedure(instance))
        return my_vote(session, running, row, instance.clock.now())


def _procedure(instance: Instance) -> str:
    with instance.write() as transaction:
        return now_running(transaction).procedure.id


def test_before_the_roll_is_frozen_a_member_is_told_what_to_expect_and_why(served: Instance, clock: SetClock) -> None:
    party(served, clock, frozen=False)
    expected = vote_of_member(served, ORDINARY)
    assert (expected.is_provisional, expected.may, expected.can_object) == (True, True, False)
    not_yet = vote_of_member(served, NEW)
    assert (not_yet.is_provisional, not_yet.may) == (True, False)
    assert [check.rule for check in not_yet.verdict.reasons] == ["member_for"]


def test_the_frozen_roll_says_the_same_to_the_member_whatever_changes_in_the_list_of_members(
    served: Instance, clock: SetClock
) -> None:
    party(served, clock)
    mine = vote_of_member(served, ORDINARY)
    assert (mine.may, mine.is_provisional, mine.version) == (True, False, 1)
    assert mine.size == 40
    assert mine.can_object
    clock.set(later(OBJECTIONS, days=30))
    assert not vote_of_member(served, ORDINARY).can_object


def test_a_member_objects_gets_a_number_and_reads_the_answer(
    served: Instance, clock: SetClock, browser: Browsers
) -> None:
    party(served, clock)
    mine = browser().sign_in(NEW, "link")
    assert "niet op de kiezerslijst" in mine.get(OBJECTION).text
    mine.post(OBJECTION, ground="Ik was al lid van de jongeren.")
    assert "Bezwaar 1" in mine.words
    assert "Wacht op antwoord" in mine.words
    with served.write() as transaction:
        running = now_running(transaction)
        decide_objection(transaction, running, 1, upheld=True, by=BY, ground="De inschrijving stond er verkeerd.")
    mine.get(OBJECTION)
    assert "U kreeg gelijk" in mine.words
    assert "De inschrijving stond er verkeerd." in mine.words
    assert vote_of_member(served, NEW).may
    assert vote_of_member(served, NEW).changed == "objection"


def test_a_second_objection_waits_for_the_answer_and_what_was_typed_is_kept(
    served: Instance, clock: SetClock, browser: Browsers
) -> None:
    party(served, clock)
    mine = browser().sign_in(NEW, "link")
    mine.get(OBJECTION)
    again = browser().sign_in(NEW, "link")
    again.get(OBJECTION)
    mine.post(OBJECTION, ground="Een.")
    assert again.post(OBJECTION, ground="Twee.").status_code == 409
    with served.read() as session:
        assert [row.ground for row in objections(session, _procedure(served))] == ["Een."]


def test_an_objection_without_a_reason_is_not_made(served: Instance, clock: SetClock, browser: Browsers) -> None:
    party(served, clock)
    mine = browser().sign_in(NEW, "link")
    mine.get(OBJECTION)
    answer = mine.post(OBJECTION, ground="   ")
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    with served.read() as session:
        assert objections(session, _procedure(served)) == []


def test_nobody_sees_the_objection_of_somebody_else(served: Instance, clock: SetClock, browser: Browsers) -> None:
    party(served, clock)
    mine = browser().sign_in(NEW, "link")
    mine.get(OBJECTION)
    mine.post(OBJECTION, ground="Een geheime reden.")
    other = browser().sign_in(ORDINARY, "link")
    assert "geheime reden" not in other.get(OBJECTION).text
    assert other.get(f"/procedures/{NAME}/poll/roll/objections/1", follow=False).status_code == 403
    assert browser().get(OBJECTION, follow=False).status_code == 303


def test_a_member_downloads_a_row_that_proves_itself_against_the_public_root(
    served: Instance, clock: SetClock, browser: Browsers
) -> None:
    party(served, clock)
    answer = browser().sign_in(ORDINARY, "link").get(f"/procedures/{NAME}/my-row")
    assert answer.headers["content-disposition"].startswith("attachment")
    proof = msgspec.json.decode(answer.content, type=Proof)
    assert proof.leaf.member == ORDINARY
    check_proof(proof, vote_of_member(served, ORDINARY).root)
    assert browser().sign_in(NEW, "link").get(f"/procedures/{NAME}/my-row").status_code == 404


def test_a_member_is_told_whether_they_may_stand_before_they_do(served: Instance, clock: SetClock) -> None:
    party(served, clock, frozen=False)
    clock.set(CALL_OPEN)
    with served.read() as session:
        running = running_of(session, _procedure(served))
        mine = my_candidacy(session, running, member_numbered(session, ORDINARY), clock.now())
        late = my_candidacy(session, running, member_numbered(session, NEW), clock.now())
    assert mine is not None
    assert mine.is_open
    assert mine.verdict is not None
    assert mine.verdict.allowed
    assert late is not None
    assert late.verdict is not None
    assert {check.rule for check in late.verdict.reasons} == {"member_for"}


def test_who_was_put_forward_says_yes_on_their_own_page(
    served: Instance, clock: SetClock, browser: Browsers, tmp_path: Path
) -> None:
    party(served, clock, frozen=False)
    clock.set(CALL_OPEN)
    enter(served, write_list(tmp_path / "list.csv", [Line("121", nominated_by="lid")]))
    mine = browser().sign_in("121", "link")
    assert "Nog niet aanvaard" in mine.get(f"/procedures/{NAME}/candidacy").text
    mine.post(f"/procedures/{NAME}/candidacy/accept")
    with served.read() as session:
        running = running_of(session, _procedure(served))
        after = my_candidacy(session, running, member_numbered(session, "121"), clock.now())
    assert after is not None
    assert [one.state for one in after.standing] == ["waiting"]


def test_a_candidate_withdraws_only_themselves(
    served: Instance, clock: SetClock, browser: Browsers, tmp_path: Path
) -> None:
    party(served, clock, frozen=False)
    clock.set(CALL_OPEN)
    enter(served, write_list(tmp_path / "list.csv", [Line("121"), Line("122")]))
    mine = browser().sign_in("121", "link")
    mine.get(f"/procedures/{NAME}/candidacy")
    mine.post(f"/procedures/{NAME}/candidacy/withdraw")
    assert "Teruggetrokken" in mine.words
    other = browser().sign_in("122", "link")
    assert "Teruggetrokken" not in other.get(f"/procedures/{NAME}/candidacy").text


def test_in_a_demonstration_one_can_be_who_votes_and_who_does_not(
    served: Instance, clock: SetClock, browser: Browsers
) -> None:
    party(served, clock)
    visitor = browser()
    visitor.get("/demo?lang=en")
    assert "who may vote" in visitor.words
    assert "who may not vote" in visitor.words
    assert f"/demo/as/{NEW}" in visitor.page
