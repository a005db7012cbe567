"""The whole report of a poll and its archive, put together from what is kept; nothing is computed that a rule could."""

from collections import Counter
from datetime import date, datetime, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from stembus.conduct.annulled import annulled_shown
from stembus.conduct.holding import sits_in
from stembus.conduct.policies import frozen_of
from stembus.ledger.tables import LedgerCheckpoint, LedgerLeaf, LedgerSubject
from stembus.organisation.authority import all_seats, current_definitions
from stembus.organisation.facts import facts_on
from stembus.organisation.mandate import runs
from stembus_polls.counting.cast import profile_from
from stembus_polls.counting.count import cast_of_count, latest_count
from stembus_polls.counting.declare import standing_in_the_way
from stembus_polls.counting.notes import notes_of
from stembus_polls.counting.records import FromRankings
from stembus_polls.counting.report_contest import contest_part, turnout_by_branch
from stembus_polls.counting.report_names import body_name, office_name
from stembus_polls.counting.tables import Declaration
from stembus_polls.paper.hand_out import struck_off
from stembus_polls.poll import Poll
from stembus_polls.report import Procedure, Report, content
from stembus_polls.roll.lookup import rows_on_roll
from stembus_polls.roll.rows import versions
from stembus_polls.roll.tables import RollObjection
from stembus_procedures.dates import add_span, at_clock
from stembus_procedures.language.stages import Result, Roll

if TYPE_CHECKING:
    from stembus.instance import Instance


def whole_report(
    instance: "Instance", session: Session, poll: Poll, now: datetime, *, meeting: content.Meeting | None
) -> Report:
    """Return the report with everything in it; what of that may be published is the report's own rule.

    `meeting` is the record of the meeting, None while there is none.
    """
    running, policy = poll.running, poll.running.policy
    notes = notes_of(session, running.procedure.id)
    said = {
        kind: tuple(
            content.Note(at=one.at, by=one.by, text=one.text, answer=one.answer) for one in notes if one.kind == kind
        )
        for kind in ("incident", "complaint", "dissent")
    }
    result = policy.first(Result)
    if result is None:
        raise ValueError(f"Policy {policy.id} has no stage of kind `result`.")
    declared = session.get(Declaration, running.procedure.id)
    return Report(
        organisation=instance.settings.organisation,
        practice=instance.settings.practice,
        procedure=content.Text(
            f"{policy.title.nl} ({running.procedure.name})", f"{policy.title.en} ({running.procedure.name})"
        ),
        procedure_id=running.procedure.name,
        policy=_policy(poll),
        drawn_up_at=now,
        time_zone=policy.timezone,
        program=f"stembus {version('stembus')}",
        meeting=meeting,
        bureau=_bureau(session, poll),
        roll=_roll(session, poll),
        contests=tuple(contest_part(session, poll, contest) for contest in poll.contests),
        result=_result(instance, session, poll, now, declared),
        turnout_by_branch=_turnout(session, poll),
        incidents=said["incident"],
        complaints=said["complaint"],
        dissents=said["dissent"],
        terms=_terms(poll, result, declared),
        annulled=_annulled(session, poll),
        checkpoint=_checkpoint(session),
        publication=content.Publication(
            level=result.publication.level,
            smallest_group=result.publication.smallest_group,
            names_unconstrained=_names_unconstrained(poll),
        ),
    )


def whole_procedure(session: Session, poll: Poll, report: Report) -> Procedure:
    """Return what goes into the archive for an auditor beside the report."""
    adopted = poll.running.adopted
    counted = {contest.id: latest_count(session, contest) for contest in poll.contests}
    return Procedure(
        report=report,
        definition=adopted.source.encode(),
        texts={f"{text.lang}.md": text.markdown.encode() for text in frozen_of(adopted).texts},
        acts={"leaves.jsonl": _leaves(session, poll)},
        profiles={
            contest.id: profile_from(contest, cast_of_count(session, contest, count.round), count.inputs.struck)
            for contest in poll.contests
            if (count := counted[contest.id]) is not None and isinstance(count.record, FromRankings)
        },
    )


def _policy(poll: Poll) -> content.PolicyAdopted:
    adopted, policy = poll.running.adopted, poll.running.policy
    return content.PolicyAdopted(
        id=adopted.policy_id,
        version=adopted.version,
        fingerprint=adopted.fingerprint,
        adopted_by=body_name(policy, policy.adoption.by),
        adopted_on=policy.adoption.on or adopted.adopted_at.date(),
        decision=adopted.decision,
    )


