"""Rows about counts: lots, the records of counts, recounts, what goes into the report besides, the declaration."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from stembus.vault.retention import about_nobody, kept_as


class CountLot(SQLModel, table=True):
    """A lot for the count: a public seed that orders all candidates, or the outcome of one drawing in the room.

    For a seed `drawn` and `tied` are empty; for a drawing `seed` is. Candidates are written by their number on the
    paper.
    """

    __tablename__ = "polls_count_lot"
    __table_args__ = kept_as("result")

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    contest: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seed: str
    tied: str
    drawn: int | None
    why: str
    drawn_by: str
    witnesses: str
    at: datetime
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class CountRecord(SQLModel, table=True):
    """One count of the papers of one round: what went in, what came out, and a second opinion.

    `inputs`, `record` and `cross_check` are JSON; the digests are of the papers as they were read and of the record.
    """

    __tablename__ = "polls_count"
    __table_args__ = kept_as("result")

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    contest: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    round: int
    inputs: str
    record: str
    cross_check: str
    papers_sha256: str
    record_sha256: str
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class RecountRound(SQLModel, table=True):
    """Papers that two people read again: who asked, on what ground, which papers (empty: all of them)."""

    __tablename__ = "polls_recount"
    __table_args__ = kept_as("result")

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    contest: str = Field(primary_key=True)
    round: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    asked_by: str
    ground: str
    papers: str
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class Note(SQLModel, table=True):
    """An incident, a complaint, or the dissent of a member of the stembureau. All of them are in the report."""

    __tablename__ = "polls_note"
    __table_args__ = kept_as("result", person="member_id")

    id: str = Field(primary_key=True)
    procedure_id: str = Field(foreign_key="procedure.id", index=True)
    kind: str
    at: datetime
    member_id: str | None = Field(default=None, foreign_key="member.id")
    by: str
    text: str
    answer: str = ""
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class Declaration(SQLModel, table=True):
    """The stembureau declared the result. `counts` names the count of each contest that it rests on (JSON)."""

    __tablename__ = "polls_declaration"
    __table_args__ = about_nobody()

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    at: datetime
    counts: str
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


COUNTING_TABLES: tuple[type[SQLModel], ...] = (CountLot, CountRecord, RecountRound, Note, Declaration)
