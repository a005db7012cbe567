"""What people read: messages in their language, with dates, numbers, names and lists as people write them.

English is the source language. A message is translated from the catalogues of the core and of each plugin; easy Dutch
falls back to Dutch, and what has no translation is shown in English.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from gettext import NullTranslations
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_timedelta, get_timezone_location
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

from stembus_procedures.sentence import N_ as N_  # noqa: PLC0414 - others take it from here

Lang = Literal["nl", "nl-simple", "en"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)
"""The languages of the pages, the usual one first."""

CATALOGUES: Mapping[Lang, tuple[str, ...]] = {"nl": ("nl",), "nl-simple": ("nl@simple", "nl"), "en": ()}
"""The folders of catalogues that a language reads, the first that knows a message wins."""

JUST_NOW = timedelta(minutes=1)
"""What is shorter ago than this is told without a number."""

CORE_LOCALE = Path(__file__).parent / "locale"


@dataclass(frozen=True)
class Words:
    """A message and its values, to be said in the language of whoever reads it."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


class Speech:
    """One language: the messages of its catalogues, and how it writes values.

    Moments are written in `zone` (the party's; without one in the zone that they are in), and beside it in `also` (the
    reader's) where the clock there differs.
    """

    def __init__(
        self,
        lang: Lang,
        translations: NullTranslations,
        *,
        zone: ZoneInfo | None = None,
        also: ZoneInfo | None = None,
    ) -> None:
        self.lang = lang
        self.locale = "en_GB" if lang == "en" else "nl"
        self.translations = translations
        self.zone = zone
        self.also = also

    @classmethod
    def read(cls, lang: Lang, folders: Iterable[Traversable] = (CORE_LOCALE,)) -> "Speech":
        """Return a language with the catalogues in `folders`, of which the first that knows a message wins."""
        return cls(lang, _translations(lang, tuple(folders)))

    def inside(self, zone: ZoneInfo, also: ZoneInfo | None = None) -> "Speech":
        """Return the same language for readers with these zones."""
        return Speech(self.lang, self.translations, zone=zone, also=also)

    def say(self, message: Any, /, **values: Any) -> str:
        """Return `message` translated, with its values as this language writes them.

        A message is a str, or anything with a `template` and `values` (`Words`, a `Problem`); values may be messages
        of that kind too. `values` add to those of the message. A str without values is not looked into for places.
        """
        if not isinstance(message, str):
            values = {**message.values, **values}
            message = message.template
        text = self.translations.gettext(message) if message else ""
        return _filled(text, {name: self.value(value) for name, value in values.items()}) if values else text

    def value(self, value: Any) -> str:
        """Return a value of a message as text: dates in words, numbers with their marks, lists with "and".

        Words that the data have in each language (`nl`, `nl_simple` where it is there, `en`) are taken in this one.
        """
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return self.number(value)
        if isinstance(value, (list, tuple)):
            return self.listed(value)
        if hasattr(value, "template") and hasattr(value, "values"):
            return self.say(value)
        easy = getattr(value, "nl_simple", "") if self.lang == "nl-simple" else ""
        return str(easy or getattr(value, "en" if self.lang == "en" else "nl", value))

    def number(self, value: int) -> str:
        """Return a whole number with the marks of this language: 12.345 in Dutch."""
        return format_decimal(value, locale=self.locale)

    def listed(self, values: Sequence[Any], *, either: bool = False) -> str:
        """Return values as "a, b and c", or "a, b or c" for `either`."""
        return format_list([self.value(one) for one in values], "or" if either else "standard", locale=self.locale)

    def day(self, day: date, *, weekday: bool = False) -> str:
        """Return a day: "23 November 2026", with `weekday` "Monday 23 November 2026"."""
        return format_date(day, "EEEE d MMMM y" if weekday else "d MMMM y", locale=self.locale)

    def local(self, at: datetime) -> datetime:
        """Return a moment by the clock of `zone`."""
        return at.astimezone(self.zone) if self.zone else at

    def clock(self, at: datetime) -> str:
        """Return the hour and minutes of a moment: "17:00"."""
        return f"{self.local(at):%H:%M}"

    def moment(self, at: datetime, *, ends: bool = False) -> str:
        """Return a moment: "Monday 23 November 2026 at 17:00 (12:00 in Curaçao)".

        With `ends` midnight is 24:00 of the day that ends, as people write a deadline.
        """
        local = self.local(at)
        ended = ends and (local.hour, local.minute) == (0, 0)
        day = local.date() - timedelta(days=ended)
        text = self.say(
            N_("{day} at {clock}"), day=self.day(day, weekday=True), clock="24:00" if ended else f"{local:%H:%M}"
        )
        there = at.astimezone(self.also) if self.also else local
        if self.also is None or there.utcoffset() == local.utcoffset():
            return text
        place = self.place(self.also)
        if there.date() == day:
            return self.say(N_("{moment} ({clock} in {place})"), moment=text, clock=f"{there:%H:%M}", place=place)
        return self.say(
            N_("{moment} ({day} at {clock} in {place})"),
            moment=text,
            day=self.day(there.date(), weekday=True),
            clock=f"{there:%H:%M}",
            place=place,
        )

    def place(self, zone: ZoneInfo) -> str:
        """Return the place that a zone is named after: "Curaçao"."""
        return get_timezone_location(zone, locale=self.locale, return_city=True)

    def ago(self, at: date, now: date) -> str:
        """Return how far a day is from today, or a moment from now: "in 3 days", "2 hours ago", "today", "just now".

        Days are counted by the calendar, moments by the clock; both are of one kind and moments have a zone.
        """
        if isinstance(at, datetime) and isinstance(now, datetime):
            if timedelta() <= now - at < JUST_NOW:
                return self.say(N_("just now"))
            return format_timedelta(at - now, add_direction=True, locale=self.locale, threshold=1.5)
        days = (at - now).days
        if abs(days) <= 1:
            return self.say({0: N_("today"), 1: N_("tomorrow"), -1: N_("yesterday")}[days])
        return format_timedelta(timedelta(days=days), add_direction=True, locale=self.locale, threshold=2)


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Fill the {places} of a message, those written {name!r} in quotation marks.

    Only names are places: a translation cannot reach into a value.
    """
    parts: list[str] = []
    for literal, name, _, conversion in Formatter().parse(text):
        parts.append(literal)
        if name is not None:
            parts.append(f"“{values[name]}”" if conversion == "r" else values[name])
    return "".join(parts)


@lru_cache(maxsize=64)
def _translations(lang: Lang, folders: tuple[Traversable, ...]) -> NullTranslations:
    """Return the catalogues in order. Kept: each letter of a run and each act of two asks for its language anew."""
    chain: list[NullTranslations] = [
        _read(catalogue, name)
        for name in CATALOGUES[lang]
        for folder in folders
        for catalogue in sorted(_catalogues(folder, name), key=lambda found: found.name)
    ]
    chain.append(NullTranslations())
    for translations in chain[1:]:
        chain[0].add_fallback(translations)
    return chain[0]


def _catalogues(folder: Traversable, name: str) -> list[Traversable]:
    messages = folder / name / "LC_MESSAGES"
    return [one for one in messages.iterdir() if one.name.endswith(".po")] if messages.is_dir() else []


def _read(catalogue: Traversable, name: str) -> NullTranslations:
    """Return a catalogue, each time another object: what it falls back on differs."""
    return Translations(BytesIO(_compiled(catalogue.read_bytes(), name.partition("@")[0])))


@lru_cache(maxsize=64)
def _compiled(source: bytes, locale: str) -> bytes:
    """Compile a catalogue in memory, so that no compiled file can be older than its source.

    Kept by what it says: every language and every page environment reads the same few catalogues, and parsing is slow.
    """
    messages = read_po(BytesIO(source), locale=locale)
    for message in list(messages):
        if message.id and not all(_strings(message.string)):
            messages.delete(message.id, message.context)
    compiled = BytesIO()
    write_mo(compiled, messages)
    return compiled.getvalue()


def _strings(string: str | Sequence[str] | None) -> tuple[str, ...]:
    return (string or "",) if isinstance(string, str | None) else tuple(string)
