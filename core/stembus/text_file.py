"""Reading a file that a person names."""

from importlib.resources.abc import Traversable
from pathlib import Path

from stembus.errors import UnusableInput


def read_text(path: Path | Traversable) -> str:
    """Return the text in a file in UTF-8, without the byte order mark that some editors put before it.

    Raises `UnusableInput` that says why it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UnusableInput("There is no file {path}: check its name.", path=path) from None
    except UnicodeDecodeError:
        raise UnusableInput(
            "{path} is not text in UTF-8: check that it is the right file, or save it so.", path=path
        ) from None
    except OSError as error:
        raise UnusableInput("{path} cannot be read: {reason}.", path=path, reason=error.strerror) from None
