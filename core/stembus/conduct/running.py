"""Running procedures: beginning one, letting an event happen in it, and saying where it stands.

The rules are those of the machine in `stembus_procedures`; here it meets rows, acts and plugins.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlmodel import Session, col, select

from stembus.conduct.holding import can_hold, for_members_of
from stembus.conduct.policies import installed_kinds, policy_in, policy_of
from stembus.conduct.speaking import Speakers, speakers
from stembus.conduct.tables import AdoptedPolicy, Procedure, ProcedureEvent
from stembus.errors import Refused, UnusableInput
from stembus.ids import new_id
from stembus.ledger.acts import Act
from stembus.organisation.authority import current_definitions
from stembus_procedures import Policy, Stage
from stembus_procedures.events import START, AnyEvent, Completed, Facts, Scheduled, State
from stembus_procedures.language.stages import Roll, Task
from stembus_procedures.machine import RefusedError, apply, replay
from stembus_procedures.same import Same
from stembus_procedures.sentence import Sentence
from stembus_procedures.status import Status, status
from stembus_procedures.timeline import TimelineError, dated

if TYPE_CHECKING:
    from stembus.instance import Transaction
    from stembus.plugins import Plugins


class Running(NamedTuple):
    """A procedure with its policy and what was decided in it so far."""

    procedure: Procedure
    adopted: AdoptedPolicy
    policy: Policy
    state: State

    @property
    def held_by(self) -> str | None:
        """The body of the branch that holds it; None: it is the party's."""
        return self.procedure.held_by

    @property
    def times(self) -> dict[str, datetime]:
        """Every moment by name ("call.closes"), in UTC; empty while nothing is scheduled."""
        return {} if self.state.anchors is None else dated(self.policy, self.state.anchors, self.state.moved)


def begin(
    transaction: "Transaction",
    name: str,
    adopted: AdoptedPolicy,
    by: Speakers,
    *,
    held_by: str | None = None,
    repeats: "Running | None" = None,
) -> Running:
    """Begin a procedure under an adopted policy. It has no dates until it is scheduled.

    `held_by` is the branch whose procedure it is; without it, it is the party's. `repeats` is the procedure whose
    annulled vote is held again. Raises `Refused` when the name is taken, when that vote was not annulled, when
    somebody's seat does not reach that far, or when the policy is not one for branches; `UnusableInput` when the name
    is empty or has more than one line.
    """
    session = transaction.session
    policy = policy_of(adopted, transaction.instance.plugins)
    _reach(session, by, held_by)
    if held_by is not None:
        _is_for_branch(session, policy, held_by)
    if repeats is not None:
        _can_be_repeated(repeats, adopted, held_by)
    if not name.strip() or not name.isprintable():
        raise UnusableInput(
            "A procedure cannot be called {name!r}: name it in one line, such as council-2027.", name=name
        )
    if session.exec(select(Procedure).where(Procedure.name == name)).first() is not None:
        raise Refused("There is a procedure {name!r} already: choose another name. Nothing was changed.", name=name)
    identifier = new_id(transaction.now)
    act_id = transaction.record(
        Act(
            kind="procedure.begun",
            by=by.actors,
            ground=f"{adopted.policy_id} {adopted.version}: {adopted.decision}",
            subject={
                "procedure": identifier,
                "policy": adopted.policy_id,
                **({} if held_by is None else {"body": held_by}),
                **({} if repeats is None else {"repeats": repeats.procedure.id}),
            },
            details={"name": name},
            public={"definition_sha256": adopted.fingerprint},
        )
    )
    row = Procedure(
        id=identifier,
        name=name,
        fingerprint=adopted.fingerprint,
        held_by=held_by,
        repeats=None if repeats is None else repeats.procedure.id,
        begun_at=transaction.now,
        act_id=act_id,
    )
    session.add(row)
    session.flush()
    return Running(row, adopted, policy, START)


def open_procedure(session: Session, plugins: "Plugins", name: str) -> Running:
    """Return the procedure called `name` with its state, folded from its events.

    Raises `UnusableInput` that names those there are.
    """
    row = session.exec(select(Procedure).where(Procedure.name == name)).first()
    if row is None:
        names = list(session.exec(select(Procedure.name).order_by(Procedure.name))) or Sentence("none yet")
        raise UnusableInput("There is no procedure {name!r}. There is: {names}.", name=name, names=names)
    return running_of(session, row.id, installed_kinds(plugins))


