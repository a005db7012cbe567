"""What is other in one text than in another, paragraph by paragraph: a pure rule over two texts in Markdown."""

from difflib import SequenceMatcher
from typing import NamedTuple


class Difference(NamedTuple):
    """Paragraphs that went and those that came in their place, below the heading where they stand (or none)."""

    heading: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


def differences(before: str, after: str) -> list[Difference]:
    """Return what changes when the text `before` becomes `after`, in order; empty when no paragraph does."""
    old, new = _paragraphs(before), _paragraphs(after)
    found = []
    for kind, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            heading = _heading(new[:new_start]) if new_end > new_start else _heading(old[:start])
            found.append(Difference(heading, tuple(old[start:end]), tuple(new[new_start:new_end])))
    return found


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _heading(paragraphs: list[str]) -> str:
    return next((one.lstrip("# ") for one in reversed(paragraphs) if one.startswith("#")), "")
