"""What the report tells of a count in rounds: each round with its votes and its majority, who drops out, and lots."""

from stembus_ballots.ranked_rounds import CountedRound, RankedRoundsRecord

from .blocks import Items, Paragraph, Section, Table
from .content import Contest, Language, Report
from .figures import whole
from .lots_section import lots_section
from .names import isolated
from .phrases import named
from .words import say

MOST_TABLES = 4
"""Rounds up to which each has a table of its own; more of them stand in one, folded away under the sentences."""


def rounds_sections(
    report: Report, contest: Contest, record: RankedRoundsRecord, number: int, lang: Language
) -> list[Section]:
    """What came of each round, each round in figures, and the lots; of contest `number` (from 0)."""
    lots = lots_section(report, contest, record.lots, number, lang)
    if not record.rounds:
        return [lots]
    told = tuple(_told(contest, record, one, lang) for one in record.rounds)
    apart = len(record.rounds) <= MOST_TABLES
    rounds = Section(
        id=f"rounds-{number + 1}",
        title=say(lang, "rounds_title"),
        level=3,
        blocks=(
            Paragraph(say(lang, "rounds_explained")),
            Paragraph(say(lang, f"rounds_base_{record.rule.base}")),
            Items(told, ordered=True),
            *(_table(record, one, lang) for one in record.rounds if apart),
        ),
        folded=() if apart else (_all_rounds(record, lang),),
        fold=say(lang, "rounds_fold"),
    )
    return [rounds, lots]


def how_by_rounds(record: RankedRoundsRecord, lang: Language) -> str:
    """How the one who is elected came to it, in a few words."""
    if record.uncontested:
        return say(lang, "how_uncontested")
    return say(lang, f"how_rounds_{record.by}", round=len(record.rounds))


def _told(contest: Contest, record: RankedRoundsRecord, one: CountedRound, lang: Language) -> str:
    needed = whole(one.needed, lang)
    if out := record.out_after(one.number):
        stay = record.rounds[one.number].between
        if len(stay) < len(out):
            return say(lang, "rounds_stay", needed=needed, names=named(contest, stay, lang))
        key = "rounds_drop_one" if len(out) == 1 else "rounds_drop"
        return say(lang, key, needed=needed, names=named(contest, out, lang))
    [elected] = record.elected
    name, votes = isolated(contest.candidates[elected].name), whole(one.votes_of(elected), lang)
    return say(lang, f"rounds_{record.by}", needed=needed, name=name, votes=votes, counted=whole(one.counted, lang))


def _table(record: RankedRoundsRecord, one: CountedRound, lang: Language) -> Table:
    before = record.rounds[one.number - 2] if one.number > 1 else None
    rows = []
    for candidate in sorted(one.between, key=lambda c: (-one.votes_of(c), c)):
        votes = one.votes_of(candidate)
        gained = "–" if before is None else _more(votes - before.votes_of(candidate), lang)
        rows.append(
            (
                isolated(record.candidates[candidate]),
                whole(votes, lang),
                gained,
                say(lang, _came(record, one, candidate)),
            )
        )
    nobody, was = one.exhausted + record.emptied, before.exhausted + record.emptied if before else 0
    counts = record.rule.base != "valid"
    outside = say(lang, "rounds_in_base" if counts else "rounds_not_in_base")
    rows.append(
        (
            say(lang, "rounds_nobody"),
            whole(nobody, lang),
            "–" if before is None else _more(nobody - was, lang),
            outside,
        )
    )
    if counts:
        rows.append((say(lang, "blank"), whole(record.blank, lang), "–", outside))
    if record.rule.base == "cast_all":
        rows.append((say(lang, "invalid"), whole(record.invalid, lang), "–", outside))
    keys = ("candidate", "approval_votes", "rounds_gained", "rounds_outcome")
    return Table(
        caption=say(
            lang,
            "rounds_caption",
            number=one.number,
            needed=whole(one.needed, lang),
            counted=whole(one.counted, lang),
        ),
        head=tuple(say(lang, key) for key in keys),
        rows=tuple(rows),
        numbers=(1, 2),
    )


def _all_rounds(record: RankedRoundsRecord, lang: Language) -> Table:
    rounds = record.rounds
    rows = [
        (
            isolated(record.candidates[c]),
            *(whole(one.votes_of(c), lang) if c in one.between else "–" for one in rounds),
        )
        for c in record.standing
    ]
    rows.append((say(lang, "rounds_nobody"), *(whole(one.exhausted + record.emptied, lang) for one in rounds)))
    rows.append((say(lang, "rounds_counted"), *(whole(one.counted, lang) for one in rounds)))
    rows.append((say(lang, "rounds_needed"), *(whole(one.needed, lang) for one in rounds)))
    return Table(
        caption=say(lang, "rounds_all_caption"),
        head=(say(lang, "candidate"), *(say(lang, "rounds_head", number=one.number) for one in rounds)),
        rows=tuple(rows),
        numbers=tuple(range(1, len(rounds) + 1)),
        wide=True,
    )


def _more(votes: int, lang: Language) -> str:
    return f"+{whole(votes, lang)}" if votes else "0"


def _came(record: RankedRoundsRecord, one: CountedRound, candidate: int) -> str:
    if candidate in record.out_after(one.number):
        return "rounds_out"
    if one is not record.rounds[-1]:
        return "rounds_stays"
    return "rounds_elected" if candidate in record.elected else "rounds_not"
