"""`stembus seats`: who sits where, giving seats, ending them, and absence."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from stembus.errors import UnusableInput
from stembus.instance import Instance
from stembus.organisation.authority import acting_seats, all_seats, today
from stembus.organisation.mandate import runs
from stembus.organisation.seats import Appointment, appoint, end_seat, record_absence
from stembus.pass_instance import pass_instance
from stembus.text_file import read_text

DAY = click.DateTime(["%Y-%m-%d", "%d-%m-%Y"])
COLUMNS = {"body", "office", "number", "from", "until", "deputy_for"}


@click.group("seats")
def seats_group() -> None:
    """Seats: who sits where from when until when, and by which act."""


@seats_group.command("appoint")
@click.argument("seat", nargs=-1, metavar="BODY OFFICE MEMBER")
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="CSV: body,office,number,from,until,deputy_for.",
)
@click.option("--from", "starts", type=DAY, help="The first day. Default: today.")
@click.option("--until", "last_day", type=DAY, help="The last day.")
@click.option("--deputy-for", help="Member number of the holder whose seat this one stands in for.")
@click.option("--by", required=True, help="Member number of who appoints.")
@click.option("--with", "second", required=True, help="Member number of the second person.")
@click.option("--ground", required=True, help='The decision it rests on: "ALV 1-3-2026, decision 5".')
@pass_instance
def appoint_command(
    instance: Instance,
    *,
    seat: tuple[str, ...],
    file: Path | None,
    starts: datetime | None,
    last_day: datetime | None,
    deputy_for: str | None,
    by: str,
    second: str,
    ground: str,
) -> None:
    """Give a seat to a member, or all the seats in a file at once. It takes two people."""
    if (file is None) == (len(seat) != 3):
        raise UnusableInput("Name a body, an office and a member number, or a --file with many.")
    with instance.write() as transaction:
        first = starts.date() if starts else today(instance, transaction.now)
        wanted = (
            [
                Appointment(
                    body=seat[0],
                    office=seat[1],
                    number=seat[2],
                    starts=first,
                    last_day=last_day.date() if last_day else None,
                    deputy_for=deputy_for,
                )
            ]
            if file is None
            else _read_appointments(file, first)
        )
        appoint(transaction, wanted, by=(by, second), ground=ground)
    for one in wanted:
        until = f", until {one.last_day}" if one.last_day else ""
        click.echo(f"{one.number} has a seat as {one.body}.{one.office} from {one.starts}{until}.")


@seats_group.command("end")
@click.argument("body")
@click.argument("office")
@click.argument("member")
@click.option("--until", "last_day", type=DAY, help="The last day. Default: today.")
@click.option("--by", required=True, help="Member number of who ends it.")
@click.option("--with", "second", required=True, help="Member number of the second person.")
@click.option("--ground", required=True, help="The decision or event it rests on.")
@pass_instance
def end_command(
    instance: Instance,
    *,
    body: str,
    office: str,
    member: str,
    last_day: datetime | None,
    by: str,
    second: str,
    ground: str,
) -> None:
    """End a seat. Its powers end with it. It takes two people."""
    with instance.write() as transaction:
        last = last_day.date() if last_day else today(instance, transaction.now)
        end_seat(transaction, body, office, member, last_day=last, by=(by, second), ground=ground)
    click.echo(f"The last day of {member} as {body}.{office} is {last}.")


@seats_group.command("absent")
@click.argument("body")
@click.argument("office")
@click.argument("member")
@click.option("--from", "starts", type=DAY, help="The first day. Default: today.")
@click.option("--until", "last_day", type=DAY, help="The last day.")
@click.option("--by", required=True, help="Member number of who records it; may be the holder.")
@click.option("--ground", required=True, help="Why, in a few words that may be read.")
@pass_instance
def absent_command(
    instance: Instance,
    *,
    body: str,
    office: str,
    member: str,
    starts: datetime | None,
    last_day: datetime | None,
    by: str,
    ground: str,
) -> None:
    """Record that the holder of a seat is absent, so that the deputy acts."""
    with instance.write() as transaction:
        first = starts.date() if starts else today(instance, transaction.now)
        record_absence(
            transaction,
            body,
            office,
            member,
            starts=first,
            last_day=last_day.date() if last_day else None,
            by=by,
            ground=ground,
        )
    click.echo(f"{member} is absent as {body}.{office} from {first}; a deputy of this seat acts.")


@seats_group.command("list")
@click.option("--on", "day", type=DAY, help="On which day. Default: today.")
@click.option("--all", "everything", is_flag=True, help="Also seats that are over or still to come.")
@pass_instance
def list_command(instance: Instance, day: datetime | None, everything: bool) -> None:
    """List who sits where, and whether the seat gives power on that day."""
    on = day.date() if day else today(instance, instance.clock.now())
    with instance.read() as session:
        seats, powerful = all_seats(session), {seat.seat_id for seat in acting_seats(session, on)}
    table = Table("body", "office", "number", "name", "from", "until", "acts", box=None)
    for seat in sorted(seats, key=lambda seat: (seat.body, seat.office, seat.starts)):
        if everything or runs(seat.starts, seat.ends, on):
            until = "" if seat.ends is None else str(seat.ends - timedelta(days=1))
            office = seat.office + (" (deputy)" if seat.deputy_for else "")
            acts = "yes" if seat.seat_id in powerful else "no"
            table.add_row(seat.body, office, seat.number, seat.name, str(seat.starts), until, acts)
    Console().print(table if table.row_count else f"Nobody has a seat on {on}.")


def _read_appointments(file: Path, starts: date) -> list[Appointment]:
    text = read_text(file)
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    try:
        reader = csv.DictReader(text.splitlines(), delimiter=delimiter, strict=True)
        headings = set(reader.fieldnames or ())
        if not {"body", "office", "number"} <= headings <= COLUMNS:
            raise UnusableInput(
                f"{file}: expected the columns body, office, number and if wanted from, until, deputy_for; it has "
                f"{', '.join(sorted(headings)) or 'none'}."
            )
        found = [_appointment(file, row, cells, starts) for row, cells in enumerate(reader, start=2)]
    except csv.Error as error:
        raise UnusableInput(f"{file}: the quotes do not match ({error}). Correct that and try again.") from None
    if not found:
        raise UnusableInput(f"{file} names no seats: put one on each row below the headings.")
    return found


def _appointment(file: Path, row: int, cells: dict[str, str], starts: date) -> Appointment:
    try:
        return Appointment(
            body=cells["body"].strip(),
            office=cells["office"].strip(),
            number=cells["number"].strip(),
            starts=date.fromisoformat(cells["from"]) if cells.get("from") else starts,
            last_day=date.fromisoformat(cells["until"]) if cells.get("until") else None,
            deputy_for=cells.get("deputy_for") or None,
        )
    except (ValueError, AttributeError):
        raise UnusableInput(f"{file}, row {row}: expected all columns, with days as 2026-03-01.") from None
