"""A text that a form sends: typed, or as a file."""

from litestar.datastructures import UploadFile

from stembus.errors import UnusableInput
from stembus.words import N_

MOST_BYTES = 1024 * 1024
"""No text that people adopt comes near this."""


def sent_text(file: UploadFile | None, typed: str, *, field: str = "file") -> str:
    """Return what was sent, the file before what was typed, with line ends as in Unix; empty when it is neither.

    Raises `UnusableInput` when the file is not text in UTF-8.
    """
    if file is None or not file.filename:
        return _unix(typed)
    try:
        return _unix(file.file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UnusableInput(
            N_("This is not text in UTF-8: check that it is the right file, or save it so."), field=field
        ) from None


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
