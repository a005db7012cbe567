"""Every retention class and every table of an instance, side by side."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import Table
from sqlmodel import SQLModel

from stembus.errors import UnusableInput
from stembus.organisation.retention_classes import ORGANISATION_RETENTION
from stembus.tables import CORE_TABLES
from stembus.vault.retention import RetentionClass

if TYPE_CHECKING:
    from stembus.plugins import Plugins

ACTS = RetentionClass(
    name="acts",
    holds="who did what, in which seat, about whom, on what ground: the bodies of acts in the ledger",
    purpose="to let members and the court see by whose decision their rights changed",
    ground="GDPR 9(2)(d) and 6(1)(f): accountability of the association to its members; UAVG 22(2)(c)",
    keep="until nobody can challenge what rests on the act any more; the policy of the procedure carries the term",
    then="destroy the body; the leaf, which holds no personal data, stays",
)


def all_classes(plugins: "Plugins") -> dict[str, RetentionClass]:
    """Return the retention classes by name, those of the core first."""
    classes: dict[str, RetentionClass] = {}
    for one in (ACTS, *ORGANISATION_RETENTION, *plugins.retention_classes()):
        classes.setdefault(one.name, one)
    return classes


def class_named(plugins: "Plugins", name: str) -> RetentionClass:
    """Return one retention class. Raises `UnusableInput` with the names that there are."""
    classes = all_classes(plugins)
    if name not in classes:
        raise UnusableInput(f"There is no retention class {name!r}: there are {', '.join(classes)}.")
    return classes[name]


def all_tables(plugins: "Plugins") -> dict[str, list[Table]]:
    """Return the tables of the core (under "core") and of each plugin."""
    found = {"core": _tables(CORE_TABLES)}
    found.update((name, _tables(classes)) for name, classes in plugins.tables().items())
    return found


def _tables(row_classes: Iterable[type[SQLModel]]) -> list[Table]:
    return [row_class.__table__ for row_class in row_classes]  # type: ignore[attr-defined]
