"""The acts of two in a running procedure: what both are told, who they can be, and which verb it is.

Those that choose its dates are in `grave_dates`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from stembus.access.grave_acts import Arguments, GraveAct, Who, with_power
from stembus.conduct.about_procedure import OfProcedure, about_procedure, speaking_for
from stembus.conduct.about_procedure import running as running_in
from stembus.conduct.annulled import ANNUL_REASONS
from stembus.conduct.deciding import (
    annul,
    cancel,
    close_early,
    closers,
    decide_too_few,
    extend,
    extenders,
    postpone,
    window,
)
from stembus.conduct.grave_dates import DATE_ACTS, deadline, everything_decided
from stembus.conduct.policies import Source, adopt, adopted_policies, findings_in, source_in
from stembus.conduct.running import Running, complete
from stembus.errors import Refused, UnusableInput
from stembus.organisation.core_powers import POLICY_ADOPT
from stembus.words import N_
from stembus_procedures import PolicyError, annulled_by, declared_at
from stembus_procedures.events import AnnulReason, TooFewOption
from stembus_procedures.language.stages import EnoughCandidates
from stembus_procedures.names import stage_name
from stembus_procedures.norms import Norms, load_norms
from stembus_procedures.sentence import Sentence
from stembus_procedures.timeline import timeline, zone_of

if TYPE_CHECKING:
    from stembus.instance import Transaction


class InProcedure(OfProcedure, frozen=True):
    """What is decided in one procedure, and why."""

    ground: str


class Annulment(InProcedure, frozen=True):
    """What was wrong with a vote that is annulled."""

    reason: AnnulReason


class InWindow(InProcedure, frozen=True):
    """What is decided about one window."""

    stage: str


class Longer(InWindow, frozen=True):
    """A window that stays open until another moment."""

    until: datetime


class TaskDone(InProcedure, frozen=True):
    """A task that is complete; `number` for the decision how many are to be elected."""

    stage: str
    number: int | None = None


class TooFew(InProcedure, frozen=True):
    """What was chosen where there were too few candidates."""

    option: TooFewOption
    reopened_until: datetime | None = None


class Adopt(Arguments, frozen=True):
    """A policy to adopt, as its text, and the decision of the party that adopts it.

    `norms` is the text of the party's norms that it is checked against, if any.
    """

    name: str
    text: str
    decision: str
    norms: str = ""


def _closes(running: Running, stage_id: str) -> datetime:
    window(running.policy, stage_id)
    if not running.times:
        raise Refused("{procedure} has no dates.", procedure=running.procedure.name)
    return running.times[f"{stage_id}.closes"]


def _ground(ground: str) -> Sentence:
    return Sentence(N_("The ground: {ground}"), ground=ground)


# A window longer, or shorter.


def _window_state(transaction: "Transaction", arguments: InWindow) -> object:
    """Return what was decided about the times of the procedure; a task that is done meanwhile changes nothing here."""
    running = running_in(transaction, arguments)
    state = msgspec.to_builtins(running.state)
    return [running.adopted.fingerprint, {key: value for key, value in state.items() if key != "done"}]


def _extend_sentences(transaction: "Transaction", arguments: Longer) -> Sequence[Sentence]:
    running = running_in(transaction, arguments)
    policy, zone = running.policy, zone_of(running.policy)
    stage, closes = window(policy, arguments.stage), _closes(running, arguments.stage)
    found = [
        Sentence(
            N_("In {name}, {stage} now closes on {closes}."),
            name=running.procedure.name,
            stage=stage_name(stage),
            closes=deadline(closes, zone),
        ),
        Sentence(N_("It will close on {until}."), until=deadline(arguments.until, zone)),
    ]
    moved = {**running.state.moved, f"{stage.id}.closes": arguments.until}
    after = timeline(policy, running.state.anchors or {}, moved)
    for one in after:
        if one.moment != f"{stage.id}.closes" and running.times.get(one.moment) != one.at:
            found.append(
                Sentence(
                    N_("What follows moves along: {what} on {until}."), what=one.name, until=deadline(one.at, zone)
                )
            )
    if stage.extension is not None:
        times = running.state.extensions.get(stage.id, 0)
        found.append(
            Sentence(
                N_("It is extension {number} of at most {most}."), number=times + 1, most=stage.extension.most_times
            )
        )
    return *found, _ground(arguments.ground)


EXTEND = GraveAct(
    name="procedure.extend",
    title=N_("extend a term"),
    arguments=Longer,
    sentences=_extend_sentences,
    who=lambda transaction, arguments: speaking_for(
        transaction,
        running_in(transaction, arguments),
        extenders(running_in(transaction, arguments).policy, arguments.stage),
    ),
    carry_out=lambda transaction, arguments, first, second: extend(
        transaction,
        running_in(transaction, arguments),
        arguments.stage,
        arguments.until,
        by=(first, second),
        ground=arguments.ground,
    ),
    subject=about_procedure,
    rests_on=_window_state,
    until=lambda transaction, arguments: _closes(running_in(transaction, arguments), arguments.stage),
)


def _close_sentences(transaction: "Transaction", arguments: InWindow) -> Sequence[Sentence]:
    running = running_in(transaction, arguments)
    stage = window(running.policy, arguments.stage)
    return (
        Sentence(
            N_("In {name}, {stage} closes at the moment that this is confirmed, and not on {closes}."),
            name=running.procedure.name,
            stage=stage_name(stage),
            closes=deadline(_closes(running, arguments.stage), zone_of(running.policy)),
        ),
        Sentence(N_("It cannot be opened again.")),
        _ground(arguments.ground),
    )


CLOSE_EARLY = GraveAct(
    name="procedure.close_early",
    title=N_("close earlier than planned"),
    arguments=InWindow,
    sentences=_close_sentences,
    who=lambda transaction, arguments: speaking_for(
        transaction,
        running_in(transaction, arguments),
        closers(running_in(transaction, arguments).policy, arguments.stage),
    ),
    carry_out=lambda transaction, arguments, first, second: close_early(
        transaction,
        running_in(transaction, arguments),
        arguments.stage,
        by=(first, second),
        ground=arguments.ground,
    ),
    subject=about_procedure,
    rests_on=_window_state,
    until=lambda transaction, arguments: _closes(running_in(transaction, arguments), arguments.stage),
)


# Calling off, and putting off.


def _stoppers(transaction: "Transaction", arguments: InProcedure) -> Who:
    running = running_in(transaction, arguments)
    return speaking_for(transaction, running, running.policy.cancelled_by)


CANCEL = GraveAct(
    name="procedure.cancel",
    title=N_("cancel a procedure"),
    arguments=InProcedure,
    sentences=lambda transaction, arguments: (
        Sentence(
            N_("The procedure {name} ends without an outcome. Nothing can be done in it any more."),
            name=running_in(transaction, arguments).procedure.name,
        ),
        Sentence(N_("What was recorded stays. It cannot be begun again; a new procedure can.")),
        _ground(arguments.ground),
    ),
    who=_stoppers,
    carry_out=lambda transaction, arguments, first, second: cancel(
        transaction, running_in(transaction, arguments), by=(first, second), ground=arguments.ground
    ),
    subject=about_procedure,
    rests_on=everything_decided,
)


RESULT_LAPSES = N_(
    "The result that was declared does not hold. Seats that were taken on it end by a decision of their own."
)


def _annul_sentences(transaction: "Transaction", arguments: Annulment) -> Sequence[Sentence]:
    running = running_in(transaction, arguments)
    return (
        Sentence(
            N_("The vote in {name} is annulled: nothing is counted or declared any more, and nobody is elected by it."),
            name=running.procedure.name,
        ),
        *([Sentence(RESULT_LAPSES)] if declared_at(running.policy, running.state) else []),
        Sentence(N_("What was recorded and made public stays to be seen, with this beside it.")),
        Sentence(N_("It cannot be undone. A new vote is a new procedure, with new dates and new voting codes.")),
        Sentence(N_("What was wrong: {reason}"), reason=Sentence(ANNUL_REASONS[arguments.reason])),
        Sentence(N_("The ground, which everybody can read: {ground}"), ground=arguments.ground),
    )  # fmt: skip


ANNUL = GraveAct(
    name="procedure.annul",
    title=N_("annul a vote"),
    arguments=Annulment,
    sentences=_annul_sentences,
    who=lambda transaction, arguments: speaking_for(
        transaction, running_in(transaction, arguments), annulled_by(running_in(transaction, arguments).policy)
    ),
    carry_out=lambda transaction, arguments, first, second: annul(
        transaction,
        running_in(transaction, arguments),
        arguments.reason,
        by=(first, second),
        ground=arguments.ground,
    ),
    subject=about_procedure,
    rests_on=everything_decided,
)

POSTPONE = GraveAct(
    name="procedure.postpone",
    title=N_("postpone a procedure"),
    arguments=InProcedure,
    sentences=lambda transaction, arguments: (
        Sentence(
            N_("All dates of {name} lapse. Two people choose new ones later."),
            name=running_in(transaction, arguments).procedure.name,
        ),
        Sentence(N_("Tasks that were complete have to be completed again.")),
        _ground(arguments.ground),
    ),
    who=_stoppers,
    carry_out=lambda transaction, arguments, first, second: postpone(
        transaction, running_in(transaction, arguments), by=(first, second), ground=arguments.ground
    ),
    subject=about_procedure,
    rests_on=everything_decided,
)


# Tasks that take two, and too few candidates.


def _owners(transaction: "Transaction", arguments: TaskDone) -> Who:
    running = running_in(transaction, arguments)
    stage = running.policy.stage(arguments.stage)
    return speaking_for(transaction, running, tuple(filter(None, (stage.owner, stage.substitute))))


def _task_sentences(transaction: "Transaction", arguments: TaskDone) -> Sequence[Sentence]:
    running = running_in(transaction, arguments)
    found = [
        Sentence(
            N_("In {name}, this task is complete: {stage}."),
            name=running.procedure.name,
            stage=stage_name(running.policy.stage(arguments.stage)),
        )
    ]
    if arguments.number is not None:
        found.append(Sentence(N_("The number to be elected is {number}."), number=arguments.number))
    return *found, _ground(arguments.ground)


COMPLETE = GraveAct(
    name="procedure.complete",
    title=N_("complete a task"),
    arguments=TaskDone,
    sentences=_task_sentences,
    who=_owners,
    carry_out=lambda transaction, arguments, first, second: complete(
        transaction,
        running_in(transaction, arguments),
        arguments.stage,
        numbers=(first, second),
        number=arguments.number,
        ground=arguments.ground,
    ),
    subject=about_procedure,
    rests_on=everything_decided,
)

OPTIONS: Mapping[TooFewOption, str] = {
    "postpone": N_("All dates of {name} lapse; new ones are chosen later."),
    "reopen": N_("The call of {name} opens again."),
    "proceed_smaller": N_("{name} goes on, and so many are elected as there are candidates."),
    "appoint_interim": N_("Nobody is elected in {name} now: people are appointed for the time being."),
}


def _too_few_sentences(transaction: "Transaction", arguments: TooFew) -> Sequence[Sentence]:
    running = running_in(transaction, arguments)
    count = transaction.instance.plugins.candidates(transaction.session, running)
    found = [
        Sentence(N_("There are {candidates} candidates."), candidates=count or 0),
        Sentence(OPTIONS[arguments.option], name=running.procedure.name),
    ]
    if arguments.reopened_until is not None:
        until = deadline(arguments.reopened_until, zone_of(running.policy))
        found.append(Sentence(N_("It will close on {until}."), until=until))
    return *found, _ground(arguments.ground)


def _choosers(transaction: "Transaction", arguments: TooFew) -> Who:
    running = running_in(transaction, arguments)
    stage = running.policy.first(EnoughCandidates)
    return speaking_for(transaction, running, (stage.decided_by,) if stage else ())


TOO_FEW = GraveAct(
    name="procedure.too_few",
    title=N_("decide what happens with too few candidates"),
    arguments=TooFew,
    sentences=_too_few_sentences,
    who=_choosers,
    carry_out=lambda transaction, arguments, first, second: decide_too_few(
        transaction,
        running_in(transaction, arguments),
        arguments.option,
        by=(first, second),
        ground=arguments.ground,
        reopened_until=arguments.reopened_until,
    ),
    subject=about_procedure,
    rests_on=everything_decided,
)


# A policy.


def _source(transaction: "Transaction", arguments: Adopt) -> Source:
    try:
        return source_in(arguments.text, transaction.instance.plugins, arguments.name)
    except PolicyError as error:
        raise UnusableInput(error.sentence_about(arguments.name)) from None


def _norms(arguments: Adopt) -> Norms | None:
    try:
        return load_norms(arguments.norms) if arguments.norms else None
    except PolicyError as error:
        raise UnusableInput(error.sentence_about("norms")) from None


def _adopt_sentences(transaction: "Transaction", arguments: Adopt) -> Sequence[Sentence]:
    policy = _source(transaction, arguments).policy
    before = next((row for row in adopted_policies(transaction.session) if row.policy_id == policy.id), None)
    found = [
        Sentence(
            N_("{title} ({policy}, version {version}) is adopted, word for word as the file has it."),
            title=policy.title,
            policy=policy.id,
            version=policy.version,
        ),
        Sentence(N_("It is the first policy of this name."))
        if before is None
        else Sentence(
            N_("It comes in place of version {version} ({decision})."), version=before.version, decision=before.decision
        ),
        Sentence(N_("Procedures can begin under it. Those that run keep their own policy.")),
    ]
    if findings := findings_in(policy, transaction.instance.plugins, _norms(arguments)):
        found.append(Sentence(N_("Warnings of its check, to be read beside the text: {count}."), count=len(findings)))
    return *found, Sentence(N_("The decision: {decision}"), decision=arguments.decision)


ADOPT = GraveAct(
    name="policy.adopt",
    title=N_("adopt a policy"),
    arguments=Adopt,
    sentences=_adopt_sentences,
    who=lambda transaction, _arguments: with_power(transaction, POLICY_ADOPT),
    carry_out=lambda transaction, arguments, first, second: adopt(
        transaction,
        _source(transaction, arguments),
        by=(first, second),
        decision=arguments.decision,
        norms=_norms(arguments),
    ),
    subject=lambda _arguments: {},
    read_at="/adopt/policy/proposed/{proposal}",
)

CONDUCT_GRAVE_ACTS = (*DATE_ACTS, EXTEND, CLOSE_EARLY, CANCEL, ANNUL, POSTPONE, COMPLETE, TOO_FEW, ADOPT)
