"""The row of a lot for the order of the names on the paper."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from stembus.vault.retention import kept_as


class OrderDraw(SQLModel, table=True):
    """A lot that was drawn for the order of the names. The last one counts; a new call needs a new lot.

    `orders` is JSON: by contest the entry numbers in the order drawn. `seed` is empty for a lot drawn in the room.
    """

    __tablename__ = "polls_order_draw"
    __table_args__ = kept_as("result")

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seed: str
    orders: str
    drawn_by: str
    witnesses: str
    at: datetime
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


LOT_TABLES: tuple[type[SQLModel], ...] = (OrderDraw,)
