"""A sentence for people, kept as a template with its values so that it can be told in another language too."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def N_(message: str) -> str:  # noqa: N802  (the name that gettext's tools look for)
    """Mark a message for translation later, with {places} for its values. It is returned as it is."""
    return message


class Sentence:
    """A template such as "{name} has no dates." and its values; `str()` is the English sentence.

    Without values the template is the sentence, braces and all. A value is only put in, never looked into for
    places; it may be a sentence itself, words in each language (`nl`, `en`), a moment in the zone of who reads it,
    or a list.
    """

    template: str
    values: Mapping[str, Any]

    def __init__(self, template: str, /, **values: object) -> None:
        self.template = template
        self.values = values

    def __str__(self) -> str:
        if not self.values:
            return self.template
        return self.template.format_map({name: _in_english(value) for name, value in self.values.items()})

    def __eq__(self, other: object) -> bool:
        if isinstance(self, Exception) or type(self) is not type(other):
            return self is other
        return (self.template, self.values) == (other.template, other.values)

    def __hash__(self) -> int:
        return hash(self.template)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


def _in_english(value: Any) -> Any:
    match value:
        case str() | Sentence():
            return str(value)
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case list() | tuple():
            return ", ".join(str(_in_english(one)) for one in value)
        case _:
            return getattr(value, "en", value)
