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


class Article(Part, frozen=True):
    """One file: an article with its heading and sentences. Without a heading its sentences go where their part goes."""

    name: str
    heading: Words | None = None
    sentence: tuple[Template, ...] = ()
    silent: tuple[Silence, ...] = ()


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


class Catalogue(Part, frozen=True, dict=True):
    """All articles in order, and the words for values."""

    articles: tuple[Article, ...]
    values: Values

    @cached_property
    def entries(self) -> Mapping[str, list[tuple[str | None, Template]]]:
        """The templates about each Struct or key, each with the article that it belongs to."""
        found = defaultdict(list)
        for article in self.articles:
            home = article.name if article.heading or article.name == "front" else None
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

    def plus(self, articles: Iterable[Article], values: Values) -> "Catalogue":
        """With the articles and words of a plugin's own stage kinds after the shipped ones."""
        mine = self.values
        return Catalogue(
            articles=(*self.articles, *articles),
            values=Values(
                value={**mine.value, **values.value},
                stage={**mine.stage, **values.stage},
                moment={**mine.moment, **values.moment},
                gloss=(*mine.gloss, *values.gloss),
                label={**mine.label, **values.label},
                change={**mine.change, **values.change},
                frame={**mine.frame, **values.frame},
            ),
        )


def read_article(name: str, text: str) -> Article:
    """One article file. Raises msgspec.ValidationError with the key when it does not have the form of one."""
    return msgspec.convert({"name": name, **tomllib.loads(text)}, Article)


@cache
def shipped() -> Catalogue:
    """The catalogue that comes with the package."""
    folder = files(__package__) / "sentences"
    named = sorted((entry.name, entry) for entry in folder.iterdir() if entry.name.endswith(".toml"))
    articles, values = [], Values()
    for name, entry in named:
        text = entry.read_text("utf-8")
        if name == "values.toml":
            values = msgspec.convert(tomllib.loads(text), Values)
        else:
            articles.append(read_article(re.sub(r"^\d+-|\.toml$", "", name), text))
    return Catalogue(articles=tuple(articles), values=values)


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
