"""What the report tells of the lots in a count that draws one only between equals."""

from collections.abc import Sequence

from stembus_ballots.record import LotDrawn

from .blocks import Block, Items, Paragraph, Section
from .content import Contest, Language, Report
from .phrases import lot_facts, named
from .words import say


def lots_section(report: Report, contest: Contest, lots: Sequence[LotDrawn], number: int, lang: Language) -> Section:
    """Each lot and among whom, and where the lot came from; of contest `number` (from 0)."""
    told: Block = Paragraph(say(lang, "no_ties"))
    if lots:
        lines = (
            say(lang, "tie_lot", chosen=named(contest, (lot.drawn,), lang), among=named(contest, lot.tied, lang))
            for lot in lots
        )
        told = Items(tuple(lines))
    blocks: list[Block] = [told]
    if contest.lot:
        blocks.append(lot_facts(report, contest, contest.lot, lang))
    return Section(id=f"ties-{number + 1}", title=say(lang, "ties"), level=3, blocks=tuple(blocks))
