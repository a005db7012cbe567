"""What the report says of one contest, put together from what is kept of its papers, typings, lots and counts."""

from collections import Counter
from collections.abc import Mapping

from sqlmodel import Session, col, select

from stembus_polls.contests import Contest
from stembus_polls.counting.count import Counted, latest_count
from stembus_polls.counting.lots import lots_for_count, lots_of
from stembus_polls.counting.records import FromRankings, Record, emptied_in
from stembus_polls.counting.recount import recounts
from stembus_polls.counting.report_names import in_both
from stembus_polls.cross_check import Agrees, Differs
from stembus_polls.cross_check import Why as WhyNot
from stembus_polls.lots.order import last_draw
from stembus_polls.lots.tables import OrderDraw
from stembus_polls.paper.account import accounting_of
from stembus_polls.paper.hand_out import struck_off
from stembus_polls.paper.settle import comparison, rulings
from stembus_polls.paper.tables import Numbering
from stembus_polls.poll import Poll
from stembus_polls.report import content
from stembus_polls.roll.lookup import roll_size
from stembus_polls.secret.report_box import box_part
from stembus_procedures.language.stages import OrderLot

WHY: Mapping[WhyNot, tuple[str, str]] = {
    "method": ("pyrankvote kent deze telmethode niet", "pyrankvote does not have this method"),
    "constraints": ("pyrankvote kent geen evenwichtsregels", "pyrankvote has no balance rules"),
    "uncontested": ("er viel niets te tellen", "there was nothing to count"),
    "tie": ("een eerdere ronde besliste een gelijke stand", "an earlier stage settled a tie"),
    "lot": ("een loting besliste een gelijke stand", "a lot settled a tie"),
    "too_large": ("het zijn te veel stembiljetten voor pyrankvote", "there are too many papers for pyrankvote"),
    "chance": ("pyrankvote wilde zelf loten", "pyrankvote wanted to draw a lot itself"),
    "broke_off": ("pyrankvote stopte met een fout", "pyrankvote broke off"),
}


def contest_part(session: Session, poll: Poll, contest: Contest) -> content.Contest:
    """Return everything that the report says of a contest; None where nothing happened yet."""
    counted = latest_count(session, contest)
    record = None if counted is None else counted.record
    return content.Contest(
        id=contest.id,
        title=content.Text(contest.plan.title.nl, contest.plan.title.en),
        seats=contest.plan.seats if counted is None else counted.inputs.seats,
        candidates=tuple(
            content.Candidate(one.name, one.branch, "after_print" if one.withdrew else "no")
            for one in contest.candidates
        ),
        elected=() if counted is None else counted.elected,
        ballot_order=_ballot_order(session, poll, contest),
        accounting=_accounting(session, contest),
        on_roll=roll_size(session, contest.procedure_id, contest.id),
        voted=None if contest.way.kind == "elected_unopposed" else len(struck_off(session, contest)),
        papers=_papers(contest, record),
        box=box_part(session, contest),
        rulings=_rulings(session, contest, counted),
        typings=_typings(session, contest, counted),
        lot=_lot(session, contest),
        **content.record_fields(record),
        recounts=_recounts(session, contest),
        cross_check=_cross_check(counted) if counted and isinstance(record, FromRankings) else None,
    )


def _papers(contest: Contest, record: Record | None) -> content.Papers | None:
    if record is None or contest.way.kind == "elected_unopposed":
        return None
    blank = None if contest.on_each_person else record.blank
    return content.Papers(record.valid, blank, record.invalid, emptied=emptied_in(record))


def _ballot_order(session: Session, poll: Poll, contest: Contest) -> content.PublicLot | None:
    drawn, stage = last_draw(session, poll.running), contest.policy.first(OrderLot)
    if drawn is None or stage is None:
        return None
    return content.PublicLot(
        seed_from=in_both(stage.lot.seed_from),
        seed=drawn.seed,
        drawn_by=(drawn.drawn_by,),
        witnesses=drawn.witnesses,
        drawn_at=session.exec(
            select(OrderDraw.at)
            .where(OrderDraw.procedure_id == contest.procedure_id)
            .order_by(col(OrderDraw.number).desc())
        ).first(),
        order=tuple(range(len(contest.candidates))),
    )


def _accounting(session: Session, contest: Contest) -> content.Accounting | None:
    stated = accounting_of(session, contest)
    if stated is None:
        return None
    numbers, verdict = stated
    return content.Accounting(
        numbers,
        tuple(content.Explanation(one.check, one.explanation) for one in verdict.differences if one.explanation),
    )


def _rulings(session: Session, contest: Contest, counted: Counted | None) -> tuple[content.Ruling, ...]:
    if counted is None:
        return ()
    found = Counter((row.reason, row.outcome) for row in rulings(session, contest, counted.round).values())
    return tuple(
        content.Ruling(reason, outcome, papers)  # type: ignore[arg-type]
        for (reason, outcome), papers in sorted(found.items())
    )


def _typings(session: Session, contest: Contest, counted: Counted | None) -> content.Typings | None:
    if counted is None or session.get(Numbering, (contest.procedure_id, contest.id)) is None:
        return None
    state = comparison(session, contest, counted.round)
    return content.Typings(state.papers, len(state.differences), len(state.differences) - len(state.to_rule))


def _lot(session: Session, contest: Contest) -> content.PublicLot | None:
    rows = lots_of(session, contest)
    if not rows:
        return None
    return content.PublicLot(
        seed_from=in_both(contest.tally.ties.seed_from),
        seed=next((row.seed for row in rows if row.seed), ""),
        drawn_by=tuple(dict.fromkeys(row.drawn_by for row in rows)),
        witnesses=tuple(dict.fromkeys(row.witnesses for row in rows if row.witnesses)),
        drawn_at=rows[0].at,
        order=lots_for_count(session, contest).order or (),
    )


def _recounts(session: Session, contest: Contest) -> tuple[content.Recount, ...]:
    found = []
    for one in recounts(session, contest):
        if one.elected_after is None:
            outcome = content.Text("nog niet af", "not finished")
        else:
            same = set(one.elected_before) == set(one.elected_after)
            changed = len(one.changed)
            outcome = content.Text(
                f"{changed} van {one.papers} biljetten anders gelezen, {'dezelfde' if same else 'andere'} gekozenen",
                f"{changed} of {one.papers} papers read otherwise, {'the same' if same else 'others'} elected",
            )
        found.append(content.Recount(one.asked_by, one.ground, outcome))
    return tuple(found)


def _cross_check(counted: Counted) -> content.CrossCheck:
    match counted.cross_check:
        case Agrees(elected):
            return content.CrossCheck("pyrankvote", "agrees", elected)
        case Differs(_, theirs):
            why = content.Text(
                "pyrankvote verdeelt een overschot gelijk over alle biljetten en rondt anders af",
                "pyrankvote spreads a surplus evenly over all papers and rounds otherwise",
            )
            return content.CrossCheck("pyrankvote", "differs", theirs, why)
        case other:
            return content.CrossCheck("pyrankvote", "not_applicable", why=content.Text(*WHY[other.why]))


def turnout_by_branch(on_the_roll: Mapping[str, str], voted: Mapping[str, str]) -> tuple[content.BranchTurnout, ...]:
    """Return the turnout of each branch. `on_the_roll` gives the branch of each member, `voted` who was struck off."""
    size = Counter(on_the_roll.values())
    came = Counter(branch for member, branch in on_the_roll.items() if member in voted)
    return tuple(content.BranchTurnout(branch or "–", size[branch], came[branch]) for branch in sorted(size))
