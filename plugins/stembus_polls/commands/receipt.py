"""`stembus receipt`: what a voter has in hand, held against the public box, on a machine of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from stembus.errors import CheckFailed, UnusableInput
from stembus.ledger.note import Verifier
from stembus.text_file import read_text
from stembus_ballots.protocol.archive import NotAnArchive
from stembus_ballots.protocol.errors import ProtocolError
from stembus_polls.commands.credentials_asking import ANY_FILE
from stembus_polls.secret.promise import read_promise
from stembus_polls.secret.statement import FIRST_LINE as STATEMENT
from stembus_polls.secret.statement import read_nothing_cast
from stembus_polls.voting.own_code import code_on_board, promise_kept, statement_fits

NOT_OVER = 3
EXIT_CODES = """\
Ends with 0 where it is so for good, with 1 where it is not, with 2 where a file cannot be read, and with 3 where the
vote is still open, so that it may change.
"""


@click.group("receipt")
def receipt_group() -> None:
    """Hold a promise, a statement or your voting code against the public box, without the server."""


@receipt_group.command("check", epilog=EXIT_CODES)
@click.argument("file", type=ANY_FILE)
@click.option("--board", type=ANY_FILE, required=True, help="The box, as everybody can download it.")
@click.option("--verifier", "verifiers", multiple=True, required=True, help="The public key of the ledger; repeat it.")
def check_receipt(file: Path, *, board: Path, verifiers: tuple[str, ...]) -> None:
    """See whether the server keeps its word: FILE is its promise about a ballot, or that nothing was cast.

    Take the key of the ledger from elsewhere than the server: from the minutes, or from another member.
    """
    keys = [Verifier.parse(one) for one in verifiers]
    note, archive = read_text(file), _bytes(board)
    if note.startswith(STATEMENT):
        stated = read_nothing_cast(note, keys)
        kept = _judged(lambda: statement_fits(archive, stated))
    else:
        promise = read_promise(note, keys)
        kept = _judged(lambda: promise_kept(archive, promise))
    click.echo("The signature holds.")
    click.echo(kept.said)
    if kept.holds:
        click.echo(f"That the box itself holds: `stembus verify {board}`.")
    elif kept.is_over:
        click.echo("Take this file and the box to the electoral committee before objections close.")
    raise click.exceptions.Exit(_code(kept.holds, kept.is_over))


@receipt_group.command("code", epilog=EXIT_CODES)
@click.option("--board", type=ANY_FILE, required=True, help="The box, as everybody can download it.")
@click.option("--list", "listed", type=ANY_FILE, required=True, help="The public list of voting codes.")
@click.option("--code-file", type=ANY_FILE, help="A file with the voting code. Default: it is asked for.")
def look_for_code(*, board: Path, listed: Path, code_file: Path | None) -> None:
    """See whether a ballot was cast with your voting code. The code does not leave this machine.

    It ends with 0 when none was, and with 1 when one was or when the code was replaced by another.
    """
    archive, entries = _bytes(board), _bytes(listed)
    typed = read_text(code_file) if code_file else str(click.prompt("Voting code", hide_input=True))
    found = _judged(lambda: code_on_board(archive, entries, typed))
    if found.tracker:
        click.echo(f"A ballot was cast with this code. Its tracker: {found.tracker} (event {found.height}).")
        click.echo("Was it not you? Tell the electoral committee before objections close.")
        raise click.exceptions.Exit(1)
    if found.status == "void":
        click.echo(f"No ballot was cast with this code. It is void since entry {found.entry}: {found.ground}.")
        click.echo(
            "Another code may have taken its place. Did you not ask for that? Tell the electoral committee: two "
            "officers signed that entry."
        )
        raise click.exceptions.Exit(1)
    click.echo(
        "No ballot was cast with this code." if found.is_over else "No ballot with this code is in the box so far."
    )
    click.echo(f"That the box itself holds: `stembus verify {board} --credential-list {listed}`.")
    raise click.exceptions.Exit(_code(True, found.is_over))


def _code(holds: bool, is_over: bool) -> int:
    if not is_over:
        return NOT_OVER
    return 0 if holds else 1


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnusableInput("{file} cannot be read: {why}.", file=path, why=error.strerror) from None


T = TypeVar("T")


def _judged(judge: Callable[[], T]) -> T:
    try:
        return judge()
    except NotAnArchive as error:
        raise UnusableInput("{error}", error=error) from None
    except ProtocolError as error:
        raise CheckFailed("{error}", error=error) from None
