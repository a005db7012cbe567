"""Nothing is published beyond the level of the policy, nothing about groups too small, and it says what is left out."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from report_examples import counted, party_profile, report_of

from stembus_ballots.blt import parse_blt
from stembus_ballots.profile import Profile, group_ballots, profile_of
from stembus_ballots.record import Limit, Unconstrained
from stembus_polls.report import Report, data_files, published, published_profile, report_html
from stembus_polls.report.content import LEVELS, BranchTurnout, Level, Publication
from stembus_polls.report.publication import at_least, shorten
from stembus_polls.report.small_groups import merge_small

K = 10
PROFILE = party_profile()
FULL = report_of(counted(PROFILE), "rankings")


def at_level(level: Level, first_ranks: int | None = None) -> Report:
    return replace(FULL, publication=Publication(level, first_ranks))


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_shows_what_it_says_and_no_more(level: Level) -> None:
    contest = published(at_level(level)).contests[0]
    assert contest.elected == FULL.contests[0].elected
    assert (contest.papers is not None) == at_least(level, "totals")
    assert (contest.accounting is not None) == at_least(level, "totals")
    assert (contest.count is not None) == at_least(level, "stages")
    assert bool(contest.count and contest.count.piles) == (level == "rankings")


@pytest.mark.parametrize(
    ("level", "first_ranks", "names"),
    [
        ("elected", None, []),
        ("totals", None, []),
        ("stages", None, ["stages-1-at-large.csv"]),
        ("first_preferences", None, ["first-preferences-1-at-large.csv", "stages-1-at-large.csv"]),
        ("rankings", 3, ["rankings-1-at-large.csv", "stages-1-at-large.csv"]),
        ("rankings", None, ["rankings-1-at-large.blt", "rankings-1-at-large.csv", "stages-1-at-large.csv"]),
    ],
)
def test_each_level_has_its_data_files(level: Level, first_ranks: int | None, names: list[str]) -> None:
    files = data_files(at_level(level, first_ranks), {"at_large": PROFILE})
    assert sorted(files) == sorted(["report.json", *names])


@pytest.mark.parametrize("level", LEVELS[:-1])
def test_what_a_level_leaves_out_is_said_on_the_page(level: Level) -> None:
    reduced = published(at_level(level))
    assert reduced.left_out
    page = report_html(at_level(level), "en")
    assert all(text.en in page for text in reduced.left_out)


@pytest.mark.parametrize("level", LEVELS)
def test_reducing_twice_changes_nothing(level: Level) -> None:
    once = published(at_level(level, 2))
    assert published(once) == once


def test_s4_s5_below_the_smallest_group_of_papers_only_the_outcome_is_published() -> None:
    few = profile_of("Proef", ("Ada", "Bo", "Cem"), [(0, 1)] * 5 + [(1,)] * 3, seats=1)
    report = report_of(counted(few), "rankings")
    contest = published(report).contests[0]
    assert (contest.papers, contest.accounting, contest.count, contest.voted, contest.rulings) == (None,) * 4 + ((),)
    assert contest.elected == (0,)
    assert "fewer than 10 papers" in published(report).left_out[0].en
    assert sorted(data_files(report, {"at_large": few})) == ["report.json"]


def test_all_rankings_come_back_from_the_published_file() -> None:
    text = data_files(at_level("rankings"), {"at_large": PROFILE})["rankings-1-at-large.blt"].decode()
    assert parse_blt(text).groups == PROFILE.groups


def test_a_formula_in_a_name_is_no_formula_in_a_spreadsheet() -> None:
    names = ("=1+1", "@cmd", "Bo")
    profile = party_profile(names=names, seats=1)
    data = data_files(report_of(counted(profile)), {"at_large": profile})["stages-1-at-large.csv"].decode()
    assert data.splitlines()[0] == "stage,action,candidate,'=1+1,'@cmd,Bo,non_transferable"


@settings(max_examples=100)
@given(
    st.lists(st.lists(st.integers(0, 4), min_size=1, unique=True), min_size=1, max_size=80),
    st.integers(1, 5),
    st.integers(1, 12),
)
def test_no_rare_ranking_survives_shortening_and_no_paper_is_lost(
    rankings: list[list[int]], ranks: int, smallest: int
) -> None:
    groups = group_ballots(map(tuple, rankings))
    short = shorten(groups, ranks, smallest)
    assert sum(group.count for group in short) == len(rankings)
    assert all(len(ranking) <= ranks and (count >= smallest or len(ranking) == 1) for ranking, count in short)
    firsts = Counter(ranking[0] for ranking in rankings)
    assert firsts == sum((Counter({ranking[0]: count}) for ranking, count in short), Counter())


def test_a_signature_of_a_sold_vote_cannot_be_found_in_cut_off_rankings() -> None:
    signature = tuple(reversed(range(17)))
    sold = profile_of("Partijraad", PROFILE.candidates, [*[(0, 1, 2)] * 40, signature], seats=13)
    allowed = published_profile(sold, Publication("rankings", 5))
    assert allowed is not None
    assert [tuple(group) for group in allowed.groups] == [((0, 1, 2), 40), ((16,), 1)]


def rows() -> st.SearchStrategy[list[BranchTurnout]]:
    numbers = st.tuples(st.integers(0, 60), st.integers(0, 40))
    return st.lists(numbers, max_size=9).map(
        lambda pairs: [BranchTurnout(f"Afdeling {n}", voted + rest, voted) for n, (voted, rest) in enumerate(pairs)]
    )


@settings(max_examples=200)
@given(rows())
def test_no_branch_is_given_away_also_not_by_subtracting_the_others_from_the_total(table: list[BranchTurnout]) -> None:
    shown = merge_small(table, K)
    merged = [row for row in shown if row.branches > 1]
    assert all(row.voted >= K for row in shown)
    assert all(row.voted < row.on_roll for row in shown)
    assert len(merged) <= 1
    if shown:
        assert sum(row.voted for row in shown) == sum(row.voted for row in table)
        assert sum(row.branches for row in shown) == len(table)
    elif table:
        assert any(row.voted < K or row.voted == row.on_roll for row in table)


@settings(max_examples=200)
@given(rows(), st.data())
def test_two_reports_of_one_election_tell_no_more_than_each_of_them(
    table: list[BranchTurnout], data: st.DataObject
) -> None:
    later = [
        replace(row, voted=min(row.on_roll, row.voted + data.draw(st.integers(0, 3)))) for row in table
    ]  # postal votes that were found afterwards
    first = published(replace(FULL, turnout_by_branch=tuple(table)))
    second = published(replace(FULL, turnout_by_branch=tuple(later)), earlier=(first,))
    if not first.turnout_by_branch or not second.turnout_by_branch:
        return
    alone_first = {row.branch for row in first.turnout_by_branch if row.branches == 1}
    alone_second = {row.branch for row in second.turnout_by_branch if row.branches == 1}
    assert alone_second <= alone_first
    assert all(row.voted >= K for row in second.turnout_by_branch)


def test_a_contest_hidden_in_an_earlier_report_stays_hidden() -> None:
    earlier = published(at_level("elected"))
    later = published(at_level("rankings"), earlier=(earlier,))
    assert later.contests[0].count is None


def test_names_elected_without_the_balance_rule_need_the_policy() -> None:
    record = counted(PROFILE)
    others = tuple(c for c in range(17) if c not in record.elected)[:1] + record.elected[1:]
    changed = replace(
        record,
        constraints=(Limit("regio", "noord", 1, 2, 1, 13),),
        unconstrained=Unconstrained(others),
    )
    report = report_of(changed)
    assert "Without these rules 1 other candidate would have been elected." in report_html(report, "en")
    assert "Elected without the rules:" not in report_html(report, "en")
    named = replace(report, publication=Publication("stages", names_unconstrained=True))
    assert "Elected without the rules:" in report_html(named, "en")


def test_the_level_of_a_profile_that_may_not_be_shown_gives_nothing() -> None:
    tiny: Profile = profile_of("Proef", ("Ada", "Bo"), [(0,)] * 9, seats=1)
    assert published_profile(tiny, Publication("rankings")) is None
    assert published_profile(PROFILE, Publication("stages")) is None
    firsts = published_profile(PROFILE, Publication("first_preferences"))
    assert firsts is not None
    assert {len(group.ranking) for group in firsts.groups} == {1}
