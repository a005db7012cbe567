"""A count for people to read on a terminal of 80 columns or more, or through a pipe."""

import textwrap
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from stembus_ballots.approval import ApprovalProfile, ApprovalRecord
from stembus_ballots.condorcet import CondorcetRecord, CondorcetRule, Matrix
from stembus_ballots.meek import MeekRecord, MeekStage
from stembus_ballots.pairwise import PairwiseRecord
from stembus_ballots.ranked_rounds import CountedRound, RankedRoundsRecord
from stembus_ballots.record import LotDrawn, Stage, StvRecord, Tie, as_text, in_units
from stembus_ballots.schulze import SchulzeRanking
from stembus_ballots.weak import WeakProfile
from stembus_polls.count_json import exact_text
from stembus_polls.cross_check import Agrees, CrossCheck, Differs, NotApplicable

PURPOSES = {
    "exclude": "exclusion",
    "surplus": "the first transfer",
    "elect": "a seat",
    "proceed": "a place in the next round",
}
WHY_NOT = {
    "method": "it does not have this method",
    "constraints": "it knows no constraints",
    "uncontested": "there were no more candidates than seats",
    "tie": "an earlier stage settled a tie, and it looks at later preferences instead",
    "lot": "a lot was drawn",
    "too_large": "the count is too large for it",
    "chance": "it would have drawn a tie by chance itself",
    "broke_off": "it broke off",
}
BASES = {
    "valid": "votes for a candidate",
    "cast_with_blank": "votes for a candidate and blank papers",
    "cast_all": "all papers",
    "present": "everybody present",
}
NAME_WIDTH = 24


class Column(NamedTuple):
    """One stage of a count: a heading of one or two lines, and a cell for each row."""

    heading: str
    cells: Sequence[str]


def console() -> Console:
    """Where results go; names are shown as they are, whatever brackets they hold."""
    return Console(markup=False, highlight=False, emoji=False)


def show_stv(out: Console, record: StvRecord, check: CrossCheck) -> None:
    """Scottish STV or IRV."""
    names = _short(record.candidates)
    _heading(out, record, "Scottish STV" if record.method == "scottish-stv" else "Instant-runoff voting")
    out.print(f"Quota {record.quota}: {record.valid} valid votes / ({record.seats} + 1), rounded down, + 1.")
    if record.uncontested:
        out.print("There are as many candidates as seats: all are elected without a count.")
    columns = [Column(f"{n}\n{stage.action}", _stage_cells(record, n)) for n, stage in enumerate(record.stages, 1)]
    _blocks(out, [*names, "Non-transferable", "Valid votes"], columns)
    out.print()
    for number, stage in enumerate(record.stages, 1):
        _line(out, f"{number}.", _stage_sentence(record, number, stage))
    _elected(out, record.elected, record.elected_stage, record.candidates)
    if record.constraints:
        _constraints(out, record)
    _ties(out, record.ties, names)
    _cross_check(out, check, names)
    if record.stages:
        _meaning(
            out,
            "votes after each stage; * elected; - excluded or withdrawn.",
            "first: first preferences. surplus: what a candidate has above the quota goes to the next preferences, "
            "each ballot at a part of its value. exclude: a candidate's ballots go on at the value they have.",
            "Non-transferable: ballots without a next preference, and what is cut off after 5 decimals.",
        )


def _stage_cells(record: StvRecord, number: int) -> list[str]:
    stages = record.stages[:number]
    excluded = {stage.candidate for stage in stages if stage.action == "exclude"} | set(record.withdrawn)
    elected = {c for stage in stages for c in (*stage.elected, *stage.elected_without_quota)}
    cells = [
        "-" if c in excluded else f"{votes}{'*' if c in elected else ' '}" for c, votes in enumerate(stages[-1].votes)
    ]
    return [*cells, f"{stages[-1].non_transferable} ", f"{record.valid}.{'0' * 5} "]


def _stage_sentence(record: StvRecord, number: int, stage: Stage) -> str:
    names = _short(record.candidates)
    said = "First preferences."
    if stage.candidate is not None:
        before = in_units(record.stages[number - 2].votes[stage.candidate])
        moved = as_text(before - in_units(stage.votes[stage.candidate]), 5)
        name = names[stage.candidate]
        if stage.action == "surplus":
            said = f"Surplus of {name}: {moved} votes."
        else:
            doomed = ", whom the constraints leave no seat" if stage.reason == "doomed" else ""
            said = f"Exclusion of {name}{doomed}: {moved} votes."
    if stage.elected:
        said += f" Elected: {_named(stage.elected, names)}."
    if stage.elected_without_quota:
        said += f" Elected to the last seats without the quota: {_named(stage.elected_without_quota, names)}."
    return said


