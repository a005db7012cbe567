"""What the report tells of a count: who is elected and how, the stages, ties and lots, balance, second counts."""

from itertools import pairwise

from stembus_ballots.approval import ApprovalRecord
from stembus_ballots.pairwise import PairwiseRecord
from stembus_ballots.per_person import PerPersonRecord
from stembus_ballots.ranked_rounds import RankedRoundsRecord
from stembus_ballots.record import ConstraintEffect, Limit, Stage, StvRecord, in_units
from stembus_ballots.whole import WholeRecord
from stembus_polls.counting.records import RankedRecord, was_counted

from .approval_section import approval_section, approved_by
from .blocks import Block, Facts, Items, Paragraph, Picture, Section, Table
from .content import Contest, Language, Report
from .each_section import each_section, passed_with
from .figures import exact_votes, share, whole
from .meek_sections import meek_sections
from .moves import decimals_of
from .names import isolated, visible
from .pairwise_section import how_by_pairs, pairwise_sections
from .phrases import either, lot_facts, named, placed
from .rounds_section import how_by_rounds, rounds_sections
from .stage_sentences import stage_sentences
from .whole_section import whole_section
from .words import say


def count_sections(report: Report, number: int, lang: Language) -> tuple[Section, ...]:
    """The sections of contest `number` (from 0) of a report that was reduced to what may be published."""
    contest = report.contests[number]
    title = say(lang, "the_count", title=either(contest.title, lang))
    sections = [Section(id=f"count-{number + 1}", title=title, blocks=_outcome(report, contest, lang))]
    if contest.count and contest.count.stages:
        sections += [_flow(contest, contest.count, number, lang), _stages(contest.count, number, lang)]
    if contest.count:
        sections.append(_ties(report, contest, contest.count, number, lang))
        if contest.count.constraints:
            sections.append(_balance(report, contest, contest.count, number, lang))
    if contest.whole and contest.whole.vote:
        sections.append(whole_section(contest.whole.vote, number, lang))
    if contest.approval:
        sections.append(approval_section(report, contest, contest.approval, number, lang))
    if contest.pairs:
        sections += pairwise_sections(report, contest, contest.pairs, number, lang)
    if contest.rounds:
        sections += rounds_sections(report, contest, contest.rounds, number, lang)
    if contest.each:
        sections.append(each_section(report, contest, contest.each, number, lang))
    if contest.meek:
        sections += meek_sections(report, contest, contest.meek, number, lang)
    checks = _second_counts(contest, lang)
    if checks:
        about = "cross_check" if contest.cross_check else "recounts"
        sections.append(Section(id=f"check-{number + 1}", title=say(lang, about), level=3, blocks=checks))
    return tuple(sections)


def _outcome(report: Report, contest: Contest, lang: Language) -> tuple[Block, ...]:
    standing = report.result.status == "elected" and report.annulled is None
    elected: Block = Paragraph(say(lang, "nobody_elected"))
    if contest.elected:
        elected = Table(
            caption=say(lang, _caption(contest, standing=standing)),
            head=(say(lang, "order_name"), say(lang, "branch"), say(lang, "how")),
            rows=tuple(
                (
                    placed(place, contest.candidates[c].name),
                    isolated(contest.candidates[c].branch) or "–",
                    _how(contest, c, lang),
                )
                for place, c in enumerate(contest.elected, 1)
            ),
        )
    blocks: list[Block] = [elected]
    if contest.staged and without_quota(contest.staged):
        blocks.append(Paragraph(say(lang, "no_quota_means")))
    if vacant := contest.seats - len(contest.elected):
        blocks.append(Paragraph(say(lang, "vacant", count=whole(vacant, lang))))
    blocks.append(Facts(_numbers(contest, lang)))
    if contest.deputies:
        if contest.deputies_by:
            blocks.append(Paragraph(either(contest.deputies_by, lang)))
        blocks.append(Paragraph(say(lang, "deputies_caption") + ":"))
        blocks.append(Items(tuple(isolated(contest.candidates[c].name) for c in contest.deputies), ordered=True))
    return tuple(blocks)


def _caption(contest: Contest, *, standing: bool) -> str:
    if contest.pairs and contest.pairs.method == "list_ranking":
        return "list_caption"
    if contest.whole:
        return "together_caption" if standing else "counted_together_caption"
    return "elected_caption" if standing else "counted_caption"


