"""One person in rounds that are all counted from rankings given once; each step is the one a room would take."""

from collections import Counter
from fractions import Fraction

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace
from small_elections import SmallElection, profile_of_election, small_elections

from stembus_ballots.errors import CountError
from stembus_ballots.irv import count_irv
from stembus_ballots.lots import NO_LOTS, DecidedLot, Lots, NeedsLot
from stembus_ballots.majority import Proceed, RoundsRule
from stembus_ballots.profile import Group, Profile, profile_of
from stembus_ballots.ranked_rounds import CountedRound, RankedRoundsRecord, at_most, count_ranked_rounds, decided
from stembus_ballots.record import LotDrawn, to_json_object

CONTINGENT = RoundsRule("valid", (2,), tie_at_cut="lot", last_rule="plurality", unopposed="elected")
TO_TWO = RoundsRule("valid", ("drop_last",) * 9, tie_at_cut="lot", last_rule="plurality", unopposed="elected")
MAYOR = {"AB": 9, "BA": 8, "CBA": 5, "DB": 2, "D": 1}
"""25 ballots: nobody has 13. A and B go on; B has 8 + 5 + 2, and one ballot names neither."""


def ballots(groups: dict[str, int], options: str = "ABCD", **more: object) -> Profile:
    """Ballots such as {"AB": 5}: five that rank A first and B second."""
    rankings = [tuple(options.index(o) for o in order) for order, count in groups.items() for _ in range(count)]
    return profile_of("Raad", options, rankings, **more)  # type: ignore[arg-type]  # the caller knows its keys


def rounds_of(record: RankedRoundsRecord) -> list[str]:
    """Each round as "A 9, B 8 (1 exhausted; 13 of 25)"."""
    return [
        ", ".join(f"{record.candidates[c]} {votes}" for c, votes in zip(one.between, one.votes, strict=True))
        + f" ({one.exhausted} exhausted; {one.needed} of {one.counted})"
        for one in record.rounds
    ]


def winner(record: RankedRoundsRecord) -> str:
    return f"{record.candidates[record.elected[0]]} by {record.by}"


@pytest.mark.parametrize(
    ("groups", "rule", "rounds", "elected"),
    [
        (
            MAYOR,
            CONTINGENT,
            ["A 9, B 8, C 5, D 3 (0 exhausted; 13 of 25)", "A 9, B 15 (1 exhausted; 13 of 24)"],
            "B by majority",
        ),
        ({"A": 3, "B": 2}, CONTINGENT, ["A 3, B 2, C 0, D 0 (0 exhausted; 3 of 5)"], "A by majority"),
        # Half is not enough. The lot keeps B; the ballot that ranks only C leaves the base.
        (
            {"A": 4, "B": 2, "CB": 1, "C": 1},
            replace(CONTINGENT, proceed=(3, 2)),
            [
                "A 4, B 2, C 2, D 0 (0 exhausted; 5 of 8)",
                "A 4, B 2, C 2 (0 exhausted; 5 of 8)",
                "A 4, B 3 (1 exhausted; 4 of 7)",
            ],
            "A by majority",
        ),
        # All three go on: that round would be the same one, so the step after it follows.
        (
            {"A": 3, "B": 3, "CB": 1},
            replace(TO_TWO, proceed=("all", "all", 2)),
            ["A 3, B 3, C 1, D 0 (0 exhausted; 4 of 7)", "A 3, B 4 (0 exhausted; 4 of 7)"],
            "B by majority",
        ),
        (
            MAYOR,
            TO_TWO,
            [
                "A 9, B 8, C 5, D 3 (0 exhausted; 13 of 25)",
                "A 9, B 10, C 5 (1 exhausted; 13 of 24)",
                "A 9, B 15 (1 exhausted; 13 of 24)",
            ],
            "B by majority",
        ),
        # Two rounds only, of which the last is between three: most votes are enough.
        (
            {"A": 4, "B": 3, "C": 2, "DB": 1},
            replace(TO_TWO, proceed=("drop_last",)),
            ["A 4, B 3, C 2, D 1 (0 exhausted; 6 of 10)", "A 4, B 4, C 2 (0 exhausted; 6 of 10)"],
            "B by lot",
        ),
        # Of one round the rankings say nothing but who is first.
        ({"AB": 2, "BA": 1, "CB": 1}, replace(CONTINGENT, proceed=()), ["A 2, B 1, C 1, D 0 (0 exhausted; 3 of 4)"],
         "A by plurality"),
        # Where blank papers count as cast, a ballot that names nobody who stands keeps the majority as high as it was.
        (
            {"A": 5, "B": 4, "C": 3},
            replace(CONTINGENT, base="cast_with_blank"),
            ["A 5, B 4, C 3, D 0 (0 exhausted; 7 of 12)", "A 5, B 4 (3 exhausted; 7 of 12)"],
            "A by plurality",
        ),
        # Of two, the one who goes out last leaves the other alone.
        (
            {"A": 3, "B": 2, "C": 1},
            replace(TO_TWO, base="cast_with_blank"),
            [
                "A 3, B 2, C 1, D 0 (0 exhausted; 4 of 6)",
                "A 3, B 2, C 1 (0 exhausted; 4 of 6)",
                "A 3, B 2 (1 exhausted; 4 of 6)",
            ],
            "A by unopposed",
        ),
    ],
)  # fmt: skip
def test_each_round_is_counted_from_the_same_ballots(
    groups: dict[str, int], rule: RoundsRule, rounds: list[str], elected: str
) -> None:
    record = count_ranked_rounds(ballots(groups), rule, 1, lots=Lots(order=(1, 0, 2, 3)))
    assert (rounds_of(record), winner(record)) == (rounds, elected)


