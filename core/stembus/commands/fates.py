"""Showing the plan of an import: on the screen in short, in a file in full."""

import csv
import os
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from stembus.organisation.roll.alarm import alarms
from stembus.organisation.roll.cells import harmless
from stembus.organisation.roll.columns import FIELDS
from stembus.organisation.roll.fates import FATES, Fate, RowFate
from stembus.organisation.roll.planning import Plan
from stembus.organisation.roll.reading import RollFile

MEANS = {
    "new": "becomes known as a member",
    "changed": "the membership roll has something else; the difference is shown",
    "unchanged": "the membership roll says the same",
    "ambiguous": "it is not certain whom it is about; nothing is changed",
    "refused": "it cannot be used; nothing is changed",
    "gone": "in the membership roll, not in the file; membership ends",
}
SHOWN_FIRST: tuple[Fate, ...] = ("refused", "ambiguous", "gone", "changed", "new", "unchanged")


def show_file(file: RollFile) -> None:
    """Say how the file was read and which column holds what."""
    sheet = file.sheet
    click.echo(f"{sheet.file_name} ({sheet.form}; headings on row {sheet.heading_row}), columns by {file.mapping}:")
    for field, heading in file.columns.items():
        click.echo(f"  {heading}: {FIELDS[field].expects}  [{field}]")
    used = set(file.columns.values())
    if unused := [heading for heading in sheet.headings if heading and heading not in used]:
        click.echo(f"  not used: {', '.join(unused)}")


def show_plan(plan: Plan, limit: int) -> None:
    """Show how many rows have each fate, then the rows that matter most, at most `limit` of each fate."""
    console = Console()
    table = Table("fate", "rows", "means", box=None)
    for fate in FATES:
        table.add_row(fate, f"{plan.counts[fate]}", MEANS[fate])
    console.print(table)
    for fate in SHOWN_FIRST:
        _show_rows(console, [one for one in plan.fates if one.fate == fate], limit)
    for line in remarks(plan):
        click.echo(line)


def remarks(plan: Plan) -> list[str]:
    """Return what else somebody should know before applying: one line each."""
    changed = ", ".join(f"{field} {count}" for field, count in plan.change_counts().most_common())
    branches = ", ".join(f"{name} ({count})" for name, count in plan.new_branches.most_common(10))
    found = {
        f"Changed fields: {changed}.": changed,
        f"{plan.without_email} have no mail address: they are called by post.": plan.without_email,
        f"{plan.shared_email} share a mail address with an earlier row.": plan.shared_email,
        f"Branches that the membership roll did not know before: {branches}. Misspelt?": branches,
        f"{plan.numeric_numbers} member numbers are numbers in the sheet: zeros in front of them, if there were any, "
        "are lost. Export them as text.": plan.numeric_numbers,
        f"{plan.gone_withheld} gone members are left as they are, because rows without a number are refused: one of "
        "them may be theirs.": plan.gone_withheld,
    }
    lines = [line for line, applies in found.items() if applies]
    return lines + [f"ALARM: {alarm}" for alarm in alarms(plan.counts, plan.members)]


def write_fates(plan: Plan, path: Path) -> None:
    """Write the fate of every row to a CSV file that only its owner can read and that computes nothing when opened."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(("row", "number", "name", "fate", "field", "old", "new", "reason"))
        for fate in plan.fates:
            start = (fate.row or "", harmless(fate.number), harmless(fate.name), fate.fate)
            lines = [(c.field, harmless(str(c.old)), harmless(str(c.new)), str(fate.note or "")) for c in fate.changes]
            lines += [(r.field, "", "", harmless(str(r.text))) for r in fate.reasons]
            for line in lines or [("", "", "", str(fate.note or ""))]:
                writer.writerow((*start, *line))


def _show_rows(console: Console, fates: list[RowFate], limit: int) -> None:
    for fate in fates[:limit]:
        where = f"row {fate.row}" if fate.row else "no row"
        told = [f"{c.field} {_quoted(c.old)} → {_quoted(c.new)}" for c in fate.changes]
        told += [f"{reason.field} {reason.text}" for reason in fate.reasons] + ([str(fate.note)] if fate.note else [])
        console.print(
            escape(f"{fate.fate}, {where}, {fate.number} {fate.name}: {'; '.join(told)}".rstrip(": ")), soft_wrap=True
        )
    if len(fates) > limit:
        console.print(f"... and {len(fates) - limit} more {fates[0].fate}; --fates FILE.csv writes them all.")


def _quoted(value: object) -> str:
    return str(value) or "(empty)"