def _how(contest: Contest, candidate: int, lang: Language) -> str:
    match contest.record:
        case WholeRecord() as record:
            how = say(lang, "how_together" if record.vote else "how_unopposed")
        case PairwiseRecord() as record:
            how = how_by_pairs(record, candidate, lang)
        case RankedRoundsRecord() as record:
            how = how_by_rounds(record, lang)
        case ApprovalRecord() as record:
            how = approved_by(record, candidate, lang)
        case PerPersonRecord() as record:
            how = passed_with(record, candidate, lang)
        case None:
            how = say(lang, "how_withheld")
        case record:
            how = _how_by_stages(record, candidate, lang)
    return how


def _how_by_stages(record: RankedRecord, candidate: int, lang: Language) -> str:
    if record.uncontested:
        return say(lang, "how_uncontested")
    stage = dict(zip(record.elected, record.elected_stage, strict=True))[candidate]
    return say(lang, "how_no_quota" if candidate in without_quota(record) else "how_quota", stage=stage)


def without_quota(record: RankedRecord) -> frozenset[int]:
    """Who was elected because no more candidates were left than seats."""
    if isinstance(record, StvRecord):
        return frozenset(c for stage in record.stages for c in stage.elected_without_quota)
    return frozenset(c for stage in record.stages if stage.action == "elect_remaining" for c in stage.candidates)


def _numbers(contest: Contest, lang: Language) -> tuple[tuple[str, str], ...]:
    rows = [(say(lang, "seats"), whole(contest.seats, lang))]
    if contest.on_roll is not None and contest.voted is not None:
        part = share(contest.voted, contest.on_roll, lang)
        voted, roll = whole(contest.voted, lang), whole(contest.on_roll, lang)
        rows.append((say(lang, "turnout"), say(lang, "turnout_line", voted=voted, roll=roll, share=part)))
    if papers := contest.papers:
        kinds = [("valid", papers.valid), ("blank", papers.blank), ("invalid", papers.invalid)]
        kinds += [("emptied", papers.emptied)] if papers.emptied else []
        rows += [(say(lang, key), whole(number, lang)) for key, number in kinds if number is not None]
    if contest.count and not contest.count.uncontested:
        quota, valid = whole(contest.count.quota, lang), whole(contest.count.valid, lang)
        line = say(lang, "quota_line", quota=quota, valid=valid, seats=contest.count.seats)
        rows.append((say(lang, "quota"), line))
    if contest.meek and not contest.meek.uncontested:
        rows.append((say(lang, "quota"), say(lang, "meek_quota", quota=exact_votes(contest.meek.quota, lang))))
    return tuple(rows)


def _flow(contest: Contest, count: StvRecord, number: int, lang: Language) -> Section:
    names = say(lang, "flow_elected", names=named(contest, contest.elected, lang)) if contest.elected else ""
    legend = ["legend_lane", "legend_quota", "legend_moves", "legend_lost"]
    picture = Picture(
        contest=number,
        title=say(lang, "flow", title=either(contest.title, lang)),
        alt=say(lang, "flow_alt", stages=len(count.stages), names=names),
        legend=tuple(say(lang, key, quota=whole(count.quota, lang)) for key in legend),
    )
    return Section(id=f"flow-{number + 1}", title=say(lang, "flow_title"), level=3, blocks=(picture,))


def _stages(count: StvRecord, number: int, lang: Language) -> Section:
    return Section(
        id=f"stages-{number + 1}",
        title=say(lang, "stages"),
        level=3,
        blocks=(Items(stage_sentences(count, lang)), Paragraph(say(lang, "stages_note"))),
        folded=(_table(count, lang),),
        fold=say(lang, "stage_table"),
    )


def _table(count: StvRecord, lang: Language) -> Table:
    heads = [_head(count, stage, number, lang) for number, stage in enumerate(count.stages, 1)]
    standing = [c for c in range(len(count.candidates)) if c not in count.withdrawn]
    rows = [
        (isolated(count.candidates[c]), *_cells([stage.votes[c] for stage in count.stages], lang)) for c in standing
    ]
    lost = [stage.non_transferable for stage in count.stages]
    rows.append((say(lang, "non_transferable"), *_cells(lost, lang)))
    whole_votes = f"{count.valid}.{'0' * decimals_of(count)}"
    rows.append((say(lang, "total"), *[exact_votes(whole_votes, lang)] * len(heads)))
    return Table(
        caption=say(lang, "stage_caption"),
        head=(say(lang, "candidate"), *heads),
        rows=tuple(rows),
        numbers=tuple(range(1, len(heads) + 1)),
        wide=True,
    )


def _head(count: StvRecord, stage: Stage, number: int, lang: Language) -> str:
    name = "" if stage.candidate is None else isolated(count.candidates[stage.candidate])
    return say(lang, f"head_{stage.action}", number=number, name=name)