def test_blank_and_invalid_papers_are_in_the_base_where_the_rule_says_so() -> None:
    profile = ballots({"A": 5, "B": 4, "D": 1, "": 2}, invalid=3, withdrawn=[3])
    bases = {
        rule: [(one.counted, one.needed) for one in count_ranked_rounds(profile, rule, 1).rounds]
        for base in ("valid", "cast_with_blank", "cast_all")
        for rule in [replace(CONTINGENT, base=base)]
    }
    # One ballot ranks only D, who withdrew: as blank as the two that are.
    assert list(bases.values()) == [[(9, 5)], [(12, 7), (12, 7)], [(15, 8), (15, 8)]]


def test_the_record_has_what_it_takes_to_check_it_by_hand() -> None:
    record = count_ranked_rounds(ballots(MAYOR | {"": 2}, invalid=1), CONTINGENT, 1)
    assert record.rounds[1] == CountedRound(2, (0, 1), (9, 15), 1, 24, 13)
    assert (record.valid, record.blank, record.invalid, record.emptied) == (25, 2, 1, 0)
    assert [record.out_after(number) for number in (1, 2)] == [(2, 3), ()]
    assert record.rounds[1].votes_of(1) == 15
    assert msgspec.convert(to_json_object(record), RankedRoundsRecord) == record


def test_a_candidate_who_withdrew_is_passed_over_in_every_round() -> None:
    record = count_ranked_rounds(ballots(MAYOR, withdrawn=[1]), CONTINGENT, 1)
    assert rounds_of(record) == ["A 17, C 5, D 3 (0 exhausted; 13 of 25)"]
    only_b = count_ranked_rounds(ballots({"B": 4, "A": 2, "CA": 1, "DC": 1}, withdrawn=[1]), CONTINGENT, 1,
                                 lots=Lots(order=(2, 3, 0, 1)))  # fmt: skip
    assert (only_b.valid, only_b.emptied, rounds_of(only_b)[-1]) == (4, 4, "A 2, C 2 (0 exhausted; 3 of 4)")


