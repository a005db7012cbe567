"""The report as tagged PDF (PDF/UA-1), typeset by typst with the fonts in its own package, and no others.

Texts reach typst as data, never as markup. Its fonts have letters for most of the world's alphabets but not all;
a character without one would be refused by PDF/UA, so it is shown as ⟨U+738B⟩ and the report says so.
"""

import json
from collections.abc import Iterable
from datetime import UTC
from importlib.resources import files
from typing import Any, Final

import msgspec
import typst

from .content import Language, Report
from .document import document
from .flow import PAPER, flow_svg
from .names import marker
from .publication import published
from .words import say

STANDARD: Final = "ua-1"
PROBE = b"""
#set document(title: "p")
#set text(font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"))
#str(sys.inputs.text)
"""
SURELY_SHOWN = range(0x20, 0x180)
"""Characters up to Latin Extended-A: the fonts have all of them."""


def report_pdf(report: Report, lang: Language) -> bytes:
    """The report in Dutch ("nl") or English ("en") as PDF; the same report gives the same bytes.

    It shows what the policy lets everybody see and nothing more, whatever report it is given.
    """
    shown = published(report)
    content = msgspec.to_builtins(document(report, lang))
    pictures = [
        flow_svg(contest.count, lang, PAPER, label="", alt="", prefix="p", standalone=True) if contest.count else ""
        for contest in shown.contests
    ]
    missing = missing_characters([*_texts(content), *pictures])
    stand_ins = {ord(character): marker(character) for character in missing}
    content = _replaced(content, stand_ins)
    content["pictures"] = [picture.translate(stand_ins) for picture in pictures]
    content["missing"] = say(lang, "not_in_pdf", list=", ".join(f"U+{ord(c):04X}" for c in missing)) if missing else ""
    made: bytes = typst.compile(
        files(__package__).joinpath("templates", "report.typ").read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(content, ensure_ascii=False)},
        pdf_standards=STANDARD,
        timestamp=shown.drawn_up_at.astimezone(UTC).replace(microsecond=0),
    )
    return made


def missing_characters(texts: Iterable[str]) -> tuple[str, ...]:
    """The characters of these texts that the fonts of the PDF cannot show, in order of their number."""
    unusual = {character for text in texts for character in text if ord(character) not in SURELY_SHOWN}
    unusual -= {"\n"}
    if _can_show("".join(sorted(unusual))):
        return ()
    return tuple(character for character in sorted(unusual) if not _can_show(character))


def _can_show(text: str) -> bool:
    try:
        typst.compile(PROBE, format="pdf", ignore_system_fonts=True, sys_inputs={"text": text}, pdf_standards=STANDARD)
    except typst.TypstError:
        return False
    return True


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


def _replaced(value: Any, stand_ins: dict[int, str]) -> Any:
    """The same content with each character that cannot be shown replaced by its stand-in."""
    if isinstance(value, str):
        return value.translate(stand_ins)
    if isinstance(value, dict):
        return {key: _replaced(part, stand_ins) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(part, stand_ins) for part in value]
    return value
