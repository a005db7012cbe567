"""With no more candidates than seats the policy says what follows; papers and the rule are then for or against all."""

from fractions import Fraction
from typing import Any

import pytest
from msgspec.structs import replace
from paper_contest import contest, with_stage
from policy_texts import PARTIJRAAD

from stembus.errors import Refused
from stembus_ballots.decision import Votes
from stembus_ballots.quorum import Attendance
from stembus_ballots.quorum import Quorum as CountedQuorum
from stembus_ballots.whole import elect_unopposed, vote_on_whole
from stembus_polls.contests import Contest
from stembus_polls.counting.decision_rule import decision_rule
from stembus_polls.counting.margin import closeness
from stembus_polls.paper.marks import MarksError, written
from stembus_polls.paper.yes_no import parse_yes_no, read_yes_no
from stembus_polls.way import way_to_elect
from stembus_procedures import Policy, load_policy
from stembus_procedures.events import START, State
from stembus_procedures.language.stages import EnoughCandidates, Vote
from stembus_procedures.language.voting import Quorum

POLICY = load_policy(PARTIJRAAD)
SMALLER = replace(START, too_few={"enough": "proceed_smaller"}, number=14)


def ruled(**changes: Any) -> Policy:
    stages = (replace(one, **changes) if isinstance(one, EnoughCandidates) else one for one in POLICY.stages)
    return replace(POLICY, stages=tuple(stages))


def held(candidates: int, seats: int, branch: str = "") -> Contest:
    one = contest(POLICY, seats=seats, names=[f"{branch}{number}" for number in range(candidates)])
    people = tuple(replace(person, member_id=f"{branch}{person.member_id}") for person in one.candidates)
    return replace(one, candidates=people, plan=replace(one.plan, id=branch or "at_large"))


@pytest.mark.parametrize(
    ("changes", "state", "candidates", "seats", "kind"),
    [
        ({}, START, 16, 15, "ballot"),
        ({}, START, 15, 15, "vote_on_whole"),
        ({"as_many_as_seats": "elected_unopposed"}, START, 15, 15, "elected_unopposed"),
        ({"as_many_as_seats": "ballot"}, START, 15, 15, "ballot"),
        ({}, START, 14, 15, "undecided"),
        ({}, START, 12, 15, "undecided"),
        ({"fewer_than_seats": "ballot"}, START, 14, 15, "ballot"),
        ({"fewer_than_seats": "vote_on_whole"}, START, 14, 15, "vote_on_whole"),
        ({"fewer_than_seats": "elected_unopposed"}, START, 14, 15, "elected_unopposed"),
        ({}, SMALLER, 14, 14, "vote_on_whole"),
        ({"as_many_as_seats": "ballot"}, SMALLER, 14, 14, "ballot"),
        ({"too_few_below": "number_to_elect_plus_one"}, SMALLER, 14, 14, "vote_on_whole"),
        ({}, START, 0, 15, "ballot"),
    ],
)
def test_the_policy_says_how_the_seats_are_filled(
    changes: dict[str, Any], state: State, candidates: int, *, seats: int, kind: str
) -> None:
    assert way_to_elect(ruled(**changes), state, [held(candidates, seats)], seats).kind == kind


def test_a_paper_with_a_choice_makes_it_a_vote_by_ballots_in_every_contest() -> None:
    assert way_to_elect(POLICY, START, [held(8, 8, "n"), held(7, 7)], 15).kind == "vote_on_whole"
    assert way_to_elect(POLICY, START, [held(9, 8, "n"), held(6, 7)], 15).kind == "ballot"


def test_who_withdraws_after_printing_changes_nothing_about_the_papers() -> None:
    one = held(16, 15)
    people = tuple(replace(person, withdrew=person.number == 3) for person in one.candidates)
    assert way_to_elect(POLICY, START, [replace(one, candidates=people)], 15).kind == "ballot"


def test_the_reason_names_the_numbers_the_key_and_who_has_to_act() -> None:
    whole = way_to_elect(POLICY, START, [held(15, 15)], 15)
    assert whole.reason.nl == (
        "15 kandidaten voor 15 plaatsen: er wordt één keer gestemd, voor of tegen alle kandidaten samen "
        "(`stages.enough.as_many_as_seats`)"
    )
    undecided = way_to_elect(POLICY, START, [held(14, 15)], 15)
    assert undecided.to_act == "alv"
    assert "First the general assembly chooses: postpone, reopen, proceed_smaller" in undecided.reason.en