def test_a_lot_is_asked_for_one_at_a_time_and_the_answer_is_in_the_record() -> None:
    profile = ballots({"A": 3, "BA": 2, "CA": 2, "D": 1})
    with pytest.raises(NeedsLot) as asked:
        count_ranked_rounds(profile, CONTINGENT, 1)
    assert (asked.value.tied, asked.value.why) == ((1, 2), "proceed")
    drawn = Lots(decided=(DecidedLot((1, 2), 2, "proceed"),))
    record = count_ranked_rounds(profile, CONTINGENT, 1, lots=drawn)
    assert (record.rounds[1].between, record.lots) == ((0, 2), (LotDrawn("proceed", (1, 2), 2),))
    with pytest.raises(NeedsLot, match=r"\(exclude\).*1 \(B\), 2 \(C\)"):
        count_ranked_rounds(profile, TO_TWO, 1)
    with pytest.raises(NeedsLot, match=r"\(elect\).*0 \(A\), 1 \(B\)"):
        count_ranked_rounds(ballots({"A": 2, "B": 2, "C": 1}), CONTINGENT, 1)


def test_a_round_between_the_same_candidates_would_be_the_same_so_the_last_rule_decides_at_once() -> None:
    profile = ballots({"A": 5, "B": 3, "CB": 3})
    stays = replace(CONTINGENT, proceed=(2, 2, 2), tie_at_cut="all")
    record = count_ranked_rounds(profile, stays, 1)
    assert rounds_of(record) == [
        "A 5, B 3, C 3, D 0 (0 exhausted; 6 of 11)",
        "A 5, B 3, C 3 (0 exhausted; 6 of 11)",
    ]
    assert winner(record) == "A by plurality"
    by_lot = replace(stays, last_rule="lot")
    with pytest.raises(NeedsLot, match=r"\(elect\)"):
        count_ranked_rounds(profile, by_lot, 1)
    # However many rounds the rule has, no more are counted than differ.
    assert len(count_ranked_rounds(profile, replace(stays, proceed=("all",) * 500), 1).rounds) == 1


def test_one_candidate_is_elected_without_a_round() -> None:
    record = count_ranked_rounds(ballots({}, "AB", withdrawn=[0]), CONTINGENT, 1)
    assert (winner(record), record.uncontested, record.rounds) == ("B by unopposed", True, ())


@pytest.mark.parametrize(
    ("profile", "rule", "seats", "said"),
    [
        (ballots({"": 3}), CONTINGENT, 1, "no valid ballots"),
        (ballots({"A": 3}, withdrawn=[0]), CONTINGENT, 1, "no valid ballots"),
        (ballots({"A": 3}), CONTINGENT, 2, "2 seats, and ranked rounds elect one"),
        (ballots({"A": 3}), CONTINGENT, None, "not known"),
        (ballots({"A": 3}, withdrawn=[0, 1, 2, 3]), CONTINGENT, 1, "1 seats but 0 candidates"),
        (ballots({"A": 3}), replace(CONTINGENT, base="present"), 1, "who is present"),
        (ballots({"A": 3}), replace(CONTINGENT, unopposed="yes_no_vote"), 1, "no yes or no"),
    ],
)
def test_what_cannot_be_counted_is_an_error_and_no_result(
    profile: Profile, rule: RoundsRule, seats: int | None, said: str
) -> None:
    with pytest.raises(CountError, match=said):
        count_ranked_rounds(profile, rule, seats)


@pytest.mark.parametrize(
    "changed",
    [
        {"elected": (7,)},
        {"elected": (0, 1)},
        {"rounds": ()},
        {"withdrawn": (9,)},
        {"lot_order": (0, 0, 1, 2)},
        {"rounds": (CountedRound(1, (0, 1), (9,), 0, 25, 13),)},
        {"rounds": (CountedRound(1, (0, 0), (9, 8), 0, 25, 13),)},
        {"rounds": (CountedRound(1, (), (), 0, 25, 13),)},
        {"rounds": (CountedRound(2, (0, 1), (9, 8), 8, 25, 13),)},
        {"rounds": (CountedRound(1, (0, 2), (9, 8), 8, 25, 13),)},
        {"rounds": (CountedRound(1, (0, 1), (9, 8), 8, 25, 13), CountedRound(2, (0, 1), (9, 8), 8, 25, 13))},
        {"withdrawn": (2,)},
        {"elected": ()},
    ],
)
def test_a_record_whose_parts_do_not_fit_each_other_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(CountError, match="do not fit"):
        replace(count_ranked_rounds(ballots(MAYOR), CONTINGENT, 1), **changed)


