"""A count by Meek: every decision with the votes it rests on. All votes are shared out anew for each, so no moves."""

from stembus_ballots.meek import MeekRecord, MeekStage

from .blocks import Block, Items, Paragraph, Section, Table
from .content import Contest, Language, Report
from .figures import exact_votes
from .names import isolated
from .phrases import lot_facts, named
from .words import say


def meek_sections(report: Report, contest: Contest, count: MeekRecord, number: int, lang: Language) -> list[Section]:
    """The decisions in sentences and in figures, and the lots. A Meek tie for exclusion always goes to the lot."""
    lots: list[Block] = [Paragraph(say(lang, "no_ties"))]
    if count.lots:
        told = [
            say(lang, "tie_lot", chosen=named(contest, (lot.drawn,), lang), among=named(contest, lot.tied, lang))
            for lot in count.lots
        ]
        lots = [Items(tuple(told))]
    if contest.lot:
        lots.append(lot_facts(report, contest, contest.lot, lang))
    sections = [Section(id=f"ties-{number + 1}", title=say(lang, "ties"), level=3, blocks=tuple(lots))]
    if count.stages:
        stages = Section(
            id=f"stages-{number + 1}",
            title=say(lang, "stages"),
            level=3,
            blocks=(
                Paragraph(say(lang, "meek_explained")),
                Items(tuple(_told(contest, stage, place, lang) for place, stage in enumerate(count.stages, 1))),
            ),
            folded=(_table(contest, count, lang),),
            fold=say(lang, "stage_table"),
        )
        sections.insert(0, stages)
    return sections


def _told(contest: Contest, stage: MeekStage, number: int, lang: Language) -> str:
    names, quota = named(contest, stage.candidates, lang), exact_votes(stage.quota, lang)
    return say(lang, f"meek_{stage.action}", stage=number, names=names, quota=quota)


def _table(contest: Contest, count: MeekRecord, lang: Language) -> Table:
    standing = [c for c in range(len(count.candidates)) if c not in count.withdrawn]
    rows = [
        (isolated(contest.candidates[c].name), *(_cell(stage, c, lang) for stage in count.stages)) for c in standing
    ]
    rows.append((say(lang, "non_transferable"), *(exact_votes(stage.exhausted, lang) for stage in count.stages)))
    rows.append((say(lang, "quota"), *(exact_votes(stage.quota, lang) for stage in count.stages)))
    heads = [say(lang, "stage", number=place) for place in range(1, len(count.stages) + 1)]
    return Table(
        caption=say(lang, "meek_caption"),
        head=(say(lang, "candidate"), *heads),
        rows=tuple(rows),
        numbers=tuple(range(1, len(heads) + 1)),
        wide=True,
    )


def _cell(stage: MeekStage, candidate: int, lang: Language) -> str:
    return f"{exact_votes(stage.votes[candidate], lang)}\n({exact_votes(stage.keep_factors[candidate], lang)})"
