"""The rows of one contest, in whichever table has its procedure and its name, and waiting for who changes them."""

from typing import Protocol

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from stembus.conduct.tables import Procedure
from stembus_polls.contests import Contest


class HasContest(Protocol):
    """A table with a row, or rows, for each contest of a procedure."""

    procedure_id: str
    contest: str


def of_contest(table: type[HasContest], contest: Contest) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions, for `where`, that a row of the table is of this contest."""
    return col(table.procedure_id) == contest.procedure_id, col(table.contest) == contest.id


def lock_contest(session: Session, contest: Contest) -> None:
    """Make others who change what the count rests on wait for the end of this transaction; handing out goes on."""
    session.exec(select(Procedure.id).where(Procedure.id == contest.procedure_id).with_for_update(key_share=True)).one()