@pytest.mark.parametrize(
    ("yes", "no", "votes"), [(11, 10, 1), (12, 9, 2), (10, 11, 1), (10, 10, 1), (9, 12, 2), (0, 0, None)]
)
def test_how_many_votes_turn_the_vote_on_the_whole(yes: int, no: int, votes: int | None) -> None:
    there = Attendance(entitled=30, present=24)
    record = vote_on_whole(elect_unopposed("raad", ["Ada"], 1), decision_rule(POLICY), Votes(yes, no), there)
    close = closeness(record)
    assert (None if close is None else close.votes) == votes


@pytest.mark.parametrize(
    ("typed", "kept", "outcome", "ranking"),
    [
        ("yes", "yes", "valid", (0,)),
        ("Ja", "yes", "valid", (0,)),
        (" voor ", "yes", "valid", (0,)),
        ("no", "no", "valid", (1,)),
        ("nee", "no", "valid", (1,)),
        ("TEGEN", "no", "valid", (1,)),
        ("blanco", "blank", "blank", ()),
        ("blank", "blank", "blank", ()),
        ("invalid", "invalid", "invalid", ()),
        ("?  two   crosses", "? two crosses", "doubtful", ()),
    ],
)
def test_a_paper_for_or_against_says_one_of_few_things(
    typed: str, kept: str, outcome: str, ranking: tuple[int, ...]
) -> None:
    marks = parse_yes_no(typed)
    assert (written(marks), parse_yes_no(written(marks))) == (kept, marks)
    reading = read_yes_no(marks, contest(POLICY).ballot)
    assert (reading.outcome, reading.choices) == (outcome, ranking)


@pytest.mark.parametrize("typed", ["", "1", "3 1 2", "maybe", "?", "yes no"])
def test_anything_else_is_refused_with_what_can_be_typed(typed: str) -> None:
    with pytest.raises(MarksError):
        parse_yes_no(typed)


def test_a_blank_paper_is_invalid_where_the_policy_allows_none() -> None:
    ballot = replace(contest(POLICY).ballot, allow_blank=False)
    assert read_yes_no(parse_yes_no("blank"), ballot).outcome == "invalid"


def adopted_by(quorum: Quorum | None = None, **changes: Any) -> Policy:
    rule = contest(POLICY).vote.rule
    assert rule is not None
    return with_stage(POLICY, Vote, rule=replace(rule, quorum=quorum, **changes))


@pytest.mark.parametrize(
    ("quorum", "counted"),
    [
        (None, None),
        (Quorum(base="entitled", fraction=Fraction(1, 3)), CountedQuorum("entitled", Fraction(1, 3), False, False)),
        (
            Quorum(base="entitled", number=25, counts_proxies=True),
            CountedQuorum("entitled", Fraction(1, 4), False, True),
        ),
    ],
)
def test_the_rule_of_the_policy_is_the_rule_that_counts(quorum: Quorum | None, counted: CountedQuorum | None) -> None:
    rule = decision_rule(adopted_by(quorum), entitled=100)
    assert (rule.base, rule.fraction, rule.strict, rule.quorum) == ("yes_no", Fraction(1, 2), True, counted)


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (with_stage(POLICY, Vote, rule=None), r"`stages.vote.rule` is missing"),
        (
            with_stage(POLICY, Vote, ballot=replace(contest(POLICY).ballot, allow_abstain=True)),
            "allow_abstain` is true",
        ),
        (adopted_by(base="present"), r"`stages.vote.rule.base` is present"),
        (adopted_by(blank="in_base"), r"`stages.vote.rule`: .* blank = in_base contradicts base = yes_no"),
        (adopted_by(Quorum(base="seats", fraction=Fraction(1, 2))), r"`stages.vote.rule.quorum.base` is seats"),
        (adopted_by(Quorum(base="entitled")), r"`stages.vote.rule.quorum`: give a fraction or a number"),
        (adopted_by(Quorum(base="entitled", number=101)), "is 101, and 100 are entitled: no vote can reach it"),
    ],
)
def test_a_rule_that_papers_cannot_be_counted_by_is_refused_with_its_key(policy: Policy, said: str) -> None:
    with pytest.raises(Refused, match=said):
        decision_rule(policy, entitled=100)
