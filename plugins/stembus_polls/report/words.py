"""The words of the report that do not come from its content; words.toml has them in Dutch and English, side by side."""

from functools import cache
from importlib.resources import files

import msgspec

from .content import Language


def say(lang: Language, key: str, /, **values: object) -> str:
    """The words of a key in a language, with its places filled. Raises KeyError for a key that does not exist."""
    return words()[key][0 if lang == "nl" else 1].format(**values)


@cache
def words() -> dict[str, tuple[str, str]]:
    """All words: for each key the Dutch and the English."""
    text = files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    return msgspec.toml.decode(text, type=dict[str, tuple[str, str]])
