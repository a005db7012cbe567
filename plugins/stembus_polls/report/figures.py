"""How numbers, days and times are written in a report, in Dutch and in English. Exact: no number is a float here."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from stembus_procedures.text.phrases import MONTHS

from .content import Language

MARKS: dict[Language, tuple[str, str]] = {"nl": (".", ","), "en": (",", ".")}


def whole(number: int, lang: Language) -> str:
    """A whole number with marks at the thousands: 7226 is "7.226" in Dutch and "7,226" in English."""
    return f"{number:,}".replace(",", MARKS[lang][0])


def exact_votes(text: str, lang: Language) -> str:
    """Votes with all decimals of the record: "1191.46290" is "1.191,46290" in Dutch."""
    before, _, after = text.partition(".")
    return whole(int(before), lang) + (MARKS[lang][1] + after if after else "")


def votes(units: int, decimals: int, lang: Language) -> str:
    """Votes for reading: at most two decimals, the rest cut off, none where the number is whole; never less than 0."""
    before, after = divmod(units, 10**decimals)
    if not after:
        return whole(before, lang)
    hundredths = after * 100 // 10**decimals
    if not before and not hundredths:
        return ("minder dan " if lang == "nl" else "less than ") + f"0{MARKS[lang][1]}01"
    return f"{whole(before, lang)}{MARKS[lang][1]}{hundredths:02}"


def share(part: int, of: int, lang: Language) -> str:
    """A part as percentage with one decimal, rounded half up; a dash where there is nothing to divide by."""
    if not of:
        return "–"
    tenths = int(Fraction(part * 1000, of) + Fraction(1, 2))
    return f"{tenths // 10}{MARKS[lang][1]}{tenths % 10}%"


def day(value: date, lang: Language) -> str:
    """A day in words: "14 maart 2026"."""
    return f"{value.day} {MONTHS[lang][value.month - 1]} {value.year}"


def moment(value: datetime, zone: str, lang: Language) -> str:
    """A moment in the zone of the report: "14 maart 2026, 17:05 (Europe/Amsterdam)"."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{day(local.date(), lang)}, {local:%H:%M} ({zone})"


def end(value: datetime, zone: str, lang: Language) -> str:
    """A moment at which something ends: midnight is 24:00 of the day that ends."""
    local = value.astimezone(ZoneInfo(zone))
    if (local.hour, local.minute) != (0, 0):
        return moment(value, zone, lang)
    return f"{day(local.date() - timedelta(days=1), lang)}, 24:00 ({zone})"
