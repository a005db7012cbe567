"""Which language a page is in: what the visitor chose, or what their browser asks for."""

from stembus.words import LANGUAGES, Lang

NAMES: dict[Lang, str] = {"nl": "Nederlands", "nl-simple": "Makkelijk Nederlands", "en": "English"}
"""Each language by its name in itself. "nl-simple" is easy Dutch, a variant subtag of BCP 47."""
THEMES = ("auto", "light", "dark")
"""The colours of the pages: as the device prefers, or as the visitor chose."""


def chosen_language(asked: str | None, remembered: str | None, accepted: str | None) -> Lang:
    """Return the language: asked for in the address, remembered, or the browser's first that we have; else Dutch."""
    for wish in (asked, remembered):
        for lang in LANGUAGES:
            if wish == lang:
                return lang
    for part in (accepted or "").lower().split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith("nl"):
            return "nl"
        if tag.startswith("en"):
            return "en"
    return "nl"
