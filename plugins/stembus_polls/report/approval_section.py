"""What the report tells of a count of approvals or block votes: the votes for each candidate, who is in, and why."""

from fractions import Fraction

from stembus_ballots.approval import ApprovalRecord

from .blocks import Block, Paragraph, Section, Table
from .content import Contest, Language, Report
from .figures import share, whole
from .names import isolated
from .phrases import lot_facts, named
from .words import say


def approval_section(report: Report, contest: Contest, record: ApprovalRecord, number: int, lang: Language) -> Section:
    """The section of the votes in contest `number` (from 0)."""
    standing = [c for c in range(len(record.candidates)) if c not in record.withdrawn]
    table = Table(
        caption=say(lang, "approval_caption"),
        head=tuple(say(lang, key) for key in ("candidate", "approval_votes", "approval_share", "approval_outcome")),
        rows=tuple(
            (
                isolated(record.candidates[c]),
                whole(record.approvals[c], lang),
                share(record.approvals[c], record.base, lang),
                say(lang, _outcome(record, c)),
            )
            for c in sorted(standing, key=lambda c: (-record.approvals[c], c))
        ),
        numbers=(1, 2),
    )
    blocks: list[Block] = [Paragraph(say(lang, f"approval_line_{record.method}")), table]
    if record.needed is not None and record.fraction is not None:
        part = Fraction(record.fraction)
        blocks.append(
            Paragraph(
                say(
                    lang,
                    "approval_needed",
                    fraction=f"{part.numerator}/{part.denominator}",
                    base=whole(record.base, lang),
                    needed=whole(record.needed, lang),
                )
            )
        )
    if record.border:
        places = len(record.lots)
        text = say(lang, "approval_border", names=named(contest, record.border, lang), places=whole(places, lang))
        drawn = named(contest, tuple(lot.drawn for lot in record.lots), lang)
        blocks.append(Paragraph(text + " " + say(lang, "approval_drawn", names=drawn)))
        if contest.lot:
            blocks.append(lot_facts(report, contest, contest.lot, lang))
    return Section(id=f"votes-{number + 1}", title=say(lang, "approval_title"), level=3, blocks=tuple(blocks))


def approved_by(record: ApprovalRecord, candidate: int, lang: Language) -> str:
    """How a candidate was elected: with how many votes."""
    drawn = any(lot.drawn == candidate for lot in record.lots)
    votes = whole(record.approvals[candidate], lang)
    return say(lang, "how_approved_by_lot" if drawn else "how_approved", votes=votes)


def _outcome(record: ApprovalRecord, candidate: int) -> str:
    if candidate in record.elected:
        return "approval_elected"
    return "approval_below" if candidate in record.below else "approval_not"
