"""A mail as people will read it: subject, text and HTML, in their language, without sending anything."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, Template, TemplateError

from stembus.errors import Refused, UnusableInput
from stembus.notices.address import one_line
from stembus.notices.kinds import MailKind
from stembus.notices.writing import Blocks, as_html, as_text, linked, read_paragraphs
from stembus.plugins import Plugins
from stembus.settings import Contact, Settings
from stembus.web.words import environment
from stembus.words import Lang

PARTS = ("subject", "body", "action", "after")


class Writer(Protocol):
    """In whose name a mail is written: an instance, or somebody who sends without one."""

    @property
    def settings(self) -> Settings:
        """Who it is, and whom to call."""
        ...

    @property
    def plugins(self) -> Plugins:
        """Those whose templates and catalogues are read."""
        ...

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which moments are told."""
        ...


class Rendered(NamedTuple):
    """A mail in words: what stands in its subject, in its text part and in its HTML part."""

    subject: str
    text: str
    html: str


def preview(instance: Writer, kind: MailKind, name: str, values: Mapping[str, Any], lang: Lang) -> Rendered:
    """Return the mail of this kind that somebody called `name` would get, in `lang`. Nothing is kept or sent.

    `values` are those of its template; beside them it has `name`, `organisation`, `contact`, `lang` and `zone`. With
    `one_link` of the kind, `values` needs `link`. Raises `UnusableInput` when the link leads away from the instance's
    own address, `Refused` when a value is missing.
    """
    link = str(values.get("link", ""))
    if kind.one_link:
        _own(instance, link)
    elif link:
        raise UnusableInput("A mail of the kind {kind} has no link, and one was given.", kind=kind.name)
    try:
        template = _environment(lang, instance.plugins).get_template(kind.template)
        written = _blocks(template, {**values, **_common(instance, lang), "name": one_line(name)})
    except TemplateError as error:
        raise Refused(
            "The mail {kind} could not be written in {lang}: {reason}. Nothing was sent.",
            kind=kind.name,
            lang=lang,
            reason=str(error),
        ) from error
    blocks: Blocks = read_paragraphs(written["body"])
    if kind.one_link:
        blocks = (*blocks, linked(one_line(written["action"]), link))
    return finished(instance, written["subject"], (*blocks, *read_paragraphs(written["after"])), lang)


def finished(instance: Writer, subject: str, blocks: Blocks, lang: Lang) -> Rendered:
    """Return the whole mail around what it says: with whom to call and how to complain below it."""
    common, subject = _common(instance, lang), one_line(subject)
    words = _environment(lang, instance.plugins)
    text = words.get_template("mails/shell.txt").render(common, text=as_text(blocks))
    html = words.get_template("mails/shell.html").render(common, html=as_html(blocks), subject=subject)
    return Rendered(subject, text.strip() + "\n", html.strip() + "\n")


def parts_of(writer: Writer, name: str, parts: Sequence[str], values: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Return the words in these blocks of a template, in `lang`; `values` are added to those that every mail has."""
    template = _environment(lang, writer.plugins).get_template(name)
    return _blocks(template, {**values, **_common(writer, lang)}, parts)


def _blocks(template: Template, values: dict[str, Any], parts: Sequence[str] = PARTS) -> dict[str, str]:
    """Return the words in each of these blocks of a template; one that it lacks is empty."""
    found = {}
    for name in parts:
        context = template.new_context(values)
        found[name] = "".join(template.blocks[name](context)) if name in template.blocks else ""
    return found


def _own(instance: Writer, link: str) -> None:
    own, given = urlsplit(instance.settings.address), urlsplit(link)
    if (given.scheme, given.netloc) != (own.scheme, own.netloc) or not link.isprintable() or " " in link:
        raise UnusableInput(
            "A mail of ours leads to {own} only, not to {link!r}.", own=instance.settings.address, link=link
        )


def _common(instance: Writer, lang: Lang) -> dict[str, Any]:
    contact: Contact = instance.settings.contact
    return {
        "organisation": instance.settings.organisation,
        "contact": contact,
        "hours": contact.hours_en if lang == "en" else contact.hours_nl,
        "complaints": contact.complaints_en if lang == "en" else contact.complaints_nl,
        "zone": instance.zone,
        "lang": lang,
    }


@lru_cache(maxsize=16)
def _environment(lang: Lang, plugins: Plugins) -> Environment:
    return environment(lang, plugins)
