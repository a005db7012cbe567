"""Condorcet with quorum, majority ratio and default option, as in the Debian Constitution, section A.5.

Options are counted from 0 here, as everywhere in the counting rules. The sections' numbers are those of the text
as it stood until 2021 (section A.6); Schulze's method gives the same winner as its cloneproof Schwartz sequential
dropping (M. Schulze, Social Choice and Welfare 36 (2011) 267-303).
"""

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from itertools import permutations
from typing import Literal

from msgspec import Struct

from stembus_ballots.errors import CountError
from stembus_ballots.weak import WeakProfile

Matrix = tuple[tuple[int, ...], ...]
Defeat = tuple[int, int]


class CondorcetRule(Struct, frozen=True):
    """What an option must reach against the default option before it takes part.

    `default_option`: the option (from 0) that stands for "none of these"; without one there is no quorum and no
    majority. `quorum`: votes over the default option that every other option needs at least. `majority`: for each
    option but the default, in order, how many times more votes must prefer it to the default than the other way
    round; empty means 1 for each.
    """

    default_option: int | None = None
    quorum: Fraction = Fraction(0)
    majority: tuple[Fraction, ...] = ()


class QuorumCheck(Struct, frozen=True):
    """Votes that prefer an option to the default, beside the quorum."""

    option: int
    votes_over_default: int
    quorum: Fraction
    met: bool


class MajorityCheck(Struct, frozen=True):
    """Votes for an option over the default and against it, beside the ratio it needs."""

    option: int
    for_: int
    against: int
    required: Fraction
    met: bool


class Dropped(Struct, frozen=True):
    """An option that takes no further part, and what it did not reach."""

    option: int
    reason: Literal["Quorum", "Majority"]


class DroppedDefeats(Struct, frozen=True):
    """The weakest defeats inside a Schwartz set: `votes` for and `against` in each; all are dropped together."""

    schwartz_set: tuple[int, ...]
    defeats: tuple[Defeat, ...]
    votes: int
    against: int


class CondorcetRecord(Struct, frozen=True):
    """The whole count. `beat_matrix[a][b]`: ballots that rank a strictly above b; its diagonal is 0.

    `schwartz_set` is that of all defeats between the options that take part, before any defeat is dropped;
    `cycles` are the steps after it, empty without a cycle. `winners`: one option, or several between which
    whoever has the casting vote chooses (`casting_vote_needed`); the count never chooses for them.
    """

    beat_matrix: Matrix
    quorum: tuple[QuorumCheck, ...]
    majority: tuple[MajorityCheck, ...]
    dropped: tuple[Dropped, ...]
    defeats: tuple[Defeat, ...]
    schwartz_set: tuple[int, ...]
    cycles: tuple[DroppedDefeats, ...]
    winners: tuple[int, ...]

    @property
    def casting_vote_needed(self) -> bool:
        """Whether several options are left, which no ballot decides between."""
        return len(self.winners) > 1


def count_condorcet(profile: WeakProfile, rule: CondorcetRule | None = None) -> CondorcetRecord:
    """The winner of the ballots under the rule, with every step.

    Raises CountError where there is no ballot or no option, or the rule does not fit the options.
    """
    rule = rule or CondorcetRule()
    options = range(len(profile.candidates))
    if not profile.groups or not options:
        raise CountError(f"{profile.title}: there is no ballot that ranks an option, so there is nothing to count.")
    check_rule(rule, len(options))
    matrix = beat_matrix(profile)
    quorum, majority, dropped = against_default(matrix, rule)
    gone = {drop.option for drop in dropped}
    left = [option for option in options if option not in gone]
    defeats = {(a, b) for a, b in permutations(left, 2) if matrix[a][b] > matrix[b][a]}
    first_set = schwartz_set(left, defeats)
    winners, cycles = drop_weakest_defeats(matrix, left, defeats)
    return CondorcetRecord(
        beat_matrix=matrix,
        quorum=quorum,
        majority=majority,
        dropped=dropped,
        defeats=tuple(sorted(defeats)),
        schwartz_set=first_set,
        cycles=cycles,
        winners=winners,
    )


