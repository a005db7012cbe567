"""Days for a meeting: the office proposes them, each as an act; a policy may have a survey of days as a stage."""

from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable

import click
import msgspec
from sqlmodel import SQLModel

from stembus.hooks import hookimpl
from stembus.instance import Instance, Transaction
from stembus.ledger.acts import Act, ActKind
from stembus.organisation.authority import authorise
from stembus.organisation.powers import Power
from stembus.pass_instance import pass_instance
from stembus_dates.calling_off import *  # noqa: F403  (its hooks are hooks of this plugin)
from stembus_dates.calling_off import CALLED_OFF, MAY_CALL_OFF
from stembus_dates.days import PROPOSE, ProposedDay
from stembus_dates.pages import *  # noqa: F403  (its hooks are hooks of this plugin)
from stembus_procedures import Window

PROPOSED = ActKind(name="dates.proposed", nl="{day} is voorgesteld.", en="{day} was proposed.")


class DateSurvey(Window, frozen=True, kw_only=True, tag="date_survey"):
    minimum_answers: int


@click.command("propose-day")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--by", required=True, help="Member number of who proposes it.")
@pass_instance
def propose_day(instance: Instance, day: date, by: str) -> None:
    """Propose DAY for the meeting."""
    with instance.write() as transaction:
        actor = authorise(transaction, by, PROPOSE.name)
        transaction.record(Act(kind=PROPOSED.name, by=(actor,), ground="survey", subject={"day": f"{day:%Y-%m-%d}"}))


@hookimpl
def act_recorded(transaction: Transaction, act: Act, act_id: str) -> None:
    if act.kind == PROPOSED.name:
        transaction.session.add(ProposedDay(day=date.fromisoformat(act.subject["day"]), act_id=act_id))


@hookimpl
def register_tables() -> Iterable[type[SQLModel]]:
    return [ProposedDay]


@hookimpl
def register_migrations() -> Iterable[Traversable]:
    return [files("stembus_dates") / "migrations"]


@hookimpl
def register_stage_kinds() -> Iterable[type[msgspec.Struct]]:
    return [DateSurvey]


@hookimpl
def register_policy_sentences() -> Iterable[Traversable]:
    return [files("stembus_dates") / "sentences" / "36-date-survey.toml"]


@hookimpl
def register_powers() -> Iterable[Power]:
    return [PROPOSE, MAY_CALL_OFF]


@hookimpl
def register_act_kinds() -> Iterable[ActKind]:
    return [PROPOSED, CALLED_OFF]


@hookimpl
def register_commands() -> Iterable[click.Command]:
    return [propose_day]
