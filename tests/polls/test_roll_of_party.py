"""The roll is frozen on the record date, everybody is told why, objections are decided, and every change has a root."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from council_party import (
    BY,
    DECIDING,
    OBJECTIONS,
    RECORD_DATE,
    VOTE,
    found_party,
    member,
    now_running,
    opened,
    ordinary_members,
    typed,
)
from sqlmodel import select

from stembus.clock import SetClock
from stembus.conduct.running import complete, happen, schedule, status_of
from stembus.conduct.speaking import speakers
from stembus.errors import CheckFailed, Refused, UnusableInput
from stembus.instance import Instance
from stembus.ledger.tables import LedgerLeaf
from stembus.organisation.registry import member_numbered
from stembus_polls.blocks import blocks_of
from stembus_polls.paper.tables import StrikeOff
from stembus_polls.roll.change import add_late
from stembus_polls.roll.freeze import freeze_roll
from stembus_polls.roll.leaf import check_proof
from stembus_polls.roll.listing import strike_off_list
from stembus_polls.roll.lookup import NotOnRoll, OnRoll, history, on_roll, own_row, roll_size, rows_on_roll
from stembus_polls.roll.objections import decide_objection, make_objection
from stembus_polls.roll.rows import Frozen
from stembus_procedures.events import Postponed


def freeze(party: Instance, clock: SetClock) -> Frozen:
    clock.set(RECORD_DATE)
    with party.write() as transaction:
        return freeze_roll(transaction, now_running(transaction), by=BY)[0]


def objection(party: Instance, clock: SetClock, number: str) -> int:
    clock.set(OBJECTIONS)
    with party.write() as transaction:
        return make_objection(transaction, now_running(transaction), number, by=number, ground="I am a member")


def settle(party: Instance, clock: SetClock, objection: int, **decision: Any) -> Frozen | None:
    clock.set(DECIDING)
    with party.write() as transaction:
        return decide_objection(
            transaction, now_running(transaction), objection, by=BY, ground="HR 4.4", **{"upheld": True} | decision
        )


def told(party: Instance, number: str, contest: str = "at_large") -> OnRoll | NotOnRoll:
    with party.read() as session:
        running = opened(party, session)
        return on_roll(session, running.procedure.id, contest, member_numbered(session, number).id)


def test_those_who_may_vote_on_the_record_date_are_on_the_roll(party: Instance, clock: SetClock) -> None:
    version = freeze(party, clock)
    assert (version.version, version.size, version.record_day) == (1, 40, date(2026, 5, 23))
    assert isinstance(told(party, "101"), OnRoll)
    with party.read() as session:
        procedure = opened(party, session).procedure.id
        assert roll_size(session, procedure) == roll_size(session, procedure, "at_large") == 40
        assert {row.number for row in rows_on_roll(session, procedure, "at_large")} == {str(n) for n in range(101, 141)}


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("901", "The membership is suspended."),
        (
            "902",
            (
                "Not yet a member for 3 months on 23 May 2026, counted from the registration on 20 April 2026. "
                "On 20 July 2026 that is so."
            ),
        ),
        ("903", "Membership ended on 1 February 2026."),
    ],
)
def test_who_may_not_vote_is_told_why(party: Instance, clock: SetClock, number: str, reason: str) -> None:
    freeze(party, clock)
    answer = told(party, number)
    assert isinstance(answer, NotOnRoll)
    assert reason in [words.en for words in answer.reasons]


def test_each_member_can_prove_their_own_row_against_the_public_root(party: Instance, clock: SetClock) -> None:
    version = freeze(party, clock)
    with party.read() as session:
        for number in ("101", "117", "140"):
            own = own_row(session, opened(party, session), member_numbered(session, number))
            assert own.proof is not None
            assert own.proof.leaf.member == number
            check_proof(own.proof, version.root)
            with pytest.raises(CheckFailed):
                check_proof(own.proof, "00" * 32)


def test_the_ledger_holds_the_root_and_no_member(party: Instance, clock: SetClock) -> None:
    version = freeze(party, clock)
    with party.read() as session:
        leaf = json.loads(session.exec(select(LedgerLeaf.leaf).where(LedgerLeaf.act_id == version.act_id)).one())
    assert leaf["public"] == {"version": 1, "root": version.root, "size": 40}


def test_the_facts_of_the_record_date_stay_whatever_changes_later(party: Instance, clock: SetClock) -> None:
    freeze(party, clock)
    with party.write() as transaction:
        row = member_numbered(transaction.session, "101")
        row.registered_on = date(2026, 5, 1)
        transaction.session.add(row)
    with party.read() as session:
        own = own_row(session, opened(party, session), member_numbered(session, "101"))
    assert own.verdict.allowed


@pytest.mark.parametrize(
    ("at", "by", "message"),
    [
        (RECORD_DATE - timedelta(days=1), BY, "judged on 2026-05-23 00:00"),
        (RECORD_DATE, ("001", "001"), "takes 2 different people"),
        (RECORD_DATE, ("001",), "takes 2 different people"),
        (VOTE, BY, "no roll can be frozen any more"),
    ],
)
def test_a_roll_is_frozen_by_two_and_in_time(
    party: Instance, clock: SetClock, at: Any, by: tuple[str, ...], message: str
) -> None:
    clock.set(at)
    with pytest.raises(Refused, match=message), party.write() as transaction:
        freeze_roll(transaction, now_running(transaction), by=by)


def test_a_roll_is_frozen_once_for_a_record_date(party: Instance, clock: SetClock) -> None:
    freeze(party, clock)
    with pytest.raises(Refused, match="changes by objection or late addition only"):
        freeze(party, clock)


def test_after_a_postponement_the_roll_is_frozen_anew(party: Instance, clock: SetClock) -> None:
    freeze(party, clock)
    with party.write() as transaction:
        running = now_running(transaction)
        people = speakers(transaction, running.policy, BY, ["bestuur", "kiescommissie"])
        running = happen(
            transaction, running, Postponed(at=transaction.now, by=people.by, ground="ALV"), people, ground="ALV"
        )
        schedule(transaction, running, {"meeting": date(2026, 10, 31)}, people)
    clock.set(RECORD_DATE + timedelta(days=133))
    with party.write() as transaction:
        version, _ = freeze_roll(transaction, now_running(transaction), by=BY)
    assert (version.version, version.size) == (2, 41)  # member 902 has now been a member for three months


def test_an_objection_is_made_within_its_term_only(party: Instance, clock: SetClock) -> None:
    freeze(party, clock)
    term = "from 2026-05-24 09:00 until 2026-06-07 17:00; it is now 2026-05-23"
    with pytest.raises(Refused, match=term), party.write() as transaction:
        make_objection(transaction, now_running(transaction), "902", by="902", ground="x")


def test_nobody_objects_for_somebody_else_without_a_seat_for_it(party: Instance, clock: SetClock) -> None:
    freeze(party, clock)
    clock.set(OBJECTIONS)
    with pytest.raises(Refused, match="holds no seat today"), party.write() as transaction:
        make_objection(transaction, now_running(transaction), "902", by="101", ground="x")


def test_an_open_objection_blocks_the_roll_until_it_is_decided(party: Instance, clock: SetClock) -> None:
    freeze(party, clock)
    number = objection(party, clock, "902")
    clock.set(DECIDING)
    with pytest.raises(Refused, match="Objections not decided yet: 1"), party.write() as transaction:
        complete(transaction, now_running(transaction), "roll", numbers=("001",))
    settle(party, clock, number, upheld=False)
    with party.write() as transaction:
        assert "roll" in complete(transaction, now_running(transaction), "roll", numbers=("001",)).state.done


def test_upholding_adds_the_member_under_a_new_root_and_keeps_the_old_one(party: Instance, clock: SetClock) -> None:
    first = freeze(party, clock)
    version = settle(party, clock, objection(party, clock, "902"))
    assert version is not None
    assert (version.version, version.size) == (2, 41)
    assert isinstance(told(party, "902"), OnRoll)
    with party.read() as session:
        running = opened(party, session)
        assert [(row.version, row.root) for row in history(session, running)] == [(1, first.root), (2, version.root)]
        own = own_row(session, running, member_numbered(session, "902"))
        assert own.changed == "objection 1"
        assert own.proof is not None
        check_proof(own.proof, version.root)
        public = json.loads(session.exec(select(LedgerLeaf.leaf).where(LedgerLeaf.act_id == version.act_id)).one())
    assert public["public"]["before"] == first.root


def test_upholding_can_take_somebody_off(party: Instance, clock: SetClock) -> None:
    freeze(party, clock)
    number = objection(party, clock, "101")
    with pytest.raises(UnusableInput, match="say what changes"):
        settle(party, clock, number)
    assert settle(party, clock, number, remove=True).size == 39  # type: ignore[union-attr]
    answer = told(party, "101")
    assert isinstance(answer, NotOnRoll)
    assert answer.reasons[0].en == "Taken off the roll on an objection."


def test_a_decision_that_does_not_fit_the_row_changes_nothing(party: Instance, clock: SetClock) -> None:
    freeze(party, clock)
    number = objection(party, clock, "902")
    with pytest.raises(UnusableInput, match="not on the roll, so there is nothing to remove"):
        settle(party, clock, number, remove=True)
    with pytest.raises(UnusableInput, match="rejected objection changes nothing"):
        settle(party, clock, number, upheld=False, remove=True)
    assert settle(party, clock, number) is not None


def test_who_has_had_a_paper_stays_on_the_roll(party: Instance, clock: SetClock) -> None:
    freeze(party, clock)
    number = objection(party, clock, "101")
    with party.write() as transaction:
        running = now_running(transaction)
        voter = member_numbered(transaction.session, "101").id
        transaction.session.add(
            StrikeOff(procedure_id=running.procedure.id, contest="at_large", member_id=voter, channel="post", papers=0)
        )
    with pytest.raises(Refused, match="struck off for at_large already"):
        settle(party, clock, number, remove=True)


def test_an_objection_is_decided_once_and_in_time(party: Instance, clock: SetClock) -> None:
    freeze(party, clock)
    number, other = objection(party, clock, "902"), objection(party, clock, "901")
    settle(party, clock, number, upheld=False)
    with pytest.raises(Refused, match="was rejected already"):
        settle(party, clock, number)
    clock.set(DECIDING + timedelta(days=5))
    with pytest.raises(Refused, match="had to be decided before 2026-06-12 17:00"), party.write() as transaction:
        decide_objection(transaction, now_running(transaction), other, upheld=True, by=BY, ground="x")


def test_late_additions_take_two_until_the_moment_of_the_policy(party: Instance, clock: SetClock) -> None:
    freeze(party, clock)
    with pytest.raises(Refused, match="takes 2 different people"), party.write() as transaction:
        add_late(transaction, now_running(transaction), "902", by=("001",), ground="typing error")
    with party.write() as transaction:
        assert add_late(transaction, now_running(transaction), "902", by=BY, ground="typing error").size == 41
    with pytest.raises(Refused, match="on the roll already"), party.write() as transaction:
        add_late(transaction, now_running(transaction), "902", by=BY, ground="typing error")
    with pytest.raises(Refused, match="no member any more"), party.write() as transaction:
        add_late(transaction, now_running(transaction), "903", by=BY, ground="typing error")
    clock.set(VOTE)
    with pytest.raises(Refused, match="could be added until 2026-06-20 11:00"), party.write() as transaction:
        add_late(transaction, now_running(transaction), "901", by=BY, ground="typing error")


def test_the_strike_off_list_is_for_two_and_an_act(party: Instance, clock: SetClock) -> None:
    freeze(party, clock)
    with party.write() as transaction:
        lines = strike_off_list(transaction, now_running(transaction), by=BY)
    assert len(lines) == 40
    assert lines[0] == ("101", "Nummer101, Lid", "at_large")


def test_members_vote_in_their_own_constituency_and_at_large(instance: Instance, clock: SetClock) -> None:
    constituency = """
