"""The database: SQLite in the instance's folder, or PostgreSQL, behind one way of reading and writing.

A session is opened where it is used and closed there. A write is one transaction: it is there as a whole or not at
all, also after a power cut.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)
from sqlmodel import Session

from stembus.errors import Unavailable, UnusableInput

SQLITE_WAIT_SECONDS = 30


class Database:
    """One database of either kind. Make it with `Database.at`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = engine.execution_options(stembus_write=True)

    @classmethod
    def at(cls, url: str, folder: Path) -> "Database":
        """Open the database at `url`; a relative SQLite path is looked up in `folder`.

        Raises `UnusableInput` when the address is not of a kind that we can use. Nothing is read yet.
        """
        return cls(_engine(_resolved(url, folder)))

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """The file of the embedded database."""
        return Path(str(self.engine.url.database)) if self.is_sqlite else None

    @property
    def address(self) -> str:
        """The address without its password, to show to people."""
        return self.engine.url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session for reading; what was changed in it is thrown away."""
        with self._explained(), Session(self.engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session whose changes are committed at the end, or all undone when an exception leaves the block."""
        with self._explained(), Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Give a bare connection in a write transaction, for migrations."""
        with self._explained(), self._writing.begin() as connection:
            yield connection

    @contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """Give a bare connection in a write transaction in which tables can be made anew under their own names.

        SQLite changes a table by copying it and dropping the old one, which its foreign keys forbid while rows of
        other tables point at it. So they are looked at once, at the end, in the same transaction. Raises `Unavailable`
        where a row points at nothing then; nothing was changed.
        """
        with self._explained(), self._writing.connect() as connection:
            if self.is_sqlite:
                _enforce_foreign_keys(connection, "OFF")
            try:
                with connection.begin():
                    yield connection
                    if self.is_sqlite and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                        raise Unavailable(
                            f"The database {self.address} has a row of {lost[0]} that points at a row of {lost[2]} "
                            "which is not there. Nothing was changed."
                        )
            finally:
                if self.is_sqlite:
                    _enforce_foreign_keys(connection, "ON")

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, ProgrammingError) as error:
            raise Unavailable(_explanation(self.address, error)) from error
        except DatabaseError as error:
            if type(error) is not DatabaseError:  # a broken rule of ours, such as a row that is there twice
                raise
            raise Unavailable(_explanation(self.address, error)) from error


def _resolved(text: str, folder: Path) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the address is not shown: it may hold a password
        raise UnusableInput(
            "The database address cannot be read: expected sqlite:///FILE or postgresql://USER@HOST/NAME."
        ) from None
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite":
        if url.database in (None, "", ":memory:"):
            raise UnusableInput("The database address names no file, so nothing would be kept: write sqlite:///FILE.")
        return url.set(database=str(folder / str(url.database)))
    return url


def _engine(url: URL) -> Engine:
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise UnusableInput(
            f"Stembus does not run on a database such as {url.render_as_string()}: use SQLite or PostgreSQL."
        )
    try:
        if url.get_backend_name() == "sqlite":
            engine = create_engine(url, connect_args={"timeout": SQLITE_WAIT_SECONDS}, hide_parameters=True)
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        # What people typed is in no message of the database, so that no page and no log shows it.
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise UnusableInput(
            f"The driver for {url.render_as_string()} is missing ({error}): install stembus[postgres]."
        ) from None


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN below decides; pysqlite's would defer the lock
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _enforce_foreign_keys(connection: Connection, to: str) -> None:
    connection.connection.cursor().execute(f"PRAGMA foreign_keys={to}")  # SQLite ignores it within a transaction


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once when another wrote meanwhile, whatever the
    # time-out says; taking the lock at the start makes the second writer wait instead.
    writes = connection.get_execution_options().get("stembus_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _explanation(address: str, error: DBAPIError) -> str:
    reason = " ".join(str(error.orig).split())
    if any(lack in reason for lack in ("no such table", "no such column", "has no column named", "does not exist")):
        return f"The database {address} is of an earlier version ({reason}): run `stembus migrate`."
    return f"The database {address} cannot be used: {reason.rstrip('.')}. Nothing of this command was kept."
