"""What one member is told about standing: whether they may, how their candidacy stands, and what misses."""

from datetime import date, datetime, timedelta

from msgspec import Struct
from sqlmodel import Session, col, select

from stembus.conduct.running import Running
from stembus.organisation.tables import Member
from stembus_polls.candidates.judging import judge, judge_member
from stembus_polls.candidates.rows import State, running_state
from stembus_polls.candidates.tables import Candidacy
from stembus_polls.contests import AT_LARGE
from stembus_polls.roll.plans import contest_plans
from stembus_procedures import Verdict
from stembus_procedures.language.stages import Call
from stembus_procedures.language.stages import Candidacy as CandidacyStage
from stembus_procedures.language.values import Words

LATER = frozenset({"code_of_conduct", "conduct_certificate"})
"""Conditions that somebody meets by standing: no reason to say that they may not."""


class Standing(Struct, frozen=True, kw_only=True):
    """One candidacy of a member: where it stands, every condition, and until when they can do what."""

    entry: int
    title: Words | None
    state: State
    verdict: Verdict | None
    decision_ground: str = ""
    decided_at: datetime | None = None
    appealed_at: datetime | None = None
    is_late: bool = False


class MyCandidacy(Struct, frozen=True, kw_only=True):
    """Whether a member may stand, and how they do.

    `verdict` holds the conditions for who is no candidate; None while there are no dates. `later` are conditions
    that are met by standing. The moments say until when: accept, be left off the paper, appeal.
    """

    name: str
    verdict: Verdict | None
    later: tuple[Words, ...] = ()
    judged_on: date | None = None
    standing: tuple[Standing, ...] = ()
    opens: datetime | None = None
    closes: datetime | None = None
    is_open: bool = False
    is_over: bool = False
    accept_until: datetime | None = None
    can_accept: bool = False
    struck_until: datetime | None = None
    is_struck: bool = False
    can_withdraw: bool = False
    appeal_until: datetime | None = None
    can_appeal: bool = False


def my_candidacy(session: Session, running: Running, member: Member, now: datetime) -> MyCandidacy | None:
    """Return what this member is told about standing; None where the policy has no candidacies."""
    stage = running.policy.first(CandidacyStage)
    if stage is None:
        return None
    name = running.procedure.name
    if running.state.anchors is None:
        return MyCandidacy(name=name, verdict=None)
    times, call = running.times, running.policy.first(Call)
    opens, closes = (times.get(f"{call.id}.{end}") if call else None for end in ("opens", "closes"))
    rows = _rows(session, running, member.id)
    accept_until = times.get(f"{stage.id}.acceptance.until")
    struck_until = times.get(f"{stage.id}.withdrawal.struck_until")
    appeal_until = _appeal_until(rows, stage.appeal.days if stage.appeal else None)
    states = [running_state(running, row) for row in rows]
    alone, judged_on = (None, None) if rows else judge_member(session, running, member.id)
    return MyCandidacy(
        name=name,
        verdict=None if alone is None else Verdict(tuple(c for c in alone.checks if c.rule not in LATER)),
        later=() if alone is None else tuple(c.reason for c in alone.checks if c.rule in LATER),
        judged_on=judged_on,
        standing=_standing(session, running, rows),
        opens=opens,
        closes=closes,
        is_open=opens is not None and closes is not None and opens <= now < closes,
        is_over=closes is not None and now >= closes,
        accept_until=accept_until,
        can_accept="not_accepted" in states and accept_until is not None and now < accept_until,
        struck_until=struck_until,
        is_struck=struck_until is not None and now < struck_until,
        can_withdraw=any(state in ("waiting", "not_accepted", "admitted") for state in states),
        appeal_until=appeal_until,
        can_appeal=appeal_until is not None and now < appeal_until,
    )


def _standing(session: Session, running: Running, rows: list[Candidacy]) -> tuple[Standing, ...]:
    if not rows:
        return ()
    verdicts = judge(session, running, rows)
    plans = {plan.id: plan.title for plan in contest_plans(running)} if running.state.number else {}
    return tuple(
        Standing(
            entry=row.entry,
            title=plans.get(row.constituency or AT_LARGE) if len(plans) > 1 else None,
            state=running_state(running, row),
            verdict=verdicts[row.entry],
            decision_ground=row.decision_ground,
            decided_at=row.decided_at,
            appealed_at=row.appealed_at,
            is_late=row.is_late,
        )
        for row in rows
    )


def _appeal_until(rows: list[Candidacy], days: int | None) -> datetime | None:
    refused = [row.decided_at for row in rows if row.decision == "refused" and row.appealed_at is None]
    at = next((at for at in refused if at is not None), None)
    return None if at is None or days is None else at + timedelta(days=days)


def _rows(session: Session, running: Running, member_id: str) -> list[Candidacy]:
    query = select(Candidacy).where(Candidacy.procedure_id == running.procedure.id, Candidacy.member_id == member_id)
    return list(session.exec(query.order_by(col(Candidacy.entry))))