def _cells(totals: list[str], lang: Language) -> list[str]:
    """Totals of one row, each with its change on a second line."""
    cells = [exact_votes(totals[0], lang)]
    decimals = len(totals[0].partition(".")[2])
    for before, now in pairwise(totals):
        change = in_units(now) - in_units(before)
        size = f"{abs(change) // 10**decimals}.{abs(change) % 10**decimals:0{decimals}}"
        sign = "+" if change > 0 else "−"
        cells.append(exact_votes(now, lang) + (f"\n({sign}{exact_votes(size, lang)})" if change else ""))
    return cells


def _ties(report: Report, contest: Contest, count: StvRecord, number: int, lang: Language) -> Section:
    lines = []
    for tie in count.ties:
        purpose = say(lang, f"tie_{tie.for_}")
        line = say(lang, "tie_line", stage=tie.after_stage, tied=named(contest, tie.tied, lang), purpose=purpose)
        chosen = named(contest, (tie.chosen,), lang)
        if tie.drawn_among:
            line += say(lang, "tie_lot", chosen=chosen, among=named(contest, tie.drawn_among, lang))
        else:
            line += say(lang, "tie_earlier", earlier=tie.earlier_stage, chosen=chosen)
        lines.append(line)
    blocks: list[Block] = [Items(tuple(lines)) if lines else Paragraph(say(lang, "no_ties"))]
    if contest.lot:
        blocks.append(lot_facts(report, contest, contest.lot, lang))
    return Section(id=f"ties-{number + 1}", title=say(lang, "ties"), level=3, blocks=tuple(blocks))


def _balance(report: Report, contest: Contest, count: StvRecord, number: int, lang: Language) -> Section:
    rules = Table(
        caption=say(lang, "constraint_caption"),
        head=(say(lang, "rule"), say(lang, "at_least"), say(lang, "at_most")),
        rows=tuple(
            (f"{visible(rule.value)} ({visible(rule.category)})", whole(rule.min, lang), whole(rule.max, lang))
            for rule in count.constraints
        ),
        numbers=(1, 2),
    )
    effects = [
        _effect(contest, number, effect, lang)
        for number, stage in enumerate(count.stages, 1)
        for effect in stage.constraint_effects
    ]
    told: Block = Items(tuple(effects)) if effects else Paragraph(say(lang, "no_effect"))
    without = tuple(Paragraph(line) for line in _without(report, contest, count, lang))
    return Section(id=f"balance-{number + 1}", title=say(lang, "constraints"), level=3, blocks=(rules, told, *without))


def _effect(contest: Contest, stage: int, effect: ConstraintEffect, lang: Language) -> str:
    because = "; ".join(_limit(limit, lang) for limit in effect.because)
    return say(lang, effect.effect, stage=stage, names=named(contest, effect.candidates, lang), because=because)


def _limit(limit: Limit, lang: Language) -> str:
    return say(
        lang,
        "because",
        value=visible(limit.value),
        category=visible(limit.category),
        elected=limit.elected,
        continuing=limit.continuing,
        min=limit.min,
        max=limit.max,
    )


def _without(report: Report, contest: Contest, count: StvRecord, lang: Language) -> list[str]:
    if count.unconstrained is None:
        return []
    if count.unconstrained.needs_lot is not None:
        return [say(lang, "lot_without", why=visible(count.unconstrained.needs_lot))]
    others = len(set(count.unconstrained.elected) - set(count.elected))
    if not others:
        return [say(lang, "same_without")]
    key = "other_without_one" if others == 1 else "other_without"
    lines = [say(lang, key, count=whole(others, lang))]
    if report.publication.names_unconstrained:
        lines.append(say(lang, "names_without", names=named(contest, count.unconstrained.elected, lang)))
    return lines


def _second_counts(contest: Contest, lang: Language) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if check := contest.cross_check:
        program = visible(check.program)
        lines = [say(lang, check.outcome, program=program)]
        if check.outcome == "differs":
            lines.append(say(lang, "ours", names=named(contest, contest.elected, lang)))
            lines.append(say(lang, "theirs", program=program, names=named(contest, check.theirs, lang)))
        if check.why:
            lines.append(say(lang, "reason", why=either(check.why, lang)))
        blocks += [Paragraph(line) for line in lines]
    if contest.recounts:
        recounts = [
            say(
                lang, "recount_line", by=isolated(r.asked_by), ground=visible(r.ground), outcome=either(r.outcome, lang)
            )
            for r in contest.recounts
        ]
        blocks += [Paragraph(say(lang, "recounts") + ":"), Items(tuple(recounts))]
    elif contest.ranked or (contest.record and was_counted(contest.record)):
        blocks.append(Paragraph(say(lang, "no_recounts")))
    return tuple(blocks)
