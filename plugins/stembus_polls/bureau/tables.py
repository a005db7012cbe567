"""Rows about the stembureau: what its members declared about their interests."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from stembus.vault.retention import kept_as


class InterestDeclared(SQLModel, table=True):
    """One line of what somebody declared: a relative among the members, an interest in words, or neither.

    A later declaration of the same person replaces all lines of the earlier one.
    """

    __tablename__ = "polls_interest"
    __table_args__ = kept_as("papers", person="member_id")

    id: str = Field(primary_key=True)
    procedure_id: str = Field(foreign_key="procedure.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    relative_of: str | None = Field(default=None, foreign_key="member.id")
    interest: str = ""
    at: datetime
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


BUREAU_TABLES: tuple[type[SQLModel], ...] = (InterestDeclared,)
