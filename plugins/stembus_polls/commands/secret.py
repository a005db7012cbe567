"""`stembus poll secret`: the secret poll of a contest, from preparing it to the verdict on its archive."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import get_args

import click

from stembus.commands.passphrase import known_passphrase, passphrase_file
from stembus.instance import Instance
from stembus.pass_instance import pass_instance
from stembus_ballots.protocol.work import ONE_BY_ONE, Workers
from stembus_polls.commands.asking import CONTEST, PROCEDURE, reading, two
from stembus_polls.contests import Contest
from stembus_polls.credentials.secret_list import read_paper_credentials
from stembus_polls.poll import open_poll
from stembus_polls.secret.judging import NAMES
from stembus_polls.secret.paper_votes import encrypt_papers, papers_to_encrypt, put_papers_in
from stembus_polls.secret.practice import as_known, hold_practice, record_practice
from stembus_polls.secret.prepare import prepare
from stembus_polls.secret.remind import remind
from stembus_polls.secret.seal_box import seal_box
from stembus_polls.secret.set_up import set_up
from stembus_polls.secret.trust import Part
from stembus_polls.secret.verdicts import keep_verdicts, verify_poll

ANY_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("secret")
def secret_group() -> None:
    """The secret poll of a contest: prepare and set up, practise, put papers in, seal, and verify before the count."""


@secret_group.command("prepare")
@PROCEDURE
@CONTEST
@click.option("--trustee", "trustees", multiple=True, required=True, help="Member number of a trustee; repeat it.")
@click.option("--authority", required=True, help="Member number of the credential authority.")
@click.option("--administrator", "administrators", multiple=True, help="Member number of who runs the server.")
@click.option(
    "--together",
    type=click.Choice(get_args(Part)),
    multiple=True,
    help="A part that one machine plays with others; the page of the poll then says so.",
)
@click.option("--sides", default="", help="From which rival sides the trustees come, where there are any.")
@two
@pass_instance
def prepare_command(
    instance: Instance,
    *,
    procedure: str,
    contest: str | None,
    trustees: tuple[str, ...],
    authority: str,
    administrators: tuple[str, ...],
    together: tuple[Part, ...],
    sides: str,
    by: str,
    second: str,
) -> None:
    """Name the trustees and the credential authority of a contest's poll."""
    with instance.write() as transaction:
        poll = prepare(
            transaction,
            open_poll(transaction, procedure).contest(contest),
            trustees=trustees,
            authority=authority,
            administrators=administrators,
            together=together,
            sides=sides,
            by=(by, second),
        )
        click.echo(f"{poll.uuid}: {poll.threshold} of {poll.trustees} trustees open it, group {poll.group}.")


@secret_group.command("set-up")
@PROCEDURE
@CONTEST
@two
@pass_instance
def set_up_command(instance: Instance, *, procedure: str, contest: str | None, by: str, second: str) -> None:
    """Write the record of the election onto the board. After that no name in it can change."""
    with instance.write() as transaction:
        poll = set_up(transaction, open_poll(transaction, procedure).contest(contest), by=(by, second))
        click.echo(f"{poll.uuid} is set up; its board begins, and no vote is on it.")


@secret_group.command("practise")
@PROCEDURE
@CONTEST
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write the practice archive there.")
@two
@pass_instance
def practise_command(
    instance: Instance, *, procedure: str, contest: str | None, out: Path | None, by: str, second: str
) -> None:
    """Hold a practice poll of known votes in the configuration of the poll, and show that the real box is empty."""
    chosen = _contest(instance, procedure, contest)
    practised = hold_practice(instance, chosen)
    uuid = practised.uuid
    with instance.write() as transaction:
        at = record_practice(
            transaction,
            open_poll(transaction, procedure).contest(contest),
            as_known(chosen, practised),
            by=(by, second),
        )
    click.echo(f"Practice {uuid}: {practised.ballots} known votes came out as they went in. SHA-256 {practised.sha256}")
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{uuid}.bel").write_bytes(practised.archive)
        for number, side_file in enumerate(practised.side_files, 1):
            (out / f"{uuid}-side-file-{number}.json").write_bytes(side_file)
        click.echo(f"Anybody can verify it: {out / uuid}.bel")
    click.echo(f"The box itself is empty: its board has height {at.height}, {at.hash}.")


