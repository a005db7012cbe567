"""Signing a document: which members are asked, signing for oneself or on paper at the office, and who signed."""

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from stembus.documents.adopting import adopted_version, current_documents
from stembus.documents.tables import AdoptedDocument, DocumentPutOff, DocumentSignature
from stembus.documents.version import DocumentVersion, version_in
from stembus.errors import Refused
from stembus.ledger.acts import Act
from stembus.organisation.authority import self_or_office, today
from stembus.organisation.core_powers import DOCUMENTS_RECORD
from stembus.organisation.member import display_name
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import Member, MemberPeriod
from stembus_procedures.text import Lang

if TYPE_CHECKING:
    from stembus.instance import Transaction


class Asked(NamedTuple):
    """A version that a member is asked to sign. `signed_before` is the last version of it that they did sign."""

    row: AdoptedDocument
    version: DocumentVersion
    signed_before: int | None
    is_put_off: bool

    @property
    def comes_first(self) -> bool:
        """Whether it is the first step after signing in: they never signed this document, and did not put it off."""
        return self.signed_before is None and not self.is_put_off


class Signer(NamedTuple):
    """A member who signed: which version, when, and whether on paper."""

    number: str
    name: str
    version: int
    signed_at: datetime
    on_paper: bool


def sign(
    transaction: "Transaction",
    document_id: str,
    number: str,
    *,
    version: int,
    by: str,
    lang: Lang = "nl",
    ground: str = "",
) -> DocumentSignature:
    """Note that the member `number` signed the version in force of a document, as one act.

    `by` is the member, or somebody whose seat allows noting a signature on paper: then `ground` says where it is.
    Raises `Refused` when the version is not in force any more, is not one that members sign, was signed by them, or
    when they are no member today.
    """
    session = transaction.session
    member = member_numbered(session, number)
    actor = self_or_office(transaction, number, by, DOCUMENTS_RECORD)
    row = _to_sign(session, document_id, version)
    session.exec(select(Member.id).where(Member.id == member.id).with_for_update(key_share=True)).one()
    if not _is_member(session, member.id, today(transaction.instance, transaction.now)):
        raise Refused(
            "Member {number} left the party, and only members sign {document}. Nothing was noted.",
            number=member.number,
            document=document_id,
        )
    if session.get(DocumentSignature, (member.id, document_id, version)) is not None:
        raise Refused(
            "Member {number} signed version {version} of {document} already.",
            number=member.number,
            version=version,
            document=document_id,
        )
    own = actor.member_id == member.id
    act_id = transaction.record(
        Act(
            kind="document.signed",
            by=(actor,),
            ground=f"{document_id} {version} ({row.decision})" if own else ground,
            subject={"document": document_id, "member": member.id},
            details={"number": member.number},
            public={"document": document_id, "version": version, "fingerprint": row.fingerprint},
        )
    )
    signature = DocumentSignature(
        member_id=member.id,
        document_id=document_id,
        version=version,
        lang=lang,
        on_paper=not own,
        signed_at=transaction.now,
        act_id=act_id,
    )
    session.add(signature)
    session.flush()
    return signature


def put_off(transaction: "Transaction", document_id: str, member_id: str) -> None:
    """Remember that a member signs the version in force later. It is no act: it changes nobody's rights."""
    session = transaction.session
    version = adopted_version(session, document_id).version
    session.merge(DocumentPutOff(member_id=member_id, document_id=document_id, version=version, at=transaction.now))
    session.flush()


def asked_of(session: Session, member_id: str, day: date) -> list[Asked]:
    """Return the versions in force that this member has not signed yet; none for who is no member on `day`."""
    found = []
    signed = {row.document_id: row.version for row in reversed(signatures_of(session, member_id))}
    for row in current_documents(session):
        version = version_in(row.definition)
        if version.about.signed and signed.get(row.document_id) != row.version:
            key = (member_id, row.document_id, row.version)
            is_put_off = session.get(DocumentPutOff, key) is not None
            found.append(Asked(row, version, signed.get(row.document_id), is_put_off))
    return found if found and _is_member(session, member_id, day) else []


def signatures_of(session: Session, member_id: str) -> list[DocumentSignature]:
    """Return everything that a member signed, the latest first."""
    query = select(DocumentSignature).where(DocumentSignature.member_id == member_id)
    newest = (col(DocumentSignature.signed_at).desc(), col(DocumentSignature.version).desc())
    return list(session.exec(query.order_by(*newest)))


def signers(session: Session, document_id: str, version: int | None = None) -> list[Signer]:
    """Return who signed a document (or one version of it), in the order of their numbers. For the office only."""
    query = (
        select(DocumentSignature, Member)
        .join(Member, col(Member.id) == col(DocumentSignature.member_id))
        .where(DocumentSignature.document_id == document_id)
        .order_by(col(Member.number), col(DocumentSignature.version))
    )
    return [
        Signer(m.number, display_name(m.given, m.particle, m.surname), row.version, row.signed_at, row.on_paper)
        for row, m in session.exec(query)
        if version in (None, row.version)
    ]


def not_signed(session: Session, document_id: str, day: date) -> list[Member]:
    """Return the members of `day` who have not signed the version in force, by number. For the office only."""
    row = adopted_version(session, document_id)
    signed = select(DocumentSignature.member_id).where(
        DocumentSignature.document_id == document_id, DocumentSignature.version == row.version
    )
    query = select(Member).where(
        col(Member.merged_into).is_(None), col(Member.id).not_in(signed), col(Member.id).not_in(left_by(day))
    )
    return list(session.exec(query.order_by(col(Member.number))))


def _to_sign(session: Session, document_id: str, version: int) -> AdoptedDocument:
    row = adopted_version(session, document_id)
    if not version_in(row.definition).about.signed:
        raise Refused("{document} is to be read: members do not sign it. Nothing was noted.", document=document_id)
    if row.version != version:
        raise Refused(
            "Version {version} of {document} is in force now: read that one, and sign it.",
            version=row.version,
            document=document_id,
        )
    return row


def _is_member(session: Session, member_id: str, day: date) -> bool:
    return session.exec(left_by(day).where(MemberPeriod.member_id == member_id)).first() is None


def left_by(day: date) -> SelectOfScalar[str]:
    """Return a query for the members who left, up to and including `day`."""
    return select(MemberPeriod.member_id).where(
        MemberPeriod.kind == "left",
        col(MemberPeriod.starts) <= day,
        or_(col(MemberPeriod.ends).is_(None), col(MemberPeriod.ends) > day),
    )
