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


class LedgerActor(SQLModel, table=True):
    """Who did an act and in what seat ("board.chair"), by their order, to find the acts of a person or a body."""

    __tablename__ = "ledger_actor"
    __table_args__ = kept_as("acts")

    act_id: str = Field(primary_key=True, foreign_key="ledger_leaf.act_id")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    member_id: str = Field(index=True)
    capacity: str = Field(index=True)


class LedgerHash(SQLModel, table=True):
    """The hash of the leaf at each position, as it was sealed.

    Proofs are made of these. They let the verifier tell which act was changed, where a root alone only says that
    one of many was: as long as they lead to the signed root, the leaf that differs from its hash is the one.
    """

    __tablename__ = "ledger_hash"
    __table_args__ = about_nobody()

    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hash: bytes


class LedgerSubtree(SQLModel, table=True):
    """The root of each tall subtree (`stembus.ledger.merkle.TALL`) once it was complete, so that proofs read little."""

    __tablename__ = "ledger_subtree"
    __table_args__ = about_nobody()

    height: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hash: bytes


class LedgerCheckpoint(SQLModel, table=True):
    """A signed statement of the log's size and root, and the size at the checkpoint before it (0 at the first)."""

    __tablename__ = "ledger_checkpoint"
    __table_args__ = about_nobody()

    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    previous: int = Field(unique=True)
    note: str


class LedgerSequencer(SQLModel, table=True):
    """The one row that whoever seals holds locked: how many acts are sealed, and the right edge of their tree.

    Writers of acts never touch it.
    """

    __tablename__ = "ledger_sequencer"
    __table_args__ = about_nobody()

    id: int = Field(default=1, primary_key=True)
    size: int
    edge: bytes


class LedgerKey(SQLModel, table=True):
    """The public keys that sign checkpoints, in order; each but the first came with the act that replaced the last."""

    __tablename__ = "ledger_key"
    __table_args__ = about_nobody()

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    verifier: str = Field(unique=True)
    act_id: str | None = Field(default=None, foreign_key="ledger_leaf.act_id")
