"""`stembus procedure`: beginning procedures, letting things happen in them, and saying where they stand."""

from pathlib import Path
from typing import Literal, get_args

import click
import msgspec

from stembus.commands.dates import anchors_from, moment
from stembus.commands.language import LANGUAGE, Language
from stembus.conduct.deciding import annul, cancel, choose_dates, close_early, decide_too_few, extend, postpone, start
from stembus.conduct.policies import adopted_named, policy_of
from stembus.conduct.running import Running, complete, open_procedure, procedures, status_of
from stembus.errors import Refused
from stembus.instance import Instance
from stembus.pass_instance import pass_instance
from stembus_procedures.dates import end_on_the_clock
from stembus_procedures.events import AnnulReason, TooFewOption
from stembus_procedures.ics import calendar_text
from stembus_procedures.status import Status
from stembus_procedures.timeline import timeline, zone_of

BY = click.option("--by", required=True, help="Member number of who does it.")
WITH = click.option("--with", "second", required=True, help="Member number of the second person.")
GROUND = click.option("--ground", required=True, help="Why: an article, a decision, a reason.")


@click.group("procedure")
def procedure_group() -> None:
    """Procedures that run: their dates, their stage, who has to act, and what blocks them."""


@procedure_group.command("start")
@click.argument("name")
@click.option("--policy", required=True, help="The id of an adopted policy, or the start of its fingerprint.")
@click.option("--anchor", "anchors", multiple=True, required=True, help="The date chosen: meeting=2026-06-20.")
@click.option("--held-by", help="The body of the branch whose procedure it is. Default: the party's.")
@click.option("--repeats", help="The procedure whose annulled vote is held again.")
@BY
@WITH
@pass_instance
def start_command(
    instance: Instance,
    name: str,
    *,
    policy: str,
    anchors: tuple[str, ...],
    held_by: str | None,
    repeats: str | None,
    by: str,
    second: str,
) -> None:
    """Begin a procedure called NAME and set its dates. From then on the clock carries them out."""
    with instance.write() as transaction:
        adopted = adopted_named(transaction.session, policy)
        chosen = anchors_from(policy_of(adopted, instance.plugins), anchors)
        earlier = open_procedure(transaction.session, instance.plugins, repeats) if repeats else None
        running = start(transaction, name, adopted, chosen, by=(by, second), held_by=held_by, repeats=earlier)
        status = status_of(transaction.session, instance.plugins, running, transaction.now)
    click.echo(f"{name} runs under {running.adopted.policy_id} {running.adopted.version}.")
    _next_line(running, status)


@procedure_group.command("schedule")
@click.argument("name")
@click.option("--anchor", "anchors", multiple=True, required=True, help="The date chosen: meeting=2026-06-20.")
@BY
@WITH
@pass_instance
def schedule_command(instance: Instance, name: str, *, anchors: tuple[str, ...], by: str, second: str) -> None:
    """Choose new dates, before the procedure has begun or after it was postponed."""
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, name)
        running = choose_dates(transaction, running, anchors_from(running.policy, anchors), by=(by, second))
        status = status_of(transaction.session, instance.plugins, running, transaction.now)
    click.echo(f"{name} has its dates.")
    _next_line(running, status)


@procedure_group.command("complete")
@click.argument("name")
@click.argument("stage")
@click.option("--number", type=int, help="For the decision on the number of seats: how many.")
@BY
@click.option("--with", "second", help="Member number of the second person, where the policy asks two.")
@click.option("--ground", default="", help="Where the decision is found.")
@pass_instance
def complete_command(
    instance: Instance, name: str, stage: str, *, number: int | None, by: str, second: str | None, ground: str
) -> None:
    """Say that the task STAGE is done. Only whoever the policy names may, and only when nothing blocks it."""
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, name)
        running = complete(transaction, running, stage, numbers=_numbers(by, second), number=number, ground=ground)
        status = status_of(transaction.session, instance.plugins, running, transaction.now)
    click.echo(f"{stage} is complete.")
    _next_line(running, status)


