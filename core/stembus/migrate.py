"""Migrations: one linear history and one version table for the core and for each plugin.

A plugin that is taken away leaves its tables and its history behind, and nothing of the others depends on them.
"""

from collections.abc import Iterable
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

from stembus.database import Database
from stembus.errors import UnusableInput
from stembus.plugins import Plugins
from stembus.tables import CORE_TABLES

CORE = "core"


class History(NamedTuple):
    """The revisions of the core or of one plugin, and the tables they make."""

    name: str
    folder: Traversable
    tables: frozenset[str]


def histories(plugins: Plugins) -> list[History]:
    """Return the histories to run, the core's first, then each plugin's in the order of their names."""
    tables = plugins.tables()
    found = [History(CORE, files("stembus") / "migrations" / "versions", _names(CORE_TABLES))]
    for name, folders in plugins.migrations().items():
        found += [History(name, folder, _names(tables.get(name, ()))) for folder in folders]
    return found


def migrate(database: Database, plugins: Plugins) -> None:
    """Bring all tables to the newest revision, in one transaction for each history.

    Raises `UnusableInput` when a database is newer than the program.
    """
    for history in histories(plugins):
        with database.rebuilding() as connection, as_file(history.folder) as folder:
            try:
                command.upgrade(_configuration(history, folder, connection), "head")
            except CommandError as error:
                raise UnusableInput(
                    f"The tables of {history.name} cannot be brought up to date ({error}): the database was made by "
                    "a newer version. Install that version."
                ) from None


def is_ours(database: Database) -> bool:
    """Say whether the tables of an instance were ever made in this database."""
    with database.connection() as connection:
        return inspect(connection).has_table(f"{CORE}_version")


def differences(database: Database, plugins: Plugins) -> list[str]:
    """Return how the tables in the database differ from the row classes, as Alembic sees it; empty when they agree."""
    found = []
    for history in histories(plugins):
        with database.connection() as connection, as_file(history.folder) as folder:
            try:
                command.check(_configuration(history, folder, connection))
            except CommandError as error:
                found.append(f"{history.name}: {error}")
    return found


def _names(tables: Iterable[type[SQLModel]]) -> frozenset[str]:
    return frozenset(str(table.__tablename__) for table in tables)


def _configuration(history: History, folder: Path, connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("stembus") / "migrations"))
    config.set_main_option("version_locations", str(folder))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes.update(
        connection=connection,
        metadata=SQLModel.metadata,
        tables=history.tables,
        version_table=f"{history.name}_version",
    )
    return config
