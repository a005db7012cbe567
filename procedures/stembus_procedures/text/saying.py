"""Says one value of a definition in words, and fills a template with such values."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal

from msgspec import Struct

from ..language.policy import Policy
from ..language.stages import Stage, kind_of
from ..language.values import Moment, Span, Words
from ..language.walk import hints, mark
from . import phrases
from .catalogue import PLACEHOLDER, Catalogue
from .phrases import Lang, words_in
from .tree import Found, Place, find


class Speaker:
    """Says values of one policy in one language."""

    def __init__(
        self, policy: Policy, lang: Lang, catalogue: Catalogue, dates: Mapping[str, datetime] | None = None
    ) -> None:
        self.policy = policy
        self.lang = lang
        self.values = catalogue.values
        self.dates = dates or {}
        self.stages = {stage.id: stage for stage in policy.stages}

    def fill(self, template: str, place: Place) -> tuple[str, tuple[str, ...]]:
        """The template with its values, and the key paths that it said."""
        said: list[str] = []

        def value(found: re.Match[str]) -> str:
            value_found = find(place, found[1])
            if value_found is None:
                raise KeyError(f"The sentence {template!r} names {found[1]!r}, which {place.of or 'Policy'} has not.")
            said.append(value_found.path)
            how, one, many = found["how"], found["one"], found["many"]
            if how == "|":
                return phrases.counted(value_found.value, one, many, self.lang)
            if how == "?":
                return one if _amount(value_found.value) == 1 else many
            return self.found(value_found, last="or" if found["last"] else "and")

        return PLACEHOLDER.sub(value, template), tuple(said)

    def found(self, found: Found, *, last: Literal["and", "or"] = "and") -> str:
        """The value of a key in words."""
        if isinstance(found.holder, Stage) and found.field == "title":
            return self.stage(found.holder)
        annotation = hints(type(found.holder)).get(found.field)
        return self.value(found.value, annotation, (type(found.holder), found.field), found.path, last=last)

    def value(  # noqa: PLR0911 - one line for each form that a value can have
        self,
        value: Any,
        annotation: Any,
        key: tuple[type, str],
        path: str,
        *,
        last: Literal["and", "or"] = "and",
    ) -> str:
        """A value of the language in words; `key` is the Struct and key that hold it."""
        match value:
            case Words():
                return words_in(value, self.lang)
            case Moment():
                return self.moment(value, path)
            case Span():
                return phrases.span(value, self.lang)
            case Fraction():
                return phrases.share(value, self.lang)
            case date():
                return phrases.day(value, self.lang)
            case bool() | None | dict():
                return json.dumps(value, ensure_ascii=False, default=str)
            case int():
                return phrases.number(value, self.lang)
            case tuple():
                return phrases.listed([self.value(item, annotation, key, path) for item in value], self.lang, last=last)
            case str():
                return self.name(value, annotation, key)
            case Struct():
                return json.dumps({f: str(getattr(value, f)) for f in value.__struct_fields__}, ensure_ascii=False)
            case _:
                return str(value)

    def name(self, value: str, annotation: Any, key: tuple[type, str]) -> str:
        """A word of the definition: the thing that it refers to, what a fixed value means, or the word itself."""
        refers_to = mark(annotation, "refers_to")
        if refers_to == "bodies" and value in self.policy.bodies:
            return words_in(self.policy.bodies[value].name, self.lang)
        if refers_to == "stages" and value in self.stages:
            return self.stage(self.stages[value])
        if refers_to == "retention" and value in self.policy.retention:
            return words_in(self.policy.retention[value].what, self.lang)
        kind, field = key
        if field in {"timezone", "timezones_shown"}:
            return phrases.place(value)
        tables = [f"{base.__name__}.{field}" for base in kind.__mro__] + [field]
        if refers_to == "channels":
            tables = ["Channel.key"]
        for table in tables:
            if value in self.values.value.get(table, {}):
                return words_in(self.values.value[table][value], self.lang)
        return value

    def stage(self, stage: Stage) -> str:
        """What a stage is called, with its article: its own title, else the name of its kind."""
        if stage.title is not None:
            return words_in(stage.title, self.lang)
        if (title := self.values.stage.get(kind_of(stage))) is not None:
            return self.fill(words_in(title, self.lang), Place(stage, f"stages.{stage.id}", "Policy.stages"))[0]
        return f"“{stage.id}”"

    def moment(self, moment: Moment, path: str) -> str:
        """A moment in words, with its real date when there is one."""
        real = ""
        if path in self.dates:
            others = [zone for zone in self.policy.timezones_shown if zone != self.policy.timezone]
            real = phrases.real_date(self.dates[path], moment.at, self.policy.timezone, others, self.lang)
        return phrases.moment(moment, self.anchor(moment.anchor), self.lang, real=real)

    def anchor(self, anchor: str) -> str:
        """The day that a moment is counted from."""
        if anchor in self.policy.anchors:
            return words_in(self.policy.anchors[anchor], self.lang)
        stage_id, _, key = anchor.partition(".")
        if stage_id not in self.stages:
            return f"“{anchor}”"
        pattern = self.values.moment.get(key, self.values.moment["other"])
        return words_in(pattern, self.lang).replace("{stage}", self.stage(self.stages[stage_id]))


def _amount(value: Any) -> int:
    """How many there are, for choosing between the singular and the plural."""
    match value:
        case int():
            return value
        case Span(n=n):
            return n
        case tuple() | dict():
            return len(value)
        case _:
            return 1
