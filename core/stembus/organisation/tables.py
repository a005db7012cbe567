"""Rows about members, bodies and seats. What changes with time is kept as periods, never overwritten."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from stembus.vault.retention import about_nobody, kept_as


class Member(SQLModel, table=True):
    """A person the party knows, under the number that the party gave them.

    `source` is "founder" for who was named when the instance was made, "import" once a roll held them. A row that
    was merged into another keeps only its number, so that the number still leads to the person.
    """

    __tablename__ = "member"
    __table_args__ = kept_as("members", person="id")

    id: str = Field(primary_key=True)
    number: str = Field(unique=True)
    given: str = ""
    particle: str = ""
    surname: str = ""
    born_on: date | None = None
    email: str = Field(default="", index=True)
    phone: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    registered_on: date | None = None
    first_paid_on: date | None = None
    source: str = "import"
    merged_into: str | None = Field(default=None, foreign_key="member.id", index=True)


class MemberPeriod(SQLModel, table=True):
    """What held for a member from `starts` until the day before `ends`; without `ends` it still does."""

    __tablename__ = "member_period"
    __table_args__ = kept_as("members", person="member_id")

    member_id: str = Field(primary_key=True, foreign_key="member.id")
    kind: str = Field(primary_key=True)
    starts: date = Field(primary_key=True)
    ends: date | None = None
    value: str


class MailConsent(SQLModel, table=True):
    """What a member said last on a day: whether convocations of meetings may come by e-mail."""

    __tablename__ = "mail_consent"
    __table_args__ = kept_as("members", person="member_id")

    member_id: str = Field(primary_key=True, foreign_key="member.id")
    said_on: date = Field(primary_key=True)
    agrees: bool
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class MemberImport(SQLModel, table=True):
    """An import that was applied: which file, how the roll stood on which day, and the act that undid it.

    Its number is one more than that of the import before it.
    """

    __tablename__ = "member_import"
    __table_args__ = about_nobody()

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    as_of: date
    file_name: str
    file_sha256: str
    counts: str
    act_id: str = Field(foreign_key="ledger_leaf.act_id")
    undone_by: str | None = Field(default=None, foreign_key="ledger_leaf.act_id")


class MemberImportChange(SQLModel, table=True):
    """What an import found before it changed a member (nothing: it was new), and a digest of what it left."""

    __tablename__ = "member_import_change"
    __table_args__ = kept_as("member_imports", person="member_id")

    import_number: int = Field(primary_key=True, foreign_key="member_import.number")
    member_id: str = Field(primary_key=True)
    before: bytes | None = None
    after: bytes


class ColumnMapping(SQLModel, table=True):
    """Which column of a file holds what, saved under a name."""

    __tablename__ = "member_column_mapping"
    __table_args__ = about_nobody()

    name: str = Field(primary_key=True)
    columns: str


class Body(SQLModel, table=True):
    """A body of the party: the assembly, the board, a committee, a branch."""

    __tablename__ = "body"
    __table_args__ = about_nobody()

    slug: str = Field(primary_key=True)
    kind: str
    nl: str
    en: str


class AdoptedDefinition(SQLModel, table=True):
    """One adopted version of a body's definition: its offices, what they allow, and what cannot go together."""

    __tablename__ = "body_definition"
    __table_args__ = about_nobody()

    body: str = Field(primary_key=True, foreign_key="body.slug")
    version: int = Field(primary_key=True)
    definition: str
    adopted_at: datetime
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class Seat(SQLModel, table=True):
    """A seat that somebody holds from `starts` until the day before `ends`, by the act that gave it.

    With `deputy_for` it stands in for that seat, and allows what that seat allows while its holder is absent.
    """

    __tablename__ = "seat"
    __table_args__ = kept_as("seats", person="member_id")

    id: str = Field(primary_key=True)
    body: str = Field(foreign_key="body.slug", index=True)
    office: str
    member_id: str = Field(foreign_key="member.id", index=True)
    starts: date
    ends: date | None = None
    deputy_for: str | None = Field(default=None, foreign_key="seat.id")
    given_at: datetime
    given_by: str = Field(foreign_key="ledger_leaf.act_id")
    ended_by: str | None = Field(default=None, foreign_key="ledger_leaf.act_id")


class SeatAbsence(SQLModel, table=True):
    """Days on which the holder of a seat is absent, so that the deputy acts."""

    __tablename__ = "seat_absence"
    __table_args__ = kept_as("seats")

    seat_id: str = Field(primary_key=True, foreign_key="seat.id")
    starts: date = Field(primary_key=True)
    ends: date | None = None
    act_id: str = Field(foreign_key="ledger_leaf.act_id")
