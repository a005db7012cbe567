"""Seats kept for branches in which too few may vote for a secret vote are filled by all members together."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from council_party import (
    BY,
    CALL_CLOSED,
    CALL_OPEN,
    DECIDING,
    HEADINGS,
    NAME,
    RECORD_DATE,
    found_party,
    member,
    now_running,
    opened,
    ordinary_members,
)
from policy_texts import ONLINE, edited
from sqlmodel import col, select

from stembus.clock import SetClock
from stembus.conduct.running import complete
from stembus.errors import Refused
from stembus.instance import Instance
from stembus.ledger.tables import LedgerLeaf
from stembus_polls.candidates.decide import admit_all
from stembus_polls.candidates.enter import enter_candidates
from stembus_polls.candidates.reading import read_candidates
from stembus_polls.contests import ContestPlan, plan_contests
from stembus_polls.lots.order import draw_order
from stembus_polls.pages.public_facts import public_contests
from stembus_polls.poll import open_poll
from stembus_polls.roll.change import add_late
from stembus_polls.roll.freeze import freeze_roll, votes_in
from stembus_polls.roll.lookup import roll_size
from stembus_polls.roll.plans import plans_now
from stembus_polls.roll.preview import preview_freeze
from stembus_polls.roll.rows import current_version
from stembus_polls.roll.tables import RollRow
from stembus_polls.secret.small import too_small_groups
from stembus_procedures.language.values import Words

GROUPS = """
[[seats.constituencies]]
id = "noord"
name = { nl = "Noord", en = "North" }
seats = 3
branches = ["Noord"]

[[seats.constituencies]]
id = "zuid"
name = { nl = "Zuid", en = "South" }
seats = 2
branches = ["Zuid"]

