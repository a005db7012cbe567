"""The report as a row of sections and blocks: written once, shown as a web page and as PDF."""

from typing import Literal

from msgspec import Struct


class Block(Struct, frozen=True, tag_field="kind", tag=str.lower):
    """Something that stands in a section. All texts are plain: no markup in them means anything."""


class Paragraph(Block, frozen=True):
    """Running text."""

    text: str


class Notice(Block, frozen=True):
    """Something nobody should miss."""

    tone: Literal["good", "warning", "plain"]
    title: str
    lines: tuple[str, ...] = ()


class Facts(Block, frozen=True):
    """Pairs of a term and what it is."""

    rows: tuple[tuple[str, str], ...]


class Table(Block, frozen=True):
    """A table: the first cell of a row is its heading; `numbers` are the columns (from 0) aligned right.

    `wide` tables have too many columns for a page or a phone: there they scroll, or are cut into pieces.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    wide: bool = False


class Items(Block, frozen=True):
    """A list; a numbered one starts at `start`."""

    lines: tuple[str, ...]
    ordered: bool = False
    start: int = 1


class Picture(Block, frozen=True):
    """The picture of how votes moved in a contest; `alt` is what it shows, in words."""

    contest: int
    title: str
    alt: str
    legend: tuple[str, ...]


class Code(Block, frozen=True):
    """Text to be copied exactly, such as a checkpoint."""

    text: str


class Signatures(Block, frozen=True):
    """Places for signatures: who, in which seat."""

    people: tuple[tuple[str, str], ...]
    fields: tuple[str, str]


class Section(Struct, frozen=True, kw_only=True):
    """A section with its heading; `long` blocks are folded away on the web page behind `fold`."""

    id: str
    title: str
    level: Literal[2, 3] = 2
    blocks: tuple[Block, ...] = ()
    folded: tuple[Block, ...] = ()
    fold: str = ""


class Document(Struct, frozen=True, kw_only=True):
    """A whole report in one language."""

    lang: Literal["nl", "en"]
    title: str
    organisation: str
    subtitle: str
    practice: str
    sections: tuple[Section, ...]
    contents: str
    other_language: str
    skip: str
