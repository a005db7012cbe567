"""Who signed a document and who did not: counts first, a branch its own members, and as a file that is recorded."""

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from sqlmodel import Session

from stembus.documents.adopting import adopted_version
from stembus.documents.signatures import export_signatures, signatures
from stembus.documents.version import version_in
from stembus.errors import UnusableInput
from stembus.organisation.authority import today
from stembus.organisation.core_powers import DOCUMENTS_SIGNATURES, MEMBERS_EXPORT
from stembus.organisation.scope import Scope, signature_scopes
from stembus.web import N_, Answer, Form, Visit, action, page, power

WHO = power(DOCUMENTS_SIGNATURES)
SIZE = 50
SHOWN = {"never": N_("Never signed"), "earlier": N_("Signed an earlier version"), "current": N_("Signed this version")}


class SignaturesForm(Form, frozen=True):
    """Of which branch (empty: the party) a file is made, and what for."""

    branch: str = ""
    ground: str = ""


@page("/documents/{document_id:str}/signatures", who=WHO)
def signatures_page(
    visit: NamedDependency[Visit],
    document_id: FromPath[str],
    branch: FromQuery[str] = "",
    show: FromQuery[str] = "",
    number: FromQuery[str] = "",
) -> Answer:
    """How many signed, and a list of who did not, or did."""
    branch = str(visit.filled.get("branch", branch))
    day = today(visit.instance, visit.now)
    with visit.read() as session:
        scope, scopes = _scope(visit, session, branch)
        try:
            row = adopted_version(session, document_id)
        except UnusableInput:
            raise NotFoundException from None
        version = version_in(row.definition)
        if not version.about.signed:
            raise NotFoundException
        found = signatures(session, scope, document_id, day)
    kind = show if show in SHOWN else "never"
    people = {"never": found.never, "earlier": found.earlier, "current": found.current}[kind]
    last = max(1, -(-len(people) // SIZE))
    place = min(int(number), last) if number.isdecimal() and int(number[:6]) > 0 else 1
    return visit.page(
        "documents/signatures.html",
        document=version,
        found=found,
        kind=kind,
        kinds=SHOWN,
        counts={"never": len(found.never), "earlier": len(found.earlier), "current": len(found.current)},
        people=people[(place - 1) * SIZE : place * SIZE],
        place=place,
        last=last,
        scope=scope,
        scopes=scopes,
        may_export=visit.may(MEMBERS_EXPORT) and scope.may_export,
    )


@action("/documents/{document_id:str}/signatures", who=WHO, writes=("members.exported",), again=signatures_page)
def signatures_file(
    visit: NamedDependency[Visit], document_id: FromPath[str], data: URLEncodedBody[SignaturesForm]
) -> Answer:
    """Make the file."""
    if not data.ground.strip():
        raise UnusableInput(N_("Say what it is needed for: it is recorded."), field="ground")
    with visit.write() as transaction:
        text = export_signatures(
            transaction,
            document_id,
            by=visit.member.number,
            ground=data.ground.strip(),
            branch_body=data.branch or None,
        )
    return visit.file(text, f"signatures-{document_id}-{visit.now:%Y%m%d}.csv", "text/csv; charset=utf-8")


def _scope(visit: Visit, session: Session, branch: str) -> tuple[Scope, tuple[Scope, ...]]:
    """Return the scope asked for by the body of a branch, or the widest; one that this visitor lacks is not there."""
    scopes = signature_scopes(session, visit.member.member_id, today(visit.instance, visit.now))
    asked = [scope for scope in scopes if not branch or scope.branch_body == branch]
    if not asked:
        raise NotFoundException
    return asked[0], scopes


PAGES = (signatures_page, signatures_file)
