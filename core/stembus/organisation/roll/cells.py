"""Reading one cell: text as people write it, days in every form that exports use, yes and no, names."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from stembus_procedures.sentence import Sentence

Cell = str | float | int | bool | date | datetime | time | timedelta | None
"""What a cell of a sheet holds: CSV gives text only."""

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february feb",
            "maart march mrt mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "augustus august aug",
            "september sept sep",
            "oktober october okt oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
PARTICLE_WORDS = """
van de der den het 't te ten ter in op aan bij 's uit voor over onder von vom zu zum zur du des da
do dos das di del della la le les el al af d' l' van't
"""
PARTICLES = frozenset(PARTICLE_WORDS.split())
YES = frozenset(("ja", "j", "yes", "y", "true", "waar", "1", "x"))
NO = frozenset(("nee", "n", "no", "false", "onwaar", "0", ""))
CONTRIBUTION = {
    "paid": "paid betaald voldaan ja",
    "reduced": "reduced gereduceerd verlaagd korting minima",
    "waived": "waived kwijtgescholden vrijgesteld vrijstelling",
    "by_arrangement": "by_arrangement byarrangement regeling betalingsregeling arrangement",
    "unpaid": "unpaid onbetaald nietbetaald open openstaand achterstand achterstallig notpaid nee",
}
CONTRIBUTION_WORDS = {word: state for state, words in CONTRIBUTION.items() for word in words.split()}
SERIAL_ZERO = date(1899, 12, 30)
FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})$")
_DUTCH = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$")
_WORDS = re.compile(r"(\d{1,2})[-. ]+([^\W\d]+)\.?[-., ]+(\d{4})$")


class UnreadableError(Sentence, ValueError):
    """A cell does not hold what its column should; the message completes "expected …"."""


def clean(value: Cell) -> str:
    """Return the text of a cell: composed (NFC), with single spaces, nothing invisible, and no spreadsheet armour.

    `="00123"` is how some exports keep leading zeros, and a `'` before a sign is how ours keeps a formula harmless.
    """
    text = value if isinstance(value, str) else _plain(value)
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text)
        text = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    text = " ".join(text.split())
    if text.startswith('="') and text.endswith('"') and len(text) > 2:
        text = text[2:-1]
    if text.startswith("'") and text[1:2] in FORMULA_START:
        text = text[1:]
    return text


def harmless(text: str) -> str:
    """Return `text` so that a spreadsheet shows it instead of computing it."""
    return "'" + text if text.startswith(FORMULA_START) else text


def as_day(value: Cell) -> date | None:
    """Return the day in a cell: a date, an Excel serial number, or text in Dutch, ISO or words; None when empty.

    Raises `UnreadableError`, also for a year of two digits and for a bare year, which could mean several days.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return _day_in(clean(value))
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _serial(float(value))
    raise UnreadableError("a day, such as 1-3-2021")


def as_yes(value: Cell) -> bool:
    """Return whether a cell says yes; empty says no. Raises `UnreadableError`."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    word = clean(value).casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise UnreadableError("ja or nee (yes or no)")


def as_contribution(value: Cell) -> str | None:
    """Return the state of the contribution in a cell, None when empty. Raises `UnreadableError`."""
    word = re.sub(r"[\s.-]", "", clean(value).casefold())
    if not word:
        return None
    if word not in CONTRIBUTION_WORDS:
        raise UnreadableError("betaald, gereduceerd, kwijtgescholden, regeling or niet betaald")
    return CONTRIBUTION_WORDS[word]


def split_surname(text: str, particle: str = "") -> tuple[str, str]:
    """Return particle and surname, whether the particle stands before, after a comma, or in a column of its own."""
    if "," in text:
        name, _, rest = (part.strip() for part in text.partition(","))
        if name and rest and all(word.casefold() in PARTICLES for word in rest.split()):
            text, particle = name, particle or rest
    if particle and text.casefold().startswith(particle.casefold() + " "):
        text = text[len(particle) + 1 :]
    if not particle:
        words = text.split()
        count = 0
        while count < len(words) - 1 and words[count].casefold() in PARTICLES:
            count += 1
        particle, text = " ".join(words[:count]), " ".join(words[count:])
    return particle, text


def split_full_name(text: str) -> tuple[str, str, str]:
    """Return given name, particle and surname of a name in one piece: "Jan van der Berg" or "Berg, Jan van der"."""
    if "," in text:
        surname, _, rest = (part.strip() for part in text.partition(","))
        words = rest.split()
        first = next(
            (i for i, word in enumerate(words) if all(w.casefold() in PARTICLES for w in words[i:])), len(words)
        )
        return " ".join(words[:first]), " ".join(words[first:]), surname
    words = text.split()
    for i, word in enumerate(words[1:-1], start=1):
        if word.casefold() in PARTICLES:
            return (" ".join(words[:i]), *split_surname(" ".join(words[i:])))
    return " ".join(words[:-1]), "", words[-1] if words else ""


def _plain(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


@lru_cache(maxsize=16384)
def _day_in(text: str) -> date | None:
    if not text:
        return None
    text = _CLOCK.sub("", text)
    if match := _ISO.match(text):
        year, month, day = map(int, match.groups())
    elif match := _DUTCH.match(text):
        day, month, year = map(int, match.groups())
    elif match := _WORDS.match(text):
        day, year = int(match[1]), int(match[3])
        month = MONTHS.get(match[2].casefold(), 0)
    elif text.isdecimal():
        return _serial(float(text))
    elif re.match(r"\d{1,2}\D\d{1,2}\D\d{2}$", text):
        raise UnreadableError("a year of four digits, such as 1-3-2021")
    else:
        raise UnreadableError("a day, such as 1-3-2021")
    try:
        return date(year, month, day)
    except ValueError:
        raise UnreadableError("a day that exists, written day-month-year, such as 25-3-2021") from None


def _serial(number: float) -> date:
    if 1000 <= number < 2200:
        raise UnreadableError("a day, and this is only a year")
    if not 1 <= number < 110_000:
        raise UnreadableError("a day, such as 1-3-2021")
    return SERIAL_ZERO + timedelta(days=int(number))
