"""Ballot files in the .blt format: candidates and seats, one line for each ranking, then the names.

    3 2            candidates, seats
    -2             candidate 2 has withdrawn (optional; several on one line)
    12 3 1 0       twelve ballots: candidate 3, then candidate 1
    4 0            four blank ballots
    0              end of the ballots
    "Ada Bos"      one name for each candidate, then the title
    "Bo Dijk"
    "Cis Eik"
    "Ward 1"

Numbers in the file start at 1. A ranking ends at its 0, or at the end of the line where the 0 is missing (the
ERS97 model file does that). Source: Hill, Wichmann and Woodall, "Algorithm 123", Computer Journal 30 (1987), as
OpenSTV and the Scottish councils write it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from stembus_ballots.errors import BallotFileError
from stembus_ballots.profile import Group, Profile, Ranking

NUMBER = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
WITHDRAWN = re.compile(r"-[0-9]{1,18}(?: +-[0-9]{1,18})*", re.ASCII)
ALTERNATIVE_NAME = re.compile(r"# ALTERNATIVE NAME ([0-9]{1,18}): (.*)", re.ASCII)
NAME_WITH_PARTY = re.compile(r'([^"]*[^" ]) "(.*)"')


def read_blt(path: Path) -> Profile:
    """The profile in a .blt file (UTF-8). Raises BallotFileError, also where there is no such file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BallotFileError(f"{path}: {error.strerror or error}. Check the name of the file.") from error
    except UnicodeDecodeError as error:
        raise BallotFileError(
            f"{path}: byte {error.start} is not UTF-8 text. Save the file as UTF-8, or check that it is a .blt file."
        ) from error
    return parse_blt(text, str(path))


def parse_blt(text: str, where: str = "ballots") -> Profile:
    """The profile in the text of a .blt file; `where` names the file in errors.

    Raises BallotFileError with the line number for whatever is not as the format says: nothing is guessed.
    """
    lines = text.replace("\t", " ").splitlines()
    numbered = ((number, line.strip()) for number, line in enumerate(lines, 1) if line.strip())
    candidates, seats = _header(numbered, where)
    if candidates > len(lines):
        raise _fault(where, 1, f"{candidates} candidates are announced in a file of {len(lines)} lines: correct that.")
    counts, withdrawn = _papers(numbered, candidates, where)
    blank = counts.pop((), 0)
    groups = tuple([Group(ranking, counts[ranking]) for ranking in sorted(counts)])
    names, title = _names(numbered, candidates, where)
    return Profile(title=title, candidates=names, seats=seats, groups=groups, blank=blank, withdrawn=withdrawn)


def _fault(where: str, line: int, what: str) -> BallotFileError:
    return BallotFileError(f"{where}, line {line}: {what}")


def _header(lines: Iterator[tuple[int, str]], where: str) -> tuple[int, int]:
    number, line = next(lines, (1, ""))
    parts = line.split()
    if len(parts) != 2 or not all(map(NUMBER.fullmatch, parts)):
        raise _fault(
            where, number, f"expected “candidates seats”, two numbers, and found “{line[:40]}”: is this a .blt file?"
        )
    candidates, seats = map(int, parts)
    if candidates < 1 or seats < 1:
        raise _fault(where, number, f"{candidates} candidates and {seats} seats: both must be at least 1.")
    return candidates, seats


def _papers(
    lines: Iterator[tuple[int, str]], candidates: int, where: str
) -> tuple[dict[Ranking, int], tuple[int, ...]]:
    """How many ballots have each ranking, and who has withdrawn; reads on to the 0 that ends the ballots."""
    counts: dict[Ranking, int] = {}
    withdrawn: set[int] = set()
    known: dict[str, Ranking] = {}  # a file with a line for each single ballot repeats itself
    places = {str(number + 1): number for number in range(candidates)}
    number = 1
    for number, line in lines:
        if line == "0":
            return counts, tuple(sorted(withdrawn))
        if line[0] == "-" and not counts and WITHDRAWN.fullmatch(line):
            withdrawn |= _withdrawn(line, candidates, where, number)
            continue
        papers, _, preferences = line.partition(" ")
        if not NUMBER.fullmatch(papers):
            raise _fault(where, number, _not_a_ballot(line))
        ranking = known.get(preferences)
        if ranking is None:
            ranking = known[preferences] = _ranking(preferences.split(), places, line, where, number)
        if papers == "0":
            raise _fault(where, number, f"“{line[:40]}” says 0 ballots: leave the line out.")
        counts[ranking] = counts.get(ranking, 0) + int(papers)
    raise _fault(where, number, "the file ends before the line “0” that ends the ballots: it may be cut off.")


