"""`stembus roll`: freezing who may vote, telling members their own row and why, objections and late additions."""

from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from stembus.commands.language import LANGUAGE, Language
from stembus.conduct.running import open_procedure
from stembus.errors import UnusableInput
from stembus.instance import Instance
from stembus.organisation.registry import member_numbered
from stembus.pass_instance import pass_instance
from stembus_polls.commands.asking import BY, PROCEDURE, two
from stembus_polls.commands.poll_credentials import export_command
from stembus_polls.commands.verdicts import show_verdict
from stembus_polls.procedure_now import shown
from stembus_polls.roll.change import add_late
from stembus_polls.roll.freeze import freeze_roll
from stembus_polls.roll.leaf import check_proof, read_proof
from stembus_polls.roll.listing import strike_off_list, write_list
from stembus_polls.roll.lookup import history, own_row, why
from stembus_polls.roll.objections import decide_objection, make_objection, objections

MEMBER = click.argument("member", metavar="MEMBER")
GROUND = click.option("--ground", required=True, help="Why: what was wrong, an article, a decision.")
CONTESTS = click.option("--contest", "contests", multiple=True, help="A contest that the member votes in.")


@click.group("roll")
def roll_group() -> None:
    """The electoral roll: who may vote, and why."""


@roll_group.command("freeze")
@PROCEDURE
@click.option("--ground", default="", help="Default: the policy.")
@two
@pass_instance
def freeze_command(instance: Instance, *, procedure: str, ground: str, by: str, second: str) -> None:
    """Judge every member on the record date, and freeze who may vote under a public root. It takes two people."""
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, procedure)
        version, without = freeze_roll(transaction, running, by=(by, second), ground=ground)
    click.echo(f"{version.size} members may vote, {without} may not, judged on {version.record_day}.")
    click.echo(f"Root of version {version.version}: {version.root}")


@roll_group.command("show")
@PROCEDURE
@MEMBER
@LANGUAGE
@click.option("--proof", type=click.Path(path_type=Path, dir_okay=False), help="Write the row and its proof there.")
@pass_instance
def show_command(instance: Instance, *, procedure: str, member: str, lang: Language, proof: Path | None) -> None:
    """Tell one member their own row: whether they may vote, in what, and why. Show it to that member only."""
    with instance.read() as session:
        running = open_procedure(session, instance.plugins, procedure)
        own = own_row(session, running, member_numbered(session, member))
    if own.is_provisional:
        click.echo(f"{own.name} ({own.number}): the roll is not frozen yet; on what is known now:")
    elif own.proof is None:
        click.echo(f"{own.name} ({own.number}) is not on the roll{f' ({own.changed})' if own.changed else ''}.")
    else:
        changed = f" ({own.changed})" if own.changed else ""
        click.echo(f"{own.name} ({own.number}) is on the roll for {', '.join(own.contests)}{changed}.")
        click.echo(f"Root of version {own.proof.version}: {own.proof.root}")
    show_verdict(own.verdict, lang)
    if proof is None:
        return
    if own.proof is None:
        raise UnusableInput(f"Member {member} has no row on the roll, so there is nothing to prove.")
    proof.write_bytes(msgspec.json.format(msgspec.json.encode(own.proof)) + b"\n")
    click.echo(f"{proof}: check it with `stembus roll check {proof} --root {own.proof.root}`.")


@roll_group.command("why")
@PROCEDURE
@MEMBER
@LANGUAGE
@pass_instance
def why_command(instance: Instance, *, procedure: str, member: str, lang: Language) -> None:
    """Show each condition of the right to vote for one member, also before the roll is frozen."""
    with instance.read() as session:
        running = open_procedure(session, instance.plugins, procedure)
        verdict = why(session, running, member_numbered(session, member))
    click.echo(f"Member {member} {'may' if verdict.allowed else 'may not'} vote in {procedure}, by these conditions:")
    show_verdict(verdict, lang)


