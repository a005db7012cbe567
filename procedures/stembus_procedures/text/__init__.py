"""The text that members read and adopt, made from the definition of a policy."""

from .catalogue import Catalogue, faults, read_article, shipped
from .document import Document, Paragraph, Section, Sentence, to_html, to_markdown, to_plain
from .frozen import Frozen, FrozenText, freeze
from .phrases import LANGS, Lang
from .prose import Violation, prose_violations
from .rendering import fingerprint, render, unsaid

__all__ = [
    "LANGS",
    "Catalogue",
    "Document",
    "Frozen",
    "FrozenText",
    "Lang",
    "Paragraph",
    "Section",
    "Sentence",
    "Violation",
    "faults",
    "fingerprint",
    "freeze",
    "prose_violations",
    "read_article",
    "render",
    "shipped",
    "to_html",
    "to_markdown",
    "to_plain",
    "unsaid",
]
