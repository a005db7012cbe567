"""The print run of a mailing: one PDF with a letter for each person, and a list to check it by.

A letter that the fonts have no character for is printed with its number instead, and told: somebody writes it by hand.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import typst
from sqlmodel import Session

from stembus.notices.address import one_line
from stembus.notices.mailing_words import Texts, blocks_of, read_texts
from stembus.notices.mailings import recipients_of
from stembus.notices.tables import Mailing, MailingRecipient
from stembus.notices.writing import filled
from stembus.organisation.roll.cells import harmless
from stembus.organisation.states import states_of
from stembus.settings import Contact
from stembus.web.words import speech

if TYPE_CHECKING:
    from stembus.instance import Instance

PROBE = b"""
#set document(title: "p")
#set text(font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"))
#str(sys.inputs.text)
"""
SURELY_SHOWN = range(0x20, 0x180)
"""Characters up to Latin Extended-A: the fonts have all of them."""


class Letter(NamedTuple):
    """To whom a letter goes: the name and the lines of the address, as they were when the mailing was released."""

    number: str
    name: str
    address: str
    lang: str


class PrintRun(NamedTuple):
    """What is printed: the PDF, the list (CSV), how many letters, and the numbers of those to write by hand."""

    pdf: bytes
    table: bytes
    letters: int
    by_hand: tuple[str, ...]


def letters_to_post(session: Session, mailing_id: str) -> list[Letter]:
    """Return the letters of a mailing that were not posted yet."""
    rows = [row for row in recipients_of(session, mailing_id) if row.channel == "post" and row.posted_at is None]
    return _letters(session, rows)


def print_run(instance: "Instance", mailing: Mailing, letters: Sequence[Letter], at: datetime) -> PrintRun:
    """Return the print run of these letters; the same letters at the same moment give the same bytes."""
    texts = read_texts(mailing)
    content = _content(instance, mailing.title, texts, letters, at.astimezone(instance.zone).date())
    missing = missing_characters(_texts(content))
    stand_ins = {ord(character): f"⟨U+{ord(character):04X}⟩" for character in missing}
    by_hand = tuple(one.number for one in letters if set(missing) & set(one.name + one.address))
    shown = json.dumps(content, ensure_ascii=False).translate(stand_ins) if missing else json.dumps(content)
    made: bytes = typst.compile(
        files(__package__).joinpath("typeset", "letters.typ").read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"document": shown},
        timestamp=at.astimezone(UTC).replace(microsecond=0),
    )
    return PrintRun(made, _table(letters), len(letters), by_hand)


def missing_characters(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the characters of these texts that the fonts of the letters lack, in order of their number."""
    unusual = {character for text in texts for character in text if ord(character) not in SURELY_SHOWN} - {"\n"}
    if _can_show("".join(sorted(unusual))):
        return ()
    return tuple(character for character in sorted(unusual) if not _can_show(character))


def _can_show(text: str) -> bool:
    try:
        typst.compile(PROBE, format="pdf", ignore_system_fonts=True, sys_inputs={"text": text}, pdf_standards="ua-1")
    except typst.TypstError:
        return False
    return True


def _letters(session: Session, rows: Sequence[MailingRecipient]) -> list[Letter]:
    states = states_of(session, (row.member_id for row in rows))
    numbers = {row.member_id: states[row.member_id].number if row.member_id in states else "" for row in rows}
    return [Letter(numbers[row.member_id], row.name, row.address, row.lang) for row in rows]


def _content(instance: "Instance", title: str, texts: Texts, letters: Sequence[Letter], day: date) -> dict[str, object]:
    written = texts.among()
    blocks = {lang: blocks_of(text) for lang, text in written.items()}
    contact = instance.settings.contact
    return {
        "title": title,
        "organisation": instance.settings.organisation,
        "sender": one_line(f"{instance.settings.organisation}, {contact.address}".rstrip(", ")),
        "day": {lang: speech(lang).day(day) for lang in written},
        "letters": [
            {
                "number": one.number,
                "name": one.name,
                "address": one.address,
                "lang": one.lang,
                "subject": one_line(written[lang].subject),
                "blocks": msgspec.to_builtins(filled(blocks[lang], {"name": one.name, "number": one.number})),
                "footer": footer(contact, one.lang),
            }
            for one in letters
            for lang in written
            if lang == one.lang
        ],
    }


def footer(contact: Contact, lang: str) -> list[str]:
    """Return what stands below a letter: how to reach whoever answers questions, and how to complain."""
    hours = contact.hours_en if lang == "en" else contact.hours_nl
    complaints = contact.complaints_en if lang == "en" else contact.complaints_nl
    reach = ", ".join(part for part in (contact.phone, hours, contact.email) if part)
    return [line for line in (reach, complaints) if line]


def _table(letters: Sequence[Letter]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(("number", "name", "address"))
    for one in letters:
        writer.writerow([harmless(cell) for cell in (one.number, one.name, one.address.replace("\n", ", "))])
    return out.getvalue().encode("utf-8-sig")


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