def _ranking(cells: list[str], places: dict[str, int], line: str, where: str, number: int) -> Ranking:
    if not cells:
        raise _fault(where, number, f"“{line}” has a number of ballots but no ranking and no 0.")
    if cells[-1] == "0":
        cells.pop()
    try:
        ranking = tuple([places[cell] for cell in cells])
    except KeyError as unknown:
        raise _fault(where, number, _cell_fault(str(unknown.args[0]), line, len(places))) from unknown
    if len(set(ranking)) < len(ranking):
        twice = next(cell for place, cell in enumerate(cells) if cell in cells[:place])
        what = f"the ballot ranks candidate {twice} twice: decide at intake how such a ballot counts."
        raise _fault(where, number, what)
    return ranking


def _cell_fault(cell: str, line: str, candidates: int) -> str:
    if cell == "0":
        return "there is more after the 0 that ends the ranking: put each ranking on a line of its own."
    if NUMBER.fullmatch(cell):
        return f"the ballot ranks candidate {cell}, but there are {candidates} candidates."
    return _not_a_ballot(line)


def _not_a_ballot(line: str) -> str:
    if "=" in line:
        return f"“{line[:40]}” ranks candidates equally; these counting rules need one candidate at each rank."
    if re.match(r"[0-9]", line):
        return (
            f"“{line[:40]}” is not a ballot: expected whole numbers, first how many ballots, then the candidates "
            "in order, then 0."
        )
    return f"found “{line[:40]}” among the ballots: end the ballots with a line “0” before the names."


def _withdrawn(line: str, candidates: int, where: str, number: int) -> set[int]:
    named = {-int(part) for part in line.split()}
    for candidate in sorted(named):
        if not 1 <= candidate <= candidates:
            raise _fault(where, number, f"candidate {candidate} has withdrawn but there are {candidates} candidates.")
    return {candidate - 1 for candidate in named}


def _names(lines: Iterator[tuple[int, str]], candidates: int, where: str) -> tuple[tuple[str, ...], str]:
    names: list[str] = []
    number = 0
    for number, line in lines:
        if len(names) == candidates + 1:
            raise _fault(where, number, f"found more than {candidates} names and a title: “{line[:40]}”.")
        if len(names) == candidates:
            names.append(_unquoted(line))
            continue
        name = _name(line, len(names) + 1, where, number)
        if name in names:
            raise _fault(where, number, f"two candidates are called “{name}”: make the names differ.")
        names.append(name)
    if len(names) < candidates:
        end = f"line {number}" if number else "the end"
        raise BallotFileError(
            f"{where}, {end}: {candidates} candidates are announced but {len(names)} names follow the ballots."
        )
    return tuple(names[:candidates]), names[candidates] if len(names) > candidates else ""


def _name(line: str, place: int, where: str, number: int) -> str:
    """A name as people write it: a party in (doubled) quotation marks after it comes between brackets."""
    if alternative := ALTERNATIVE_NAME.fullmatch(line):
        if int(alternative[1]) != place:
            raise _fault(where, number, f"expected the name of candidate {place} and found that of {alternative[1]}.")
        line = alternative[2].strip()
    quoted, line = line, _unquoted(line)
    if line != quoted and (with_party := NAME_WITH_PARTY.fullmatch(line)):
        line = f"{with_party[1]} ({with_party[2]})"
    if not line:
        raise _fault(where, number, f"the name of candidate {place} is empty.")
    return line


def _unquoted(line: str) -> str:
    if len(line) >= 2 and line[0] == line[-1] == '"':
        return line[1:-1].replace('""', '"').strip()
    return line


def write_blt(profile: Profile, seats: int | None = None) -> str:
    """The text of a .blt file with this profile; `seats` where the profile does not say them.

    Reading it gives the same profile, but for `invalid` (the format has no place for it). Raises ValueError
    where neither says the number of seats, or a name holds a line break.
    """
    seats = seats or profile.seats
    if seats is None:
        raise ValueError(f"{profile.title}: a .blt file says the number of seats; give it.")
    if any("\n" in name or "\r" in name for name in (*profile.candidates, profile.title)):
        raise ValueError(f"{profile.title}: a name in a .blt file cannot hold a line break.")
    out = [f"{len(profile.candidates)} {seats}"]
    if profile.withdrawn:
        out.append(" ".join(str(-1 - candidate) for candidate in profile.withdrawn))
    if profile.blank:
        out.append(f"{profile.blank} 0")
    numbers = [str(candidate + 1) for candidate in range(len(profile.candidates))]
    for ranking, count in profile.groups:
        out.append(f"{count} {' '.join([numbers[candidate] for candidate in ranking])} 0")
    out.append("0")
    out += ['"' + name.replace('"', '""') + '"' for name in (*profile.candidates, profile.title)]
    return "\n".join(out) + "\n"
