"""The roll for the office and who decides about it: freezing, objections, late additions."""

from typing import Any, Literal

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct, field
from sqlmodel import Session, col, select

from stembus.conduct.about_procedure import OfProcedure
from stembus.conduct.running import Running
from stembus.errors import Refused, UnusableInput
from stembus.organisation.member import display_name
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import Member
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus_polls.contests import ContestPlan
from stembus_polls.grave.roll import ROLL_ADDITION, ROLL_FREEZE, ROLL_OBJECTION, Addition, Objection
from stembus_polls.pages.my_vote import MyVote, my_vote
from stembus_polls.pages.opening import may_in, procedure_values, running_for
from stembus_polls.pages.proposing import PROPOSED, proposed, told
from stembus_polls.powers import ENTER, NOTE
from stembus_polls.procedure_now import day_of
from stembus_polls.roll.lookup import history
from stembus_polls.roll.objections import objections
from stembus_polls.roll.plans import plans_now
from stembus_polls.roll.preview import preview_freeze
from stembus_polls.roll.rows import current_version
from stembus_polls.roll.tables import RollObjection, RollRow
from stembus_polls.roll.verdict import roll_of
from stembus_procedures.language.stages import Roll

POWERS = (ENTER, NOTE)
"""The office and the committee that decides have the first, the stembureau that adds people late the second."""


class Objected(Struct, frozen=True, kw_only=True):
    """An objection as its deciders see it: who, their row or its absence, and what they said."""

    row: RollObjection
    number: str
    name: str
    is_on_roll: bool
    vote: MyVote | None = None


class DecisionForm(Form, frozen=True):
    """What is decided about an objection, and the change that follows."""

    outcome: str = ""
    contests: list[str] = field(default_factory=list)
    ground: str = ""


class AdditionForm(Form, frozen=True):
    """Who is added late, where they vote (empty: as their branch does), and why."""

    member: str = ""
    contests: list[str] = field(default_factory=list)
    ground: str = ""


@page("/procedures/{name:str}/poll/roll", who=power(*POWERS))
def roll_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """What freezing would come to, the roll as it is frozen, and the objections to it."""
    with visit.read() as session:
        running = _running(visit, session, name)
        stage = roll_of(running.policy)
        return visit.page(
            "polls/office/roll.html",
            versions=list(reversed(history(session, running))),
            objections=_objections(session, running) if may_in(visit, session, running, ENTER) else None,
            plans=_plans(session, running),
            stage=stage,
            owner=running.policy.bodies[stage.owner].name,
            times={name: at for name, at in running.times.items() if name.startswith(f"{stage.id}.")},
            **_freezing(session, running, visit),
            **procedure_values(running),
        )


@page("/procedures/{name:str}/poll/roll/objections/{number:int}", who=power(ENTER))
def roll_objection_page(visit: NamedDependency[Visit], name: FromPath[str], number: FromPath[int]) -> Answer:
    """One objection with every check on the member who made it, and deciding it."""
    with visit.read() as session:
        running = _running(visit, session, name)
        row = session.get(RollObjection, (running.procedure.id, number))
        if row is None:
            raise NotFoundException
        one = _objected(session, running, row, session.get_one(Member, row.member_id), visit)
        stage = roll_of(running.policy)
        return visit.page(
            "polls/office/roll_objection.html",
            objection=one,
            plans=_plans(session, running),
            decided_by=running.policy.bodies[stage.objection.decided_by].name,
            before=running.times.get(f"{stage.id}.objection.decided_before"),
            **procedure_values(running),
        )


@action("/procedures/{name:str}/poll/roll/freeze", who=power(*POWERS), writes=(PROPOSED,), again=roll_page)
def propose_freeze(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[Form]) -> Answer:
    """Propose to freeze the roll as it is shown."""
    with visit.write() as transaction:
        running = _running(visit, transaction.session, name)
        path = proposed(visit, transaction, ROLL_FREEZE.name, OfProcedure(procedure=running.procedure.id))
    return told(visit, path)