def check_rule(rule: CondorcetRule, options: int) -> None:
    """Raises CountError where default option, quorum or ratios do not fit this many options."""
    if rule.default_option is None:
        if rule.quorum or rule.majority:
            raise CountError(
                "A quorum and a majority ratio are measured against the default option: name the default option."
            )
        return
    if not 0 <= rule.default_option < options:
        raise CountError(f"The default option is number {rule.default_option + 1} of {options} options.")
    if rule.majority and len(rule.majority) != options - 1:
        raise CountError(
            f"{len(rule.majority)} majority ratios for {options - 1} options besides the default: give each one."
        )
    if rule.quorum < 0 or any(ratio <= 0 for ratio in rule.majority):
        raise CountError("A quorum cannot be below 0, and a majority ratio must be above 0.")


def beat_matrix(profile: WeakProfile) -> Matrix:
    """For each pair (a, b) how many ballots rank a strictly above b (A.6.3).

    A row is one integer with a lane for each option, wide enough for all ballots: so a ballot costs as many additions
    as it ranks options, and not as many as it has pairs.
    """
    options = range(len(profile.candidates))
    lane = profile.valid.bit_length()
    one_in = [1 << (lane * option) for option in options]
    rows = [0] * len(options)
    for tiers, count in profile.groups:
        below = sum(one_in)
        for tier in tiers:
            below -= sum(one_in[option] for option in tier)
            for option in tier:
                rows[option] += count * below
    full = (1 << lane) - 1
    return tuple(tuple(row >> (lane * option) & full for option in options) for row in rows)


def against_default(
    matrix: Matrix, rule: CondorcetRule
) -> tuple[tuple[QuorumCheck, ...], tuple[MajorityCheck, ...], tuple[Dropped, ...]]:
    """Which options miss the quorum (A.6.2) or the majority ratio (A.6.3) against the default option."""
    default = rule.default_option
    if default is None:
        return (), (), ()
    others = [option for option in range(len(matrix)) if option != default]
    ratios = rule.majority or (Fraction(1),) * len(others)
    quorum, majority, dropped = [], [], []
    for option, ratio in zip(others, ratios, strict=True):
        for_, against = matrix[option][default], matrix[default][option]
        enough, ahead = for_ >= rule.quorum, for_ > against and for_ >= ratio * against
        quorum.append(QuorumCheck(option, for_, rule.quorum, enough))
        majority.append(MajorityCheck(option, for_, against, ratio, ahead))
        if not (enough and ahead):
            dropped.append(Dropped(option, "Majority" if enough else "Quorum"))
    return tuple(quorum), tuple(majority), tuple(dropped)


def schwartz_set(options: Sequence[int], defeats: Collection[Defeat]) -> tuple[int, ...]:
    """Options that nobody defeats transitively without being defeated back the same way (A.6.5, A.6.6)."""
    beaten = beaten_transitively(options, defeats)
    return tuple(a for a in options if all(b in beaten[a] for b in options if a in beaten[b]))


def beaten_transitively(options: Sequence[int], defeats: Collection[Defeat]) -> dict[int, set[int]]:
    """For each option those that it defeats, those that they defeat, and so on (A.6.5); itself too in a cycle."""
    beaten = {a: {b for winner, b in defeats if winner == a} for a in options}
    for middle in options:
        for a in options:
            if middle in beaten[a]:
                beaten[a] |= beaten[middle]
    return beaten


def drop_weakest_defeats(
    matrix: Matrix, options: Sequence[int], defeats: Iterable[Defeat]
) -> tuple[tuple[int, ...], tuple[DroppedDefeats, ...]]:
    """The Schwartz set that has no defeat left inside, and the defeats dropped to get there (A.6.7, A.6.8).

    A defeat is weaker with fewer votes for it, and with equal votes for it by more votes against it; equally weak
    ones go together.
    """
    standing = set(defeats)
    cycles: list[DroppedDefeats] = []
    while True:
        top = schwartz_set(options, standing)
        inside = [(a, b) for a, b in standing if a in top and b in top]
        if not inside:
            return top, tuple(cycles)
        votes, opposition = min((matrix[a][b], -matrix[b][a]) for a, b in inside)
        weakest = sorted((a, b) for a, b in inside if (matrix[a][b], -matrix[b][a]) == (votes, opposition))
        cycles.append(DroppedDefeats(top, tuple(weakest), votes, -opposition))
        standing.difference_update(weakest)
