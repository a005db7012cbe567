"""A version of a document from what says what it is and its texts, with every mistake in it named by its place."""

import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from stembus.documents.markdown import problems
from stembus.documents.version import About, DocumentText, DocumentVersion
from stembus.errors import UnusableInput
from stembus.words import N_
from stembus_procedures.sentence import Sentence
from stembus_procedures.text import LANGS, Lang
from stembus_procedures.text.frozen import text_hash

ABOUT = "document.toml"
MAX_CHARACTERS = 400_000


class Fault(NamedTuple):
    """A mistake in one of the files of a version; without a line it is about the file, or the key that it names."""

    file: str
    line: int | None
    text: Sentence


def file_of(lang: Lang) -> str:
    """Return the name of the file with the text in a language."""
    return f"{lang}.md"


def composed(about: About, texts: Mapping[Lang, str]) -> tuple[DocumentVersion, list[Fault]]:
    """Return the version and every mistake in it; it can be adopted when there is none.

    Raises `UnusableInput` for a text that is far too long.
    """
    found = _missing(about, texts)
    kept = []
    for lang in LANGS:
        if lang in texts:
            text = unicodedata.normalize("NFC", texts[lang])
            if len(text) > MAX_CHARACTERS:
                raise UnusableInput(
                    N_("{file} is longer than {most} characters: is it the right file?"),
                    file=file_of(lang),
                    most=MAX_CHARACTERS,
                )
            kept.append(DocumentText(lang=lang, sha256=text_hash(text), markdown=text))
            found += [Fault(file_of(lang), problem.line, problem.text) for problem in problems(text)]
    return DocumentVersion(about=about, texts=tuple(kept)), found


def _missing(about: About, texts: Mapping[Lang, str]) -> list[Fault]:
    found = []
    for lang in LANGS:
        if lang in texts:
            continue
        if lang != "nl-simple":
            found.append(Fault(file_of(lang), None, Sentence("is missing: write the text in that language.")))
        elif about.readers == "members":
            found.append(
                Fault(file_of(lang), None, Sentence("is missing: members read every document in easy Dutch too."))
            )
    for key, words in (("title", about.title), ("changes", about.changes)):
        found += [
            Fault(ABOUT, None, Sentence("{key}: it is empty; write it.", key=f"{key}.{field}"))
            for field in ("nl", "en")
            if words is not None and not getattr(words, field).strip()
        ]
    return found
