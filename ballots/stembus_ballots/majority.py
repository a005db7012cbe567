"""One person by absolute majority, in rounds: after each round, who is elected or who stands in the next.

Rules of order differ in how many rounds are free, who goes on and what ends it; `RoundsRule` holds those
choices. The three-round form (two free votes, then one between the two highest, lots for a shared place and for a
final tie) is article 11 of the rules of order of the residents' party PV Castricum.
"""

from collections.abc import Collection, Sequence
from typing import Literal

from msgspec import Struct

from stembus_ballots.border import fill_seats
from stembus_ballots.errors import CountError
from stembus_ballots.lots import NO_LOTS, Lots, NeedsLot, check_lots
from stembus_ballots.record import LotDrawn

Proceed = Literal["all", "drop_last"] | int


class RoundsRule(Struct, frozen=True, forbid_unknown_fields=True):
    """More than half of the `base` elects; half is not enough.

    `base`: `valid` (votes on a candidate), `cast_with_blank` (those and the blank ones), `cast_all` (every paper handed
    in) or `present` (everybody present, whatever they handed in). `proceed`:
    who goes on to round 2, 3, ...: `all`, all but the lowest (`drop_last`), or that many of the highest; there is
    one round more than it has entries. `tie_at_cut`: candidates who share the place at which the rule cuts `all`
    go on, or a `lot` decides. `last_rule`, when the last round gives nobody a majority: most votes elect, and a lot
    among equals (`plurality`); or a `lot` among all who stood in it. `unopposed`: a candidate who is the only one
    left is `elected`, or needs a `yes_no_vote`.
    """

    base: Literal["valid", "cast_with_blank", "cast_all", "present"]
    proceed: tuple[Proceed, ...]
    tie_at_cut: Literal["all", "lot"]
    last_rule: Literal["plurality", "lot"]
    unopposed: Literal["elected", "yes_no_vote"]

    def __post_init__(self) -> None:
        for entry in self.proceed:
            if isinstance(entry, int) and entry < 2:
                raise CountError(f"Rounds: {entry} candidates cannot hold a round between them; write 2 or more.")


class Round(Struct, frozen=True, forbid_unknown_fields=True):
    """The papers of one round: `votes` for each candidate who stood, and who declined after it (`withdrawn`)."""

    votes: dict[int, int]
    blank: int = 0
    invalid: int = 0
    present: int | None = None
    withdrawn: tuple[int, ...] = ()

    @property
    def valid(self) -> int:
        """The papers with a vote on a candidate."""
        return sum(self.votes.values())


class RoundArithmetic(Struct, frozen=True):
    """One round in numbers: the base's size, and the smallest number of votes that is more than half of it."""

    number: int
    between: tuple[int, ...]
    votes: tuple[int, ...]
    counted: int
    needed: int


class Elected(Struct, frozen=True, tag=True):
    """The election is over. `by`: what made the candidate the one."""

    candidate: int
    by: Literal["majority", "plurality", "lot", "unopposed"]


class NextRound(Struct, frozen=True, tag=True):
    """Round `number` is to be held between these candidates."""

    number: int
    between: tuple[int, ...]


class LotNeeded(Struct, frozen=True, tag=True):
    """A lot is to be drawn among these: for who goes on (`proceed`), goes out (`exclude`) or is elected."""

    among: tuple[int, ...]
    why: Literal["proceed", "exclude", "elect"]


class YesNoVote(Struct, frozen=True, tag=True):
    """One vote, yes or no, on all these candidates together; a decision rule says what it takes."""

    candidates: tuple[int, ...]


class NobodyLeft(Struct, frozen=True, tag=True):
    """Every candidate has declined."""


Next = Elected | NextRound | LotNeeded | YesNoVote | NobodyLeft


class RoundsVerdict(Struct, frozen=True):
    """Every round held so far, the lots used, and what comes next or who is elected."""

    rounds: tuple[RoundArithmetic, ...]
    lots: tuple[LotDrawn, ...]
    next: Next


def whole_list_vote(candidates: Sequence[int], seats: int) -> YesNoVote | None:
    """One vote on the whole, where there are no more candidates than seats; else None: seats are contested.

    Whether an election with fewer candidates than seats may go on is for the policy to say, before this.
    """
    return YesNoVote(tuple(candidates)) if len(candidates) <= seats else None


def rounds_verdict(
    rule: RoundsRule,
    candidates: Sequence[str],
    rounds: Sequence[Round],
    lots: Lots = NO_LOTS,
    *,
    withdrawn: Collection[int] = (),
) -> RoundsVerdict:
    """What follows from the rounds held so far; with none, who stands in the first: all but who withdrew before it.

    Raises CountError where a round is not between those who were to stand in it, has more papers than people
    present, or was held after the election was decided.
    """
    check_lots(lots, len(candidates))
    upcoming = next_among(rule, 1, tuple(c for c in range(len(candidates)) if c not in withdrawn))
    arithmetic: list[RoundArithmetic] = []
    draws = Draws(lots, candidates)
    for held in rounds:
        if not isinstance(upcoming, NextRound):
            raise CountError(
                f"There are results of round {len(arithmetic) + 1}, but before it {ENDED[type(upcoming)]}; "
                "leave that round out, or correct the ones before."
            )
        numbers = round_arithmetic(rule, upcoming, held)
        arithmetic.append(numbers)
        try:
            upcoming = after_round(rule, numbers, held, draws)
        except NeedsLot as needed:
            upcoming = LotNeeded(needed.tied, needed.why)  # type: ignore[arg-type]  # only our own purposes
    return RoundsVerdict(tuple(arithmetic), tuple(draws.drawn), upcoming)


