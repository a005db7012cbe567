"""Alembic's environment, run once for the core and once for each plugin, on the connection that it is given."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import DateTime, String
from sqlalchemy.types import TypeEngine

configuration = context.config.attributes
tables = configuration["tables"]


def plain(kind: str, thing: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write plain SQLAlchemy types, so that old revisions do not depend on SQLModel's own."""
    if kind == "type" and isinstance(thing, TypeEngine):
        if isinstance(getattr(thing, "impl", thing), DateTime):
            return "sa.DateTime(timezone=True)"
        if isinstance(getattr(thing, "impl", thing), String):
            return "sa.String()"
    return False


context.configure(
    connection=configuration["connection"],
    target_metadata=configuration["metadata"],
    version_table=configuration["version_table"],
    include_object=lambda thing, name, kind, reflected, other: kind != "table" or name in tables,
    render_item=plain,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
