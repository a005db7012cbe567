"""A typing in a file: two columns, `paper` and `marks`, one row for each paper. All of it is good, or nothing is taken.

The separator is a comma or a semicolon; marks that hold a comma stand in quotes, as any spreadsheet writes them.
"""

import csv
from collections.abc import Callable
from functools import lru_cache
from io import StringIO

from msgspec import Struct

from stembus_polls.paper.marks import Marks, MarksError, written

COLUMNS = ["paper", "marks"]
MOST_PROBLEMS = 20


class TypingFile(Struct, frozen=True):
    """What a file says: the marks of each paper, and what is wrong with it, with the line of each problem."""

    marks: dict[int, str]
    problems: tuple[str, ...] = ()


def read_typing(text: str, *, papers: range, parse: Callable[[str], Marks]) -> TypingFile:
    """Return the typing in the text of a file, for papers with these numbers; `parse` reads the marks of one."""
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    rows = csv.reader(StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
    header = [cell.strip().casefold() for cell in next(rows, [])]
    if header != COLUMNS:
        return TypingFile({}, (f"line 1: the columns are {header or 'missing'}, expected `paper,marks`.",))
    marks: dict[int, str] = {}
    problems: list[str] = []
    read = lru_cache(maxsize=50_000)(lambda cell: written(parse(cell)))
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            try:
                paper = _paper(row, papers)
                if paper in marks:
                    raise MarksError("paper {paper} stands above already: leave one out.", paper=paper)
                marks[paper] = read(row[1])
            except MarksError as error:
                problems.append(f"line {rows.line_num}: {error}")
    except csv.Error as error:
        problems.append(f"line {rows.line_num}: {error}.")
    return TypingFile(marks, tuple(problems))


def _paper(row: list[str], papers: range) -> int:
    if len(row) != len(COLUMNS):
        raise MarksError("{cells} cells, expected 2: put marks with a comma in quotes.", cells=len(row))
    cell = row[0].strip()
    if not (cell.isascii() and cell.isdigit()) or len(cell) > 9 or int(cell) not in papers:
        raise MarksError(
            "paper {cell!r} is not there: the numbers are {start} to {stop}.",
            cell=cell,
            start=papers.start,
            stop=papers.stop - 1,
        )
    return int(cell)
