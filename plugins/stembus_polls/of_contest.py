"""The rows of one contest, in whichever table has its procedure and its name."""

from typing import Protocol

from sqlalchemy import ColumnElement
from sqlmodel import col

from stembus_polls.contests import Contest


class HasContest(Protocol):
    """A table with a row, or rows, for each contest of a procedure."""

    procedure_id: str
    contest: str


def of_contest(table: type[HasContest], contest: Contest) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions, for `where`, that a row of the table is of this contest."""
    return col(table.procedure_id) == contest.procedure_id, col(table.contest) == contest.id
