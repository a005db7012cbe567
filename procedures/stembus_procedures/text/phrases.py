"""How each language says a number, a share, a length of time, a moment, a date and a list."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

from ..language.values import Moment, Span, Words

Lang = Literal["nl", "nl-simple", "en"]
"""The languages of a text: Dutch, easy Dutch (B1), English."""
LANGS: tuple[Lang, ...] = ("nl", "nl-simple", "en")

_NUMBERS_NL = [
    "nul",
    "één",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tien",
    "elf",
    "twaalf",
    "dertien",
    "veertien",
    "vijftien",
    "zestien",
    "zeventien",
    "achttien",
    "negentien",
    "twintig",
]
_NUMBERS_EN = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_PARTS_NL = {3: "derde", 4: "vierde", 5: "vijfde", 6: "zesde", 8: "achtste", 10: "tiende", 20: "twintigste"}
_PARTS_EN = {3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 8: "eighth", 10: "tenth", 20: "twentieth"}
_UNITS = {
    "nl": {
        "minutes": ("minuut", "minuten"),
        "hours": ("uur", "uur"),
        "days": ("dag", "dagen"),
        "weeks": ("week", "weken"),
        "months": ("maand", "maanden"),
        "years": ("jaar", "jaar"),
    },
    "en": {
        "minutes": ("minute", "minutes"),
        "hours": ("hour", "hours"),
        "days": ("day", "days"),
        "weeks": ("week", "weeks"),
        "months": ("month", "months"),
        "years": ("year", "years"),
    },
}
MONTHS = {
    "nl": [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_WEEKDAYS = {
    "nl": ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_LARGEST_BARE = 9999


def words_in(words: Words, lang: Lang) -> str:
    """Words in one language; easy Dutch falls back on Dutch."""
    if lang == "en":
        return words.en
    return (words.nl_simple or words.nl) if lang == "nl-simple" else words.nl


def number(n: int, lang: Lang) -> str:
    """A whole number: in words up to twenty, in easy Dutch always in figures."""
    spelled = _NUMBERS_EN if lang == "en" else _NUMBERS_NL
    if lang != "nl-simple" and n < len(spelled):
        return spelled[n]
    if n <= _LARGEST_BARE:
        return str(n)
    return f"{n:,}" if lang == "en" else f"{n:,}".replace(",", ".")


def share(part: Fraction, lang: Lang) -> str:
    """An exact share: "twee derde", "two thirds", and in easy Dutch "2/3 deel"."""
    top, bottom = part.numerator, part.denominator
    if part == Fraction(1, 2):
        return "half" if lang == "en" else "de helft"
    if lang == "nl-simple" or bottom not in _PARTS_EN or top >= len(_NUMBERS_NL):
        return f"{top}/{bottom}" if lang == "en" else f"{top}/{bottom} deel"
    if lang == "en":
        return f"{_NUMBERS_EN[top]} {_PARTS_EN[bottom]}{'s' if top > 1 else ''}"
    return f"{'een' if top == 1 else _NUMBERS_NL[top]} {_PARTS_NL[bottom]}"


def counted(n: int, one: str, many: str, lang: Lang) -> str:
    """A number with its noun: "één dag", "veertien dagen"; in English "once" and "twice"."""
    if one == "time" and n in (1, 2):
        return "once" if n == 1 else "twice"
    return f"{number(n, lang)} {one if n == 1 else many}"


def span(length: Span, lang: Lang) -> str:
    """A length of time: "drie maanden"."""
    one, many = _UNITS[_spoken(lang)][length.unit]
    return counted(length.n, one, many, lang)


def in_figures(length: Span) -> Words:
    """A length of time in figures, in Dutch and English: "3 maanden", "3 months"."""
    nl, en = (distance(length.n, length.unit, clear=False, lang=lang, in_figures=True) for lang in ("nl", "en"))
    return Words(nl=nl, en=en)


def day(when: date, lang: Lang) -> str:
    """A date: "12 april 2026", "12 April 2026"."""
    return f"{when.day} {MONTHS[_spoken(lang)][when.month - 1]} {when.year}"


def weekday(when: date, lang: Lang) -> str:
    """The name of the day of the week."""
    return _WEEKDAYS[_spoken(lang)][when.weekday()]


def hour(at: str, lang: Lang) -> str:
    """An hour of the day; "24:00" is the end of it."""
    return f"at {at}" if lang == "en" else f"om {_clock_nl(at)}"


def moment(counted_from: Moment, anchor: str, lang: Lang, *, real: str = "") -> str:
    """A moment counted from `anchor` (a day, in words), with its real date in brackets when there is one."""
    before, after, on = ("before", "after", "on") if lang == "en" else ("vóór", "na", "op")
    steps = [(counted_from.months, "months"), (counted_from.days, "days")]
    phrase = anchor
    same_side = counted_from.months * counted_from.days >= 0
    spoken = [distance(abs(n), unit, clear=counted_from.clear and unit == "days", lang=lang) for n, unit in steps if n]
    if not spoken:
        return f"{hour(counted_from.at, lang)} {on} {anchor}{f' ({real})' if real else ''}"
    if same_side:
        later = counted_from.months + counted_from.days > 0
        phrase = f"{listed(spoken, lang)} {after if later else before} {anchor}"
    else:
        for (n, _), apart in zip(steps, spoken, strict=True):
            of_the_day = "" if phrase == anchor else ("the day " if lang == "en" else "de dag ")
            phrase = f"{apart} {after if n > 0 else before} {of_the_day}{phrase}"
    return f"{hour(counted_from.at, lang)}, {phrase}{f' ({real})' if real else ''}"


def real_date(when: datetime, at: str, zone: str, others: Sequence[str], lang: Lang) -> str:
    """A moment as a date in the party's zone, with the hour in each other zone where it differs.

    `when` is aware; `at` is the hour as the policy writes it, so that "24:00" stays on the day that it ends.
    """
    local = when.astimezone(ZoneInfo(zone))
    shown = local - timedelta(days=1) if at == "24:00" else local
    parts = [f"{weekday(shown, lang)} {day(shown, lang)}"]
    for other in others:
        there = when.astimezone(ZoneInfo(other))
        if there.utcoffset() != local.utcoffset():
            clock = there.strftime("%H:%M")
            date_there = "" if there.date() == shown.date() else f"{weekday(there, lang)} {day(there, lang)}, "
            parts.append(f"{place(other)}: {date_there}{clock if lang == 'en' else _clock_nl(clock)}")
    return "; ".join(parts)


def distance(n: int, unit: str, *, clear: bool, lang: Lang, in_figures: bool = False) -> str:
    """How far apart: "veertien volle dagen", "14 clear days"."""
    one, many = _UNITS[_spoken(lang)][unit]
    if clear:
        full = "clear" if lang == "en" else "volle"
        one, many = f"{full} {one}", f"{full} {many}"
    return f"{n} {one if n == 1 else many}" if in_figures else counted(n, one, many, lang)


def place(zone: str) -> str:
    """A zone by its place: "Amsterdam", "Curaçao"."""
    return zone.rsplit("/", 1)[-1].replace("_", " ").replace("Curacao", "Curaçao")


def listed(items: Sequence[str], lang: Lang, *, last: Literal["and", "or"] = "and") -> str:
    """A list as people say it: "a, b en c"."""
    word = last if lang == "en" else {"and": "en", "or": "of"}[last]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def _clock_nl(at: str) -> str:
    hours, minutes = at.split(":")
    return f"{int(hours)}.{minutes} uur"


def _spoken(lang: Lang) -> str:
    return "en" if lang == "en" else "nl"
