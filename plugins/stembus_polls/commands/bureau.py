"""`stembus bureau`: whether the stembureau is composed as the policy says, and what its members declare."""

import click

from stembus.commands.language import LANGUAGE, Language
from stembus.conduct.running import open_procedure
from stembus.errors import CheckFailed, UnusableInput
from stembus.instance import Instance
from stembus.organisation.authority import today
from stembus.pass_instance import pass_instance
from stembus_polls.bureau.check import bureau_day, bureau_members, bureau_of, bureau_verdict
from stembus_polls.bureau.declare import declare_interests
from stembus_polls.commands.asking import BY, PROCEDURE
from stembus_polls.commands.verdicts import ALL, show_verdict


@click.group("bureau")
def bureau_group() -> None:
    """The stembureau: who sits on it, and whether they may."""


@bureau_group.command("check")
@PROCEDURE
@LANGUAGE
@ALL
@pass_instance
def check_command(instance: Instance, procedure: str, *, lang: Language, whole: bool) -> None:
    """Check the stembureau on the day of the vote: how many, appointed by whom, who has an interest."""
    with instance.read() as session:
        running = open_procedure(session, instance.plugins, procedure)
        day = bureau_day(running, today(instance, instance.clock.now()))
        members = bureau_members(session, running, day)
        verdict = bureau_verdict(session, running, day)
        body = bureau_of(running).body
    click.echo(f"{body} on {day}: {', '.join(f'{one.name} ({one.number})' for one in members) or 'nobody'}")
    show_verdict(verdict, lang, whole=whole)
    if not verdict.allowed:
        raise CheckFailed(f"{body} is not composed as the policy says: {verdict.reasons[0].reason.en}")
    click.echo(f"{body} is composed as the policy says.")


@bureau_group.command("declare")
@PROCEDURE
@click.argument("member", metavar="MEMBER")
@click.option("--no-interest", is_flag=True, help="There is none.")
@click.option("--interest", default="", help="An interest, in words.")
@click.option("--relative-of", "relatives", multiple=True, help="Member number of a relative; again for another.")
@BY
@pass_instance
def declare_command(
    instance: Instance,
    *,
    procedure: str,
    member: str,
    no_interest: bool,
    interest: str,
    relatives: tuple[str, ...],
    by: str,
) -> None:
    """Note what a member declares about their interests. It replaces what they declared before."""
    if no_interest == bool(interest or relatives):
        raise UnusableInput("Give --no-interest, or --interest TEXT and --relative-of NUMBER.")
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, procedure)
        declare_interests(transaction, running, member, by=by, interest=interest, relatives=relatives)
    click.echo(f"The declaration of member {member} is noted.")
