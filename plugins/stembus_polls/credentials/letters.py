"""Letters with credentials as PDF (PDF/UA): one page for each person, the code large, the address in the window."""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Final, NamedTuple

import msgspec
import segno
import typst

from stembus.notices.address import one_line
from stembus.notices.letters import footer, missing_characters
from stembus.web.words import speech
from stembus_polls.credentials.secret_list import Given, SecretList
from stembus_polls.credentials.wording import Author, wording

STANDARD: Final = "ua-1"
FIRST_LINE = 4
"""So many groups of a code stand on its first line."""


class Letters(NamedTuple):
    """The PDF, and the numbers of those whose name or address the fonts cannot show: written by hand."""

    pdf: bytes
    by_hand: tuple[str, ...]


def letters(author: Author, kept: SecretList, who: Sequence[Given], at: datetime) -> Letters:
    """Return the letters with these credentials, in their order."""
    content = _content(author, kept, who, at)
    missing = missing_characters(_texts(content))
    stand_ins = {ord(character): f"⟨U+{ord(character):04X}⟩" for character in missing}
    by_hand = tuple(
        one.number
        for one in who
        if set(missing) & set("".join((kept.voter(one.number).name, *kept.voter(one.number).address)))
    )
    made: bytes = typst.compile(
        files(__package__).joinpath("typeset", "letters.typ").read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(content, ensure_ascii=False).translate(stand_ins)},
        pdf_standards=STANDARD,
        timestamp=at.astimezone(UTC).replace(microsecond=0),
    )
    return Letters(made, by_hand)


def _content(author: Author, kept: SecretList, who: Sequence[Given], at: datetime) -> dict[str, Any]:
    contact, asked = author.settings.contact, kept.commission
    return {
        "title": asked.title.nl,
        "organisation": asked.organisation,
        "sender": one_line(f"{asked.organisation}, {contact.address}".rstrip(", ")),
        "square": _square(asked.page),
        "letters": list(_pages(author, kept, who, at)),
    }


def _pages(author: Author, kept: SecretList, who: Sequence[Given], at: datetime) -> Iterator[dict[str, Any]]:
    for given in who:
        voter, words = kept.voter(given.number), wording(author, kept, given)
        spoken = speech(voter.lang, author.plugins)
        groups = words.code.split("-")
        yield {
            "number": voter.number,
            "name": voter.name,
            "address": list(voter.address),
            "lang": "en" if voter.lang == "en" else "nl",
            "day": spoken.day(at.astimezone(author.zone).date()),
            "subject": words.subject,
            "before": msgspec.to_builtins(words.before),
            "code": ["-".join(groups[:FIRST_LINE]), "-".join(groups[FIRST_LINE:])],
            "steps": msgspec.to_builtins(words.steps),
            "after": msgspec.to_builtins(words.after),
            "square": words.square,
            "footer": footer(author.settings.contact, voter.lang),
        }


def _square(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()


def _texts(value: object) -> Iterable[str]:
    match value:
        case str():
            yield value
        case dict():
            for part in value.values():
                yield from _texts(part)
        case list() | tuple():
            for part in value:
                yield from _texts(part)
