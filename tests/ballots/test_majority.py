"""A person is elected with more than half; without it the rule says who stands in the next round."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stembus_ballots.errors import CountError
from stembus_ballots.lots import NO_LOTS, DecidedLot, Lots
from stembus_ballots.majority import (
    Elected,
    LotNeeded,
    Next,
    NextRound,
    NobodyLeft,
    Round,
    RoundsRule,
    YesNoVote,
    rounds_verdict,
    whole_list_vote,
)

A, B, C, D = range(4)
NAMES = ("Ada", "Bo", "Cis", "Dirk")
THREE_ROUNDS = RoundsRule("valid", ("all", 2), tie_at_cut="lot", last_rule="lot", unopposed="elected")
TWO_ROUNDS = RoundsRule("valid", (2,), tie_at_cut="all", last_rule="plurality", unopposed="elected")
SAME = Round({A: 10, B: 8, C: 8, D: 5})


def after(*rounds: Round, rule: RoundsRule = THREE_ROUNDS, lots: Lots = NO_LOTS, names: Sequence[str] = NAMES) -> Next:
    return rounds_verdict(rule, names, rounds, lots).next


class TestThreeRoundsWithTwoFreeVotes:
    """31 valid votes, A 10, B 8, C 8, D 5."""

    def test_ten_of_31_is_no_majority_so_a_free_second_vote_follows(self) -> None:
        verdict = rounds_verdict(THREE_ROUNDS, NAMES, [SAME])
        assert (verdict.rounds[0].counted, verdict.rounds[0].needed) == (31, 16)
        assert verdict.next == NextRound(2, (A, B, C, D))

    def test_after_the_second_a_lot_says_which_of_the_two_tied_stands_against_the_highest(self) -> None:
        assert after(SAME, SAME) == LotNeeded((B, C), "proceed")
        drawn = Lots(decided=(DecidedLot((B, C), C, "proceed"),))
        verdict = rounds_verdict(THREE_ROUNDS, NAMES, [SAME, SAME], drawn)
        assert verdict.next == NextRound(3, (A, C))
        assert [(lot.tied, lot.drawn) for lot in verdict.lots] == [((B, C), C)]

    def test_a_final_tie_is_decided_by_lot(self) -> None:
        order = Lots(order=(C, B, A, D))
        final = Round({A: 15, C: 15}, blank=1)
        drawn_c_first = Lots(decided=(DecidedLot((B, C), C, "proceed"),))
        assert after(SAME, SAME, final, lots=drawn_c_first) == LotNeeded((A, C), "elect")
        assert after(SAME, SAME, final, lots=order) == Elected(C, "lot")

    def test_sixteen_of_31_elects_in_any_round(self) -> None:
        sixteen = Round({A: 16, B: 8, C: 7, D: 0})
        assert after(sixteen) == Elected(A, "majority")
        assert after(SAME, sixteen) == Elected(A, "majority")

    def test_who_declines_is_struck_and_the_last_one_left_is_elected(self) -> None:
        declined = Round({A: 10, B: 8, C: 8, D: 5}, withdrawn=(B, D))
        assert after(SAME, declined) == NextRound(3, (A, C))
        assert after(Round({A: 10, B: 8, C: 8, D: 5}, withdrawn=(A, B, D))) == Elected(C, "unopposed")
        assert after(Round({A: 10, B: 8, C: 8, D: 5}, withdrawn=(A, B, C, D))) == NobodyLeft()


def test_half_is_not_enough() -> None:
    assert after(Round({A: 10, B: 6, C: 4, D: 0})) == NextRound(2, (A, B, C, D))


def test_of_those_present_a_majority_of_the_valid_votes_may_not_be_enough() -> None:
    of_present = RoundsRule("present", ("all",), "lot", "plurality", "elected")
    most_valid = Round({A: 10, B: 5}, blank=5, present=20)
    verdict = rounds_verdict(of_present, NAMES[:2], [most_valid])
    assert (verdict.rounds[0].counted, verdict.rounds[0].needed) == (20, 11)
    assert verdict.next == NextRound(2, (A, B))
    assert after(most_valid, most_valid, rule=of_present, names=NAMES[:2]) == Elected(A, "plurality")


def test_all_who_share_the_cut_go_on_where_the_rule_says_all() -> None:
    assert after(SAME, rule=TWO_ROUNDS) == NextRound(2, (A, B, C))


def test_the_last_round_can_be_won_by_most_votes_and_equals_draw_a_lot() -> None:
    assert after(SAME, Round({A: 12, B: 10, C: 9}), rule=TWO_ROUNDS) == Elected(A, "plurality")
    assert after(SAME, Round({A: 11, B: 11, C: 9}), rule=TWO_ROUNDS) == LotNeeded((A, B), "elect")


def test_the_lowest_goes_out_each_round_and_a_lot_decides_between_two_lowest() -> None:
    rule = RoundsRule("valid", ("drop_last",) * 2, "lot", "plurality", "elected")
    first = Round({A: 10, B: 9, C: 5, D: 5})
    assert after(SAME, rule=rule) == NextRound(2, (A, B, C))
    assert after(first, rule=rule) == LotNeeded((C, D), "exclude")
    assert after(first, rule=rule, lots=Lots(order=(D, C, B, A))) == NextRound(2, (A, B, C))
    keep_all = RoundsRule("valid", ("drop_last",) * 2, "all", "plurality", "elected")
    assert after(first, rule=keep_all) == NextRound(2, (A, B, C, D))


def test_no_vote_at_all_elects_nobody() -> None:
    assert after(Round({A: 0, B: 0, C: 0, D: 0}, blank=30)) == NextRound(2, (A, B, C, D))


def test_a_single_candidate_is_elected_or_voted_on_as_the_rule_says() -> None:
    vote = RoundsRule("valid", (), "lot", "plurality", "yes_no_vote")
    assert after(names=NAMES[:1]) == Elected(A, "unopposed")
    assert after(names=NAMES[:1], rule=vote) == YesNoVote((A,))


def test_as_many_candidates_as_seats_means_one_vote_on_the_whole() -> None:
    assert whole_list_vote((A, B, C), 3) == YesNoVote((A, B, C))
    assert whole_list_vote((A, B, C, D), 3) is None


@pytest.mark.parametrize(
    ("rounds", "said"),
    [
        ([Round({A: 20, B: 1, C: 0, D: 0}), SAME], "round 2, but before it a candidate was elected"),
        ([SAME, SAME, Round({A: 9, B: 9})], "round 3, but before it a lot had to be drawn"),
        ([Round({A: 3, B: 1})], "Round 1: there are votes for candidates"),
        ([Round({A: 3, B: 1, C: 0, D: -1})], "cannot be below 0"),
        ([Round({A: 3, B: 1, C: 0, D: 0}, present=3)], "4 papers and 3 votes present"),
        ([Round({A: 3, B: 3, C: 0, D: 0}, withdrawn=(7,))], "only candidates who stood"),
    ],
)
def test_rounds_that_cannot_have_been_held_so_are_refused(rounds: list[Round], said: str) -> None:
    with pytest.raises(CountError, match=said):
        after(*rounds)


def test_a_majority_of_those_present_asks_how_many_are_present() -> None:
    with pytest.raises(CountError, match="say how many are present"):
        after(SAME, rule=RoundsRule("present", (), "lot", "lot", "elected"))


def test_a_round_of_one_is_no_rule() -> None:
    with pytest.raises(CountError, match="write 2 or more"):
        RoundsRule("valid", (1,), "lot", "lot", "elected")


def test_the_rule_can_be_written_in_a_policy() -> None:
    text = b'{"base":"valid","proceed":["all",2],"tie_at_cut":"lot","last_rule":"lot","unopposed":"elected"}'
    assert msgspec.json.decode(text, type=RoundsRule) == THREE_ROUNDS


@given(st.lists(st.integers(0, 20), min_size=4, max_size=4), st.integers(0, 5))
def test_whoever_is_elected_by_majority_has_more_than_all_others_together(votes: list[int], blank: int) -> None:
    found = after(Round(dict(enumerate(votes)), blank=blank))
    ahead = [c for c, number in enumerate(votes) if number > sum(votes) - number]
    assert found == (Elected(ahead[0], "majority") if ahead else NextRound(2, (A, B, C, D)))