[[seats.constituencies]]
id = "noord"
name = { nl = "Noord", en = "North" }
seats = 3
branches = ["Noord"]

[[seats.constituencies]]
id = "overzee"
name = { nl = "Overzee", en = "Overseas" }
seats = 1
takes_members_abroad = true

[[seats.balance]]"""
    members = [*ordinary_members(3), member("201", branch="Zuid"), member("202", abroad=date(2021, 1, 1))]
    found_party(instance, members, {"\n[[seats.balance]]": constituency})
    freeze(instance, clock)
    found = {}
    for number in ("101", "201", "202"):
        row = told(instance, number)
        assert isinstance(row, OnRoll)
        found[number] = row.contests
    assert found == {"101": ("noord", "at_large"), "201": ("at_large",), "202": ("overzee", "at_large")}
    answer = told(instance, "201", "noord")
    assert isinstance(answer, NotOnRoll)
    assert answer.reasons[0].en == "Votes in at_large, not in noord."


def test_a_member_is_told_their_own_row_and_checks_it_offline(party: Instance, clock: SetClock, tmp_path: Path) -> None:
    version = freeze(party, clock)
    proof = tmp_path / "row.json"
    shown = typed(party, clock, "roll", "show", "raad", "101", "--proof", str(proof))
    assert "is on the roll for at_large" in shown.output
    good = typed(party, clock, "roll", "check", str(proof), "--root", version.root)
    assert (good.exit_code, good.output) == (
        0,
        "Member 101 is on the roll for at_large: one of 40 rows under that root.\n",
    )
    proof.write_text(proof.read_text().replace('"101"', '"102"'))
    assert typed(party, clock, "roll", "check", str(proof), "--root", version.root).exit_code == 1
    proof.write_text("{}")
    bad = typed(party, clock, "roll", "check", str(proof), "--root", version.root)
    assert bad.exit_code == 2
    assert "is not a proof of a row" in bad.output


def test_status_says_that_the_roll_is_not_frozen(party: Instance, clock: SetClock) -> None:
    clock.set(RECORD_DATE)
    with party.read() as session:
        running = opened(party, session)
        assert "not_frozen" in {block.rule for block in blocks_of(session, running)}
        assert status_of(session, party.plugins, running, clock.now()).stage("roll").blocks
