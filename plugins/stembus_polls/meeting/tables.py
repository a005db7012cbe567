"""Rows about the meeting: its record as it was entered, and the proxies in force."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from stembus.vault.retention import kept_as


class MeetingEntry(SQLModel, table=True):
    """The record of the meeting as entered at some moment; the last one counts. `record` and `called` are JSON.

    `called` holds how many members there were on the day of the convocation, and how many agreed to mail.
    """

    __tablename__ = "polls_meeting_entry"
    __table_args__ = kept_as("result")

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    record: str
    called: str
    at: datetime
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class MeetingProxy(SQLModel, table=True):
    """A proxy of the last record. `set_aside` says why it does not hold; empty when it does."""

    __tablename__ = "polls_meeting_proxy"
    __table_args__ = kept_as("roll", person="giver_id")

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    giver_id: str = Field(primary_key=True, foreign_key="member.id")
    holder_id: str = Field(foreign_key="member.id", index=True)
    given_at: datetime
    set_aside: str = ""


MEETING_TABLES: tuple[type[SQLModel], ...] = (MeetingEntry, MeetingProxy)
