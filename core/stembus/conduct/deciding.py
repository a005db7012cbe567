"""What people decide in a running procedure: its dates, a window longer or shorter, calling off, too few candidates."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from stembus.conduct.running import Running, begin, facts_of, happen, schedule
from stembus.conduct.speaking import Speakers, in_their_seats, speakers
from stembus.conduct.tables import AdoptedPolicy
from stembus.errors import Refused, UnusableInput
from stembus.organisation.authority import authorise_two
from stembus.organisation.core_powers import PROCEDURE_START
from stembus_procedures import Policy, annulled_by
from stembus_procedures.events import (
    Annulled,
    AnnulReason,
    Cancelled,
    ClosedEarly,
    Extended,
    Postponed,
    TooFewDecided,
    TooFewOption,
)
from stembus_procedures.language.stages import EnoughCandidates, Window

if TYPE_CHECKING:
    from stembus.instance import Transaction


def start(
    transaction: "Transaction",
    name: str,
    adopted: AdoptedPolicy,
    anchors: Mapping[str, date],
    *,
    by: tuple[str, str],
    held_by: str | None = None,
    repeats: Running | None = None,
) -> Running:
    """Begin a procedure called `name` and set its dates, as two people whose seats allow it.

    `repeats` is the procedure whose annulled vote is held again in it.
    """
    people = _starters(transaction, by, held_by)
    begun = begin(transaction, name, adopted, people, held_by=held_by, repeats=repeats)
    return schedule(transaction, begun, anchors, people)


def choose_dates(
    transaction: "Transaction", running: Running, anchors: Mapping[str, date], *, by: tuple[str, str]
) -> Running:
    """Choose new dates, before the procedure has begun or after it was postponed."""
    return schedule(transaction, running, anchors, _starters(transaction, by, running.procedure.held_by))


def extend(
    transaction: "Transaction", running: Running, stage: str, until: datetime, *, by: Sequence[str], ground: str
) -> Running:
    """Keep a window open longer. Raises `Refused` with what the policy allows."""
    may = extenders(running.policy, stage)
    people = speakers(transaction, running.policy, by, may, branch=running.procedure.held_by)
    event = Extended(at=transaction.now, by=people.by, stage=stage, until=until, ground=ground)
    return happen(transaction, running, event, people, ground=ground)


def close_early(transaction: "Transaction", running: Running, stage: str, *, by: Sequence[str], ground: str) -> Running:
    """Close a window now. Raises `Refused` where the policy does not allow it."""
    may = closers(running.policy, stage)
    people = speakers(transaction, running.policy, by, may, branch=running.procedure.held_by)
    event = ClosedEarly(at=transaction.now, by=people.by, stage=stage, ground=ground)
    return happen(transaction, running, event, people, ground=ground)


def cancel(transaction: "Transaction", running: Running, *, by: Sequence[str], ground: str) -> Running:
    """End the procedure without an outcome."""
    people = _stoppers(transaction, running, by)
    event = Cancelled(at=transaction.now, by=people.by, ground=ground)
    return happen(transaction, running, event, people, ground=ground)


def annul(
    transaction: "Transaction", running: Running, reason: AnnulReason, *, by: Sequence[str], ground: str
) -> Running:
    """Let the vote of a procedure hold no more, after its close: nothing is counted or declared, nobody is elected.

    What was recorded and published stays. Raises `Refused` before the close, and for who does not decide about faults
    by the policy.
    """
    people = speakers(transaction, running.policy, by, annulled_by(running.policy), branch=running.procedure.held_by)
    event = Annulled(at=transaction.now, by=people.by, reason=reason, ground=ground)
    return happen(transaction, running, event, people, ground=ground, public={"reason": reason})


def postpone(transaction: "Transaction", running: Running, *, by: Sequence[str], ground: str) -> Running:
    """Let all dates lapse; two people choose new ones later."""
    people = _stoppers(transaction, running, by)
    event = Postponed(at=transaction.now, by=people.by, ground=ground)
    return happen(transaction, running, event, people, ground=ground)


def decide_too_few(
    transaction: "Transaction",
    running: Running,
    option: TooFewOption,
    *,
    by: Sequence[str],
    ground: str,
    reopened_until: datetime | None = None,
    anchors: Mapping[str, date] | None = None,
) -> int:
    """Record what the body that the policy names decided about too few candidates; return how many there were."""
    stage = running.policy.first(EnoughCandidates)
    candidates = facts_of(transaction.session, transaction.instance.plugins, running).candidates
    if stage is None or candidates is None:
        raise Refused(
            "In {procedure} there is nothing to decide about the number of candidates.",
            procedure=running.procedure.name,
        )
    people = speakers(transaction, running.policy, by, (stage.decided_by,), branch=running.procedure.held_by)
    event = TooFewDecided(
        at=transaction.now,
        by=people.by,
        stage=stage.id,
        option=option,
        candidates=candidates,
        ground=ground,
        reopened_until=reopened_until,
        anchors=dict(anchors) if anchors else None,
    )
    happen(transaction, running, event, people, ground=ground)
    return candidates


def window(policy: Policy, stage_id: str) -> Window:
    """Return a window of a policy. Raises `UnusableInput` that names those there are."""
    windows = {stage.id: stage for stage in policy.stages_of(Window)}
    if stage_id not in windows:
        raise UnusableInput(
            "{policy} has no window {stage!r} that opens and closes; it has {windows}.",
            policy=policy.id,
            stage=stage_id,
            windows=list(windows),
        )
    return windows[stage_id]


def extenders(policy: Policy, stage_id: str) -> tuple[str, ...]:
    """Return the bodies that may extend a window."""
    extension = window(policy, stage_id).extension
    return (extension.by,) if extension else ()


def closers(policy: Policy, stage_id: str) -> tuple[str, ...]:
    """Return the bodies that may close a window early."""
    early = window(policy, stage_id).early_close_by
    return (early,) if early else ()


def _starters(transaction: "Transaction", by: tuple[str, str], branch: str | None) -> Speakers:
    return in_their_seats(authorise_two(transaction, *by, PROCEDURE_START, branch=branch))


def _stoppers(transaction: "Transaction", running: Running, by: Sequence[str]) -> Speakers:
    return speakers(transaction, running.policy, by, running.policy.cancelled_by, branch=running.procedure.held_by)
