"""`stembus archive`: checking what an auditor was given, with nothing but that file."""

from pathlib import Path

import click

from stembus.errors import CheckFailed, UnusableInput
from stembus_polls.report import ArchiveError, verify_archive


@click.group("archive")
def archive_group() -> None:
    """The archive of a procedure, as `stembus poll archive` writes it."""


@archive_group.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
def verify_command(file: Path) -> None:
    """Check every part of the archive in FILE, and count its ballots again where they are in it.

    Ends with 1 when something fails, and also when something could not be checked.
    """
    try:
        verdict = verify_archive(file)
    except ArchiveError as error:
        raise UnusableInput(str(error)) from None
    for mark, sentences in (
        ("holds", verdict.checked),
        ("FAILS", verdict.failed),
        ("not checked", verdict.not_checked),
        ("elsewhere", verdict.elsewhere),
    ):
        for sentence in sentences:
            click.echo(f"{mark + ':':12} {sentence}")
    if verdict.failed:
        raise CheckFailed(f"{file}: {len(verdict.failed)} checks fail.")
    if verdict.not_checked:
        raise CheckFailed(f"{file}: nothing fails, but {len(verdict.not_checked)} checks could not be made.")
    click.echo(f"{file}: everything that this archive can show holds.")
