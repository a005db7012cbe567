"""Who signed a document and who did not, for whoever may see that: everybody's, or those of a branch's own members."""

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from stembus.documents.adopting import adopted_version
from stembus.documents.signing import left_by
from stembus.documents.tables import DocumentSignature
from stembus.organisation.authority import today
from stembus.organisation.exporting import exporter, written
from stembus.organisation.member import display_name
from stembus.organisation.scope import Scope, covered, signature_scopes
from stembus.organisation.states import MEMBER

if TYPE_CHECKING:
    from stembus.instance import Transaction

FIELDS = ("number", "name", "version", "signed_on", "how")


class Standing(NamedTuple):
    """A member of today and the last version that they signed; None when they signed none."""

    number: str
    name: str
    version: int | None
    signed_at: datetime | None
    on_paper: bool


class Signatures(NamedTuple):
    """The members of today by what they signed of a document: the version in force, an earlier one, or none."""

    version: int
    current: list[Standing]
    earlier: list[Standing]
    never: list[Standing]

    @property
    def total(self) -> int:
        """How many members there are in all."""
        return len(self.current) + len(self.earlier) + len(self.never)


def signatures(session: Session, scope: Scope, document_id: str, day: date) -> Signatures:
    """Return who signed a document among the members of `day` whom the scope covers, by number.

    Raises `UnusableInput` when no such document was adopted.
    """
    version = adopted_version(session, document_id).version
    signed = {
        row.member_id: row
        for row in session.exec(
            select(DocumentSignature)
            .where(DocumentSignature.document_id == document_id)
            .order_by(col(DocumentSignature.version))
        )
    }
    own = None if scope.branch is None else set(covered(session, scope, day))
    found = Signatures(version, [], [], [])
    # Columns, not rows as objects: of a large party every member is read.
    members = (
        select_columns(MEMBER.c.id, MEMBER.c.number, MEMBER.c.given, MEMBER.c.particle, MEMBER.c.surname)
        .where(MEMBER.c.merged_into.is_(None), MEMBER.c.id.not_in(left_by(day)))
        .order_by(MEMBER.c.number)
    )
    for member_id, number, given, particle, surname in session.execute(members):
        if own is not None and member_id not in own:
            continue
        row = signed.get(member_id)
        one = Standing(
            number,
            display_name(given, particle, surname),
            row.version if row else None,
            row.signed_at if row else None,
            bool(row and row.on_paper),
        )
        (found.never if row is None else found.current if row.version == version else found.earlier).append(one)
    return found


def export_signatures(
    transaction: "Transaction", document_id: str, *, by: str, ground: str, branch_body: str | None = None
) -> bytes:
    """Return a CSV with every member that `by` may see and what they signed, and record that it was made.

    `branch_body` is the body of the branch whose members they are; without it they are those of the whole party.
    Raises `Refused` when no seat of theirs may both see signatures and write files.
    """
    day = today(transaction.instance, transaction.now)
    actor, scope = exporter(transaction, by, signature_scopes, branch_body)
    found = signatures(transaction.session, scope, document_id, day)
    zone = transaction.instance.zone
    rows = [
        (
            one.number,
            one.name,
            "" if one.version is None else str(one.version),
            "" if one.signed_at is None else f"{one.signed_at.astimezone(zone):%Y-%m-%d}",
            "" if one.version is None else "paper" if one.on_paper else "online",
        )
        for one in (*found.current, *found.earlier, *found.never)
    ]
    return written(transaction, actor, rows, FIELDS, "signatures", ground, branch_body, document_id)
