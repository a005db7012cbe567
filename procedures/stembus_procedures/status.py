"""Where a running procedure stands: its stage, its next deadline, who has to act, and what blocks it, with reasons."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from .events import NOTHING_KNOWN, Block, Facts, State
from .language.policy import Policy
from .language.stages import EnoughCandidates, Stage, UnknownStage, Window, kind_of
from .language.values import Words
from .machine import is_complete
from .names import stage_name
from .order import begins_at
from .timeline import Deadline, dated, timeline
from .too_few import OPTION_WORDS, sufficiency

Phase = Literal["waiting", "open", "overdue", "complete"]
"""Of a stage. Waiting: its time or what it needs is not there yet. Overdue: a task whose last moment has passed."""


class StageStatus(Struct, frozen=True):
    """One stage at one moment."""

    stage: str
    """Which."""
    kind: str
    """Of what kind."""
    name: Words
    """What people read."""
    phase: Phase
    """Where it stands."""
    owner: str
    """Who has to act."""
    ends: datetime | None
    """When it closes or is due; None without dates."""
    blocks: tuple[Block, ...]
    """What keeps it from going on."""


class Status(Struct, frozen=True):
    """A procedure at one moment."""

    phase: Literal["unscheduled", "scheduled", "running", "postponed", "cancelled", "annulled", "complete"]
    """Where the whole stands. Postponed: all dates lapsed and new ones must be chosen."""
    current: StageStatus | None
    """The first stage that is not complete; None when there is none."""
    stages: tuple[StageStatus, ...]
    """Every stage, in the order of the policy."""
    next_deadline: Deadline | None
    """The first moment that is still to come, the last moments of completed tasks left out."""
    to_act: tuple[str, ...]
    """The bodies that have to do something now."""
    blocks: tuple[Block, ...]
    """Everything that blocks stages whose time has come."""

    @property
    def busy_with(self) -> tuple[StageStatus, ...]:
        """What goes on while it runs: the stages that are open or late, or where none is, the first to come."""
        if self.phase != "running" or self.current is None:
            return ()
        return tuple(one for one in self.stages if one.phase in {"open", "overdue"}) or (self.current,)

    def stage(self, stage_id: str) -> StageStatus:
        """The status of one stage. Raises KeyError when there is none with this id."""
        for status in self.stages:
            if status.stage == stage_id:
                return status
        raise KeyError(stage_id)


def status(policy: Policy, state: State, now: datetime, facts: Facts = NOTHING_KNOWN) -> Status:
    """Where the procedure stands at `now` (aware). Errors as `timeline.resolve`."""
    times = dated(policy, state.anchors, state.moved) if state.anchors is not None else {}
    stages = tuple(_stage_status(policy, state, stage, now=now, facts=facts, times=times) for stage in policy.stages)
    calendar = timeline(policy, state.anchors, state.moved) if state.anchors is not None else ()
    stopped = state.ended_at is not None or state.anchors is None
    current = next((s for s in stages if s.phase != "complete"), None)
    pressing = [s for s in stages if not stopped and _is_pressing(policy, s, current)]
    blocks = tuple(block for s in pressing for block in s.blocks)
    return Status(
        phase=_phase(state, stages, times, now),
        current=current,
        stages=stages,
        next_deadline=None if stopped else next((d for d in calendar if d.at > now and not _is_past(d, state)), None),
        to_act=_to_act(pressing, blocks),
        blocks=blocks,
    )


def is_open(policy: Policy, state: State, stage_id: str, now: datetime, facts: Facts = NOTHING_KNOWN) -> bool:
    """Whether a window takes anything in: between its times, all it needs complete, and nothing blocking."""
    found = status(policy, state, now, facts).stage(stage_id)
    return found.phase == "open" and not found.blocks and state.ended_at is None


def _stage_status(
    policy: Policy, state: State, stage: Stage, *, now: datetime, facts: Facts, times: Mapping[str, datetime]
) -> StageStatus:
    ends = times.get(f"{stage.id}.{'closes' if isinstance(stage, Window) else 'due'}")
    complete = is_complete(policy, state, stage.id, now)
    blocks = () if complete else tuple(_blocks(policy, state, stage, now, facts))
    begins = times.get(begins_at(stage))
    waits = begins is None if begins_at(stage) else ends is None
    waits = waits or (begins is not None and now < begins) or any(block.rule == "needs" for block in blocks)
    if complete:
        phase: Phase = "complete"
    elif ends is not None and ends <= now:
        phase = "overdue"
    elif waits:
        phase = "waiting"
    else:
        phase = "open"
    return StageStatus(stage.id, kind_of(stage), stage_name(stage), phase, stage.owner, ends, blocks)


def _blocks(policy: Policy, state: State, stage: Stage, now: datetime, facts: Facts) -> Iterator[Block]:
    for needed in stage.needs:
        if not is_complete(policy, state, needed, now):
            name, owner = stage_name(policy.stage(needed)), policy.stage(needed).owner
            reason = Words(nl=f"wacht op: {name.nl}", en=f"waits for: {name.en}")
            yield Block(stage.id, "needs", reason, owner)
    if isinstance(stage, UnknownStage):
        kind = stage.kind_name
        reason = Words(nl=f"niets kan `{kind}` uitvoeren", en=f"nothing installed can execute `{kind}`")
        yield Block(stage.id, "kind", reason)
    if isinstance(stage, EnoughCandidates):
        yield from _candidates_block(policy, state, stage, facts)
    yield from (block for block in facts.blocks if block.stage == stage.id)


def _candidates_block(policy: Policy, state: State, stage: EnoughCandidates, facts: Facts) -> Iterator[Block]:
    if facts.candidates is None or stage.id in state.too_few:
        return
    try:
        judged = sufficiency(policy, stage, facts.candidates, state.number)
    except ValueError as unknown:
        yield Block(stage.id, "number", Words(nl="het aantal plaatsen is niet besloten", en=str(unknown)))
        return
    if judged.decided_by:
        nl = ", ".join(OPTION_WORDS[one].nl for one in judged.options)
        en = ", ".join(OPTION_WORDS[one].en for one in judged.options)
        reason = Words(nl=f"{judged.reason.nl} Keuze: {nl}.", en=f"{judged.reason.en} Choice: {en}.")
        yield Block(stage.id, judged.outcome, reason, judged.decided_by)


def _is_past(deadline: Deadline, state: State) -> bool:
    """Whether it is the last moment of a task that is already complete."""
    return deadline.moment == f"{deadline.stage}.due" and deadline.stage in state.done


def _is_pressing(policy: Policy, found: StageStatus, current: StageStatus | None) -> bool:
    """Its time has come: it is open or overdue, or the first that is not complete."""
    if found.phase in {"open", "overdue"}:
        return found.phase == "overdue" or found.kind in _tasks(policy) or bool(found.blocks)
    return current is not None and found.stage == current.stage and bool(found.blocks)


def _tasks(policy: Policy) -> set[str]:
    return {kind_of(stage) for stage in policy.stages if not isinstance(stage, Window)}


def _to_act(pressing: Iterable[StageStatus], blocks: Iterable[Block]) -> tuple[str, ...]:
    bodies = [s.owner for s in pressing if not s.blocks]
    owners = {s.stage: s.owner for s in pressing}
    bodies += [block.to_act or owners[block.stage] for block in blocks]
    return tuple(dict.fromkeys(bodies))


def _phase(
    state: State, stages: tuple[StageStatus, ...], times: Mapping[str, datetime], now: datetime
) -> Literal["unscheduled", "scheduled", "running", "postponed", "cancelled", "annulled", "complete"]:
    if state.cancelled_at is not None:
        return "cancelled"
    if state.annulled is not None:
        return "annulled"
    if state.anchors is None:
        return "postponed" if state.postponed_on else "unscheduled"
    if all(s.phase == "complete" for s in stages):
        return "complete"
    started = state.done or any(at <= now for name, at in times.items() if name.endswith((".opens", ".begins")))
    return "running" if started else "scheduled"