def _bureau(session: Session, poll: Poll) -> content.Bureau:
    policy = poll.running.policy
    if policy.bureau is None:
        return content.Bureau(appointed_by=None, members=())
    day = _day(poll, poll.contests[0].times.opens)
    definitions = current_definitions(session)
    seats = [
        seat
        for seat in all_seats(session)
        if sits_in(seat, policy.bureau.body, poll.running.held_by, definitions) and runs(seat.starts, seat.ends, day)
    ]
    return content.Bureau(
        appointed_by=body_name(policy, policy.bureau.appointed_by),
        members=tuple(content.BureauMember(seat.name, office_name(definitions, seat)) for seat in seats),
    )


def _roll(session: Session, poll: Poll) -> content.Roll:
    procedure_id, stage = poll.running.procedure.id, poll.running.policy.first(Roll)
    rows = versions(session, procedure_id)
    made = Counter(session.exec(select(RollObjection.decision).where(RollObjection.procedure_id == procedure_id)).all())
    return content.Roll(
        size=rows[-1].size if rows else 0,
        merkle_root=rows[-1].root if rows else "",
        frozen_at=rows[0].at if rows else poll.contests[0].times.opens,
        objections=content.Objections(
            made=sum(made.values()),
            upheld=made["upheld"],
            rejected=made["rejected"],
            withdrawn=made["withdrawn"],
            decided_by=body_name(poll.running.policy, stage.objection.decided_by) if stage else None,
        ),
    )


def _result(
    instance: "Instance", session: Session, poll: Poll, now: datetime, declared: Declaration | None
) -> content.Result:
    if declared is None:
        reasons = standing_in_the_way(session, instance.plugins, poll, now)
        return content.Result("blocked", tuple(content.Text(words.nl, words.en) for words in reasons))
    seats = poll.running.policy.seats
    starts = _day(poll, declared.at) if seats is not None and seats.starts == "on_result" else None
    until = add_span(starts, seats.term) - timedelta(days=1) if starts is not None and seats is not None else None
    return content.Result("elected", seats_from=starts, seats_until=until)


def _turnout(session: Session, poll: Poll) -> tuple[content.BranchTurnout, ...]:
    """Return the turnout by branch over all contests; a member who voted in any of them voted."""
    members = {
        row.member_id for contest in poll.contests for row in rows_on_roll(session, contest.procedure_id, contest.id)
    }
    known = facts_on(session, members, _day(poll, poll.contests[0].times.opens))
    voted = {member: how for contest in poll.contests for member, how in struck_off(session, contest).items()}
    return turnout_by_branch({member: one.facts.branch or "" for member, one in known.items()}, voted)


def _terms(poll: Poll, result: Result, declared: Declaration | None) -> content.Terms:
    zone = ZoneInfo(poll.running.policy.timezone)
    until = None
    if declared is not None:
        until = at_clock(_day(poll, declared.at) + timedelta(days=result.objection_days), "24:00", zone)
    counted_from = poll.running.times.get(f"{result.id}.annulment.counted_from")
    return content.Terms(
        objection_until=until,
        objection_to=body_name(poll.running.policy, result.objection_to),
        annulment_until=None if counted_from is None else add_span(_day(poll, counted_from), result.annulment.span),
        annulment_article=result.annulment.article,
    )


def _annulled(session: Session, poll: Poll) -> content.Annulled | None:
    found, event = annulled_shown(session, poll.running), poll.running.state.annulled
    if found is None or event is None:
        return None
    by = tuple(content.Text(body.nl, body.en) for body in found.by)
    return content.Annulled(at=found.at, by=by, reason=event.reason, ground=found.ground, again=found.again)


def _names_unconstrained(poll: Poll) -> bool:
    seats = poll.running.policy.seats
    return seats is not None and any(
        rule.strength == "hard" and rule.show_unconstrained == "by_name" for rule in seats.balance
    )


def _checkpoint(session: Session) -> str:
    row = session.exec(select(LedgerCheckpoint).order_by(col(LedgerCheckpoint.size).desc())).first()
    return "" if row is None else row.note


def _leaves(session: Session, poll: Poll) -> bytes:
    """Return the leaf of every act of this procedure, one on a line: what the log shows of it for ever."""
    rows = session.exec(
        select(LedgerLeaf)
        .join(LedgerSubject, col(LedgerSubject.act_id) == col(LedgerLeaf.act_id))
        .where(LedgerSubject.name == "procedure", LedgerSubject.value == poll.running.procedure.id)
        .order_by(col(LedgerLeaf.at), col(LedgerLeaf.act_id))
    )
    return b"".join(row.leaf + b"\n" for row in rows)


def _day(poll: Poll, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(poll.running.policy.timezone)).date()