[[seats.balance]]"""
GROUPS_AS_DATA = [
    {"id": "noord", "name": {"nl": "Noord", "en": "North"}, "seats": 3, "branches": ["Noord"]},
    {"id": "zuid", "name": {"nl": "Zuid", "en": "South"}, "seats": 2, "branches": ["Zuid"]},
]
CHANGES = {
    "[stages.stand]\n": "[stages.stand]\nposts_at_once = 2\n",
    "\n[[seats.balance]]": GROUPS,
    'below = "paper_in_room"': 'below = "at_large"',
}
IN_SOUTH = ("201", "202", "203")
"""Fewer than the ten of `publication.smallest_group`."""


def group(name: str, *branches: str) -> ContestPlan:
    return ContestPlan(id=name, title=Words(nl=name, en=name), seats=2, branches=branches)


@pytest.mark.parametrize(
    ("below", "on_roll", "merged"),
    [
        ("at_large", {"north": 40, "south": 9, "at_large": 49}, ("south",)),
        ("at_large", {"north": 40, "south": 10, "at_large": 50}, ()),
        ("at_large", {"north": 40, "at_large": 40}, ("south",)),
        ("at_large", {"north": 4, "south": 3, "at_large": 7}, ("north", "south")),
        ("paper_in_room", {"north": 40, "south": 3, "at_large": 43}, ()),
        ("by_post", {"north": 40, "south": 3, "at_large": 43}, ()),
    ],
)
def test_a_group_kept_for_branches_is_merged_below_the_smallest_that_the_policy_names(
    below: str, on_roll: Mapping[str, int], merged: tuple[str, ...]
) -> None:
    policy = edited({"stages.vote.electronic.below": below}, ONLINE)
    plans = [group("north", "Noord"), group("south", "Zuid"), group("treasurer"), group("at_large")]
    assert too_small_groups(policy, plans, on_roll) == merged


def test_the_seats_of_merged_groups_are_filled_at_large_also_where_that_had_none() -> None:
    policy = edited({"seats.constituencies": GROUPS_AS_DATA}, ONLINE)
    assert [(one.id, one.seats, one.merged) for one in plan_contests(policy, 13, ("zuid",))] == [
        ("noord", 3, ()),
        ("at_large", 10, ("zuid",)),
    ]
    assert [(one.id, one.seats) for one in plan_contests(policy, 5)] == [("noord", 3), ("zuid", 2)]
    assert [(one.id, one.seats) for one in plan_contests(policy, 5, ("noord", "zuid"))] == [("at_large", 5)]


def with_candidates(instance: Instance, clock: SetClock, folder: Path) -> None:
    """Fifteen people stand: ten at large, three for the north, two for the south, and one of those at large as well."""
    clock.set(CALL_OPEN)
    people = [*(str(121 + place) for place in range(13)), *IN_SOUTH[:2], IN_SOUTH[0]]
    groups = [""] * 10 + ["noord"] * 3 + ["zuid"] * 2 + [""]
    lines = [";".join((*HEADINGS[:6], "Kieskring"))]
    for place, (number, kept) in enumerate(zip(people, groups, strict=True)):
        supporters = " ".join(str(101 + place // 3 * 5 + n) for n in range(5))
        lines.append(f"{number};;{supporters};1;Ik wil dat de partijraad luistert.;;{kept}")
    path = folder / "candidates.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    with instance.write() as transaction:
        running = now_running(transaction)
        enter_candidates(transaction, running, read_candidates(path, running.policy), by="001")
    clock.set(CALL_CLOSED)
    with instance.write() as transaction:
        admit_all(transaction, now_running(transaction), by="001")
        for stage in ("candidates", "enough"):
            complete(transaction, now_running(transaction), stage, numbers=("001",))


def draw(instance: Instance) -> None:
    with instance.write() as transaction:
        running = now_running(transaction)
        draw_order(transaction, running, by=("001",), drawn_by="A. Bakker", witnesses=("notaris X",), seed="47 11")


def test_a_branch_with_too_few_voters_votes_with_everybody_from_roll_to_paper(
    instance: Instance, clock: SetClock, tmp_path: Path
) -> None:
    south = [member(number, branch="Zuid") for number in IN_SOUTH]
    late = member("204", branch="Zuid")
    found_party(instance, [*ordinary_members(), *south, late], CHANGES, policy="partijraad-online")
    with_candidates(instance, clock, tmp_path)
    with pytest.raises(Refused, match="not frozen yet"):
        draw(instance)

    clock.set(RECORD_DATE)
    with instance.read() as session:
        preview = preview_freeze(session, opened(instance, session))
    assert [title.en for title in preview.merged] == ["South"]
    assert [votes for _, votes in preview.by_contest] == [40, 44]
    with instance.write() as transaction:
        freeze_roll(transaction, now_running(transaction), by=BY)
    draw(instance)

    with instance.read() as session:
        running = opened(instance, session)
        version = current_version(session, running.procedure.id)
        assert version is not None
        assert version.merged == "zuid"
        rows = session.exec(select(RollRow.number, RollRow.contests)).all()
        assert {number: contests for number, contests in rows if number in ("101", "201")} == {
            "101": "noord at_large",
            "201": "at_large",
        }
        acts = session.exec(select(LedgerLeaf).order_by(col(LedgerLeaf.position).desc())).all()
        frozen = next(leaf for leaf in acts if b"roll.frozen" in leaf.leaf)
        assert b'"merged":"zuid"' in frozen.leaf

    with instance.write() as transaction:
        poll = open_poll(transaction, NAME)
        assert [(one.id, one.plan.seats) for one in poll.contests] == [("noord", 3), ("at_large", 10)]
        noord, at_large = poll.contests
        assert {one.branch for one in noord.candidates} == {"Noord"}
        assert len(noord.candidates) == 3
        assert [one.number for one in at_large.candidates] == list(range(1, 13))
        assert [one.branch for one in at_large.candidates].count("Zuid") == 2, "nobody stands on a paper twice"
        assert roll_size(transaction.session, at_large.procedure_id, "at_large") == 44
        assert roll_size(transaction.session, at_large.procedure_id, "zuid") == 0

    clock.set(DECIDING)
    with instance.write() as transaction:
        complete(transaction, now_running(transaction), "roll", numbers=("001",))
    with instance.read() as session:
        shown = public_contests(session, opened(instance, session), clock.now(), for_members=False)
    assert [[title.nl for title in one.merged] for one in shown] == [[], ["Zuid"]]


def test_a_group_stays_merged_when_members_are_added_later(instance: Instance, clock: SetClock) -> None:
    south = [member(number, branch="Zuid") for number in IN_SOUTH]
    recent = [member(str(301 + place), since=date(2026, 4, 1), branch="Zuid") for place in range(9)]
    found_party(instance, [*ordinary_members(), *south, *recent], CHANGES, policy="partijraad-online")
    clock.set(RECORD_DATE)
    with instance.write() as transaction:
        freeze_roll(transaction, now_running(transaction), by=BY)
    for one in recent:
        with instance.write() as transaction:
            add_late(transaction, now_running(transaction), one.number, by=BY, ground="joined on paper in January")
    with instance.read() as session:
        running = opened(instance, session)
        version = current_version(session, running.procedure.id)
        assert version is not None
        assert (version.version, version.size, version.merged) == (10, 52, "zuid")
        assert [one.id for one in plans_now(session, running)] == ["noord", "at_large"]
        assert set(session.exec(select(RollRow.contests).where(RollRow.number == "309"))) == {"at_large"}


def test_a_roll_that_is_frozen_anew_changes_no_paper_whose_order_was_drawn(
    instance: Instance, clock: SetClock, tmp_path: Path
) -> None:
    found_party(
        instance, [*ordinary_members(), *(member(one, branch="Zuid") for one in IN_SOUTH)], CHANGES,
        policy="partijraad-online",
    )  # fmt: skip
    with_candidates(instance, clock, tmp_path)
    clock.set(RECORD_DATE)
    with instance.write() as transaction:
        freeze_roll(transaction, now_running(transaction), by=BY)
    with instance.read() as session:
        assert votes_in(session, opened(instance, session), [])[1] == ("noord", "zuid"), (
            "before the draw the roll decides"
        )
    draw(instance)
    with instance.read() as session:
        assert votes_in(session, opened(instance, session), [])[1] == ("zuid",)
