"""Grouped ballots in the shape "ranked-columns": a count, then the candidate at each rank.

    count,choice1,choice2,choice3
    3031,BETSY HODGES,DON SAMUELS,MARK ANDREW
    1445,BETSY HODGES,MARK ANDREW,undervote
    12,overvote,undervote,undervote

An empty cell or `undervote` is a rank that was skipped, `overvote` one that was given to several candidates. What
such a ballot is worth is decided here, once, by an intake rule, so that a count only ever sees clean rankings.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from stembus_ballots.errors import BallotFileError
from stembus_ballots.grouped_rows import Row, grouped_rows
from stembus_ballots.profile import Group, Profile, Ranking

SKIPPED = ("", "undervote")
OVERVOTE = "overvote"


class Intake(Struct, frozen=True, forbid_unknown_fields=True):
    """What a doubtful ranking is worth. The ranks before the doubt always count, unless the ballot is rejected.

    `skipped_ranks`: how many skipped ranks in a row are passed over; one more and the ranking stops there. `overvote`:
    "stop" there, or "reject" the ballot. `repeated` (a candidate who stands on the ballot already): "stop" there,
    "skip" that rank, or "reject" the ballot. The default is the Scottish practice: a ballot counts up to its first
    error.
    """

    skipped_ranks: int = 0
    overvote: Literal["stop", "reject"] = "stop"
    repeated: Literal["stop", "skip", "reject"] = "stop"


SCOTTISH_INTAKE = Intake()


def read_ranked_columns(
    path: Path, *, candidates: Sequence[str] | None = None, intake: Intake = SCOTTISH_INTAKE, seats: int | None = None
) -> Profile:
    """The profile in a file of this shape (UTF-8); its title is the file's name. Raises BallotFileError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BallotFileError(f"{path}: {error.strerror or error}. Check the name of the file.") from error
    except UnicodeDecodeError as error:
        raise BallotFileError(f"{path}: byte {error.start} is not UTF-8 text. Save the file as UTF-8.") from error
    profile = parse_ranked_columns(text, str(path), candidates=candidates, intake=intake, seats=seats)
    return Profile(
        title=path.stem,
        candidates=profile.candidates,
        seats=profile.seats,
        groups=profile.groups,
        blank=profile.blank,
        invalid=profile.invalid,
    )


def parse_ranked_columns(
    text: str,
    file: str = "ballots",
    *,
    candidates: Sequence[str] | None = None,
    intake: Intake = SCOTTISH_INTAKE,
    seats: int | None = None,
) -> Profile:
    """The profile in the text of such a file; `file` names it in errors.

    Candidates are numbered in the order given. Where none is given, every name in the file is a candidate, in
    alphabetical order. A ballot that skips every rank is blank; one that is rejected, or that has no preference
    before its first error, is invalid. Raises BallotFileError with the line.
    """
    headings, rows = grouped_rows(text, file)
    rows = [row._replace(cells=tuple(" ".join(cell.split()) for cell in row.cells)) for row in rows]
    expected = tuple(f"choice{rank}" for rank in range(1, len(headings) + 1))
    if not headings or headings != expected:
        raise BallotFileError(
            f"{file}, line 1: the headings of the shape ranked-columns are count,choice1,choice2,… "
            f"and here they are count,{' '.join(','.join(headings).split())}."
        )
    names = tuple(candidates) if candidates is not None else _names(rows)
    numbers = {name: number for number, name in enumerate(names)}
    if len(numbers) < len(names):
        raise BallotFileError(f"{file}: two of the candidates given have the same name: make the names differ.")
    counts: Counter[Ranking | None] = Counter()
    blank = 0
    for row in rows:
        if len(row.cells) != len(headings):
            raise BallotFileError(
                f"{row.where}: {len(row.cells)} ranks where the headings announce {len(headings)}: fill the line up."
            )
        if all(cell in SKIPPED for cell in row.cells):
            blank += row.ballots
        else:
            counts[_ranking(row, numbers, intake)] += row.ballots
    invalid = counts.pop(None, 0)
    groups = tuple(Group(ranking, counts[ranking]) for ranking in sorted(filter(None, counts)))
    return Profile(title=file, candidates=names, seats=seats, groups=groups, blank=blank, invalid=invalid)


def _names(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(sorted({cell for row in rows for cell in row.cells} - {*SKIPPED, OVERVOTE}))


def _ranking(row: Row, numbers: dict[str, int], intake: Intake) -> Ranking | None:
    """The clean ranking of a row, None where the ballot is invalid."""
    ranking: list[int] = []
    skipped = 0
    for cell in row.cells:
        if cell in SKIPPED:
            skipped += 1
            if skipped > intake.skipped_ranks:
                break
            continue
        skipped = 0
        if cell == OVERVOTE:
            if intake.overvote == "reject":
                return None
            break
        if cell not in numbers:
            raise BallotFileError(f"{row.where}: “{cell}” is none of the candidates: correct the name.")
        if numbers[cell] in ranking:
            if intake.repeated == "reject":
                return None
            if intake.repeated == "stop":
                break
            continue
        ranking.append(numbers[cell])
    return tuple(ranking) or None
