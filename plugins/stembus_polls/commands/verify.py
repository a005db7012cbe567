"""`stembus verify`: the archive of a secret poll, judged as an auditor does with the verifier alone."""

import os
from pathlib import Path

import click

from stembus.errors import UnusableInput
from stembus_ballots.protocol.verify.told import told
from stembus_ballots.verify_command import EXIT_CODES, UnreadableFile, verify_files, write_ballots

ANY_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("verify", epilog=EXIT_CODES)
@click.argument("archive", type=ANY_FILE)
@click.option("--previous", type=ANY_FILE, metavar="OLDER", help="An older copy, which the archive must continue.")
@click.option("--side-file", "side_files", type=ANY_FILE, multiple=True, help="A trustee's side file; repeat it.")
@click.option("--credential-list", type=ANY_FILE, help="The list of credentials, of a poll that has one.")
@click.option(
    "--ballots", type=click.Path(path_type=Path, file_okay=False), help="Write the rankings to files in this folder."
)
@click.option("--trackers", is_flag=True, help="List the trackers of all ballots on the board.")
@click.option("--processes", type=click.IntRange(1), help="How many processes; all cores by default.")
def verify_command(
    archive: Path,
    previous: Path | None,
    side_files: tuple[Path, ...],
    credential_list: Path | None,
    *,
    ballots: Path | None,
    trackers: bool,
    processes: int | None,
) -> None:
    """Verify the ARCHIVE of a secret poll (.bel): every proof, every link, and that the result is what it holds."""
    try:
        count = processes or os.cpu_count() or 1
        verdict = verify_files(archive, previous, side_files, credential_list, processes=count)
    except UnreadableFile as error:
        raise UnusableInput(str(error)) from None
    for line in told(verdict, str(archive), trackers=trackers):
        click.echo(line)
    for written in write_ballots(verdict, ballots) if ballots else ():
        click.echo(f"{'written:':13}{written}")
    raise click.exceptions.Exit(verdict.exit_code)