@procedure_group.command("extend")
@click.argument("name")
@click.argument("stage")
@click.option("--until", required=True, help="The new close: 2026-06-20T17:00, in the party's zone.")
@BY
@WITH
@GROUND
@pass_instance
def extend_command(instance: Instance, name: str, stage: str, *, until: str, by: str, second: str, ground: str) -> None:
    """Keep the window STAGE open longer: before it closes, as often and as long as the policy allows."""
    at = moment(until, instance.zone)
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, name)
        extend(transaction, running, stage, at, by=(by, second), ground=ground)
    click.echo(f"{stage} stays open until {at:%Y-%m-%d %H:%M}.")


@procedure_group.command("close-early")
@click.argument("name")
@click.argument("stage")
@BY
@WITH
@GROUND
@pass_instance
def close_early_command(instance: Instance, name: str, stage: str, *, by: str, second: str, ground: str) -> None:
    """Close the window STAGE now, where the policy allows it."""
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, name)
        close_early(transaction, running, stage, by=(by, second), ground=ground)
    click.echo(f"{stage} is closed.")


@procedure_group.command("cancel")
@click.argument("name")
@BY
@WITH
@GROUND
@pass_instance
def cancel_command(instance: Instance, name: str, *, by: str, second: str, ground: str) -> None:
    """End the procedure without an outcome."""
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, name)
        cancel(transaction, running, by=(by, second), ground=ground)
    click.echo(f"{name} is cancelled. What was recorded stays.")


@procedure_group.command("annul")
@click.argument("name")
@click.argument("reason", type=click.Choice(get_args(AnnulReason)))
@BY
@WITH
@GROUND
@pass_instance
def annul_command(instance: Instance, name: str, reason: AnnulReason, *, by: str, second: str, ground: str) -> None:
    """Let the vote of NAME hold no more, after its close: for whoever decides about faults by the policy.

    Everybody can read REASON and the ground. What was published stays, with this beside it.
    """
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, name)
        annul(transaction, running, reason, by=(by, second), ground=ground)
    click.echo(f"The vote of {name} is annulled. What was recorded and published stays.")


@procedure_group.command("postpone")
@click.argument("name")
@BY
@WITH
@GROUND
@pass_instance
def postpone_command(instance: Instance, name: str, *, by: str, second: str, ground: str) -> None:
    """Let all dates lapse; two people choose new ones later."""
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, name)
        postpone(transaction, running, by=(by, second), ground=ground)
    click.echo(f"{name} is postponed. Choose new dates with `stembus procedure schedule {name}`.")


@procedure_group.command("too-few")
@click.argument("name")
@click.argument("option", type=click.Choice(["postpone", "reopen", "proceed_smaller", "appoint_interim"]))
@click.option("--reopened-until", help="With reopen: the new close of the call.")
@click.option("--anchor", "anchors", multiple=True, help="With reopen: new dates for what comes after.")
@BY
@click.option("--with", "second", help="Member number of the second person.")
@GROUND
@pass_instance
def too_few_command(
    instance: Instance,
    name: str,
    option: TooFewOption,
    *,
    reopened_until: str | None,
    anchors: tuple[str, ...],
    by: str,
    second: str | None,
    ground: str,
) -> None:
    """Record what the body that the policy names decided about too few candidates."""
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, name)
        candidates = decide_too_few(
            transaction,
            running,
            option,
            by=_numbers(by, second),
            ground=ground,
            reopened_until=moment(reopened_until, instance.zone) if reopened_until else None,
            anchors=anchors_from(running.policy, anchors) if anchors else None,
        )
    click.echo(f"{name}: with {candidates} candidates the choice is {option.replace('_', ' ')}.")


