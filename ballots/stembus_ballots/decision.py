"""Decisions on matters: whether yes and no votes adopt a proposal under a rule, with the arithmetic."""

from fractions import Fraction
from typing import Literal

from msgspec import Struct

from stembus_ballots.errors import CountError
from stembus_ballots.quorum import Attendance, Quorum, QuorumVerdict, quorum_verdict
from stembus_ballots.threshold import check_fraction, smallest_passing

Base = Literal["yes_no", "cast_with_blank", "cast_all", "present", "entitled"]
Treatment = Literal["not_cast", "in_base", "invalid"]
Outcome = Literal["adopted", "rejected", "no_decision", "no_quorum"]

# What each base says about blank and invalid papers. A base of people counts everybody, whatever they handed in,
# so there both treatments are possible: they then only say what a paper is called, not what it does.
TREATMENTS: dict[Base, tuple[tuple[Treatment, ...], tuple[Treatment, ...]]] = {
    "yes_no": (("not_cast", "invalid"), ("not_cast",)),
    "cast_with_blank": (("in_base",), ("not_cast",)),
    "cast_all": (("in_base", "invalid"), ("in_base",)),
    "present": (("not_cast", "in_base", "invalid"), ("not_cast", "in_base")),
    "entitled": (("not_cast", "in_base", "invalid"), ("not_cast", "in_base")),
}


class DecisionRule(Struct, frozen=True, forbid_unknown_fields=True):
    """Adopted with at least (`strict`: more than) `fraction` of the `base` in favour.

    `base`, what the fraction is taken of: `yes_no` (yes and no votes), `cast_with_blank` (these and blank
    papers), `cast_all` (every paper handed in, invalid ones too), `present` (votes present, proxies included),
    `entitled` (all votes on the roll). `blank` and `invalid` state in the statutes' words what such papers are
    and must agree with the base: a rule that leaves them open is how two readers get two results. Dutch law has
    no rule for associations (Book 2 BW), so none is assumed here.
    """

    base: Base
    fraction: Fraction
    strict: bool
    blank: Treatment
    invalid: Literal["not_cast", "in_base"]
    quorum: Quorum | None = None

    def __post_init__(self) -> None:
        check_fraction(self.fraction, strict=self.strict, where="Decision rule")
        blank, invalid = TREATMENTS[self.base]
        for name, stated, allowed in (("blank", self.blank, blank), ("invalid", self.invalid, invalid)):
            if stated not in allowed:
                raise CountError(
                    f"Decision rule: {name} = {stated} contradicts base = {self.base}; "
                    f"write {name} = {' or '.join(allowed)}, or another base."
                )


class Votes(Struct, frozen=True, forbid_unknown_fields=True):
    """Papers on one matter. Who is present and hands in nothing abstains, and is in no number here."""

    yes: int
    no: int
    blank: int = 0
    invalid: int = 0

    def __post_init__(self) -> None:
        for name in ("yes", "no", "blank", "invalid"):
            if getattr(self, name) < 0:
                raise CountError(f"Votes: {name} is {getattr(self, name)}; it cannot be below 0.")

    @property
    def cast(self) -> int:
        """Every paper handed in."""
        return self.yes + self.no + self.blank + self.invalid


class Decision(Struct, frozen=True):
    """What was decided and why, in numbers: `yes` of `counted` votes were in favour; `needed` were needed.

    `counted` is the size of the rule's base; `needed` the smallest number of yes votes that adopts with that
    base. `tied`: as many for as against, and some of each (a policy may send a tied matter to a next meeting).
    `no_quorum` goes before everything else and leaves the other numbers standing; `no_decision`: the base is
    empty, nobody's vote counted.
    """

    outcome: Outcome
    yes: int
    no: int
    blank: int
    invalid: int
    counted: int
    needed: int
    tied: bool
    quorum: QuorumVerdict | None
    rule: DecisionRule


def decide(rule: DecisionRule, votes: Votes, attendance: Attendance) -> Decision:
    """The decision that these votes make under this rule.

    Zero counted votes is no decision, never adopted. Raises CountError where the numbers cannot be true: more
    papers than votes present, or papers where nobody is said to be present.
    """
    if votes.cast > attendance.votes_present:
        raise CountError(
            f"{votes.cast} papers were handed in and only {attendance.votes_present} votes are present "
            f"({attendance.present} people, {attendance.proxies} proxies): find the difference first."
        )
    counted = base_size(rule.base, votes, attendance)
    needed = smallest_passing(rule.fraction, counted, strict=rule.strict)
    quorum = quorum_verdict(rule.quorum, attendance, votes.cast) if rule.quorum else None
    outcome: Outcome
    if quorum and not quorum.met:
        outcome = "no_quorum"
    elif counted == 0:
        outcome = "no_decision"
    else:
        outcome = "adopted" if votes.yes >= needed else "rejected"
    return Decision(
        outcome=outcome,
        yes=votes.yes,
        no=votes.no,
        blank=votes.blank,
        invalid=votes.invalid,
        counted=counted,
        needed=needed,
        tied=votes.yes == votes.no > 0,
        quorum=quorum,
        rule=rule,
    )


def base_size(base: Base, votes: Votes, attendance: Attendance) -> int:
    """How many votes the fraction of a rule with this base is taken of."""
    match base:
        case "yes_no":
            return votes.yes + votes.no
        case "cast_with_blank":
            return votes.yes + votes.no + votes.blank
        case "cast_all":
            return votes.cast
        case "present":
            return attendance.votes_present
        case "entitled":
            return attendance.entitled
