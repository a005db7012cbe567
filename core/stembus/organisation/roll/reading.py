"""From a file to its records: which saved or proposed columns are used, and what a wrong column is told."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlmodel import Session, col, select

from stembus.errors import UnusableInput
from stembus.organisation.roll.columns import FIELDS, placed, propose, simple
from stembus.organisation.roll.planning import Plan
from stembus.organisation.roll.records import Record, RecordReader
from stembus.organisation.roll.sheet import Sheet, open_sheet
from stembus.organisation.tables import ColumnMapping
from stembus.text_file import read_text
from stembus_procedures.sentence import Sentence

WRONG_COLUMN_ROWS = 3
WRONG_COLUMN_SHARE = 5
"""A column is taken to be wrong when at least so many rows, and one in so many, are refused for it."""


class RollFile(NamedTuple):
    """A file with its columns chosen. `mapping` says where the choice comes from."""

    sheet: Sheet
    columns: dict[str, str]
    mapping: str

    def records(self, as_of: date) -> Iterator[Record]:
        """Go through the records, once. Raises `UnusableInput` for a row that cannot be split in cells."""
        places = placed(self.columns, self.sheet.headings, self.sheet.file_name)
        reader = RecordReader(places, len(self.sheet.headings), as_of, has_all_cells=self.sheet.has_all_cells)
        return (reader.read(row, cells) for row, cells in self.sheet.rows)


def open_roll_file(
    path: Path,
    saved: Mapping[str, Mapping[str, str]],
    *,
    mapping: str | None = None,
    own_columns: Mapping[str, str] | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> RollFile:
    """Open a roll and choose its columns: those of `mapping`, else of the one saved mapping that fits, else proposed.

    `own_columns` (heading by field) go before all of these. Raises `UnusableInput` in one line.
    """
    own = dict(own_columns or {})
    named = None if mapping is None else _named(mapping, saved)
    looked_for = [own, *(saved.values() if named is None else [named])]
    wanted = [heading for columns in looked_for for heading in columns.values()]
    opened = open_sheet(path, delimiter=delimiter, sheet=sheet, wanted=wanted)
    if named is not None:
        columns, source = dict(named), f"the mapping {mapping}"
    else:
        have = {simple(heading) for heading in opened.headings}
        fitting = [name for name, m in saved.items() if {simple(heading) for heading in m.values()} <= have]
        if len(fitting) == 1 and not own:
            columns, source = dict(saved[fitting[0]]), f"the saved mapping {fitting[0]}"
        else:
            taken = {simple(heading) for heading in own.values()}
            free = [heading for heading in opened.headings if simple(heading) not in taken]
            columns = propose([h for h in free if not _field_of(h) & own.keys()])
            source = "the headings"
    columns |= own
    placed(columns, opened.headings, opened.file_name)
    return RollFile(opened, columns, source)


def saved_mappings(session: Session) -> dict[str, dict[str, str]]:
    """Return the saved mappings, heading by field, by their names."""
    rows = session.exec(select(ColumnMapping).order_by(col(ColumnMapping.name)))
    return {row.name: msgspec.json.decode(row.columns, type=dict[str, str]) for row in rows}


def save_mapping(session: Session, name: str, columns: Mapping[str, str]) -> None:
    """Save a mapping under a name, over the one that had it."""
    row = session.get(ColumnMapping, name) or ColumnMapping(name=name, columns="")
    row.columns = msgspec.json.encode(columns).decode()
    session.add(row)
    session.flush()


def check_columns(plan: Plan, file: RollFile) -> None:
    """Raise `UnusableInput` when so many rows are refused for one column that the column must be the wrong one."""
    rows = sum(fate.fate != "gone" for fate in plan.fates)
    refused = [fate for fate in plan.fates if fate.fate == "refused"]
    for field, count in Counter(reason.field for fate in refused for reason in fate.reasons).most_common():
        if field not in file.columns or count < max(WRONG_COLUMN_ROWS, rows / WRONG_COLUMN_SHARE):
            continue
        first = next(fate for fate in refused if any(reason.field == field for reason in fate.reasons))
        text = next(reason.text for reason in first.reasons if reason.field == field)
        raise UnusableInput(
            "{file}: the column {column!r} should hold {expects}, and in {count} of {rows} rows it does not (row "
            "{row}: {text}). Has a column shifted? Correct the file, or say which column it is with --column "
            "{named}=HEADING.",
            file=file.sheet.file_name,
            column=file.columns[field],
            expects=FIELDS[field].expects,
            count=count,
            rows=rows,
            row=first.row,
            text=text,
            named=field,
        )


def _field_of(heading: str) -> set[str]:
    return {field.name for field in FIELDS.values() if simple(heading) in field.headings}


def _named(name: str, saved: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    if name in saved:
        return saved[name]
    if name.endswith(".json"):
        try:
            return msgspec.json.decode(read_text(Path(name)), type=dict[str, str])
        except msgspec.DecodeError as error:
            raise UnusableInput(
                "{name}: {error}. Expected the heading of each field, by the field's name.", name=name, error=error
            ) from None
    known = list(saved) or Sentence("none")
    raise UnusableInput(
        "There is no saved mapping {name!r} (saved: {known}). Save one with --save-mapping, or name a .json file.",
        name=name,
        known=known,
    )
