"""Papers that agree are counted as the policy says, from inputs that are kept, and come out the same again."""

from fractions import Fraction
from typing import Literal

import pytest
from msgspec.structs import replace
from paper_contest import BY, contest, open_contest, ready_to_count, type_all, with_stage
from sqlmodel import select

from stembus.clock import SetClock
from stembus.errors import CheckFailed, Refused, UnusableInput
from stembus.instance import Instance
from stembus_ballots.lots import NO_LOTS
from stembus_ballots.pairwise import PairwiseRecord
from stembus_ballots.per_person import PerPersonRecord
from stembus_ballots.record import StvRecord
from stembus_polls.contests import Contest, ContestCandidate, plan_contests
from stembus_polls.counting.balance import Rest, balance_count
from stembus_polls.counting.blocks import how_close
from stembus_polls.counting.count import count_again, count_contest, first_difference, latest_count
from stembus_polls.counting.inputs import inputs_for, require_balance
from stembus_polls.counting.lots import enter_decided, enter_seed
from stembus_polls.counting.margin import Pair, Short, closeness, last_gap
from stembus_polls.counting.recount import order_recount, recount_due, recounts
from stembus_polls.counting.rule import require_countable
from stembus_polls.counting.tables import CountRecord
from stembus_polls.cross_check import Agrees, NotApplicable
from stembus_polls.paper.ballot_paper import ballot_pdf
from stembus_polls.paper.rule import rule_paper
from stembus_polls.paper.tables import PaperRuling, TypedPaper
from stembus_procedures import Policy, load_policy
from stembus_procedures.language.bodies import Balance, Constituency
from stembus_procedures.language.stages import Tally, Vote
from stembus_procedures.language.values import Words
from stembus_procedures.language.voting import Method, Transfer
from stembus_procedures.shipped import shipped_policies

WORDS = Words(nl="x", en="x")
MARKS = ["1 2"] * 8 + ["2 1"] * 5 + ["3 1"] * 4 + ["4 5"] * 3 + ["5"] * 2 + ["blank", "1,2"]


def shipped() -> Policy:
    file = next(file for file in shipped_policies() if file.name == "partijraad.toml")
    return load_policy(file.read_text(encoding="utf-8"))


def test_a_count_keeps_what_it_was_made_from_and_comes_out_the_same_again(instance: Instance) -> None:
    one = open_contest(instance)
    with pytest.raises(CheckFailed, match="not accounted for"), instance.write() as transaction:
        count_contest(transaction, one, (one,), by=BY)
    ready_to_count(instance, one, MARKS)
    with instance.write() as transaction:
        counted = count_contest(transaction, one, (one,), by=BY)
    record = counted.record
    assert (record.valid, record.blank, record.invalid) == (22, 1, 1)
    assert record.valid + record.blank + record.invalid == len(MARKS)
    assert counted.elected == (0, 1)
    assert isinstance(counted.cross_check, Agrees)
    with instance.read() as session:
        assert count_again(session, one) is None
    with instance.write() as transaction:
        assert count_contest(transaction, one, (one,), by=BY) == counted
    with instance.read() as session:
        assert len(session.exec(select(CountRecord)).all()) == 1


def test_whoever_changes_a_paper_or_the_record_behind_the_back_of_the_software_is_found_out(instance: Instance) -> None:
    one = open_contest(instance)
    ready_to_count(instance, one, MARKS)
    with instance.write() as transaction:
        count_contest(transaction, one, (one,), by=BY)
    with instance.write() as transaction:
        row = transaction.session.exec(select(CountRecord)).one()
        kept, row.record = row.record, row.record.replace('"elected":[0,1]', '"elected":[0,2]', 1)
        assert row.record != kept
        transaction.session.add(row)
    with instance.read() as session:
        assert "not the one in the act" in (count_again(session, one) or "")
    with instance.write() as transaction:
        row = transaction.session.exec(select(CountRecord)).one()
        row.record = kept
        transaction.session.add(row)
        for typed in transaction.session.exec(select(TypedPaper).where(TypedPaper.paper == 1)):
            typed.marks = "3"
            transaction.session.add(typed)
    with instance.read() as session:
        assert "not those that were counted" in (count_again(session, one) or "")


