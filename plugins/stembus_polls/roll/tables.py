"""Rows of the electoral roll: its versions, who is on it, on which facts everybody was judged, and objections."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from stembus.vault.retention import about_nobody, kept_as


class RollVersion(SQLModel, table=True):
    """One state of the roll: its public root and size, and why it became so ("frozen", "added", "removed", ...).

    `merged` are the contests, with a space between, that had too few voters when it was frozen and are filled at large.
    """

    __tablename__ = "polls_roll_version"
    __table_args__ = about_nobody()

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    root: str
    size: int
    record_day: date
    cause: str
    at: datetime
    act_id: str = Field(foreign_key="ledger_leaf.act_id")
    merged: str = ""


class RollRow(SQLModel, table=True):
    """A member on the roll, from the version `since` until (not in) the version `until`.

    `contests` are the contests they vote in, with a space between. With the salt the row is a leaf under the root,
    and without it nobody can guess whether a member is.
    """

    __tablename__ = "polls_roll_row"
    __table_args__ = kept_as("roll", person="member_id")

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    member_id: str = Field(primary_key=True, foreign_key="member.id")
    since: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    until: int | None = None
    number: str
    contests: str
    salt: bytes


class RollJudgement(SQLModel, table=True):
    """The facts about one member on the record date. From these and the policy the verdict follows, with reasons."""

    __tablename__ = "polls_roll_judgement"
    __table_args__ = kept_as("roll", person="member_id")

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    member_id: str = Field(primary_key=True, foreign_key="member.id")
    facts: bytes
    abroad: bool


class RollObjection(SQLModel, table=True):
    """An objection of a member to their own row, or to its absence, and what was decided ("", upheld, rejected)."""

    __tablename__ = "polls_roll_objection"
    __table_args__ = kept_as("roll", person="member_id")

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    member_id: str = Field(foreign_key="member.id", index=True)
    ground: str
    at: datetime
    decision: str = ""
    decision_ground: str = ""
    decided_at: datetime | None = None
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


ROLL_TABLES: tuple[type[SQLModel], ...] = (RollVersion, RollRow, RollJudgement, RollObjection)
