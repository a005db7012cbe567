"""Rows of the party council: who was offered which place, what became of it, and the groups that leave in turn."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from stembus.vault.retention import about_nobody, kept_as


class PlaceOffer(SQLModel, table=True):
    """One turn in the chain of a place: a member to whom it was offered, or (no member) that nobody is left.

    `found` is the record of the countback that found the member, `why` says in words how (both JSON). `follows` is what
    the policy says where nobody was found. `left_on` is the last day in the seat of a holder who left before time.
    """

    __tablename__ = "party_council_offer"
    __table_args__ = kept_as("council_places", person="member_id")

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    contest: str = Field(primary_key=True)
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    turn: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    member_id: str | None = Field(default=None, foreign_key="member.id", index=True)
    candidate: int | None = None
    origin: str
    found: str = ""
    why: str = ""
    follows: str = ""
    offered_at: datetime
    answer: str = ""
    answered_at: datetime | None = None
    seat_id: str | None = Field(default=None, foreign_key="seat.id")
    term_until: date | None = None
    left_on: date | None = None
    ground: str = ""
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class RotaGroup(SQLModel, table=True):
    """The group that a place leaves with the first time, from 1; drawn by lot or by the order of election."""

    __tablename__ = "party_council_rota_group"
    __table_args__ = about_nobody()

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    contest: str = Field(primary_key=True)
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    leaves_with: int
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


TABLES: tuple[type[SQLModel], ...] = (PlaceOffer, RotaGroup)
