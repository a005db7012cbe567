"""The points of Scottish STV where programs go wrong, each with its smallest case."""

import pytest

from stembus_ballots.errors import CountError
from stembus_ballots.irv import count_irv
from stembus_ballots.lots import DecidedLot, Lots, NeedsLot
from stembus_ballots.profile import Profile, profile_of
from stembus_ballots.record import StvRecord, in_units, to_json_object
from stembus_ballots.scottish import count_scottish, pile_groups


def election(text: str, seats: int, withdrawn: tuple[int, ...] = ()) -> Profile:
    """Ballots as in "45 AXZ, 6 XY": a letter is a candidate, in alphabetical order."""
    ballots = [part.split() for part in text.split(",")]
    names = sorted({letter for _, letters in ballots for letter in letters})
    rankings = [[names.index(letter) for letter in letters] for count, letters in ballots for _ in range(int(count))]
    return profile_of("Test", names, rankings, seats=seats, withdrawn=withdrawn)


def winners(record: StvRecord) -> str:
    return "".join(record.candidates[c] for c in record.elected)


def test_an_exclusion_moves_each_paper_at_the_value_it_came_with() -> None:
    record = count_scottish(election("45 AXZ, 6 XY, 32 Y, 25 Z", 2))
    assert record.quota == 37
    assert winners(record) == "AY"
    assert record.stages[1].votes == ("37.00000", "13.99965", "32.00000", "25.00000")
    assert record.stages[1].non_transferable == "0.00035"
    assert record.stages[1].lost_to_rounding == "0.00035"
    assert record.stages[2].votes == ("37.00000", "0.00000", "38.00000", "32.99965")
    assert [(move.papers, move.value_after) for move in record.stages[2].moved] == [(6, "1.00000"), (45, "0.17777")]


def test_the_largest_surplus_goes_first_not_that_of_who_was_elected_first() -> None:
    # A has 2 over the quota at once; B gets 8 over it when D is excluded.
    record = count_scottish(election("27 AC, 20 BC, 13 DB, 14 C, 14 E, 10 F", 3))
    assert record.quota == 25
    actions = [(stage.action, stage.candidate) for stage in record.stages[:4]]
    assert actions == [("first", None), ("surplus", 0), ("exclude", 5), ("exclude", 3)]
    assert (record.stages[4].action, record.stages[4].candidate) == ("surplus", 1)
    together = count_scottish(election("26 AC, 30 BD, 10 C, 20 D, 10 E", 3))
    assert [stage.candidate for stage in together.stages if stage.action == "surplus"] == [1, 0]


def test_a_candidate_with_exactly_the_quota_has_no_surplus_and_no_stage() -> None:
    record = count_scottish(election("10 AB, 5 BC, 4 CB", 1))
    assert (record.quota, len(record.stages), winners(record)) == (10, 1, "A")
    record = count_scottish(election("7 AB, 5 BC, 4 CB, 3 DC", 2))
    assert record.quota == 7
    assert [stage.action for stage in record.stages] == ["first", "exclude", "surplus"][:2]


def test_surpluses_stay_where_they_are_once_all_seats_are_filled() -> None:
    record = count_scottish(election("60 AB, 39 BA, 1 C", 2))
    assert len(record.stages) == 1
    assert record.stages[0].votes == ("60.00000", "39.00000", "1.00000")


def test_one_candidate_at_a_time_is_excluded_even_when_several_have_nothing() -> None:
    profile = profile_of("Test", "ABCDE", [(0,)] * 5 + [(1,)] * 6 + [(2,)] * 4, seats=1)
    record = count_scottish(profile, lots=Lots(order=(4, 3, 2, 1, 0)))
    assert [stage.candidate for stage in record.stages] == [None, 4, 3, 2, 0]
    assert record.lots[0].tied == (3, 4)


def test_an_exclusion_is_completed_when_it_leaves_as_many_as_there_are_vacancies() -> None:
    record = count_scottish(election("5 A, 6 B, 4 CA", 2))
    assert record.stages[-1].candidate == 2
    assert record.stages[-1].votes == ("9.00000", "6.00000", "0.00000")


