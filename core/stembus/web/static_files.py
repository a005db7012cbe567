"""The files of the design: read once at the start, and named with a digest so that a browser may keep them."""

import hashlib
import mimetypes
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

STATIC = Path(__file__).parent / "static"


class StaticFile(NamedTuple):
    """One file as it is served; `version` is made from its content."""

    content: bytes
    media_type: str
    version: str


def read_static(folder: Traversable = STATIC, prefix: str = "") -> dict[str, StaticFile]:
    """Return every file in a folder by its name ("built/htmx.min.js"); nothing else is ever served."""
    found: dict[str, StaticFile] = {}
    for entry in folder.iterdir():
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            found.update(read_static(entry, f"{name}/"))
        else:
            content = entry.read_bytes()
            kind = mimetypes.guess_type(entry.name)[0] or "application/octet-stream"
            media_type = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
            found[name] = StaticFile(content, media_type, hashlib.sha256(content).hexdigest()[:12])
    return found
