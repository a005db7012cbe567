"""Papers on which candidates are crossed: typed, read, added up, counted, and who comes next."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from paper_contest import BY, contest, open_contest, with_stage
from policy_texts import PARTIJRAAD

from stembus.errors import Refused
from stembus.instance import Instance
from stembus_ballots.approval import (
    ApprovalGroup,
    ApprovalProfile,
    ApprovalRecord,
    YesThreshold,
    count_approval,
    count_sums,
)
from stembus_ballots.lots import Lots, NeedsLot
from stembus_ballots.sums import Sums
from stembus_party_council.runners_up import runners_up
from stembus_polls.contests import Contest
from stembus_polls.counting.cast import Cast, all_the_same, cast_digest, sums_from
from stembus_polls.counting.count import count_again, count_contest
from stembus_polls.counting.margin import Lead, Short, closeness
from stembus_polls.counting.recount import recount_due
from stembus_polls.counting.rule import require_counting
from stembus_polls.paper.account import ByHand, number_papers, state_account
from stembus_polls.paper.ballot_paper import ballot_pdf, paper_texts
from stembus_polls.paper.forms import parser_for, reader_for
from stembus_polls.paper.marks import MarksError, written
from stembus_polls.paper.settle import Settled
from stembus_polls.paper.type_over import type_papers
from stembus_polls.secret.questions import questions_of
from stembus_polls.secret.readings import sums_in
from stembus_procedures import Policy, load_policy
from stembus_procedures.language.stages import Tally, Vote

SOFT = load_policy(PARTIJRAAD.replace('strength = "hard"', 'strength = "soft"'))


def by(method: str, seats: int = 2, tally: dict[str, Any] | None = None, **ballot: Any) -> Contest:
    return contest(with_method(method, tally, **ballot), seats=seats)


def with_method(method: str, tally: dict[str, Any] | None = None, **ballot: Any) -> Policy:
    paper = replace(contest(SOFT).ballot, **{"method": method, "minimum_choices": 0, **ballot})
    return with_stage(with_stage(SOFT, Vote, ballot=paper), Tally, transfer=None, **(tally or {}))


def read_as(one: Contest, typed: str) -> tuple[str, tuple[int, ...]]:
    reading = reader_for(one)(parser_for(one)(typed))
    return reading.outcome, reading.choices


def papers(one: Contest, typed: Sequence[str]) -> dict[int, Settled]:
    return {n: Settled(reader_for(one)(parser_for(one)(text))) for n, text in enumerate(typed, 1)}


@pytest.mark.parametrize(
    ("method", "rules", "typed", "outcome", "choices"),
    [
        ("approval", {}, "5 3", "valid", (2, 4)),
        ("approval", {}, "1 2 3 4 5", "valid", (0, 1, 2, 3, 4)),
        ("approval", {"maximum_choices": 2}, "1 2 3", "invalid", ()),
        ("approval", {"maximum_choices": 2}, "1 3", "valid", (0, 2)),
        ("approval", {"minimum_choices": 2}, "4", "invalid", ()),
        ("approval", {}, "blanco", "blank", ()),
        ("approval", {"allow_blank": False}, "blank", "invalid", ()),
        ("approval", {}, "? 3 or 8", "doubtful", ()),
        ("block", {}, "1 2", "valid", (0, 1)),
        ("block", {}, "1 2 3", "invalid", ()),
        ("block", {"maximum_choices": 4}, "1 2 3 4", "valid", (0, 1, 2, 3)),
        ("block", {"maximum_choices": 1}, "1 2", "invalid", ()),
    ],
)
def test_a_paper_is_read_as_the_policy_says(
    method: str, rules: dict[str, Any], typed: str, outcome: str, choices: tuple[int, ...]
) -> None:
    assert read_as(by(method, **rules), typed) == (outcome, choices)


def test_the_order_in_which_crosses_are_typed_is_nothing_to_rule_on() -> None:
    parse = parser_for(by("approval"))
    assert written(parse("5 1  3")) == written(parse("1 3 5")) == "1 3 5"
    assert parse(written(parse("5 1 3"))) == parse("5 1 3")


@pytest.mark.parametrize("typed", ["", "x", "1,2", "3 -", "6", "0", "2 2", "12345", "?"])
def test_what_no_crosses_can_be_is_refused_at_the_desk(typed: str) -> None:
    with pytest.raises(MarksError):
        parser_for(by("approval"))(typed)


def test_the_paper_says_how_many_can_be_crossed_and_asks_for_no_numbers() -> None:
    block, approval = paper_texts(by("block"), "Partij", False), paper_texts(by("approval"), "Partij", False)
    assert "Kruis er ten hoogste 2 aan; met meer is uw stem ongeldig." in block["instructions"][0]["nl"]
    assert "Cross as many as you wish." in approval["instructions"][0]["en"]
    assert block["columns"]["mark"] == "kruis"
    assert "Nummer" not in str(block["instructions"]) + str(approval["instructions"])
    assert ballot_pdf(by("block"), organisation="Partij", practice=False).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"transfer": contest(SOFT).tally.transfer}, "`transfer` moves votes on"),
        ({"tie_between_persons": "oldest"}, "`tie_between_persons` is oldest"),
    ],
)
def test_what_no_count_of_crosses_can_do_is_refused_before_anybody_votes(changes: dict[str, Any], said: str) -> None:
    one = by("approval")
    require_counting(one)
    with pytest.raises(Refused, match=said):
        require_counting(replace(one, policy=with_stage(one.policy, Tally, **changes)))


def test_a_count_of_crosses_keeps_to_no_hard_balance_rule() -> None:
    one = by("approval")
    assert one.policy.seats is not None
    rules = tuple(replace(rule, strength="hard") for rule in one.policy.seats.balance)
    hard = replace(one.policy, seats=replace(one.policy.seats, balance=rules))
    with pytest.raises(Refused, match="no hard balance rule"):
        require_counting(replace(one, policy=hard))


CHOICES = st.lists(st.sets(st.integers(0, 4)), min_size=1, max_size=25)


@given(CHOICES, st.integers(1, 5), st.permutations(range(5)), st.sets(st.integers(0, 4), max_size=2))
def test_single_ballots_and_their_sums_are_one_count(
    ballots: list[set[int]], seats: int, order: Sequence[int], gone: set[int]
) -> None:
    seats, lots = min(seats, 5 - len(gone)), Lots(order=tuple(order))
    names = tuple("ABCDE")
    profile = ApprovalProfile("t", names, tuple(ApprovalGroup(tuple(sorted(one)), 1) for one in ballots))
    rows = tuple((sum(c in one for one in ballots),) for c in range(5))
    sums = Sums(rows=rows, valid=len(ballots), blank=0, invalid=0)
    whole = count_approval(profile, seats, lots=lots, withdrawn=gone)
    assert whole == count_sums("t", names, sums, seats, lots=lots, withdrawn=gone)
    kept = Sums(rows=tuple((n,) for n in whole.approvals), valid=len(ballots), blank=0, invalid=0)
    assert whole == count_sums("t", names, kept, seats, lots=lots, withdrawn=gone), "counted again from what is kept"


@given(CHOICES)
def test_a_box_and_papers_with_the_same_votes_are_the_same_sums(ballots: list[set[int]]) -> None:
    one = by("approval")
    typed = [" ".join(str(c + 1) for c in sorted(chosen)) or "blank" for chosen in ballots]
    (question,) = questions_of(one)
    votes = [[int(not chosen), *(int(c in chosen) for c in range(5))] for chosen in ballots]
    column = [sum(vote[place] for vote in votes) for place in range(6)]
    out = sums_in(one, (question,), (column,), ballots=len(ballots))
    on_paper = sums_from(one, papers(one, typed))
    assert out == on_paper
    assert all_the_same(on_paper) == all_the_same(papers(one, typed))
    assert sums_from(one, out) is out


def test_the_digest_fixes_papers_one_by_one_and_sums_as_they_are() -> None:
    one = by("approval")
    first, other = papers(one, ["1", "2"]), papers(one, ["2", "1"])
    kinds: list[Cast] = [first, other, sums_from(one, first)]
    assert len({cast_digest("00", cast) for cast in kinds}) == 3
    assert sums_from(one, first) == sums_from(one, other)


def counted(*votes: int, seats: int = 2, share: bool = False, lots: Lots | None = None) -> ApprovalRecord:
    sums = Sums(rows=tuple((n,) for n in votes), valid=20, blank=2, invalid=1)
    return count_sums(
        "raad",
        "ABCDE"[: len(votes)],
        sums,
        seats,
        threshold=YesThreshold(Fraction(1, 2), strict=True) if share else None,
        lots=lots or Lots(),
    )


def test_how_close_a_count_of_crosses_was() -> None:
    assert closeness(counted(15, 12, 9, 1)) == Lead(1, 2, 3)
    assert closeness(counted(15, 12, 9, 1, share=True)) == Short(1, 2), "11 of 20 are more than half; 12 may lose two"
    assert closeness(counted(15, 10, 9, 1, share=True)) == Short(1, 1)
    assert closeness(counted(9, 8, seats=2)) is None
    tied = closeness(counted(15, 9, 9, lots=Lots(order=(0, 1, 2))))
    assert tied is not None
    assert tied.votes == 0


def test_who_comes_next_is_the_most_approved_who_reached_the_threshold() -> None:
    assert runners_up(counted(15, 12, 9, 11, 10), Lots()) == (3, 4, 2)
    assert runners_up(counted(15, 12, 9, 11, 10, share=True), Lots()) == (3,)
    with pytest.raises(NeedsLot):
        runners_up(counted(15, 12, 9, 9, 1), Lots())
    assert runners_up(counted(15, 12, 9, 9, 1), Lots(order=(4, 3, 2, 1, 0))) == (3, 2, 4)


TYPED = ["1 2", "2 1", "1 4", "1", "2 3", "blank", "1 2 3", "4"]


def test_papers_of_a_block_vote_are_counted_kept_and_counted_again(instance: Instance) -> None:
    one = replace(open_contest(instance), policy=with_method("block"))
    with instance.write() as transaction:
        state_account(
            transaction,
            one,
            ByHand(unused=0, spoiled=0, in_box=len(TYPED)),
            explanations=dict.fromkeys(("issued", "strike_offs"), "papers of a test"),
            by=BY,
        )
        number_papers(transaction, one, len(TYPED), by=BY)
    for typist in BY:
        with instance.write() as transaction:
            type_papers(transaction, one, dict(enumerate(TYPED, 1)), typist=typist)
    with instance.write() as transaction:
        made = count_contest(transaction, one, (one,), by=BY)
    record = made.record
    assert isinstance(record, ApprovalRecord)
    assert (record.method, record.approvals, record.elected) == ("block", (4, 3, 1, 2, 0), (0, 1))
    assert (record.valid, record.blank, record.invalid) == (6, 1, 1), "three crosses for two seats"
    with instance.read() as session:
        assert count_again(session, one) is None
        assert recount_due(session, one) == Lead(1, 3, 1)
