"""The register of processing (GDPR 30), written from the tables and their retention classes."""

from typing import TYPE_CHECKING

from sqlalchemy import Table

from stembus.vault.classes import all_classes, all_tables

if TYPE_CHECKING:
    from stembus.plugins import Plugins

HEAD = """\
# Register of processing

Made by `stembus privacy register` from the tables themselves: every table says which class of personal data it holds,
or that it says nothing about people. The controller adds who it is, who receives the data and how they are secured
(GDPR 30(1)(a), (d) and (g)); `docs/dpia.md` says what was weighed.
"""


def register(plugins: "Plugins") -> str:
    """Return the register as Markdown: each class with purpose, ground, term and tables, then the other tables."""
    rooms = all_tables(plugins)
    parts = [HEAD]
    for name, one in all_classes(plugins).items():
        parts.append(
            f"\n## {name}\n\n"
            f"- **Holds:** {one.holds}\n"
            f"- **Purpose:** {one.purpose}\n"
            f"- **Ground:** {one.ground}\n"
            f"- **Kept:** {one.keep}\n"
            f"- **Then:** {one.then}\n"
            f"- **Tables:** {_listed(rooms, name)}\n"
        )
    parts.append(f"\n## Tables that say nothing about people\n\n{_listed(rooms, None)}\n")
    return "".join(parts)


def _listed(rooms: dict[str, list[Table]], retention: str | None) -> str:
    found = [
        f"`{table.name}` ({room})"
        for room, tables in rooms.items()
        for table in sorted(tables, key=lambda table: table.name)
        if table.info.get("retention") == retention
    ]
    return ", ".join(found) or "none"