def _constraints(out: Console, record: StvRecord) -> None:
    out.print("\nConstraints")
    for limit in record.constraints:
        out.print(f"  {limit.category} = {limit.value}: {limit.elected} elected, from {limit.min} to {limit.max}.")
    plain = record.unconstrained
    if plain is not None and plain.needs_lot:
        out.print("  Without them the count would need another lot.")
    elif plain is not None and set(plain.elected) == set(record.elected):
        out.print("  Without them the same candidates are elected.")
    elif plain is not None:
        _say(out, f"Without them are elected: {_named(plain.elected, record.candidates)}.", "  ", "  ")


def _ties(out: Console, ties: Iterable[Tie], names: Sequence[str]) -> None:
    for place, tie in enumerate(ties):
        if place == 0:
            out.print("\nTies and lots")
        said = f"after stage {tie.after_stage}, {_named(tie.tied, names)} were equal for {PURPOSES[tie.for_]}; "
        if tie.drawn_among:
            said += f"lot among {_named(tie.drawn_among, names)}: {names[tie.chosen]} drawn."
        else:
            said += f"stage {tie.earlier_stage} settled it: {names[tie.chosen]}."
        _line(out, "-", said)


def show_meek(out: Console, record: MeekRecord, check: CrossCheck) -> None:
    """Meek's method."""
    _heading(out, record, "Meek (PR Foundation rule)")
    if record.uncontested:
        out.print("There are as many candidates as seats: all are elected without a count.")
    columns = [Column(f"{n}\n{stage.action.partition('_')[0]}", [*stage.votes, stage.exhausted, stage.quota])
               for n, stage in enumerate(record.stages, 1)]  # fmt: skip
    _blocks(out, [*_short(record.candidates), "Exhausted", "Quota"], columns)
    out.print()
    for number, stage in enumerate(record.stages, 1):
        _line(out, f"{number}.", _meek_sentence(stage, _short(record.candidates)))
    _elected(out, record.elected, record.elected_stage, record.candidates)
    _lots(out, record.lots, record.candidates)
    _cross_check(out, check, record.candidates)
    if record.stages:
        _meaning(
            out,
            "votes on which each decision was taken, in parts of 10^-9.",
            "An elected candidate keeps only the part of each ballot that adds up to the quota; the rest goes on. "
            "The quota falls as ballots run out (Exhausted).",
        )


def _meek_sentence(stage: MeekStage, names: Sequence[str]) -> str:
    if stage.action == "exclude":
        return f"Exclusion of {_named(stage.candidates, names)}."
    last = ", to the last seats" if stage.action == "elect_remaining" else ""
    return f"Elected{last}: {_named(stage.candidates, names)}."


def show_approval(out: Console, profile: ApprovalProfile, record: ApprovalRecord, check: CrossCheck) -> None:
    """Approval."""
    names = profile.candidates
    out.print(f"{profile.title}: approval")
    nobody = f" ({profile.approving_nobody} approve of nobody)" if profile.approving_nobody else ""
    out.print(f"{record.seats} seats, {len(names)} candidates, {record.valid} valid ballots{nobody}.")
    table = _table("Candidate", "Approvals", "")
    for c in sorted(range(len(names)), key=lambda c: (-record.approvals[c], c)):
        table.add_row(names[c], str(record.approvals[c]), "elected" if c in record.elected else "")
    out.print(table)
    _lots(out, record.lots, names)
    _cross_check(out, check, names)


def show_condorcet(
    out: Console,
    profile: WeakProfile,
    rule: CondorcetRule,
    record: CondorcetRecord,
    *,
    ranking: SchulzeRanking,
    check: CrossCheck,
) -> None:
    """Condorcet, with what the default option asks."""
    names = [f"{number} {name}" for number, name in enumerate(profile.candidates, 1)]
    blank = f", {profile.blank} blank" if profile.blank else ""
    out.print(f"{profile.title}: Condorcet")
    out.print(f"{len(names)} options, {profile.valid} ballots{blank}.")
    _blocks(out, names, _matrix_columns(record.beat_matrix))
    if rule.default_option is not None:
        _against_default(out, record, names, names[rule.default_option])
    out.print()
    if record.cycles:
        _say(out, f"Schwartz set: {_named(record.schwartz_set, names)}.")
    for step in record.cycles:
        pairs = "; ".join(f"{names[a]} over {names[b]}" for a, b in step.defeats)
        _say(out, f"Cycle: the weakest defeat is dropped ({step.votes} to {step.against}): {pairs}.")
    if record.casting_vote_needed:
        _say(out, f"Equal: {_named(record.winners, names)}. Whoever has the casting vote chooses among them.")
    else:
        _say(out, f"Winner: {_named(record.winners, names)}.")
    _say(out, f"Schulze ranking: {' > '.join(' = '.join(names[o] for o in tier) for tier in ranking.tiers)}.")
    _cross_check(out, check, names)
    _meaning(
        out,
        "ballots that rank the option of the row above that of the column.",
        "One option beats another when more ballots rank it above than below. Options that miss the quorum or the "
        "majority against the default option take no part.",
    )


