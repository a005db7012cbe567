"""`stembus credentials papers` and `close`: what the authority does after the vote, before and after the seal."""

import secrets
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from stembus.errors import UnusableInput
from stembus.sealed_file import write_privately
from stembus.text_file import read_text
from stembus_ballots.protocol.credential_list import Header
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import read_events
from stembus_polls.commands.credentials_asking import ANY_FILE, OUT, Desk, at_desk, bytes_of, signing
from stembus_polls.credentials.officer import OfficerKey
from stembus_polls.credentials.public_list import keep_line, next_paper_key, open_list, signed, to_activate, to_void
from stembus_polls.secret.public_credentials import PUBLIC_FILE, read_public_file


@click.command("papers")
@click.argument("file", type=ANY_FILE)
@click.option("--not-in-box", type=click.IntRange(0), default=0, help="So many papers were carried off.")
@at_desk
@signing
@OUT
def papers_command(file: Path, *, not_in_box: int, desk: Desk, keys: Sequence[OfficerKey], out: Path) -> None:
    """Make the code of every member in FILE void, who voted on paper, and let as many votes on paper count.

    FILE has a member number on each line, as the server writes it after the close. Both officers sign here.
    """
    if len(keys) < 2:
        raise UnusableInput("Both officers sign here at once: name the second key with --with-key.")
    numbers = [line.strip() for line in read_text(file).splitlines() if line.strip()]
    if not_in_box > len(numbers):
        raise UnusableInput(
            "{carried} papers were carried off, of {numbers}.", carried=not_in_box, numbers=len(numbers)
        )
    known = open_list(desk.folder)
    header = msgspec.json.decode(read_public_file(desk.folder / PUBLIC_FILE).header, type=Header)
    lines = b""
    for number in numbers:
        entry = to_void(desk.folder, known.listed, desk.kept.latest(number), "paper")
        lines += signed(known, entry, keys, (), secrets.randbelow).line or b""
    for _paper in numbers[not_in_box:]:
        key = next_paper_key(known.listed, header.paper)
        lines += signed(known, to_activate(known.listed, key, "paper"), keys, (), secrets.randbelow).line or b""
    keep_line(desk.folder, lines)
    write_privately(out, lines)
    click.echo(f"{out}: {len(numbers)} codes void, {len(numbers) - not_in_box} papers let in. It is for the office.")


@click.command("close")
@click.argument("archive", type=ANY_FILE)
@at_desk
@signing
@OUT
def close_command(archive: Path, *, desk: Desk, keys: Sequence[OfficerKey], out: Path) -> None:
    """Close the list with the event in the ARCHIVE that sealed the box: after it no code becomes active or void."""
    if len(keys) < 2:
        raise UnusableInput("Both officers sign here at once: name the second key with --with-key.")
    known = open_list(desk.folder)
    try:
        sealed = [event.hash for event in read_events(bytes_of(archive)) if event.type == "EndBallots"]
    except ProtocolError as error:
        raise UnusableInput("{path} is no archive of a poll: {error}", path=archive, error=error) from None
    if not sealed:
        raise UnusableInput("The box in {path} is not sealed yet: the list is closed after that.", path=archive)
    line = signed(known, known.listed.close(sealed[0]), keys, (), secrets.randbelow).line or b""
    keep_line(desk.folder, line)
    write_privately(out, line)
    click.echo(f"{out}: the list is closed. It is for the office.")
