"""Keeps the catalogues of messages: fills them from the sources, and says what still misses.

Which packages have a catalogue stands in `pyproject.toml`, and so it does for the plugin of a stranger:

    [tool.stembus.words]
    skip = ["core/stembus/commands"]                      # messages that only commands show, which speak English
    [tool.stembus.words.packages]
    stembus = ["core/stembus", "procedures/stembus_procedures"]   # the first folder holds the catalogues
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from stembus.errors import CheckFailed, UnusableInput
from stembus.web.extraction import Found, MessageId, Sources, read_sources

LANGUAGES = ("nl", "nl@simple")
HEADER = """\
# {about}
msgid ""
msgstr ""
"Language: nl\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
ABOUT = {
    "nl": "What {domain} says, in Dutch.",
    "nl@simple": "What {domain} says to members, in easy Dutch (B1). What is not here is said in Dutch.",
}
PLACE = re.compile(r"%\((\w+)\)s|\{(\w*)(?:![rsa])?\}")
TAG = re.compile(r"<[^>]+>")


class Package(NamedTuple):
    """A package with catalogues of its own: their name, where they are, and the messages of its sources."""

    domain: str
    locale: Path
    sources: Sources

    def path(self, language: str) -> Path:
        """Return the file of its catalogue in a language."""
        return self.locale / language / "LC_MESSAGES" / f"{self.domain}.po"


def packages(root: Path) -> list[Package]:
    """Return the packages that `pyproject.toml` in `root` names, with the messages in their sources."""
    try:
        settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["stembus"]["words"]
        folders: dict[str, list[str]] = settings["packages"]
    except (FileNotFoundError, KeyError):
        raise UnusableInput(
            "{folder} has no pyproject.toml with [tool.stembus.words.packages]. Go to the folder of the sources.",
            folder=str(root),
        ) from None
    return [
        Package(
            domain,
            root / names[0] / "locale",
            read_sources([root / name for name in names], root, settings.get("skip", ())),
        )
        for domain, names in sorted(folders.items())
    ]


def renewed(package: Package, language: str) -> Catalog:
    """Return a catalogue with a place for each message that is used, and the translations that there are.

    Easy Dutch has a place for what members meet, and keeps what else was translated into it.
    """
    before = _read(package.path(language))
    after = Catalog(locale="nl", domain=package.domain, fuzzy=False)
    for message, found in _together(package.sources.found).items():
        known = before.get(_key(message))
        string = known.string if known else ""
        if language == "nl" or any(one.is_for_members for one in found) or any(_strings(string)):
            after.add(
                message,
                string or ("" if isinstance(message, str) else ("", "")),
                locations=[(path, 0) for path in sorted({one.path for one in found})],
                flags=[flag for flag in (known.flags if known else ()) if flag == "fuzzy"],
                user_comments=known.user_comments if known else (),
            )
    return after


def written(package: Package, language: str, catalogue: Catalog) -> bytes:
    """Return a catalogue as its file: sorted, and without line numbers or dates, so that two changes merge easily."""
    body = BytesIO()
    write_po(body, catalogue, width=110, omit_header=True, sort_output=True, include_lineno=False)
    header = HEADER.format(about=ABOUT[language].format(domain=package.domain))
    return header.encode() + body.getvalue().strip() + b"\n"


def faults(package: Package) -> Iterator[str]:
    """Yield a sentence about each thing that is wrong with the messages and catalogues of a package."""
    for place in package.sources.untranslatable:
        yield f"{place}: a message is an f-string: write its places as {{name}} and give the values beside it"
    for language in LANGUAGES:
        path, catalogue = package.path(language), renewed(package, language)
        where = f"{path.parent.parent.parent.parent.name}: {language}"
        for message in catalogue:
            if message.id:
                yield from (f"{where}: {fault}: {_key(message.id)!r}" for fault in _faults(message))
        if not path.exists() or path.read_bytes() != written(package, language, catalogue):
            used = {_key(message) for message in _together(package.sources.found)}
            gone = [_key(one.id) for one in _read(path) if one.id and _key(one.id) not in used]
            yield from (f"{where}: nobody says this any more: {message!r}" for message in gone)
            yield f"{where}: {path.name} is not up to date. Run: python -m stembus.web.words extract"


def _faults(message: Message) -> Iterator[str]:
    strings = _strings(message.string)
    if not all(strings):
        yield "not translated"
        return
    if message.fuzzy:
        yield "marked fuzzy: look at it and take the mark away"
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    for original, string in zip(ids, strings, strict=False):
        wanted, given = _places(original), _places(string)
        # A singular may say "one" where the message has a number.
        if given != wanted and not (len(ids) > 1 and given <= _places(ids[1])):
            yield f"the translation has other places ({', '.join(sorted(given)) or 'none'})"
        if Counter(TAG.findall(original)) != Counter(TAG.findall(string)):
            yield "the translation has other tags"
        if "%(" in original and "%" in PLACE.sub("", string).replace("%%", ""):
            yield "a percent sign stands alone: write %%"


def _places(text: str) -> set[str]:
    """Return the names of the places in a message; whether one is quoted is for the language to say."""
    return {found[1] or found[2] or found[0] for found in PLACE.finditer(text)}


def _together(found: Iterable[Found]) -> dict[MessageId, list[Found]]:
    together: dict[MessageId, list[Found]] = {}
    for one in found:
        together.setdefault(one.message, []).append(one)
    # A message with a plural is also found by its singular alone; gettext has one entry for both.
    for message in [one for one in together if isinstance(one, tuple)]:
        together[message] += together.pop(message[0], [])
    return together


def _key(message: str | Iterable[str]) -> str:
    return message if isinstance(message, str) else next(iter(message))


def _strings(string: str | Iterable[str] | None) -> tuple[str, ...]:
    return (string or "",) if isinstance(string, str | None) else tuple(string)


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="nl")
    with path.open("rb") as file:
        return read_po(file, locale="nl", ignore_obsolete=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Keep the catalogues of messages."""


@main.command()
def extract() -> None:
    """Give each message in the sources a place in the catalogues, and drop those that nobody says any more."""
    for package in packages(Path.cwd()):
        for language in LANGUAGES:
            catalogue = renewed(package, language)
            path = package.path(language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written(package, language, catalogue))
            missing = sum(1 for message in catalogue if message.id and not all(_strings(message.string)))
            click.echo(f"{path.relative_to(Path.cwd())}: {len(catalogue)} messages, {missing} to translate")


@main.command()
def check() -> None:
    """Say what is not translated, not up to date, or translated wrongly; stop with 1 when there is any."""
    found = [fault for package in packages(Path.cwd()) for fault in faults(package)]
    for fault in found:
        click.echo(fault)
    if found:
        raise CheckFailed("{number} messages or catalogues are not in order.", number=len(found))