@secret_group.command("papers")
@PROCEDURE
@click.argument("file", type=ANY_FILE)
@CONTEST
@passphrase_file
@two
@pass_instance
def papers_command(
    instance: Instance,
    *,
    procedure: str,
    file: Path,
    contest: str | None,
    passphrase_file: Path | None,
    by: str,
    second: str,
) -> None:
    """Put the votes from paper in the box, under the credentials in FILE that the authority gave the stembureau."""
    paper = read_paper_credentials(file, known_passphrase(passphrase_file, what=str(file)))
    chosen = _contest(instance, procedure, contest)
    with instance.read() as session:
        these = papers_to_encrypt(session, chosen, paper, instance.clock.now())
    papers = encrypt_papers(these)
    with instance.write() as transaction:
        row = put_papers_in(transaction, open_poll(transaction, procedure).contest(contest), papers, by=(by, second))
        click.echo(f"{row.papers - row.left_out} votes from paper are in the box.")
        if row.left_out:
            click.echo(f"{row.left_out} invalid papers stay outside: here no ballot can be invalid. They are counted.")


@secret_group.command("remind")
@PROCEDURE
@CONTEST
@click.option("--by", required=True, help="Member number of who lets it go.")
@pass_instance
def remind_command(instance: Instance, *, procedure: str, contest: str | None, by: str) -> None:
    """Remind by mail who did not vote yet. To whom it goes is found out as it is sent, and shown to nobody."""
    with instance.write() as transaction:
        roll = remind(transaction, open_poll(transaction, procedure).contest(contest), by=by)
    click.echo(f"A reminder goes to those of the {roll} on the roll who did not vote yet. Who they are nobody sees.")


@secret_group.command("seal")
@PROCEDURE
@CONTEST
@two
@pass_instance
def seal_command(instance: Instance, *, procedure: str, contest: str | None, by: str, second: str) -> None:
    """Seal the box: nothing enters after it. Then everybody can look into it and object before it is opened."""
    with instance.write() as transaction:
        at = seal_box(transaction, open_poll(transaction, procedure).contest(contest), by=(by, second))
        click.echo(f"The box is sealed with event {at.height} of its board: {at.hash}")


@secret_group.command("verify")
@PROCEDURE
@CONTEST
@two
@pass_instance
def verify_command(instance: Instance, *, procedure: str, contest: str | None, by: str, second: str) -> None:
    """Verify the archive before the count, by our verifier and by belenios-tool where it is; keep both verdicts."""
    chosen = _contest(instance, procedure, contest)
    with _workers() as workers:
        verified = verify_poll(instance, chosen, workers=workers)
    with instance.write() as transaction:
        kept = keep_verdicts(transaction, open_poll(transaction, procedure).contest(contest), verified, by=(by, second))
    for verdict in kept:
        click.echo(f"{NAMES[verdict.program]}: {'all holds' if verdict.holds else 'FAILS'}.")  # type: ignore[index]
        if not verdict.holds:
            click.echo(verdict.said)
    if not all(verdict.holds for verdict in kept):
        raise click.exceptions.Exit(1)


def _contest(instance: Instance, procedure: str, contest: str | None) -> Contest:
    with instance.read() as session:
        return reading(instance, session, procedure).contest(contest)


@contextmanager
def _workers() -> Iterator[Workers]:
    """All processors of this machine; one needs no other process."""
    if (os.cpu_count() or 1) < 2:
        yield ONE_BY_ONE
        return
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield pool
