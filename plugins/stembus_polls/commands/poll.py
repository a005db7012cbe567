"""`stembus poll`: counting, recounting, the result, the report, and whatever anybody wants in the record."""

from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from stembus.errors import CheckFailed, UnusableInput
from stembus.instance import Instance
from stembus.pass_instance import pass_instance
from stembus_ballots.approval import ApprovalRecord
from stembus_ballots.pairwise import PairwiseRecord
from stembus_ballots.per_person import PerPersonRecord
from stembus_ballots.ranked_rounds import RankedRoundsRecord
from stembus_ballots.whole import WholeRecord
from stembus_polls.commands.asking import BY, CONTEST, PROCEDURE, lot_in, numbers_in, reading, two
from stembus_polls.commands.poll_credentials import poll_credentials_group
from stembus_polls.commands.secret import secret_group
from stembus_polls.contests import Contest
from stembus_polls.counting.blocks import count_blocks, how_close
from stembus_polls.counting.count import Counted, count_again, count_contest, latest_count
from stembus_polls.counting.declare import complete_count, declare, elected_in, standing_in_the_way
from stembus_polls.counting.lots import enter_decided, enter_seed
from stembus_polls.counting.not_adopted import not_adopted
from stembus_polls.counting.notes import NoteKind, answer_note, note, notes_of
from stembus_polls.counting.records import RankedRecord, Record
from stembus_polls.counting.recount import order_recount, recount_due, recounts
from stembus_polls.counting.report_meeting import meeting_part
from stembus_polls.counting.report_procedure import whole_procedure, whole_report
from stembus_polls.cross_check import Agrees, Differs
from stembus_polls.poll import Poll, open_poll
from stembus_polls.procedure_now import shown
from stembus_polls.publishing.publish import publish
from stembus_polls.report import data_files, procedure_archive, report_html, report_pdf
from stembus_polls.whole_outcome import outcome_words, persons_in, rule_words


@click.group("poll")
def poll_group() -> None:
    """The count, its recounts, the result and its report."""


@poll_group.command("count")
@PROCEDURE
@CONTEST
@click.option("--lot-seed", metavar="TEXT", help="The public seed, known only after the close.")
@click.option("--decided-lot", "decided", multiple=True, metavar="WHY:3,8=8", help="A lot drawn in the room.")
@click.option("--lot-by", default="", help="Who drew the lot.")
@click.option("--witness", "witnesses", multiple=True, help="Who watched it.")
@two
@pass_instance
def count_command(
    instance: Instance,
    *,
    procedure: str,
    contest: str | None,
    lot_seed: str | None,
    decided: tuple[str, ...],
    lot_by: str,
    witnesses: tuple[str, ...],
    by: str,
    second: str,
) -> None:
    """Count one contest, or all of them in the order of filling. A lot is entered first, and is kept on its own."""
    pair = (by, second)
    if lot_seed is not None or decided:
        with instance.write() as transaction:
            poll = open_poll(transaction, procedure)
            for chosen in poll.contests if contest is None else (poll.contest(contest),):
                if lot_seed is not None:
                    enter_seed(transaction, chosen, lot_seed, drawn_by=lot_by, witnesses=witnesses, by=pair)
                    click.echo(f"The seed for {chosen.id} is kept: {lot_seed.strip()}")
            for text in decided:
                why, tied, drawn = lot_in("--decided-lot", text)
                enter_decided(
                    transaction,
                    poll.contest(contest),
                    tied,
                    drawn,
                    why=why,
                    drawn_by=lot_by,
                    witnesses=witnesses,
                    by=pair,
                )
    with instance.write() as transaction:
        poll = open_poll(transaction, procedure)
        for chosen in poll.contests if contest is None else (poll.contest(contest),):
            _show_count(chosen, count_contest(transaction, chosen, poll.contests, by=pair))
        complete = complete_count(transaction, poll, by=pair)
        blocks = count_blocks(transaction.session, poll.contests)
        close = [(one, found) for one in poll.contests if (found := recount_due(transaction.session, one))]
    for block in blocks[:1] if not complete else ():
        click.echo(block.reason.en)
    for one, found in close:
        click.echo(how_close(one, found).en)


