"""Rows about trustees: how each is known, what they said in the ceremony, what they made. Nothing here is secret."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from stembus.vault.retention import about_nobody

NO_SERIAL = {"autoincrement": False}


class TrusteeAccess(SQLModel, table=True):
    """How the program of a trustee is known: by its invitation, which works once, and then by a secret of its own."""

    __tablename__ = "polls_trustee"
    __table_args__ = about_nobody()

    uuid: str = Field(primary_key=True, foreign_key="polls_secret.uuid")
    number: int = Field(primary_key=True, sa_column_kwargs=NO_SERIAL)
    invitation_hash: str = Field(unique=True)
    token_hash: str | None = Field(default=None, unique=True)
    destroyed_at: datetime | None = None


class CeremonyEnded(SQLModel, table=True):
    """A ceremony (`attempt`, from 1) was ended because somebody had to leave or lost their key. The next one begins."""

    __tablename__ = "polls_ceremony_ended"
    __table_args__ = about_nobody()

    uuid: str = Field(primary_key=True, foreign_key="polls_secret.uuid")
    attempt: int = Field(primary_key=True, sa_column_kwargs=NO_SERIAL)
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class CeremonyMessage(SQLModel, table=True):
    """What a trustee said in a round of a ceremony. `recipient` is 0 where it is for all."""

    __tablename__ = "polls_ceremony_message"
    __table_args__ = about_nobody()

    uuid: str = Field(primary_key=True, foreign_key="polls_secret.uuid")
    attempt: int = Field(primary_key=True, sa_column_kwargs=NO_SERIAL)
    round: str = Field(primary_key=True)
    sender: int = Field(primary_key=True, sa_column_kwargs=NO_SERIAL)
    recipient: int = Field(primary_key=True, sa_column_kwargs=NO_SERIAL)
    body: str


class Rehearsal(SQLModel, table=True):
    """The test that a trustee was given in a turn, and whether the stored key decrypted it."""

    __tablename__ = "polls_rehearsal"
    __table_args__ = about_nobody()

    uuid: str = Field(primary_key=True, foreign_key="polls_secret.uuid")
    attempt: int = Field(primary_key=True, sa_column_kwargs=NO_SERIAL)
    number: int = Field(primary_key=True, sa_column_kwargs=NO_SERIAL)
    turn: int = Field(primary_key=True, sa_column_kwargs=NO_SERIAL)
    nonce: str
    is_done: bool = False


class Contribution(SQLModel, table=True):
    """Something that a trustee made: taken, with the event of the board that it became, or refused, with the reason.

    What was refused is kept as it came, since it shows what its maker did; what was taken stands on the board, except
    the side file, for which the board has no room.
    """

    __tablename__ = "polls_contribution"
    __table_args__ = about_nobody()

    uuid: str = Field(primary_key=True, foreign_key="polls_secret.uuid")
    kind: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs=NO_SERIAL)
    attempt: int = Field(primary_key=True, sa_column_kwargs=NO_SERIAL)
    sha256: str
    height: int | None = None
    side_file: bytes | None = None
    reason: str = ""
    said: str = ""
    refused: bytes | None = None


TRUSTEE_TABLES: tuple[type[SQLModel], ...] = (
    TrusteeAccess,
    CeremonyEnded,
    CeremonyMessage,
    Rehearsal,
    Contribution,
)
