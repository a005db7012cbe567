"""A second opinion on a count: pyrankvote, another program with another rule. It decides nothing.

pyrankvote 2.0.6 spreads the average value of a transfer over all its papers, counts in floating point and draws
ties from a random generator; docs/counting.md tells what follows from that. So a difference is something to
explain, and where chance or a rule that it does not have comes in, the check says that it does not apply.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal, NoReturn

import pyrankvote
from msgspec import Struct
from pyrankvote import helpers

from stembus_ballots.profile import Profile, strike
from stembus_ballots.record import StvRecord

MOST_WORK = 40_000_000
"""Ballots times candidates squared up to which the check runs: 100,000 ballots of 20 candidates take it a second,
and up to half a minute where it compares the later preferences of many candidates with equal votes."""

Why = Literal["method", "constraints", "uncontested", "tie", "lot", "too_large", "chance", "broke_off"]


class Agrees(Struct, frozen=True, tag_field="verdict", tag="agrees"):
    """The other program elects the same people; candidates from 0, in order of the ballot paper."""

    elected: tuple[int, ...]


class Differs(Struct, frozen=True, tag_field="verdict", tag="differs"):
    """The other program elects other people. Both sets, in order of the ballot paper."""

    elected: tuple[int, ...]
    pyrankvote: tuple[int, ...]


class NotApplicable(Struct, frozen=True, tag_field="verdict", tag="not_applicable"):
    """The other program cannot confirm or contradict this count.

    `why`: `method` (it does not have it), `constraints` (nor these), `uncontested` (nothing was counted), `tie`
    (an earlier stage settled one, and it looks at later preferences instead), `lot` (one was drawn here),
    `too_large` (`MOST_WORK` tells what it can do in a reasonable time), `chance` (it wanted to draw a
    tie itself), `broke_off` (it stopped with the error in `detail`).
    """

    why: Why
    detail: str = ""


CrossCheck = Agrees | Differs | NotApplicable


class _WantedChance(Exception):  # noqa: N818 - not an error: the sign that pyrankvote came to a draw
    """pyrankvote asked its random generator."""


class _NoChance:
    """Stands in for the random module inside pyrankvote."""

    @staticmethod
    def choice(options: Sequence[object]) -> NoReturn:
        """Stop the count in place of a draw."""
        raise _WantedChance


_one_at_a_time = threading.Lock()


@contextmanager
def _without_chance() -> Iterator[None]:
    """pyrankvote without its generator: the global one keeps its state, and the first draw is noticed."""
    with _one_at_a_time:
        generator = helpers.random
        helpers.random = _NoChance
        try:
            yield
        finally:
            helpers.random = generator


def cross_check(profile: Profile, record: StvRecord) -> CrossCheck:
    """What pyrankvote makes of the same ballots and seats, beside the record of our count of them.

    `profile` is the one that was counted. Never raises for what pyrankvote does.
    """
    if obstacle := _obstacle(profile, record):
        return obstacle
    try:
        with _without_chance():
            theirs = _their_winners(profile, record.seats)
    except _WantedChance:
        return NotApplicable("chance")
    except (RuntimeError, KeyError, ZeroDivisionError) as error:
        return NotApplicable("broke_off", f"{type(error).__name__}: {error}".strip(" :"))
    ours = tuple(sorted(record.elected))
    return Agrees(ours) if theirs == ours else Differs(ours, theirs)


def _obstacle(profile: Profile, record: StvRecord) -> NotApplicable | None:
    """Why the check would say nothing, known before it runs."""
    if record.constraints:
        return NotApplicable("constraints")
    if record.uncontested or record.seats >= len(record.candidates) - len(record.withdrawn):
        return NotApplicable("uncontested")
    if record.lots:
        return NotApplicable("lot")
    if record.ties:
        return NotApplicable("tie")
    if record.valid * len(record.candidates) ** 2 > MOST_WORK:
        return NotApplicable("too_large", f"{record.valid} ballots, {len(record.candidates)} candidates")
    return None


def _their_winners(profile: Profile, seats: int) -> tuple[int, ...]:
    """Whom pyrankvote elects; candidates are called by their numbers, since it merges equal names silently."""
    gone = set(profile.withdrawn)
    standing = {
        number: pyrankvote.Candidate(str(number)) for number in range(len(profile.candidates)) if number not in gone
    }
    ballots = []
    for ranking, count in strike(profile.groups, gone)[0]:
        ballots += [pyrankvote.Ballot([standing[candidate] for candidate in ranking])] * count
    candidates = list(standing.values())
    if seats == 1:
        result = pyrankvote.instant_runoff_voting(candidates, ballots)
    else:
        result = pyrankvote.single_transferable_vote(candidates, ballots, seats)
    return tuple(sorted(int(winner.name) for winner in result.get_winners()))