def running_of(session: Session, procedure_id: str, kinds: tuple[type[Stage], ...] = ()) -> Running:
    """Return the procedure with this id as it stands. Stages of plugins whose `kinds` are not given are looked past.

    In one that a branch holds, the policy lets only members of that branch vote.
    """
    row = session.get_one(Procedure, procedure_id)
    adopted = session.get_one(AdoptedPolicy, row.fingerprint)
    policy = policy_in(adopted.source, kinds)
    if row.held_by is not None:
        policy = for_members_of(policy, current_definitions(session).get(row.held_by))
    state = START
    for after in _states(session, row.id, policy):
        state = after
    return Running(row, adopted, policy, state)


def last_dated(session: Session, running: Running) -> State | None:
    """Return the state of a procedure when it had dates last: as it is, or before they lapsed; None: it never had."""
    found = None
    for state in _states(session, running.procedure.id, running.policy):
        found = found if state.anchors is None else state
    return found


def facts_of(session: Session, plugins: "Plugins", running: Running) -> Facts:
    """Return what plugins know about a procedure."""
    return Facts(candidates=plugins.candidates(session, running), blocks=plugins.blocks(session, running))


def happen(
    transaction: "Transaction",
    running: Running,
    event: AnyEvent,
    by: Speakers,
    *,
    ground: str = "",
    subject: Mapping[str, str] | None = None,
    details: Mapping[str, Any] | None = None,
    public: Mapping[str, str | int] | None = None,
) -> Running:
    """Let `event` happen: judged by the policy, recorded as one act, kept as one row.

    Raises `Refused` with the reason and what would be allowed, also when a seat of a branch acts outside that branch.
    """
    session = transaction.session
    _reach(session, by, running.procedure.held_by)
    facts = facts_of(session, transaction.instance.plugins, running)
    try:
        state = apply(running.policy, running.state, event, facts).state
    except (RefusedError, TimelineError) as error:
        raise Refused(
            "{procedure}: {error} Nothing was changed.", procedure=running.procedure.name, error=error
        ) from None
    kind = str(event.__struct_config__.tag)
    act_id = transaction.record(
        Act(
            kind=f"procedure.{kind}",
            by=by.actors,
            ground=ground or f"{running.adopted.policy_id} {running.adopted.version}",
            subject={"procedure": running.procedure.id, **(subject or {})},
            details={"name": running.procedure.name, **_said(event), **(details or {})},
            public={**(public or {})},
        )
    )
    session.add(
        ProcedureEvent(
            procedure_id=running.procedure.id,
            number=len(_events(session, running.procedure.id)) + 1,
            event=msgspec.json.encode(event).decode(),
            candidates=facts.candidates,
            act_id=act_id,
        )
    )
    session.flush()
    return running._replace(state=state)


def complete(
    transaction: "Transaction",
    running: Running,
    stage_id: str,
    *,
    numbers: tuple[str, ...],
    number: int | None = None,
    ground: str = "",
) -> Running:
    """Complete a task of the policy for the body that owns it, or its substitute.

    Raises `Refused` with who may, or with what blocks it; `UnusableInput` when there is no such task.
    """
    tasks = {stage.id: stage for stage in running.policy.stages if isinstance(stage, Task)}
    if stage_id not in tasks:
        raise UnusableInput(
            "{policy} has no task {stage_id!r}; its tasks are {tasks}.",
            policy=running.policy.id,
            stage_id=stage_id,
            tasks=list(tasks),
        )
    stage = tasks[stage_id]
    bodies = (stage.owner, stage.substitute) if stage.substitute else (stage.owner,)
    people = speakers(transaction, running.policy, numbers, bodies, branch=running.procedure.held_by)
    event = Completed(at=transaction.now, by=people.by, stage=stage_id, number=number)
    return happen(transaction, running, event, people, ground=ground)


