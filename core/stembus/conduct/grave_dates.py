"""The acts of two that choose dates: beginning a procedure, and new dates for one that has none or not begun."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from stembus.access.grave_acts import Arguments, GraveAct, with_power
from stembus.conduct.about_procedure import OfProcedure, about_procedure
from stembus.conduct.about_procedure import running as running_in
from stembus.conduct.deciding import choose_dates, start
from stembus.conduct.policies import adopted_named, policy_of
from stembus.conduct.running import Running, last_dated, open_procedure
from stembus.errors import UnusableInput
from stembus.organisation.authority import current_definitions
from stembus.organisation.core_powers import PROCEDURE_START
from stembus.words import N_
from stembus_procedures import Policy
from stembus_procedures.language.stages import Window
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence
from stembus_procedures.timeline import Deadline, TimelineError, dated, timeline, zone_of

if TYPE_CHECKING:
    from sqlmodel import Session

    from stembus.instance import Transaction


class Start(Arguments, frozen=True):
    """A procedure to begin: its name, the fingerprint of its policy, its dates, and the branch that holds it.

    `repeats` is the name of the procedure whose annulled vote is held again.
    """

    name: str
    fingerprint: str
    anchors: dict[str, date]
    held_by: str | None = None
    repeats: str | None = None


class Dates(OfProcedure, frozen=True):
    """New dates for one procedure."""

    anchors: dict[str, date]


def deadline(at: datetime, zone: ZoneInfo) -> Sentence:
    """Return a moment as people write a deadline: midnight is 24:00 of the day that ends."""
    local = at.astimezone(zone)
    if (local.hour, local.minute) == (0, 0):
        return Sentence(N_("{day} at {clock}"), day=local.date() - timedelta(days=1), clock="24:00")
    return Sentence(N_("{day} at {clock}"), day=local.date(), clock=f"{local:%H:%M}")


def everything_decided(transaction: "Transaction", arguments: OfProcedure) -> object:
    """Return everything that was decided in a procedure, for acts that rest on all of it."""
    running = running_in(transaction, arguments)
    return [running.adopted.fingerprint, msgspec.to_builtins(running.state)]


def dates_told(session: "Session", running: Running, anchors: Mapping[str, date]) -> tuple[Sentence, ...]:
    """Return what new dates mean: what lapses, and every moment as it will be beside what it was.

    Raises `UnusableInput` for dates that make no calendar.
    """
    name, before = running.procedure.name, last_dated(session, running)
    if before is None:
        first = Sentence(N_("{name} has no dates now."), name=name)
        earlier: Mapping[str, Deadline] = {}
    else:
        lapsed = running.state.anchors is None
        text = (
            N_("{name} has no dates now. The dates that it had lapsed.")
            if lapsed
            else N_("The dates of {name} that are chosen now lapse.")
        )
        first = Sentence(text, name=name)
        earlier = {one.moment: one for one in timeline(running.policy, before.anchors or {}, before.moved)}
    return (
        first,
        Sentence(N_("From then on the clock opens and closes by these dates:")),
        *(_told(one, earlier.get(one.moment)) for one in _calendar(running.policy, anchors)),
    )


def _told(one: Deadline, was: Deadline | None) -> Sentence:
    at = _on(one)
    if was is None:
        return Sentence(N_("{day} at {clock}: {what}"), day=one.day, clock=one.clock, what=one.name)
    if (was.day, was.clock) == (one.day, one.clock):
        return Sentence(N_("{what}: {at}, as it was."), what=one.name, at=at)
    return Sentence(N_("{what}: {at}. It was {was}."), what=one.name, at=at, was=_on(was))


def _on(one: Deadline) -> Sentence:
    return Sentence(N_("{day} at {clock}"), day=one.day, clock=one.clock)


def _calendar(policy: Policy, anchors: Mapping[str, date]) -> tuple[Deadline, ...]:
    """Return every moment that follows from these dates, the first first."""
    try:
        return timeline(policy, anchors)
    except (TimelineError, KeyError) as error:
        raise UnusableInput("{error}", error=error) from None


def _first_opening(policy: Policy, anchors: Mapping[str, date]) -> datetime | None:
    try:
        times = dated(policy, anchors)
    except TimelineError:
        return None
    return min((times[f"{stage.id}.opens"] for stage in policy.stages_of(Window)), default=None)


def _holder(transaction: "Transaction", held_by: str | None) -> Sequence[Sentence]:
    if held_by is None:
        return ()
    body = current_definitions(transaction.session).get(held_by)
    name = held_by if body is None else Words(nl=body.nl, en=body.en)
    return (Sentence(N_("It is held by {branch}."), branch=name),)


def _earlier(transaction: "Transaction", name: str | None) -> Running | None:
    return None if name is None else open_procedure(transaction.session, transaction.instance.plugins, name)


def _repeated(transaction: "Transaction", name: str | None) -> Sequence[Sentence]:
    earlier = _earlier(transaction, name)
    if earlier is None or earlier.state.annulled is None:
        return ()
    return (
        Sentence(
            N_("It holds the vote of {name} again, which was annulled on {day}: {ground}"),
            name=earlier.procedure.name,
            day=earlier.state.annulled.at.astimezone(zone_of(earlier.policy)).date(),
            ground=earlier.state.annulled.ground,
        ),
        Sentence(N_("Everything is made anew: the roll, the ballot and every voting code. Those of then do not work.")),
    )


def _start_sentences(transaction: "Transaction", arguments: Start) -> Sequence[Sentence]:
    adopted = adopted_named(transaction.session, arguments.fingerprint)
    policy = policy_of(adopted, transaction.instance.plugins)
    return (
        Sentence(
            N_("The procedure {name} begins, under {policy} {version} ({decision})."),
            name=arguments.name,
            policy=policy.title,
            version=adopted.version,
            decision=adopted.decision,
        ),
        *_holder(transaction, arguments.held_by),
        *_repeated(transaction, arguments.repeats),
        Sentence(N_("From then on the clock opens and closes by these dates:")),
        *(_told(one, None) for one in _calendar(policy, arguments.anchors)),
    )


START = GraveAct(
    name="procedure.start",
    title=N_("begin a procedure and set its dates"),
    arguments=Start,
    sentences=_start_sentences,
    who=lambda transaction, arguments: with_power(transaction, PROCEDURE_START, arguments.held_by),
    carry_out=lambda transaction, arguments, first, second: start(
        transaction,
        arguments.name,
        adopted_named(transaction.session, arguments.fingerprint),
        arguments.anchors,
        by=(first, second),
        held_by=arguments.held_by,
        repeats=_earlier(transaction, arguments.repeats),
    ),
    subject=lambda arguments: {} if arguments.held_by is None else {"body": arguments.held_by},
    until=lambda transaction, arguments: _first_opening(
        policy_of(adopted_named(transaction.session, arguments.fingerprint), transaction.instance.plugins),
        arguments.anchors,
    ),
)

SCHEDULE = GraveAct(
    name="procedure.schedule",
    title=N_("choose the dates of a procedure"),
    arguments=Dates,
    sentences=lambda transaction, arguments: dates_told(
        transaction.session, running_in(transaction, arguments), arguments.anchors
    ),
    who=lambda transaction, arguments: with_power(
        transaction, PROCEDURE_START, running_in(transaction, arguments).procedure.held_by
    ),
    carry_out=lambda transaction, arguments, first, second: choose_dates(
        transaction, running_in(transaction, arguments), arguments.anchors, by=(first, second)
    ),
    subject=about_procedure,
    rests_on=everything_decided,
    until=lambda transaction, arguments: _first_opening(running_in(transaction, arguments).policy, arguments.anchors),
)

DATE_ACTS = (START, SCHEDULE)
