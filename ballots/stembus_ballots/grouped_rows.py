"""Rows of a grouped ballot file: a count in the first column, and what those ballots say in the others."""

import csv
import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from stembus_ballots.errors import BallotFileError

FIRST_HEADING = re.compile(r"\s*\"?count\"?\s*([,;\t])", re.IGNORECASE)

WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)


class Row(NamedTuple):
    """`ballots` ballots that say `cells`; `where` names file and line for whoever has to correct it."""

    where: str
    ballots: int
    cells: tuple[str, ...]


def grouped_rows(text: str, file: str) -> tuple[tuple[str, ...], list[Row]]:
    """The headings after `count`, and the rows below them; empty lines are passed over.

    The separator is the comma, semicolon or tab that follows `count`. Raises BallotFileError for an empty file,
    a first column that is not `count`, a count that is no whole number from 1, or a file without a single row.
    """
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise BallotFileError(f"{file}: the file is empty; give a file with ballots.")
    heading = FIRST_HEADING.match(text)
    if heading is None:
        raise BallotFileError(
            f"{file}, line 1: the first column is not “count”; begin the file with a line of headings "
            "that starts with count and a comma."
        )
    lines = list(read_lines(text, heading[1], file))
    header = tuple(heading.strip() for heading in lines[0][1][1:])
    rows = []
    for number, cells in lines[1:]:
        where = f"{file}, line {number}"
        count = whole_number(cells[0], where, "the count")
        rows.append(Row(where, count, tuple(cell.strip() for cell in cells[1:])))
    if not rows:
        raise BallotFileError(f"{file}: there are headings and no ballots; add a line for each group of ballots.")
    return header, rows


def read_lines(text: str, separator: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold anything, as cells, each with its number; a quotation mark left open is an error."""
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise BallotFileError(
            f"{file}, line {reader.line_num}: {error}; close every quotation mark, or leave them all out."
        ) from error


def whole_number(cell: str, where: str, what: str) -> int:
    """The whole number from 1 in a cell; raises BallotFileError naming the place and what it should be."""
    digits = cell.strip()
    if not (WHOLE.fullmatch(digits) and int(digits) > 0):
        raise BallotFileError(f"{where}: {what} is “{digits[:40]}”; write a whole number from 1.")
    return int(digits)