@poll_group.command("recount")
@PROCEDURE
@CONTEST
@click.option("--by-hand", is_flag=True, help="Have two people type papers again.")
@click.option("--papers", default="", metavar="3,8", help="With --by-hand: only these papers.")
@click.option("--asked-by", default="", help="With --by-hand: who asks for it.")
@click.option("--ground", default="", help="With --by-hand: why.")
@click.option("--by", help="With --by-hand: member number of who does it.")
@click.option("--with", "second", help="With --by-hand: member number of the second person.")
@pass_instance
def recount_command(
    instance: Instance,
    *,
    procedure: str,
    contest: str | None,
    by_hand: bool,
    papers: str,
    asked_by: str,
    ground: str,
    by: str | None,
    second: str | None,
) -> None:
    """Make the count again from the papers that are kept; or, --by-hand, open a new round of typing."""
    if by_hand:
        if by is None or second is None:
            raise UnusableInput("A recount by hand takes two people: --by and --with.")
        with instance.write() as transaction:
            round_ = order_recount(
                transaction,
                open_poll(transaction, procedure).contest(contest),
                asked_by=asked_by,
                ground=ground,
                papers=numbers_in("--papers", papers),
                by=(by, second),
            )
        click.echo(f"Typing {round_} is open: two people `paper type {procedure}`, then `poll count {procedure}`.")
        return
    with instance.read() as session:
        poll = reading(instance, session, procedure)
        for chosen in poll.contests if contest is None else (poll.contest(contest),):
            if difference := count_again(session, chosen):
                raise CheckFailed(f"{chosen.title}: {difference}.")
            click.echo(f"{chosen.title}: identical, in every number of every stage.")
            for one in recounts(session, chosen):
                click.echo(f"Typing {one.round}, asked for by {one.asked_by} ({one.ground}): {len(one.changed)} of "
                           f"{one.papers} papers read otherwise.")  # fmt: skip


@poll_group.command("result")
@PROCEDURE
@pass_instance
def result_command(instance: Instance, *, procedure: str) -> None:
    """Show who is elected, or everything that stands in the way of saying so."""
    with instance.read() as session:
        poll = reading(instance, session, procedure)
        cancelled = poll.running.state.cancelled_at
        if cancelled is not None:
            raise CheckFailed(f"Nobody is elected: {procedure} was cancelled on {shown(poll.running, cancelled)}.")
        annulled = poll.running.state.annulled
        if annulled is not None:
            at = shown(poll.running, annulled.at)
            raise CheckFailed(f"Nobody is elected: the vote of {procedure} was annulled on {at}.")
        reasons = standing_in_the_way(session, instance.plugins, poll, instance.clock.now())
        outcome = _outcome(session, poll)
    if reasons:
        for words in reasons:
            click.echo(f"  - {words.en.rstrip('.')}")
        raise CheckFailed(f"Nobody is elected yet in {procedure}: see above what stands in the way.")
    click.echo(outcome)


@poll_group.command("declare")
@PROCEDURE
@click.option("--ground", required=True, help="What the declaration rests on.")
@two
@pass_instance
def declare_command(instance: Instance, *, procedure: str, ground: str, by: str, second: str) -> None:
    """Declare the result, after every count was made again. It takes two people."""
    with instance.write() as transaction:
        poll = open_poll(transaction, procedure)
        declare(transaction, poll, ground=ground, by=(by, second))
        outcome = _outcome(transaction.session, poll)
    click.echo(outcome)


@poll_group.command("publish")
@PROCEDURE
@two
@pass_instance
def publish_command(instance: Instance, *, procedure: str, by: str, second: str) -> None:
    """Make the declared result public at the level that the policy allows. It takes two people."""
    with instance.write() as transaction:
        row = publish(transaction, open_poll(transaction, procedure), by=(by, second))
    click.echo(f"The result of {procedure} is public (publication {row.number}).")
    click.echo(f"SHA-256 of the archive: {row.archive_sha256}")


