"""`stembus meeting`: the minimal record of the meeting in which the votes count."""

from pathlib import Path

import click

from stembus.commands.language import LANGUAGE, Language
from stembus.conduct.running import open_procedure
from stembus.errors import CheckFailed
from stembus.instance import Instance
from stembus.pass_instance import pass_instance
from stembus_polls.commands.asking import PROCEDURE, two
from stembus_polls.commands.verdicts import ALL, show_verdict
from stembus_polls.meeting.enter import last_record, meeting_of, meeting_verdict, record_meeting
from stembus_polls.meeting.record import read_record


@click.group("meeting")
def meeting_group() -> None:
    """The meeting in which the votes count: its record, and whether it makes the outcome valid."""


@meeting_group.command("record")
@PROCEDURE
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--ground", default="", help="Where the minutes are found.")
@LANGUAGE
@ALL
@two
@pass_instance
def record_command(
    instance: Instance, *, procedure: str, file: Path, ground: str, lang: Language, whole: bool, by: str, second: str
) -> None:
    """Enter the record in FILE (TOML). It replaces what was entered before, and takes two people."""
    record = read_record(file)
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, procedure)
        verdict, weighed = record_meeting(transaction, running, record, by=(by, second), ground=ground)
    show_verdict(verdict, lang, whole=whole)
    for one in weighed:
        if one.set_aside:
            click.echo(f"Set aside: the proxy of {one.proxy.giver} to {one.proxy.holder}: {one.set_aside}.")
    click.echo("The record is entered." + ("" if verdict.allowed else " It does not meet the policy yet."))


@meeting_group.command("show")
@PROCEDURE
@LANGUAGE
@ALL
@pass_instance
def show_command(instance: Instance, procedure: str, *, lang: Language, whole: bool) -> None:
    """Show whether the meeting meets the policy, requirement by requirement."""
    with instance.read() as session:
        running = open_procedure(session, instance.plugins, procedure)
        meeting_of(running)
        verdict = meeting_verdict(session, running)
        record, _ = last_record(session, running)
    if record is not None and record.statement is not None:
        click.echo(f"{record.statement.by} stated: {record.statement.outcome}")
    show_verdict(verdict, lang, whole=whole)
    if not verdict.allowed:
        raise CheckFailed(f"The meeting does not meet the policy: {verdict.reasons[0].reason.en}")


@meeting_group.command("example")
def example_command() -> None:
    """Print a record to start from."""
    click.echo(EXAMPLE, nl=False)


EXAMPLE = """\
# Everything may be entered later: what is missing is "not recorded yet".
began = 2026-06-20T10:00:00+02:00
ended = 2026-06-20T17:30:00+02:00

[called]
agenda_item = "Verkiezing van de leden van de partijraad"
documents_on = 2026-06-04
conditions_stated = true
sent = [
  { channel = "mail_with_consent", on = 2026-06-04, members = 480 },
  { channel = "post", on = 2026-06-04, members = 120 },
]

[present]
in_room = 61

[[proxies]]
giver = "001234"
holder = "001301"
given_at = 2026-06-18T12:00:00+02:00

[statement]
by = "the chair of the assembly"
outcome = "the thirteen candidates on the list of the count are elected"
at = 2026-06-20T17:20:00+02:00

# [[challenges]]        # BW 2:13: somebody doubted the outcome at once
# at = 2026-06-20T17:21:00+02:00
# by = "001450"
# in_favour = 12
# against = 40
# revoted = false

# [first_meeting]       # only for a second meeting, after one that lacked its quorum
# on = 2026-05-30
# present = 9
"""
