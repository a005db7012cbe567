"""Writes the text of a policy: walks the definition, says each part in the article where it belongs."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from ..language.policy import Policy
from .catalogue import LAST, Catalogue, Silence, Template, shipped
from .document import Document, Paragraph, Section, Sentence
from .phrases import LANGS, Lang, words_in
from .saying import Speaker
from .tree import Place, find, keys, names_of, parts, root


def render(
    policy: Policy,
    lang: Lang,
    *,
    dates: Mapping[str, datetime] | None = None,
    catalogue: Catalogue | None = None,
) -> Document:
    """The text of a policy as members read it, in Dutch ("nl"), easy Dutch ("nl-simple") or English ("en").

    Every sentence is made from the definition and knows the keys that it says; prose written by hand is marked as
    explanation. `dates` gives the real moment (aware) of key paths such as "stages.call.closes"; they are added in
    the zone of the policy, and in the other zones that it shows where the hour differs. `catalogue` adds the
    sentences of a plugin's stage kinds; a key without a sentence is still printed, as its path and value.
    Raises ValueError when `lang` is no language of a text.
    """
    if lang not in LANGS:
        raise ValueError(f"There is no text in {lang!r}; the languages are {', '.join(LANGS)}.")
    writer = _Writer(policy, lang, catalogue or shipped(), dates)
    writer.visit(root(policy))
    writer.say_the_rest()
    writer.cite()
    return writer.document()


def unsaid(policy: Policy, *, catalogue: Catalogue | None = None) -> tuple[str, ...]:
    """The keys of a policy that no sentence says and that no deliberate silence covers."""
    writer = _Writer(policy, "nl", catalogue or shipped(), None)
    writer.visit(root(policy))
    return writer.unsaid()


def fingerprint(policy: Policy) -> str:
    """SHA-256 of the definition in its canonical form, in hexadecimal."""
    return hashlib.sha256(policy.canonical_bytes()).hexdigest()


class _Line(Struct):
    """A sentence on its way into a paragraph."""

    text: str
    keys: tuple[str, ...]
    path: str
    starts: str
    is_explanation: bool
    cites: list[str]


class _Writer:
    def __init__(self, policy: Policy, lang: Lang, catalogue: Catalogue, dates: Mapping[str, datetime] | None) -> None:
        self.policy = policy
        self.lang = lang
        self.catalogue = catalogue
        self.speaker = Speaker(policy, lang, catalogue, dates)
        self.lines: dict[str, list[_Line]] = {article.name: [] for article in catalogue.articles}
        self.home: dict[str, str] = {}
        self.silent: set[str] = set()

    def visit(self, place: Place) -> None:
        """Says a part, then the parts within it; the stages last, since they lean on all the rest."""
        begun: set[str] = set()
        entries = [entry for of in names_of(place) for entry in self.catalogue.entries.get(of, ())]
        held = [entry for entry in entries if self.is_said(entry[1], place)]
        leads = {template.leads: (article, template) for article, template in held if template.leads}
        for article, template in _shared_after_first(held):
            if not template.leads:
                self.say(template, place, article, begun)
        self.keep_silent(place)
        for part in sorted(parts(place), key=lambda part: part.of == "Policy.stages"):
            if lead := leads.pop(part.of.rpartition(".")[2], None):
                self.say(lead[1], place, lead[0], begun)
            self.visit(part)

    def keep_silent(self, place: Place) -> None:
        for silence in (silence for of in names_of(place) for silence in self.catalogue.silences.get(of, ())):
            if self.is_said(silence, place):
                is_free = bool(silence.when or silence.unless) or silence.always
                self.silent.update(place.key(key) for key in silence.keys if is_free or _is_default(place, key))
                self.silent.update(self.paths(silence.when, place))

    def say(self, template: Template, place: Place, article: str | None, begun: set[str]) -> None:
        text, said = self.speaker.fill(words_in(template.words(), self.lang), place)
        home = article or self.home_of(place)
        self.home.setdefault(place.path, home)
        runs_on = article is None or home in begun
        default = "nothing" if runs_on and not template.leads else "paragraph"
        begun.add(home)
        asked = {**template.when, **template.unless}
        told = (*said, *self.paths(asked, place), *([place.key(template.leads)] if template.leads else []))
        paths = told or (place.path,)
        line = _Line(text, tuple(dict.fromkeys(paths)), place.path, template.starts or default, template.explains, [])
        self.lines[home].append(line)

    def home_of(self, place: Place) -> str:
        """The article of the nearest part around that already said something."""
        here: Place | None = place
        while here is not None:
            if here.path in self.home and here.around is not None:
                return self.home[here.path]
            here = here.around
        return LAST

    def is_said(self, template: Template | Silence, place: Place) -> bool:
        is_exempt = any(self.holds({key: value}, place) for key, value in template.unless.items())
        return not is_exempt and self.holds(template.when, place)

    def holds(self, when: Mapping[str, Any], place: Place) -> bool:
        return all(_fits(self.here_or_around(key, place), self.wanted(value, place)) for key, value in when.items())

    def wanted(self, value: Any, place: Place) -> Any:
        """What a condition asks: "=maximum" is the value of another key."""
        is_key = isinstance(value, str) and value.startswith("=")
        return self.here_or_around(value[1:], place) if is_key else value

    def here_or_around(self, key: str, place: Place) -> Any:
        found = find(place, key)
        if found is None:
            raise KeyError(f"A sentence about {place.of} asks for {key!r}, which it has not.")
        return found.value

    def paths(self, when: Mapping[str, Any], place: Place) -> tuple[str, ...]:
        return tuple(found.path for key in when if (found := find(place, key)) is not None)

    def unsaid(self) -> tuple[str, ...]:
        said = {key for lines in self.lines.values() for line in lines for key in line.keys} | self.silent
        return tuple(key for key in keys(root(self.policy)) if key not in said and not key.startswith("cites"))

    def say_the_rest(self) -> None:
        """Prints keys that no template says, so that no definition, not even a stranger's, is silent."""
        for key in self.unsaid():
            value = self.speaker.value(_value_at(root(self.policy), key), None, (Policy, ""), key)
            text = self.frame("rest", key=key, value=value)
            self.lines[LAST].append(_Line(text, (key,), key, "paragraph", False, []))

    def cite(self) -> None:
        """Puts each cited article behind the first sentence that says the key that rests on it."""
        for path, articles in self.policy.cites.items():
            lines = [line for group in self.lines.values() for line in group]
            within = (path, f"{path}.", f"{path}[")
            line = next(
                (one for one in lines if any(key == path or key.startswith(within[1:]) for key in one.keys)), None
            )
            if line is None:
                text = self.frame("rest", key=path, value=", ".join(articles))
                self.lines[LAST].append(_Line(text, (f"cites.{path}",), path, "paragraph", False, []))
            else:
                line.cites += [article for article in articles if article not in line.cites]
                line.keys = (*line.keys, f"cites.{path}")

    def frame(self, name: str, **words: str) -> str:
        """A sentence about the text itself."""
        return words_in(self.catalogue.values.frame[name], self.lang).format(**words)

    def document(self) -> Document:
        made_from = fingerprint(self.policy)
        sections: list[Section] = []
        explained = _Explained(self.catalogue, self.lang)
        front = Section(0, "", ())
        for article in self.catalogue.articles:
            lines = self.lines[article.name]
            if not lines:
                continue
            paragraphs = tuple(_paragraphs(lines, explained))
            if article.heading is None:
                made = Sentence(self.frame("made_from", fingerprint=made_from))
                front = Section(0, "", (*paragraphs, Paragraph((made,))))
            else:
                sections.append(Section(len(sections) + 1, words_in(article.heading, self.lang), paragraphs))
        return Document(
            lang=self.lang,
            title=words_in(self.policy.title, self.lang),
            status="adopted" if self.policy.adoption.on else "draft",
            fingerprint=made_from,
            front=front,
            sections=tuple(sections),
        )