def show_pairs(out: Console, record: PairwiseRecord, check: CrossCheck) -> None:
    """Persons, or the order of a list, by pairs."""
    names = _short(record.candidates)
    _heading(out, record, "Condorcet (Schulze)" if record.method == "condorcet" else "order of a list (Schulze)")
    if record.uncontested:
        out.print("There are as many candidates as seats: all are elected without a count.")
    standing = record.standing if record.preferred else ()
    columns = [
        Column(f"over\n{b}", ["-" if a == b else str(record.preferred[a][b]) for a in standing]) for b in standing
    ]
    _blocks(out, [f"{c} {names[c]}" for c in standing], columns)
    out.print()
    for cycle in record.cycles:
        links = "; ".join(
            f"{names[a]} beats {names[b]} ({record.preferred[a][b]} to {record.preferred[b][a]})"
            for a, b in pairwise((*cycle.around, cycle.around[0]))
        )
        _say(out, f"A circle of {_named(cycle.candidates, names)}: {links}.")
    if record.order:
        _say(out, f"Order: {' > '.join(' = '.join(names[c] for c in tier) for tier in record.order)}.")
    _elected(out, record.elected, [0] * len(record.elected), record.candidates)
    _lots(out, record.lots, record.candidates)
    _cross_check(out, check, record.candidates)
    if record.order:
        _meaning(
            out,
            "ballots that rank the candidate of the row above that of the column.",
            "Who stands above whom follows from the strongest row of wins, which is as strong as its weakest.",
        )


def show_rounds(out: Console, record: RankedRoundsRecord, check: CrossCheck) -> None:
    """One person by absolute majority, in rounds that are counted from the same rankings."""
    names = _short(record.candidates)
    _heading(out, record, "absolute majority in ranked rounds")
    if record.uncontested:
        out.print("There are as many candidates as seats: all are elected without a count.")
    columns = [Column(f"round\n{one.number}", _round_cells(record, one)) for one in record.rounds]
    _blocks(out, [*(names[c] for c in record.standing), "For nobody left", "Base", "More than half"], columns)
    out.print()
    for one in record.rounds:
        _line(out, f"{one.number}.", _round_sentence(record, one, names))
    _elected(out, record.elected, [0] * len(record.elected), record.candidates)
    _lots(out, record.lots, record.candidates)
    _cross_check(out, check, record.candidates)
    if record.rounds:
        _meaning(
            out,
            "ballots that rank the candidate highest of those who still stand; - out.",
            "For nobody left: ballots that rank nobody who still stands, which are as blank in that round. "
            f"Base: {BASES[record.rule.base]}.",
        )


def _round_cells(record: RankedRoundsRecord, one: CountedRound) -> list[str]:
    cells = [str(one.votes_of(c)) if c in one.between else "-" for c in record.standing]
    return [*cells, str(one.exhausted + record.emptied), str(one.counted), str(one.needed)]


def _round_sentence(record: RankedRoundsRecord, one: CountedRound, names: Sequence[str]) -> str:
    out = record.out_after(one.number)
    if out:
        return f"Nobody has {one.needed} votes. Out: {_named(out, names)}."
    said = {
        "majority": "has more than half",
        "plurality": "has most votes in the last round",
        "lot": "is drawn in the last round",
        "unopposed": "is the only one left",
    }
    return f"{_named(record.elected, names)} {said[record.by]}."


def _against_default(out: Console, record: CondorcetRecord, names: Sequence[str], default: str) -> None:
    out.print(f"\nAgainst the default option, {default}")
    dropped = {drop.option: drop.reason for drop in record.dropped}
    table = _table("Option", "For", "Quorum", "Against", "Ratio", "")
    for quorum, majority in zip(record.quorum, record.majority, strict=True):
        reason = dropped.get(quorum.option)
        table.add_row(
            names[quorum.option],
            str(majority.for_),
            exact_text(quorum.quorum),
            str(majority.against),
            exact_text(majority.required),
            f"dropped: {reason.lower()}" if reason else "",
        )
    out.print(table)