def schedule(transaction: "Transaction", running: Running, anchors: Mapping[str, date], by: Speakers) -> Running:
    """Choose the dates of a procedure: two people do, the clock carries them out."""
    unknown = sorted(set(anchors) - set(running.policy.anchors))
    missing = sorted(set(running.policy.anchors) - set(anchors))
    if unknown or missing:
        known = list(running.policy.anchors)
        if unknown:
            raise UnusableInput(
                "The dates of {policy} are {anchors}; unknown: {unknown}.",
                policy=running.policy.id,
                anchors=known,
                unknown=unknown,
            )
        raise UnusableInput(
            "The dates of {policy} are {anchors}; missing: {missing}.",
            policy=running.policy.id,
            anchors=known,
            missing=missing,
        )
    return happen(transaction, running, Scheduled(at=transaction.now, by=by.by, anchors=dict(anchors)), by)


def status_of(session: Session, plugins: "Plugins", running: Running, now: datetime) -> Status:
    """Say where a procedure stands at `now`, with what plugins say blocks it."""
    facts = Facts() if running.state.ended_at else facts_of(session, plugins, running)
    return status(running.policy, running.state, now, facts)


def procedures(session: Session) -> Sequence[Procedure]:
    """Return every procedure, the latest begun first."""
    return session.exec(select(Procedure).order_by(col(Procedure.begun_at).desc())).all()


def _reach(session: Session, by: Speakers, branch: str | None) -> None:
    """Raise `Refused` when somebody acts in a seat of a branch outside what that branch holds."""
    definitions = current_definitions(session)
    for actor in by.actors:
        body = definitions.get(actor.capacity.split(".")[0])
        if body is not None and body.is_branch and body.slug != branch:
            raise Refused(
                "A seat in {branch} reaches only what that branch holds. Somebody with a seat in the party, or in the "
                "branch that holds it, can do this. Nothing was changed.",
                branch=body.nl,
            )


def _is_for_branch(session: Session, policy: Policy, held_by: str) -> None:
    definition = current_definitions(session).get(held_by)
    if definition is None or not definition.is_branch:
        raise UnusableInput("There is no branch {held_by!r}: `stembus bodies list` shows them.", held_by=held_by)
    if not can_hold(policy, definition):
        raise Refused(
            "{policy} is about {body}, which is no branch, so a branch cannot hold it. Nothing was changed.",
            policy=policy.id,
            body=policy.bodies[policy.body].name,
        )
    roll = policy.first(Roll)
    if roll is not None and roll.vote_right.branches and definition.branch not in roll.vote_right.branches:
        raise Refused(
            "Under {policy} the members of {branches} vote, and not those of {branch}. Nothing was changed.",
            policy=policy.id,
            branches=list(roll.vote_right.branches),
            branch=definition.branch or held_by,
        )


def _can_be_repeated(earlier: Running, adopted: AdoptedPolicy, held_by: str | None) -> None:
    name = earlier.procedure.name
    if earlier.state.annulled is None:
        raise Refused("The vote of {name} was not annulled, so it is not held again.", name=name)
    if earlier.adopted.policy_id != adopted.policy_id or earlier.held_by != held_by:
        raise Refused(
            "{name} was held under {policy}: a vote is held again under that policy, and by the same body. Nothing was "
            "changed.",
            name=name,
            policy=earlier.adopted.policy_id,
        )


def _states(session: Session, procedure_id: str, policy: Policy) -> Iterator[State]:
    """Give the state of a procedure after each of its events."""
    happened = tuple((row.event, row.candidates) for row in _events(session, procedure_id))
    yield from _folded(Same(policy), happened)


def _events(session: Session, procedure_id: str) -> Sequence[ProcedureEvent]:
    return session.exec(
        select(ProcedureEvent).where(ProcedureEvent.procedure_id == procedure_id).order_by(col(ProcedureEvent.number))
    ).all()


# One page asks for the same procedure several times, and the same events under the same policy give the same states.
@lru_cache(maxsize=64)
def _folded(same: Same, events: tuple[tuple[str, int | None], ...]) -> tuple[State, ...]:
    state, states = START, []
    for event, candidates in events:
        happened = msgspec.json.decode(event, type=AnyEvent)
        state = replay(same.policy, state, happened, Facts(candidates=candidates)).state
        states.append(state)
    return tuple(states)


def _said(event: AnyEvent) -> dict[str, Any]:
    values = msgspec.to_builtins(event)
    return {key: value for key, value in values.items() if key not in ("event", "by", "at") and value is not None}
