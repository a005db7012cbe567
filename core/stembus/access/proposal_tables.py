"""The rows of what one person proposed and another one has to confirm."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from stembus.vault.retention import kept_as


class Proposal(SQLModel, table=True):
    """A grave act that somebody proposed in a seat, and what became of it.

    `arguments` is canonical JSON; `shown_sha256` a digest over the arguments, the sentences that the proposer read and
    what the act rests on, so that nothing else is confirmed. `outcome` is empty while it waits: whether it still can
    be confirmed is computed. Of two who decide at once only the first finds it empty.
    """

    __tablename__ = "proposal"
    __table_args__ = kept_as("proposals", person="proposed_by")

    id: str = Field(primary_key=True)
    kind: str
    arguments: str
    shown_sha256: str
    procedure_id: str | None = Field(default=None, foreign_key="procedure.id", index=True)
    proposed_by: str = Field(foreign_key="member.id", index=True)
    seat_id: str = Field(foreign_key="seat.id")
    at: datetime
    expires_at: datetime
    act_id: str = Field(foreign_key="ledger_leaf.act_id")
    outcome: str = Field(default="", index=True)
    decided_by: str | None = Field(default=None, foreign_key="member.id", index=True)
    decided_in: str | None = Field(default=None, foreign_key="seat.id")
    decided_at: datetime | None = None
    reason: str = ""
