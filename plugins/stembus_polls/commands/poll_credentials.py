"""`stembus roll export` and `stembus poll credentials …`: what the server gives to and takes from the authority."""

from pathlib import Path

import click
import msgspec

from stembus.errors import UnusableInput
from stembus.instance import Instance
from stembus.pass_instance import pass_instance
from stembus.sealed_file import write_privately
from stembus_polls.commands.asking import BY, CONTEST, PROCEDURE
from stembus_polls.commands.credentials_asking import ANY_FILE, ANY_FOLDER, bytes_of
from stembus_polls.credentials.commission import POLL_FILE, ROLL_FILE, write_roll
from stembus_polls.poll import open_poll
from stembus_polls.secret.change_credentials import change_credentials
from stembus_polls.secret.credentials_now import list_text
from stembus_polls.secret.destroyed_list import enter_destroyed
from stembus_polls.secret.give_roll import give_roll
from stembus_polls.secret.give_struck import give_struck
from stembus_polls.secret.prepare import require_poll
from stembus_polls.secret.public_credentials import read_public_file
from stembus_polls.secret.receive_credentials import receive_credentials

AUTHORITY = click.option("--by", required=True, help="Member number of the credential authority.")


@click.command("export")
@PROCEDURE
@click.argument("folder", type=ANY_FOLDER)
@CONTEST
@AUTHORITY
@pass_instance
def export_command(instance: Instance, *, procedure: str, folder: Path, contest: str | None, by: str) -> None:
    """Write the roll for the credential authority to FOLDER, with the poll that it is of. That is an act."""
    if folder.exists() and any(folder.iterdir()):
        raise UnusableInput("{folder} is not empty: name another folder. Nothing was written.", folder=folder)
    folder.mkdir(mode=0o700, exist_ok=True)
    with instance.write() as transaction:
        given = give_roll(transaction, open_poll(transaction, procedure).contest(contest), by=by)
        write_privately(folder / POLL_FILE, msgspec.json.format(msgspec.json.encode(given.commission)) + b"\n")
        write_privately(folder / ROLL_FILE, write_roll(given.voters))
    click.echo(
        f"{len(given.voters)} members are in {folder / ROLL_FILE}: for the credential authority, and nobody else."
    )


@click.group("credentials")
def poll_credentials_group() -> None:
    """What the credential authority brings: public keys, entries of their list, and that its own list is gone."""


@poll_credentials_group.command("receive")
@PROCEDURE
@click.argument("file", type=ANY_FILE)
@CONTEST
@AUTHORITY
@pass_instance
def receive_command(instance: Instance, *, procedure: str, file: Path, contest: str | None, by: str) -> None:
    """Take in the public keys in FILE, which `stembus credentials make` wrote, before the poll is set up."""
    public = read_public_file(file)
    with instance.write() as transaction:
        chosen = open_poll(transaction, procedure).contest(contest)
        if require_poll(transaction, chosen).uuid != public.uuid:
            raise UnusableInput("{file} is for another poll: {uuid}.", file=file, uuid=public.uuid)
        receive_credentials(transaction, chosen, public.credentials.encode(), public.header.encode(), by=by)
    click.echo(f"The public credentials of {public.uuid} are here.")


@poll_credentials_group.command("change")
@PROCEDURE
@click.argument("file", type=ANY_FILE)
@CONTEST
@AUTHORITY
@pass_instance
def change_command(instance: Instance, *, procedure: str, file: Path, contest: str | None, by: str) -> None:
    """Add the entries in FILE, which two officers signed, to the public list."""
    with instance.write() as transaction:
        chosen = open_poll(transaction, procedure).contest(contest)
        listed = change_credentials(transaction, chosen, bytes_of(file), by=by)
    click.echo(f"The list has {listed.number} entries; {len(listed.active)} credentials are active.")


@poll_credentials_group.command("struck")
@PROCEDURE
@click.argument("file", type=ANY_FILE)
@CONTEST
@AUTHORITY
@pass_instance
def struck_command(instance: Instance, *, procedure: str, file: Path, contest: str | None, by: str) -> None:
    """Write the numbers of the members who voted on paper to FILE, for `stembus credentials papers`. That is an act."""
    with instance.write() as transaction:
        numbers = give_struck(transaction, open_poll(transaction, procedure).contest(contest), by=by)
        write_privately(file, "".join(f"{number}\n" for number in numbers).encode())
    click.echo(f"{len(numbers)} members voted on paper: {file}, for the credential authority, and nobody else.")


@poll_credentials_group.command("list")
@PROCEDURE
@click.argument("file", type=ANY_FILE)
@CONTEST
@pass_instance
def list_command(instance: Instance, *, procedure: str, file: Path, contest: str | None) -> None:
    """Write the public list of credentials, as everybody can download it, to FILE."""
    with instance.write() as transaction:
        poll = require_poll(transaction, open_poll(transaction, procedure).contest(contest))
        file.write_bytes(list_text(transaction.session, poll))
    click.echo(f"{file}: the list of credentials of {poll.uuid}.")


@poll_credentials_group.command("destroyed")
@PROCEDURE
@click.argument("file", type=ANY_FILE)
@CONTEST
@BY
@pass_instance
def destroyed_command(instance: Instance, *, procedure: str, file: Path, contest: str | None, by: str) -> None:
    """Enter the signed statement in FILE that the authority's list was destroyed."""
    with instance.write() as transaction:
        chosen = open_poll(transaction, procedure).contest(contest)
        statement = enter_destroyed(transaction, chosen, bytes_of(file), by=by)
    click.echo(f"Entered: the list of {statement.uuid} was destroyed on {statement.at:%Y-%m-%d}.")
