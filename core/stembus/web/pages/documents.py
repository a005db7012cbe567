"""Documents that the party adopted: reading them in full or in the easy version, and signing the one in force."""

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from sqlmodel import Session

from stembus.documents.adopting import current_documents, versions_of
from stembus.documents.markdown import rendered
from stembus.documents.signing import Asked, asked_of, put_off, sign, signatures_of
from stembus.documents.tables import AdoptedDocument, DocumentSignature
from stembus.documents.version import DocumentVersion, version_in
from stembus.errors import UnusableInput
from stembus.organisation.authority import today
from stembus.web import N_, Answer, Form, Visit, action, anyone, page, signed_in
from stembus.words import LANGUAGES, Lang


@page("/documents", who=anyone)
def documents_page(visit: NamedDependency[Visit]) -> Answer:
    """The version in force of each document, and whether the visitor signed it."""
    with visit.read() as session:
        rows = [row for row in current_documents(session) if _may_read(visit, version_in(row.definition))]
        signed = _signed(visit, session)
    shown = [(row, version_in(row.definition), signed.get((row.document_id, row.version))) for row in rows]
    return visit.page("documents/list.html", documents=shown)


@page("/documents/{document_id:str}", who=anyone)
def document_page(
    visit: NamedDependency[Visit], document_id: FromPath[str], version: FromQuery[str] = "", text: FromQuery[str] = ""
) -> Answer:
    """One version of a document; for a member who is asked to sign it, with the way to do so."""
    with visit.read() as session:
        rows = versions_of(session, document_id)
        row = _row(visit, rows, version)
        asked = next((one for one in _asked(visit, session) if one.row.document_id == document_id), None)
        signed = _signed(visit, session).get((document_id, row.version))
    shown = version_in(row.definition)
    read = shown.text(_wanted(text, visit.lang))
    return visit.page(
        "documents/document.html",
        row=row,
        rows=rows,
        document=shown,
        text=read,
        content=rendered(read.markdown),
        asked=asked if asked is not None and row is rows[0] else None,
        signed=signed,
    )


@page("/documents/{document_id:str}/file", who=anyone)
def document_file(
    visit: NamedDependency[Visit], document_id: FromPath[str], version: FromQuery[str] = "", text: FromQuery[str] = ""
) -> Answer:
    """The text as it was adopted, as a file whose SHA-256 is the one in the ledger."""
    with visit.read() as session:
        row = _row(visit, versions_of(session, document_id), version)
    read = version_in(row.definition).text(_wanted(text, visit.lang))
    name = f"{document_id}-{row.version}-{read.lang}.md"
    return visit.file(read.markdown.encode(), name, "text/markdown; charset=utf-8")


class SignForm(Form, frozen=True):
    """The version that was read, in which language, and the promise."""

    version: str = ""
    text: str = ""
    agrees: str = ""


@action("/documents/{document_id:str}/sign", who=signed_in, writes=("document.signed",), again=document_page)
def sign_document(visit: NamedDependency[Visit], document_id: FromPath[str], data: URLEncodedBody[SignForm]) -> Answer:
    """A member signs the version that they read."""
    if not data.agrees:
        raise UnusableInput(N_("Tick the box to sign."), field="agrees")
    if not data.version.isdecimal() or len(data.version) > 9:
        raise UnusableInput(N_("This page was changed on its way: read the document again, and sign it."))
    number = visit.member.number
    with visit.write() as transaction:
        lang = _wanted(data.text, visit.lang)
        sign(transaction, document_id, number, version=int(data.version), by=number, lang=lang)
    return visit.go("/", N_("Thank you. You signed, and you can read it again at any time under Documents."))


@action(
    "/documents/{document_id:str}/later",
    who=signed_in,
    no_act="putting off changes nobody's rights; the member's page goes on asking",
)
def sign_later(visit: NamedDependency[Visit], document_id: FromPath[str], data: URLEncodedBody[Form]) -> Answer:
    """A member signs another time."""
    with visit.write() as transaction:
        put_off(transaction, document_id, visit.member.member_id)
    return visit.go("/", N_("You can sign later. Until then it stays on this page."))


def _row(visit: Visit, rows: list[AdoptedDocument], version: str) -> AdoptedDocument:
    """Return the version in the address, or the one in force; one that is not for this visitor is not there."""
    for row in rows:
        if version in ("", str(row.version)) and _may_read(visit, version_in(row.definition)):
            return row
    raise NotFoundException


def _may_read(visit: Visit, version: DocumentVersion) -> bool:
    """What members are to know is no secret; what is for the office is for whoever sits somewhere."""
    return version.about.readers == "members" or (visit.visitor is not None and bool(visit.visitor.seats))


def _wanted(text: str, otherwise: Lang) -> Lang:
    return next((lang for lang in LANGUAGES if lang == text), otherwise)


def _asked(visit: Visit, session: Session) -> list[Asked]:
    if visit.visitor is None:
        return []
    return asked_of(session, visit.visitor.member_id, today(visit.instance, visit.now))


def _signed(visit: Visit, session: Session) -> dict[tuple[str, int], DocumentSignature]:
    if visit.visitor is None:
        return {}
    return {(one.document_id, one.version): one for one in signatures_of(session, visit.visitor.member_id)}


PAGES = (documents_page, document_page, document_file, sign_document, sign_later)
