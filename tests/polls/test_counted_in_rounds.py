"""Papers that are counted in ranked rounds: the lot that a round asks for, how close it was, what a paper says."""

from fractions import Fraction

import pytest
from msgspec.structs import replace
from paper_contest import BY, contest, open_contest, ready_to_count, with_stage
from policy_texts import policy

from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance
from stembus_ballots.lots import Lots
from stembus_ballots.profile import profile_of
from stembus_ballots.ranked_rounds import RankedRoundsRecord, count_ranked_rounds
from stembus_ballots.record import LotDrawn
from stembus_polls.contests import Contest
from stembus_polls.counting.blocks import how_close
from stembus_polls.counting.count import count_again, count_contest
from stembus_polls.counting.lots import enter_decided
from stembus_polls.counting.margin import Closeness, Lead, Short, closeness
from stembus_polls.counting.records import OF_METHOD, read_record
from stembus_polls.counting.recount import recount_due
from stembus_polls.counting.rounds import rounds_rule
from stembus_polls.counting.rule import require_countable
from stembus_polls.cross_check import NotApplicable
from stembus_polls.paper.ballot_paper import paper_texts
from stembus_procedures.language.stages import Tally, Vote
from stembus_procedures.language.voting import Rounds, Transfer

ROUNDS = Rounds(most=2, proceed="top_two", tie_at_cut="lot", last_rule="plurality")


def in_rounds(one: Contest, rounds: Rounds | None = ROUNDS, **ballot: str) -> Contest:
    policy = with_stage(one.policy, Vote, ballot=replace(one.ballot, method="ranked_rounds", **ballot), rounds=rounds)
    return replace(one, policy=with_stage(policy, Tally, transfer=None))


def drawn_in_the_room(one: Contest) -> Contest:
    ties = replace(one.tally.ties, source="in_the_room")
    return replace(one, policy=with_stage(one.policy, Tally, ties=ties))


def test_papers_are_counted_in_rounds_with_the_lot_that_was_drawn_when_it_was_asked(instance: Instance) -> None:
    one = drawn_in_the_room(in_rounds(open_contest(instance, seats=1, names=("Ada", "Ben", "Cas", "Dee"))))
    ready_to_count(instance, one, ["1"] * 4 + ["2 1"] * 3 + ["3 2"] * 3 + ["4", "blank", "1,2"])
    asked = r"a lot decides who goes on to the next round, among 2 \(Ben\), 3 \(Cas\)"
    with pytest.raises(Refused, match=asked), instance.write() as transaction:
        count_contest(transaction, one, (one,), by=BY)
    drawn = {"drawn_by": "stembureau", "witnesses": ["notaris"], "by": BY}
    with pytest.raises(UnusableInput, match="not for 'next'"), instance.write() as transaction:
        enter_decided(transaction, one, [2, 3], 2, why="next", **drawn)  # type: ignore[arg-type]  # as above
    with instance.write() as transaction:
        enter_decided(transaction, one, [2, 3], 2, why="proceed", **drawn)  # type: ignore[arg-type]
    with instance.write() as transaction:
        counted = count_contest(transaction, one, (one,), by=BY)
    record = counted.record
    assert isinstance(record, RankedRoundsRecord)
    assert (record.valid, record.blank, record.invalid) == (11, 1, 1)
    assert [(one.between, one.votes, one.exhausted, one.needed) for one in record.rounds] == [
        ((0, 1, 2, 3), (4, 3, 3, 1), 0, 6),
        ((0, 1), (4, 6), 1, 6),
    ]
    assert (counted.elected, record.by, record.lots) == ((1,), "majority", (LotDrawn("proceed", (1, 2), 1),))
    assert counted.cross_check == NotApplicable("method")
    assert closeness(record) == Lead(1, 2, 0)
    with instance.read() as session:
        assert count_again(session, one) is None
        due = recount_due(session, one)
    assert due == Lead(1, 2, 0)
    assert "0 votes lie between Ben and Cas" in how_close(one, due).en


