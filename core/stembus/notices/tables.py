"""Rows of mails and letters: what was to be sent to whom, what was answered, and what came back."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from stembus.vault.retention import kept_as


class Mailing(SQLModel, table=True):
    """One convocation or letter to many: to whom, in which words, and when it had to be there.

    `audience` and `texts` are JSON. It is a draft until `released_at`. `tested_sha256` is the digest of the texts of
    which somebody got a test mail. `due_at` is when it has to be sent at the latest; what goes by post has to be
    handed in `post_days` earlier.
    """

    __tablename__ = "mailing"
    __table_args__ = kept_as("mails")

    id: str = Field(primary_key=True)
    title: str
    purpose: str
    is_personal: bool = False
    audience: str
    texts: str
    day: date
    procedure_id: str | None = Field(default=None, foreign_key="procedure.id", index=True)
    stage: str = ""
    due_at: datetime | None = None
    post_days: int = 3
    made_at: datetime
    tested_sha256: str = ""
    released_at: datetime | None = None
    released_by: str | None = Field(default=None, foreign_key="ledger_leaf.act_id")
    stopped_by: str | None = Field(default=None, foreign_key="ledger_leaf.act_id")


class MailingRecipient(SQLModel, table=True):
    """A person to whom a mailing goes: by which channel and why, under which name and address as they were then.

    `address` is a mail address, or the lines of a postal one. `salt` hides who it was in the root of the recipients
    that the ledger keeps.
    """

    __tablename__ = "mailing_recipient"
    __table_args__ = kept_as("mails", person="member_id")

    mailing_id: str = Field(primary_key=True, foreign_key="mailing.id")
    member_id: str = Field(primary_key=True)
    place: int
    channel: str
    reason: str
    lang: str
    name: str
    address: str
    salt: bytes
    posted_at: datetime | None = None
    posted_by: str | None = Field(default=None, foreign_key="ledger_leaf.act_id")


class MailMessage(SQLModel, table=True):
    """One mail to one person. Its Message-ID is made when it is queued and never again.

    A mail of a mailing is written when it is sent, from the texts of the mailing; of any other the words are here,
    and those of a mail with a secret in it are wiped once it needs no sending any more. `attempts` counts the times
    it was handed to the mail server; `claimed_at` is the last of these and `lease_until` how long its answer is
    waited for. `sha256` is of the bytes that were sent. `about` is what the plugin of its kind asks by whether it is
    still wanted.
    """

    __tablename__ = "mail_message"
    __table_args__ = (
        Index("ix_mail_message_next", "state", "priority", "queued_at", "place"),
        kept_as("mails", person="member_id"),
    )

    id: str = Field(primary_key=True)
    message_id: str = Field(unique=True)
    return_token: str = Field(unique=True)
    kind: str
    purpose: str
    priority: int
    member_id: str = Field(index=True)
    mailing_id: str | None = Field(default=None, foreign_key="mailing.id", index=True)
    place: int = 0
    name: str
    address: str = Field(index=True)
    lang: str
    subject: str = ""
    text: str = ""
    html: str = ""
    state: str
    queued_at: datetime
    due_at: datetime
    expires_at: datetime | None = None
    attempts: int = 0
    claimed_at: datetime | None = Field(default=None, index=True)
    lease_until: datetime | None = None
    settled_at: datetime | None = Field(default=None, index=True)
    answer: str = ""
    sha256: str = ""
    replaces: str | None = None
    about: str = ""


class MailEvent(SQLModel, table=True):
    """Something that became of a mail: an answer of the mail server, a bounce, a decision of a person."""

    __tablename__ = "mail_event"
    __table_args__ = kept_as("mails")

    mail_id: str = Field(primary_key=True, foreign_key="mail_message.id")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    what: str
    said: str = ""


class MailReturn(SQLModel, table=True):
    """A mail that came back to the mailbox for bounces, under the digest of its bytes, so that it is read once.

    Without `mail_id` it could not be matched; then, and when it could not be understood, a person reads it.
    """

    __tablename__ = "mail_return"
    __table_args__ = kept_as("mails")

    sha256: str = Field(primary_key=True)
    at: datetime
    mail_id: str | None = Field(default=None, foreign_key="mail_message.id", index=True)
    verdict: str
    status: str = ""
    said: str = ""


class MailLanguage(SQLModel, table=True):
    """The language in which somebody wants mail and letters; of who never said so it is Dutch."""

    __tablename__ = "mail_language"
    __table_args__ = kept_as("members", person="member_id")

    member_id: str = Field(primary_key=True)
    lang: str
