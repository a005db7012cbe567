"""Names as people wrote them, made safe to stand in a sentence: nothing in them can turn or hide the text around."""

import unicodedata

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)))
RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def marker(character: str) -> str:
    """A visible stand-in for a character that cannot be shown: ⟨U+202E⟩."""
    return f"⟨U+{ord(character):04X}⟩"


def visible(text: str) -> str:
    """The text on one line, with characters that turn it, or that no font can show, as visible markers."""
    return "".join(
        " "
        if char in "\t\n\r"
        else marker(char)
        if char in TURNING or unicodedata.category(char) in ("Cc", "Cs")
        else char
        for char in text
    )


def isolated(name: str) -> str:
    """A name to put in a sentence: one with right-to-left letters keeps its order, and the sentence keeps its own."""
    shown = visible(name)
    if any(unicodedata.bidirectional(char) in RIGHT_TO_LEFT for char in shown):
        return f"{FIRST_STRONG_ISOLATE}{shown}{POP_ISOLATE}"
    return shown


def listed(items: list[str], last: str) -> str:
    """ "A, B and C", where `last` is the word before the last one."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}"
