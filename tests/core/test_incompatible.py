"""Which seats cannot be held together, on which days: the rule by itself."""

from datetime import date

import pytest

from stembus.organisation.bodies import Incompatible
from stembus.organisation.incompatible import Sitting, clashes, most_at_once

RULES = {
    "committee": (Incompatible(other="board", reason="HR 7.3"),),
    "court": (Incompatible(other="board.chair", office="member", reason="GR 2"),),
}
JANUARY, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)


def sitting(
    where: str, starts: date = JANUARY, ends: date | None = None, who: str = "anna", deputy_for: str | None = None
) -> Sitting:
    body, office = where.split(".")
    return Sitting(
        seat_id=f"{where} {starts} {who}",
        member_id=who,
        body=body,
        office=office,
        starts=starts,
        ends=ends,
        deputy_for=deputy_for,
    )


@pytest.mark.parametrize(
    ("new", "other", "reason"),
    [
        (sitting("committee.member"), sitting("board.treasurer"), "HR 7.3"),
        (sitting("board.treasurer"), sitting("committee.member"), "HR 7.3"),
        (sitting("court.member"), sitting("board.chair"), "GR 2"),
        (sitting("court.member"), sitting("board.treasurer"), None),
        (sitting("court.clerk"), sitting("board.chair"), None),
        (sitting("committee.member"), sitting("board.chair", who="bram"), None),
        (sitting("committee.member", ends=MARCH), sitting("board.chair", starts=MARCH), None),
        (sitting("committee.member", ends=MARCH), sitting("board.chair", starts=date(2026, 2, 28)), "HR 7.3"),
        (sitting("committee.member"), sitting("board.chair", starts=JUNE), "HR 7.3"),
        (sitting("committee.member", starts=JUNE), sitting("board.chair", ends=MARCH), None),
        (sitting("board.chair"), sitting("board.chair", starts=MARCH), "it is the same office"),
        (sitting("committee.member"), sitting("board.chair", starts=MARCH, ends=MARCH), None),
    ],
)
def test_seats_go_together_or_not(new: Sitting, other: Sitting, reason: str | None) -> None:
    assert [clash.reason for clash in clashes(new, [other], RULES)] == ([] if reason is None else [reason])


def test_a_clash_says_from_when_until_when() -> None:
    (clash,) = clashes(sitting("committee.member", ends=JUNE), [sitting("board.chair", starts=MARCH)], RULES)
    assert (clash.since, clash.until) == (MARCH, JUNE)


def test_seats_of_an_office_are_counted_on_the_fullest_day_without_deputies() -> None:
    seats = [
        sitting("board.member", who="anna", ends=MARCH),
        sitting("board.member", who="bram", starts=MARCH),
        sitting("board.member", who="carla"),
        sitting("board.member", who="daan", deputy_for="x"),
        sitting("board.chair", who="emma"),
    ]
    assert most_at_once("board", "member", seats) == 2
