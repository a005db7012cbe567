"""`stembus vote`: casting one's own vote without a browser, with nothing secret on the command line."""

import secrets
import time
from pathlib import Path

import click

from stembus.errors import CheckFailed, UnusableInput
from stembus.ledger.note import Verifier
from stembus.sealed_file import write_privately
from stembus.text_file import read_text
from stembus_ballots.protocol.ballot import make_ballot, tracker_of
from stembus_ballots.protocol.election import Election, Ranked, read_election
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.typed_credential import read_credential, secret_of
from stembus_polls.commands.credentials_asking import ANY_FILE
from stembus_polls.secret.promise import credential_hash, read_promise
from stembus_polls.voting.booth_client import Booth, Receipt, read_link
from stembus_polls.voting.choice import asked_by, names_of, read_choice, told
from stembus_polls.voting.rules import Rules


@click.command("vote")
@click.argument("link")
@click.option("--code-file", type=ANY_FILE, help="A file with the voting code. Default: it is asked for.")
@click.option(
    "--choice-file", type=ANY_FILE, help="A file with the choice, a line a question. Default: it is asked for."
)
@click.option("--verifier", "verifiers", multiple=True, help="The public key of the ledger, from elsewhere; repeat it.")
@click.option("--receipt", type=ANY_FILE, help="Where to keep what the server promises.")
@click.option("--yes", is_flag=True, help="Cast without asking once more.")
def vote_command(
    link: str,
    *,
    code_file: Path | None,
    choice_file: Path | None,
    verifiers: tuple[str, ...],
    receipt: Path | None,
    yes: bool,
) -> None:
    """Cast your vote, with the LINK that the page gives when you press “Vote”. The link works once.

    The voting code and the choice are asked for, or read from files: never write them on the command line, where
    other programs and the history of the shell see them.
    """
    keys = [Verifier.parse(one) for one in verifiers]
    there = read_link(link)
    booth = Booth(there.origin, time.sleep)
    rules = booth.poll(there.uuid)
    election = _election(rules, there.uuid)
    begun = booth.begin(there.code)
    click.echo(f"{election.name}{' (for practice: nobody is elected)' if rules.practice else ''}")
    click.echo(f"You cast the vote of {begun.voter}. Fingerprint of this poll: {election.fingerprint}")
    secret = _secret(code_file, election)
    public = election.group.text(election.group.table(election.group.g).power(secret))
    booth.check_credential(begun.session, public)
    vote = read_choice(election.questions, rules, _lines(choice_file, election))
    if not yes:
        click.echo("You are about to cast:")
        for line in told(election.questions, vote):
            click.echo(f"  {line}")
        click.confirm("Cast this? It cannot be changed afterwards.", abort=True)
    ballot = make_ballot(election, secret, vote, secrets.randbelow)
    got = booth.cast(begun.session, ballot, rules.padded_length)
    _check_receipt(got, ballot, there.uuid, public, keys)
    if receipt is not None:
        write_privately(receipt, got.promise.encode())
    click.echo(f"Your vote was cast. Its tracker: {got.tracker}")
    click.echo("It shows no choice. Once the box is published you find your ballot by it.")
    if not keys:
        click.echo("The signature under the promise was not checked: name the key of the ledger with --verifier.")


def _election(rules: Rules, uuid: str) -> Election:
    try:
        election = read_election(rules.election.encode())
    except ProtocolError as error:
        raise CheckFailed("The server sent no election: {error}", error=error) from None
    if election.uuid != uuid:
        raise CheckFailed("The server sent another poll than that of the link. Nothing was cast.")
    return election


def _secret(file: Path | None, election: Election) -> int:
    typed = read_text(file) if file else str(click.prompt("Voting code", hide_input=True))
    try:
        return secret_of(read_credential(typed), election.uuid, election.group)
    except ProtocolError as error:
        raise UnusableInput("{error}", error=error) from None


def _lines(file: Path | None, election: Election) -> list[str]:
    if file:
        return read_text(file).splitlines()
    lines = []
    for question in election.questions:
        click.echo(f"\n{asked_by(question)}")
        for number, name in enumerate(names_of(question), 1):
            click.echo(f"  {number:3} {name}")
        how = "the best first" if isinstance(question, Ranked) else f"{question.min} to {question.max} that you choose"
        lines.append(str(click.prompt(f"Numbers with commas, {how}, or blank")))
    return lines


def _check_receipt(got: Receipt, ballot: bytes, uuid: str, public: str, keys: list[Verifier]) -> None:
    """Hold what came back against what was sent. Raises `CheckFailed` where the server says something else."""
    if got.tracker != tracker_of(ballot):
        raise CheckFailed(
            "The server answered with the tracker of another ballot ({other}, not {own}): tell the committee.",
            other=got.tracker,
            own=tracker_of(ballot),
        )
    if not keys:
        return
    promise = read_promise(got.promise, keys)
    if (promise.uuid, promise.tracker, promise.credential) != (uuid, got.tracker, credential_hash(public)):
        raise CheckFailed("The server promised something else than was cast: tell the electoral committee.")
