"""A procedure as a machine without input or output: a state and an event give a new state and wanted effects."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from msgspec.structs import replace

from .dates import add_span_to_moment
from .events import (
    NOTHING_KNOWN,
    Actor,
    Annulled,
    AnyEvent,
    Cancelled,
    ClosedEarly,
    Completed,
    Effect,
    Extended,
    Facts,
    Postponed,
    Scheduled,
    State,
    Tell,
    TooFewDecided,
    Wake,
    WriteAct,
)
from .language.policy import Policy
from .language.stages import Call, Decision, EnoughCandidates, Result, Stage, Task, Vote, Window
from .language.values import Words
from .names import stage_name
from .order import crossings, earliest_end
from .sentence import Sentence
from .timeline import dated, timeline, zone_of
from .too_few import NotKnownError, Sufficiency, sufficiency

EXTENDED = Sentence("extended")


class RefusedError(Sentence, ValueError):
    """An event that the policy does not allow; the message says why and what would be allowed."""


class Step(NamedTuple):
    """What follows from an event."""

    state: State
    effects: tuple[Effect, ...]


def apply(policy: Policy, state: State, event: AnyEvent, facts: Facts = NOTHING_KNOWN) -> Step:
    """The state after an event, and what the world is asked to do.

    `facts` is what plugins know at that moment: a task that something blocks is not completed.
    Raises RefusedError when the policy does not allow the event, with what would be allowed.
    """
    step = replay(policy, state, event, facts)
    _only_for_what_is_new(policy, state, event)
    return step


def replay(policy: Policy, state: State, event: AnyEvent, facts: Facts = NOTHING_KNOWN) -> Step:
    """The state after an event that was recorded, which an earlier version can have allowed where this one would not.

    Raises RefusedError as `apply`, but not by a rule that came after the first events were recorded.
    """
    if state.cancelled_at is not None:
        raise RefusedError(
            "This procedure was cancelled on {cancelled_at}; begin a new one.",
            cancelled_at=_local(policy, state.cancelled_at),
        )
    if state.annulled is not None:
        raise RefusedError(
            "The vote in this procedure was annulled on {annulled_at}; begin a new one.",
            annulled_at=_local(policy, state.annulled.at),
        )
    if not event.by:
        raise RefusedError("Nobody is named who does this; name the person and the seat.")
    if not isinstance(event, Scheduled | Cancelled) and state.anchors is None:
        raise RefusedError("This procedure has no dates yet; two people schedule it first.")
    if isinstance(event, Completed):
        _nothing_blocks(policy, state, event, facts)
    changed, told = _RULES[type(event)](policy, state, event)
    ground, stage = getattr(event, "ground", ""), getattr(event, "stage", "")
    act = WriteAct(str(event.__struct_config__.tag), stage, event.by, ground)
    return Step(changed, (act, *told, *_wakes(policy, changed, event.at)))


def _only_for_what_is_new(policy: Policy, state: State, event: AnyEvent) -> None:
    """The rules that came after the first events were recorded.

    They hold for what happens now. What was allowed when it happened stays: a ledger has to be readable for ever.
    """
    if isinstance(event, Completed) and (moment := earliest_end(_stage(policy, event.stage))):
        if event.at < (earliest := dated(policy, state.anchors or {}, state.moved)[moment]):
            raise RefusedError(
                "`{stage}` cannot be complete before {earliest} (`{moment}`).",
                stage=event.stage,
                earliest=_local(policy, earliest),
                moment=moment,
            )
    elif isinstance(event, Cancelled) and (declared := declared_at(policy, state)):
        raise RefusedError(
            "The result was declared on {declared}: it cannot be cancelled any more. It can be annulled, by: {bodies}.",
            declared=_local(policy, declared),
            bodies=list(annulled_by(policy)),
        )


def _wakes(policy: Policy, state: State, now: datetime) -> tuple[Effect, ...]:
    """The next moment at which the clock changes something."""
    if state.anchors is None or state.ended_at is not None:
        return ()
    later = [deadline.at for deadline in timeline(policy, state.anchors, state.moved) if deadline.at > now]
    return (Wake(min(later)),) if later else ()


def _scheduled(policy: Policy, state: State, event: Scheduled) -> Step:
    _two_people(event.by, Sentence("Scheduling"))
    times = dated(policy, event.anchors)
    if state.anchors is not None and any(times[name] <= event.at for name in _begun(policy, state, event.at)):
        raise RefusedError("This procedure already runs; extend a window, or postpone or cancel it.")
    first = min(times[f"{stage.id}.opens"] for stage in policy.stages_of(Window)) if policy.stages_of(Window) else None
    if first is not None and first < event.at:
        raise RefusedError(
            "With these dates the first window opened on {first}; choose later dates.", first=_local(policy, first)
        )
    if crossed := crossings(policy, event.anchors):
        raise RefusedError("These dates cross: {crossed}", crossed=crossed[0].sentence)
    return Step(replace(state, anchors=dict(event.anchors), moved={}, extensions={}, reopened=0, too_few={}), ())


def _begun(policy: Policy, state: State, now: datetime) -> list[str]:
    if state.anchors is None:
        return []
    times = dated(policy, state.anchors, state.moved)
    return [name for stage in policy.stages_of(Window) if times[name := f"{stage.id}.opens"] <= now]


def _completed(policy: Policy, state: State, event: Completed) -> Step:
    stage = _stage(policy, event.stage)
    if not isinstance(stage, Task):
        raise RefusedError("`{stage}` is closed by the clock; nobody completes it.", stage=stage.id)
    if stage.id in state.done:
        raise RefusedError(
            "`{stage}` was completed on {done}.", stage=stage.id, done=_local(policy, state.done[stage.id])
        )
    if missing := [name for name in stage.needs if not is_complete(policy, state, name, event.at)]:
        raise RefusedError("`{stage}` waits for: {missing}.", stage=stage.id, missing=missing)
    _of_body(event.by, (stage.owner, stage.substitute or stage.owner), Sentence("Completing `{stage}`", stage=stage.id))
    if stage.two_persons:
        _two_people(event.by, Sentence("Completing `{stage}`", stage=stage.id))
    number = _number(policy, stage, event) if isinstance(stage, Decision) else state.number
    about = stage_name(stage)
    told = (Tell(stage.notify, Words(nl=f"{about.nl}: klaar", en=f"{about.en}: complete")),) if stage.notify else ()
    return Step(replace(state, done=state.done | {stage.id: event.at}, number=number or state.number), told)


def _nothing_blocks(policy: Policy, state: State, event: Completed, facts: Facts) -> None:
    stage = _stage(policy, event.stage)
    if blocks := [block for block in facts.blocks if block.stage == stage.id]:
        raise RefusedError("`{stage}` is blocked: {reason}", stage=stage.id, reason=blocks[0].reason)
    if not isinstance(stage, EnoughCandidates) or stage.id in state.too_few:
        return
    if facts.candidates is None:
        raise RefusedError("`{stage}` needs the number of candidates.", stage=stage.id)
    judged = judge_candidates(policy, state, stage, facts.candidates)
    if judged.decided_by:
        options = list(judged.options)
        raise RefusedError(
            "{reason} {decided_by} decides between: {options}.",
            reason=judged.reason,
            decided_by=judged.decided_by,
            options=options,
        )


def judge_candidates(policy: Policy, state: State, stage: EnoughCandidates, candidates: int) -> Sufficiency:
    """So many candidates against the number to be elected. Raises RefusedError while that number is not known."""
    try:
        return sufficiency(policy, stage, candidates, state.number)
    except NotKnownError as unknown:
        raise RefusedError(unknown.template, **unknown.values) from None


def _number(policy: Policy, stage: Decision, event: Completed) -> int | None:
    if stage.about != "number_of_seats":
        return None
    seats = policy.seats
    if event.number is None or seats is None:
        raise RefusedError("`{stage}` decides how many are to be elected; say how many.", stage=stage.id)
    if not seats.minimum <= event.number <= seats.maximum:
        raise RefusedError(
            "{number} seats is not allowed: {minimum} to {maximum}.",
            number=event.number,
            minimum=seats.minimum,
            maximum=seats.maximum,
        )
    return event.number


def _extended(policy: Policy, state: State, event: Extended) -> Step:
    stage = _window(policy, event.stage)
    closes = _open_until(policy, state, stage, event.at, EXTENDED)
    extension = stage.extension
    if extension is None:
        raise RefusedError("`{stage}` cannot be extended: the policy names nobody who may.", stage=stage.id)
    _grave(event.by, (extension.by,), event.ground, Sentence("Extending `{stage}`", stage=stage.id))
    times = state.extensions.get(stage.id, 0)
    if times >= extension.most_times:
        raise RefusedError(
            "`{stage}` was extended {times} times; the policy allows {most_times}.",
            stage=stage.id,
            times=times,
            most_times=extension.most_times,
        )
    latest = add_span_to_moment(closes, extension.longest, zone_of(policy))
    if not closes < event.until <= latest:
        raise RefusedError(
            "`{stage}` closes at {closes} and may be extended to {latest}.",
            stage=stage.id,
            closes=_local(policy, closes),
            latest=_local(policy, latest),
        )
    moved = state.moved | {f"{stage.id}.closes": event.until}
    _still_in_order(policy, state, moved)
    return Step(replace(state, moved=moved, extensions=state.extensions | {stage.id: times + 1}), ())


def _still_in_order(policy: Policy, state: State, moved: dict[str, datetime]) -> None:
    anchors = state.anchors or {}
    before = {crossing.order for crossing in crossings(policy, anchors, state.moved)}
    if new := [crossing for crossing in crossings(policy, anchors, moved) if crossing.order not in before]:
        raise RefusedError(
            "What comes after it would be in the way: {new} Choose an earlier moment or new dates.", new=new[0].sentence
        )


def _closed_early(policy: Policy, state: State, event: ClosedEarly) -> Step:
    stage = _window(policy, event.stage)
    _open_until(policy, state, stage, event.at, Sentence("closed early"))
    if stage.early_close_by is None:
        raise RefusedError("`{stage}` cannot be closed early: the policy names nobody who may.", stage=stage.id)
    _grave(event.by, (stage.early_close_by,), event.ground, Sentence("Closing `{stage}` early", stage=stage.id))
    return Step(replace(state, moved=state.moved | {f"{stage.id}.closes": event.at}), ())


def _cancelled(policy: Policy, state: State, event: Cancelled) -> Step:
    if not policy.cancelled_by:
        raise RefusedError("This procedure cannot be cancelled: the policy names nobody who may.")
    _grave(event.by, policy.cancelled_by, event.ground, Sentence("Cancelling"))
    everybody = tuple(sorted({stage.owner for stage in policy.stages}))
    about = Words(nl=f"{policy.title.nl}: afgelast", en=f"{policy.title.en}: cancelled")
    return Step(replace(state, cancelled=event), (Tell(everybody, about),))


def declared_at(policy: Policy, state: State) -> datetime | None:
    """When the result was declared; None: not yet, or the policy has none."""
    return next((state.done[stage.id] for stage in policy.stages_of(Result) if stage.id in state.done), None)


def annulled_by(policy: Policy) -> tuple[str, ...]:
    """The bodies that decide whether a fault can have changed the result, and so whether the vote holds."""
    return tuple(dict.fromkeys(stage.error.decided_by for stage in policy.stages_of(Result)))


def vote_was_held(policy: Policy, state: State, now: datetime) -> bool:
    """Whether a vote opened and closed: only then is there something to annul. Errors as `timeline.resolve`."""
    return any(is_complete(policy, state, vote.id, now) for vote in policy.stages_of(Vote))


def _annulled(policy: Policy, state: State, event: Annulled) -> Step:
    if not annulled_by(policy):
        raise RefusedError("Nothing can be annulled here: the policy has no result, and names nobody who decides.")
    _grave(event.by, annulled_by(policy), event.ground, Sentence("Annulling"))
    if not vote_was_held(policy, state, event.at):
        raise RefusedError("No vote was held and closed yet, so nothing can be annulled; cancel the procedure instead.")
    everybody = tuple(sorted({stage.owner for stage in policy.stages}))
    about = Words(nl=f"{policy.title.nl}: stemming vernietigd", en=f"{policy.title.en}: vote annulled")
    return Step(replace(state, annulled=event), (Tell(everybody, about),))


def _put_off(policy: Policy, state: State, event: Postponed) -> Step:
    if not policy.cancelled_by:
        raise RefusedError("This procedure cannot be postponed: the policy names nobody who may.")
    _grave(event.by, policy.cancelled_by, event.ground, Sentence("Postponing"))
    times = dated(policy, state.anchors or {}, state.moved)
    for vote in policy.stages_of(Vote):
        opens = times[f"{vote.id}.opens"]
        if opens <= event.at and all(is_complete(policy, state, needed, event.at) for needed in vote.needs):
            raise RefusedError(
                "`{vote}` opened at {opens}; votes may be in. Cancel it instead.",
                vote=vote.id,
                opens=_local(policy, opens),
            )
    everybody = tuple(sorted({stage.owner for stage in policy.stages}))
    about = Words(nl=f"{policy.title.nl}: uitgesteld", en=f"{policy.title.en}: postponed")
    return Step(_postponed(state, event.at), (Tell(everybody, about),))


def _too_few_decided(policy: Policy, state: State, event: TooFewDecided) -> Step:
    stage = _stage(policy, event.stage)
    if not isinstance(stage, EnoughCandidates):
        raise RefusedError("`{stage}` is not about the number of candidates.", stage=stage.id)
    if not event.ground:
        raise RefusedError("Deciding about too few candidates needs a ground: where the decision is found.")
    _of_body(event.by, (stage.decided_by,), Sentence("Deciding about too few candidates"))
    judged = judge_candidates(policy, state, stage, event.candidates)
    if event.option not in judged.options:
        allowed = list(judged.options) or Sentence("nothing to decide")
        raise RefusedError(
            "{reason} The policy allows: {allowed}; not {option}.",
            reason=judged.reason,
            allowed=allowed,
            option=event.option,
        )
    chosen = replace(state, too_few=state.too_few | {stage.id: event.option})
    everybody = tuple(sorted({stage.owner for stage in policy.stages}))
    about = Words(nl=f"{policy.title.nl}: {event.option}", en=f"{policy.title.en}: {event.option.replace('_', ' ')}")
    told = (Tell(everybody, about),)
    match event.option:
        case "reopen":
            return Step(_reopened(policy, state, stage, event), told)
        case "proceed_smaller":
            done = state.done | {stage.id: event.at}
            return Step(replace(chosen, done=done, number=event.candidates), told)
        case "postpone" | "appoint_interim":
            return Step(_postponed(chosen, event.at), told)


def _postponed(state: State, at: datetime) -> State:
    """All dates lapse until two people choose new ones; what was completed has to be completed again."""
    return State(number=state.number, too_few=state.too_few, postponed_on=(*state.postponed_on, at))


def _reopened(policy: Policy, state: State, stage: EnoughCandidates, event: TooFewDecided) -> State:
    call = policy.first(Call)
    if call is None:
        raise RefusedError("There is no call in this policy that could be reopened.")
    if state.reopened >= stage.reopen_most_times:
        raise RefusedError(
            "The call was reopened {reopened} times; the policy allows {reopen_most_times}.",
            reopened=state.reopened,
            reopen_most_times=stage.reopen_most_times,
        )
    if event.reopened_until is None:
        raise RefusedError("Reopening the call needs its new close.")
    if not event.at < event.reopened_until <= event.at + timedelta(days=stage.reopen_days):
        raise RefusedError(
            "The call can be reopened for at most {reopen_days} days from now.", reopen_days=stage.reopen_days
        )
    opens = dated(policy, state.anchors or {}, state.moved)[f"{call.id}.opens"]
    moved = {f"{call.id}.opens": opens, f"{call.id}.closes": event.reopened_until}
    anchors = event.anchors or state.anchors or {}
    if crossed := [c for c in crossings(policy, anchors, moved) if c.order.then != f"{call.id}.opens"]:
        raise RefusedError(
            "After reopening, dates would cross: {crossed} Give new dates with the decision.", crossed=crossed[0]
        )
    redone = {name: at for name, at in state.done.items() if not _follows(policy, name, call.id)}
    return replace(state, anchors=anchors, moved=moved, reopened=state.reopened + 1, done=redone)


def _follows(policy: Policy, name: str, earlier: str) -> bool:
    """Whether a stage needs another one, itself or through others."""
    needs = policy.stage(name).needs
    return earlier in needs or any(_follows(policy, needed, earlier) for needed in needs)


def is_complete(policy: Policy, state: State, stage_id: str, now: datetime) -> bool:
    """A task when it was completed; a window when the clock closed it and it could open before that.

    A window whose needs were not complete in time took nothing in, so it does not count as complete.
    Errors as `timeline.resolve`.
    """
    stage = _stage(policy, stage_id)
    if not isinstance(stage, Window):
        return stage_id in state.done and state.done[stage_id] <= now
    if state.anchors is None:
        return False
    closes = dated(policy, state.anchors, state.moved)[f"{stage_id}.closes"]
    return closes <= now and all(is_complete(policy, state, needed, closes) for needed in stage.needs)


def _open_until(policy: Policy, state: State, stage: Window, now: datetime, verb: Sentence) -> datetime:
    if state.anchors is None:
        raise RefusedError("This procedure has no dates yet; two people schedule it first.")
    times = dated(policy, state.anchors, state.moved)
    opens, closes = times[f"{stage.id}.opens"], times[f"{stage.id}.closes"]
    if now >= closes:
        raise RefusedError(
            "`{stage}` closed at {closes}; it cannot be {verb} any more.",
            stage=stage.id,
            closes=_local(policy, closes),
            verb=verb,
        )
    if now < opens and verb is not EXTENDED:
        raise RefusedError(
            "`{stage}` opens at {opens}; it cannot be {verb} before that.",
            stage=stage.id,
            opens=_local(policy, opens),
            verb=verb,
        )
    return closes


def _grave(by: tuple[Actor, ...], bodies: tuple[str, ...], ground: str, what: Sentence) -> None:
    """Grave acts need a ground, two people, and one of them from a body that may."""
    if not ground.strip():
        raise RefusedError("{what} needs a ground.", what=what)
    _of_body(by, bodies, what)
    _two_people(by, what)


def _two_people(by: tuple[Actor, ...], what: Sentence) -> None:
    if len({actor.person for actor in by}) < 2 or len({actor.seat for actor in by}) < 2:
        raise RefusedError("{what} takes two people in two different seats.", what=what)


def _of_body(by: tuple[Actor, ...], bodies: tuple[str, ...], what: Sentence) -> None:
    if not any(actor.body in bodies for actor in by):
        raise RefusedError("{what} is for: {bodies}.", what=what, bodies=sorted(set(bodies)))


def _local(policy: Policy, moment: datetime) -> datetime:
    return moment.astimezone(zone_of(policy))


def _stage(policy: Policy, stage_id: str) -> Stage:
    try:
        return policy.stage(stage_id)
    except KeyError:
        known = [stage.id for stage in policy.stages]
        raise RefusedError(
            "Policy {policy} has no stage {stage!r}; it has: {known}.", policy=policy.id, stage=stage_id, known=known
        ) from None


def _window(policy: Policy, stage_id: str) -> Window:
    stage = _stage(policy, stage_id)
    if not isinstance(stage, Window):
        raise RefusedError("`{stage_id}` is a task and has no close.", stage_id=stage_id)
    return stage


_RULES: dict[type[AnyEvent], Callable[[Policy, State, Any], Step]] = {
    Scheduled: _scheduled,
    Completed: _completed,
    Extended: _extended,
    ClosedEarly: _closed_early,
    Cancelled: _cancelled,
    Annulled: _annulled,
    Postponed: _put_off,
    TooFewDecided: _too_few_decided,
}
