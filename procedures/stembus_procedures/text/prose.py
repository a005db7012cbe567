"""Prose written by hand explains; it may hold no number and no date, or it would rule beside the definition."""

import re
from collections.abc import Iterator

from msgspec import Struct

from ..language.policy import Policy
from ..language.values import Words
from ..language.walk import hints, mark
from .tree import Place, parts, root

# "één" counts, "een" is the article; "May" and "March" count only as a month beside a day, which is a figure already.
_NUMBERS = {
    "nl": "één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    "achttien negentien twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd duizend helft "
    "kwart derde tiende dubbele januari februari maart april mei juni juli augustus september oktober november "
    "december maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "en": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand half quarter third tenth "
    "twice january february april june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday",
}
_FOUND = {lang: re.compile(rf"\d+|\b(?:{'|'.join(words.split())})\b", re.I) for lang, words in _NUMBERS.items()}


class Violation(Struct, frozen=True):
    """A number or date in prose."""

    path: str
    lang: str
    found: str

    def __str__(self) -> str:
        return (
            f"`{self.path}.{self.lang}`: prose written by hand holds “{self.found}”; a number or date belongs in "
            "a key of its own, so that the text and what happens stay the same."
        )


def prose_violations(policy: Policy) -> tuple[Violation, ...]:
    """Every number and date in the prose of a policy, in the order of its keys."""
    return tuple(_violations(root(policy)))


def _violations(place: Place) -> Iterator[Violation]:
    kind: type = type(place.value)
    for field, annotation in hints(kind).items():
        value = getattr(place.value, field)
        if isinstance(value, Words) and mark(annotation, "prose"):
            for lang, text in (("nl", value.nl), ("nl_simple", value.nl_simple), ("en", value.en)):
                pattern = _FOUND["en" if lang == "en" else "nl"]
                for found in pattern.finditer(text):
                    yield Violation(place.key(field), lang, found[0])
    for part in parts(place):
        if not isinstance(part.value, Words):
            yield from _violations(part)
