"""`stembus policy`: reading, checking, adopting and comparing policies."""

from datetime import date, datetime
from pathlib import Path
from typing import Literal

import click

from stembus.clock import SystemClock
from stembus.commands.dates import DAY, anchors_from
from stembus.conduct.policies import (
    adopt,
    adopted_policies,
    findings_in,
    known_policies,
    read_norms,
    read_source,
    sentences,
)
from stembus.errors import CheckFailed, UnusableInput
from stembus.instance import Instance
from stembus.pass_instance import pass_instance
from stembus.plugins import Plugins
from stembus_procedures import Policy
from stembus_procedures.check import is_refused
from stembus_procedures.diff import differences
from stembus_procedures.ics import calendar_text
from stembus_procedures.text import Lang, render, to_html, to_markdown, to_plain
from stembus_procedures.timeline import TimelineError, dated, timeline

LANG = click.option(
    "--lang", type=click.Choice(["nl", "nl-simple", "en"]), default="nl", show_default=True, help="The language."
)
NORMS = click.option(
    "--norms", type=click.Path(path_type=Path, dir_okay=False), help="The party's statutes and rules as a norms file."
)
WRITERS = {"text": to_plain, "markdown": to_markdown, "html": to_html}


@click.group("policy")
def policy_group() -> None:
    """Policies: a procedure of the party, written so that members read it and the software runs it.

    POLICY is a file, or the name of one that ships.
    """


@policy_group.command("list")
@pass_instance
def list_command(instance: Instance) -> None:
    """List the policies that ship, and those that were adopted."""
    for name, file in sorted(known_policies(instance.plugins).items()):
        title = read_source(name, instance.plugins).policy.title
        click.echo(f"ships    {name}: {title.nl} / {title.en} ({file.name})")
    with instance.read() as session:
        for row in adopted_policies(session):
            day = row.adopted_at.astimezone(instance.zone)
            click.echo(
                f"adopted  {row.policy_id} {row.version} on {day:%Y-%m-%d}, {row.decision}: {row.fingerprint[:12]}"
            )


@policy_group.command("check")
@click.argument("policy")
@NORMS
def check_command(policy: str, norms: Path | None) -> None:
    """Check POLICY against the law, itself and the party's norms; say which rule, where and why."""
    plugins = Plugins.discover()
    source = read_source(policy, plugins)
    findings = findings_in(source.policy, plugins, read_norms(norms) if norms else None)
    for finding in findings:
        click.echo(str(finding))
    errors = sum(finding.severity == "error" for finding in findings)
    if is_refused(findings):
        raise CheckFailed(f"{policy} may not be adopted: {errors} of {len(findings)} findings are errors.")
    click.echo(f"{policy} passes: no errors, {len(findings)} warnings.")


@policy_group.command("show")
@click.argument("policy")
@LANG
@click.option("--format", "form", type=click.Choice(list(WRITERS)), default="text", show_default=True)
@click.option("--anchor", "anchors", multiple=True, help="A date to fill in: meeting=2026-06-20.")
def show_command(policy: str, lang: Lang, form: str, anchors: tuple[str, ...]) -> None:
    """Show the text of POLICY as members read it."""
    plugins = Plugins.discover()
    source = read_source(policy, plugins)
    dates = None
    if anchors:
        moments = _dated(source.policy, anchors_from(source.policy, anchors))
        stages = {stage.id for stage in source.policy.stages}
        dates = {(f"stages.{m}" if m.split(".")[0] in stages else m): at for m, at in moments.items()}
    click.echo(WRITERS[form](render(source.policy, lang, dates=dates, catalogue=sentences(plugins))))


@policy_group.command("adopt")
@click.argument("policy")
@NORMS
@click.option("--decision", required=True, help='Where the decision is found: "ALV 1-3-2026, decision 4".')
@click.option("--by", required=True, help="Member number of who records it.")
@click.option("--with", "second", required=True, help="Member number of the second person.")
@pass_instance
def adopt_command(instance: Instance, policy: str, *, norms: Path | None, decision: str, by: str, second: str) -> None:
    """Freeze POLICY and its texts by hash, with the decision that adopted it. It takes two people."""
    source = read_source(policy, instance.plugins)
    with instance.write() as transaction:
        row = adopt(transaction, source, by=(by, second), decision=decision, norms=read_norms(norms) if norms else None)
        said = f"{row.policy_id} {row.version} is adopted ({decision}). Its fingerprint: {row.fingerprint}"
    click.echo(said)


@policy_group.command("diff")
@click.argument("before")
@click.argument("after")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
def diff_command(before: str, after: str, lang: Literal["nl", "en"]) -> None:
    """Say in sentences what changed between two policies."""
    plugins = Plugins.discover()
    old, new = read_source(before, plugins).policy, read_source(after, plugins).policy
    changed = differences(old, new, lang, catalogue=sentences(plugins))
    click.echo("\n".join(changed) or {"nl": "Er is niets veranderd.", "en": "Nothing changed."}[lang])


@policy_group.command("timeline")
@click.argument("policy")
@click.option("--on", "day", type=DAY, help="The date that all others are counted from (the day of the meeting).")
@click.option("--anchor", "anchors", multiple=True, help="Where there is more than one such date: meeting=2026-06-20.")
@click.option("--ics", type=click.Path(path_type=Path, dir_okay=False), help="Write the calendar to this file as well.")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
def timeline_command(
    policy: str, *, day: date | None, anchors: tuple[str, ...], ics: Path | None, lang: Literal["nl", "en"]
) -> None:
    """Print the calendar of POLICY for a date, and write it as an .ics file."""
    source = read_source(policy, Plugins.discover())
    chosen = anchors_from(source.policy, anchors, day)
    try:
        deadlines = timeline(source.policy, chosen)
    except TimelineError as error:
        raise UnusableInput(f"{policy}: {error}") from None
    for deadline in deadlines:
        owner = source.policy.bodies.get(deadline.owner)
        acts = f"  ({getattr(owner.name, lang)})" if owner else ""
        click.echo(f"{deadline.day:%a %Y-%m-%d} {deadline.clock}  {getattr(deadline.name, lang)}{acts}")
    if ics is not None:
        text = calendar_text(source.policy, deadlines, stamp=SystemClock().now(), language=lang)
        ics.write_bytes(text.encode())
        click.echo(f"The calendar is in {ics}.")


def _dated(policy: Policy, anchors: dict[str, date]) -> dict[str, datetime]:
    try:
        return dated(policy, anchors)
    except TimelineError as error:
        raise UnusableInput(f"{policy.id}: {error}") from None
