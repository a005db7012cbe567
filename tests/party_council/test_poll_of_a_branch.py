"""A branch holds its own poll, from roll to published result and seats, by its own seats; nobody else acts or sees."""

from pathlib import Path

import pytest
from branch_poll import (
    BUREAU,
    CANDIDATES,
    COMMITTEE,
    HOLDER,
    NAME,
    OFFICE,
    OTHERS,
    OUTSIDERS,
    PARTY_BUREAU,
    SECRETARIES,
    VOTERS,
    Desk,
    Step,
    at,
    begins,
    branch_party,
    steps_after,
    steps_before,
    two,
)
from sqlmodel import col, select

from stembus.clock import SetClock
from stembus.conduct.running import open_procedure
from stembus.instance import Instance
from stembus.organisation.authority import all_seats
from stembus_polls.roll.tables import RollJudgement, RollRow


@pytest.fixture
def desk(instance: Instance, clock: SetClock, tmp_path: Path) -> Desk:
    """The desk of a party in which a branch is about to elect its council."""
    return Desk(branch_party(instance), clock, tmp_path)


def is_refused_to_others(desk: Desk, step: Step) -> None:
    """The same command is refused to the other branch, to the party's stembureau and to its office."""
    for others in (OTHERS, PARTY_BUREAU, OFFICE):
        said = desk.refuses(*step.typed(others))
        assert "holds no seat today" in said or "This is for" in said, (step.words, said)


def test_a_branch_holds_its_poll_by_its_own_seats_and_nobody_else_can_do_a_step_of_it(desk: Desk) -> None:
    begins(desk)
    for (month, day), step in steps_before(desk):
        at(desk, month, day)
        is_refused_to_others(desk, step)
        desk.does(*step.typed(step.own))
    for (month, day, hour), step in steps_after(desk):
        at(desk, month, day, hour)
        is_refused_to_others(desk, step)
        desk.does(*step.typed(step.own))
    result = desk.does("poll", "result", NAME)
    assert len(result.splitlines()) == 2
    _takes_seats(desk, [line.split(". ")[1] for line in result.splitlines()])


def _takes_seats(desk: Desk, names: list[str]) -> None:
    numbers = [name.removeprefix("Lid Nummer") for name in names]
    at(desk, 6, 23)
    for number in numbers:
        accept = Step("council", "accept", NAME, number, by=COMMITTEE[:1])
        is_refused_to_others(desk, accept)
        desk.does(*accept.typed(COMMITTEE))
    at(desk, 7, 2)
    seat = Step("council", "seat", NAME, by=COMMITTEE[:1])
    is_refused_to_others(desk, seat)
    desk.does(*seat.typed(COMMITTEE))
    with desk.instance.read() as session:
        given = [(one.body, one.number) for one in all_seats(session) if one.office == "council"]
        running = open_procedure(session, desk.instance.plugins, NAME)
    assert sorted(given) == sorted((HOLDER, number) for number in numbers)
    assert "seating" in running.state.done


def frozen(desk: Desk) -> None:
    """Go on to the day after the roll of the branch was frozen."""
    begins(desk)
    for (month, day), step in steps_before(desk):
        at(desk, month, day)
        desk.does(*step.typed(step.own))
        if step.words[:2] == ("roll", "freeze"):
            return


def test_only_members_of_the_branch_are_judged_and_on_its_roll(desk: Desk) -> None:
    frozen(desk)
    with desk.instance.read() as session:
        rows = set(session.exec(select(RollRow.number).where(col(RollRow.until).is_(None))))
        judged = len(session.exec(select(RollJudgement.member_id)).all())
    assert rows == {*SECRETARIES, *COMMITTEE, *BUREAU, *CANDIDATES, *VOTERS}
    assert judged == len(rows)
    assert "needed: Utrecht" in desk.does("roll", "why", NAME, OUTSIDERS[0], "--lang", "en")


@pytest.mark.parametrize("how", ["objection", "late"])
def test_nobody_of_another_branch_is_added_to_its_roll_by_anybody(desk: Desk, how: str) -> None:
    frozen(desk)
    at(desk, 5, 27)
    ground = ("--ground", "verhuisd")
    if how == "objection":
        desk.does("roll", "object", NAME, OUTSIDERS[0], *ground, "--by", OUTSIDERS[0])
        said = desk.refuses("roll", "decide", NAME, "1", "--uphold", *ground, *two(COMMITTEE))
    else:
        said = desk.refuses("roll", "add", NAME, OUTSIDERS[0], *ground, *two(BUREAU))
    assert "was of the branch Assen on 2026-05-23, and only members of Utrecht vote here" in said


def test_an_officer_without_the_seat_for_it_does_not_act_for_another_body_of_their_own_branch(desk: Desk) -> None:
    begins(desk)
    at(desk, 3, 2)
    refused = desk.refuses("procedure", "complete", NAME, "number_of_seats", "--number", "2", "--by", BUREAU[0])
    assert "This is for" in refused