def test_a_tie_waits_for_a_lot_that_can_come_only_after_the_close(instance: Instance, clock: SetClock) -> None:
    one = open_contest(instance, seats=1, names=("Ada", "Ben", "Cas"))
    ready_to_count(instance, one, ["1"] * 4 + ["2"] * 3 + ["3"] * 3)
    wanted = r"a lot decides who is excluded, among 2 \(Ben\), 3 \(Cas\)"
    with pytest.raises(Refused, match=wanted) as asked, instance.write() as transaction:
        count_contest(transaction, one, (one,), by=BY)
    assert "--lot-seed SEED --lot-by WHO --witness WHO" in str(asked.value)
    early = replace(one, times=replace(one.times, closes=clock.now().replace(hour=23)))
    with pytest.raises(Refused, match="only after the close"), instance.write() as transaction:
        enter_seed(transaction, early, "4711", drawn_by="stembureau", witnesses=["notaris"], by=BY)
    with pytest.raises(UnusableInput, match="who drew it"), instance.write() as transaction:
        enter_seed(transaction, one, "4711", drawn_by="stembureau", witnesses=[], by=BY)
    with pytest.raises(Refused, match="by a public seed"), instance.write() as transaction:
        enter_decided(transaction, one, [2, 3], 2, why="exclude", drawn_by="stembureau", witnesses=["notaris"], by=BY)
    with instance.write() as transaction:
        enter_seed(transaction, one, "4711", drawn_by="stembureau", witnesses=["notaris"], by=BY)
    with pytest.raises(Refused, match="cannot be replaced"), instance.write() as transaction:
        enter_seed(transaction, one, "4712", drawn_by="stembureau", witnesses=["notaris"], by=BY)
    with instance.write() as transaction:
        counted = count_contest(transaction, one, (one,), by=BY)
    assert isinstance(counted.record, StvRecord)
    assert counted.record.lots
    with instance.read() as session:
        assert count_again(session, one) is None


def test_a_recount_by_hand_reads_papers_again_and_says_what_changed(instance: Instance) -> None:
    one = open_contest(instance)
    ready_to_count(instance, one, MARKS)
    with pytest.raises(Refused, match="not counted yet"), instance.write() as transaction:
        order_recount(transaction, one, asked_by="Cas van Dijk", ground="3 votes apart", by=BY)
    with instance.write() as transaction:
        count_contest(transaction, one, (one,), by=BY)
        order_recount(transaction, one, asked_by="Cas van Dijk", ground="3 votes apart", papers=[9, 10], by=BY)
    again = [*MARKS]
    again[8] = "3 2"
    type_all(instance, one, again, only=[9, 10])
    with instance.write() as transaction:
        counted = count_contest(transaction, one, (one,), by=BY)
    assert (counted.number, counted.round) == (2, 2)
    with instance.read() as session:
        outcome = recounts(session, one)
        assert count_again(session, one) is None
    assert [(r.papers, r.changed, r.elected_after) for r in outcome] == [(2, (9,), counted.elected)]
    with pytest.raises(Refused, match="the policy allows 1"), instance.write() as transaction:
        order_recount(transaction, one, asked_by="Ben Jansen", ground="once more", by=BY)


def test_a_ruling_cannot_change_once_the_papers_are_counted(instance: Instance) -> None:
    one = open_contest(instance)
    marks = ["1 5 1", *MARKS]
    ready_to_count(instance, one, marks)
    with pytest.raises(Refused, match="has to rule on paper 1"), instance.write() as transaction:
        count_contest(transaction, one, (one,), by=BY)
    with instance.write() as transaction:
        rule_paper(transaction, one, 1, outcome="valid", marks="1 5", reason="the second 1 is struck out", by=BY)
        count_contest(transaction, one, (one,), by=BY)
    with pytest.raises(Refused, match="only in a recount"), instance.write() as transaction:
        rule_paper(transaction, one, 1, outcome="blank", reason="on second thoughts", by=BY)
    with instance.read() as session:
        assert session.exec(select(PaperRuling)).one().marks == "1 5"