def test_the_last_seats_are_filled_without_a_quota() -> None:
    record = count_scottish(election("10 A, 4 B, 3 C", 2))
    assert record.stages[-1].elected_without_quota == (1,)
    assert record.elected_stage == (1, 3)
    assert [stage.action for stage in record.stages] == ["first", "surplus", "exclude"]


def test_a_tie_is_settled_by_the_latest_earlier_stage_at_which_the_tied_differed() -> None:
    record = count_scottish(election("9 A, 6 B, 5 C, 1 DC", 1))
    assert [stage.candidate for stage in record.stages] == [None, 3, 2, 1]
    assert record.ties_settled_by_earlier_stage[0].tied == (1, 2)
    assert (record.ties[0].after_stage, record.ties[0].earlier_stage) == (2, 1)
    assert record.lots == ()


def test_of_three_tied_an_earlier_stage_first_narrows_and_the_lot_decides_the_rest() -> None:
    # After D has gone B, C and E have 5 each; before that B and C had 4, and E 5.
    profile = election("9 A, 4 B, 4 C, 5 E, 1 DB, 1 DC", 1)
    with pytest.raises(NeedsLot) as needed:
        count_scottish(profile)
    assert (needed.value.tied, needed.value.why) == ((1, 2), "exclude")
    record = count_scottish(profile, lots=Lots(decided=(DecidedLot(tied=(2, 1), drawn=2, why="exclude"),)))
    assert record.ties[0].tied == (1, 2, 4)
    assert record.ties[0].drawn_among == (1, 2)
    assert record.ties[0].chosen == 2


def test_a_withdrawn_candidate_is_struck_before_the_first_stage() -> None:
    profile = election("10 AB, 6 B, 7 C, 3 A", 1, withdrawn=(0,))
    record = count_scottish(profile)
    assert (record.valid, record.emptied, record.quota) == (23, 3, 12)
    assert record.stages[0].votes == ("0.00000", "16.00000", "7.00000")
    assert winners(record) == "B"


def test_as_many_candidates_as_seats_are_elected_without_a_count() -> None:
    record = count_scottish(election("3 A, 1 B", 2))
    assert record.uncontested
    assert (winners(record), record.stages, record.elected_stage) == ("AB", (), (0, 0))


@pytest.mark.parametrize(
    ("profile", "seats", "words"),
    [
        (election("3 A, 1 B", 2), 3, "3 seats but 2 candidates"),
        (election("3 A, 1 B", 1, withdrawn=(0,)), 2, r"2 seats but 1 candidates \(1 withdrew\)"),
        (election("3 A, 1 B", 1), 0, "0 seats"),
        (profile_of("Test", "ABC", [(), ()], seats=1), None, r"no valid ballots \(2 blank"),
        (profile_of("Test", "ABC", [(0,)]), None, "number of seats is not known"),
    ],
)
def test_a_count_that_cannot_be_made_says_which_numbers_do_not_fit(
    profile: Profile, seats: int | None, words: str
) -> None:
    with pytest.raises(CountError, match=words):
        count_scottish(profile, seats)


def test_irv_fills_one_seat_whatever_the_file_says() -> None:
    record = count_irv(election("10 A, 9 BC, 8 CB", 2))
    assert (record.method, record.seats, record.quota, winners(record)) == ("irv", 1, 14, "B")


def test_the_record_is_the_same_in_json_and_back() -> None:
    import msgspec

    record = count_scottish(election("45 AXZ, 6 XY, 32 Y, 25 Z", 2))
    assert msgspec.convert(to_json_object(record), StvRecord) == record


def test_the_pile_of_an_elected_candidate_is_what_elected_them() -> None:
    profile = election("45 AXZ, 6 XY, 32 Y, 25 Z", 2)
    record = count_scottish(profile)
    second = record.piles[1]
    assert (second.candidate, second.stage, second.votes) == (2, 3, "38.00000")
    papers = pile_groups(profile, second)
    assert [(group.ranking, group.count, value) for group, value in papers] == [
        ((1, 2), 6, "1.00000"),
        ((2,), 32, "1.00000"),
    ]
    total = sum(group.count * in_units(value) for group, value in papers)
    assert total == in_units(second.votes)
