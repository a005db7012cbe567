"""The kinds of act about documents, each with its sentence."""

from stembus.ledger.acts import ActKind

DOCUMENT_ACT_KINDS: tuple[ActKind, ...] = (
    ActKind(
        name="document.adopted",
        nl="Het document {document}, versie {version}, is vastgesteld (SHA-256 {fingerprint}).",
        en="The document {document}, version {version}, was adopted (SHA-256 {fingerprint}).",
    ),
    ActKind(
        name="document.signed",
        nl="Lid {number} heeft het document {document}, versie {version}, ondertekend.",
        en="Member {number} signed the document {document}, version {version}.",
    ),
)
