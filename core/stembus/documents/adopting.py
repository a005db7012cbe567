"""Adopting a version of a document, as an act of two, and finding what was adopted."""

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import text
from sqlmodel import Session, col, select

from stembus.documents.tables import AdoptedDocument
from stembus.documents.version import About, DocumentVersion
from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Act
from stembus.organisation.authority import authorise_two
from stembus.organisation.core_powers import DOCUMENTS_ADOPT

if TYPE_CHECKING:
    from stembus.instance import Transaction


def adopt_document(
    transaction: "Transaction", version: DocumentVersion, *, by: tuple[str, str], decision: str
) -> AdoptedDocument:
    """Freeze a version and its texts by hash, with the decision of the party that adopted it.

    `by` are the numbers of two members. Raises `Refused` unless its number is above that of every earlier version.
    """
    actors = authorise_two(transaction, *by, DOCUMENTS_ADOPT)
    session, about = transaction.session, version.about
    _lock(session)
    must_be_newer(session, about)
    act_id = transaction.record(
        Act(
            kind="document.adopted",
            by=actors,
            ground=decision,
            subject={"document": about.id},
            public={
                "document": about.id,
                "version": about.version,
                "fingerprint": version.fingerprint,
                **{f"text_{one.lang}_sha256": one.sha256 for one in version.texts},
            },
        )
    )
    row = AdoptedDocument(
        document_id=about.id,
        version=about.version,
        fingerprint=version.fingerprint,
        definition=msgspec.json.encode(version).decode(),
        adopted_at=transaction.now,
        decision=decision,
        act_id=act_id,
    )
    session.add(row)
    session.flush()
    return row


def must_be_newer(session: Session, about: About) -> None:
    """Raise `Refused` unless the number of a version is above that of every earlier one."""
    latest = next(iter(versions_of(session, about.id)), None)
    if latest is not None and latest.version >= about.version:
        raise Refused(
            "{document} was adopted as version {version} ({decision}): give this one a higher number. Nothing was "
            "changed.",
            field="version",
            document=about.id,
            version=latest.version,
            decision=latest.decision,
        )


def current_documents(session: Session) -> list[AdoptedDocument]:
    """Return the version in force of each document, in the order of their ids."""
    rows = session.exec(select(AdoptedDocument).order_by(col(AdoptedDocument.version)))
    return sorted({row.document_id: row for row in rows}.values(), key=lambda row: row.document_id)


def versions_of(session: Session, document_id: str) -> list[AdoptedDocument]:
    """Return every adopted version of a document, the newest first; none when there is no such document."""
    query = select(AdoptedDocument).where(AdoptedDocument.document_id == document_id)
    return list(session.exec(query.order_by(col(AdoptedDocument.version).desc())))


def adopted_version(session: Session, document_id: str, version: int | None = None) -> AdoptedDocument:
    """Return a version of a document, or the one in force. Raises `UnusableInput` with those there are."""
    rows = versions_of(session, document_id)
    if not rows:
        raise UnusableInput(
            "No document {document!r} was adopted. Adopted are: {there}.",
            document=document_id,
            there=[row.document_id for row in current_documents(session)] or "-",
        )
    for row in rows:
        if version in (None, row.version):
            return row
    raise UnusableInput(
        "{document} has no version {version}: there is {there}.",
        document=document_id,
        version=version,
        there=[row.version for row in rows],
    )


def _lock(session: Session) -> None:
    """Make others who adopt a document wait for the end of this transaction; readers go on."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE document_adopted IN SHARE ROW EXCLUSIVE MODE"))
