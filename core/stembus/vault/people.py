"""Finding everything that is kept about one person, in the tables of the core and of every plugin."""

import hashlib
import os
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ColumnElement, ForeignKey, Table, or_, select

from stembus.vault.classes import all_tables

if TYPE_CHECKING:
    from stembus.plugins import Plugins


class About(NamedTuple):
    """The rows of one table that are about one person."""

    table: Table
    where: ColumnElement[bool]


def rows_about(plugins: "Plugins", person: str, retention: str | None = None) -> list[About]:
    """Return where the rows about `person` (an id) are, of one class or of all; rows that need others come first.

    The ledger is not among them: what it holds of people is found through what its acts are about.
    """
    found = []
    for table in _deletable(plugins):
        if retention in (None, table.info["retention"]):
            where = _condition(table, person)
            if where is not None:
                found.append(About(table, where))
    return found


def person_columns(plugins: "Plugins", retention: str) -> list[ColumnElement[str]]:
    """Return the columns that name a person in the tables of one class."""
    return [
        table.c[table.info["person"]]
        for table in _deletable(plugins)
        if table.info["retention"] == retention and table.info["person"]
    ]


def pseudonym(person: str, salt: bytes | None = None) -> str:
    """Return `salt:digest`, by which a person is known again and nobody learns who it was."""
    salt = os.urandom(16) if salt is None else salt
    return f"{salt.hex()}:{hashlib.sha256(salt + person.encode()).hexdigest()}"


def is_pseudonym_of(text: str, person: str) -> bool:
    """Say whether `text` was made by `pseudonym` for this person."""
    return pseudonym(person, bytes.fromhex(text.partition(":")[0])) == text


def _deletable(plugins: "Plugins") -> list[Table]:
    tables = [table for tables in all_tables(plugins).values() for table in tables]
    wanted = {table for table in tables if table.info["retention"] is not None}
    ordered = tables[0].metadata.sorted_tables if tables else []
    return [table for table in reversed(ordered) if table in wanted]


def _condition(table: Table, person: str) -> ColumnElement[bool] | None:
    name = table.info["person"]
    if name is not None:
        return table.c[name] == person
    found: list[ColumnElement[bool]] = []
    for key in _keys_to_people(table):
        parent = key.column.table
        found.append(key.parent.in_(select(key.column).where(parent.c[parent.info["person"]] == person)))
    return or_(*found) if found else None


def _keys_to_people(table: Table) -> list[ForeignKey]:
    return [key for key in sorted(table.foreign_keys, key=str) if key.column.table.info.get("person")]
