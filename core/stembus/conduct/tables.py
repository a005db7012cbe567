"""Rows of running procedures: the policy as it was adopted, and what happened since."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from stembus.vault.retention import about_nobody, kept_as


class AdoptedPolicy(SQLModel, table=True):
    """A policy with its rendered texts, frozen by hash with the decision that adopted it."""

    __tablename__ = "policy_adopted"
    __table_args__ = about_nobody()

    fingerprint: str = Field(primary_key=True)
    policy_id: str = Field(index=True)
    version: str
    definition: str
    texts: str
    adopted_at: datetime
    act_id: str


class Procedure(SQLModel, table=True):
    """A procedure that runs under one adopted policy. `anchors` are its dates as JSON."""

    __tablename__ = "procedure"
    __table_args__ = about_nobody()

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    fingerprint: str = Field(foreign_key="policy_adopted.fingerprint")
    anchors: str
    started_at: datetime


class ProcedureEvent(SQLModel, table=True):
    """Something that happened in a procedure. Its state is derived from these and the time, never stored."""

    __tablename__ = "procedure_event"
    __table_args__ = kept_as("acts")

    id: str = Field(primary_key=True)
    procedure_id: str = Field(foreign_key="procedure.id", index=True)
    number: int
    at: datetime
    event: str
    act_id: str
