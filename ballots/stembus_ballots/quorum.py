"""Quorum: whether enough of the entitled take part for a decision to be possible at all."""

from fractions import Fraction
from typing import Literal

from msgspec import Struct

from stembus_ballots.errors import CountError
from stembus_ballots.threshold import check_fraction, smallest_passing


class Attendance(Struct, frozen=True, forbid_unknown_fields=True):
    """Who may vote on one matter and who is there, at the moment of the vote.

    `entitled`: votes on the roll. `present`: people who take part themselves (also those who voted in advance,
    where the statutes let that count as in the meeting: BW 2:38 lid 8). `proxies`: votes that those people hold
    for others. `seats`: all places in the body, vacant ones included, where a rule asks for them.
    """

    entitled: int
    present: int = 0
    proxies: int = 0
    seats: int | None = None

    def __post_init__(self) -> None:
        for name in ("entitled", "present", "proxies", "seats"):
            number = getattr(self, name)
            if number is not None and number < 0:
                raise CountError(f"Attendance: {name} is {number}; it cannot be below 0.")
        if self.votes_present > self.entitled:
            raise CountError(
                f"Attendance: {self.present} present and {self.proxies} proxies are more than the "
                f"{self.entitled} entitled; correct the presence, the proxies or the roll."
            )
        if self.seats is not None and self.entitled > self.seats:
            raise CountError(
                f"Attendance: {self.entitled} entitled are more than the {self.seats} seats; correct one of them."
            )

    @property
    def votes_present(self) -> int:
        """The votes that can be cast here: one for each person present, and the proxies they hold."""
        return self.present + self.proxies


class Quorum(Struct, frozen=True, forbid_unknown_fields=True):
    """At least (`strict`: more than) `fraction` of the `base` takes part.

    `base`: what the fraction is taken of, all entitled or all seats (vacant ones included). `counts`: who takes
    part, those present or the papers cast (turnout; a blank or invalid paper is cast). `counts_proxies`: whether
    a vote held by proxy is present. No field but `counts` has a default: a quorum that stands only in members'
    heads stops committees.
    """

    base: Literal["entitled", "seats"]
    fraction: Fraction
    strict: bool
    counts_proxies: bool
    counts: Literal["present", "cast"] = "present"

    def __post_init__(self) -> None:
        check_fraction(self.fraction, strict=self.strict, where="Quorum")


class QuorumVerdict(Struct, frozen=True):
    """Whether the quorum is met, with its numbers: `counted` of `whole` take part; `needed` do."""

    met: bool
    counted: int
    whole: int
    needed: int
    rule: Quorum


def quorum_verdict(rule: Quorum, attendance: Attendance, cast: int) -> QuorumVerdict:
    """Whether enough take part; `cast` is the number of papers handed in, whatever is on them.

    Raises CountError where the rule needs the number of seats and the attendance does not say it.
    """
    if rule.base == "seats" and attendance.seats is None:
        raise CountError("Quorum: the rule is a fraction of all seats; say how many seats the body has.")
    whole = attendance.entitled if rule.base == "entitled" else attendance.seats or 0
    present = attendance.votes_present if rule.counts_proxies else attendance.present
    counted = cast if rule.counts == "cast" else present
    needed = smallest_passing(rule.fraction, whole, strict=rule.strict)
    return QuorumVerdict(met=counted >= needed, counted=counted, whole=whole, needed=needed, rule=rule)
