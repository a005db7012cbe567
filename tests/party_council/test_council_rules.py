"""The rules of a council by tables of cases: numbers, terms, groups that leave in turn, waiting, who comes next."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from policy_texts import policy

from stembus_ballots.lots import Lots
from stembus_ballots.majority import RoundsRule
from stembus_ballots.meek import count_meek
from stembus_ballots.pairwise import count_pairwise, next_in_order
from stembus_ballots.profile import profile_of
from stembus_ballots.ranked_rounds import count_ranked_rounds
from stembus_ballots.scottish import count_scottish
from stembus_party_council.objections import why_wait
from stembus_party_council.places import Offer
from stembus_party_council.recruitment import Stands, recruitment
from stembus_party_council.rota import may_stand_again
from stembus_party_council.runners_up import runners_up
from stembus_party_council.successor import Bench, Counted, Found, find_next
from stembus_party_council.term import elected_days, groups_by_order, successor_days
from stembus_party_council.vacancy import below_minimum
from stembus_polls import Contest, ContestCandidate
from stembus_polls.contests import ContestPlan, VoteTimes
from stembus_procedures.language.bodies import Balance, Seats, Staggering
from stembus_procedures.language.stages import EnoughCandidates, Result
from stembus_procedures.language.values import Span, Words

ZONE = ZoneInfo("Europe/Amsterdam")
CLOSES = datetime(2026, 5, 9, 15, tzinfo=UTC)
TEN_DAYS_BEFORE = datetime(2026, 4, 29, 8, tzinfo=UTC)


def seats(**changes: object) -> Seats:
    found = policy().seats
    assert found is not None
    return replace(found, **changes)


def stands(counts: int, waiting: int = 0, branch: str = "Noord") -> list[Stands]:
    return [Stands(branch, "counts")] * counts + [Stands(branch, "not_accepted")] * waiting


@pytest.mark.parametrize(
    ("now", "candidates", "nl", "en"),
    [
        (TEN_DAYS_BEFORE, 9, "nog 10 dagen", "10 days left"),
        (datetime(2026, 5, 8, 8, tzinfo=UTC), 9, "nog 1 dag", "1 day left"),
        (datetime(2026, 5, 8, 22, 30, tzinfo=UTC), 13, "de oproep sluit vandaag", "the call closes today"),
        (CLOSES, 12, "de oproep is gesloten", "the call is closed"),
    ],
)
def test_recruitment_says_how_many_of_how_many_and_how_long(now: datetime, candidates: int, nl: str, en: str) -> None:
    found = recruitment(policy(), stands(candidates), number=13, closes=CLOSES, now=now)
    assert found.summary.nl == f"{candidates} van ten minste 13 kandidaten, {nl}"
    assert found.summary.en == f"{candidates} of at least 13 candidates, {en}"


def test_recruitment_counts_by_branch_and_by_target_and_names_branches_without_anybody() -> None:
    everybody = [*stands(6, 2), *stands(3, branch="Kust"), Stands("Oost", "over")]
    found = recruitment(policy(), everybody, number=13, closes=CLOSES, now=TEN_DAYS_BEFORE, branches=("Oost", "West"))
    assert [(line.branch, line.candidates, line.not_accepted) for line in found.by_branch] == [
        ("Kust", 3, 0),
        ("Noord", 6, 2),
        ("Oost", 0, 0),
        ("West", 0, 0),
    ]
    assert [(target.candidates, target.hoped) for target in found.targets] == [(9, 20), (6, 4)]
    assert found.not_accepted == 2


def test_with_too_few_the_body_named_decides_and_postponing_is_one_of_its_choices() -> None:
    found = recruitment(policy(), stands(12), number=15, closes=CLOSES, now=TEN_DAYS_BEFORE)
    assert found.judged is not None
    assert found.judged.options == ("postpone", "reopen")
    assert [words.en for words in found.proposals] == [
        "12 candidates for 15 seats; at least 13 needed. Then the general assembly decides:",
        "postpone (all dates lapse, new ones are chosen)",
        "open the call again",
    ]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("vote_on_whole", "one vote, for or against all together; no paper names who follows somebody"),
        ("elected_unopposed", "without a count there are no piles of papers to fill an empty place from"),
    ],
)
def test_as_many_candidates_as_seats_says_what_follows_and_that_no_paper_names_a_successor(
    rule: str, said: str
) -> None:
    stages = tuple(
        replace(stage, as_many_as_seats=rule) if isinstance(stage, EnoughCandidates) else stage
        for stage in policy().stages
    )
    changed = replace(policy(), stages=stages)
    found = recruitment(changed, stands(13), number=13, closes=CLOSES, now=TEN_DAYS_BEFORE)
    assert said in found.proposals[0].en


def test_before_the_number_is_decided_the_minimum_of_the_body_counts() -> None:
    found = recruitment(policy(), stands(9), number=None, closes=CLOSES, now=TEN_DAYS_BEFORE)
    assert (found.needed, found.judged) == (13, None)
    assert "nog niet besloten" in found.proposals[0].nl


RESULT, TODAY, FIRST = date(2026, 6, 22), date(2026, 6, 30), date(2026, 8, 4)


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        ("on_result", (date(2026, 6, 30), date(2028, 6, 22))),
        ("on_acceptance", (date(2026, 6, 30), date(2028, 6, 30))),
        ("on_constitution", (date(2026, 8, 4), date(2028, 8, 4))),
    ],
)
def test_a_term_counts_from_where_the_policy_says_and_nobody_sits_before_today(
    starts: str, expected: tuple[date, date]
) -> None:
    days = elected_days(seats(starts=starts), result=RESULT, today=TODAY, constitution=FIRST)
    assert (days.starts, days.ends) == expected


@pytest.mark.parametrize(("group", "ends"), [(1, date(2027, 6, 30)), (2, date(2027, 12, 30)), (3, date(2028, 6, 30))])
def test_the_first_time_groups_leave_one_after_another(group: int, ends: date) -> None:
    rule = seats(staggering=Staggering(groups=3, every=Span(n=6, unit="months")))
    assert elected_days(rule, result=RESULT, today=TODAY, constitution=FIRST, group=group).ends == ends


@pytest.mark.parametrize(
    ("rest", "left_on", "expected"),
    [
        (True, date(2027, 2, 28), (date(2027, 3, 1), date(2028, 6, 30))),
        (False, date(2027, 2, 28), (date(2027, 3, 1), date(2029, 3, 1))),
        (True, date(2026, 1, 1), (TODAY, date(2028, 6, 30))),
    ],
)
def test_a_successor_serves_the_rest_where_the_policy_says(
    rest: bool, left_on: date, expected: tuple[date, date]
) -> None:
    vacancy = seats().vacancy
    assert vacancy is not None
    rule = seats(vacancy=replace(vacancy, term_ends_with_predecessor=rest))
    days = successor_days(rule, today=TODAY, left_on=left_on, predecessor_ends=date(2028, 6, 30))
    assert (days.starts, days.ends) == expected


@given(st.integers(1, 30), st.integers(1, 6))
def test_groups_are_even_and_everybody_is_in_one(places: int, groups: int) -> None:
    keys = [("at_large", number) for number in range(1, places + 1)]
    found = groups_by_order(keys, groups)
    sizes = [list(found.values()).count(group) for group in range(1, groups + 1)]
    assert list(found) == keys
    assert max(sizes) - min(sizes) <= 1
    assert sizes == sorted(sizes)
    assert list(found.values()) == sorted(found.values()), "who is drawn first leaves first"


@pytest.mark.parametrize(
    ("terms", "cooling_off", "again"),
    [
        (1, Span(n=2, unit="years"), date(2028, 6, 30)),
        (3, Span(n=2, unit="years"), date(2030, 6, 30)),
        (3, None, None),
    ],
)
def test_who_served_the_most_terms_waits(terms: int, cooling_off: Span | None, again: date | None) -> None:
    rule = seats(maximum_terms=3, cooling_off=cooling_off)
    assert may_stand_again(rule, terms, date(2028, 6, 30)) == again


@pytest.mark.parametrize(
    ("day", "undecided", "suspends", "reason"),
    [
        (29, 0, True, "can be objected to until 2026-06-29 24:00"),
        (30, 0, True, None),
        (30, 2, True, "2 objections"),
        (29, 2, False, None),
    ],
)
def test_seats_wait_while_the_result_can_be_objected_to(
    day: int, undecided: int, suspends: bool, reason: str | None
) -> None:
    result = policy().first(Result)
    assert result is not None
    declared, now = datetime(2026, 6, 22, 15, tzinfo=UTC), datetime(2026, 6, day, 12, tzinfo=UTC)
    why = why_wait(replace(result, objection_suspends=suspends), declared, ZONE, now, undecided)
    assert (why is None) == (reason is None)
    assert reason is None or (why is not None and reason in why.en)


@pytest.mark.parametrize(
    ("follows", "said"),
    [("by_election", "a by-election"), ("appoint_interim", "for the time being"), ("body_stops", "the body stops")],
)
def test_below_the_minimum_the_policy_says_what_follows(follows: str, said: str) -> None:
    vacancy = seats().vacancy
    assert vacancy is not None
    rule = seats(vacancy=replace(vacancy, below_minimum=follows))
    assert below_minimum(rule, 13) is None
    below = below_minimum(rule, 12)
    assert below is not None
    assert said in below.en


PAPERS = [(0, 2)] * 6 + [(0, 3)] * 4 + [(1, 4)] * 8 + [(2,)] + [(4, 3)] * 2
PROFILE = profile_of("raad", "ABCDE", PAPERS, seats=2)
RECORD = count_scottish(PROFILE)
WOMEN = Balance(
    id="women",
    criterion="gender",
    values=("woman",),
    description=Words(nl="vrouwen", en="women"),
    strength="hard",
    minimum=1,
)
NOW = datetime(2026, 6, 22, tzinfo=UTC)
FIRST_HOLDER = Offer(turn=1, origin="elected", offered_at=NOW, member_id="m0", candidate=0, until=NOW)


def contest(*, women: str = "", balance: Balance | None = None) -> Contest:
    return Contest(
        procedure_id="p",
        procedure="raad",
        policy=replace(policy(), seats=seats(balance=(balance,) if balance else ())),
        plan=ContestPlan(id="at_large", title=Words(nl="Raad", en="Council"), seats=2),
        candidates=tuple(
            ContestCandidate(id=n, number=i, name=n, declared={"gender": "woman" if n in women else "other"})
            for i, n in enumerate("ABCDE", 1)
        ),
        times=VoteTimes(opens=NOW, closes=NOW, post_until=None),
    )


def next_one(
    bench: Bench, *, way: str = "countback", at: Contest | None = None, counted: Counted | None = None
) -> Found:
    return find_next(
        at or contest(),
        counted or Counted(profile=PROFILE, record=RECORD, lots=Lots(order=(0, 1, 2, 3, 4))),
        FIRST_HOLDER,
        bench,
        way=way,  # type: ignore[arg-type]
        then="appoint",
        balance=True,
    )


LEFT = Words(nl="is vertrokken", en="left")
VACANT = Bench(sitting=(1,), unavailable={0: LEFT})


@pytest.mark.parametrize(
    ("way", "candidate"),
    [("countback", 2), ("next_in_result", 4), ("by_election", None), ("appoint", None), ("leave_empty", None)],
)
def test_the_policy_names_the_way(way: str, candidate: int | None) -> None:
    found = next_one(VACANT, way=way)
    assert found.candidate == candidate
    assert found.follows == ("" if candidate is not None else way)


def test_nobody_left_or_no_pile_of_papers_is_said_in_words() -> None:
    nobody = next_one(replace(VACANT, unavailable=dict.fromkeys((0, 2, 3, 4), LEFT)))
    assert nobody.why.en == "none of the candidates can still be called; somebody is appointed"
    unopposed = Counted(profile=PROFILE, record=count_scottish(PROFILE, 5), lots=Lots())
    assert "there was no count" in next_one(VACANT, counted=unopposed).why.en
    meek = Counted(profile=PROFILE, record=count_meek(PROFILE, lots=Lots(order=(0, 1, 2, 3, 4))), lots=Lots())
    assert "a count by meek keeps no piles" in next_one(VACANT, counted=meek).why.en
    other = Counted(profile=profile_of("raad", "ABCDE", PAPERS[1:], seats=2), record=RECORD, lots=Lots())
    assert "they are not the ballots of this record" in next_one(VACANT, counted=other).why.en


def test_two_empty_places_and_one_candidate_left_still_fill_one() -> None:
    bench = Bench(sitting=(), unavailable=dict.fromkeys((0, 1, 2, 4), LEFT), to_fill=2)
    assert next_one(bench, at=contest(women="A", balance=WOMEN)).candidate == 3


@pytest.mark.parametrize(
    ("women", "infeasible", "candidate", "said"),
    [
        ("AD", "lower", 3, "filled"),
        ("ABD", "lower", 2, "filled"),
        ("A", "lower", 2, "filled"),
        ("A", "stop", None, "the balance rule cannot be met"),
    ],
)
@pytest.mark.parametrize("way", ["countback", "next_in_result"])
def test_a_hard_rule_holds_for_everybody_together(
    way: str, women: str, infeasible: str, candidate: int | None, said: str
) -> None:
    rule = replace(WOMEN, if_infeasible=infeasible)
    found = next_one(VACANT, way=way, at=contest(women=women, balance=rule))
    expected = {2: 4}.get(candidate or 0, candidate) if way == "next_in_result" else candidate
    assert found.candidate == expected
    assert way == "next_in_result" or said in found.why.en


def test_a_maximum_counts_who_sits_elsewhere_too() -> None:
    most = replace(WOMEN, minimum=None, maximum=1)
    elsewhere = (ContestCandidate(id="F", number=1, name="F", declared={"gender": "woman"}),)
    assert next_one(replace(VACANT, elsewhere=elsewhere), at=contest(women="C", balance=most)).candidate == 3


def test_runners_up_are_who_stayed_longest() -> None:
    profile = profile_of("raad", "ABCD", [(0,)] * 9 + [(1,)] * 4 + [(2,)] * 3 + [(3,)] * 1, seats=1)
    lots = Lots(order=(3, 2, 1, 0))
    assert runners_up(count_scottish(profile, lots=lots), lots) == (1, 2, 3)
    profile = profile_of("raad", "ABCD", [(0,)] * 4 + [(1,)] * 5 + [(2, 0)] * 3 + [(3, 0)] * 1, seats=1)
    assert runners_up(count_scottish(profile, lots=lots), lots) == (1, 2, 3)
    assert runners_up(count_meek(profile, lots=lots), lots) == (1, 2, 3)


def test_after_a_count_in_rounds_nobody_follows_from_the_result() -> None:
    rule = RoundsRule("valid", (2,), "lot", "plurality", "elected")
    record = count_ranked_rounds(PROFILE, rule, 1, lots=Lots(order=(0, 1, 2, 3, 4)))
    rounds = Counted(profile=PROFILE, record=record, lots=Lots())
    bench = Bench(sitting=(), unavailable={record.elected[0]: LEFT})
    for way in ("next_in_result", "countback"):
        found = next_one(bench, way=way, counted=rounds)
        assert found.candidate is None
        assert "a count in rounds says only who is elected" in found.why.en


def test_after_a_count_by_pairs_the_next_in_its_order_follows_and_there_is_no_countback() -> None:
    record = count_pairwise(PROFILE, lots=Lots(order=(0, 1, 2, 3, 4)))
    pairs = Counted(profile=PROFILE, record=record, lots=Lots(order=(0, 1, 2, 3, 4)))
    holder, other = record.elected
    bench = Bench(sitting=(other,), unavailable={holder: LEFT})
    found = next_one(bench, way="next_in_result", counted=pairs)
    assert found.candidate == next_in_order(record, pairs.lots)[0]
    assert "a count by condorcet keeps no piles of papers" in next_one(bench, counted=pairs).why.en
