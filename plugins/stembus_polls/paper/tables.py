"""Rows about ballot papers. Nothing here joins a voter to a choice: papers get their numbers after the box is mixed.

Every row belongs to one contest of one procedure. No row of a paper holds a time.
"""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from stembus.vault.retention import about_nobody, kept_as


class PrintRun(SQLModel, table=True):
    """Papers that were made: how many copies of which file."""

    __tablename__ = "polls_print_run"
    __table_args__ = about_nobody()

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    contest: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    copies: int
    file_sha256: str
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class PaperSent(SQLModel, table=True):
    """A member was sent a paper by post. That is no vote yet, and strikes nobody off."""

    __tablename__ = "polls_paper_sent"
    __table_args__ = kept_as("papers", person="member_id")

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    contest: str = Field(primary_key=True)
    member_id: str = Field(primary_key=True, foreign_key="member.id")


class StrikeOff(SQLModel, table=True):
    """A member was struck off the roll: got a paper in the room, or a vote of theirs came in by post.

    Its primary key is what makes a second paper impossible, also when two tables hand out at the same moment.
    `papers` counts what they were handed in the room: one, and one more for each spoiled paper they gave back.
    """

    __tablename__ = "polls_strike_off"
    __table_args__ = kept_as("papers", person="member_id")

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    contest: str = Field(primary_key=True)
    member_id: str = Field(primary_key=True, foreign_key="member.id")
    channel: str
    papers: int


class Envelope(SQLModel, table=True):
    """An outer envelope that came by post, and whether it was accepted. `reason` says why not."""

    __tablename__ = "polls_envelope"
    __table_args__ = kept_as("papers", person="member_id")

    id: str = Field(primary_key=True)
    procedure_id: str = Field(foreign_key="procedure.id", index=True)
    contest: str
    member_id: str | None = Field(default=None, foreign_key="member.id")
    received_at: datetime
    accepted: bool
    reason: str = ""


class PaperAccount(SQLModel, table=True):
    """What the stembureau counted by hand when the vote was over. A later statement replaces an earlier one."""

    __tablename__ = "polls_account"
    __table_args__ = about_nobody()

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    contest: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    unused: int
    spoiled: int
    taken: int
    in_box: int
    postal_in_box: int
    explanations: str
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class Numbering(SQLModel, table=True):
    """The box was mixed, and then the numbers 1 to `papers` were stamped."""

    __tablename__ = "polls_numbering"
    __table_args__ = about_nobody()

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    contest: str = Field(primary_key=True)
    papers: int
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class Typist(SQLModel, table=True):
    """Who types over all papers of a round, as the first or as the second. Never one person in both places."""

    __tablename__ = "polls_typist"
    __table_args__ = (
        UniqueConstraint("procedure_id", "contest", "round", "member_id"),
        kept_as("papers", person="member_id"),
    )

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    contest: str = Field(primary_key=True)
    round: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    member_id: str = Field(foreign_key="member.id")


class TypedPaper(SQLModel, table=True):
    """What one typist read on one paper, in the one way of writing that `marks.written` gives."""

    __tablename__ = "polls_typed_paper"
    __table_args__ = about_nobody()

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    contest: str = Field(primary_key=True)
    round: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    paper: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    marks: str


class PaperRuling(SQLModel, table=True):
    """How the stembureau ruled on one paper, and why. `marks` are empty unless it reads as a vote."""

    __tablename__ = "polls_paper_ruling"
    __table_args__ = about_nobody()

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    contest: str = Field(primary_key=True)
    round: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    paper: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    outcome: str
    marks: str
    reason: str
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


PAPER_TABLES: tuple[type[SQLModel], ...] = (
    PrintRun,
    PaperSent,
    StrikeOff,
    Envelope,
    PaperAccount,
    Numbering,
    Typist,
    TypedPaper,
    PaperRuling,
)
