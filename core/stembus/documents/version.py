"""One version of a document: its texts in each language, and the fingerprint over all of it."""

import hashlib
from functools import lru_cache
from typing import Annotated, Literal

import msgspec

from stembus.ledger.record import canonical
from stembus_procedures.language.values import PlainReview, Words
from stembus_procedures.sentence import N_
from stembus_procedures.text import LANGS, Lang

DocumentId = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[a-z][a-z0-9-]*$", max_length=60, description=N_("a name in small letters, such as code-of-conduct")
    ),
]


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `document.toml` says of a version.

    `readers` "members" asks for a text in easy Dutch. `signed` says that every member is asked to sign it. `changes`
    tells what is other than in the version before; `plain_review` who tried the easy text, which is a draft until then.
    """

    id: DocumentId
    version: Annotated[int, msgspec.Meta(ge=1)]
    title: Words
    readers: Literal["members", "office"] = "members"
    signed: bool = False
    changes: Words | None = None
    plain_review: PlainReview | None = None


class DocumentText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The text in one language, as Markdown, with its SHA-256 over UTF-8, NFC, with line ends as in Unix."""

    lang: Lang
    sha256: str
    markdown: str


class DocumentVersion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A version with its texts, in the order nl, nl-simple, en."""

    about: About
    texts: tuple[DocumentText, ...]

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the canonical bytes of everything in it, in hexadecimal."""
        return hashlib.sha256(canonical.encode(self)).hexdigest()

    def text(self, lang: Lang) -> DocumentText:
        """Return the text in `lang`; where there is none in easy Dutch, the full Dutch one, which binds."""
        found = {text.lang: text for text in self.texts}
        return found.get(lang) or found[LANGS[0]]

    def title(self, lang: Lang) -> str:
        """Return the title in `lang`."""
        title = self.about.title
        return title.en if lang == "en" else (lang == "nl-simple" and title.nl_simple) or title.nl


@lru_cache(maxsize=32)
def version_in(definition: str) -> DocumentVersion:
    """Return the version that an adopted row holds as JSON; every page asks for the same few again."""
    return msgspec.json.decode(definition, type=DocumentVersion)
