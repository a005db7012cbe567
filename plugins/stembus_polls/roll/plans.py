"""The contests of a procedure: as its policy makes them, and without those that had too few voters at the freeze."""

from collections.abc import Sequence

from sqlmodel import Session

from stembus.conduct.running import Running
from stembus.errors import Refused
from stembus_polls.contests import ContestPlan, plan_contests
from stembus_polls.roll.rows import current_version
from stembus_polls.secret.small import merges_small_groups
from stembus_procedures.language.values import Words


def contest_plans(running: Running, merged: Sequence[str] = ()) -> tuple[ContestPlan, ...]:
    """Return the contests of a procedure, those that are `merged` within that of all members.

    Raises `Refused` while the number of seats is not decided.
    """
    seats = running.policy.seats
    number = running.state.number or (seats.number if seats and isinstance(seats.number, int) else None)
    if number is None:
        raise Refused(
            "{procedure}: the number of seats is not decided yet, so neither are the contests.",
            procedure=running.procedure.name,
        )
    try:
        return plan_contests(running.policy, number, merged)
    except ValueError as error:
        raise Refused("{procedure}: {error}", procedure=running.procedure.name, error=error) from None


def merged_contests(session: Session, running: Running) -> tuple[str, ...]:
    """Return the contests that are filled at large, since the frozen roll had too few voters in each of them."""
    if not merges_small_groups(running.policy):
        return ()
    version = current_version(session, running.procedure.id)
    return () if version is None else tuple(version.merged.split())


def plans_now(session: Session, running: Running) -> tuple[ContestPlan, ...]:
    """Return the contests that are voted on. Raises `Refused` while the number of seats is not decided."""
    return contest_plans(running, merged_contests(session, running))


def merged_titles(running: Running, merged: Sequence[str]) -> tuple[Words, ...]:
    """Return what these contests are called."""
    return tuple(plan.title for plan in contest_plans(running) if plan.id in merged)
