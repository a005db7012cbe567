"""Opening a file as membership systems export it: CSV in any of its dialects, or a spreadsheet."""

import codecs
import csv
import hashlib
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from stembus.errors import UnusableInput
from stembus.organisation.roll.cells import Cell, clean
from stembus.organisation.roll.columns import recognised, simple
from stembus_procedures.sentence import Sentence

SPREADSHEET_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
LOOK_FOR_HEADINGS = 20
Rows = Iterator[tuple[int, Sequence[Cell]]]


class Sheet(NamedTuple):
    """An opened file: its headings and their row, its rows with their numbers as a spreadsheet shows them.

    `has_all_cells` is whether a row with fewer cells than headings is a fault (in CSV it is).
    """

    file_name: str
    sha256: str
    form: str
    headings: list[str]
    heading_row: int
    rows: Rows
    has_all_cells: bool


def open_sheet(
    path: Path, *, delimiter: str | None = None, sheet: str | None = None, wanted: Collection[str] = ()
) -> Sheet:
    """Open a roll. `wanted` are headings that the row of headings must have, when they are known.

    Raises `UnusableInput` that names the file and what to do.
    """
    try:
        with path.open("rb") as file:
            start = file.read(8)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnusableInput("{path} cannot be read: {reason}.", path=path, reason=error.strerror) from None
    if not start:
        raise UnusableInput("{path} is empty: export the roll again.", path=path)
    is_spreadsheet = start.startswith(SPREADSHEET_STARTS)
    rows, form = _spreadsheet(path, sheet) if is_spreadsheet else _text(path, delimiter)
    first = list(islice(rows, LOOK_FOR_HEADINGS))
    place = _heading_place([cells for _, cells in first], {simple(heading) for heading in wanted})
    if place is None:
        raise UnusableInput(
            "{path}: no row of headings was found in the first {number} rows (read as {form}). Put "
            "headings such as Lidnummer, Voornaam, Achternaam above the columns, or name them in a mapping.",
            path=path,
            number=LOOK_FOR_HEADINGS,
            form=form,
        )
    headings = [clean(cell) for cell in first[place][1]]
    while headings and not headings[-1]:
        headings.pop()
    return Sheet(
        path.name, digest, form, headings, first[place][0], chain(first[place + 1 :], rows), not is_spreadsheet
    )


def _heading_place(rows: list[Sequence[Cell]], wanted: set[str]) -> int | None:
    """Return which of the first rows holds most headings that are wanted or that we know, two or more of them."""
    scores = [recognised(cells, wanted) for cells in rows]
    best = max(scores, default=0)
    return scores.index(best) if best >= 2 else None


def _text(path: Path, delimiter: str | None) -> tuple[Rows, str]:
    encoding = _encoding(path)
    chosen, skip = _delimiter(path, encoding) if delimiter is None else (delimiter, 0)
    name = next((name for name, mark in DELIMITERS.items() if mark == chosen), chosen)
    return _csv_rows(path, encoding, chosen, skip), f"{encoding.removesuffix('-sig')}, {name}"


def _csv_rows(path: Path, encoding: str, delimiter: str, skip: int) -> Rows:
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        row = 0
        try:
            for row, cells in enumerate(reader, start=1):
                if row > skip and any(cell and not cell.isspace() for cell in cells):
                    yield row, cells
        except csv.Error as error:
            raise UnusableInput(
                "{path}, row {row}: the quotes do not match ({error}). Correct that row in the export.",
                path=path,
                row=row + 1,
                error=error,
            ) from None


def _encoding(path: Path) -> str:
    """Return the encoding: by its mark, else UTF-8 where all of it is, else the one of Windows."""
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        for encoding in ("utf-8", "cp1252"):
            file.seek(0)
            decoder = codecs.getincrementaldecoder(encoding)()
            try:
                for block in iter(lambda: file.read(1 << 20), b""):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
            return "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else encoding
    raise UnusableInput(
        "{path} is neither UTF-8 nor Windows-1252 text: export it again as CSV UTF-8, or as a spreadsheet.", path=path
    )


def _delimiter(path: Path, encoding: str) -> tuple[str, int]:
    """Return the delimiter, and how many rows to skip: Excel can write `sep=;` above everything."""
    with path.open(encoding=encoding, newline="") as file:
        lines = [line for line in islice(file, LOOK_FOR_HEADINGS) if line.strip()]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) <= 5:
        return (lines[0].strip()[4:] or "\t"), 1
    marks = tuple(DELIMITERS.values())
    best = max(marks, key=lambda mark: max((recognised(line.split(mark)) for line in lines), default=0))
    if any(recognised(line.split(best)) >= 2 for line in lines):
        return best, 0
    return max(marks, key=lambda mark: sum(line.count(mark) for line in lines)), 0


def _spreadsheet(path: Path, wanted: str | None) -> tuple[Rows, str]:
    try:
        book = CalamineWorkbook.from_path(path)
        visible = [s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible]
        if wanted is not None and wanted not in book.sheet_names:
            raise UnusableInput(
                "{path} has no sheet {wanted!r}: it has {sheets}.",
                path=path,
                wanted=wanted,
                sheets=book.sheet_names,
            )
        filled = [name for name in visible if book.get_sheet_by_name(name).total_height > 0]
        if wanted is None and len(filled) != 1:
            names = filled or Sentence("none with anything in it")
            raise UnusableInput(
                "{path}: say which sheet holds the roll with --sheet NAME. Sheets: {names}.", path=path, names=names
            )
        name = wanted or filled[0]
        sheet = book.get_sheet_by_name(name)
    except PasswordError:
        raise UnusableInput("{path} has a password: save it without one and try again.", path=path) from None
    except CalamineError as error:
        raise UnusableInput(
            "{path} is not a spreadsheet that can be read ({error}): save it as .xlsx or CSV.", path=path, error=error
        ) from None
    rows: Rows = (
        (row, cells)
        for row, cells in enumerate(sheet.iter_rows(), start=1)
        if any(cell not in ("", None) for cell in cells)
    )
    return rows, f"sheet {name}"
