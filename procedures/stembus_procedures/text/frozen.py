"""What an adoption freezes: the definition and each text that was adopted, by hash."""

import hashlib
import unicodedata
from collections.abc import Iterable

from msgspec import Struct

from ..language.stages import Stage
from ..loading import load_policy
from .document import Document, to_markdown
from .phrases import Lang


class FrozenText(Struct, frozen=True, forbid_unknown_fields=True):
    """One adopted text."""

    lang: Lang
    sha256: str
    """Over the Markdown of the text, NFC, UTF-8."""
    markdown: str


class Frozen(Struct, frozen=True, forbid_unknown_fields=True):
    """A definition and its texts as they were adopted."""

    policy: str
    version: str
    definition_sha256: str
    """Over the canonical bytes of the definition: the same however the file is laid out."""
    source_sha256: str
    """Over the file as it was adopted, NFC, UTF-8, with line ends as in Unix."""
    binding_language: str
    texts: tuple[FrozenText, ...]


def freeze(policy_source_text: str, rendered: Iterable[Document], *, extra_kinds: Iterable[type[Stage]] = ()) -> Frozen:
    """Freezes a policy file with the documents that were rendered from it.

    Raises PolicyError when the file is no policy, ValueError when a document was rendered from another definition,
    or when a language that the policy is published in has no document, or two.
    """
    policy = load_policy(policy_source_text, extra_kinds=extra_kinds)
    definition = hashlib.sha256(policy.canonical_bytes()).hexdigest()
    documents = tuple(rendered)
    for document in documents:
        if document.fingerprint != definition:
            raise ValueError(
                f"The {document.lang} text of {policy.id} was made from another definition "
                f"({document.fingerprint[:12]}, not {definition[:12]}): render it again from this file."
            )
    wanted = sorted(language.replace("_", "-") for language in policy.languages)
    given = sorted(document.lang for document in documents)
    if wanted != given:
        raise ValueError(
            f"Policy {policy.id} is published in {', '.join(wanted)}; the texts given are in {', '.join(given) or '—'}."
        )
    return Frozen(
        policy=policy.id,
        version=policy.version,
        definition_sha256=definition,
        source_sha256=text_hash(policy_source_text.replace("\r\n", "\n")),
        binding_language=policy.binding_language,
        texts=tuple(
            FrozenText(lang=document.lang, sha256=text_hash(markdown), markdown=markdown)
            for document in documents
            for markdown in (unicodedata.normalize("NFC", to_markdown(document)),)
        ),
    )


def text_hash(text: str) -> str:
    """SHA-256 of a text: composed characters (NFC), UTF-8; in hexadecimal."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()
