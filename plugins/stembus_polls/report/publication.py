"""What of an election everybody may see: the policy's level, and no figures about groups that are too small.

Long rankings can be signatures: who buys a vote can ask for an order that nobody else would give, and look for it in
what is published. So the policy chooses a level, and what is left out is said. Pure: reports and ballots in, less out.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from msgspec.structs import replace

from stembus_ballots.profile import Group, Profile, Ranking
from stembus_polls.counting.records import was_counted

from .content import LEVELS, Contest, Level, Publication, Report, Text, record_fields
from .small_groups import merge_small, shown_alone, ways_together
from .words import say


def published(report: Report, earlier: Sequence[Report] = ()) -> Report:
    """The report as everybody may see it, with a sentence about each thing that was left out.

    `earlier` are reports of the same election that are already published: what they hid stays hidden, since the
    difference of two reports would show it. A report that was reduced before comes back the same.
    """
    rule = report.publication
    hidden_contests = {contest.id for old in earlier for contest in old.contests if contest.papers is None}
    left: list[Text] = list(report.left_out)
    contests = []
    for contest in report.contests:
        shown, why = _contest(contest, rule, hidden_before=contest.id in hidden_contests)
        contests.append(shown)
        left += why
    turnout = report.turnout_by_branch if at_least(rule.level, "totals") else ()
    shown_turnout = merge_small(turnout, rule.smallest_group, _hidden_branches(report, earlier))
    if shown_turnout != turnout:
        left.append(_text("left_branches" if shown_turnout else "left_all_branches", smallest=rule.smallest_group))
    if any(contest.ranked and was_counted(contest.ranked) for contest in contests):
        left += _about_rankings(rule)
    return replace(
        report,
        contests=tuple(contests),
        turnout_by_branch=shown_turnout,
        left_out=tuple({(text.nl, text.en): text for text in left}.values()),
    )


def at_least(level: Level, asked: Level) -> bool:
    """Whether a level of publication shows what `asked` shows."""
    return LEVELS.index(level) >= LEVELS.index(asked)


def shows_all_rankings(rule: Publication) -> bool:
    """Whether the rankings are published whole, so that anybody can repeat the count."""
    return rule.level == "rankings" and rule.first_ranks is None


def published_profile(profile: Profile, rule: Publication) -> Profile | None:
    """The ballots as everybody may see them; None where the level shows none, or there are fewer than the least.

    At first_preferences each paper keeps its first preference. At rankings with `first_ranks` each ranking is cut
    off there, and rare ones are shortened further to what at least `smallest_group` papers share.
    """
    papers = profile.valid + profile.blank + profile.invalid
    if not at_least(rule.level, "first_preferences") or papers < rule.smallest_group:
        return None
    if shows_all_rankings(rule):
        return profile
    ranks = rule.first_ranks if rule.level == "rankings" and rule.first_ranks else 1
    return replace(profile, groups=shorten(profile.groups, ranks, rule.smallest_group))


def shorten(groups: Collection[Group], ranks: int, smallest: int) -> tuple[Group, ...]:
    """Groups of rankings of at most `ranks` places, each given by at least `smallest` papers or one place long.

    Papers whose (cut off) ranking is rarer go to the same ranking without its last place, and so on. No paper is
    lost; whether a short ranking was written so cannot be seen. First preferences stand in the count's first
    stage anyway, so they stay.
    """
    counts: Counter[Ranking] = Counter()
    for ranking, count in groups:
        counts[ranking[:ranks]] += count
    for length in range(ranks, 1, -1):
        for ranking in [ranking for ranking in counts if len(ranking) == length and counts[ranking] < smallest]:
            counts[ranking[:-1]] += counts.pop(ranking)
    return tuple(Group(ranking, counts[ranking]) for ranking in sorted(counts))


def _contest(contest: Contest, rule: Publication, *, hidden_before: bool) -> tuple[Contest, list[Text]]:
    shown, left = _counted(contest, rule, hidden_before=hidden_before)
    if shown.box is None:
        return shown, left
    ways = ways_together(shown.box.ways, rule.smallest_group)
    if ways == shown.box.ways:
        return shown, left
    return replace(shown, box=replace(shown.box, ways=ways)), [*left, _text("left_ways", smallest=rule.smallest_group)]


def _counted(contest: Contest, rule: Publication, *, hidden_before: bool) -> tuple[Contest, list[Text]]:
    papers = contest.papers
    names = {"nl": contest.title.nl, "en": contest.title.en}
    total = None if papers is None else papers.valid + (papers.blank or 0) + papers.invalid + papers.emptied
    if total is not None and (total < rule.smallest_group or hidden_before):
        return _outcome_only(contest), [_text("left_small", titles=names, smallest=rule.smallest_group)]
    if not at_least(rule.level, "totals"):
        return _outcome_only(contest), [_text("left_elected", titles=names)]
    if contest.record is None or contest.whole:
        return contest, []
    if not at_least(rule.level, "stages"):
        key = "left_totals" if contest.staged else "left_votes"
        return replace(contest, **record_fields(None)), [_text(key, titles=names)]
    if shows_all_rankings(rule) or contest.count is None or not contest.count.piles:
        return contest, []
    return replace(contest, count=replace(contest.count, piles=())), [_text("left_piles")]


def _outcome_only(contest: Contest) -> Contest:
    return replace(
        contest,
        accounting=None,
        on_roll=None,
        voted=None,
        papers=None,
        box=contest.box and replace(contest.box, ways=(), same=False),
        rulings=(),
        typings=None,
        **(record_fields(None) if contest.record and was_counted(contest.record) else {}),
        cross_check=None,
    )


def _hidden_branches(report: Report, earlier: Sequence[Report]) -> frozenset[str]:
    tables = [old.turnout_by_branch for old in earlier if old.turnout_by_branch]
    branches = shown_alone(report.turnout_by_branch)
    return frozenset().union(*(branches - shown_alone(table) for table in tables))


def _about_rankings(rule: Publication) -> list[Text]:
    if shows_all_rankings(rule):
        return []
    if rule.level == "stages":
        return [_text("left_rankings")]
    if rule.level == "first_preferences":
        return [_text("left_beyond_first")]
    return [_text("left_cut", ranks=rule.first_ranks, smallest=rule.smallest_group)]


def _text(key: str, titles: dict[str, str] | None = None, **values: Any) -> Text:
    nl, en = ({**values, "title": titles[lang]} if titles else values for lang in ("nl", "en"))
    return Text(nl=say("nl", key, **nl), en=say("en", key, **en))
