"""Reading a version of a document from a folder: `document.toml` and a Markdown file for each language."""

import tomllib
import unicodedata
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from stembus.documents.markdown import problems
from stembus.documents.version import About, DocumentText, DocumentVersion
from stembus.errors import UnusableInput
from stembus.text_file import read_text
from stembus_procedures.text import LANGS, Lang
from stembus_procedures.text.frozen import text_hash

ABOUT = "document.toml"
MAX_CHARACTERS = 400_000


def read_document(folder: Path | Traversable) -> DocumentVersion:
    """Read the version in `folder` and check it.

    Raises `UnusableInput` with every mistake in the texts, one a line, each with the file and the line.
    """
    if not folder.is_dir():
        raise UnusableInput(
            "There is no folder {folder}: name the one that holds {about} and the texts.", folder=folder, about=ABOUT
        )
    try:
        about = msgspec.convert(tomllib.loads(read_text(folder / ABOUT)), About)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UnusableInput(
            "{file}: {error}. Correct that and try again.", file=folder / ABOUT, error=str(error)
        ) from None
    wanted = [lang for lang in LANGS if lang != "nl-simple" or about.readers == "members" or _has(folder, lang)]
    mistakes = _misplaced(folder, about, wanted)
    texts = []
    for lang in wanted:
        if _has(folder, lang):
            text, found = _read(folder / _file(lang))
            texts.append(DocumentText(lang=lang, sha256=text_hash(text), markdown=text))
            mistakes += found
    if mistakes:
        raise UnusableInput("\n".join(mistakes))
    return DocumentVersion(about=about, texts=tuple(texts))


def _misplaced(folder: Path | Traversable, about: About, wanted: list[Lang]) -> list[str]:
    """Return which files are missing or belong to no language, and which title is."""
    mistakes = [
        f"{folder / _file(lang)} is missing: members read every document in easy Dutch too."
        if lang == "nl-simple"
        else f"{folder / _file(lang)} is missing: write the text in that language."
        for lang in wanted
        if not _has(folder, lang)
    ]
    files = {_file(lang) for lang in LANGS} | {ABOUT}
    mistakes += [
        f"{folder / name} belongs to no language: the texts are {', '.join(_file(lang) for lang in LANGS)}."
        for name in sorted(entry.name for entry in folder.iterdir())
        if name not in files and not name.startswith(".")
    ]
    for key, words in (("title", about.title), ("changes", about.changes)):
        mistakes += [
            f"{folder / ABOUT}, {key}.{field}: it is empty; write it."
            for field in ("nl", "en")
            if words is not None and not getattr(words, field).strip()
        ]
    return mistakes


def _read(path: Path | Traversable) -> tuple[str, list[str]]:
    text = unicodedata.normalize("NFC", read_text(path))
    if len(text) > MAX_CHARACTERS:
        raise UnusableInput(
            "{file} is longer than {most} characters: is it the right file?", file=path, most=MAX_CHARACTERS
        )
    return text, [f"{path}, line {problem.line}: {problem.text}" for problem in problems(text)]


def _file(lang: Lang) -> str:
    return f"{lang}.md"


def _has(folder: Path | Traversable, lang: Lang) -> bool:
    return (folder / _file(lang)).is_file()