def test_a_wide_gap_asks_for_no_recount(instance: Instance) -> None:
    one = open_contest(instance, seats=1, names=("Ada", "Ben", "Cas"))
    ready_to_count(instance, one, ["1"] * 6 + ["2"] * 4 + ["3"] * 3)
    with instance.write() as transaction:
        counted = count_contest(transaction, one, (one,), by=BY)
    gap = last_gap(counted.record)
    assert gap is not None
    assert gap.votes == 2
    with instance.read() as session:
        assert recount_due(session, one) is None


def test_a_gap_of_one_vote_between_who_was_excluded_last_and_who_stayed_asks_for_a_recount(instance: Instance) -> None:
    one = open_contest(instance, seats=1, names=("Ada", "Ben", "Cas"))
    ready_to_count(instance, one, ["1"] * 5 + ["2 3"] * 4 + ["3 2"] * 3)
    with instance.write() as transaction:
        counted = count_contest(transaction, one, (one,), by=BY)
    gap = last_gap(counted.record)
    assert gap is not None
    assert (gap.excluded, gap.next_above, gap.votes) == (2, 1, Fraction(1))
    with instance.read() as session:
        assert recount_due(session, one) == gap
        assert latest_count(session, one) == counted


def of_method(one: Contest, method: Method) -> Contest:
    policy = with_stage(one.policy, Vote, ballot=replace(one.ballot, method=method))
    return replace(one, policy=with_stage(policy, Tally, transfer=None))


def test_papers_are_counted_by_pairs_and_one_vote_between_two_asks_for_a_recount(instance: Instance) -> None:
    one = of_method(open_contest(instance, seats=1, names=("Ada", "Ben", "Cas")), "condorcet")
    ready_to_count(instance, one, ["1 3"] * 4 + ["2 3"] * 4 + ["3", "blank", "1,2"])
    with instance.write() as transaction:
        counted = count_contest(transaction, one, (one,), by=BY)
    record = counted.record
    assert isinstance(record, PairwiseRecord)
    assert (counted.elected, record.order) == ((2,), ((2,), (0, 1)))
    assert (record.valid, record.blank, record.invalid) == (9, 1, 1)
    assert counted.cross_check == NotApplicable("method")
    assert closeness(record) == Pair(2, 0, 1)
    with instance.read() as session:
        assert count_again(session, one) is None
        due = recount_due(session, one)
    assert due == Pair(2, 0, 1)
    assert how_close(one, due).en.endswith(": 1 vote lies between Cas and Ada: the policy asks for a recount")


def test_papers_for_and_against_each_person_are_counted_by_the_rule_of_the_policy(
    instance: Instance,
) -> None:
    one = of_method(
        open_contest(instance, seats=2, names=("Ada", "Ben", "Cas", "Dee"), withdrew=[4]), "yes_no_per_person"
    )
    ready_to_count(
        instance, one, ["y y n y"] * 4 + ["v t v b"] * 3 + ["nyyn", "blank", "invalid", "? two crosses at 3"]
    )
    with instance.write() as transaction:
        rule_paper(transaction, one, 11, outcome="valid", marks="ybn b", reason="the second one is struck out", by=BY)
    with instance.write() as transaction:
        counted = count_contest(transaction, one, (one,), by=BY)
    record = counted.record
    assert isinstance(record, PerPersonRecord)
    assert [(v.votes.yes, v.votes.no, v.votes.blank, v.outcome) for v in record.verdicts] == [
        (8, 1, 1, "adopted"),
        (5, 3, 2, "adopted"),
        (4, 5, 1, "rejected"),
    ]
    assert (counted.elected, record.withdrawn, record.valid, record.invalid) == ((0, 1), (3,), 10, 1)
    assert counted.cross_check == NotApplicable("method")
    assert closeness(record) == Short(1, 1)
    with instance.read() as session:
        assert count_again(session, one) is None
        due = recount_due(session, one)
    assert due is not None
    assert "takes Ben over the threshold or below it" in how_close(one, due).en


