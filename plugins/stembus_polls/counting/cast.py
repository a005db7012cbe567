"""What goes into a count: papers that were read one by one, or the sums of ballots of which nothing else is known.

A method that counts sums makes them of papers too, so that box and paper take one path. One that needs each ballot
never gets sums: its ballots are mixed and opened one by one, and not added up.
"""

import hashlib
from collections.abc import Mapping

import msgspec

from stembus_ballots.profile import Profile, profile_of
from stembus_ballots.sums import Sums
from stembus_polls.contests import Contest
from stembus_polls.paper.forms import form_of
from stembus_polls.paper.reading import Reading
from stembus_polls.paper.settle import Settled

Cast = Mapping[int, Settled] | Sums
"""Papers by number, or sums."""


def ballots_cast(cast: Cast) -> int:
    """Return how many ballots there are, whatever they are worth."""
    return cast.ballots if isinstance(cast, Sums) else len(cast)


def all_the_same(cast: Cast) -> bool:
    """Whether everybody who voted chose the same, so that the result tells of each what they chose."""
    if isinstance(cast, Sums):
        kinds = [number for number in (cast.valid, cast.blank, cast.invalid) if number]
        return len(kinds) == 1 and all(cell in (0, cast.valid) for row in cast.rows for cell in row)
    return len({(one.reading.outcome, one.reading.choices) for one in cast.values()}) == 1


def profile_from(contest: Contest, cast: Cast, struck: tuple[int, ...]) -> Profile:
    """Return the ranked ballots of a contest. `struck` are the candidates (from 0) whom the count passes over.

    Raises ValueError for sums: no ranking is in them.
    """
    if isinstance(cast, Sums):
        raise ValueError(f"{contest.title}: only the sums of the ballots are known, so no ballot ranks anybody.")
    readings = [cast[number].reading for number in sorted(cast)]
    rankings = [reading.choices for reading in readings if reading.outcome in ("valid", "blank")]
    return profile_of(
        contest.title,
        [candidate.name for candidate in contest.candidates],
        rankings,
        seats=contest.plan.seats,
        invalid=len(readings) - len(rankings),
        withdrawn=struck,
    )


def sums_from(contest: Contest, cast: Cast) -> Sums:
    """Return the sums of the ballots of a contest. Raises ValueError where its papers are not added up."""
    if isinstance(cast, Sums):
        return cast
    add_up = form_of(contest).add_up
    if add_up is None:
        raise ValueError(f"{contest.title}: each ballot counts on its own, and their sums mean nothing.")
    return add_up(contest, [settled.reading for settled in cast.values()])


def cast_digest(salt: str, cast: Cast) -> str:
    """Return the SHA-256, in hexadecimal, of the salt and then a line for each paper: number, tab, how it reads.

    Of sums: the salt, a line end, and the sums as JSON. The salt (hexadecimal) keeps whoever knows a few papers from
    guessing the rest of a small box.
    """
    digest = hashlib.sha256(salt.encode())
    if isinstance(cast, Sums):
        digest.update(b"\n" + msgspec.json.encode(cast))
        return digest.hexdigest()
    for number in sorted(cast):
        digest.update(f"\n{number}\t{_reads(cast[number].reading)}".encode())
    return digest.hexdigest()


def _reads(reading: Reading) -> str:
    if reading.outcome == "valid":
        return " ".join(str(choice + 1) for choice in reading.choices)
    return reading.outcome
