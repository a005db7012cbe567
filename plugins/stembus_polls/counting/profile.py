"""From the papers as they are read to the ballots as the count sees them, and a digest that fixes them."""

import hashlib
from collections.abc import Mapping

from stembus_ballots.profile import Profile, profile_of
from stembus_polls.contests import Contest
from stembus_polls.paper.reading import Reading
from stembus_polls.paper.settle import Settled


def profile_from(contest: Contest, papers: Mapping[int, Settled], struck: tuple[int, ...]) -> Profile:
    """Return the ballots of a contest. `struck` are the candidates (from 0) whom the count passes over."""
    readings = [papers[number].reading for number in sorted(papers)]
    rankings = [reading.ranking for reading in readings if reading.outcome in ("valid", "blank")]
    return profile_of(
        contest.title,
        [candidate.name for candidate in contest.candidates],
        rankings,
        seats=contest.plan.seats,
        invalid=len(readings) - len(rankings),
        withdrawn=struck,
    )


def papers_digest(salt: str, papers: Mapping[int, Settled]) -> str:
    """Return the SHA-256, in hexadecimal, of the salt and then a line for each paper: number, tab, how it reads.

    The salt (hexadecimal) keeps whoever knows a few papers from guessing the rest of a small box.
    """
    digest = hashlib.sha256(salt.encode())
    for number in sorted(papers):
        digest.update(f"\n{number}\t{_reads(papers[number].reading)}".encode())
    return digest.hexdigest()


def _reads(reading: Reading) -> str:
    if reading.outcome == "valid":
        return " ".join(str(candidate + 1) for candidate in reading.ranking)
    return reading.outcome
