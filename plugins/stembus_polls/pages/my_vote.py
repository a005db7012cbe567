"""What one member is told about their vote: whether they may, why or why not, and what they can do about it."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct
from sqlmodel import Session, col, select

from stembus.conduct.running import Running
from stembus.organisation.facts import facts_on
from stembus.organisation.tables import Member
from stembus_polls.roll.lookup import why
from stembus_polls.roll.plans import plans_now
from stembus_polls.roll.rows import versions
from stembus_polls.roll.tables import RollObjection, RollRow, RollVersion
from stembus_polls.roll.verdict import judge_voter, roll_of
from stembus_procedures import Verdict
from stembus_procedures.language.stages import Roll, Vote
from stembus_procedures.language.values import Words
from stembus_procedures.timeline import zone_of


class MyObjection(Struct, frozen=True, kw_only=True):
    """An objection of a member, and what was decided ("", upheld, rejected)."""

    number: int
    at: datetime
    ground: str
    decision: str
    decision_ground: str
    decided_at: datetime | None


class MyVote(Struct, frozen=True, kw_only=True):
    """Whether a member votes in a procedure.

    `is_provisional` until the roll is frozen: then it is what would be, on what is known now. `contests` are those
    they vote in. `changed` says what happened to their row after freezing. Moments are None while there are no dates.
    """

    name: str
    may: bool
    is_provisional: bool
    verdict: Verdict
    contests: tuple[Words, ...] = ()
    several: bool = False
    changed: str = ""
    judged_on: date | None = None
    version: int = 0
    size: int = 0
    root: str = ""
    objection_opens: datetime | None = None
    objection_closes: datetime | None = None
    can_object: bool = False
    objections: tuple[MyObjection, ...] = ()
    opens: datetime | None = None
    closes: datetime | None = None
    has_voting_begun: bool = False
    is_over: bool = False
    by_post: bool = False


def my_vote(session: Session, running: Running, member: Member, now: datetime) -> MyVote | None:
    """Return what this member is told about their vote; None where the policy makes no roll."""
    if running.policy.first(Roll) is None:
        return None
    if running.state.anchors is None:
        day = now.astimezone(zone_of(running.policy)).date()
        verdict = judge_voter(running.policy, facts_on(session, [member.id], day)[member.id].facts, day)
        return MyVote(name=running.procedure.name, may=verdict.allowed, is_provisional=True, verdict=verdict)
    stage, procedure_id, times = roll_of(running.policy), running.procedure.id, running.times
    frozen = versions(session, procedure_id)
    version = frozen[-1] if frozen else None
    rows = _rows(session, procedure_id, member.id) if frozen else []
    row = next((one for one in rows if one.until is None), None)
    verdict = why(session, running, member)
    vote = running.policy.first(Vote)
    opens, closes = (times.get(f"{stage.id}.objection.{end}") for end in ("opens", "closes"))
    mine = objections_of(session, procedure_id, member.id)
    begins, ends = (times.get(f"{vote.id}.{end}") if vote else None for end in ("opens", "closes"))
    return MyVote(
        name=running.procedure.name,
        may=verdict.allowed if version is None else row is not None,
        is_provisional=version is None,
        verdict=verdict,
        contests=_titles(session, running, row.contests.split()) if row is not None else (),
        several=version is not None and len(plans_now(session, running)) > 1,
        changed=_changed(frozen, rows),
        judged_on=None if version is None else version.record_day,
        version=version.version if version else 0,
        size=version.size if version else 0,
        root=version.root if version else "",
        objection_opens=opens,
        objection_closes=closes,
        can_object=(
            version is not None
            and opens is not None
            and closes is not None
            and opens <= now < closes
            and all(one.decision for one in mine)
        ),
        objections=mine,
        opens=begins,
        closes=ends,
        has_voting_begun=begins is not None and now >= begins,
        is_over=ends is not None and now >= ends,
        by_post=vote is not None and "post" in vote.channels,
    )


def objections_of(session: Session, procedure_id: str, member_id: str) -> tuple[MyObjection, ...]:
    """Return the objections that one member made, the newest first. They are shown to nobody else this way."""
    rows = session.exec(
        select(RollObjection)
        .where(RollObjection.procedure_id == procedure_id, RollObjection.member_id == member_id)
        .order_by(col(RollObjection.number).desc())
    )
    return tuple(
        MyObjection(
            number=row.number,
            at=row.at,
            ground=row.ground,
            decision=row.decision,
            decision_ground=row.decision_ground,
            decided_at=row.decided_at,
        )
        for row in rows
    )


def _rows(session: Session, procedure_id: str, member_id: str) -> Sequence[RollRow]:
    query = select(RollRow).where(RollRow.procedure_id == procedure_id, RollRow.member_id == member_id)
    return session.exec(query).all()


def _changed(frozen: Sequence[RollVersion], rows: Sequence[RollRow]) -> str:
    """Return why the member's row is not as it was frozen: "objection", "late" or nothing."""
    moments = {at for row in rows for at in (row.since, row.until)}
    causes = {one.cause for one in frozen if one.version in moments}
    if any(cause.startswith("objection") for cause in causes):
        return "objection"
    return "late" if "added late" in causes else ""


def _titles(session: Session, running: Running, contests: list[str]) -> tuple[Words, ...]:
    titles = {plan.id: plan.title for plan in plans_now(session, running)}
    return tuple(titles.get(contest, Words(nl=contest, en=contest)) for contest in contests)