@poll_group.command("report")
@PROCEDURE
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder to write in.")
@pass_instance
def report_command(instance: Instance, *, procedure: str, out: Path) -> None:
    """Write the report as PDF and web page, in Dutch and English, and the data that the policy publishes."""
    with instance.read() as session:
        poll = reading(instance, session, procedure)
        report = whole_report(instance, session, poll, instance.clock.now(), meeting=meeting_part(session, poll))
        profiles = whole_procedure(session, poll, report).profiles
    out.mkdir(parents=True, exist_ok=True)
    files = {
        "report-nl.html": report_html(report, "nl", other="report-en.html").encode(),
        "report-en.html": report_html(report, "en", other="report-nl.html").encode(),
        "report-nl.pdf": report_pdf(report, "nl"),
        "report-en.pdf": report_pdf(report, "en"),
        **data_files(report, profiles),
    }
    for name, data in files.items():
        (out / name).write_bytes(data)
        click.echo(str(out / name))


@poll_group.command("archive")
@PROCEDURE
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The zip to write.")
@pass_instance
def archive_command(instance: Instance, *, procedure: str, out: Path) -> None:
    """Write one file for an auditor: definition, roll root, acts, ballots as allowed, count and report."""
    with instance.read() as session:
        poll = reading(instance, session, procedure)
        report = whole_report(instance, session, poll, instance.clock.now(), meeting=meeting_part(session, poll))
        out.write_bytes(procedure_archive(whole_procedure(session, poll, report)))
    click.echo(f"{out}: unpack it and follow README.txt to check every part.")


@poll_group.command("status")
@PROCEDURE
@pass_instance
def status_command(instance: Instance, *, procedure: str) -> None:
    """Show where each contest stands and what blocks it."""
    with instance.read() as session:
        poll = reading(instance, session, procedure)
        table = Table("contest", "seats", "candidates", "state", box=None)
        for contest in poll.contests:
            blocks = count_blocks(session, (contest,))
            counted = latest_count(session, contest)
            state = blocks[0].reason.en if blocks else f"counted ({counted.number})" if counted else "counted"
            if counted and not blocks and (why := not_adopted(counted.record)):
                state = f"{state}; {why.en}"
            table.add_row(contest.id, str(contest.plan.seats), str(len(contest.candidates)), state)
    Console().print(table)


@poll_group.group("incident")
def incident_group() -> None:
    """Incidents, complaints and dissents: all of them are in the record."""


@incident_group.command("add")
@PROCEDURE
@click.argument("text")
@click.option("--kind", type=click.Choice(["incident", "complaint", "dissent"]), default="incident")
@click.option("--member", help="Member number of whose complaint it is.")
@click.option("--name", default="", help="The name of somebody who is no member.")
@BY
@pass_instance
def add_command(
    instance: Instance, *, procedure: str, text: str, kind: NoteKind, member: str | None, name: str, by: str
) -> None:
    """Put TEXT into the record. A dissent is that of who enters it."""
    with instance.write() as transaction:
        poll = open_poll(transaction, procedure)
        identifier = note(transaction, poll.running, kind, text, member=member, name=name, by=by)
    click.echo(f"Recorded as {identifier}.")


@incident_group.command("answer")
@PROCEDURE
@click.argument("note_id", metavar="NOTE")
@click.argument("text")
@BY
@pass_instance
def answer_command(instance: Instance, *, procedure: str, note_id: str, text: str, by: str) -> None:
    """Write the answer TEXT beside a note."""
    with instance.write() as transaction:
        poll = open_poll(transaction, procedure)
        answer_note(transaction, poll.running, note_id, text, by=by)
    click.echo("Answered.")


@incident_group.command("list")
@PROCEDURE
@pass_instance
def list_command(instance: Instance, *, procedure: str) -> None:
    """Show everything that was put into the record."""
    with instance.read() as session:
        poll = reading(instance, session, procedure)
        rows = notes_of(session, poll.running.procedure.id)
    table = Table("note", "when", "kind", "by", "text", "answer", box=None)
    for row in rows:
        table.add_row(row.id, poll.contests[0].shown(row.at), row.kind, row.by, row.text, row.answer)
    Console().print(table)