@pytest.mark.parametrize(
    ("groups", "changes", "close"),
    [
        # A has 6 of 10: one paper more than the majority asks, and no round follows.
        ({"A": 6, "B": 4}, {}, Short(0, 1)),
        # Nobody drops out within 2 votes but C, one vote behind B; in the last round B is 2 above its majority.
        ({"A": 5, "B": 4, "CB": 3}, {}, Lead(1, 2, 1)),
        ({"A": 6, "BA": 4, "CA": 1}, {}, Short(0, 1)),
        # All equals at the cut go on: with one vote fewer one of them would not.
        ({"A": 5, "B": 3, "C": 3}, {"tie_at_cut": "all"}, Lead(1, 2, 0)),
        # In the last round most votes are enough: what lies between the first and the second.
        ({"A": 6, "B": 5, "C": 3}, {"blank": "in_base"}, Lead(0, 1, 1)),
        # One short of the majority that would have ended it without a lot.
        ({"A": 5, "B": 4, "C": 1}, {"blank": "in_base", "last_rule": "lot"}, Short(0, 1)),
    ],
)
def test_how_close_it_was_is_the_smallest_difference_of_any_round(
    groups: dict[str, int], changes: dict[str, str], close: Closeness
) -> None:
    ballot = {"blank": changes.pop("blank")} if "blank" in changes else {}
    one = in_rounds(contest(policy(), seats=1), replace(ROUNDS, **changes), **ballot)
    rankings = [tuple("ABC".index(c) for c in order) for order, count in groups.items() for _ in range(count)]
    profile = profile_of("raad", "ABC", rankings, seats=1)
    record = count_ranked_rounds(profile, rounds_rule(one.policy, 3), 1, lots=Lots(order=(0, 1, 2)))
    assert closeness(record) == close
    assert OF_METHOD["ranked_rounds"] is RankedRoundsRecord


@pytest.mark.parametrize(
    ("blank", "invalid", "base"),
    [
        ("not_cast", "not_cast", "valid"),
        ("invalid", "not_cast", "valid"),
        ("in_base", "not_cast", "cast_with_blank"),
        ("in_base", "in_base", "cast_all"),
        ("invalid", "in_base", "cast_all"),
    ],
)
def test_what_blank_papers_count_for_is_the_base_of_every_round(blank: str, invalid: str, base: str) -> None:
    one = in_rounds(contest(policy()), blank=blank, invalid=invalid)
    assert rounds_rule(one.policy, 5).base == base


def test_the_rounds_of_the_policy_are_no_more_than_the_candidates_can_need() -> None:
    one = in_rounds(contest(policy()), replace(ROUNDS, most=99, proceed="drop_last"))
    assert rounds_rule(one.policy, 4).proceed == ("drop_last",) * 3


def test_what_a_count_in_rounds_cannot_do_is_refused_before_any_paper_is_opened() -> None:
    one = in_rounds(contest(policy()))
    require_countable(one.policy, 1)
    transfer = Transfer("droop", "weighted_gregory", "earlier_stages_then_lot")
    assert one.policy.seats is not None
    women = replace(one.policy.seats.balance[0], strength="hard")
    hard = replace(one.policy, seats=replace(one.policy.seats, balance=(women,)))
    for changed, seats, said in (
        (one.policy, 2, "ranked_rounds, which elects one; 2 are to be elected"),
        (with_stage(one.policy, Tally, transfer=transfer), 1, "`transfer` is there"),
        (with_stage(one.policy, Tally, yes_threshold=Fraction(1, 2)), 1, "`yes_threshold` is there"),
        (hard, 1, "keeps to no hard balance rule"),
        (in_rounds(one, None).policy, 1, "`stages.vote.rounds` is missing"),
        (in_rounds(one, invalid="in_base").policy, 1, "`stages.vote.ballot.invalid` is in_base"),
    ):
        with pytest.raises(Refused, match=said):
            require_countable(changed, seats)


def test_a_record_of_another_shape_is_no_record() -> None:
    with pytest.raises(ValueError, match=r"Object missing required field|unknown field"):
        read_record('{"method": "ranked_rounds", "title": "raad"}')


def test_the_paper_says_that_one_votes_once_and_that_the_next_choice_counts() -> None:
    texts = str(paper_texts(in_rounds(contest(policy(), seats=1)), "Voorbeeldpartij", practice=False)["instructions"])
    assert "Er is 1 plaats te verdelen." in texts
    assert "U stemt één keer: valt uw keuze af, dan telt uw volgende keuze." in texts
    assert "You vote once: if your choice drops out, your next choice counts." in texts
    assert "U stemt één keer" not in str(paper_texts(contest(policy()), "Voorbeeldpartij", practice=False))
