"""`stembus mail`: sending what waits, reading what came back, and what nobody knows the fate of."""

import signal
from collections.abc import Callable
from threading import Event
from types import FrameType

import click
from sqlmodel import col, func, select

from stembus.errors import CheckFailed
from stembus.instance import Instance
from stembus.notices.kinds import confidential_mails
from stembus.notices.mailings import decide
from stembus.notices.outbox import STATES
from stembus.notices.returns import poll
from stembus.notices.tables import MailMessage
from stembus.notices.transport import Unreachable, transport_of
from stembus.notices.worker import Worked, work, work_once
from stembus.pass_instance import pass_instance


@click.group("mail")
def mail_group() -> None:
    """Send mail that waits, read what came back, and decide about what nobody knows."""


@mail_group.command("status")
@pass_instance
def status_command(instance: Instance) -> None:
    """Say how many mails are in which state, and whether the mail server can be reached."""
    with instance.read() as session:
        shown = col(MailMessage.kind).not_in(confidential_mails(instance.plugins))
        query = select(MailMessage.state, func.count()).where(shown).group_by(MailMessage.state)
        counts = dict(session.exec(query).all())
    for state in STATES:
        if state in counts:
            click.echo(f"{state}: {counts[state]}")
    if not counts:
        click.echo("No mail was ever queued.")
    transport = transport_of(instance)
    try:
        transport.ready()
    except Unreachable as reason:
        raise CheckFailed("The mail server cannot be used: {reason}.", reason=str(reason)) from None
    transport.close()
    click.echo("Mail can leave.")


@mail_group.command("work")
@click.option("--once", is_flag=True, help="Send what is due now, and stop.")
@pass_instance
def work_command(instance: Instance, once: bool) -> None:
    """Send mail until it is stopped with Ctrl-C, or with --once what is due now.

    It may be killed at any moment: nothing is lost, and what was being handed over is shown as uncertain.
    """
    transport = transport_of(instance)
    if not once:
        stop = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stopping(stop))
        work(instance, transport, stop, _tell)
        return
    while (worked := work_once(instance, transport)).mail_id:
        _tell(worked)
        if worked.again_at:
            break
    transport.close()
    if worked.outcome == "unreachable" or worked.again_at:
        raise CheckFailed("Not everything was sent: {reason}.", reason=worked.said or worked.outcome)


@mail_group.command("bounces")
@pass_instance
def bounces_command(instance: Instance) -> None:
    """Read what came back to the mailbox for bounces; run it every quarter of an hour."""
    counts = poll(instance)
    click.echo(", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())) or "Nothing came back.")
    if counts["unknown"]:
        raise CheckFailed(
            "{count} could not be understood: the page of uncertain mails shows them.", count=counts["unknown"]
        )


@mail_group.command("uncertain")
@pass_instance
def uncertain_command(instance: Instance) -> None:
    """List the mails of which nobody knows whether they were sent."""
    with instance.read() as session:
        query = select(MailMessage).where(MailMessage.state == "uncertain").order_by(col(MailMessage.settled_at))
        for mail in session.exec(query):
            click.echo(f"{mail.id}  {mail.claimed_at:%Y-%m-%d %H:%M} UTC  {mail.kind}  to {mail.address}")


@mail_group.command("decide")
@click.argument("mail_id")
@click.argument("decision", type=click.Choice(["again", "leave"]))
@click.option("--by", required=True, help="Member number of who decides.")
@click.option("--ground", required=True, help="What it rests on: what the member or the server says.")
@pass_instance
def decide_command(instance: Instance, *, mail_id: str, decision: str, by: str, ground: str) -> None:
    """Decide about a mail of which nobody knows whether it was sent: send it again, or leave it."""
    with instance.write() as transaction:
        decide(transaction, mail_id, by=by, again=decision == "again", ground=ground)
    click.echo("It will be sent again, under the same Message-ID." if decision == "again" else "It is left as it is.")


def _tell(worked: Worked) -> None:
    """Print one turn without a name or an address: the log is no place for people."""
    click.echo(f"{worked.mail_id or '-'} {worked.outcome}{f' ({worked.said})' if not worked.mail_id else ''}")


def _stopping(stop: Event) -> Callable[[int, FrameType | None], None]:
    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    return handle
