"""How templates speak: one Jinja environment for each language, with filters for what people read.

As a command it keeps the catalogues: `python -m stembus.web.words extract` and `… check`.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from importlib import import_module
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import segno
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    pass_context,
    select_autoescape,
)
from jinja2.runtime import Context
from markupsafe import Markup, escape

from stembus.organisation.member import display_name
from stembus.words import CORE_LOCALE, LANGUAGES, N_, Lang, Speech, Words

__all__ = ["LANGUAGES", "N_", "Lang", "Words", "environment", "speech"]

ELSEWHERE = (
    "America/Aruba",
    "America/Curacao",
    "America/Kralendijk",
    "America/Lower_Princes",
    "America/New_York",
    "America/Paramaribo",
    "Asia/Jakarta",
    "Australia/Sydney",
    "Europe/Athens",
    "Europe/London",
)
"""The zones that readers can choose: those of the Kingdom, and one for each other part of the day."""

TEMPLATES = Path(__file__).parent / "templates"


class Gives(Protocol):
    """What is asked of the plugins: each one's folder of templates and of catalogues."""

    def templates(self) -> Mapping[str, Traversable]:
        """Return the folder of templates of each plugin that has one."""
        ...

    def translations(self) -> Mapping[str, Traversable]:
        """Return the folder of catalogues of each plugin that has one."""
        ...


def speech(lang: Lang, plugins: Gives | None = None) -> Speech:
    """Return how `lang` is spoken, with the catalogues of the core and of the plugins."""
    return Speech.read(lang, (CORE_LOCALE, *(plugins.translations().values() if plugins else ())))


def environment(lang: Lang, plugins: Gives | None = None) -> Environment:
    """Return the Jinja environment of a language.

    Templates of the core are found by their path, those of a plugin below its name: "polls/papers.html". Everything is
    escaped except in templates named .txt; a value that is not given is an error.
    """
    spoken = speech(lang, plugins)
    folders = plugins.templates() if plugins else {}
    made = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(TEMPLATES),
                PrefixLoader({name: FileSystemLoader(str(folder)) for name, folder in folders.items()}),
            ]
        ),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_translations(spoken.translations, newstyle=True)  # type: ignore[attr-defined]
    elsewhere = sorted((spoken.place(ZoneInfo(name)), name) for name in ELSEWHERE)
    made.globals.update(lang=lang, languages=LANGUAGES, elsewhere=elsewhere)
    made.filters.update(_filters(spoken))
    return made


def coded(text: str) -> Markup:
    """Return a text for a page, with what stands between backticks as something that is typed so."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def _filters(spoken: Speech) -> dict[str, Any]:
    """Return the filters of a language. Zones are those of `visit`, or of `zone` and `reader_zone` in a mail."""

    def here(context: Context) -> Speech:
        visit = context.get("visit")
        zone, also = (context.get(name, getattr(visit, name, None)) for name in ("zone", "reader_zone"))
        return spoken.inside(zone, also) if zone else spoken

    @pass_context
    def say(context: Context, message: Any, **values: Any) -> str:
        return here(context).say(message, **values)

    @pass_context
    def day(context: Context, value: date, weekday: bool = False) -> str:
        on = here(context).local(value).date() if isinstance(value, datetime) else value
        return _timed(context, spoken.day(on, weekday=weekday), on.isoformat())

    @pass_context
    def moment(context: Context, value: datetime, ends: bool = False) -> str:
        speaker = here(context)
        return _timed(context, speaker.moment(value, ends=ends), _machine(speaker, value))

    @pass_context
    def until(context: Context, value: datetime) -> str:
        speaker = here(context)
        return _timed(context, speaker.moment(value, ends=True), _machine(speaker, value))

    @pass_context
    def clock(context: Context, value: datetime) -> str:
        speaker = here(context)
        return _timed(context, speaker.clock(value), _machine(speaker, value))

    @pass_context
    def ago(context: Context, value: date, now: date | None = None) -> str:
        speaker = here(context)
        now = now or context["visit"].now
        if isinstance(now, datetime) and not isinstance(value, datetime):
            now = speaker.local(now).date()
        machine = _machine(speaker, value) if isinstance(value, datetime) else value.isoformat()
        return _timed(context, spoken.ago(value, now), machine)

    return {
        "say": say,
        "coded": coded,
        "number": spoken.number,
        "listed": spoken.listed,
        "day": day,
        "moment": moment,
        "until": until,
        "clock": clock,
        "ago": ago,
        "person": person,
        "named": spoken.value,
        "square": square,
    }


def person(member: Any) -> str:
    """Return the name of a member as they write it: "Jan van der Berg"."""
    return display_name(member.given, member.particle, member.surname)


def square(text: str) -> str:
    """Return a QR code of a text, as the address of a picture: no other server is asked for it."""
    return segno.make(text, error="m").svg_data_uri(scale=4, border=4, light="#fff")


def _machine(speaker: Speech, at: datetime) -> str:
    return speaker.local(at).isoformat(timespec="minutes")


def _timed(context: Context, text: str, machine: str) -> str:
    if not context.eval_ctx.autoescape:
        return text
    return Markup('<time datetime="{}">{}</time>').format(machine, text)


if __name__ == "__main__":
    # By its name: what reads the templates of the sources needs this module in its turn.
    import_module("stembus.web.catalogues").main()
