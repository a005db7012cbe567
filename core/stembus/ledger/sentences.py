"""Acts as sentences that people read: who, in which seat, what, on what ground."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from string import Formatter
from typing import Any, Literal

from stembus.ledger.acts import Act, ActKind
from stembus_procedures.text.phrases import day, hour

Language = Literal["nl", "en"]
Called = Mapping[str, str]
"""Names of today by code: of bodies ("board"), of offices ("board.chair"), of procedures by their id, and within a
procedure of its constituencies ("<id>.north"), its stages ("<id>:call") and the dates that it counts from
("<id>@meeting")."""
DEPUTY: Mapping[Language, str] = {"nl": "plaatsvervanger", "en": "deputy"}

A_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}))?")


def sentence(act: Act, kinds: Mapping[str, ActKind], language: Language, called: Called | None = None) -> str:
    """Return the sentence of an act, with days as people write them; of a kind that nothing installed knows, its name
    and its values as they are.

    What is not in `called`, since no definition has it any more, is told as the act has it.

    What people typed cannot end the line, colour the terminal or turn the direction of writing: such characters are
    shown as their code.
    """
    found = {**act.subject, **act.details, **act.public}
    values = {name: plain(value) for name, value in found.items()}
    kind = kinds.get(act.kind)
    if kind is None:
        return f"{plain(act.kind)}: {', '.join(f'{name} {value}' for name, value in values.items())}".removesuffix(": ")
    spoken = {name: _spoken(value, language) for name, value in values.items()}
    spoken |= {
        name: getattr(words[values[name]], language) for name, words in kind.words.items() if values.get(name) in words
    }
    spoken |= _names(values, called or {})
    if "anchors" in found:
        spoken["anchors"] = _dates(found["anchors"], values.get("procedure", ""), called or {}, language)
    return filled(kind.nl if language == "nl" else kind.en, spoken)


def ground_said(act: Act, kinds: Mapping[str, ActKind], language: Language) -> str:
    """Return the ground of an act: what people wrote as it is, and what the software wrote itself in `language`."""
    text, kind = plain(act.ground), kinds.get(act.kind)
    for words in () if kind is None else kind.grounds:
        for template in (words.en, words.nl):
            found = _recognised(template).fullmatch(text)
            if found is not None:
                values = {name: _spoken(value, language) for name, value in found.groupdict().items()}
                return filled(getattr(words, language), values)
    return text


@lru_cache(maxsize=256)
def _recognised(template: str) -> re.Pattern[str]:
    """What a filled template looks like, with a group for each of its places."""
    parts = []
    for text, name, _, _ in Formatter().parse(template):
        parts += [re.escape(text), "" if name is None else f"(?P<{name}>.+)"]
    return re.compile("".join(parts))


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return `template` with its places in braces filled; one without a value becomes an ellipsis."""
    parts = []
    for text, name, _, _ in Formatter().parse(template):
        parts.append(text)
        if name is not None:
            parts.append(values.get(name, "…"))
    return "".join(parts)


def plain(value: Any) -> str:
    """Return `value` as text on one line in which no character acts on the terminal or hides."""
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return "".join(c if _is_shown(c) else f"\\u{{{ord(c):x}}}" for c in text)


def seat_named(capacity: str, called: Called, language: Language) -> str:
    """Return the seat that somebody acted in ("board.chair", or "board.chair (deputy)") as people call it."""
    seat, _, deputy = plain(capacity).partition(" ")
    body = seat.partition(".")[0]
    named = f"{plain(called[seat])}, {plain(called[body])}" if {seat, body} <= called.keys() else seat
    return f"{named} ({DEPUTY[language]})" if deputy else named


def contest_named(contest: str, procedure_id: str, called: Called) -> str:
    """Return what is elected ("at_large", or a constituency) in a procedure as people call it."""
    return called.get(f"{procedure_id}.{contest}", called.get(procedure_id, contest))


def _names(values: Mapping[str, str], called: Called) -> dict[str, str]:
    body, procedure_id = values.get("body", ""), values.get("procedure", "")
    names = {
        "body": called.get(body),
        "office": called.get(f"{body}.{values.get('office', '')}"),
        "contest": contest_named(values["contest"], procedure_id, called) if "contest" in values else None,
        "stage": called.get(f"{procedure_id}:{values.get('stage', '')}"),
    }
    return {place: plain(name) for place, name in names.items() if name is not None}


def _dates(anchors: Mapping[str, str], procedure_id: str, called: Called, language: Language) -> str:
    """Return the dates that a procedure counts from ("meeting" on which day), each by its name."""
    return ", ".join(
        f"{plain(called.get(f'{procedure_id}@{name}', name))} {_spoken(plain(when), language)}"
        for name, when in anchors.items()
    )


def _spoken(value: str, language: Language) -> str:
    found = A_DAY.fullmatch(value)
    if found is None:
        return value
    try:
        said = day(date.fromisoformat(found[1]), language)
    except ValueError:  # no day of the calendar: what was typed stays as it is
        return value
    return said if found[2] is None else f"{said}, {hour(found[2], language)}"


def _is_shown(character: str) -> bool:
    # Controls, format characters (bidirectional overrides, zero widths), surrogates, and separators of lines.
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
