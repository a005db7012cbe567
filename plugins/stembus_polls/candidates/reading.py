"""Reading a list of candidates from CSV as office programs write it, each cell with its row and column."""

import codecs
import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from stembus.errors import UnusableInput
from stembus.organisation.roll.cells import clean
from stembus.organisation.roll.columns import simple
from stembus_polls.candidates.form import candidacy_of, criteria_of
from stembus_procedures import Policy

FIELDS: Mapping[str, tuple[str, ...]] = {
    "number": ("lidnummer", "lidnr", "membernumber", "member", "number", "nummer"),
    "name": ("naam", "naamopstembiljet", "naamophetstembiljet", "name", "nameonpaper", "nameonthepaper"),
    "constituency": ("kieskring", "constituency"),
    "nominated_by": ("voorgedragendoor", "nominatedby"),
    "supporters": ("ondersteuners", "steun", "supporters"),
    "accepted": ("aanvaard", "aanvaarding", "accepted"),
    "code_of_conduct": ("gedragscode", "codeofconduct"),
    "certificate": ("vog", "vogegezien", "certificate"),
}
"""Fields that every list can have, with the headings that are understood, in their simple form."""
DOCUMENT_HEADINGS = {"statement": ("verklaring", "motivatie")}


class Line(NamedTuple):
    """A row of the file with its number as a spreadsheet shows it, and the text of each field that it has."""

    row: int
    cells: dict[str, str]


class CandidateFile(NamedTuple):
    """A list that was read: its columns by field, headings that mean nothing here, and its lines."""

    name: str
    columns: dict[str, str]
    unused: tuple[str, ...]
    lines: tuple[Line, ...]


def read_candidates(path: Path, policy: Policy) -> CandidateFile:
    """Read a list of candidates. Criteria and documents have columns by the names that the policy gives them.

    Raises `UnusableInput` with the file, the row and what to do. A column that means nothing is not read at all.
    """
    rows = list(_rows(path, _text(path)))
    if not rows:
        raise UnusableInput("{path} is empty: expected a row of headings and a row for each candidate.", path=path)
    headings = [clean(cell) for cell in rows[0][1]]
    columns = _columns(path, headings, policy)
    lines = []
    for number, cells in rows[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(headings):
            raise UnusableInput(
                "{path}, row {number}: {cells} cells where the headings are {headings}. Put text with a comma, a "
                "semicolon or a line break in it between double quotes.",
                path=path,
                number=number,
                cells=len(cells),
                headings=len(headings),
            )
        lines.append(Line(number, {field: cells[place] for place, field in columns.items()}))
    if not lines:
        raise UnusableInput("{path} has headings and no candidates.", path=path)
    unused = tuple(heading for place, heading in enumerate(headings) if heading and place not in columns)
    return CandidateFile(path.name, {columns[place]: headings[place] for place in columns}, unused, tuple(lines))


def known_headings(policy: Policy) -> dict[str, str]:
    """Return the field of each heading that is understood under this policy, by its simple form."""
    found = {heading: field for field, headings in FIELDS.items() for heading in headings}
    for criterion in criteria_of(policy):
        found[simple(criterion)] = f"declared.{criterion}"
    for document in candidacy_of(policy).documents:
        for heading in (document.type, document.name.nl, document.name.en, *DOCUMENT_HEADINGS.get(document.type, ())):
            found.setdefault(simple(heading), f"documents.{document.type}")
    return found


def _columns(path: Path, headings: list[str], policy: Policy) -> dict[int, str]:
    known = known_headings(policy)
    columns: dict[int, str] = {}
    for place, heading in enumerate(headings):
        field = known.get(simple(heading))
        if field in columns.values():
            raise UnusableInput(
                "{path}: two columns hold {name}; the second is {heading!r}. Keep one.",
                path=path,
                name=field,
                heading=heading,
            )
        if field is not None:
            columns[place] = field
    if "number" not in columns.values():
        raise UnusableInput(
            "{path}: no column holds member numbers. Call it Lidnummer; it has: {headings}.",
            path=path,
            headings=[heading for heading in headings if heading],
        )
    return columns


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnusableInput("{path} cannot be read: {reason}.", path=path, reason=error.strerror) from None
    if b"\0" in data[:1000] and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnusableInput("{path} is not text: save the list as CSV and try again.", path=path)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnusableInput("{path} is neither UTF-8 nor Windows-1252 text: save it as CSV UTF-8.", path=path)


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    # The headings decide: statements hold more commas and semicolons than any list has columns.
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            yield row, cells
    except csv.Error as error:
        raise UnusableInput(
            "{path}, row {row}: the quotes do not match ({error}). Correct that row.",
            path=path,
            row=row + 1,
            error=error,
        ) from None