class _Explained:
    """Adds to easy Dutch what a hard word means, where it first appears."""

    def __init__(self, catalogue: Catalogue, lang: Lang) -> None:
        self.open = list(catalogue.values.gloss) if lang == "nl-simple" else []

    def after(self, text: str) -> Iterator[Sentence]:
        for gloss in list(self.open):
            if re.search(rf"\b{gloss.word}(en)?\b", text, re.IGNORECASE):
                self.open.remove(gloss)
                yield Sentence(gloss.means, is_explanation=True)


def _shared_after_first(
    entries: list[tuple[str | None, Template]],
) -> list[tuple[str | None, Template]]:
    """The sentences that every stage can have go right after the first paragraph about the stage itself."""
    own = [entry for entry in entries if entry[0] is not None]
    shared = [entry for entry in entries if entry[0] is None]
    second = next((n for n, (_, template) in enumerate(own) if n and template.starts == "paragraph"), len(own))
    return [*own[:second], *shared, *own[second:]]


def _paragraphs(lines: list[_Line], explained: _Explained) -> Iterator[Paragraph]:
    """Groups lines: each that starts a paragraph or an item takes the ones after it along."""
    sentences: list[Sentence] = []
    items: list[list[Sentence]] = []
    item_path = ""
    for line in lines:
        in_item = bool(items) and (line.path == item_path or line.path.startswith((f"{item_path}.", f"{item_path}[")))
        starts_item = line.starts == "item" and bool(sentences)
        said = [Sentence(_finished(line, as_item=starts_item), line.keys, line.is_explanation)]
        said += explained.after(line.text)
        if starts_item:
            items.append(said)
            item_path = line.path
        elif line.starts == "nothing" and in_item:
            items[-1] += said
        elif line.starts == "nothing" and sentences and not items:
            sentences += said
        else:
            if sentences:
                yield _paragraph(sentences, items)
            sentences, items = said, []
    if sentences:
        yield _paragraph(sentences, items)


