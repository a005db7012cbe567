"""What a mail or a letter says, as blocks: read from Markdown or from paragraphs, written as text and as HTML.

There is one reading, so that the text, the HTML and the printed letter always say the same. What comes from data
stands in spans as it is and is escaped where it is written: a name can never become a link.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from stembus.errors import UnusableInput

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(
    ["code", "fence", "image", "html_block", "html_inline", "hr", "blockquote", "backticks", "lheading", "reference"]
)
_PLACE = re.compile(r"\{([a-z_]+)\}")
_HEADINGS = {"h1": 2, "h2": 2, "h3": 3}


class Span(msgspec.Struct, frozen=True):
    """Some words of one look; with `href` they are a link."""

    text: str
    strong: bool = False
    emphasis: bool = False
    href: str = ""


Line = tuple[Span, ...]


class Block(msgspec.Struct, frozen=True):
    """A paragraph or a heading (one line), or a list (a line for each item)."""

    kind: Literal["paragraph", "heading", "bullets", "numbers"]
    lines: tuple[Line, ...]


Blocks = tuple[Block, ...]


def read_markdown(text: str) -> Blocks:
    """Read headings (#), paragraphs, lists, **strong**, *emphasis* and [links](https://…).

    Raises `UnusableInput` that names a line with something else, or with a link that is not https.
    """
    tokens = _MARKDOWN.parse(text)
    found: list[Block] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.type in ("paragraph_open", "heading_open"):
            kind: Literal["paragraph", "heading"] = "heading" if token.tag in _HEADINGS else "paragraph"
            if token.type == "heading_open" and kind == "paragraph":
                raise _unusable(token)
            found.append(Block(kind, (_line(tokens[place + 1]),)))
            place += 3
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            end = next(i for i in range(place, len(tokens)) if tokens[i].type == token.type.replace("open", "close"))
            lists: Literal["bullets", "numbers"] = "bullets" if token.type.startswith("bullet") else "numbers"
            found.append(Block(lists, tuple(_items(tokens[place + 1 : end]))))
            place = end + 1
        else:
            raise _unusable(token)
    return tuple(found)


def read_paragraphs(text: str) -> Blocks:
    """Read plain text with blank lines between its paragraphs: nothing in it is markup."""
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return tuple(Block("paragraph", ((Span(part),),)) for part in paragraphs if part)


def linked(label: str, href: str) -> Block:
    """Return a paragraph that is one link."""
    return Block("paragraph", ((Span(label, href=href),),))


def links(blocks: Blocks) -> list[str]:
    """Return where the links lead."""
    return [span.href for block in blocks for line in block.lines for span in line if span.href]


def places(blocks: Blocks) -> set[str]:
    """Return the names of the {places} that stand in the text."""
    spans = (span for block in blocks for line in block.lines for span in line)
    return {name for span in spans for name in _PLACE.findall(span.text)}


def filled(blocks: Blocks, values: Mapping[str, str]) -> Blocks:
    """Return the blocks with their {places} filled; the values are text, whatever they look like."""

    def fill(span: Span) -> Span:
        text = _PLACE.sub(lambda found: values.get(found[1], found[0]), span.text)
        return msgspec.structs.replace(span, text=text)

    return tuple(
        msgspec.structs.replace(block, lines=tuple(tuple(map(fill, line)) for line in block.lines)) for block in blocks
    )


def as_text(blocks: Iterable[Block]) -> str:
    """Write blocks as plain text, with a blank line between them."""
    return "\n\n".join(_plain(block) for block in blocks)


def as_html(blocks: Iterable[Block]) -> Markup:
    """Write blocks as HTML in which everything from data is escaped."""
    return Markup("\n").join(map(_html, blocks))


def _line(inline: Token) -> Line:
    spans: list[Span] = []
    strong = emphasis = 0
    href = ""
    for token in inline.children or ():
        match token.type:
            case "strong_open" | "strong_close":
                strong += token.nesting
            case "em_open" | "em_close":
                emphasis += token.nesting
            case "link_open":
                href = str(token.attrs["href"])
                if not href.startswith("https://") and not re.match(r"http://(localhost|127\.0\.0\.1)[:/]", href):
                    raise UnusableInput(
                        "Line {line} of the text has a link to {href!r}: write a whole address that begins with https://.",
                        line=_number(inline),
                        href=href,
                        field="body",
                    )
            case "link_close":
                href = ""
            case "softbreak" | "hardbreak":
                spans.append(Span(" ", strong > 0, emphasis > 0, href))
            case "text" | "text_special":
                if token.content:
                    spans.append(Span(token.content, strong > 0, emphasis > 0, href))
            case _:
                raise _unusable(inline)
    return tuple(_joined(spans))


def _joined(spans: Sequence[Span]) -> Iterator[Span]:
    """Join neighbours of one look, so that a {place} is never cut in two."""
    held: Span | None = None
    for span in spans:
        if held and (held.strong, held.emphasis, held.href) == (span.strong, span.emphasis, span.href):
            held = msgspec.structs.replace(held, text=held.text + span.text)
        else:
            if held:
                yield held
            held = span
    if held:
        yield held


def _items(tokens: Sequence[Token]) -> Iterator[Line]:
    for token in tokens:
        if token.type == "inline":
            yield _line(token)
        elif token.type not in ("list_item_open", "list_item_close", "paragraph_open", "paragraph_close"):
            raise _unusable(token)


def _unusable(token: Token) -> UnusableInput:
    return UnusableInput(
        "Line {line} of the text holds something that a mail of ours cannot have. A text has paragraphs, headings (#, "
        "##, ###), lists of single lines, **strong**, *emphasis* and links.",
        line=_number(token),
        field="body",
    )


def _number(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _plain(block: Block) -> str:
    lines = ["".join(f"{s.text} <{s.href}>" if s.href else s.text for s in line) for line in block.lines]
    match block.kind:
        case "bullets":
            return "\n".join(f"- {line}" for line in lines)
        case "numbers":
            return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
        case "heading":
            return lines[0].upper()
    if len(block.lines[0]) == 1 and block.lines[0][0].href:
        return f"{block.lines[0][0].text}:\n{block.lines[0][0].href}"
    return lines[0]


def _html(block: Block) -> Markup:
    lines = [Markup("").join(map(_html_span, line)) for line in block.lines]
    match block.kind:
        case "bullets" | "numbers":
            around = Markup("<ul>{}</ul>") if block.kind == "bullets" else Markup("<ol>{}</ol>")
            return around.format(Markup("").join(Markup("<li>{}</li>").format(line) for line in lines))
        case "heading":
            return Markup("<h2>{}</h2>").format(lines[0])
    return Markup("<p>{}</p>").format(lines[0])


def _html_span(span: Span) -> Markup:
    text = escape(span.text)
    if span.emphasis:
        text = Markup("<em>{}</em>").format(text)
    if span.strong:
        text = Markup("<strong>{}</strong>").format(text)
    return Markup('<a href="{}">{}</a>').format(span.href, text) if span.href else text
