"""The text of a policy as a document: articles, numbered paragraphs, sentences that know which keys they say."""

import textwrap
from collections.abc import Iterator
from html import escape
from typing import Literal

from msgspec import Struct

from .phrases import Lang

_ARTICLE = {"nl": "Artikel", "nl-simple": "Artikel", "en": "Article"}
_EXPLAINS = {"nl": "Toelichting: ", "nl-simple": "Uitleg: ", "en": "Explanation: "}
_COLUMNS = 80


class Sentence(Struct, frozen=True):
    """One sentence, and the key paths of the definition that it renders."""

    text: str
    keys: tuple[str, ...] = ()
    is_explanation: bool = False
    """Written by hand, or the meaning of a word: it rules nothing."""


class Paragraph(Struct, frozen=True):
    """A numbered paragraph (lid): sentences, and under them items."""

    sentences: tuple[Sentence, ...]
    items: tuple[tuple[Sentence, ...], ...] = ()


class Section(Struct, frozen=True):
    """An article. The front of the document is a section with number 0 and no heading."""

    number: int
    heading: str
    paragraphs: tuple[Paragraph, ...]


class Document(Struct, frozen=True):
    """The readable text of a policy in one language."""

    lang: Lang
    title: str
    status: Literal["draft", "adopted"]
    fingerprint: str
    """SHA-256 of the definition, in hexadecimal."""
    front: Section
    sections: tuple[Section, ...]

    def sentences(self) -> Iterator[Sentence]:
        """Every sentence, in reading order."""
        for section in (self.front, *self.sections):
            for paragraph in section.paragraphs:
                yield from paragraph.sentences
                for item in paragraph.items:
                    yield from item

    def keys(self) -> frozenset[str]:
        """Every key path that some sentence renders."""
        return frozenset(key for sentence in self.sentences() for key in sentence.keys)

    def place_of(self, key: str) -> tuple[int, int] | None:
        """The article and paragraph that render a key path; None when no sentence does."""
        for section in self.sections:
            for count, paragraph in enumerate(section.paragraphs, 1):
                said = (*paragraph.sentences, *(sentence for item in paragraph.items for sentence in item))
                if any(key in sentence.keys for sentence in said):
                    return section.number, count
        return None


def to_markdown(document: Document) -> str:
    """The document as Markdown; explanations are quoted."""
    lines = [f"# {document.title}", ""]
    for paragraph in document.front.paragraphs:
        lines += [_flat(paragraph.sentences, document.lang), ""]
    for section in document.sections:
        lines += [f"## {_heading(section, document.lang)}", ""]
        for count, paragraph in enumerate(section.paragraphs, 1):
            lines.append(f"{count}. {_flat(paragraph.sentences, document.lang)}")
            lines += [f"    - {_flat(item, document.lang)}" for item in paragraph.items]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def to_plain(document: Document) -> str:
    """The document as plain text of 80 columns."""
    lines = [*_wrapped(document.title, _COLUMNS)]
    lines += ["=" * max(map(len, lines)), ""]
    for paragraph in document.front.paragraphs:
        lines += [*_wrapped(_flat(paragraph.sentences, document.lang), _COLUMNS), ""]
    for section in document.sections:
        heading = _wrapped(_heading(section, document.lang), _COLUMNS)
        lines += [*heading, "-" * max(map(len, heading)), ""]
        for count, paragraph in enumerate(section.paragraphs, 1):
            lines += _hung(f"{count}. ", _flat(paragraph.sentences, document.lang), 4)
            for letter, item in enumerate(paragraph.items):
                lines += _hung(f"    {_letter(letter)}. ", _flat(item, document.lang), 7)
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def to_html(document: Document) -> str:
    """The document as a fragment of HTML: an `article` with sections and lists, no style, everything escaped."""
    lang = "en" if document.lang == "en" else "nl"
    parts = [f'<article lang="{lang}">', f"<h1>{escape(document.title)}</h1>"]
    parts += [f"<p>{_marked(paragraph.sentences, document.lang)}</p>" for paragraph in document.front.paragraphs]
    for section in document.sections:
        parts.append(f'<section id="article-{section.number}">')
        parts.append(f"<h2>{escape(_heading(section, document.lang))}</h2>")
        parts.append("<ol>")
        for paragraph in section.paragraphs:
            items = "".join(f"<li>{_marked(item, document.lang)}</li>" for item in paragraph.items)
            inner = f'<ol type="a">{items}</ol>' if items else ""
            parts.append(f"<li><p>{_marked(paragraph.sentences, document.lang)}</p>{inner}</li>")
        parts += ["</ol>", "</section>"]
    parts.append("</article>")
    return "\n".join(parts) + "\n"


def _heading(section: Section, lang: Lang) -> str:
    return f"{_ARTICLE[lang]} {section.number}. {section.heading}"


def _flat(sentences: tuple[Sentence, ...], lang: Lang) -> str:
    return " ".join(_EXPLAINS[lang] + s.text if s.is_explanation else s.text for s in sentences)


def _marked(sentences: tuple[Sentence, ...], lang: Lang) -> str:
    return " ".join(
        f"<em>{escape(_EXPLAINS[lang] + s.text)}</em>" if s.is_explanation else escape(s.text) for s in sentences
    )


def _hung(mark: str, text: str, indent: int) -> list[str]:
    return _wrapped(text, _COLUMNS, initial_indent=mark.ljust(indent), subsequent_indent=" " * indent)


def _wrapped(text: str, columns: int, *, initial_indent: str = "", subsequent_indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        columns,
        initial_indent=initial_indent,
        subsequent_indent=subsequent_indent,
        break_on_hyphens=False,
    )


def _letter(n: int) -> str:
    """a to z, then aa, ab: the items of a long list stay apart."""
    return (_letter(n // 26 - 1) if n >= 26 else "") + chr(ord("a") + n % 26)
