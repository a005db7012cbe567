"""Managing a procedure: where it stands, what blocks it, and every act that this person may do or propose in it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, get_args

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody
from sqlmodel import Session, select

from stembus.access.grave_acts import Arguments, GraveAct, can_be_first, can_be_second
from stembus.access.proposals import propose, waiting
from stembus.conduct.annulled import ANNUL_REASONS
from stembus.conduct.deciding import closers, extenders
from stembus.conduct.grave_acts import (
    ANNUL,
    CANCEL,
    CLOSE_EARLY,
    COMPLETE,
    EXTEND,
    POSTPONE,
    TOO_FEW,
    Annulment,
    InProcedure,
    InWindow,
    Longer,
    TaskDone,
    TooFew,
)
from stembus.conduct.grave_dates import SCHEDULE, Dates
from stembus.conduct.holding import counts
from stembus.conduct.policies import installed_kinds
from stembus.conduct.running import Running, complete, running_of, status_of
from stembus.conduct.tables import Procedure
from stembus.entry import seated
from stembus.errors import Refused, UnusableInput
from stembus.instance import Transaction
from stembus.organisation.authority import current_definitions
from stembus.web.navigation import places_in
from stembus.web.pages.proposing import PROPOSED
from stembus.web.routes import Form, action, page
from stembus.web.visit import Answer, Visit
from stembus.words import N_
from stembus_procedures import declared_at, vote_was_held
from stembus_procedures.events import TooFewOption
from stembus_procedures.language.stages import Decision, EnoughCandidates, Task, Window
from stembus_procedures.names import stage_name
from stembus_procedures.status import Status
from stembus_procedures.timeline import timeline

OPTIONS: dict[str, TooFewOption] = {option: option for option in get_args(TooFewOption)}


class GroundForm(Form, frozen=True):
    """Why something is decided."""

    ground: str = ""


class AnnulForm(GroundForm, frozen=True):
    """What was wrong with a vote that is annulled."""

    reason: str = ""


class WindowForm(GroundForm, frozen=True):
    """What is decided about a window; `until` for an extension."""

    stage: str = ""
    until: str = ""


class TaskForm(GroundForm, frozen=True):
    """A task that is done; `number` for the decision on how many are to be elected."""

    stage: str = ""
    number: str = ""


class OptionForm(GroundForm, frozen=True):
    """What was chosen with too few candidates; `until` where the call opens again."""

    option: str = ""
    until: str = ""


class Forms(NamedTuple):
    """What this person may do or propose here now: stages by what can be done with them, and the rest."""

    extend: Sequence[Window]
    close_early: Sequence[Window]
    complete: Sequence[Task]
    too_few: Sequence[str]
    schedule: bool
    postpone: bool
    cancel: bool
    annul: bool


@page("/procedures/{name:str}/manage", who=seated)
def manage_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """Where the procedure stands, its dates, what waits for whom, and what this person may do."""
    with visit.read() as session:
        transaction = Transaction(session, visit.now, visit.instance)
        running = running_for_seat(visit, session, name)
        status = status_of(session, visit.instance.plugins, running, visit.now)
        anchors = running.state.anchors
        return visit.page(
            "procedures/manage.html",
            running=running,
            name=name,
            standing=status,
            stages=[(one, running.policy.bodies.get(one.owner)) for one in status.stages],
            workplaces=[one for one in places_in(visit, session, running) if one.path != visit.path],
            calendar=timeline(running.policy, anchors, running.state.moved) if anchors else (),
            proposals=waiting(transaction, running.procedure.id),
            forms=_forms(transaction, running, status, visit.member.member_id),
            stage_name=stage_name,
            annul_reasons=list(ANNUL_REASONS.items()),
            is_number=lambda stage: isinstance(stage, Decision) and stage.about == "number_of_seats",
        )


@action("/procedures/{name:str}/manage/extend", who=seated, writes=("proposal.made",), again=manage_page)
def extend_action(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[WindowForm]) -> Answer:
    """Propose that a window stays open longer."""
    until = _moment(visit, data.until)
    return _proposed(
        visit,
        name,
        EXTEND,
        lambda procedure: Longer(procedure=procedure, stage=data.stage, until=until, ground=_ground(data)),
    )


@action("/procedures/{name:str}/manage/close-early", who=seated, writes=("proposal.made",), again=manage_page)
def close_early_action(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[WindowForm]) -> Answer:
    """Propose that a window closes when the second person confirms."""
    return _proposed(
        visit,
        name,
        CLOSE_EARLY,
        lambda procedure: InWindow(procedure=procedure, stage=data.stage, ground=_ground(data)),
    )


@action("/procedures/{name:str}/manage/postpone", who=seated, writes=("proposal.made",), again=manage_page)
def postpone_action(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[GroundForm]) -> Answer:
    """Propose that all dates lapse."""
    return _proposed(visit, name, POSTPONE, lambda procedure: InProcedure(procedure=procedure, ground=_ground(data)))


@action("/procedures/{name:str}/manage/cancel", who=seated, writes=("proposal.made",), again=manage_page)
def cancel_action(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[GroundForm]) -> Answer:
    """Propose that the procedure ends without an outcome."""
    return _proposed(visit, name, CANCEL, lambda procedure: InProcedure(procedure=procedure, ground=_ground(data)))


@action("/procedures/{name:str}/manage/annul", who=seated, writes=("proposal.made",), again=manage_page)
def annul_action(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[AnnulForm]) -> Answer:
    """Propose that the vote holds no more."""
    reason = next((one for one in ANNUL_REASONS if one == data.reason), None)
    if reason is None:
        raise UnusableInput(N_("Choose what was wrong."), field="reason")
    return _proposed(
        visit, name, ANNUL, lambda procedure: Annulment(procedure=procedure, reason=reason, ground=_ground(data))
    )


@action("/procedures/{name:str}/manage/too-few", who=seated, writes=("proposal.made",), again=manage_page)
def too_few_action(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[OptionForm]) -> Answer:
    """Propose what happens with too few candidates."""
    until = _moment(visit, data.until) if data.option == "reopen" else None
    option = OPTIONS.get(data.option)
    if option is None:
        raise UnusableInput(N_("Choose what happens."), field="option")
    return _proposed(
        visit,
        name,
        TOO_FEW,
        lambda procedure: TooFew(procedure=procedure, option=option, reopened_until=until, ground=_ground(data)),
    )


@action(
    "/procedures/{name:str}/manage/complete",
    who=seated,
    writes=("procedure.completed", "proposal.made"),
    again=manage_page,
)
def complete_action(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[TaskForm]) -> Answer:
    """Complete a task, or propose it where the policy asks two people."""
    if data.number and not data.number.isdecimal():
        raise UnusableInput(N_("Fill in a whole number."), field="number")
    number = int(data.number) if data.number else None
    with visit.write() as transaction:
        running = running_for_seat(visit, transaction.session, name)
        tasks = {stage.id: stage for stage in running.policy.stages_of(Task)}
        if data.stage in tasks and tasks[data.stage].two_persons:
            wanted = TaskDone(procedure=running.procedure.id, stage=data.stage, number=number, ground=_ground(data))
            row = propose(transaction, COMPLETE.name, wanted, by=visit.member.number)
            path, message = f"/proposals/{row.id}", PROPOSED
        else:
            complete(
                transaction, running, data.stage, numbers=(visit.member.number,), number=number, ground=data.ground
            )
            path, message = f"/procedures/{name}/manage", N_("The task is complete.")
    return visit.go(path, message)


def running_for_seat(visit: Visit, session: Session, name: str) -> Running:
    """Return the procedure for somebody with a seat that reaches it; to others the page is not there."""
    row = session.exec(select(Procedure).where(Procedure.name == name)).first()
    if row is None:
        raise NotFoundException
    running = running_of(session, row.id, installed_kinds(visit.instance.plugins))
    definitions = current_definitions(session)
    if not any(counts(seat, running.policy, running.held_by, definitions) for seat in visit.member.seats):
        raise NotFoundException
    return running


def _forms(transaction: Transaction, running: Running, status: Status, me: str) -> Forms:
    procedure, policy, now = running.procedure.id, running.policy, transaction.now
    stopped = running.state.ended_at is not None or running.state.anchors is None

    def may(act: GraveAct, arguments: Arguments) -> bool:
        return _may_propose(transaction, act, arguments, me)

    windows = [] if stopped else [one for one in policy.stages_of(Window) if now < running.times[f"{one.id}.closes"]]
    whole = InProcedure(procedure=procedure, ground="")
    tasks = () if stopped else policy.stages_of(Task)
    ready = {one.stage for one in status.stages if one.phase in ("open", "overdue") and not one.blocks}
    enough = policy.first(EnoughCandidates)
    options: Sequence[str] = ()
    if enough is not None and not stopped and any(block.to_act for block in status.stage(enough.id).blocks):
        may_choose = may(TOO_FEW, TooFew(procedure=procedure, option="postpone", ground=""))
        options = enough.options if may_choose else ()
    return Forms(
        extend=[
            one
            for one in windows
            if extenders(policy, one.id)
            and may(EXTEND, Longer(procedure=procedure, stage=one.id, until=now, ground=""))
        ],
        close_early=[
            one
            for one in windows
            if closers(policy, one.id)
            and running.times[f"{one.id}.opens"] <= now
            and may(CLOSE_EARLY, InWindow(procedure=procedure, stage=one.id, ground=""))
        ],
        complete=[
            one
            for one in tasks
            if one.id in ready and _speaks(transaction, one, TaskDone(procedure=procedure, stage=one.id, ground=""), me)
        ],
        too_few=options,
        schedule=may_schedule(transaction, running, me),
        postpone=bool(not stopped and policy.cancelled_by) and may(POSTPONE, whole),
        cancel=bool(
            running.state.ended_at is None and policy.cancelled_by and declared_at(policy, running.state) is None
        )
        and may(CANCEL, whole),
        annul=not stopped
        and vote_was_held(policy, running.state, now)
        and may(ANNUL, Annulment(procedure=procedure, reason="other", ground="")),
    )


def may_schedule(transaction: Transaction, running: Running, me: str) -> bool:
    """Whether a member may propose dates: there are none, or nothing opened yet, and their seat allows it."""
    opens = [running.times.get(f"{stage.id}.opens") for stage in running.policy.stages_of(Window)]
    if running.state.ended_at is not None or any(at is not None and at <= transaction.now for at in opens):
        return False
    return _may_propose(transaction, SCHEDULE, Dates(procedure=running.procedure.id, anchors={}), me)


def _may_propose(transaction: Transaction, act: GraveAct, arguments: Arguments, me: str) -> bool:
    try:
        who = act.who(transaction, arguments)
    except (Refused, UnusableInput):
        return False
    first = can_be_first(who, me)
    return first is not None and bool(can_be_second(who, first))


def _speaks(transaction: Transaction, stage: Task, arguments: TaskDone, me: str) -> bool:
    """Whether a member may complete a task alone, or propose it where it takes two."""
    who = COMPLETE.who(transaction, arguments)
    if not stage.two_persons:
        return any(seat.member_id == me for seat in who.one_of or ())
    first = can_be_first(who, me)
    return first is not None and bool(can_be_second(who, first))


def _proposed(visit: Visit, name: str, act: GraveAct, arguments: Callable[[str], Arguments]) -> Answer:
    with visit.write() as transaction:
        running = running_for_seat(visit, transaction.session, name)
        row = propose(transaction, act.name, arguments(running.procedure.id), by=visit.member.number)
    return visit.go(f"/proposals/{row.id}", PROPOSED)


def _ground(form: GroundForm) -> str:
    if not form.ground.strip():
        raise UnusableInput(N_("Say on what ground: an article, a decision, a reason."), field="ground")
    return form.ground.strip()


def _moment(visit: Visit, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UnusableInput(N_("Fill in a day and an hour."), field="until") from None
    return found if found.tzinfo else found.replace(tzinfo=visit.zone)


PAGES = (
    manage_page,
    extend_action,
    close_early_action,
    postpone_action,
    cancel_action,
    annul_action,
    too_few_action,
    complete_action,
)