@pytest.mark.parametrize(
    ("most", "go_on", "candidates", "proceed"),
    [(2, "top_two", 5, (2,)), (1, "top_two", 5, ()), (99, "drop_last", 4, ("drop_last",) * 3), (3, "top_three", 1, ())],
)
def test_a_rule_has_no_more_rounds_than_it_says_and_than_the_candidates_can_need(
    most: int, go_on: str, candidates: int, proceed: tuple[Proceed, ...]
) -> None:
    assert at_most(most, go_on, candidates) == proceed


def test_a_round_with_one_vote_more_than_there_are_ballots_is_refused() -> None:
    record = count_ranked_rounds(ballots(MAYOR), CONTINGENT, 1)
    empty = replace(record, elected=(), rounds=())
    with pytest.raises(CountError, match="in round 1 there are more votes than ballots"):
        decided(empty, lambda between: dict.fromkeys(between, 0) | {0: record.valid + 1}, NO_LOTS)


ENTRIES = st.sampled_from(["drop_last", "all", 2, 3, 4])
RULES = st.builds(
    RoundsRule,
    base=st.sampled_from(["valid", "cast_with_blank", "cast_all"]),
    proceed=st.lists(ENTRIES, max_size=6).map(tuple),
    tie_at_cut=st.sampled_from(["all", "lot"]),
    last_rule=st.sampled_from(["plurality", "lot"]),
    unopposed=st.just("elected"),
)


def counted(election: SmallElection, rule: RoundsRule) -> RankedRoundsRecord:
    return count_ranked_rounds(profile_of_election(election), rule, 1, lots=Lots(order=election.lot_order))


def naive(election: SmallElection, rule: RoundsRule) -> int:
    """Who is elected, counted as a room would: paper by paper, and every round the rule has."""
    order = list(election.lot_order)
    papers = [list(ranking) for ranking in election.rankings]
    standing = list(range(election.candidates))
    steps: list[Proceed | None] = [*rule.proceed, None]
    while True:
        if len(standing) == 1:
            return standing[0]
        piles: Counter[int] = Counter(dict.fromkeys(standing, 0))
        for paper in papers:
            for candidate in paper:
                if candidate in standing:
                    piles[candidate] += 1
                    break
        base = sum(piles.values()) if rule.base == "valid" else len(papers)
        for candidate in standing:
            if Fraction(piles[candidate], base or 1) > Fraction(1, 2):
                return candidate
        step = steps.pop(0)
        # The best first; who is drawn first goes before who has as many, and, for going out, after.
        best = sorted(standing, key=lambda candidate: (-piles[candidate], order.index(candidate)))
        if step is None:
            if rule.last_rule == "lot":
                return min(standing, key=order.index)
            return best[0]
        if step == "drop_last":
            last = [candidate for candidate in standing if piles[candidate] == piles[best[-1]]]
            if len(last) == 1 or rule.tie_at_cut == "lot":
                standing.remove(min(last, key=order.index))
        elif step != "all" and len(standing) > step:
            at_cut = piles[best[step - 1]]
            keep = best[:step] if rule.tie_at_cut == "lot" else [c for c in standing if piles[c] >= at_cut]
            standing = [candidate for candidate in standing if candidate in keep]


@given(small_elections(max_candidates=5, max_ballots=32), RULES)
def test_a_recount_paper_by_paper_with_every_round_elects_the_same(election: SmallElection, rule: RoundsRule) -> None:
    assume(election.candidates > 1)
    assert counted(election, rule).elected == (naive(election, rule),)