def test_equals_on_a_list_wait_for_a_lot_that_names_its_purpose(instance: Instance) -> None:
    one = of_method(open_contest(instance, seats=2, names=("Ada", "Ben", "Cas")), "list_ranking")
    ready_to_count(instance, one, ["3"] * 4 + ["1"] * 1 + ["2"] * 1)
    wanted = r"a lot decides who is elected, among 1 \(Ada\), 2 \(Ben\)"
    with pytest.raises(Refused, match=wanted), instance.write() as transaction:
        count_contest(transaction, one, (one,), by=BY)
    with instance.write() as transaction:
        enter_seed(transaction, one, "4711", drawn_by="stembureau", witnesses=["notaris"], by=BY)
        counted = count_contest(transaction, one, (one,), by=BY)
    assert counted.elected[0] == 2
    assert counted.elected[1] in (0, 1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"transfer": Transfer("droop", "weighted_gregory", "earlier_stages_then_lot")}, "`transfer` is there"),
        ({"yes_threshold": Fraction(1, 2)}, "`yes_threshold` is there"),
    ],
)
def test_what_a_count_by_pairs_cannot_do_is_refused_before_any_paper_is_opened(
    changes: dict[str, object], said: str
) -> None:
    one = of_method(contest(shipped()), "condorcet")
    with pytest.raises(Refused, match=said):
        require_countable(with_stage(one.policy, Tally, **changes), 2)
    with pytest.raises(Refused, match="keeps to no hard balance rule"):
        require_countable(of_method(contest(balanced()), "condorcet").policy, 2)


def people(*genders: str) -> tuple[ContestCandidate, ...]:
    return tuple(
        ContestCandidate(id=f"k{number}", number=number, name=f"K{number}", declared={"gender": gender})
        for number, gender in enumerate(genders, 1)
    )


def balanced(**changes: object) -> Policy:
    policy = shipped()
    rule = Balance(
        **{
            "id": "women",
            "criterion": "gender",
            "values": ("woman", "nonbinary"),
            "description": WORDS,
            "strength": "hard",
            "minimum_share": Fraction(1, 2),
            **changes,
        }  # type: ignore[arg-type]
    )
    assert policy.seats is not None
    return replace(policy, seats=replace(policy.seats, balance=(rule,)))


@pytest.mark.parametrize(
    ("changes", "genders", "seats", "least", "lowered"),
    [
        ({}, ("woman", "woman", "man", "man"), 3, 1, None),
        ({"rounding": "up"}, ("woman", "woman", "man", "man"), 3, 2, None),
        ({"minimum": 2}, ("nonbinary", "woman", "man", "man"), 3, 2, None),
        ({"rounding": "up"}, ("woman", "man", "man", "man"), 3, 1, 2),
        ({}, ("man", "man", "man"), 2, 0, 1),
    ],
)
def test_a_balance_rule_becomes_a_constraint_and_sinks_to_what_can_be_met(
    changes: dict[str, object], genders: tuple[str, ...], seats: int, *, least: int, lowered: int | None
) -> None:
    plan = contest(shipped(), seats=seats).plan
    found = balance_count(balanced(**changes), plan, people(*genders))
    assert found.constraints is not None
    assert found.constraints.constraints[0].min == least
    assert [rule.asked for rule in found.lowered] == ([] if lowered is None else [lowered])
    assert not found.impossible


def test_a_balance_that_may_not_sink_is_reported_before_any_paper_is_opened() -> None:
    plan = contest(shipped(), seats=2).plan
    found = balance_count(balanced(if_infeasible="stop"), plan, people("man", "man", "man"))
    assert found.impossible
    assert "women = woman/nonbinary" in found.impossible[0]


def test_a_balance_is_about_all_seats_together() -> None:
    plan = contest(shipped(), seats=2).plan
    candidates = people("woman", "woman", "man", "man")
    seated = Rest(seated=people("man", "man"), seats_to_come=0)
    assert (found := balance_count(balanced(), plan, candidates, rest=seated).constraints)
    assert found.constraints[0].min == 2
    later = Rest(seats_to_come=2)
    assert (found := balance_count(balanced(), plan, candidates, rest=later).constraints)
    assert found.constraints[0].min == 0


