"""The most approved are elected; a lot is drawn only among those who share the last seats."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stembus_ballots.approval import (
    ApprovalGroup,
    ApprovalProfile,
    YesThreshold,
    count_approval,
    read_approval,
)
from stembus_ballots.errors import BallotFileError, CountError
from stembus_ballots.lots import DecidedLot, Lots, NeedsLot

MORE_THAN_HALF = YesThreshold(Fraction(1, 2), strict=True)


def approvals(*numbers: int, ballots: int | None = None) -> ApprovalProfile:
    """A profile in which candidate c is approved `numbers[c]` times, one approval on each ballot."""
    groups = [ApprovalGroup((c,), n) for c, n in enumerate(numbers) if n]
    if ballots is not None:
        groups.append(ApprovalGroup((), ballots - sum(numbers)))
    return ApprovalProfile("constructed", tuple("ABCDEF"[: len(numbers)]), tuple(groups))


@pytest.mark.full_data
def test_the_council_s_approvals_are_counted_as_published(data_dir: Path) -> None:
    entries = json.loads((data_dir / "elections" / "expected.json").read_text())
    entry = next(e for e in entries if e["id"] == "ims_approval")
    file = data_dir / "elections" / entry["file"]
    profile = read_approval(file.read_text(), "ims", file.name)
    record = count_approval(profile, entry["seats"])
    assert list(record.approvals) == entry["computed"]["approvals"]
    assert record.valid == entry["valid"]
    assert profile.approving_nobody == 22
    assert len(profile.candidates) == len(entry["candidates"])
    assert [entry["candidates"][c] for c in record.elected] == ["Li", "Jasper", "Roisin", "Hillary", "Julie"]
    assert record.lots == ()


def test_only_the_border_draws_a_lot_and_the_sure_ones_are_in() -> None:
    record = count_approval(approvals(9, 5, 7, 5, 5), 3, lots=Lots(order=(4, 3, 2, 1, 0)))
    assert record.elected == (0, 2, 4)
    assert record.border == (1, 3, 4)
    assert [(lot.for_, lot.tied, lot.drawn) for lot in record.lots] == [("elect", (1, 3, 4), 4)]


def test_two_seats_among_three_equals_are_two_draws() -> None:
    record = count_approval(approvals(5, 5, 5), 2, lots=Lots(order=(2, 0, 1)))
    assert record.elected == (0, 2)
    assert [(lot.tied, lot.drawn) for lot in record.lots] == [((0, 1, 2), 2), ((0, 1), 0)]


def test_equal_candidates_who_both_have_a_seat_need_no_lot() -> None:
    record = count_approval(approvals(5, 5, 2), 2)
    assert (record.elected, record.lots, record.border) == ((0, 1), (), ())


def test_without_a_lot_the_count_stops_and_names_the_tied() -> None:
    with pytest.raises(NeedsLot, match=r"1 \(B\), 2 \(C\)") as stopped:
        count_approval(approvals(9, 5, 5), 2)
    assert stopped.value.tied == (1, 2)
    decided = Lots(decided=(DecidedLot((1, 2), 2, "elect"),))
    assert count_approval(approvals(9, 5, 5), 2, lots=decided).elected == (0, 2)


def test_the_threshold_goes_before_the_ranking_and_leaves_seats_empty() -> None:
    record = count_approval(approvals(11, 10, 9, ballots=20 + 10), 2, threshold=YesThreshold(Fraction(1, 3), True))
    assert (record.needed, record.below, record.elected, record.vacant) == (11, (1, 2), (0,), 1)


def test_half_of_the_valid_ballots_is_not_more_than_half() -> None:
    profile = ApprovalProfile("", ("A", "B"), (ApprovalGroup((0,), 5), ApprovalGroup((), 5)))
    assert count_approval(profile, 1, threshold=MORE_THAN_HALF).elected == ()
    assert count_approval(profile, 1, threshold=YesThreshold(Fraction(1, 2), False)).elected == (0,)


def test_a_withdrawn_candidate_gets_no_seat_and_the_ballots_stay_valid() -> None:
    record = count_approval(approvals(9, 5, 4), 1, withdrawn=(0,))
    assert (record.elected, record.approvals, record.valid) == ((1,), (0, 5, 4), 18)


@pytest.mark.parametrize("seats", [0, 4])
def test_seats_that_do_not_fit_the_candidates_are_refused(seats: int) -> None:
    with pytest.raises(CountError, match=f"{seats} seats for 3 candidates"):
        count_approval(approvals(3, 2, 1), seats)


def test_without_ballots_nobody_is_elected_but_an_error_is_given() -> None:
    with pytest.raises(CountError, match="no ballots"):
        count_approval(ApprovalProfile("empty", ("A",), ()), 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("count,approved\n", "no ballots"),
        ("count,names\n1,2\n", "second column must be called approved"),
        ("count\n1\n", "the first column is not"),
        ("count,approved\n2,1 1\n", "line 2: candidate 1 is approved twice"),
        ("count,approved\n2,1 A\n", "line 2: an approved number is “A”"),
        ("count,approved\n2,0\n", "line 2: an approved number is “0”"),
        ("count,approved\n2,99999999\n", "line 2: candidate 99999999 is beyond"),
        ("count,approved\n2,1,2\n", "line 2: there is a third column"),
        ("count,approved\n2,\n", "no ballot approves of anybody"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(BallotFileError, match=said):
        read_approval(text, "t", "t.csv")


@given(st.lists(st.integers(0, 8), min_size=2, max_size=6), st.data())
def test_nobody_outside_has_more_approvals_than_anybody_elected(numbers: list[int], data: st.DataObject) -> None:
    seats = data.draw(st.integers(1, len(numbers)))
    order = tuple(data.draw(st.permutations(range(len(numbers)))))
    record = count_approval(approvals(*numbers, ballots=sum(numbers) + 1), seats, lots=Lots(order=order))
    outside = set(range(len(numbers))) - set(record.elected)
    assert len(record.elected) == seats
    assert all(numbers[o] <= numbers[e] for o in outside for e in record.elected)
    assert all(numbers[o] < numbers[e] or {o, e} <= set(record.border) for o in outside for e in record.elected)
