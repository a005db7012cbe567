"""Instances for tests: what takes time is made once for each kind of database, and each test gets a copy of its own."""

import shutil
from collections.abc import Callable, Hashable
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import psycopg

from stembus.create import create_instance
from stembus.instance import Instance, open_instance
from stembus.settings import FILE_NAME

T = TypeVar("T")
NUMBERS = count(1)


class _Original(NamedTuple):
    """A folder with an instance in it that nobody changes any more, and the name and the address of its database."""

    folder: Path
    database: str
    address: str
    made: Any


class EmptyInstances:
    """Makes instances on a database of one kind, by copying. The tables are migrated once."""

    def __init__(self, kind: str, folder: Path, server: str | None) -> None:
        self._kind = kind
        self._folder = folder
        self._server = server
        self._kept: dict[Hashable, _Original] = {}
        address = self._database("original")
        create_instance(
            folder / "empty" / "instance",
            organisation="Voorbeeldpartij",
            origin="voorbeeldpartij.example/ledger",
            database_url=address,
            practice=True,
        ).close()
        self._empty = _Original(folder / "empty", "original", address, None)

    def copy_to(self, folder: Path) -> Instance:
        """Return an empty instance in `folder` / "instance", opened."""
        return self._copied(self._empty, folder)[0]

    def copy_of(self, what: Hashable, folder: Path, make: Callable[[Instance, Path], T]) -> tuple[Instance, T]:
        """Return a copy, in `folder` / "instance", of what `make` made in an empty instance, and what it returned.

        It is made once for each `what`. The folder that `make` gets is the one around the instance, and what it writes
        there is copied too; what it returns is the same for every copy, and still names the instance that it was given.
        """
        if what not in self._kept:
            place = self._folder / f"kept_{next(NUMBERS)}"
            place.mkdir()
            instance, database, address = self._copied(self._empty, place)
            try:
                made = make(instance, place)
            finally:
                instance.close()
            self._kept[what] = _Original(place, database, address, made)
        return self._copied(self._kept[what], folder)[0], self._kept[what].made

    def drop(self, instance: Instance) -> None:
        """Close an instance and throw its database away."""
        instance.close()
        if self._kind == "postgresql":
            self._command(f"DROP DATABASE {instance.database.engine.url.database} WITH (FORCE)")

    def _copied(self, original: _Original, folder: Path) -> tuple[Instance, str, str]:
        for part in original.folder.iterdir():  # one that is there already is never written over
            (shutil.copytree if part.is_dir() else shutil.copy2)(part, folder / part.name)
        database = f"copy_{next(NUMBERS)}"
        address = self._database(database, original.database)
        settings = folder / "instance" / FILE_NAME
        written = settings.read_text(encoding="utf-8")
        settings.write_text(written.replace(original.address, address), encoding="utf-8")
        return open_instance(folder / "instance", {}), database, address

    def _database(self, name: str, template: str = "template1") -> str:
        if self._kind == "sqlite":
            return "sqlite:///stembus.sqlite3"
        # Copied as files: the other way writes each page to the log of the server too, which takes four times as long.
        self._command(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return str(self._server).replace("/postgres?", f"/{name}?")

    def _command(self, command: str) -> None:
        with psycopg.connect(str(self._server), autocommit=True) as connection:
            connection.execute(command.encode())
