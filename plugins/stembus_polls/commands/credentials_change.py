"""`stembus credentials update`, `void`, `activate`, `reissue`, `countersign`, `destroy`: what takes two officers."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import click
import msgspec

from stembus.clock import SystemClock
from stembus.errors import Refused, UnusableInput
from stembus.sealed_file import write_privately
from stembus_ballots.protocol.credential_list import Activate, Close, Entry, GroundToActivate, GroundToVoid, Header
from stembus_polls.commands.credentials_asking import ANY_FILE, FOLDER, OUT, Desk, at_desk, bytes_of, signing
from stembus_polls.credentials.destroyed import destroy_files, signers_of, state_destroyed
from stembus_polls.credentials.making import new_token
from stembus_polls.credentials.officer import OfficerKey
from stembus_polls.credentials.public_list import (
    Opened,
    Pending,
    keep_line,
    next_paper_key,
    open_list,
    open_published,
    pending_text,
    read_board,
    read_pending,
    signed,
    take_over,
    to_activate,
    to_void,
)
from stembus_polls.credentials.secret_list import Given, Spare
from stembus_polls.secret.public_credentials import PUBLIC_FILE, read_public_file

PROXY_OF = click.option("--proxy-of", default="", help="Not their own vote: that of this member, by proxy.")


@click.command("update")
@click.argument("archive", type=ANY_FILE)
@click.argument("listed", metavar="LIST", type=ANY_FILE)
@FOLDER
def update_command(archive: Path, listed: Path, folder: Path) -> None:
    """Take over the ARCHIVE and the LIST of credentials that the server publishes now."""
    read = take_over(folder, read_board(archive), bytes_of(listed)).listed
    click.echo(f"{read.number} entries; {len(read.active)} active for a roll of {read.roll}, {len(read.waiting)} wait.")


@click.command("void")
@click.argument("number", metavar="MEMBER")
@click.option("--ground", type=click.Choice(get_args(GroundToVoid)), required=True)
@PROXY_OF
@at_desk
@signing
@OUT
def void_command(
    number: str, *, ground: GroundToVoid, proxy_of: str, desk: Desk, keys: Sequence[OfficerKey], out: Path
) -> None:
    """Make the code of MEMBER void: lost, given by proxy, lapsed, for a vote on paper, or struck off the roll."""
    known = open_list(desk.folder)
    entry = to_void(desk.folder, known.listed, desk.kept.latest(number, proxy_of=proxy_of), ground)
    _finish(desk.folder, signed(known, entry, keys, (), secrets.randbelow), out)


@click.command("activate")
@click.argument("number", metavar="MEMBER")
@click.option("--ground", type=click.Choice([g for g in get_args(GroundToActivate) if g != "paper"]), required=True)
@click.option("--replaces", type=click.IntRange(1), help="The entry that made room for it, where one did.")
@PROXY_OF
@at_desk
@signing
@OUT
def activate_command(
    number: str,
    *,
    ground: GroundToActivate,
    replaces: int | None,
    proxy_of: str,
    desk: Desk,
    keys: Sequence[OfficerKey],
    out: Path,
) -> None:
    """Give MEMBER a spare code, in the place of one that is void or because they were admitted to the roll."""
    known = open_list(desk.folder)
    new, entry = _give(desk, known, number, proxy_of=proxy_of, ground=ground, replaces=replaces)
    pending = signed(known, entry, keys, (), secrets.randbelow)
    desk.keep(msgspec.structs.replace(desk.kept, given=(*desk.kept.given, new)))
    _finish(desk.folder, pending, out)


@click.command("activate-paper")
@FOLDER
@signing
@OUT
def activate_paper_command(*, folder: Path, keys: Sequence[OfficerKey], out: Path) -> None:
    """Let one more vote on paper count, after the code of who voted on paper was made void on that ground."""
    known = open_list(folder)
    header = msgspec.json.decode(read_public_file(folder / PUBLIC_FILE).header, type=Header)
    entry = to_activate(known.listed, next_paper_key(known.listed, header.paper), "paper")
    _finish(folder, signed(known, entry, keys, (), secrets.randbelow), out)


@click.command("reissue")
@click.argument("number", metavar="MEMBER")
@PROXY_OF
@at_desk
@signing
@OUT
def reissue_command(number: str, *, proxy_of: str, desk: Desk, keys: Sequence[OfficerKey], out: Path) -> None:
    """Replace the lost code of MEMBER, unless somebody has voted with it: the old one void, a spare one active."""
    if len(keys) < 2:
        raise UnusableInput("Both officers sign here at once: name the second key with --with-key.")
    known, old = open_list(desk.folder), desk.kept.latest(number, proxy_of=proxy_of)
    _spare(desk)
    voided = signed(known, to_void(desk.folder, known.listed, old, "lost"), keys, (), secrets.randbelow)
    new, entry = _give(desk, known, number, proxy_of=proxy_of, ground="lost", replaces=voided.entry.number)
    active = signed(known, entry, keys, (), secrets.randbelow)
    lines = (voided.line or b"") + (active.line or b"")
    desk.keep(msgspec.structs.replace(desk.kept, given=(*desk.kept.given, new)))
    keep_line(desk.folder, lines)
    write_privately(out, lines)
    click.echo(f"{out}: two entries for the office. Then send member {number} the new code, by letter or by mail.")


@click.command("countersign")
@click.argument("pending", type=ANY_FILE)
@click.option("--archive", type=ANY_FILE, required=True, help="The archive that the server publishes now.")
@click.option("--list", "listed", type=ANY_FILE, required=True, help="The list of credentials that it publishes now.")
@signing
@OUT
def countersign_command(pending: Path, *, archive: Path, listed: Path, keys: Sequence[OfficerKey], out: Path) -> None:
    """Sign an entry as the second officer, on a machine of one's own, after looking at what it says."""
    waiting, known = read_pending(pending), open_published(read_board(archive), bytes_of(listed))
    click.echo(told(waiting.entry))
    click.confirm("Is that what you agreed to?", abort=True)
    done = signed(known, waiting.entry, keys, waiting.signed, secrets.randbelow)
    if done.line is None:
        raise Refused("It has still only one signature: another officer has to sign it.")
    write_privately(out, done.line)
    click.echo(f"{out}: this entry is for the office.")


