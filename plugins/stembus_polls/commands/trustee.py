"""`stembus trustee`: on a trustee's own machine the program; on the server's the verbs of the office about trustees."""

import webbrowser
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

import click

from stembus.commands.passphrase import known_passphrase, new_passphrase, passphrase_file
from stembus.errors import CheckFailed, UnusableInput
from stembus.instance import Instance
from stembus.pass_instance import pass_instance
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.work import ONE_BY_ONE, Progress, Workers, silent
from stembus_polls.commands.asking import CONTEST, PROCEDURE, reading, two
from stembus_polls.poll import open_poll
from stembus_polls.secret.poll import secret_poll
from stembus_polls.secret.trustees.access import invite
from stembus_polls.secret.trustees.ceremony import restart
from stembus_polls.secret.trustees.seen import trustees_seen
from stembus_polls.trustee.desk import Desk
from stembus_polls.trustee.destroying import destroy, promises, require_over
from stembus_polls.trustee.going_on import Now, Trustee, take_up
from stembus_polls.trustee.invitation import read_invitation
from stembus_polls.trustee.key_file import has_key_file, open_key_file
from stembus_polls.trustee.local_page import LocalPage
from stembus_polls.trustee.server import Server
from stembus_procedures.text.phrases import in_figures

FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder with your key, on a medium that only you have.",
)
WHAT = "your key"


@click.group("trustee")
def trustee_group() -> None:
    """Trustees: `open`, `step` and `destroy` on their own machine; `invite`, `restart`, `status` on the server's."""


@trustee_group.command("open")
@FOLDER
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@click.option("--browser/--no-browser", default=True, help="Open the page in your browser, or only say where it is.")
def open_command(*, folder: Path, language: Literal["nl", "en"], browser: bool) -> None:
    """Open the page of a trustee, on this machine alone. It stays until you close it there, or press Ctrl-C here."""
    with _processes() as workers:
        page = LocalPage(Desk(folder, language, workers=workers))
        click.echo(f"Your page, once: {page.address}")
        if browser:
            webbrowser.open(page.address)
        try:
            page.serve_forever()
        except KeyboardInterrupt:
            click.echo("Closed.")
        finally:
            page.server_close()


@trustee_group.command("step")
@FOLDER
@click.option("--invitation", help="The line from your invitation; the first time only.")
@click.option("--agree", is_flag=True, help="Agree to the terms of this poll, which the run before showed.")
@click.option("--fingerprint", help="The 60 digits that all trustees read to each other.")
@click.option("--processes", type=click.IntRange(1), help="How many processes; all cores by default.")
@click.option("--quiet", is_flag=True, help="Do not say how far it is.")
@passphrase_file
def step_command(
    *,
    folder: Path,
    invitation: str | None,
    agree: bool,
    fingerprint: str | None,
    processes: int | None,
    quiet: bool,
    passphrase_file: Path | None,
) -> None:
    """Do everything that can be done now, without a page, and say what then waits for whom."""
    if has_key_file(folder):
        file = open_key_file(folder, known_passphrase(passphrase_file, what=WHAT))
    else:
        if invitation is None:
            raise UnusableInput("There is no key in this folder yet: give the line of your --invitation.")
        file = take_up(folder, read_invitation(invitation), new_passphrase(passphrase_file, what=WHAT))

    def passphrase() -> str:
        return known_passphrase(passphrase_file, what=WHAT)

    with _processes(processes) as workers:
        try:
            program, told = Trustee(file, workers=workers), silent if quiet else _progress
            _go_on(program, passphrase, told, agree=agree, fingerprint=fingerprint)
        except ProtocolError as error:
            raise CheckFailed(f"Nothing more is done: {error} [{error.rule}]") from None


@trustee_group.command("destroy")
@FOLDER
@passphrase_file
@click.option("--yes", is_flag=True, help="Do not ask again.")
@click.option(
    "--without-server", is_flag=True, help="The server is gone or knows this key no more, and the office said: destroy."
)
def destroy_command(*, folder: Path, passphrase_file: Path | None, yes: bool, without_server: bool) -> None:
    """Destroy your key after the term in which the result can be annulled, and report that to the server."""
    file = open_key_file(folder, known_passphrase(passphrase_file, what=WHAT))
    if not without_server:
        require_over(Server(file.kept.server, file.kept.uuid, file.kept.token))
    for sentence in promises():
        click.echo(str(sentence))
    if not yes:
        click.confirm("Destroy the key now?", abort=True)
    click.echo(str(destroy(file)))


@trustee_group.command("invite")
@PROCEDURE
@click.argument("number", type=click.IntRange(min=1), metavar="NUMBER")
@CONTEST
@click.option("--mail", is_flag=True, help="Send it to the trustee by mail as well.")
@two
@pass_instance
def invite_command(
    instance: Instance, *, procedure: str, number: int, contest: str | None, mail: bool, by: str, second: str
) -> None:
    """Make the invitation of trustee NUMBER (from 1) and print it. It works once; an earlier one works no more."""
    with instance.write() as transaction:
        chosen = open_poll(transaction, procedure).contest(contest)
        made = invite(transaction, chosen, number, by=(by, second), mail=mail)
    click.echo(str(made))


