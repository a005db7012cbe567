"""Reading a version of a document from a folder: `document.toml` and a Markdown file for each language."""

from importlib.resources.abc import Traversable
from pathlib import Path

from stembus.documents.composing import ABOUT, Fault, composed, file_of
from stembus.documents.version import About, DocumentVersion
from stembus.errors import UnusableInput
from stembus.text_file import read_text
from stembus_procedures import PolicyError
from stembus_procedures.loading import load_document
from stembus_procedures.text import LANGS


def read_document(folder: Path | Traversable) -> DocumentVersion:
    """Read the version in `folder` and check it.

    Raises `UnusableInput` with every mistake in the texts, one a line, each with the file and the line.
    """
    if not folder.is_dir():
        raise UnusableInput(
            "There is no folder {folder}: name the one that holds {about} and the texts.", folder=folder, about=ABOUT
        )
    try:
        about = load_document(read_text(folder / ABOUT), About)
    except PolicyError as error:
        raise UnusableInput(error.sentence_about(f"{folder / ABOUT}")) from None
    texts = {lang: read_text(folder / file_of(lang)) for lang in LANGS if (folder / file_of(lang)).is_file()}
    version, faults = composed(about, texts)
    whole, inside = ([fault for fault in faults if (fault.line is None) is is_whole] for is_whole in (True, False))
    mistakes = [
        *(_told(folder, fault) for fault in whole),
        *_misplaced(folder),
        *(_told(folder, fault) for fault in inside),
    ]
    if mistakes:
        raise UnusableInput("\n".join(mistakes))
    return version


def _misplaced(folder: Path | Traversable) -> list[str]:
    """Return which files belong to no language."""
    files = {file_of(lang) for lang in LANGS} | {ABOUT}
    return [
        f"{folder / name} belongs to no language: the texts are {', '.join(file_of(lang) for lang in LANGS)}."
        for name in sorted(entry.name for entry in folder.iterdir())
        if name not in files and not name.startswith(".")
    ]


def _told(folder: Path | Traversable, fault: Fault) -> str:
    place = folder / fault.file
    if fault.line is not None:
        return f"{place}, line {fault.line}: {fault.text}"
    return f"{place}, {fault.text}" if fault.file == ABOUT else f"{place} {fault.text}"
