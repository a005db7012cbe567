"""Rows of a secret poll. Who cast which ciphertext is known here, and never what it says: nothing here opens one.

No row holds the time of a vote. In which order rows came is wiped when a batch goes onto the board: `batches.py`.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel, UniqueConstraint

from stembus.vault.retention import about_nobody, kept_as


class SecretPoll(SQLModel, table=True):
    """The one election of a contest whose votes are cast electronically, and the records that define it.

    `timestamp` (Unix seconds) is the time that every member of its archive bears. The records are there once they
    were made: by the trustees, by the credential authority, and when the poll was set up. `together` are the parts that
    one machine plays, with spaces between; empty: each has a machine of its own. `sides` says from which rival sides
    the trustees come, in the words of who named them; empty: nobody said so.
    """

    __tablename__ = "polls_secret"
    __table_args__ = about_nobody()

    procedure_id: str = Field(primary_key=True, foreign_key="procedure.id")
    contest: str = Field(primary_key=True)
    uuid: str = Field(unique=True)
    group: str
    trustees: int
    threshold: int
    timestamp: int = Field(sa_type=BigInteger)
    election: bytes | None = None
    trustees_record: bytes | None = None
    credentials: bytes | None = None
    credential_list_header: bytes | None = None
    prepared_act: str = Field(foreign_key="ledger_leaf.act_id")
    together: str = ""
    sides: str = Field(default="", sa_column_kwargs={"server_default": ""})


class SecretRole(SQLModel, table=True):
    """Who has which role in a poll: "trustee" with their number (from 1), or "authority", who makes the credentials."""

    __tablename__ = "polls_secret_role"
    __table_args__ = (UniqueConstraint("uuid", "member_id"), kept_as("secret_poll", person="member_id"))

    uuid: str = Field(primary_key=True, foreign_key="polls_secret.uuid")
    role: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    member_id: str = Field(foreign_key="member.id")


class BoardEvent(SQLModel, table=True):
    """One event of the archive: `content` are the bytes that it adds, `hash` is what the next event names."""

    __tablename__ = "polls_board_event"
    __table_args__ = about_nobody()

    uuid: str = Field(primary_key=True, foreign_key="polls_secret.uuid")
    height: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str
    hash: str
    content: bytes


class SealedBallot(SQLModel, table=True):
    """A ballot that was cast. `credential` is the SHA-256 of its public key, `contents` that of its ciphertexts.

    On the board it has a height, and its bytes are there and no longer here. `promised_after` is the height of the
    board when its voter was promised that it would come there.
    """

    __tablename__ = "polls_sealed_ballot"
    __table_args__ = (
        UniqueConstraint("uuid", "tracker"),
        UniqueConstraint("uuid", "contents"),
        about_nobody(),
    )

    uuid: str = Field(primary_key=True, foreign_key="polls_secret.uuid")
    credential: str = Field(primary_key=True)
    tracker: str
    contents: str
    promised_after: int
    ballot: bytes | None
    height: int | None = Field(default=None, index=True)


class Cast(SQLModel, table=True):
    """A member's vote was cast, with this credential: one to one, for ever. For a proxy, the member is the giver."""

    __tablename__ = "polls_cast"
    __table_args__ = (UniqueConstraint("uuid", "credential"), kept_as("secret_poll", person="member_id"))

    uuid: str = Field(primary_key=True, foreign_key="polls_secret.uuid")
    member_id: str = Field(primary_key=True, foreign_key="member.id")
    credential: str


class HandOver(SQLModel, table=True):
    """A signed-in member goes from the pages to the booth: a code that works once, then a session there.

    `member_id` votes, `voter_id` is whose vote it is. Rows live for minutes, or until the vote they are for is over.
    """

    __tablename__ = "polls_hand_over"
    __table_args__ = kept_as("secret_poll", person="member_id")

    code_hash: str = Field(primary_key=True)
    uuid: str = Field(foreign_key="polls_secret.uuid", index=True)
    member_id: str = Field(foreign_key="member.id")
    voter_id: str = Field(foreign_key="member.id")
    language: str
    made_at: datetime
    session_hash: str | None = Field(default=None, unique=True)
    begun_at: datetime | None = None


class FailedCast(SQLModel, table=True):
    """A member tried to vote on this day and could not, for this reason: what a court asks about a narrow result."""

    __tablename__ = "polls_failed_cast"
    __table_args__ = kept_as("secret_poll", person="member_id")

    uuid: str = Field(primary_key=True, foreign_key="polls_secret.uuid")
    member_id: str = Field(primary_key=True, foreign_key="member.id")
    day: date = Field(primary_key=True)
    reason: str = Field(primary_key=True)
    times: int


class CredentialEntry(SQLModel, table=True):
    """One line of the public list of credentials: which became active or void, and by whose signatures."""

    __tablename__ = "polls_credential_entry"
    __table_args__ = about_nobody()

    uuid: str = Field(primary_key=True, foreign_key="polls_secret.uuid")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    line: str


class SecretPapers(SQLModel, table=True):
    """Votes from paper went into the box: of so many papers all but `left_out`, which are invalid.

    Invalid papers are left out only where ballots are added up while encrypted: there is no such ballot to make.
    """

    __tablename__ = "polls_secret_papers"
    __table_args__ = about_nobody()

    uuid: str = Field(primary_key=True, foreign_key="polls_secret.uuid")
    papers: int
    left_out: int
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class SecretVerdict(SQLModel, table=True):
    """What a program that verified the archive found when `head` was its last event.

    `invalid` are, for each question, the places of ballots that are no vote, as JSON.
    """

    __tablename__ = "polls_secret_verdict"
    __table_args__ = about_nobody()

    uuid: str = Field(primary_key=True, foreign_key="polls_secret.uuid")
    head: str = Field(primary_key=True)
    program: str = Field(primary_key=True)
    holds: bool
    said: str
    invalid: str
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class BoxWork(SQLModel, table=True):
    """Long work for a poll, the latest of each kind: how far it is, and once done what two people then decide on.

    `found` is JSON, `file` what everybody may download. Votes from paper in it are encrypted, and nothing opens them.
    """

    __tablename__ = "polls_box_work"
    __table_args__ = about_nobody()

    uuid: str = Field(primary_key=True, foreign_key="polls_secret.uuid")
    kind: str = Field(primary_key=True)
    attempt: str
    begun_at: datetime
    seen_at: datetime
    state: str
    done: int
    of: int
    found: bytes | None = None
    file: bytes | None = None


SECRET_TABLES: tuple[type[SQLModel], ...] = (
    SecretPoll,
    SecretRole,
    BoardEvent,
    SealedBallot,
    Cast,
    HandOver,
    FailedCast,
    CredentialEntry,
    SecretPapers,
    SecretVerdict,
    BoxWork,
)
