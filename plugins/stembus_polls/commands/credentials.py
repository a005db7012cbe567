"""`stembus credentials`: the credential authority's work, on a machine of its own. It needs no instance."""

import secrets
from collections import Counter
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import Progress as Bar

from stembus.clock import SystemClock
from stembus.commands.passphrase import known_passphrase, new_passphrase, passphrase_file
from stembus.errors import UnusableInput
from stembus.notices.channels import REASONS
from stembus.sealed_file import write_privately
from stembus_polls.commands.credentials_asking import ANY_FILE, FOLDER
from stembus_polls.commands.credentials_change import (
    activate_command,
    activate_paper_command,
    countersign_command,
    destroy_command,
    reissue_command,
    update_command,
    void_command,
)
from stembus_polls.commands.credentials_papers import close_command, papers_command
from stembus_polls.commands.credentials_send import (
    bounces_command,
    decide_command,
    letters_command,
    send_command,
    status_command,
)
from stembus_polls.credentials.commission import Commission, Voter, read_commission, read_roll, ways_to
from stembus_polls.credentials.making import Made, make_credentials
from stembus_polls.credentials.officer import make_officer_key, public_part, read_officer_key, read_public_officer
from stembus_polls.credentials.secret_list import LIST_FILE, PAPER_FILE, write_list, write_paper_credentials
from stembus_polls.secret.public_credentials import PUBLIC_FILE

HANDED = {"email": "by mail", "post": "by letter", "none": "in person"}


@click.group("credentials")
def credentials_group() -> None:
    """Make voting codes, send them and replace them, on a machine that is not the server."""


@credentials_group.command("key")
@click.argument("file", type=ANY_FILE)
@click.option("--name", default="", help="Who it is, as the public list of credentials shows it.")
@passphrase_file
def key_command(file: Path, *, name: str, passphrase_file: Path | None) -> None:
    """Make the key of an officer in FILE, and write its public part beside it. If FILE is there, only the latter."""
    if file.exists():
        public = public_part(read_officer_key(file, known_passphrase(passphrase_file, what=str(file))))
    else:
        public = make_officer_key(name, file, new_passphrase(passphrase_file, what=str(file)))
    beside = file.with_suffix(".public.json")
    beside.write_bytes(msgspec.json.format(msgspec.json.encode(public)) + b"\n")
    click.echo(f"{public.name}: the key is in {file}, for nobody else. Give {beside} to who makes the credentials.")


@credentials_group.command("make")
@click.argument("roll", type=ANY_FILE)
@click.option("--poll", type=ANY_FILE, required=True, help="The file about the poll that came with the roll.")
@click.option("--spares", type=click.IntRange(0), required=True, help="How many more, for lost ones and proxies.")
@click.option("--paper", type=click.IntRange(0), required=True, help="How many for votes that are cast on paper.")
@click.option("--officer", "officers", type=ANY_FILE, multiple=True, required=True, help="Public key; repeat it.")
@FOLDER
@click.option("--dry-run", is_flag=True, help="Say what each row would get, and make nothing.")
@passphrase_file
@click.option("--paper-passphrase-file", type=ANY_FILE, help="The same for the file that the stembureau gets.")
def make_command(
    roll: Path,
    *,
    poll: Path,
    spares: int,
    paper: int,
    officers: tuple[Path, ...],
    folder: Path,
    dry_run: bool,
    passphrase_file: Path | None,
    paper_passphrase_file: Path | None,
) -> None:
    """Make a voting code for everybody on the ROLL that the server wrote, and seal them in the folder."""
    commission, voters = read_commission(poll), read_roll(roll)
    public_officers = [read_public_officer(file) for file in officers]
    if folder.exists() and any(folder.iterdir()):
        raise UnusableInput("{folder} is not empty: credentials are made once for a poll.", folder=folder)
    _tell_fates(commission, voters, each=dry_run)
    if dry_run:
        click.echo("Nothing was made.")
        return
    own = new_passphrase(passphrase_file, what="the list of credentials, which the authority keeps")
    bureau = new_passphrase(paper_passphrase_file, what="the credentials of votes on paper, which the stembureau gets")
    if own == bureau:
        raise UnusableInput(
            "The list and the credentials of votes on paper are for different people: take two passphrases."
        )
    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Making credentials", total=None)
        made = make_credentials(
            commission,
            voters,
            spares=spares,
            paper=paper,
            officers=public_officers,
            random_below=secrets.randbelow,
            now=SystemClock().now(),
            progress=lambda step, done, of: bar.update(task, description=step, completed=done, total=of),
        )
    _write(folder, made, own, bureau)
    click.echo(f"{folder / PUBLIC_FILE}: give this to the office, and nothing else.")
    click.echo(f"{folder / PAPER_FILE}: {paper} credentials for votes on paper; give it to the stembureau.")
    click.echo(f"{folder / LIST_FILE}: whose code is which, and {spares} spare ones. It stays here.")


def _tell_fates(commission: Commission, voters: tuple[Voter, ...], *, each: bool) -> None:
    ways = list(ways_to(voters, commission.credentials_by))
    if each:
        for row, (voter, way) in enumerate(zip(voters, ways, strict=True), 2):
            click.echo(f"row {row}: {voter.number} {voter.name}: {HANDED[way.channel]} ({REASONS[way.reason]})")
    counted = Counter(HANDED[way.channel] for way in ways)
    click.echo(f"{len(voters)} people: " + ", ".join(f"{count} {how}" for how, count in sorted(counted.items())) + ".")


def _write(folder: Path, made: Made, own: str, bureau: str) -> None:
    """Write the three files as a whole or not at all."""
    new = folder.with_name(f".{folder.name}.{secrets.token_hex(6)}")
    new.mkdir(mode=0o700, parents=True)
    try:
        write_list(new, made.kept, own)
        write_paper_credentials(new / PAPER_FILE, made.paper, bureau)
        write_privately(new / PUBLIC_FILE, msgspec.json.encode(made.public) + b"\n")
        new.replace(folder)
    except BaseException:
        for file in new.iterdir():
            file.unlink()
        new.rmdir()
        raise


for _command in (
    letters_command,
    send_command,
    bounces_command,
    decide_command,
    status_command,
    update_command,
    void_command,
    activate_command,
    activate_paper_command,
    papers_command,
    close_command,
    reissue_command,
    countersign_command,
    destroy_command,
):
    credentials_group.add_command(_command)
