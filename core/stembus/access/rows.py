"""Changing rows only where they still are as expected, so that of two who come at one moment one succeeds."""

from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Update
from sqlmodel import Session


def changed(session: Session, statement: Update | Delete) -> int:
    """Carry a statement out and return how many rows it met."""
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", result).rowcount
