"""`stembus members`: importing the roll, undoing an import, merging duplicates, looking members up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlmodel import Session, col, func, select

from stembus.commands.fates import show_file, show_plan, write_fates
from stembus.errors import CheckFailed, Refused, UnusableInput
from stembus.instance import Instance
from stembus.organisation.authority import authorise, today
from stembus.organisation.core_powers import MEMBERS_IMPORT
from stembus.organisation.facts import MemberOnDay, facts_on
from stembus.organisation.member import MemberState, sort_name
from stembus.organisation.merge import merge_members, plan_merge
from stembus.organisation.registry import find_members, member_numbered
from stembus.organisation.roll.alarm import alarms
from stembus.organisation.roll.applying import apply_plan, check_day
from stembus.organisation.roll.planning import Plan, Roll, make_plan
from stembus.organisation.roll.reading import RollFile, check_columns, open_roll_file, save_mapping, saved_mappings
from stembus.organisation.roll.undoing import imports, undo_import
from stembus.organisation.states import all_states, lock_roll, states_of
from stembus.organisation.tables import Member
from stembus.pass_instance import pass_instance

DAY = click.DateTime(["%Y-%m-%d", "%d-%m-%Y"])
SHOWN = 20


@click.group("members")
def members_group() -> None:
    """Members: the roll, its imports, and looking somebody up."""


@members_group.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--mapping", help="A saved mapping of columns, or a .json file with one (field to heading).")
@click.option("--column", "own_columns", multiple=True, metavar="FIELD=HEADING", help="Which column holds a field.")
@click.option("--save-mapping", "saves", help="Save the columns that are used under this name.")
@click.option("--delimiter", help="What stands between the cells of a CSV, when it is not found by itself.")
@click.option("--sheet", help="Which sheet of a spreadsheet.")
@click.option("--as-of", type=DAY, help="The day the file was exported. Default: today.")
@click.option("--part", is_flag=True, help="The file is only a part of the membership roll: nobody is gone.")
@click.option(
    "--other-person",
    multiple=True,
    metavar="NUMBER",
    help="This number is another person, although the name is the same.",
)
@click.option("--leave-out-refused", is_flag=True, help="Apply the rest when rows are refused or ambiguous.")
@click.option(
    "--yes-many", multiple=True, type=click.Choice(["new", "changed", "gone"]), help="It is meant that so many are."
)
@click.option("--fates", type=click.Path(path_type=Path, dir_okay=False), help="Write the fate of every row to a CSV.")
@click.option(
    "--show", type=click.IntRange(0), default=SHOWN, show_default=True, help="How many rows of each fate to show."
)
@click.option("--apply", "applies", is_flag=True, help="Apply it. Without this nothing is changed.")
@click.option("--by", help="Member number of who imports.")
@pass_instance
def import_command(
    instance: Instance,
    *,
    file: Path,
    mapping: str | None,
    own_columns: tuple[str, ...],
    saves: str | None,
    delimiter: str | None,
    sheet: str | None,
    as_of: datetime | None,
    part: bool,
    other_person: tuple[str, ...],
    leave_out_refused: bool,
    yes_many: tuple[str, ...],
    fates: Path | None,
    show: int,
    applies: bool,
    by: str | None,
) -> None:
    """Import a membership roll from FILE (CSV or spreadsheet).

    Shows the fate of every row. Nothing is changed without --apply, and then all of it or nothing, as one act.
    """
    if applies and by is None:
        raise UnusableInput("Say who imports: --by MEMBERNUMBER.")
    columns = dict(_column(text) for text in own_columns)
    with instance.read() as session:
        saved = saved_mappings(session)
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter)
    if delimiter is not None and len(delimiter) != 1:
        raise UnusableInput(f"--delimiter {delimiter!r}: give one character, or the word tab.")
    opened = open_roll_file(file, saved, mapping=mapping, own_columns=columns, delimiter=delimiter, sheet=sheet)
    show_file(opened)
    if saves:
        with instance.write() as transaction:
            save_mapping(transaction.session, saves, opened.columns)
        click.echo(f"These columns are saved as the mapping {saves!r}.")

    def planned(session: Session, now: datetime) -> Plan:
        day = as_of.date() if as_of else today(instance, now)
        check_day(session, day, today(instance, now))
        plan = _plan(session, opened, day, is_whole_roll=not part, other_people=other_person)
        if fates is not None:
            write_fates(plan, fates)
            click.echo(f"The fate of every row is in {fates}. It holds personal data: destroy it when it was read.")
        check_columns(plan, opened)
        show_plan(plan, show)
        return plan

    if not applies:
        with instance.read() as session:
            _say_dry(planned(session, instance.clock.now()))
        return
    with instance.write() as transaction:
        actor = authorise(transaction, by or "", MEMBERS_IMPORT)
        lock_roll(transaction.session)
        plan = planned(transaction.session, transaction.now)
        _refuse_unless_meant(plan, yes_many, leave_out_refused=leave_out_refused)
        with _progress("applying", plan.writes) as progress:
            number = apply_plan(transaction, plan, opened.sheet, actor, progress)
    if number is None:
        click.echo("The membership roll already says exactly this. Nothing was changed, and no act was recorded.")
    else:
        click.echo(f"Applied as import {number}. `stembus members undo-import` takes it back.")
    if plan.left_out:
        raise CheckFailed(f"{plan.left_out} rows were left out: correct them and import again.")


@members_group.command("imports")
@pass_instance
def imports_command(instance: Instance) -> None:
    """List the imports that were applied."""
    with instance.read() as session:
        found = imports(session)
        for row in found:
            at = row.at.astimezone(instance.zone)
            counts = row.counts.strip("{}").replace('"', "").replace(":", " ").replace(",", ", ")
            undone = "; UNDONE" if row.undone_by else ""
            click.echo(f"{row.number}  {at:%Y-%m-%d %H:%M}  {row.file_name}, as of {row.as_of}: {counts}{undone}")
    if not found:
        click.echo("Nothing was imported yet.")


@members_group.command("undo-import")
@click.argument("number", type=int, required=False)
@click.option("--by", required=True, help="Member number of who undoes it.")
@click.option("--ground", required=True, help="Why, in a few words that may be read.")
@pass_instance
def undo_command(instance: Instance, number: int | None, by: str, ground: str) -> None:
    """Undo the last import, or the one named: the roll is exactly as it was before."""
    with instance.write() as transaction:
        done = undo_import(transaction, number, by=by, ground=ground)
        told = f"Import {done.number}, of {done.file_name} is undone: the membership roll is as it was before."
    click.echo(told)


@members_group.command("merge")
@click.argument("keep")
@click.argument("gone")
@click.option("--apply", "applies", is_flag=True, help="Merge them. Without this nothing is changed.")
@click.option("--by", help="Member number of who merges.")
@click.option("--ground", help="How it is known that they are one person.")
@pass_instance
def merge_command(
    instance: Instance, *, keep: str, gone: str, applies: bool, by: str | None, ground: str | None
) -> None:
    """Merge the entry GONE into KEEP, two numbers of one person. It cannot be undone."""
    with instance.read() as session:
        kept, going, changes = plan_merge(session, keep, gone, today(instance, instance.clock.now()))
        click.echo(f"{going.name} ({going.number}) goes into {kept.name} ({kept.number}); both numbers lead there.")
        for change in changes:
            click.echo(f"  {change.field}: {change.old or '(empty)'} → {change.new}")
    if not applies:
        click.echo("Nothing was changed. Add --apply --by NUMBER --ground TEXT to merge them; it cannot be undone.")
        return
    if by is None or ground is None:
        raise UnusableInput("Say who merges and how it is known that they are one person: --by NUMBER --ground TEXT.")
    with instance.write() as transaction:
        merge_members(transaction, keep, gone, by=by, ground=ground)
    click.echo("Merged.")


@members_group.command("find")
@click.argument("words", nargs=-1, required=True)
@pass_instance
def find_command(instance: Instance, words: tuple[str, ...]) -> None:
    """Find members by number, name or mail address."""
    table = Table("number", "name", "mail address", "", box=None)
    with instance.read() as session:
        for member in find_members(session, " ".join(words)):
            merged = f"merged into {_number(session, member.merged_into)}" if member.merged_into else ""
            table.add_row(member.number, sort_name(member.given, member.particle, member.surname), member.email, merged)
    if not table.row_count:
        raise CheckFailed(f"No member was found with {' '.join(words)!r} in the number, name or mail address.")
    Console().print(table)


@members_group.command("list")
@click.option("--on", "day", type=DAY, help="On which day. Default: today.")
@click.option("--branch", help="Only of this branch.")
@pass_instance
def list_command(instance: Instance, day: datetime | None, branch: str | None) -> None:
    """List the members on a day, with branch and contribution."""
    on = day.date() if day else today(instance, instance.clock.now())
    with instance.read() as session:
        everybody = facts_on(session, None, on).values()
    table = Table("number", "name", "branch", "since", "contribution", "", box=None)
    for one in sorted((one for one in everybody if _is_member(one, on)), key=lambda one: one.sort_name.casefold()):
        if branch is None or one.facts.branch == branch:
            since = one.facts.registered_on or one.facts.first_payment_on or ""
            marks = "suspended" if one.facts.suspended else ""
            table.add_row(
                one.number, one.sort_name, one.facts.branch or "", str(since), one.facts.contribution or "", marks
            )
    Console().print(table)
    click.echo(f"{table.row_count} members on {on}.")


@members_group.command("show")
@click.argument("number")
@pass_instance
def show_command(instance: Instance, number: str) -> None:
    """Show everything that is kept of one member."""
    with instance.read() as session:
        member = member_numbered(session, number)
        state = states_of(session, [member.id])[member.id]
        also = session.exec(select(Member.number).where(Member.merged_into == member.id)).all()
    table = Table("", "", show_header=False, box=None)
    for field in ("number", "name", "born_on", "email", "phone", "street", "postcode", "city", "country"):
        table.add_row(field, str(getattr(state, field) or ""))
    for field in ("registered_on", "first_paid_on"):
        table.add_row(field, str(getattr(state, field) or ""))
    if also:
        table.add_row("also known as", ", ".join(also))
    for period in state.periods:
        until = f" until (not including) {period.ends}" if period.ends else ""
        table.add_row(period.kind, f"{period.value} from {period.starts}{until}")
    Console().print(table)


def _plan(session: Session, file: RollFile, as_of: date, *, is_whole_roll: bool, other_people: tuple[str, ...]) -> Plan:
    known = session.exec(select(func.count(col(Member.id)))).one()
    with _progress("reading the membership roll", known) as progress:
        roll = Roll(_counted(all_states(session), progress), as_of)
    with _progress(f"reading {file.sheet.file_name}", None) as progress:
        return make_plan(
            file.records(as_of),
            roll,
            as_of,
            is_whole_roll=is_whole_roll,
            other_people=other_people,
            progress=progress,
        )


def _say_dry(plan: Plan) -> None:
    """End a dry run: what would stop it is a failed check."""
    found = alarms(plan.counts, plan.members)
    if plan.left_out:
        raise CheckFailed(
            f"{plan.left_out} rows cannot be applied: correct them in the membership system and export again, or apply "
            "the rest with --leave-out-refused. Nothing was changed."
        )
    if found:
        raise CheckFailed("An alarm has to be answered before this can be applied. Nothing was changed.")
    click.echo(
        "Nothing was changed. Add --apply --by NUMBER to apply it."
        if plan.writes
        else "The membership roll already says exactly this."
    )


def _refuse_unless_meant(plan: Plan, yes_many: tuple[str, ...], *, leave_out_refused: bool) -> None:
    if plan.left_out and not leave_out_refused:
        raise Refused(
            f"{plan.left_out} rows are refused or ambiguous, and an import is applied as a whole: correct them in the "
            "membership system, or add --leave-out-refused. Nothing was changed."
        )
    for alarm in alarms(plan.counts, plan.members):
        if alarm.fate not in yes_many:
            raise Refused(f"{alarm} Nothing was changed.")


def _column(text: str) -> tuple[str, str]:
    field, mark, heading = text.partition("=")
    if not mark or not heading:
        raise UnusableInput(f"--column {text!r}: expected FIELD=HEADING, as in --column number=Lidnr.")
    return field.strip(), heading.strip()


def _is_member(one: MemberOnDay, day: date) -> bool:
    began = one.facts.registered_on or one.facts.first_payment_on
    return began is not None and began <= day and (one.facts.ended_on is None or one.facts.ended_on > day)


def _number(session: Session, member_id: str) -> str:
    member = session.get(Member, member_id)
    return "" if member is None else member.number


def _counted(items: Iterator[MemberState], progress: Callable[[int], None]) -> Iterator[MemberState]:
    for count, item in enumerate(items, start=1):
        if count % 1000 == 0:
            progress(1000)
        yield item


@contextmanager
def _progress(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a progress bar where a person looks on, and nothing otherwise."""
    console = Console(stderr=True)
    if not console.is_terminal or total == 0:
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda more: bar.advance(task, more)
