"""`stembus access`: letting an officer make a passkey, and ending sessions, without a browser."""

import click

from stembus.access.enrolment import give_enrolment_code
from stembus.access.letters import make_letter
from stembus.access.passkeys import passkeys_of
from stembus.access.sessions import end_all_others, open_sessions
from stembus.instance import Instance
from stembus.organisation.registry import member_numbered
from stembus.pass_instance import pass_instance


@click.group("access")
def access_group() -> None:
    """Signing in: a code to make a passkey, and who is signed in where."""


@access_group.command("enrol")
@click.argument("member")
@click.option("--by", required=True, help="Member number of who gives the code.")
@click.option("--with", "second", required=True, help="Member number of the second person.")
@click.option("--ground", required=True, help='Why, and how you saw who it is: "lost telephone, passport seen".')
@pass_instance
def enrol_command(instance: Instance, *, member: str, by: str, second: str, ground: str) -> None:
    """Give MEMBER a code to make a passkey, as an act of two. Their passkeys and sessions of before end."""
    with instance.write() as transaction:
        given = give_enrolment_code(transaction, member, by=(by, second), ground=ground)
    until = given.expires_at.astimezone(instance.zone)
    click.echo(f"Member {given.number} opens this address once, before {until:%Y-%m-%d %H:%M}:")
    click.echo(f"  {given.address}")
    click.echo(f"or types this code at {given.address.partition('#')[0]}:")
    click.echo(f"  {given.code}")
    click.echo("It is shown now and never again. Whoever has it can make a passkey in this member's name.")


@access_group.command("letter")
@click.argument("member")
@click.option("--by", required=True, help="Member number of who makes the code.")
@pass_instance
def letter_command(instance: Instance, member: str, *, by: str) -> None:
    """Make the code of a letter for MEMBER to sign in with, once. Codes made before stop working."""
    with instance.write() as transaction:
        code = make_letter(transaction, member, by=by)
    click.echo(f"Member {member} types this code, once, at {instance.settings.address.rstrip('/')}/sign-in/letter:")
    click.echo(f"  {code}")
    click.echo("It is shown now and never again. Whoever has it can sign in as this member.")


@access_group.command("show")
@click.argument("member")
@pass_instance
def show_command(instance: Instance, member: str) -> None:
    """Show where MEMBER is signed in, and which passkeys they have."""
    with instance.read() as session:
        person = member_numbered(session, member)
        sessions = open_sessions(session, person.id, instance.clock.now())
        keys = passkeys_of(session, person.id)
    for one in sessions:
        seen = one.last_seen_at.astimezone(instance.zone)
        click.echo(f"signed in by {one.strength}, {one.agent or 'an unknown browser'}, last seen {seen:%Y-%m-%d %H:%M}")
    for key in keys:
        counts = "counts for seats" if key.is_vouched else "does not count for seats"
        click.echo(f"passkey {key.name!r}, made {key.made_at.astimezone(instance.zone):%Y-%m-%d}, {counts}")
    if not sessions and not keys:
        click.echo(f"Member {person.number} is signed in nowhere and has no passkey.")


@access_group.command("sign-out")
@click.argument("member")
@pass_instance
def sign_out_command(instance: Instance, member: str) -> None:
    """End every session of MEMBER, as when they call that a telephone was stolen."""
    with instance.write() as transaction:
        ended = end_all_others(transaction, member_numbered(transaction.session, member).id, None)
    click.echo(f"{ended} sessions of member {member} were ended.")