@click.command("destroy")
@at_desk
@signing
@OUT
def destroy_command(*, desk: Desk, keys: Sequence[OfficerKey], out: Path) -> None:
    """Destroy the list, once the result cannot be annulled any more, and write the statement for the office."""
    commission, now = desk.kept.commission, SystemClock().now()
    until, today = commission.keep_until, now.astimezone(ZoneInfo(commission.timezone)).date()
    if now <= commission.closes or (until is not None and today <= until):
        raise Refused("The list is kept until {until}: until then it may be needed.", until=until or "the vote is over")
    header = msgspec.json.decode(read_public_file(desk.folder / PUBLIC_FILE).header, type=Header)
    group = desk.kept.commission.in_group
    statement = state_destroyed(header, group, desk.folder, keys, at=now, random_below=secrets.randbelow)
    if not signers_of(statement, header, group):
        raise Refused("It takes the keys of two officers of this poll. Nothing was destroyed.")
    write_privately(out, msgspec.json.encode(statement) + b"\n")
    gone = destroy_files(desk.folder)
    click.echo(f"Gone: {', '.join(gone)}. {out}: the statement for the office.")


def told(entry: Entry) -> str:
    """Say in a sentence what an entry does."""
    if isinstance(entry, Close):
        return f"Entry {entry.number} closes the list: the vote is over."
    becomes = "active" if isinstance(entry, Activate) else "void"
    return f"Entry {entry.number}: the credential …{entry.credential[-12:]} becomes {becomes} ({entry.ground})."


def _spare(desk: Desk) -> Spare:
    taken = {given.key for given in desk.kept.given}
    for spare in desk.kept.spare:
        if spare.key not in taken:
            return spare
    raise Refused("There is no spare code left. Nothing was changed.")


def _give(
    desk: Desk, known: Opened, number: str, *, proxy_of: str, ground: GroundToActivate, replaces: int | None
) -> tuple[Given, Activate]:
    """Take a spare credential for somebody, and return it with the entry that lets it count."""
    for one in (number, proxy_of):
        if one:
            desk.kept.voter(one)
    spare = _spare(desk)
    entry = to_activate(known.listed, spare.key, ground, replaces)
    new = Given(
        number=number,
        credential=spare.credential,
        key=spare.key,
        token=new_token(secrets.randbelow),
        at=SystemClock().now(),
        proxy_of=proxy_of,
    )
    return new, entry


def _finish(folder: Path, pending: Pending, out: Path) -> None:
    """Write an entry: for the office when two signed it, else for the second officer."""
    if pending.line is None:
        write_privately(out, pending_text(pending))
        click.echo(f"{told(pending.entry)} {out}: for the second officer, who runs `stembus credentials countersign`.")
        return
    keep_line(folder, pending.line)
    write_privately(out, pending.line)
    click.echo(f"{told(pending.entry)} {out}: this entry is for the office.")
