"""`stembus paper`: ballot papers from the printer to two typings that agree."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from stembus.errors import CheckFailed, UnusableInput
from stembus.instance import Instance
from stembus.pass_instance import pass_instance
from stembus_polls.commands.asking import BY, CONTEST, PROCEDURE, pairs_in, reading, two
from stembus_polls.commands.type_prompt import read_file, type_at_prompt
from stembus_polls.paper.account import (
    POST,
    ROOM,
    ByHand,
    accounting_of,
    number_papers,
    state_account,
    unexplained,
)
from stembus_polls.paper.ballot_paper import print_papers
from stembus_polls.paper.hand_out import hand_out, papers_left, replace_spoiled, send_by_post, struck_off
from stembus_polls.paper.postal import envelopes, receive_envelope
from stembus_polls.paper.rounds import current_round, numbered_papers
from stembus_polls.paper.rule import rule_paper
from stembus_polls.paper.settle import comparison, open_points, rulings
from stembus_polls.paper.type_over import type_papers
from stembus_polls.poll import open_poll
from stembus_polls.roll.lookup import why_not_on_roll

MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
COUNT = click.IntRange(min=0)


@click.group("paper")
def paper_group() -> None:
    """Ballot papers: printing, handing out, accounting, numbering, typing over twice, ruling."""


@paper_group.command("print")
@PROCEDURE
@CONTEST
@click.option("--copies", type=click.IntRange(min=1), required=True, help="How many are made.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The PDF to write.")
@BY
@pass_instance
def print_command(instance: Instance, *, procedure: str, contest: str | None, copies: int, out: Path, by: str) -> None:
    """Write the ballot paper as a PDF of one paper, to be printed as often as --copies says."""
    with instance.write() as transaction:
        pdf = print_papers(transaction, open_poll(transaction, procedure).contest(contest), copies, by=by)
        out.write_bytes(pdf)
    click.echo(f"{out}: one paper. Print it {copies} times; nothing on it differs from one copy to the next.")


@paper_group.command("issue")
@PROCEDURE
@CONTEST
@click.argument("numbers", nargs=-1, required=True, metavar="MEMBER...")
@click.option("--holder", help="Member number of who holds their proxies and takes the papers.")
@BY
@pass_instance
def issue_command(
    instance: Instance, *, procedure: str, contest: str | None, numbers: tuple[str, ...], holder: str | None, by: str
) -> None:
    """Hand one paper to each MEMBER in the room and strike them off the roll; all of them or nobody."""
    with instance.write() as transaction:
        poll = open_poll(transaction, procedure)
        chosen = poll.contest(contest)
        handed = hand_out(transaction, chosen, numbers, by=by, why_not=why_not_on_roll, holder=holder)
        left = papers_left(transaction.session, chosen)
    click.echo(f"{handed} handed out and struck off; {left} papers left.")


@paper_group.command("replace")
@PROCEDURE
@CONTEST
@click.argument("number", metavar="MEMBER")
@BY
@pass_instance
def replace_command(instance: Instance, *, procedure: str, contest: str | None, number: str, by: str) -> None:
    """Give MEMBER another paper against handing in a spoiled one, which is kept unread."""
    with instance.write() as transaction:
        papers = replace_spoiled(transaction, open_poll(transaction, procedure).contest(contest), number, by=by)
    click.echo(f"Member {number} has paper {papers}. Keep the spoiled one apart, unread.")


@paper_group.command("send")
@PROCEDURE
@CONTEST
@click.argument("numbers", nargs=-1, required=True, metavar="MEMBER...")
@BY
@pass_instance
def send_command(instance: Instance, *, procedure: str, contest: str | None, numbers: tuple[str, ...], by: str) -> None:
    """Note that each MEMBER is sent a paper with a voter card by post. Nobody is struck off by that."""
    with instance.write() as transaction:
        chosen = open_poll(transaction, procedure).contest(contest)
        sent = send_by_post(transaction, chosen, numbers, by=by, why_not=why_not_on_roll)
    click.echo(f"{sent} papers noted as sent by post.")


@paper_group.command("postal")
@PROCEDURE
@CONTEST
@click.argument("number", required=False, metavar="[MEMBER]")
@click.option("--received", type=MOMENT, help="When it came, in the zone of the policy. Default: now.")
@click.option("--no-card", is_flag=True, help="There was no voter card in the outer envelope.")
@click.option("--by", help="Member number of who enters it. Leave out to list what came in.")
@pass_instance
def postal_command(
    instance: Instance,
    *,
    procedure: str,
    contest: str | None,
    number: str | None,
    received: datetime | None,
    no_card: bool,
    by: str | None,
) -> None:
    """Enter the outer envelope with the voter card of MEMBER, and strike them off; or list what came in."""
    if by is None and number is None and not no_card:
        _list_envelopes(instance, procedure, contest)
        return
    if by is None or (number is None) != no_card:
        raise UnusableInput("Give the MEMBER on the voter card or --no-card, and --by for who enters it.")
    with instance.write() as transaction:
        chosen = open_poll(transaction, procedure).contest(contest)
        came = None if received is None else received.replace(tzinfo=ZoneInfo(chosen.policy.timezone))
        outcome = receive_envelope(transaction, chosen, number, received_at=came, by=by, why_not=why_not_on_roll)
    if not outcome.accepted:
        raise CheckFailed(f"Refused: {outcome.reason}. Keep it shut; it stands in the record.")
    click.echo(f"Accepted, and member {number} is struck off. Put the inner envelope with the others, shut.")


@paper_group.command("account")
@PROCEDURE
@CONTEST
@click.option("--unused", type=COUNT, required=True, help="Papers left over.")
@click.option("--spoiled", type=COUNT, required=True, help="Papers handed back and replaced.")
@click.option("--taken", type=COUNT, default=0, help="Papers that left the room.")
@click.option("--in-box", type=COUNT, required=True, help="Papers from the box in the room.")
@click.option("--postal-in-box", type=COUNT, default=0, help="Papers from inner envelopes.")
@click.option("--explain", "explanations", multiple=True, metavar="CHECK=TEXT", help="Why two numbers differ.")
@two
@pass_instance
def account_command(
    instance: Instance,
    *,
    procedure: str,
    contest: str | None,
    unused: int,
    spoiled: int,
    taken: int,
    in_box: int,
    postal_in_box: int,
    explanations: tuple[str, ...],
    by: str,
    second: str,
) -> None:
    """State how many papers there are of each sort, as the stembureau counted them by hand."""
    counted = ByHand(unused=unused, spoiled=spoiled, taken=taken, in_box=in_box, postal_in_box=postal_in_box)
    with instance.write() as transaction:
        chosen = open_poll(transaction, procedure).contest(contest)
        verdict = state_account(
            transaction, chosen, counted, explanations=pairs_in("--explain", explanations), by=(by, second)
        )
    for difference in verdict.differences:
        said = difference.explanation or "NOT EXPLAINED"
        click.echo(
            f"{difference.check}: {difference.what.en}: {difference.expected} against {difference.found}. {said}"
        )
    if not verdict.settled:
        raise unexplained(chosen, verdict)
    click.echo(
        f"Everything adds up: {in_box + postal_in_box} papers. Mix them, stamp the numbers, then `paper number`."
    )


@paper_group.command("number")
@PROCEDURE
@CONTEST
@click.option("--papers", type=click.IntRange(min=0), required=True, help="The last number that was stamped.")
@two
@pass_instance
def number_command(
    instance: Instance, *, procedure: str, contest: str | None, papers: int, by: str, second: str
) -> None:
    """Declare that the box was mixed, and then the numbers 1 to --papers were stamped on the papers."""
    with instance.write() as transaction:
        number_papers(transaction, open_poll(transaction, procedure).contest(contest), papers, by=(by, second))
    click.echo(f"Papers 1 to {papers} can be typed: `paper type {procedure} --typist NUMBER`, by two people.")


@paper_group.command("type")
@PROCEDURE
@CONTEST
@click.option("--typist", required=True, help="Member number of who types.")
@click.option("--from", "file", type=click.Path(path_type=Path, dir_okay=False), help="CSV with paper,marks.")
@click.option("--dry-run", is_flag=True, help="With --from: look at the file and keep nothing.")
@pass_instance
def type_command(
    instance: Instance, *, procedure: str, contest: str | None, typist: str, file: Path | None, dry_run: bool
) -> None:
    """Type over the papers, alone: at a prompt that saves each paper and resumes, or from a file."""
    if file is None:
        if dry_run:
            raise UnusableInput("--dry-run goes with --from FILE: at the prompt each paper is saved at once.")
        type_at_prompt(instance, procedure, contest, typist)
        return
    with instance.read() as session:
        chosen = reading(instance, session, procedure).contest(contest)
        papers = numbered_papers(session, chosen)
    marks = read_file(file, papers, chosen)
    kinds = [sum(text == "blank" for text in marks.values()), sum(text.startswith("?") for text in marks.values())]
    click.echo(f"{file}: {len(marks)} of {len(papers)} papers, of which {kinds[0]} blank and {kinds[1]} doubtful.")
    if dry_run:
        click.echo("Nothing was saved.")
        return
    with instance.write() as transaction:
        chosen = open_poll(transaction, procedure).contest(contest)
        progress = type_papers(transaction, chosen, marks, typist=typist)
    click.echo(f"Saved: {progress.typed} of {progress.papers} papers are typed.")


@paper_group.command("compare")
@PROCEDURE
@CONTEST
@pass_instance
def compare_command(instance: Instance, *, procedure: str, contest: str | None) -> None:
    """Show every paper that two people read differently, or found doubtful."""
    with instance.read() as session:
        chosen = reading(instance, session, procedure).contest(contest)
        round_ = current_round(session, chosen)
        state = comparison(session, chosen, round_)
        if not state.is_typed:
            raise CheckFailed(open_points(chosen, state))
        ruled = rulings(session, chosen, round_)
    click.echo(f"{chosen.title}, typing {round_}")
    table = Table("paper", "first", "second", "ruling", box=None)
    for paper in state.differences:
        ruling = ruled.get(paper.paper)
        said = "" if ruling is None else f"{ruling.marks or ruling.outcome}: {ruling.reason}"
        table.add_row(str(paper.paper), paper.first, paper.second, said)
    if state.differences:
        Console().print(table)
    if state.to_rule:
        raise CheckFailed(open_points(chosen, state))
    click.echo(
        f"{state.papers} papers, typed twice; {len(state.differences)} differed, all ruled. They can be counted."
    )


@paper_group.command("rule")
@PROCEDURE
@CONTEST
@click.argument("paper", type=click.IntRange(min=1))
@click.option("--reads", metavar="MARKS", help='How the paper reads: "3 1", or "yes".')
@click.option("--blank", is_flag=True, help="It is a blank vote.")
@click.option("--invalid", is_flag=True, help="It is invalid.")
@click.option("--reason", required=True, help="Why, for the record.")
@two
@pass_instance
def rule_command(
    instance: Instance,
    *,
    procedure: str,
    contest: str | None,
    paper: int,
    reads: str | None,
    blank: bool,
    invalid: bool,
    reason: str,
    by: str,
    second: str,
) -> None:
    """Rule on PAPER for the stembureau, with the reason: as a vote, as blank, or as invalid."""
    if (reads is not None) + blank + invalid != 1:
        raise UnusableInput("Give one of --reads, --blank and --invalid.")
    with instance.write() as transaction:
        rule_paper(
            transaction,
            open_poll(transaction, procedure).contest(contest),
            paper,
            outcome="blank" if blank else "invalid" if invalid else "valid",
            marks=reads or "",
            reason=reason,
            by=(by, second),
        )
    click.echo(f"Paper {paper} is ruled {reads or ('blank' if blank else 'invalid')}.")


@paper_group.command("show")
@PROCEDURE
@CONTEST
@pass_instance
def show_command(instance: Instance, *, procedure: str, contest: str | None) -> None:
    """Show the numbers of papers: printed, handed out, left, and the accounting when it was stated."""
    with instance.read() as session:
        chosen = reading(instance, session, procedure).contest(contest)
        struck = struck_off(session, chosen)
        stated = accounting_of(session, chosen)
        left = papers_left(session, chosen)
    click.echo(chosen.title)
    table = Table("papers", "number", box=None)
    table.add_row("struck off in the room", str(sum(channel == ROOM for channel in struck.values())))
    table.add_row("struck off by post", str(sum(channel == POST for channel in struck.values())))
    table.add_row("left", str(left))
    if stated is not None:
        table.add_row("in the box", str(stated[0].in_box))
        table.add_row("by post in the box", str(stated[0].postal_in_box))
        table.add_row("differences", f"{len(stated[1].differences)}, {len(stated[1].unexplained)} unexplained")
    Console().print(table)


def _list_envelopes(instance: Instance, procedure: str, contest: str | None) -> None:
    with instance.read() as session:
        chosen = reading(instance, session, procedure).contest(contest)
        rows = envelopes(session, chosen)
    click.echo(f"{chosen.title}: by post")
    table = Table("received", "outcome", "reason", box=None)
    for row in rows:
        table.add_row(chosen.shown(row.received_at), "accepted" if row.accepted else "refused", row.reason)
    Console().print(table)
