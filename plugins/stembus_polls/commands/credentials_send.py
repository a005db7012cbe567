"""`stembus credentials letters`, `send`, `bounces`, `decide` and `status`: what is made reaches its people."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from stembus.clock import SystemClock
from stembus.errors import CheckFailed, UnusableInput
from stembus.notices.channels import REASONS, Way
from stembus.notices.returns import read_returned
from stembus.notices.transport import Smtp
from stembus.plugins import Plugins
from stembus.sealed_file import write_privately
from stembus_polls.commands.credentials_asking import ANY_FILE, OUT, Desk, at_desk
from stembus_polls.credentials.commission import ROLL_FILE, Voter, ways_to
from stembus_polls.credentials.journal import open_journal
from stembus_polls.credentials.letters import letters
from stembus_polls.credentials.public_list import given_now
from stembus_polls.credentials.secret_list import SecretList
from stembus_polls.credentials.sending import (
    BOUNCES_PASSWORD,
    SMTP_PASSWORD,
    by_mail,
    read_mail_settings,
    read_returned_mail,
    send_all,
)
from stembus_polls.credentials.wording import author_of

NUMBERS = click.option("--number", "numbers", multiple=True, help="Only for this member; repeat it.")


MAIL = click.option("--mail", type=ANY_FILE, required=True, help="The authority's own settings of mail (TOML).")


@click.command("letters")
@at_desk
@OUT
@NUMBERS
@click.option("--not-by-mail", is_flag=True, help="For those whose mail came back or was refused.")
@click.option("--in-person", is_flag=True, help="For those who can be reached neither by mail nor by post.")
def letters_command(*, desk: Desk, out: Path, numbers: tuple[str, ...], not_by_mail: bool, in_person: bool) -> None:
    """Write the letters as a PDF with the codes in it, one page each, for those whom nothing reached yet."""
    if out.exists():
        raise UnusableInput("{path} is there already: name another file. Nothing was written.", path=out)
    kept, now = desk.kept, SystemClock().now()
    with open_journal(desk.folder) as journal:
        channels = {voter.number: way.channel for voter, way in _ways(kept)}
        mailed = by_mail(kept)
        who = [
            given
            for given in given_now(desk.folder, kept)
            if (
                given.number in numbers
                if numbers
                else given.number in mailed and journal.state(given.token) in ("failed", "returned")
                if not_by_mail
                else channels[given.number] == ("none" if in_person else "post")
                and journal.state(given.token) == "waits"
            )
        ]
        if not who:
            raise CheckFailed("There is no letter to write: `stembus credentials status` says who waits.")
        made = letters(author_of(kept.commission, Plugins.discover()), kept, who, now)
        write_privately(out, made.pdf)
        for given in who:
            journal.add(now, given.token, "printed")
    click.echo(f"{out}: {len(who)} letters. Whoever reads this file can vote: print it here, and delete it.")
    if made.by_hand:
        click.echo(f"Write name and address of {', '.join(made.by_hand)} by hand: the fonts lack a letter of them.")


@click.command("send")
@at_desk
@MAIL
@NUMBERS
def send_command(*, desk: Desk, mail: Path, numbers: tuple[str, ...]) -> None:
    """Mail the codes to those who get them by mail. It may be stopped at any moment, and run again.

    What was being handed over then is shown as uncertain and not sent again until somebody decides. The password of the
    mail server is taken from STEMBUS_CREDENTIALS_SMTP_PASSWORD.
    """
    settings = read_mail_settings(mail)
    kept, clock = desk.kept, SystemClock()
    mailed = by_mail(kept)
    if strangers := sorted(set(numbers) - mailed):
        raise UnusableInput("These get no mail: {numbers}. Write them a letter.", numbers=strangers)
    who = [one for one in given_now(desk.folder, kept) if one.number in (set(numbers) or mailed)]
    author = author_of(kept.commission, Plugins.discover(), settings)
    transport = Smtp(settings, os.environ.get(SMTP_PASSWORD, ""))
    done: Counter[str] = Counter()
    with open_journal(desk.folder) as journal:
        for _given, state in send_all(author, kept, who, transport, journal, now=clock.now, wait=time.sleep):
            done[state] += 1
        left = Counter(journal.state(one.token) for one in who)
    _tell(done, "now")
    if troubled := {state: left[state] for state in ("waits", "failed", "uncertain", "returned") if left[state]}:
        told = ", ".join(f"{count} {state}" for state, count in troubled.items())
        raise CheckFailed("Not everybody has it: {told}. See `stembus credentials status`.", told=told)


@click.command("bounces")
@at_desk
@MAIL
def bounces_command(*, desk: Desk, mail: Path) -> None:
    """Read what came back to the authority's own mailbox. Its password is STEMBUS_CREDENTIALS_BOUNCES_PASSWORD."""
    settings = read_mail_settings(mail)
    if not settings.bounces_host:
        raise UnusableInput("{path} names no mailbox for bounces: write bounces_host.", path=mail)
    kept, clock = desk.kept, SystemClock()
    verdicts: Counter[str] = Counter()
    with open_journal(desk.folder) as journal:

        def keep(data: bytes) -> None:
            verdicts[read_returned_mail(kept, journal, data, clock.now())] += 1

        read_returned(settings, os.environ.get(BOUNCES_PASSWORD, ""), keep)
    click.echo(", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())) or "Nothing came back.")


@click.command("decide")
@click.argument("number", metavar="MEMBER")
@click.option("--again", is_flag=True, required=True, help="Send it once more, under the same Message-ID.")
@at_desk
def decide_command(number: str, *, desk: Desk, again: bool) -> None:
    """Let a mail of which nobody knows whether it was sent be sent once more: the member says that it did not come."""
    kept, clock = desk.kept, SystemClock()
    with open_journal(desk.folder) as journal:
        mine = [one for one in given_now(desk.folder, kept) if one.number == kept.voter(number).number]
        uncertain = [one for one in mine if journal.state(one.token) in ("uncertain", "failed")]
        if not (again and uncertain):
            raise CheckFailed("No mail to member {number} is uncertain or refused.", number=number)
        for one in uncertain:
            journal.add(clock.now(), one.token, "again")
    click.echo("The next `stembus credentials send` sends it again.")


@click.command("status")
@at_desk
def status_command(*, desk: Desk) -> None:
    """Say who has their code and who has not, and which files should not be here any more."""
    kept, folder = desk.kept, desk.folder
    with open_journal(desk.folder) as journal:
        current = given_now(desk.folder, kept)
        _tell(Counter(journal.state(one.token) for one in current), "in all")
        table = Table("member", "name", "how", "state", "said", box=None)
        ways = {voter.number: way for voter, way in _ways(kept)}
        for given in current:
            last, way = journal.last(given.token), ways[given.number]
            state = journal.state(given.token)
            if state in ("failed", "uncertain", "returned") or (way.channel == "none" and state == "waits"):
                said = last.said if last else REASONS[way.reason]
                table.add_row(given.number, kept.voter(given.number).name, way.channel, state, said)
    if table.row_count:
        Console(width=160).print(table)
    for file in sorted({*folder.glob("*.pdf"), *folder.glob(ROLL_FILE), *folder.parent.glob(ROLL_FILE)}):
        click.echo(f"{file} tells of people or holds codes: delete it once it has done its work.")


def _ways(kept: SecretList) -> Iterator[tuple[Voter, Way]]:
    return zip(kept.voters, ways_to(kept.voters, kept.commission.credentials_by), strict=True)


def _tell(counts: Counter[Any], when: str) -> None:
    told = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    click.echo(f"{when.capitalize()}: {told or 'nothing'}.")
