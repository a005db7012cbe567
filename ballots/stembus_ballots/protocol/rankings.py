"""How a ranking becomes the numbers of a ranked question, and which numbers are a ranking at all.

The number of an answer is the place that the ballot gives it, 1 for the first preference, 0 for none. The question's
`extra` says so, before anyone votes: what its numbers mean, and whether trustees must give a side file.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from stembus_ballots.profile import Group, Profile, Ranking
from stembus_ballots.protocol.election import Ranked
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.weak import Tiers

Values = tuple[int, ...]


class Meaning(Struct, frozen=True, forbid_unknown_fields=True, tag="Stembus"):
    """The `extra` of our ranked questions.

    `places` is "strict" where no two answers may share a place, "ties" where they may. `side_files` says that a
    decryption without its side file does not count.
    """

    places: Literal["strict", "ties"]
    side_files: bool


def extra_of(meaning: Meaning) -> dict[str, object]:
    """The `extra` of a question with this meaning."""
    extra: dict[str, object] = msgspec.to_builtins(meaning)
    return extra


def meaning_of(question: Ranked) -> Meaning | None:
    """What a question says about its numbers, or None where it was not made by Stembus.

    Raises ProtocolError where it says that it was and cannot be read.
    """
    if question.extra is None or question.extra.get("type") != "Stembus":
        return None
    try:
        return msgspec.convert(question.extra, Meaning)
    except msgspec.ValidationError as error:
        raise ProtocolError("election.question", f"The extra of a ranked question: {str(error)[:200]}.") from error


def values_of(ranking: Ranking, candidates: int) -> Values:
    """The numbers of a ranking of candidates (from 0, first preference first). The empty ranking is blank."""
    if len(set(ranking)) < len(ranking) or not all(0 <= candidate < candidates for candidate in ranking):
        raise ProtocolError("ballot.ranking", f"{list(ranking)} is not a ranking of {candidates} candidates.")
    values = [0] * candidates
    for place, candidate in enumerate(ranking, 1):
        values[candidate] = place
    return tuple(values)


def ranking_of(values: Sequence[int]) -> Ranking | None:
    """The ranking in these numbers, or None where they are not the places 1, 2, 3 … each given once."""
    placed = sorted((place, candidate) for candidate, place in enumerate(values) if place)
    if [place for place, _candidate in placed] != list(range(1, len(placed) + 1)):
        return None
    return tuple(candidate for _place, candidate in placed)


def tiers_of(values: Sequence[int]) -> Tiers | None:
    """The ranking with shared places in these numbers, or None where a place is left out."""
    places = sorted(set(values) - {0})
    if places != list(range(1, len(places) + 1)):
        return None
    return tuple(tuple(c for c, at in enumerate(values) if at == place) for place in places)


def profile_of(question: Ranked, lines: Sequence[Values], invalid: Collection[int]) -> Profile:
    """The ballots of a ranked question without shared places, as the counting rules take them.

    `invalid` are the places in `lines` of those that are no ballot. Raises ProtocolError(ballot.ranking) for another
    that is none.
    """
    counts: Counter[Ranking] = Counter()
    for at, line in enumerate(lines):
        if at in invalid:
            continue
        ranking = ranking_of(line)
        if ranking is None:
            raise ProtocolError("ballot.ranking", f"{list(line)} is not a ranking without shared places.")
        counts[ranking] += 1
    blank = counts.pop((), 0)
    return Profile(
        title=question.value.question,
        candidates=question.value.answers,
        seats=None,
        groups=tuple(Group(ranking, counts[ranking]) for ranking in sorted(counts)),
        blank=blank,
        invalid=len(invalid),
    )


def is_canonical(values: Sequence[int], meaning: Meaning | None) -> bool:
    """Whether these numbers are a ballot under the meaning of the question; without one, whatever fits is."""
    if meaning is None:
        return True
    return (ranking_of(values) if meaning.places == "strict" else tiers_of(values)) is not None
