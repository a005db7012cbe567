"""The ballots of one election as the counting rules see them: rankings, and how often each was given."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct

from stembus_ballots.errors import CountError

Ranking = tuple[int, ...]


class Group(NamedTuple):
    """Ballots with the same ranking: candidates from 0, most preferred first, none twice; `count` of them."""

    ranking: Ranking
    count: int  # type: ignore[assignment]  # the tuple method of this name is of no use here


class Profile(Struct, frozen=True):
    """Clean strict rankings, grouped. Whatever a ballot may do wrong was decided at intake, before this.

    `candidates` are names in the order of the ballot paper; everything else names a candidate by place in it,
    from 0. `seats` is what the file says, if it says it. `blank` papers rank nobody and are no valid votes;
    `invalid` papers were refused at intake. `withdrawn` candidates are struck from all rankings before a count.
    """

    title: str
    candidates: tuple[str, ...]
    seats: int | None
    groups: tuple[Group, ...]
    blank: int
    invalid: int = 0
    withdrawn: tuple[int, ...] = ()

    @property
    def valid(self) -> int:
        """How many ballots rank at least one candidate."""
        return sum(group.count for group in self.groups)


def group_ballots(rankings: Iterable[Ranking]) -> tuple[Group, ...]:
    """One group for each distinct ranking, sorted by ranking, so that the same ballots give the same groups.

    Raises CountError for an empty ranking (a blank ballot is counted apart, as `Profile.blank`).
    """
    counts = Counter(rankings)
    if () in counts:
        raise CountError("A ranking without candidates is a blank ballot: count it as blank, not in a group.")
    return tuple(Group(ranking, counts[ranking]) for ranking in sorted(counts))


def profile_of(
    title: str,
    candidates: Sequence[str],
    rankings: Iterable[Sequence[int]],
    *,
    seats: int | None = None,
    invalid: int = 0,
    withdrawn: Iterable[int] = (),
) -> Profile:
    """A profile of single ballots; a ballot without candidates is counted as blank.

    Raises CountError where a ballot names a candidate that does not exist, or one candidate twice.
    """
    counts = Counter(tuple(ranking) for ranking in rankings)
    blank = counts.pop((), 0)
    for ranking in counts:
        if problem := ranking_problem(ranking, len(candidates)):
            raise CountError(f"{title}: ballot {list(ranking)}: {problem}.")
    return Profile(
        title=title,
        candidates=tuple(candidates),
        seats=seats,
        groups=tuple(Group(ranking, counts[ranking]) for ranking in sorted(counts)),
        blank=blank,
        invalid=invalid,
        withdrawn=tuple(sorted(set(withdrawn))),
    )


def ranking_problem(ranking: Ranking, candidates: int) -> str | None:
    """What is wrong with a ranking of `candidates` candidates (from 0), or None."""
    if len(set(ranking)) != len(ranking):
        twice = next(c for place, c in enumerate(ranking) if c in ranking[:place])
        return f"candidate {twice} stands in it twice"
    for candidate in ranking:
        if not 0 <= candidate < candidates:
            return f"candidate {candidate} does not exist (there are {candidates}, from 0)"
    return None


def strike(groups: Iterable[Group], struck: Iterable[int]) -> tuple[tuple[Group, ...], int]:
    """Groups without the struck candidates, and how many ballots that left empty. The next preference moves up.

    The Scottish order has no such rule (there a candidate's death means a new poll): it is the party's own.
    """
    gone = frozenset(struck)
    if not gone:
        return tuple(groups), 0
    struck_groups = merged(Group(tuple(c for c in ranking if c not in gone), count) for ranking, count in groups)
    if struck_groups and not struck_groups[0].ranking:
        return tuple(struck_groups[1:]), struck_groups[0].count
    return tuple(struck_groups), 0


def merged(groups: Iterable[Group]) -> list[Group]:
    """The same ballots with each ranking in one group, sorted by ranking."""
    counts: Counter[Ranking] = Counter()
    for ranking, count in groups:
        counts[ranking] += count
    return [Group(ranking, counts[ranking]) for ranking in sorted(counts)]