@given(small_elections(max_candidates=5, max_ballots=32), RULES)
def test_the_numbers_of_every_round_add_up_and_nobody_loses_votes(election: SmallElection, rule: RoundsRule) -> None:
    record = counted(election, rule)
    for one in record.rounds:
        assert sum(one.votes) + one.exhausted == record.valid
        assert one.counted == (sum(one.votes) if rule.base == "valid" else record.valid + record.as_blank)
        assert 2 * one.needed > one.counted >= 2 * (one.needed - 1)
    for before, after in zip(record.rounds, record.rounds[1:], strict=False):
        assert {*after.between} < {*before.between}
        assert after.exhausted >= before.exhausted
        assert all(after.votes_of(c) >= before.votes_of(c) for c in after.between)
    assert len(record.rounds) <= len(rule.proceed) + 1


@given(small_elections(max_candidates=5, max_ballots=32), RULES)
def test_with_more_than_half_of_the_first_choices_the_first_round_decides(
    election: SmallElection, rule: RoundsRule
) -> None:
    firsts = Counter(ranking[0] for ranking in election.rankings if ranking)
    favourite, votes = firsts.most_common(1)[0]
    assume(2 * votes > len(election.rankings) and election.candidates > 1)
    record = counted(election, rule)
    assert (record.elected, record.by, len(record.rounds)) == ((favourite,), "majority", 1)


@given(small_elections(max_candidates=5, max_ballots=32))
def test_without_ties_dropping_the_last_elects_as_instant_runoff_does(election: SmallElection) -> None:
    profile = profile_of_election(election)
    try:
        irv = count_irv(profile)
        record = count_ranked_rounds(profile, TO_TWO, 1)
    except NeedsLot:
        assume(False)
    assume(not irv.ties)
    assert record.elected == irv.elected


@given(small_elections(max_candidates=5, max_ballots=32), RULES, st.data())
def test_renaming_the_candidates_renames_the_elected(
    election: SmallElection, rule: RoundsRule, data: st.DataObject
) -> None:
    new = data.draw(st.permutations(range(election.candidates)))
    renamed = election._replace(
        rankings=tuple(tuple(new[c] for c in ranking) for ranking in election.rankings),
        lot_order=tuple(new[c] for c in election.lot_order),
    )
    one, other = counted(election, rule), counted(renamed, rule)
    assert ({new[c] for c in one.elected}, one.by) == ({*other.elected}, other.by)
    assert [sorted(new[c] for c in round_.between) for round_ in one.rounds] == [[*r.between] for r in other.rounds]


@given(small_elections(max_candidates=5, max_ballots=32), RULES, st.data())
def test_the_order_of_the_ballots_and_how_equal_ones_are_grouped_change_nothing(
    election: SmallElection, rule: RoundsRule, data: st.DataObject
) -> None:
    profile = profile_of_election(election)
    single = tuple(Group(ranking, 1) for ranking, count in profile.groups for _ in range(count))
    mixed = replace(profile, groups=tuple(data.draw(st.permutations(single))))
    lots = Lots(order=election.lot_order)
    assert count_ranked_rounds(mixed, rule, 1, lots=lots) == counted(election, rule)


@given(small_elections(max_candidates=5, max_ballots=32), RULES)
def test_everything_but_the_votes_follows_from_the_votes_of_the_rounds(
    election: SmallElection, rule: RoundsRule
) -> None:
    record = counted(election, rule)
    assume(not record.uncontested)
    votes = {one.between: dict(zip(one.between, one.votes, strict=True)) for one in record.rounds}
    empty = replace(record, elected=(), by="unopposed", rounds=(), lots=())
    assert decided(empty, lambda between: votes[between], Lots(order=election.lot_order)) == record


@given(small_elections(max_candidates=5, max_ballots=32), RULES)
def test_lots_that_are_drawn_when_they_are_asked_give_the_count_of_an_order(
    election: SmallElection, rule: RoundsRule
) -> None:
    profile, lots = profile_of_election(election), NO_LOTS
    for _ in range(20):
        try:
            record = count_ranked_rounds(profile, rule, 1, lots=lots)
            break
        except NeedsLot as asked:
            drawn = min(asked.tied, key=election.lot_order.index)
            lots = Lots(decided=(*lots.decided, DecidedLot(asked.tied, drawn, asked.why)))
    by_order = counted(election, rule)
    assert (record.elected, record.rounds, record.lots) == (by_order.elected, by_order.rounds, by_order.lots)