def test_constituencies_are_filled_first_and_the_rest_at_large() -> None:
    policy = shipped()
    assert policy.seats is not None
    regions = tuple(Constituency(id=name, name=WORDS, seats=2, branches=(name,)) for name in ("noord", "zuid"))
    policy = replace(policy, seats=replace(policy.seats, constituencies=regions))
    assert [(plan.id, plan.seats) for plan in plan_contests(policy, 13)] == [
        ("noord", 2),
        ("zuid", 2),
        ("at_large", 9),
    ]
    assert [plan.id for plan in plan_contests(policy, 4)] == ["noord", "zuid"]
    with pytest.raises(ValueError, match="only 3 are to be elected"):
        plan_contests(policy, 3)


def regional(policy: Policy, vacant_to: Literal["at_large", "leave_empty"] = "at_large") -> tuple[Contest, Contest]:
    """Return a contest of a region for 2 seats, and one at large for 2 in which the same people stand."""
    region = contest(policy, names=("Ada", "Ben", "Cas"), seats=2)
    region = replace(region, plan=replace(region.plan, id="noord", branches=("noord",), vacant_to=vacant_to))
    return region, contest(policy, names=("Ada", "Ben", "Cas", "Dee", "Eli"), seats=2)


def test_who_was_elected_in_a_constituency_is_passed_over_at_large() -> None:
    region, at_large = regional(shipped())
    with pytest.raises(Refused, match="noord is filled before at_large"):
        inputs_for(at_large, (region, at_large), {}, NO_LOTS, "00")
    inputs = inputs_for(at_large, (region, at_large), {"noord": ("m1", "m3")}, NO_LOTS, "00")
    assert (inputs.struck, inputs.seats) == ((0, 2), 2)


def test_a_seat_for_which_nobody_stands_goes_to_the_seats_at_large_where_the_policy_says_so() -> None:
    for vacant_to, seats in (("at_large", 3), ("leave_empty", 2)):
        region, at_large = regional(shipped(), vacant_to)  # type: ignore[arg-type]
        region = replace(region, candidates=region.candidates[:1])
        inputs = inputs_for(at_large, (region, at_large), {"noord": ("m1",)}, NO_LOTS, "00")
        assert inputs.seats == seats
        assert inputs_for(region, (region, at_large), {}, NO_LOTS, "00").seats == 1


def test_no_paper_is_printed_for_a_vote_that_no_result_can_meet() -> None:
    one = contest(balanced(if_infeasible="stop"), declared=[{"gender": "man"}] * 5)
    with pytest.raises(Refused, match="no result can meet the balance rule; women = woman/nonbinary: at least 1"):
        ballot_pdf(one, organisation="Voorbeeldpartij", practice=True)
    assert require_balance(replace(one, other_seats=2)).constraints is not None


def test_a_method_that_papers_cannot_be_counted_by_is_refused_before_any_is_printed() -> None:
    policy = shipped()
    ballot = replace(contest(policy).ballot, method="borda")
    with pytest.raises(Refused, match="'borda' cannot be counted"):
        require_countable(with_stage(policy, Vote, ballot=ballot), 3)
    transfer = contest(policy).tally.transfer
    assert transfer is not None
    transfer = replace(transfer, quota="hare")
    with pytest.raises(Refused, match="hare"):
        require_countable(with_stage(policy, Tally, transfer=transfer), 3)
    require_countable(policy, 3)


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ({"a": [1, 2]}, {"a": [1, 2]}, None),
        ({"a": [1, 2]}, {"a": [1, 3]}, "record.a[1]: 2 was kept, 3 comes out now"),
        ({"a": [1, {"b": "x"}]}, {"a": [1, {"b": "y"}]}, "record.a[1].b: 'x' was kept, 'y' comes out now"),
        ({"a": [1]}, {"a": [1, 2]}, "record.a: [1] was kept, [1, 2] comes out now"),
    ],
)
def test_the_first_difference_between_two_records_is_named(before: object, after: object, where: str | None) -> None:
    assert first_difference(before, after) == where