@trustee_group.command("restart")
@PROCEDURE
@CONTEST
@click.option("--ground", required=True, help="Why the key is made again.")
@click.option(
    "--new-machine", "replaced", type=int, multiple=True, help="A trustee who needs a new invitation; repeat."
)
@two
@pass_instance
def restart_command(
    instance: Instance,
    *,
    procedure: str,
    contest: str | None,
    ground: str,
    replaced: tuple[int, ...],
    by: str,
    second: str,
) -> None:
    """Let the trustees make the key again, before the poll is set up."""
    with instance.write() as transaction:
        chosen = open_poll(transaction, procedure).contest(contest)
        restart(transaction, chosen, by=(by, second), ground=ground, replaced=replaced)
    click.echo("The ceremony begins again. The programs of the trustees say so by themselves.")


@trustee_group.command("status")
@PROCEDURE
@CONTEST
@pass_instance
def status_command(instance: Instance, *, procedure: str, contest: str | None) -> None:
    """Show what each trustee did so far, and what of theirs was refused."""
    with instance.read() as session:
        poll = secret_poll(session, reading(instance, session, procedure).contest(contest))
        if poll is None:
            raise CheckFailed("The secret poll of this contest is not prepared yet.")
        for one in trustees_seen(session, poll):
            done = [
                "began" if one.began else "did not begin",
                f"rehearsed {one.rehearsals} times",
                *(["mixed"] if one.mixed else []),
                *(["decrypted"] if one.decrypted else []),
                *(["destroyed the key"] if one.destroyed else []),
                *(f"REFUSED {said}" for said in one.refused),
            ]
            click.echo(f"{one.number} {one.name}: {', '.join(done)}")


def _go_on(
    program: Trustee, passphrase: Callable[[], str], progress: Progress, *, agree: bool, fingerprint: str | None
) -> None:
    """Do what can be done until somebody else, or the trustee, has to do something."""
    while True:
        now = program.look()
        match now.kind:
            case "agree" if agree:
                program.agree(now.poll)
            case "restarted":
                click.echo("The key is made again, under a new ceremony.")
                program.begin_again(now.poll)
            case "compare" if fingerprint is not None:
                if fingerprint.split() != now.spoken.split():
                    raise CheckFailed("The digits differ from those here. Stop, and tell the office and the others.")
                program.compared(now.fingerprint)
            case "rehearse":
                click.echo(f"rehearsed {program.rehearse(passphrase())} times from the stored key")
            case "mix":
                program.mix(progress)
                click.echo("mixed")
            case "decrypt":
                program.decrypt(progress)
                click.echo("decrypted")
            case _:
                for line in _said(now):
                    click.echo(line)
                return


def _said(now: Now) -> Iterator[str]:
    """What is waited for, in words."""
    names = ", ".join(f"{number} {now.poll.trustees[number - 1].name}" for number in now.trustees)
    match now.kind:
        case "agree":
            plan = now.poll.plan
            yield f"{now.poll.organisation}: {now.poll.title}{' (PRACTICE)' if now.poll.practice else ''}"
            yield f"{plan.size} trustees, {plan.threshold} of whom open the box together; you are number {now.poll.me}."
            yield f"Fewer than {now.poll.least_ballots} ballots are never opened."
            yield f"Objections can be made for {in_figures(now.poll.objection).en} after the box is sealed."
            yield "Run it again with --agree if that is what the party told you."
        case "compare":
            yield "Read these digits to the other trustees, by voice:"
            yield now.spoken
            yield "When all have the same: run it again with --fingerprint and the digits that you heard."
        case "must_leave":
            yield f"Trustee {names} gave a share that cannot be used: the office lets the ceremony begin again."
        case "wait_poll":
            yield "Nothing to do until the box is sealed."
        case "wait_objections":
            yield f"Objections can be made until {now.poll.decrypt_from}; nothing is opened before."
        case "wait_list":
            yield "The list of voting codes is not closed yet: who makes the codes does that. Nothing is mixed before."
        case "counted":
            yield "The result is on the board."
            if now.poll.keep_until is not None:
                yield f"Keep the key until and including {now.poll.keep_until}, then: stembus trustee destroy."
        case "cancelled":
            yield "The poll was cancelled."
        case "annulled":
            yield "The vote was annulled: keep the key until the office says that nobody can contest that any more."
        case _:
            yield f"Waiting for trustee {names}."


def _progress(step: str, done: int, of: int) -> None:
    if of and done in (0, of):
        click.echo(f"{step}: {done} of {of}", err=True)


@contextmanager
def _processes(number: int | None = None) -> Iterator[Workers]:
    """So many processes, or all cores. They begin with the first work, and not as copies of this one."""
    if number == 1:
        yield ONE_BY_ONE
        return
    with ProcessPoolExecutor(number, mp_context=get_context("spawn")) as pool:
        yield pool