def _matrix_columns(matrix: Matrix) -> list[Column]:
    size = range(len(matrix))
    return [Column(f"over {b + 1}", ["-" if a == b else str(matrix[a][b]) for a in size]) for b in size]


def _heading(out: Console, record: StvRecord | MeekRecord | PairwiseRecord | RankedRoundsRecord, method: str) -> None:
    out.print(f"{record.title}: {method}")
    withdrawn = f" ({_named(record.withdrawn, record.candidates)} withdrawn)" if record.withdrawn else ""
    aside = f"{record.blank} blank, {record.invalid} invalid"
    if record.emptied:
        aside += f", {record.emptied} for withdrawn candidates only"
    _say(
        out,
        f"{record.seats} {'seat' if record.seats == 1 else 'seats'}, {len(record.candidates)} candidates{withdrawn}, "
        f"{record.valid} valid votes ({aside}).",
    )


def _blocks(out: Console, rows: Sequence[str], columns: Sequence[Column]) -> None:
    """Tables with as many columns side by side as the width allows."""
    if not columns:
        return
    widest = max(len(cell) for column in columns for cell in (*column.cells, *column.heading.split("\n")))
    side_by_side = max(1, (out.width - min(NAME_WIDTH, max(map(len, rows))) - 2) // (widest + 2))
    for first in range(0, len(columns), side_by_side):
        block = columns[first : first + side_by_side]
        table = _table("", *(column.heading for column in block))
        for place, row in enumerate(rows):
            table.add_row(row, *(column.cells[place] for column in block))
        out.print()
        out.print(table)


def _table(first: str, *headings: str) -> Table:
    """A table without lines: names on the left, which may wrap, numbers on the right, which may not."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    table.add_column(first, max_width=NAME_WIDTH, overflow="fold", vertical="bottom")
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True, overflow="fold", vertical="bottom")
    return table


def _line(out: Console, mark: str, text: str) -> None:
    """A line with a mark before it, under which it goes on where it is long."""
    _say(out, text, f"{mark:>3} ", "    ")


def _say(out: Console, text: str, first: str = "", later: str = "") -> None:
    """Text in lines that fit, without the spaces at their ends that a pipe would keep."""
    out.print(textwrap.fill(text, out.width, initial_indent=first, subsequent_indent=later), soft_wrap=True)


def _short(names: Sequence[str]) -> Sequence[str]:
    """Names without what stands between brackets at their end, mostly a party, where they still differ so."""
    short = [name.partition(" (")[0] for name in names]
    return short if len(set(short)) == len(names) else names


def _elected(out: Console, elected: Sequence[int], stages: Sequence[int], names: Sequence[str]) -> None:
    out.print("\nElected")
    for place, (candidate, stage) in enumerate(zip(elected, stages, strict=True), 1):
        _line(out, f"{place}.", f"{names[candidate]} (stage {stage})" if stage else names[candidate])


def _lots(out: Console, lots: Iterable[LotDrawn], names: Sequence[str]) -> None:
    for place, lot in enumerate(lots):
        if place == 0:
            out.print("\nLots")
        _line(out, "-", f"for {PURPOSES[lot.for_]}, among {_named(lot.tied, names)}: {names[lot.drawn]} drawn.")


def _cross_check(out: Console, check: CrossCheck, names: Sequence[str]) -> None:
    out.print()
    match check:
        case Agrees():
            out.print("Cross-check: pyrankvote elects the same.")
        case Differs(elected, theirs):
            ours_only = [c for c in elected if c not in theirs]
            theirs_only = [c for c in theirs if c not in elected]
            _say(
                out,
                f"Cross-check: differs. pyrankvote elects {_named(theirs_only, names)} in place of "
                f"{_named(ours_only, names)}. It counts by another rule and decides nothing: see docs/counting.md.",
            )
        case NotApplicable(why, detail):
            more = f" ({detail})" if detail else ""
            _say(out, f"Cross-check: pyrankvote cannot say, since {WHY_NOT[why]}{more}.")


def _meaning(out: Console, *sentences: str) -> None:
    out.print()
    _say(out, f"The numbers: {' '.join(sentences)}")


def _named(candidates: Iterable[int], names: Sequence[str]) -> str:
    return ", ".join(names[candidate] for candidate in candidates) or "nobody"
