"""Adopting a version of a document: its texts are written or chosen, read as members will, and then proposed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody
from sqlmodel import Session

from stembus.documents.adopting import current_documents, must_be_newer, versions_of
from stembus.documents.composing import ABOUT, Fault, composed, file_of
from stembus.documents.differences import differences
from stembus.documents.grave_acts import ADOPT_DOCUMENT, AdoptDocument
from stembus.documents.markdown import rendered
from stembus.documents.version import About, DocumentVersion, version_in
from stembus.errors import CheckFailed, Problem, UnusableInput
from stembus.instance import Transaction
from stembus.organisation.core_powers import DOCUMENTS_ADOPT
from stembus.web import N_, Answer, Form, Visit, action, page, power, seated
from stembus.web.pages.proposals import proposal_for
from stembus.web.pages.proposing import could_confirm, ground_in, proposed
from stembus.web.uploaded_text import sent_text
from stembus.words import LANGUAGES, Lang
from stembus_procedures.language.values import PlainReview

WHO = power(DOCUMENTS_ADOPT)
MOST_BYTES = 4 * 1024 * 1024
"""Three texts as long as they may be, as a form sends them."""
WRONG: Mapping[str, tuple[str, str]] = {
    "id": ("document", N_("Give it a short name: small letters, digits and dashes, such as gedragscode.")),
    "version": ("version", N_("The version is a whole number, above that of every version before it.")),
}


class DocumentLook(Form, frozen=True):
    """A version as it is written: what it is, and each text typed or as a file."""

    document: str = ""
    version: str = ""
    title_nl: str = ""
    title_simple: str = ""
    title_en: str = ""
    readers: str = ""
    signed: str = ""
    changes_nl: str = ""
    changes_en: str = ""
    review_by: str = ""
    review_on: str = ""
    review_readers: str = ""
    text_nl: str = ""
    text_simple: str = ""
    text_en: str = ""
    file_nl: UploadFile | None = None
    file_simple: UploadFile | None = None
    file_en: UploadFile | None = None


BLANK = dict.fromkeys(DocumentLook.__struct_fields__, "")


class DocumentRead(Form, frozen=True):
    """A version that was looked at, as JSON, and the language to read it in."""

    whole: str = ""
    read: str = ""


class DocumentForm(Form, frozen=True):
    """A version to propose, as JSON, and the decision that adopts it."""

    whole: str = ""
    decision: str = ""


@page("/adopt/document", who=WHO)
def document_page(visit: NamedDependency[Visit], begin: FromQuery[str] = "") -> Answer:
    """Ask for a document, beginning from the version in force of one, or from nothing."""
    with visit.read() as session:
        rows = current_documents(session)
    known = {row.document_id: version_in(row.definition) for row in rows}
    if begin and begin not in known:
        raise NotFoundException
    typed = _next_of(known[begin]) if begin else BLANK
    return visit.page("adopt/document_ask.html", typed=typed, known=known, faults=())


def written_again(visit: Visit) -> Answer:
    """Show what was written once more, with what is wrong."""
    return visit.page("adopt/document_ask.html", typed=visit.filled, known={}, faults=())


@action(
    "/adopt/document/look",
    who=WHO,
    no_act="it shows the texts and what changes, and keeps nothing",
    again=written_again,
    max_bytes=MOST_BYTES,
)
def look_at_document(visit: NamedDependency[Visit], data: MultipartBody[DocumentLook]) -> Answer:
    """Show the texts as members will read them, and what changes; nothing is kept."""
    sent: dict[Lang, str] = {
        "nl": sent_text(data.file_nl, data.text_nl, field="file_nl"),
        "nl-simple": sent_text(data.file_simple, data.text_simple, field="file_simple"),
        "en": sent_text(data.file_en, data.text_en, field="file_en"),
    }
    version, faults = composed(_about(data), {lang: text for lang, text in sent.items() if text.strip()})
    if faults:
        # Also what came from files is put into the form, so that it can be mended there.
        visit.problem = CheckFailed(N_("This cannot be adopted as it is: correct the mistakes below."))
        typed = {name: getattr(data, name) for name in data.__struct_fields__ if not name.startswith("file")}
        texts = {"text_nl": sent["nl"], "text_simple": sent["nl-simple"], "text_en": sent["en"]}
        return visit.page("adopt/document_ask.html", typed={**typed, **texts}, known={}, faults=_named(visit, faults))
    return _shown(visit, version, "")


def looked_again(visit: Visit) -> Answer:
    """Show the version once more, with what is wrong; one that did not come through whole is asked again."""
    try:
        version = _whole(str(visit.filled.get("whole", "")))
    except UnusableInput:
        return visit.page("adopt/document_ask.html", typed=BLANK, known={}, faults=())
    return _shown(visit, version, "")


@action(
    "/adopt/document/read",
    who=WHO,
    no_act="it shows another of the texts, and keeps nothing",
    again=looked_again,
    max_bytes=MOST_BYTES,
)
def read_document_in(visit: NamedDependency[Visit], data: URLEncodedBody[DocumentRead]) -> Answer:
    """Show the version in another language; "write" goes back to writing it."""
    version = _whole(data.whole)
    if data.read == "write":
        return visit.page("adopt/document_ask.html", typed=_written(version), known={}, faults=())
    return _shown(visit, version, data.read)


@action("/adopt/document", who=WHO, writes=("proposal.made",), again=looked_again, max_bytes=MOST_BYTES)
def propose_document(visit: NamedDependency[Visit], data: URLEncodedBody[DocumentForm]) -> Answer:
    """Propose to adopt it."""
    version = _whole(data.whole)
    return proposed(
        visit, ADOPT_DOCUMENT.name, AdoptDocument(version=version, decision=ground_in(data.decision, "decision"))
    )


@page("/adopt/document/proposed/{proposal_id:str}", who=seated)
def proposed_document(visit: NamedDependency[Visit], proposal_id: FromPath[str], text: FromQuery[str] = "") -> Answer:
    """The version that somebody proposed, for whoever may see that proposal: its texts, and what changes."""
    with visit.read() as session:
        found = proposal_for(visit, Transaction(session, visit.now, visit.instance), proposal_id)
        if not isinstance(found.arguments, AdoptDocument):
            raise NotFoundException
        version = found.arguments.version
        earlier = [row for row in versions_of(session, version.about.id) if row.version < version.about.version]
    before = version_in(earlier[0].definition) if earlier else None
    return visit.page("adopt/document_proposed.html", found=found, **_reading(visit, version, before, text))


def _shown(visit: Visit, version: DocumentVersion, read: str) -> Answer:
    with visit.read() as session:
        older = _is_older(session, version)
        rows = versions_of(session, version.about.id)
        seconds = could_confirm(visit, session, DOCUMENTS_ADOPT)
    if older is not None:  # its number is mended where it was written
        visit.problem = older
        return visit.page("adopt/document_ask.html", typed=_written(version), known={}, faults=())
    before = version_in(rows[0].definition) if rows else None
    return visit.page(
        "adopt/document_look.html",
        whole=msgspec.json.encode(version).decode(),
        seconds=seconds,
        chosen=bool(read),
        **_reading(visit, version, before, read),
    )


def _is_older(session: Session, version: DocumentVersion) -> Problem | None:
    """Return what is wrong with its number, where a version in force has one that is as high."""
    try:
        must_be_newer(session, version.about)
    except Problem as problem:
        return problem
    return None


def _reading(visit: Visit, version: DocumentVersion, before: DocumentVersion | None, read: str) -> dict[str, Any]:
    """Return what a page shows of a version: one of its texts, and what changed in it since the version in force."""
    text = version.text(next((lang for lang in LANGUAGES if lang == read), visit.lang))
    return {
        "version": version,
        "before": before,
        "text": text,
        "content": rendered(text.markdown),
        "changes": differences(before.text(text.lang).markdown, text.markdown) if before else None,
    }


def _about(data: DocumentLook) -> About:
    """Return what the version is, from what was typed. Raises `UnusableInput` that names the field."""
    if data.readers not in ("members", "office"):
        raise UnusableInput(N_("Choose who reads it."), field="readers")
    if data.signed not in ("yes", "no"):
        raise UnusableInput(N_("Choose whether members sign it."), field="signed")
    for field, value in (("title_nl", data.title_nl), ("title_en", data.title_en)):
        if not value.strip():
            raise UnusableInput(N_("Write the title."), field=field)
    raw: dict[str, object] = {
        "id": data.document.strip(),
        "version": int(data.version) if data.version.isdecimal() and len(data.version) < 10 else 0,
        "title": {"nl": data.title_nl.strip(), "en": data.title_en.strip(), "nl_simple": data.title_simple.strip()},
        "readers": data.readers,
        "signed": data.signed == "yes",
    }
    if data.changes_nl.strip() or data.changes_en.strip():
        raw["changes"] = {"nl": data.changes_nl.strip(), "en": data.changes_en.strip()}
    if (review := _review(data)) is not None:
        raw["plain_review"] = review
    try:
        return msgspec.convert(raw, About)
    except msgspec.ValidationError as error:
        for key, (field, message) in WRONG.items():
            if f"$.{key}" in str(error):
                raise UnusableInput(message, field=field) from None
        raise


def _review(data: DocumentLook) -> PlainReview | None:
    """Return with whom the easy text was tried, from what was typed; None while nobody tried it.

    Raises `UnusableInput` that names the field, when only a part of it was typed.
    """
    typed = {name: getattr(data, name).strip() for name in ("review_by", "review_on", "review_readers")}
    if not any(typed.values()):
        return None
    for field, value in typed.items():
        if not value:
            raise UnusableInput(N_("Say who tried the easy text, on which day and with which readers."), field=field)
    try:
        day = date.fromisoformat(typed["review_on"])
    except ValueError:
        raise UnusableInput(N_("Fill in a day."), field="review_on") from None
    return PlainReview(by=typed["review_by"], on=day, readers=typed["review_readers"])


def _whole(text: str) -> DocumentVersion:
    """Return the version that a form carried. Raises `UnusableInput` when it is not whole or has a mistake."""
    try:
        version = msgspec.json.decode(text, type=DocumentVersion)
    except msgspec.DecodeError:
        version = None
    if version is not None:
        again, faults = composed(version.about, {one.lang: one.markdown for one in version.texts})
        if again == version and not faults:
            return version
    raise UnusableInput(N_("The document did not come through whole. Write it or choose its files again."))


def _written(version: DocumentVersion) -> dict[str, str]:
    """Return a version as the fields of the form in which it is written."""
    about, texts = version.about, {one.lang: one.markdown for one in version.texts}
    return {
        "document": about.id,
        "version": str(about.version),
        "title_nl": about.title.nl,
        "title_simple": about.title.nl_simple,
        "title_en": about.title.en,
        "readers": about.readers,
        "signed": "yes" if about.signed else "no",
        "changes_nl": about.changes.nl if about.changes else "",
        "changes_en": about.changes.en if about.changes else "",
        "review_by": about.plain_review.by if about.plain_review else "",
        "review_on": about.plain_review.on.isoformat() if about.plain_review else "",
        "review_readers": about.plain_review.readers if about.plain_review else "",
        "text_nl": texts.get("nl", ""),
        "text_simple": texts.get("nl-simple", ""),
        "text_en": texts.get("en", ""),
    }


def _next_of(version: DocumentVersion) -> dict[str, str]:
    """Return the version in force as the beginning of the next one, whose text nobody tried yet."""
    of_that_one = ("changes_nl", "changes_en", "review_by", "review_on", "review_readers")
    return {**_written(version), "version": str(version.about.version + 1), **dict.fromkeys(of_that_one, "")}


def _named(visit: Visit, faults: list[Fault]) -> list[tuple[str, Fault]]:
    """Return mistakes, each with the name of the text that it is in."""
    names = {
        ABOUT: N_("What it is"),
        file_of("nl"): N_("Full text in Dutch"),
        file_of("nl-simple"): N_("Easy Dutch"),
        file_of("en"): N_("English"),
    }
    return [(visit.say(names[fault.file]), fault) for fault in faults]


PAGES = (document_page, look_at_document, read_document_in, propose_document, proposed_document)
