"""A seat that falls vacant goes to whom the voters of the leaver want next."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_elections import SmallElection, profile_of_election, small_elections

from stembus_ballots.constraints import Constraint, Constraints
from stembus_ballots.countback import CountbackRecord, count_back
from stembus_ballots.errors import CountError
from stembus_ballots.lots import Lots, NeedsLot
from stembus_ballots.profile import Profile, profile_of
from stembus_ballots.record import StvRecord, in_units, to_json_object
from stembus_ballots.scottish import count_scottish, pile_groups

BALLOTS = [(0, 2)] * 30 + [(0, 3)] * 20 + [(0,)] * 4 + [(1, 4)] * 40 + [(2,)] * 7 + [(4, 3)] * 8
PROFILE = profile_of("Council", "ABCDE", BALLOTS, seats=2)
RECORD = count_scottish(PROFILE)


def test_the_leavers_papers_go_on_at_the_quotas_worth() -> None:
    assert (RECORD.quota, RECORD.elected) == (37, (0, 1))
    back = count_back(PROFILE, RECORD, 0)
    assert back.seated == 2
    assert back.sitting == (1,)
    # 54 papers are worth 37 votes together: 37/54, cut off after five decimals, each.
    assert back.stages[0].votes == ("0.00000", "0.00000", "20.55540", "13.70360", "0.00000")
    assert back.stages[0].non_transferable == "2.74072"
    assert (back.worth, back.votes, back.quota) == ("36.99972", "34.25900", "17.12951")


def test_who_no_longer_stands_is_passed_over() -> None:
    back = count_back(PROFILE, RECORD, 0, unavailable=[2])
    assert back.seated == 3
    assert back.contestants == (3, 4)


def test_the_only_one_left_is_seated_without_a_contest() -> None:
    back = count_back(PROFILE, RECORD, 0, unavailable=[2, 3])
    assert (back.seated, back.outcome) == (4, "filled without a contest: one candidate still stands")


def test_a_seat_stays_empty_when_nobody_stands_or_nobody_is_named() -> None:
    back = count_back(PROFILE, RECORD, 0, unavailable=[2, 3, 4])
    assert (back.seated, back.outcome) == (None, "not filled: nobody still stands")
    back = count_back(PROFILE, RECORD, 1, unavailable=[4])
    assert back.seated is None
    assert back.outcome == "not filled: no paper of the member who leaves names anyone who still stands"


def test_who_cannot_be_seated_under_the_constraints_is_struck_with_the_numbers() -> None:
    constraints = Constraints(
        categories={"gender": {"woman": (0, 3), "man": (1, 2, 4)}},
        constraints=(Constraint(category="gender", value="woman", min=1),),
    )
    back = count_back(PROFILE, RECORD, 0, constraints=constraints)
    assert back.contestants == (3,)
    assert back.seated == 3
    assert back.struck[0].candidates == (2, 4)
    assert ("gender", "woman", 0, 1) in {(w.category, w.value, w.elected, w.min) for w in back.struck[0].because}
    nobody = count_back(PROFILE, RECORD, 0, unavailable=[3], constraints=constraints)
    assert nobody.outcome == "not filled: the constraints leave none of those who still stand"


def test_a_tie_needs_a_lot() -> None:
    profile = profile_of("Council", "ABC", [(0, 1), (0, 2)], seats=1)
    record = count_scottish(profile)
    with pytest.raises(NeedsLot):
        count_back(profile, record, 0)
    assert count_back(profile, record, 0, lots=Lots(order=(0, 1, 2))).seated == 2


def test_a_seat_filled_by_countback_can_be_filled_so_again() -> None:
    first = count_back(PROFILE, RECORD, 0)
    again = count_back(PROFILE, first, 2)
    assert again.sitting == (1,)
    assert again.worth == "20.55540"
    assert again.seated is None
    assert msgspec.convert(to_json_object(first), CountbackRecord) == first


def test_the_papers_must_be_those_of_the_record() -> None:
    other = profile_of("Council", "ABCDE", BALLOTS[1:], seats=2)
    with pytest.raises(CountError, match="they are not the ballots of this record"):
        count_back(other, RECORD, 0)
    with pytest.raises(CountError, match="keeps no papers of candidate 3"):
        count_back(PROFILE, RECORD, 3)
    with pytest.raises(CountError, match="there is no candidate 9"):
        count_back(PROFILE, RECORD, 0, unavailable=[9])


@given(small_elections(), st.data())
@settings(max_examples=150)
def test_a_naive_countback_seats_the_same_candidate(election: SmallElection, data: st.DataObject) -> None:
    lots = Lots(order=election.lot_order)
    profile = profile_of_election(election)
    record = count_scottish(profile, lots=lots)
    leaver = data.draw(st.sampled_from(record.elected))
    back = count_back(profile, record, leaver, lots=lots)
    assert back.seated == naive_countback(profile, record, leaver, election.lot_order)


def naive_countback(profile: Profile, record: StvRecord, leaver: int, lot_order: tuple[int, ...]) -> int | None:
    """Each paper by itself, until more than half is with one candidate or one is left."""
    pile = next(pile for pile in record.piles if pile.candidate == leaver)
    total, quota = in_units(pile.votes), record.quota * 100000
    papers = []
    for group, text in pile_groups(profile, pile):
        value = in_units(text) if total <= quota else in_units(text) * quota // total
        papers += [(group.ranking, value)] * group.count
    left = set(range(len(profile.candidates))) - set(record.elected)
    history: list[dict[int, int]] = []
    majority = 0
    while True:
        votes = dict.fromkeys(left, 0)
        for ranking, value in papers:
            if named := [c for c in ranking if c in left]:
                votes[named[0]] += value
        history.append(votes)
        if len(history) == 1:
            majority = sum(votes.values()) // 2 + 1
            if len(left) == 0 or (majority == 1 and len(left) > 1):
                return None
        if best := [c for c in left if votes[c] >= majority]:
            return best[0]
        if len(left) == 1:
            return left.pop()
        tied = sorted(left)
        for earlier in reversed(history):
            fewest = min(earlier[c] for c in tied)
            tied = [c for c in tied if earlier[c] == fewest]
        left.remove(min(tied, key=lot_order.index))
