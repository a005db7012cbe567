"""Rows of running procedures: the policy as it was adopted, and what happened since."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from stembus.vault.retention import about_nobody, kept_as


class AdoptedPolicy(SQLModel, table=True):
    """A policy with its rendered texts, frozen by hash with the decision that adopted it.

    `source` is the file as it was adopted, `frozen` the hashes and texts as JSON.
    """

    __tablename__ = "policy_adopted"
    __table_args__ = about_nobody()

    fingerprint: str = Field(primary_key=True)
    policy_id: str = Field(index=True)
    version: str
    source: str
    frozen: str
    adopted_at: datetime
    decision: str
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class Procedure(SQLModel, table=True):
    """A procedure that runs under one adopted policy. It is held by one branch, or (None) by the party.

    `repeats` is the procedure whose vote was annulled and is held again in this one.
    """

    __tablename__ = "procedure"
    __table_args__ = about_nobody()

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    fingerprint: str = Field(foreign_key="policy_adopted.fingerprint")
    held_by: str | None = Field(default=None, foreign_key="body.slug", index=True)
    repeats: str | None = Field(default=None, foreign_key="procedure.id", index=True)
    begun_at: datetime
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class ProcedureEvent(SQLModel, table=True):
    """Something that happened in a procedure. Its state is folded from these and from the time, never stored.

    The number is part of the key, so that of two events on the same state only one is kept. `candidates` is how many
    there were when it happened: with that it is judged again as it was then.
    """

    __tablename__ = "procedure_event"
    __table_args__ = kept_as("procedures")

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    event: str
    candidates: int | None = None
    act_id: str = Field(foreign_key="ledger_leaf.act_id")
