"""What the report tells of a count by pairs: who beats whom, the order of all, circles, and lots between equals."""

from itertools import pairwise

from stembus_ballots.pairwise import Cycle, PairwiseRecord, place_of

from .blocks import Block, Items, Paragraph, Section, Table
from .content import Contest, Language, Report
from .figures import whole
from .lots_section import lots_section
from .names import isolated
from .phrases import named
from .words import say

MOST_COLUMNS = 20
"""Candidates up to whom the pairs stand in the report as a table; of more, they stand in the data beside it alone."""


def pairwise_sections(
    report: Report, contest: Contest, record: PairwiseRecord, number: int, lang: Language
) -> list[Section]:
    """The order and why, the pairs in figures, and the lots; of contest `number` (from 0)."""
    sections = [lots_section(report, contest, record.lots, number, lang)]
    if not record.preferred:
        return sections
    told = [_told(contest, record, tier, lang) for tier in record.order[: _last_told(record) + 1]]
    blocks: list[Block] = [Paragraph(say(lang, "pairs_explained"))]
    for cycle in record.cycles:
        blocks += [Paragraph(_circle(contest, record, cycle, lang)), _paths(record, cycle, lang)]
    blocks += [Items(tuple(told)), _order(record, lang)]
    order = Section(
        id=f"pairs-{number + 1}",
        title=say(lang, "pairs_title"),
        level=3,
        blocks=tuple(blocks),
        folded=(_matrix(record, lang),) if len(record.standing) <= MOST_COLUMNS else (),
        fold=say(lang, "pairs_fold"),
    )
    return [order, *sections]


def how_by_pairs(record: PairwiseRecord, candidate: int, lang: Language) -> str:
    """How somebody who is elected came to it, in a few words."""
    if record.uncontested:
        return say(lang, "how_uncontested")
    if any(candidate == lot.drawn for lot in record.lots):
        return say(lang, "how_pairs_lot")
    return say(lang, f"how_pairs_{place_of(record, candidate).why}")


def _circle(contest: Contest, record: PairwiseRecord, cycle: Cycle, lang: Language) -> str:
    """A circle said plainly: who beats whom round and round, with the votes."""
    links = [
        say(
            lang,
            "pairs_link",
            one=isolated(contest.candidates[one].name),
            other=isolated(contest.candidates[other].name),
            votes=whole(record.preferred[one][other], lang),
            against=whole(record.preferred[other][one], lang),
        )
        for one, other in pairwise((*cycle.around, cycle.around[0]))
    ]
    return say(lang, "pairs_round", names=named(contest, cycle.candidates, lang), links="; ".join(links))


def _last_told(record: PairwiseRecord) -> int:
    """The tier of the first who is not elected: so far every place is told in a sentence."""
    return next(
        (at for at, tier in enumerate(record.order) if not set(tier) <= set(record.elected)), len(record.order) - 1
    )


def _told(contest: Contest, record: PairwiseRecord, tier: tuple[int, ...], lang: Language) -> str:
    names = named(contest, tier, lang)
    if len(tier) > 1:
        return say(lang, "pairs_equal_tier", names=names)
    why, closest = place_of(record, tier[0])
    if closest is None:
        return say(lang, f"place_{why}", name=names)
    return say(
        lang,
        f"place_{why}",
        name=names,
        votes=whole(closest.for_, lang),
        against=whole(closest.against, lang),
        other=isolated(contest.candidates[closest.other].name),
    )


def _order(record: PairwiseRecord, lang: Language) -> Table:
    outcomes = ("pairs_elected", "pairs_not") if record.method == "condorcet" else ("pairs_listed", "pairs_not_listed")
    rows, place = [], 1
    for tier in record.order:
        for candidate in sorted(tier, key=lambda c: (record.elected.index(c) if c in record.elected else len(tier), c)):
            others = [other for other in record.standing if other != candidate]
            wins = sum(record.beats(candidate, other) for other in others)
            losses = sum(record.beats(other, candidate) for other in others)
            rows.append(
                (
                    isolated(record.candidates[candidate]),
                    whole(place, lang),
                    whole(wins, lang),
                    whole(losses, lang),
                    whole(len(others) - wins - losses, lang),
                    say(lang, outcomes[candidate not in record.elected]),
                )
            )
        place += len(tier)
    keys = ("candidate", "pairs_place", "pairs_wins", "pairs_losses", "pairs_equal", "pairs_outcome")
    return Table(
        caption=say(lang, "pairs_order"),
        head=tuple(say(lang, key) for key in keys),
        rows=tuple(rows),
        numbers=(1, 2, 3, 4),
    )


def _matrix(record: PairwiseRecord, lang: Language) -> Table:
    standing = record.standing
    return Table(
        caption=say(lang, "pairs_caption"),
        head=(
            say(lang, "candidate"),
            *(say(lang, "pairs_over", name=isolated(record.candidates[c])) for c in standing),
        ),
        rows=tuple(
            (
                isolated(record.candidates[one]),
                *("–" if one == other else whole(record.preferred[one][other], lang) for other in standing),
            )
            for one in standing
        ),
        numbers=tuple(range(1, len(standing) + 1)),
        wide=True,
    )


def _paths(record: PairwiseRecord, cycle: Cycle, lang: Language) -> Table:
    """For each two in a circle the strongest path each way, by its weakest win: the stronger one stands above."""
    place = {candidate: at for at, tier in enumerate(record.order) for candidate in tier}
    members = sorted(cycle.candidates, key=lambda candidate: (place[candidate], candidate))
    rows = []
    for at, one in enumerate(members):
        for other in members[at + 1 :]:
            there, back = (
                say(
                    lang,
                    "pairs_to",
                    votes=whole(record.strongest_paths[a][b], lang),
                    against=whole(record.paths_against[a][b], lang),
                )
                for a, b in ((one, other), (other, one))
            )
            above = isolated(record.candidates[one]) if place[one] < place[other] else say(lang, "pairs_neither")
            pair = say(
                lang, "pairs_and", one=isolated(record.candidates[one]), other=isolated(record.candidates[other])
            )
            rows.append((pair, there, back, above))
    keys = ("pairs_pair", "pairs_there", "pairs_back", "pairs_above")
    return Table(
        caption=say(lang, "pairs_paths"),
        head=tuple(say(lang, key) for key in keys),
        rows=tuple(rows),
    )
