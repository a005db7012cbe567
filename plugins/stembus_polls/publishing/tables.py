"""Rows of what was made public of a result."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from stembus.vault.retention import kept_as


class Publication(SQLModel, table=True):
    """One publication of a result: the report as everybody may see it (JSON) and the archive (zip) with its digest.

    Whatever pages show of a result comes from here, and never from the count: so nothing is seen before this row is
    there, and nothing beyond it afterwards.
    """

    __tablename__ = "polls_publication"
    __table_args__ = kept_as("result")

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    report: str
    archive: bytes
    archive_sha256: str
    counts: str
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


PUBLISHING_TABLES: tuple[type[SQLModel], ...] = (Publication,)
