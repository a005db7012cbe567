"""Rows about signing in. No row holds a secret: only what a secret is checked against."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from stembus.vault.retention import kept_as


class AccessSession(SQLModel, table=True):
    """One browser in which somebody signed in. `agent` is the kind of browser, in words, and nothing finer."""

    __tablename__ = "access_session"
    __table_args__ = kept_as("sign_in", person="member_id")

    id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    strength: str
    agent: str
    started_at: datetime
    last_seen_at: datetime
    stepped_up_at: datetime | None = None
    expires_at: datetime = Field(index=True)
    ended_at: datetime | None = None


class AccessLink(SQLModel, table=True):
    """A link that was mailed, with the code beside it. Without a member it was asked for an address nobody has.

    `expires_at` ends the link, `code_expires_at` the code, and `ended_at` both: a newer one was asked for.
    """

    __tablename__ = "access_link"
    __table_args__ = kept_as("sign_in", person="member_id")

    id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    code_hash: str
    browser_hash: str = Field(index=True)
    member_id: str | None = Field(default=None, foreign_key="member.id", index=True)
    asked_at: datetime
    expires_at: datetime
    code_expires_at: datetime = Field(index=True)
    tries: int = 0
    used_at: datetime | None = None
    ended_at: datetime | None = None


class AccessCode(SQLModel, table=True):
    """A code on paper: from a letter ("letter"), or given in person by two people ("enrolment")."""

    __tablename__ = "access_code"
    __table_args__ = kept_as("sign_in", person="member_id")

    id: str = Field(primary_key=True)
    code_hash: str = Field(unique=True)
    kind: str
    member_id: str = Field(foreign_key="member.id", index=True)
    made_at: datetime
    expires_at: datetime = Field(index=True)
    used_at: datetime | None = None
    ended_at: datetime | None = None
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class AccessPasskey(SQLModel, table=True):
    """A passkey of a member: the public half of its key.

    `is_vouched`: whether two people, or an earlier passkey that they saw to, stood for whose it is.
    """

    __tablename__ = "access_passkey"
    __table_args__ = kept_as("passkeys", person="member_id")

    id: str = Field(primary_key=True)
    credential_id: str = Field(unique=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    user_handle: str
    public_key: bytes
    sign_count: int
    transports: str
    name: str
    is_vouched: bool
    made_at: datetime
    used_at: datetime | None = None


class AccessProvider(SQLModel, table=True):
    """An account with an identity provider of others that a member linked while signed in: one account, one member."""

    __tablename__ = "access_provider"
    __table_args__ = kept_as("linked_accounts", person="member_id")

    id: str = Field(primary_key=True)
    provider: str
    subject_hash: str = Field(unique=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    made_at: datetime
    used_at: datetime | None = None


class AccessChallenge(SQLModel, table=True):
    """A question that one browser has to answer: its passkey, or the identity provider that it was sent to.

    It is deleted by the first answer. `id` is the fingerprint of the question.
    """

    __tablename__ = "access_challenge"
    __table_args__ = kept_as("sign_in", person="member_id")

    id: str = Field(primary_key=True)
    purpose: str
    holder_hash: str
    member_id: str | None = Field(default=None, foreign_key="member.id", index=True)
    user_handle: str = ""
    expires_at: datetime = Field(index=True)


class AccessLimit(SQLModel, table=True):
    """How often something was tried since a moment, under a fingerprint of who or what tried."""

    __tablename__ = "access_limit"
    __table_args__ = kept_as("sign_in_limits")

    key_hash: str = Field(primary_key=True)
    tries: int
    since: datetime
    until: datetime | None = None
    expires_at: datetime = Field(index=True)
