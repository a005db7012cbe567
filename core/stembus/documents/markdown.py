"""Markdown of adopted documents: what it may hold, and the page that is made of it.

What is adopted has to be whole in itself and the same for every reader: so no HTML, no pictures from elsewhere, and
headings that a screen reader can follow.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from stembus_procedures.sentence import Sentence

FIRST_LEVEL = 2
"""Headings begin here: the title of the document is the heading above them."""
SCHEMES = frozenset({"https", "mailto", "tel"})


class Problem(NamedTuple):
    """What a text may not hold: the line, from 1, and what to do about it."""

    line: int
    text: Sentence


class Heading(NamedTuple):
    """A heading of a page: its id, to link to, its words, and its level."""

    id: str
    text: str
    level: int


class Rendered(NamedTuple):
    """A text as a page: safe HTML and its headings in order."""

    html: Markup
    headings: tuple[Heading, ...]


def problems(markdown: str) -> list[Problem]:
    """Return everything that a text may not hold, in the order of its lines."""
    found = list(_hidden(markdown))
    level = FIRST_LEVEL - 1
    if not markdown.strip():
        found.append(Problem(1, Sentence("the text is empty: write it.")))
    for line, token in _tokens(markdown):
        if token.type in ("html_block", "html_inline"):
            found.append(
                Problem(
                    line, Sentence("HTML is not used here ({html}): write it in Markdown.", html=_short(token.content))
                )
            )
        elif token.type == "image":
            found.append(Problem(line, Sentence("a picture is not part of what is adopted: say it in words.")))
        elif token.type == "link_open" and not _is_allowed(str(token.attrGet("href"))):
            address = str(token.attrGet("href"))
            found.append(
                Problem(line, Sentence("a link goes to {address!r}: use https, mailto or tel.", address=address))
            )
        elif token.type == "heading_open":
            here = int(token.tag[1])
            if not FIRST_LEVEL <= here <= level + 1:
                signs = "#" * max(FIRST_LEVEL, min(here, level + 1))
                told = Sentence(
                    "this heading is of level {level}: headings begin with {signs} here.", level=here, signs=signs
                )
                found.append(Problem(line, told))
            level = max(here, FIRST_LEVEL)
    return sorted(found, key=lambda problem: (problem.line, str(problem.text)))


def rendered(markdown: str) -> Rendered:
    """Return a text as HTML, in which each heading has an id of its own. HTML in the text is shown as it is typed."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    tokens = reader.parse(markdown)
    headings: list[Heading] = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            words = "".join(part.content for part in inline.children or ())
            identifier = _identifier(words, [heading.id for heading in headings])
            opening.attrSet("id", identifier)
            headings.append(Heading(identifier, words, int(opening.tag[1])))
    # The reader escapes what was typed; nothing else than its own tags is in the page.
    return Rendered(Markup(reader.renderer.render(tokens, reader.options, {})), tuple(headings))  # noqa: S704


def paragraphs(markdown: str) -> list[str]:
    """Return the blocks of a text between empty lines, each as it is typed: what two versions are compared by."""
    return [block.strip() for block in re.split(r"\n\s*\n", markdown) if block.strip()]


def _tokens(markdown: str) -> Iterator[tuple[int, Token]]:
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown):
        line = token.map[0] + 1 if token.map else 1
        yield line, token
        for child in token.children or ():
            yield line, child
            line += child.type in ("softbreak", "hardbreak")


def _hidden(markdown: str) -> Iterator[Problem]:
    for number, line in enumerate(markdown.split("\n"), start=1):
        for character in line:
            if unicodedata.category(character) in ("Cc", "Cf", "Co") and character != "\t":
                code = f"U+{ord(character):04X}"
                yield Problem(
                    number, Sentence("a character that nobody sees ({code}) is in it: take it out.", code=code)
                )


def _is_allowed(address: str) -> bool:
    return address.startswith("#") or urlsplit(address).scheme in SCHEMES


def _identifier(words: str, taken: Sequence[str]) -> str:
    plain = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "part"
    number = 2
    identifier = name
    while identifier in taken:
        identifier, number = f"{name}-{number}", number + 1
    return identifier


def _short(text: str) -> str:
    line = text.strip().split("\n")[0]
    return line if len(line) <= 40 else line[:39] + "…"
