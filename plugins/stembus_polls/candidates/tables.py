"""Rows about candidacies: who stands, what they handed in, who supports them, and what was decided."""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from stembus.vault.retention import kept_as


class Candidacy(SQLModel, table=True):
    """One candidacy under its entry number, from 1 in each procedure. The number says nothing about the person.

    `constituency` is empty for the seats at large. `declared` (balance criteria) and `documents` (text by type, or
    "seen") are JSON. `decision` is empty, "admitted" or "refused". Whether a withdrawal is before or after printing
    follows from its time and the policy.
    """

    __tablename__ = "polls_candidacy"
    __table_args__ = (
        UniqueConstraint("procedure_id", "member_id", "constituency"),
        kept_as("candidacies", person="member_id"),
    )

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    entry: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    member_id: str = Field(foreign_key="member.id", index=True)
    name: str
    constituency: str = ""
    nominated_by: str
    declared: str
    documents: str
    code_signed: str = ""
    certificate_seen: bool = False
    entered_at: datetime
    is_late: bool = False
    accepted_at: datetime | None = None
    decision: str = ""
    decision_ground: str = ""
    decided_at: datetime | None = None
    appealed_at: datetime | None = None
    appeal_ground: str = ""
    withdrawn_at: datetime | None = None
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class CandidacySupporter(SQLModel, table=True):
    """A member who declared to support a candidacy."""

    __tablename__ = "polls_candidacy_supporter"
    __table_args__ = kept_as("candidacies", person="member_id")

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    entry: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    member_id: str = Field(primary_key=True, foreign_key="member.id", index=True)


CANDIDATE_TABLES: tuple[type[SQLModel], ...] = (Candidacy, CandidacySupporter)