@roll_group.command("check")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--root", required=True, help="The root that was made public.")
def check_command(file: Path, root: str) -> None:
    """Check offline that the row in FILE is in the roll with this public root."""
    try:
        proof = read_proof(file.read_bytes(), str(file))
    except OSError as error:
        raise UnusableInput(f"{file} cannot be read: {error.strerror}.") from None
    check_proof(proof, root)
    contests = ", ".join(proof.leaf.contests)
    click.echo(f"Member {proof.leaf.member} is on the roll for {contests}: one of {proof.size} rows under that root.")


@roll_group.command("history")
@PROCEDURE
@pass_instance
def history_command(instance: Instance, procedure: str) -> None:
    """Show every version of the roll with its root, and why it became so."""
    with instance.read() as session:
        running = open_procedure(session, instance.plugins, procedure)
        table = Table("version", "members", "at", "why", "root", box=None)
        for row in history(session, running):
            table.add_row(str(row.version), str(row.size), shown(running, row.at), row.cause, row.root)
    Console(width=160).print(table if table.row_count else f"The roll of {procedure} is not frozen yet.")


@roll_group.command("object")
@PROCEDURE
@MEMBER
@GROUND
@BY
@pass_instance
def object_command(instance: Instance, *, procedure: str, member: str, ground: str, by: str) -> None:
    """Note the objection of a member to their own row, or to not being on the roll."""
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, procedure)
        number = make_objection(transaction, running, member, by=by, ground=ground)
    click.echo(f"Objection {number} of member {member} is noted.")


@roll_group.command("objections")
@PROCEDURE
@pass_instance
def objections_command(instance: Instance, procedure: str) -> None:
    """List the objections, for the body that decides them."""
    with instance.read() as session:
        running = open_procedure(session, instance.plugins, procedure)
        table = Table("number", "at", "decision", "ground", box=None)
        for row in objections(session, running.procedure.id):
            table.add_row(str(row.number), shown(running, row.at), row.decision or "open", row.ground)
    Console().print(table if table.row_count else f"No objections to the roll of {procedure}.")


@roll_group.command("decide")
@PROCEDURE
@click.argument("objection", type=int)
@click.option("--uphold/--reject", "upheld", required=True, default=None, help="The outcome.")
@click.option("--remove", is_flag=True, help="Upheld: take the member off the roll.")
@CONTESTS
@GROUND
@two
@pass_instance
def decide_command(
    instance: Instance,
    *,
    procedure: str,
    objection: int,
    upheld: bool,
    remove: bool,
    contests: tuple[str, ...],
    ground: str,
    by: str,
    second: str,
) -> None:
    """Decide an objection. Upheld, it changes the row and makes a new public root. It takes two people."""
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, procedure)
        version = decide_objection(
            transaction,
            running,
            objection,
            upheld=upheld,
            by=(by, second),
            ground=ground,
            remove=remove,
            contests=contests,
        )
    click.echo(f"Objection {objection} is {'upheld' if upheld else 'rejected'}.")
    if version is not None:
        click.echo(f"Root of version {version.version} ({version.size} members): {version.root}")


@roll_group.command("add")
@PROCEDURE
@MEMBER
@CONTESTS
@GROUND
@BY
@click.option("--with", "others", multiple=True, required=True, help="The second person; more where the policy asks.")
@pass_instance
def add_command(
    instance: Instance,
    *,
    procedure: str,
    member: str,
    contests: tuple[str, ...],
    ground: str,
    by: str,
    others: tuple[str, ...],
) -> None:
    """Add a member late, because of a fault that is not theirs, as the policy allows."""
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, procedure)
        version = add_late(transaction, running, member, by=(by, *others), ground=ground, contests=contests)
    click.echo(f"Member {member} is added. Root of version {version.version} ({version.size} members): {version.root}")


@roll_group.command("list")
@PROCEDURE
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@two
@pass_instance
def list_command(instance: Instance, *, procedure: str, file: Path, by: str, second: str) -> None:
    """Write the list to strike off on to FILE (CSV), for the stembureau only. That is an act of two."""
    if file.exists():
        raise UnusableInput(f"{file} is there already: name another file. Nothing was written.")
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, procedure)
        lines = strike_off_list(transaction, running, by=(by, second))
        write_list(lines, file)
    click.echo(f"{len(lines)} members are in {file}. Give it to the stembureau and to nobody else.")


roll_group.add_command(export_command)
