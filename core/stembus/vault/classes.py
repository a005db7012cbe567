"""Every retention class and every table of an instance, side by side."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import Table
from sqlmodel import SQLModel

from stembus.errors import UnusableInput
from stembus.tables import CORE_TABLES
from stembus.vault.core_classes import CORE_CLASSES
from stembus.vault.retention import RetentionClass

if TYPE_CHECKING:
    from stembus.plugins import Plugins


def all_classes(plugins: "Plugins") -> dict[str, RetentionClass]:
    """Return the retention classes by name, those of the core first."""
    classes: dict[str, RetentionClass] = {}
    for one in (*CORE_CLASSES, *plugins.retention_classes()):
        classes.setdefault(one.name, one)
    return classes


def class_named(plugins: "Plugins", name: str) -> RetentionClass:
    """Return one retention class. Raises `UnusableInput` with the names that there are."""
    classes = all_classes(plugins)
    if name not in classes:
        raise UnusableInput(
            "There is no retention class {name!r}: there are {classes}.", name=name, classes=list(classes)
        )
    return classes[name]


def all_tables(plugins: "Plugins") -> dict[str, list[Table]]:
    """Return the tables of the core (under "core") and of each plugin."""
    found = {"core": _tables(CORE_TABLES)}
    found.update((name, _tables(classes)) for name, classes in plugins.tables().items())
    return found


def _tables(row_classes: Iterable[type[SQLModel]]) -> list[Table]:
    return [row_class.__table__ for row_class in row_classes]  # type: ignore[attr-defined]