@procedure_group.command("status")
@click.argument("name")
@LANGUAGE
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_instance
def status_command(instance: Instance, name: str, *, lang: Language, as_json: bool) -> None:
    """Say at which stage the procedure is, its next deadline, who has to act, and what blocks it."""
    with instance.read() as session:
        running = open_procedure(session, instance.plugins, name)
        status = status_of(session, instance.plugins, running, instance.clock.now())
    if as_json:
        click.echo(msgspec.json.encode(status).decode())
        return
    click.echo(f"{name}: {status.phase}")
    for stage in status.stages:
        click.echo(f"{stage.phase:9} {stage.stage} ({getattr(stage.name, lang)})")
        if stage.phase == "complete":
            continue
        until = f", until {end_on_the_clock(stage.ends, zone_of(running.policy))}" if stage.ends else ""
        click.echo(f"{'':9} - {getattr(running.policy.bodies[stage.owner].name, lang)}{until}")
        for block in stage.blocks:
            click.echo(f"{'':9} - {getattr(block.reason, lang)}")
    _next_line(running, status, blocks=False)


@procedure_group.command("list")
@pass_instance
def list_command(instance: Instance) -> None:
    """List every procedure with its next deadline, who has to act and what blocks it, most urgent first."""
    now = instance.clock.now()
    with instance.read() as session:
        running = [open_procedure(session, instance.plugins, row.name) for row in procedures(session)]
        found = [(one, status_of(session, instance.plugins, one, now)) for one in running]
    if not found:
        click.echo("No procedure was begun yet: `stembus procedure start`.")
    for one, status in sorted(found, key=lambda item: _urgency(item[1])):
        click.echo(f"{one.procedure.name} ({status.phase})")
        _next_line(one, status, indent="  ")


@procedure_group.command("calendar")
@click.argument("name")
@click.option("--ics", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file as well.")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@pass_instance
def calendar_command(instance: Instance, name: str, *, ics: Path | None, lang: Literal["nl", "en"]) -> None:
    """Print the calendar of the procedure, extensions included, and write it as an .ics file."""
    with instance.read() as session:
        running = open_procedure(session, instance.plugins, name)
    if running.state.anchors is None:
        raise Refused(f"{name} has no dates: choose them with `stembus procedure schedule {name}`.")
    deadlines = timeline(running.policy, running.state.anchors, running.state.moved)
    for deadline in deadlines:
        click.echo(f"{deadline.day:%a %Y-%m-%d} {deadline.clock}  {getattr(deadline.name, lang)}")
    if ics is not None:
        stamp = instance.clock.now()
        text = calendar_text(running.policy, deadlines, stamp=stamp, procedure=running.procedure.id, language=lang)
        ics.write_bytes(text.encode())
        click.echo(f"The calendar is in {ics}.")


def _numbers(by: str, second: str | None) -> tuple[str, ...]:
    return (by,) if second is None else (by, second)


def _next_line(running: Running, status: Status, indent: str = "", *, blocks: bool = True) -> None:
    if status.next_deadline is not None:
        deadline = status.next_deadline
        click.echo(f"{indent}Next: {deadline.name.en}, {deadline.day:%A %Y-%m-%d} {deadline.clock}.")
    if status.to_act:
        bodies = running.policy.bodies
        names = [bodies[body].name.en if body in bodies else body for body in status.to_act]
        click.echo(f"{indent}To act: {', '.join(names)}.")
    for block in status.blocks if blocks else ():
        click.echo(f"{indent}Blocked: {block.stage}: {block.reason.en}")


def _urgency(status: Status) -> tuple[bool, bool, float]:
    """What is late comes first, then what blocks, then the nearest deadline."""
    overdue = any(stage.phase == "overdue" for stage in status.stages)
    at = status.next_deadline.at.timestamp() if status.next_deadline else float("inf")
    return (not overdue or status.phase in ("cancelled", "annulled", "complete"), not status.blocks, at)
