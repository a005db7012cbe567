"""Rows of documents: each adopted version with its texts, and who signed which."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from stembus.vault.retention import about_nobody, kept_as


class AdoptedDocument(SQLModel, table=True):
    """A version as it was adopted: `definition` is all of it as JSON, `fingerprint` the SHA-256 over that."""

    __tablename__ = "document_adopted"
    __table_args__ = about_nobody()

    document_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    fingerprint: str = Field(unique=True)
    definition: str
    adopted_at: datetime
    decision: str
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class DocumentSignature(SQLModel, table=True):
    """A member signed a version: on a page, in the language that they read it in, or on paper at the office."""

    __tablename__ = "document_signature"
    __table_args__ = kept_as("signatures", person="member_id")

    member_id: str = Field(primary_key=True, foreign_key="member.id")
    document_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    lang: str
    on_paper: bool
    signed_at: datetime
    act_id: str = Field(foreign_key="ledger_leaf.act_id")


class DocumentPutOff(SQLModel, table=True):
    """A member put off signing a version: it stays on their page, and no longer stands in the way of it."""

    __tablename__ = "document_put_off"
    __table_args__ = kept_as("signatures", person="member_id")

    member_id: str = Field(primary_key=True, foreign_key="member.id")
    document_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
