"""The catalogue of sentences: small templates in three languages, one file for each article.

A template names keys of the part of the definition that it is `of`, or of the parts around it:

- `{decided_by}`: the value, as the language says it (a body by its name, a moment, a share, a list);
- `{days|dag|dagen}`: the number with its noun;
- `{needs?is|zijn}`: only the word that goes with one, or with more;
- `{options:or}`: a list with "or".

A sentence says exactly the keys that it names and the keys in its condition `when`; that is how a test proves
that nothing in a definition is silent. Where silence is right, a `[[silent]]` entry says why.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal

import msgspec
from msgspec import field

from ..language.values import Part, Words

FRONT, LAST = "00-front", "95-final"
"""What stands above the articles, and the article that takes what no other says."""

PLACEHOLDER = re.compile(r"\{(\w+)(?:(?P<how>[|?])(?P<one>[^|{}]*)\|(?P<many>[^{}]*)|:(?P<last>or))?\}")


class Template(Part, frozen=True):
    """One sentence in three languages, and when it is said."""

    of: str
    """The Struct that it speaks about ("Ballot"), or one key that holds such a Struct ("Tally.ties")."""
    nl: str
    nl_simple: str
    en: str
    when: dict[str, Any] = field(default_factory=dict)
    """Keys with the value (or list of values) at which it is said. "given" is anything, "absent" nothing or 0,
    "unset" nothing at all, "counted" a number, 0 included; "=maximum" is the value of another key."""
    unless: dict[str, Any] = field(default_factory=dict)
    """Keys with a value at which it is not said; one of them is enough."""
    leads: str = ""
    """The key whose entries it introduces; said just before the first of them."""
    starts: Literal["paragraph", "item", "nothing"] | None = None
    """What it starts; without it the first sentence of a part starts a paragraph and the others run on."""
    explains: bool = False
    """It holds prose written by hand."""

    def words(self) -> Words:
        """The three texts."""
        return Words(nl=self.nl, nl_simple=self.nl_simple, en=self.en)


class Silence(Part, frozen=True):
    """Keys about which saying nothing is right, and why."""

    of: str
    keys: tuple[str, ...]
    why: str
    when: dict[str, Any] = field(default_factory=dict)
    """At which values; without it each key is left unsaid only while it is at its default."""
    unless: dict[str, Any] = field(default_factory=dict)
    """At which values not; one of them is enough."""
    always: bool = False
    """A name that only the data needs."""


class Glossed(Part, frozen=True):
    """A word that easy Dutch explains where it first appears."""

    word: str
    means: str


class Values(Part, frozen=True):
    """The words for fixed values, stage kinds and moments, and the labels that changes are told with."""

    value: dict[str, dict[str, Words]] = field(default_factory=dict)
    """By "Struct.key" or "key", then by value."""
    stage: dict[str, Words] = field(default_factory=dict)
    """What each stage kind is called, with its article."""
    moment: dict[str, Words] = field(default_factory=dict)
    """The day of a moment of a stage; `{stage}` is its name."""
    gloss: tuple[Glossed, ...] = ()
    label: dict[str, Words] = field(default_factory=dict)
    """What a key is called, by "Struct.key", for telling a change in numbers."""
    change: dict[str, Words] = field(default_factory=dict)
    """The sentences that tell a change."""
    frame: dict[str, Words] = field(default_factory=dict)
    """The sentences about the text itself."""


class Article(Values, frozen=True, kw_only=True):
    """One file: an article with its heading and sentences, and words for what it speaks about.

    Without a heading its sentences go where the part that they are about goes.
    """

    name: str
    """The name of the file without its ending; articles stand in the order of their names."""
    heading: Words | None = None
    sentence: tuple[Template, ...] = ()
    silent: tuple[Silence, ...] = ()


class Catalogue(Part, frozen=True, dict=True):
    """All articles in order, and the words for values."""

    articles: tuple[Article, ...]

    @cached_property
    def values(self) -> Values:
        """The words of all articles together."""
        found: dict[str, Any] = {table: {} for table in Values.__struct_fields__} | {"gloss": ()}
        for article in self.articles:
            found["gloss"] += article.gloss
            for key, words in article.value.items():
                found["value"][key] = found["value"].get(key, {}) | words
            for table in ("stage", "moment", "label", "change", "frame"):
                found[table] |= getattr(article, table)
        return Values(**found)

    @cached_property
    def entries(self) -> Mapping[str, list[tuple[str | None, Template]]]:
        """The templates about each Struct or key, each with the article that it belongs to."""
        found = defaultdict(list)
        for article in self.articles:
            home = article.name if article.heading or article.name == FRONT else None
            for template in article.sentence:
                found[template.of].append((home, template))
        return found

    @cached_property
    def silences(self) -> Mapping[str, list[Silence]]:
        """The deliberate silences about each Struct or key."""
        found = defaultdict(list)
        for article in self.articles:
            for silence in article.silent:
                found[silence.of].append(silence)
        return found

    def plus(self, articles: Iterable[Article]) -> "Catalogue":
        """With the sentences and words of a plugin's own stage kinds, each article where its name puts it."""
        return Catalogue(articles=tuple(sorted((*self.articles, *articles), key=lambda article: article.name)))


def read_article(file: str, text: str) -> Article:
    """The article in a file of this name. Raises ValueError when the text is no TOML, or not in the form of one."""
    return msgspec.convert({"name": file.removesuffix(".toml"), **tomllib.loads(text)}, Article)


@cache
def shipped() -> Catalogue:
    """The catalogue that comes with the package."""
    folder = files(__package__) / "sentences"
    entries = (entry for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return Catalogue(()).plus(read_article(entry.name, entry.read_text("utf-8")) for entry in entries)


def placeholders(template: str) -> frozenset[str]:
    """The keys that a template names."""
    return frozenset(found[1] for found in PLACEHOLDER.finditer(template))


def faults(catalogue: Catalogue) -> tuple[str, ...]:
    """What is wrong with a catalogue: a language that is missing, or languages that name different keys."""
    found: list[str] = []
    for article in catalogue.articles:
        for template in article.sentence:
            texts: Mapping[str, str] = {"nl": template.nl, "nl_simple": template.nl_simple, "en": template.en}
            where = f"{article.name}, {template.of}: {template.nl!r}"
            found += [f"{where} has no text in {lang}" for lang, text in texts.items() if not text.strip()]
            named = {lang: placeholders(text) for lang, text in texts.items()}
            found += [
                f"{where} names other keys in {lang}: {', '.join(sorted(keys ^ named['nl']))}"
                for lang, keys in named.items()
                if keys != named["nl"]
            ]
            loose = [lang for lang, text in texts.items() if re.search(r"[{}]", PLACEHOLDER.sub("", text))]
            found += [f"{where} has a bracket that is no placeholder in {lang}" for lang in loose]
    return tuple(found)