def _paragraph(sentences: list[Sentence], items: list[list[Sentence]]) -> Paragraph:
    """An item ends with a semicolon, the last with a full stop; so does one with sentences of its own."""
    closed = []
    for count, item in enumerate(items, 1):
        first, *others = item
        if others or count == len(items):
            first = msgspec.structs.replace(first, text=first.text.removesuffix(";").removesuffix(".") + ".")
        closed.append((first, *others))
    return Paragraph(tuple(sentences), tuple(closed))


def _finished(line: _Line, *, as_item: bool) -> str:
    """With capitals (an item begins without one), and the cited articles before the full stop."""
    text = line.text
    if not line.is_explanation:
        text = re.sub(r"(?<=[.?!] )[a-zé]", lambda found: found[0].upper(), text)
        text = text if as_item else text[:1].upper() + text[1:]
    if not line.cites:
        return text
    body, stop = (text[:-1], text[-1]) if text[-1] in ".:;" else (text, "")
    return f"{body} ({', '.join(line.cites)}){stop}"


def _is_default(place: Place, key: str) -> bool:
    kind: type[Struct] = type(place.value)
    defaults = _defaults(kind)
    return key in defaults and bool(getattr(place.value, key) == defaults[key])


@cache
def _defaults(kind: type[Struct]) -> dict[str, Any]:
    """What each key of a Struct is when it is left out."""
    return {
        field.name: field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
        for field in msgspec.structs.fields(kind)
        if not field.required
    }


def _fits(value: Any, wanted: Any) -> bool:
    """Whether a value is what a condition asks: a value, one of a list, or one of the words that stand for values."""
    if wanted in ("counted", "unset"):
        return isinstance(value, int) if wanted == "counted" else value is None
    if isinstance(wanted, list):
        return any(_fits(value, one) for one in wanted)
    if wanted in ("given", "absent"):
        is_absent = value is None or value in ((), "", {}) or (value == 0 and not isinstance(value, bool))
        return bool(is_absent) is (wanted == "absent")
    if isinstance(value, bool) or isinstance(wanted, bool):
        is_same: bool = value is wanted
        return is_same
    if isinstance(value, tuple):
        return bool(wanted in value)
    return bool(value == wanted or str(value) == wanted)


def _value_at(place: Place, key: str) -> Any:
    """The value at a key path of a definition."""
    for part in parts(place):
        if key == part.path or key.startswith((f"{part.path}.", f"{part.path}[")):
            return _value_at(part, key)
    return place.value if key == place.path else getattr(place.value, key.removeprefix(f"{place.path}."))
