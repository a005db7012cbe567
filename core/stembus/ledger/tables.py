"""Rows of the ledger. Leaves are kept for ever; bodies can be destroyed."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from stembus.vault.retention import about_nobody, kept_as


class LedgerLeaf(SQLModel, table=True):
    """One act as the log holds it: no personal data. `position` is empty until the act is sealed."""

    __tablename__ = "ledger_leaf"
    __table_args__ = about_nobody()

    act_id: str = Field(primary_key=True)
    at: datetime = Field(index=True)
    leaf: bytes
    position: int | None = Field(default=None, unique=True)


class LedgerBody(SQLModel, table=True):
    """The body and the salt of an act: who, in which seat, on what ground. It can be destroyed."""

    __tablename__ = "ledger_body"
    __table_args__ = kept_as("acts")

    act_id: str = Field(primary_key=True, foreign_key="ledger_leaf.act_id")
    kind: str = Field(index=True)
    salt: bytes
    body: bytes


class LedgerSubject(SQLModel, table=True):
    """Which things an act is about, to find the acts of a thing."""

    __tablename__ = "ledger_subject"
    __table_args__ = kept_as("acts")

    act_id: str = Field(primary_key=True, foreign_key="ledger_leaf.act_id")
    name: str = Field(primary_key=True)
    value: str = Field(index=True)


class LedgerCheckpoint(SQLModel, table=True):
    """A signed statement of the log's size and root."""

    __tablename__ = "ledger_checkpoint"
    __table_args__ = about_nobody()

    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    root: bytes
    note: str


class LedgerSequencer(SQLModel, table=True):
    """One row that whoever seals holds locked. Writers of acts never touch it."""

    __tablename__ = "ledger_sequencer"
    __table_args__ = about_nobody()

    id: int = Field(default=1, primary_key=True)
