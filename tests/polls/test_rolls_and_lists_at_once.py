"""Two people who do the same thing at the same moment: one of them does it, and the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from council_party import BY, CALL_OPEN, DECIDING, OBJECTIONS, RECORD_DATE, Line, enter, now_running, opened, write_list
from paper_contest import BY as FOUNDERS
from paper_contest import open_contest

from stembus.clock import SetClock
from stembus.errors import Problem
from stembus.instance import Instance
from stembus.organisation.registry import member_numbered
from stembus_polls.candidates.rows import candidacies
from stembus_polls.counting.lots import enter_seed
from stembus_polls.paper.account import ByHand, number_papers, state_account
from stembus_polls.paper.tables import StrikeOff
from stembus_polls.roll.change import add_late
from stembus_polls.roll.freeze import freeze_roll
from stembus_polls.roll.lookup import OnRoll, history, on_roll
from stembus_polls.roll.objections import decide_objection, make_objection


def at_once(*tasks: Callable[[], object]) -> list[str]:
    """Do everything at the same moment; return what each was told, empty where it was done."""
    start = Barrier(len(tasks))

    def run(task: Callable[[], object]) -> str:
        start.wait()
        try:
            task()
        except Problem as problem:
            return problem.message
        return ""

    with ThreadPoolExecutor(len(tasks)) as pool:
        return sorted(pool.map(run, tasks))


def freeze(party: Instance) -> None:
    with party.write() as transaction:
        freeze_roll(transaction, now_running(transaction), by=BY)


def test_a_roll_is_frozen_by_one_of_two_at_once(party: Instance, clock: SetClock) -> None:
    clock.set(RECORD_DATE)
    told = at_once(lambda: freeze(party), lambda: freeze(party))
    assert told[0] == ""
    assert "was frozen on" in told[1]


def test_late_additions_at_once_each_get_a_version_of_their_own(party: Instance, clock: SetClock) -> None:
    clock.set(RECORD_DATE)
    freeze(party)

    def add(number: str) -> Callable[[], object]:
        def task() -> None:
            with party.write() as transaction:
                add_late(transaction, now_running(transaction), number, by=BY, ground="typing error")

        return task

    assert at_once(*(add(number) for number in ("901", "902", "902"))) == [
        "",
        "",
        "Member 902 is on the roll already, for at_large.",
    ]
    with party.read() as session:
        assert [(row.version, row.size) for row in history(session, opened(party, session))] == [
            (1, 40),
            (2, 41),
            (3, 42),
        ]


def test_nobody_is_struck_off_and_taken_off_the_roll_at_once(party: Instance, clock: SetClock) -> None:
    clock.set(RECORD_DATE)
    freeze(party)
    clock.set(OBJECTIONS)
    with party.write() as transaction:
        make_objection(transaction, now_running(transaction), "101", by="101", ground="not a member")
    clock.set(DECIDING)

    def take_off() -> None:
        with party.write() as transaction:
            decide_objection(transaction, now_running(transaction), 1, upheld=True, remove=True, by=BY, ground="HR")

    def strike_off() -> None:
        with party.write() as transaction:
            session = transaction.session
            procedure, member = now_running(transaction).procedure.id, member_numbered(session, "101").id
            if isinstance(on_roll(session, procedure, "at_large", member), OnRoll):
                session.add(
                    StrikeOff(procedure_id=procedure, contest="at_large", member_id=member, channel="room", papers=1)
                )

    at_once(take_off, strike_off)
    with party.read() as session:
        procedure, member = opened(party, session).procedure.id, member_numbered(session, "101").id
        has_paper = session.get(StrikeOff, (procedure, "at_large", member)) is not None
        assert has_paper == isinstance(on_roll(session, procedure, "at_large", member), OnRoll)


def test_the_same_list_by_two_at_once_is_entered_once(party: Instance, clock: SetClock, tmp_path: Path) -> None:
    clock.set(CALL_OPEN)
    path = write_list(tmp_path / "list.csv", [Line("121"), Line("122")])
    assert at_once(lambda: enter(party, path), lambda: enter(party, path)) == ["", ""]
    with party.read() as session:
        assert len(candidacies(session, opened(party, session).procedure.id)) == 2


def test_papers_are_numbered_and_given_a_seed_by_one_of_two_at_once(instance: Instance) -> None:
    contest = open_contest(instance)
    papers = ByHand(unused=0, spoiled=0, in_box=6)
    why = dict.fromkeys(("issued", "strike_offs", "printed"), "papers of a test")
    with instance.write() as transaction:
        state_account(transaction, contest, papers, explanations=why, by=FOUNDERS)

    def number() -> None:
        with instance.write() as transaction:
            number_papers(transaction, contest, 6, by=FOUNDERS)

    def seed() -> None:
        with instance.write() as transaction:
            enter_seed(transaction, contest, "47 11", drawn_by="us", witnesses=("notaris",), by=FOUNDERS)

    told = at_once(number, number, seed, seed)
    assert told[:2] == ["", ""]
    assert sorted("numbered already" in one for one in told[2:]) == [False, True]
    assert sorted("entered already" in one for one in told[2:]) == [False, True]