@action(
    "/procedures/{name:str}/poll/roll/objections/{number:int}",
    who=power(ENTER),
    writes=(PROPOSED,),
    again=roll_objection_page,
)
def propose_decision(
    visit: NamedDependency[Visit], name: FromPath[str], number: FromPath[int], data: URLEncodedBody[DecisionForm]
) -> Answer:
    """Propose what is decided about an objection."""
    outcomes = {"rejected": "rejected", "added": "upheld", "removed": "upheld", "moved": "upheld"}
    if data.outcome not in outcomes:
        raise UnusableInput(N_("Say what is decided."), field="outcome")
    if not data.ground.strip():
        raise UnusableInput(N_("Say why: the member reads it."), field="ground")
    if data.outcome == "moved" and not data.contests:
        raise UnusableInput(N_("Say where the member votes."), field="contests")
    outcome: Literal["upheld", "rejected"] = "rejected" if data.outcome == "rejected" else "upheld"
    with visit.write() as transaction:
        running = _running(visit, transaction.session, name)
        arguments = Objection(
            procedure=running.procedure.id,
            number=number,
            outcome=outcome,
            ground=data.ground.strip(),
            remove=data.outcome == "removed",
            contests=tuple(data.contests) if data.outcome in ("moved", "added") else (),
        )
        path = proposed(visit, transaction, ROLL_OBJECTION.name, arguments)
    return told(visit, path)


@action("/procedures/{name:str}/poll/roll/add", who=power(*POWERS), writes=(PROPOSED,), again=roll_page)
def propose_addition(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[AdditionForm]) -> Answer:
    """Propose to add somebody late, for a fault that is not theirs."""
    if not data.member.strip():
        raise UnusableInput(N_("Name the member by number."), field="member")
    if not data.ground.strip():
        raise UnusableInput(N_("Say what went wrong."), field="ground")
    with visit.write() as transaction:
        running = _running(visit, transaction.session, name)
        arguments = Addition(
            procedure=running.procedure.id,
            member=member_numbered(transaction.session, data.member.strip()).id,
            ground=data.ground.strip(),
            contests=tuple(data.contests),
        )
        path = proposed(visit, transaction, ROLL_ADDITION.name, arguments)
    return told(visit, path)


def _running(visit: Visit, session: Session, name: str) -> Running:
    running = running_for(visit, session, name, POWERS)
    if running.policy.first(Roll) is None:
        raise NotFoundException
    return running


def _freezing(session: Session, running: Running, visit: Visit) -> dict[str, Any]:
    """Return the dry run, while the roll is not frozen for this record date; what it waits for where it cannot."""
    stage = roll_of(running.policy)
    version = current_version(session, running.procedure.id)
    if running.state.anchors is None:
        return {"preview": None, "waits": None, "can_freeze": False}
    day = day_of(running, f"{stage.id}.record_date")
    if version is not None and version.record_day == day:
        return {"preview": None, "waits": None, "can_freeze": False}
    try:
        seen = preview_freeze(session, running)
    except Refused as waits:
        return {"preview": None, "waits": waits, "can_freeze": False}
    return {"preview": seen, "waits": None, "can_freeze": visit.now >= running.times[f"{stage.id}.record_date"]}


def _objections(session: Session, running: Running) -> list[Objected]:
    rows = objections(session, running.procedure.id)
    ids = {row.member_id for row in rows}
    members = {one.id: one for one in session.exec(select(Member).where(col(Member.id).in_(ids)))}
    return [_objected(session, running, row, members[row.member_id]) for row in reversed(rows)]


def _objected(
    session: Session, running: Running, row: RollObjection, member: Member, visit: Visit | None = None
) -> Objected:
    there = session.exec(
        select(RollRow.since).where(
            RollRow.procedure_id == running.procedure.id,
            RollRow.member_id == member.id,
            col(RollRow.until).is_(None),
        )
    ).first()
    return Objected(
        row=row,
        number=member.number,
        name=display_name(member.given, member.particle, member.surname),
        is_on_roll=there is not None,
        vote=my_vote(session, running, member, visit.now) if visit else None,
    )


def _plans(session: Session, running: Running) -> tuple[ContestPlan, ...]:
    try:
        return plans_now(session, running)
    except Refused:
        return ()


PAGES = (roll_page, roll_objection_page, propose_freeze, propose_decision, propose_addition)
