"""Files of ballots: which shape one has, and the ballots in it."""

import re
from pathlib import Path
from typing import Literal, get_args

import msgspec

from stembus_ballots.approval import ApprovalProfile, read_approval
from stembus_ballots.blt import parse_blt
from stembus_ballots.errors import BallotFileError
from stembus_ballots.grouped_csv import parse_ranked_columns
from stembus_ballots.profile import Profile
from stembus_ballots.weak import WeakProfile, read_rank_per_option

Shape = Literal["blt", "ranked-columns", "rank-per-option", "approval"]
SHAPES: tuple[Shape, ...] = get_args(Shape)
Ballots = Profile | WeakProfile | ApprovalProfile

# What the first line of each shape looks like; a .blt file may put its numbers on lines of their own.
FIRST_LINES: tuple[tuple[Shape, re.Pattern[str]], ...] = (
    ("blt", re.compile(r"\s*\d+\s+\d+\s")),
    ("ranked-columns", re.compile(r'\s*"?count"?\s*[,;\t]\s*"?choice', re.IGNORECASE)),
    ("rank-per-option", re.compile(r'\s*"?count"?\s*[,;\t]\s*"?option', re.IGNORECASE)),
    ("approval", re.compile(r'\s*"?count"?\s*[,;\t]\s*"?approved', re.IGNORECASE)),
)


def read_ballots(path: Path, shape: Shape | None = None) -> Ballots:
    """The ballots in a file; its shape is recognised by the first line unless it is given.

    A file without a title of its own is called by its name without the ending. Raises BallotFileError.
    """
    text = _text(path)
    file = path.name
    match shape or recognise(text, file):
        case "blt":
            profile = parse_blt(text, file)
            return msgspec.structs.replace(profile, title=profile.title or path.stem)
        case "ranked-columns":
            return msgspec.structs.replace(parse_ranked_columns(text, file), title=path.stem)
        case "rank-per-option":
            return read_rank_per_option(text, path.stem, file)
        case "approval":
            return read_approval(text, path.stem, file)


def recognise(text: str, file: str) -> Shape:
    """The shape of a file's text. Raises BallotFileError where it is empty or begins like none of them."""
    if not text.strip():
        raise BallotFileError(f"{file}: the file is empty; give a file with ballots.")
    for shape, first_line in FIRST_LINES:
        if first_line.match(text):
            return shape
    line = text.lstrip().splitlines()[0].strip()
    raise BallotFileError(
        f"{file}, line 1: “{line[:40]}” begins no shape of ballot file that is known; give a .blt file, or a table "
        f"whose second heading is choice1, option_1 or approved, or say which it is with --format."
    )


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except IsADirectoryError as error:
        raise BallotFileError(f"{path} is a folder; give the file with the ballots.") from error
    except FileNotFoundError as error:
        raise BallotFileError(f"{path} does not exist; check the name of the file.") from error
    except OSError as error:
        raise BallotFileError(f"{path} cannot be read ({error.strerror}); check the file and its rights.") from error
    except UnicodeDecodeError as error:
        raise BallotFileError(
            f"{path}: byte {error.start + 1} is not UTF-8 text; save the file as UTF-8, or check that it is a "
            "file of ballots."
        ) from error