def _outcome(session: Session, poll: Poll) -> str:
    """Return who is elected, one on a line, and of a contest whose candidates were not adopted why."""
    lines = [f"{one.contest}: {one.place}. {one.name}" for one in elected_in(session, poll)]
    for contest in poll.contests:
        counted = latest_count(session, contest)
        if counted is not None and (why := not_adopted(counted.record)):
            lines.append(f"{contest.id}: nobody is elected; all candidates together were voted on, {why.en}.")
    return "\n".join(lines)


def _show_count(contest: Contest, counted: Counted) -> None:
    record = counted.record
    click.echo(f"{contest.title}, count {counted.number}:")
    table = Table("", "elected", box=None)
    for place, candidate in enumerate(counted.elected, 1):
        table.add_row(str(place), contest.candidates[candidate].name)
    Console().print(table)
    for line in _record_lines(contest, record):
        click.echo(line)
    if not isinstance(record, RankedRecord):
        return
    for lowered in counted.inputs.lowered:
        click.echo(f"{lowered.balance}: the minimum of {lowered.asked} could not be met and became {lowered.becomes}.")
    check = counted.cross_check
    if isinstance(check, Agrees):
        click.echo("pyrankvote elects the same.")
    elif isinstance(check, Differs):
        names = ", ".join(contest.candidates[candidate].name for candidate in check.pyrankvote)
        click.echo(f"pyrankvote, by its own rule, elects: {names}. It decides nothing; the report says so.")
    else:
        click.echo(f"The second opinion does not apply ({check.why}).")


def _record_lines(contest: Contest, record: Record) -> Iterator[str]:
    """What a record of each kind says beside who is elected."""
    papers = f"{record.valid} valid, {record.blank} blank, {record.invalid} invalid"
    match record:
        case WholeRecord():
            yield _whole_line(contest, record)
        case PerPersonRecord():
            yield from (f"{name}: {said.en}." for name, said in persons_in(record))
            yield f"Enough is {rule_words(record).en}. {record.valid} valid, {record.invalid} invalid."
        case ApprovalRecord():
            yield f"{papers}." if record.needed is None else f"{papers}; {record.needed} of {record.base} needed."
            for place in sorted(range(len(record.candidates)), key=lambda place: (-record.approvals[place], place)):
                yield f"  {record.approvals[place]:6} {contest.candidates[place].name}"
        case PairwiseRecord():
            yield from _pairs_lines(record)
            yield f"{papers}."
        case RankedRoundsRecord():
            yield from _rounds_lines(record)
            yield f"{papers}."
        case _:
            yield f"{papers}; quota {record.quota}."


def _pairs_lines(record: PairwiseRecord) -> Iterator[str]:
    if record.order:
        tiers = (" = ".join(record.candidates[place] for place in tier) for tier in record.order)
        yield f"Order by pairs: {' > '.join(tiers)}."
        for cycle in record.cycles:
            names = ", ".join(record.candidates[place] for place in cycle.candidates)
            yield f"A circle of wins, which Schulze's method settles: {names}."


def _rounds_lines(record: RankedRoundsRecord) -> Iterator[str]:
    for one in record.rounds:
        votes = sorted(zip(one.between, one.votes, strict=True), key=lambda each: -each[1])
        said = ", ".join(f"{record.candidates[place]} {number}" for place, number in votes)
        yield f"Round {one.number}: {said}; {one.needed} of {one.counted} needed."
    yield f"Elected by {record.by}."


def _whole_line(contest: Contest, record: WholeRecord) -> str:
    if record.vote is None:
        return f"{contest.way.reason.en}."
    votes = record.vote.votes
    said = f"{votes.yes} for, {votes.no} against, {votes.blank} blank, {votes.invalid} invalid"
    return f"{said}; {outcome_words(record.vote).en} ({rule_words(record.vote).en})."


poll_group.add_command(poll_credentials_group)
poll_group.add_command(secret_group)
