"""The days that were proposed, and who may propose one."""

from datetime import date

from sqlmodel import Field, SQLModel

from stembus.organisation.powers import Power
from stembus.vault.retention import about_nobody

PROPOSE = Power(name="dates.propose", nl="een dag voorstellen", en="propose a day")


class ProposedDay(SQLModel, table=True):
    __tablename__ = "dates_proposed"
    __table_args__ = about_nobody()

    day: date = Field(primary_key=True)
    act_id: str
