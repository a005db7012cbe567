"""The act of two about documents: adopting a version."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stembus.access.grave_acts import Arguments, GraveAct, with_power
from stembus.documents.adopting import adopt_document, versions_of
from stembus.documents.version import DocumentVersion
from stembus.organisation.core_powers import DOCUMENTS_ADOPT
from stembus.words import N_
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction


class AdoptDocument(Arguments, frozen=True):
    """A version of a document to adopt, with its texts, and the decision of the party that adopts it."""

    version: DocumentVersion
    decision: str


def _sentences(transaction: "Transaction", arguments: AdoptDocument) -> Sequence[Sentence]:
    about = arguments.version.about
    before = next(iter(versions_of(transaction.session, about.id)), None)
    found = [
        Sentence(
            N_("{title} ({document}, version {version}) is adopted, word for word as the proposal has it."),
            title=about.title,
            document=about.id,
            version=about.version,
        ),
        Sentence(N_("It is the first version of this document."))
        if before is None
        else Sentence(
            N_("It comes in place of version {version} ({decision})."), version=before.version, decision=before.decision
        ),
    ]
    if about.signed:
        found.append(Sentence(N_("Every member is asked to sign it, also who signed an earlier version.")))
    elif about.readers == "members":
        found.append(Sentence(N_("Members read it and are not asked to sign it.")))
    if about.readers == "office":
        found.append(Sentence(N_("Only who holds a seat can read it.")))
    return *found, Sentence(N_("The decision: {decision}"), decision=arguments.decision)


ADOPT_DOCUMENT = GraveAct(
    name="documents.adopt",
    title=N_("adopt a document"),
    arguments=AdoptDocument,
    sentences=_sentences,
    who=lambda transaction, _arguments: with_power(transaction, DOCUMENTS_ADOPT),
    carry_out=lambda transaction, arguments, first, second: adopt_document(
        transaction, arguments.version, by=(first, second), decision=arguments.decision
    ),
    subject=lambda arguments: {"document": arguments.version.about.id},
    read_at="/adopt/document/proposed/{proposal}",
)