ENDED: dict[type[Struct], str] = {
    Elected: "a candidate was elected",
    LotNeeded: "a lot had to be drawn",
    YesNoVote: "one candidate was left for a yes or no vote",
    NobodyLeft: "every candidate had declined",
}


def next_among(rule: RoundsRule, number: int, standing: tuple[int, ...]) -> Next:
    """The round with this number between these candidates, or what comes instead with fewer than two."""
    if len(standing) > 1:
        return NextRound(number, standing)
    if not standing:
        return NobodyLeft()
    return Elected(standing[0], "unopposed") if rule.unopposed == "elected" else YesNoVote(standing)


def round_arithmetic(rule: RoundsRule, called: NextRound, held: Round) -> RoundArithmetic:
    """The numbers of a round; raises CountError where they cannot be true."""
    where = f"Round {called.number}"
    if tuple(sorted(held.votes)) != called.between:
        raise CountError(
            f"{where}: there are votes for candidates {sorted(held.votes)}, but it is between "
            f"{list(called.between)}; give each of these a number, 0 where nobody voted for them."
        )
    if min(*held.votes.values(), held.blank, held.invalid) < 0:
        raise CountError(f"{where}: a number of votes cannot be below 0.")
    if rule.base == "present" and held.present is None:
        raise CountError(f"{where}: the majority is taken of those present; say how many are present.")
    papers = held.valid + held.blank + held.invalid
    if held.present is not None and papers > held.present:
        raise CountError(f"{where}: {papers} papers and {held.present} votes present: find the difference first.")
    if not set(held.withdrawn) <= set(called.between):
        raise CountError(f"{where}: only candidates who stood in it can decline after it.")
    counted = {
        "valid": held.valid,
        "cast_with_blank": held.valid + held.blank,
        "cast_all": papers,
        "present": held.present or 0,
    }[rule.base]
    return RoundArithmetic(
        number=called.number,
        between=called.between,
        votes=tuple(held.votes[c] for c in called.between),
        counted=counted,
        needed=counted // 2 + 1,
    )


class Draws:
    """The lots of one election: where they come from, whose names they concern, and those drawn so far."""

    def __init__(self, lots: Lots, names: Sequence[str]) -> None:
        self.lots = lots
        self.names = names
        self.drawn: list[LotDrawn] = []

    def first(self, among: Sequence[int], why: str) -> int:
        """The one drawn first. Raises NeedsLot."""
        drawn = self.lots.draw(among, why, self.names)
        self.drawn.append(LotDrawn(for_=why, tied=tuple(among), drawn=drawn))
        return drawn


def after_round(rule: RoundsRule, numbers: RoundArithmetic, held: Round, draws: Draws) -> Next:
    """What this round leads to; lots used are noted in `draws`. Raises NeedsLot."""
    votes = {candidate: held.votes[candidate] for candidate in numbers.between}
    with_majority = [candidate for candidate, number in votes.items() if number >= numbers.needed]
    if with_majority:
        return Elected(with_majority[0], "majority")
    left = {candidate: number for candidate, number in votes.items() if candidate not in held.withdrawn}
    if len(left) < 2:
        return next_among(rule, numbers.number + 1, tuple(left))
    if numbers.number > len(rule.proceed):
        return after_last_round(rule, left, draws)
    standing = who_proceeds(rule.proceed[numbers.number - 1], rule, left, draws)
    return next_among(rule, numbers.number + 1, standing)


def after_last_round(rule: RoundsRule, left: dict[int, int], draws: Draws) -> Elected:
    """Who is elected when no majority came and no round is left."""
    most = max(left.values())
    among = [c for c in left if rule.last_rule == "lot" or left[c] == most]
    if len(among) == 1:
        return Elected(among[0], "plurality")
    return Elected(draws.first(among, "elect"), "lot")


def who_proceeds(entry: Proceed, rule: RoundsRule, left: dict[int, int], draws: Draws) -> tuple[int, ...]:
    """The candidates of the next round, in order of the ballot paper. Raises NeedsLot."""
    if entry == "drop_last":
        fewest = min(left.values())
        last = [c for c in left if left[c] == fewest]
        if len(last) > 1 and rule.tie_at_cut == "all":
            return tuple(left)
        out = draws.first(last, "exclude") if len(last) > 1 else last[0]
        return tuple(c for c in left if c != out)
    if entry == "all" or len(left) <= entry:
        return tuple(left)
    if rule.tie_at_cut == "all":
        at_cut = sorted(left.values(), reverse=True)[entry - 1]
        return tuple(c for c in left if left[c] >= at_cut)
    filled = fill_seats(left, entry, draws.lots, draws.names, why="proceed")
    draws.drawn.extend(filled.lots)
    return tuple(sorted(filled.elected))
