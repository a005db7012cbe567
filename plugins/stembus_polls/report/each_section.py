"""What the report tells of a vote on each person: the votes, what was needed, and what follows for each of them."""

from stembus_ballots.per_person import PerPersonRecord, PersonVerdict
from stembus_polls.whole_outcome import rule_words

from .blocks import Block, Facts, Paragraph, Section, Table
from .content import Contest, Language, Report, Text
from .figures import whole
from .names import isolated
from .phrases import either, lot_facts, named
from .words import say


def each_section(report: Report, contest: Contest, record: PerPersonRecord, number: int, lang: Language) -> Section:
    """The section of the votes in contest `number` (from 0)."""
    rule = rule_words(record)
    table = Table(
        caption=say(lang, "each_caption"),
        head=tuple(say(lang, key) for key in ("candidate", *_NUMBERS, "each_needed", "each_outcome")),
        rows=tuple(
            (
                isolated(record.candidates[one.candidate]),
                *(whole(count, lang) for count in (one.votes.yes, one.votes.no, one.votes.blank)),
                say(lang, "each_needed_of", needed=whole(one.needed, lang), counted=whole(one.counted, lang)),
                say(lang, _outcome(record, one)),
            )
            for one in record.verdicts
        ),
        numbers=(1, 2, 3),
    )
    facts = [(say(lang, "each_rule"), either(Text(rule.nl, rule.en), lang))]
    if record.quorum:
        key = "whole_quorum_met" if record.quorum.met else "each_quorum_missed"
        reached = {name: whole(getattr(record.quorum, name), lang) for name in ("counted", "whole", "needed")}
        facts.append((say(lang, "whole_quorum"), say(lang, key, **reached)))
    blocks: list[Block] = [Paragraph(say(lang, "each_line")), Facts(tuple(facts)), table]
    if alike := tuple(one.candidate for one in record.verdicts if _is_unanimous(one)):
        blocks.append(Paragraph(say(lang, "each_alike", names=named(contest, alike, lang))))
    if record.border:
        places = whole(len(record.lots), lang)
        drawn = named(contest, tuple(lot.drawn for lot in record.lots), lang)
        border = say(lang, "approval_border", names=named(contest, record.border, lang), places=places)
        blocks.append(Paragraph(border + " " + say(lang, "approval_drawn", names=drawn)))
        if contest.lot:
            blocks.append(lot_facts(report, contest, contest.lot, lang))
    return Section(id=f"votes-{number + 1}", title=say(lang, "each_title"), level=3, blocks=tuple(blocks))


def passed_with(record: PerPersonRecord, candidate: int, lang: Language) -> str:
    """How somebody was elected: with how many votes for and against."""
    [votes] = [one.votes for one in record.verdicts if one.candidate == candidate]
    drawn = any(lot.drawn == candidate for lot in record.lots)
    key = "how_each_by_lot" if drawn else "how_each"
    return say(lang, key, yes=whole(votes.yes, lang), no=whole(votes.no, lang))


_NUMBERS = ("votes_for", "votes_against", "blank")


def _outcome(record: PerPersonRecord, one: PersonVerdict) -> str:
    if one.candidate in record.elected:
        return "each_elected"
    return "each_no_seat" if one.candidate in record.passed else f"each_{one.outcome}"


def _is_unanimous(one: PersonVerdict) -> bool:
    """Whether everybody said the same of a person, so that one knows of each voter what they said."""
    said = (one.votes.yes, one.votes.no, one.votes.blank)
    return sum(said) > 0 and max(said) == sum(said)
