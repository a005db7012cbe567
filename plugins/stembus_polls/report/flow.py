"""The picture of how votes moved: a lane for each candidate, from the first stage to the last, and bands between them.

A pure function of the record of the count. Every lane starts with the candidate's name and fate in words; its height
is votes, the dashed line is the quota. In each stage after the first exactly one candidate gives votes away, so the
bands of a stage all begin in one lane. Three colours with a meaning each (standing, moving, gone), and always a shape
or words beside the colour. A phone gets a narrow drawing with the same parts, not a shrunken one.
"""

from html import escape

from stembus_ballots.record import StvRecord, in_units

from .content import Language
from .figures import votes, whole
from .flow_drawing import Drawing, Lane, Size
from .moves import decimals_of, excluded_in, moves
from .names import visible
from .words import say

PAPER_STYLE = """
.stage{fill:#5b6470}.rule{stroke:#e3e6ea;fill:none}.name{fill:#14181d;font-weight:700}.fate{fill:#3f4752}
.stay{fill:#2b6a9b}.carry{fill:#b5d0e4}.out .stay{fill:#6b7480}.out .carry{fill:#d3d8dd}
.lost .stay{fill:#9aa3ad}.lost .carry{fill:#e4e7ea}.came{fill:#d9730d}
.move{fill:#e9963f;fill-opacity:.5;stroke:#d9730d;stroke-width:.5;stroke-opacity:.7}
.quota{stroke:#14181d;stroke-width:1;stroke-dasharray:4 3;fill:none}
.mark{fill:#14181d;stroke:#fff;stroke-width:1.5}.tick{stroke:#fff;stroke-width:1.8;fill:none}
.gone{stroke:#6b7480;stroke-width:1;fill:none}
.name,.fate,.limit{paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}.limit{fill:#14181d}
.cross{stroke:#14181d;stroke-width:1.4;fill:#fff}
text{font-family:"Libertinus Serif","New Computer Modern","DejaVu Sans Mono"}
"""


PHONE = Size(width=360, text=13, gap=9, bar=5, amounts=False)
WIDE = Size(width=900, text=15, gap=12, bar=10, amounts=True)
PAPER = Size(width=760, text=13, gap=7, bar=8, amounts=True, tall=300, quota=(19, 80))


def lanes(record: StvRecord, lang: Language) -> tuple[Lane, ...]:
    """The lanes from top to bottom: elected in order, then who stayed longest; last the votes that went to nobody."""
    out_at = excluded_in(record)
    elected_at = dict(zip(record.elected, record.elected_stage, strict=True))
    standing = [c for c in range(len(record.candidates)) if c not in record.withdrawn]
    rest = sorted(
        (c for c in standing if c not in elected_at), key=lambda c: (-out_at.get(c, len(record.stages) + 1), c)
    )
    totals = {c: tuple(in_units(stage.votes[c]) for stage in record.stages) for c in standing}
    lasts = {c: out_at[c] - 1 if c in out_at else len(record.stages) for c in standing}
    drawn = [
        Lane(
            candidate=c,
            name=visible(record.candidates[c]),
            fate=_fate(record, c, elected_at.get(c), out_at.get(c), lang),
            amounts=_amounts(record, totals[c], lasts[c], lang),
            totals=totals[c],
            last=lasts[c],
            elected_at=elected_at.get(c),
            excluded_at=out_at.get(c),
        )
        for c in [*record.elected, *rest]
    ]
    lost = tuple(in_units(stage.non_transferable) for stage in record.stages)
    ends = len(record.stages)
    amounts = _amounts(record, lost, ends, lang)
    return (*drawn, Lane(None, say(lang, "non_transferable"), say(lang, "lane_lost"), amounts, lost, ends, None, None))


def _amounts(record: StvRecord, totals: tuple[int, ...], last: int, lang: Language) -> str:
    """The votes at the start and at the end of a lane: "945 → 1,626.07"."""
    first, then = (votes(total, decimals_of(record), lang) for total in (totals[0], totals[last - 1]))
    return first if first == then else f"{first} → {then}"


def _fate(record: StvRecord, candidate: int, elected_at: int | None, out_at: int | None, lang: Language) -> str:
    if elected_at is not None:
        rest = candidate in record.stages[elected_at - 1].elected_without_quota
        return say(lang, "lane_no_quota" if rest else "lane_elected", stage=elected_at)
    return say(lang, "lane_excluded", stage=out_at) if out_at else say(lang, "lane_left")


def flow_svg(
    record: StvRecord, lang: Language, size: Size, *, label: str, alt: str, prefix: str, standalone: bool = False
) -> str:
    """The picture as SVG text with `label` as title and `alt` as description; "" for a record without stages.

    `prefix` begins its ids, so that several can stand in one page. `standalone` puts the colours for paper into it;
    without, the page around it colours its classes.
    """
    if not record.stages:
        return ""
    quota = record.quota * 10 ** decimals_of(record)
    drawing = Drawing(lanes(record, lang), moves(record), size, quota=quota, seats=record.seats)
    limit = say(lang, "lane_quota", quota=whole(record.quota, lang))
    shapes = "\n".join(drawing.shapes(axis=say(lang, "lane_stage"), limit=limit))
    style = f"<style>{PAPER_STYLE}</style>" if standalone else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" viewBox="-4 0 {size.width + 8} {drawing.height}" '
        f'width="{size.width + 8}" height="{drawing.height}" role="img" '
        f'aria-labelledby="{prefix}-title {prefix}-desc">'
        f'<title id="{prefix}-title">{escape(label)}</title><desc id="{prefix}-desc">{escape(alt)}</desc>'
        f"{style}{shapes}</svg>"
    )
