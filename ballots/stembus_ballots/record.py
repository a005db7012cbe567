"""The record of a count: enough to check every stage by hand, to build a report from, and to draw how votes moved.

Votes are written as decimal text with all decimals of the rule, "898.00000", as in the official reports: exact,
and the same in JSON. `in_units` gives the integer behind the text.
"""

from typing import Any, Literal

import msgspec
from msgspec import Struct

SCOTTISH_DECIMALS = 5
Why = str
"""What a tie is about: "exclude", "surplus" (whose goes first) or "elect" (whom a maximum leaves room for)."""

Effect = Literal["doomed", "guarded"]


def as_text(units: int, decimals: int) -> str:
    """An amount in units of 10^-decimals as decimal text: 89800000 and 5 give "898.00000". Not below 0."""
    whole, part = divmod(units, 10**decimals)
    return f"{whole}.{part:0{decimals}}"


def in_units(text: str) -> int:
    """The integer behind decimal text of the record: "898.00000" gives 89800000."""
    return int(text.replace(".", ""))


class LotDrawn(Struct, frozen=True, forbid_unknown_fields=True):
    """A lot: drawn among `tied` for the purpose `for_`."""

    for_: Why
    tied: tuple[int, ...]
    drawn: int


class SettledEarlier(Struct, frozen=True, forbid_unknown_fields=True):
    """A tie that earlier stages settled."""

    for_: Why
    tied: tuple[int, ...]
    chosen: int


class Tie(Struct, frozen=True, forbid_unknown_fields=True):
    """Any tie: it stood at the end of stage `after_stage`, and `chosen` goes first.

    `earlier_stage` is the last stage looked back at that parted the tied, None where none did; `drawn_among` are
    those who were left for a lot, none where no lot was needed.
    """

    after_stage: int
    for_: Why
    tied: tuple[int, ...]
    earlier_stage: int | None
    drawn_among: tuple[int, ...]
    chosen: int


class Transfer(Struct, frozen=True, forbid_unknown_fields=True):
    """What one candidate received in a stage."""

    candidate: int
    votes: str


class PapersMoved(Struct, frozen=True, forbid_unknown_fields=True):
    """Papers that came at `value_before`, went on at `value_after`; to nobody (None) without a next preference."""

    candidate: int | None
    papers: int
    value_before: str
    value_after: str


class Limit(Struct, frozen=True, forbid_unknown_fields=True):
    """A constraint with its numbers at one moment: elected, still continuing, at least, at most."""

    category: str
    value: str
    elected: int
    continuing: int
    min: int
    max: int


class ConstraintEffect(Struct, frozen=True, forbid_unknown_fields=True):
    """Candidates whom the constraints have doomed or guarded since this stage, and the constraints that do it.

    `because` is a smallest set of constraints that together leave no other outcome.
    """

    effect: Effect
    candidates: tuple[int, ...]
    because: tuple[Limit, ...]


class Stage(Struct, frozen=True, forbid_unknown_fields=True):
    """One stage: what was done, and where everyone stands after it.

    `votes` and `non_transferable` are totals at the end of the stage; with each other they make the valid votes.
    `reason` tells why a candidate is excluded: "fewest", or "doomed" by the constraints. `lost_to_rounding` is
    the part of this stage's growth of non_transferable that cutting off decimals made.
    """

    action: Literal["first", "surplus", "exclude"]
    candidate: int | None
    votes: tuple[str, ...]
    non_transferable: str
    elected: tuple[int, ...]
    elected_without_quota: tuple[int, ...]
    reason: Literal["fewest", "doomed"] | None = None
    transfers: tuple[Transfer, ...] = ()
    moved: tuple[PapersMoved, ...] = ()
    non_transferable_change: str = "0.00000"
    lost_to_rounding: str = "0.00000"
    constraint_effects: tuple[ConstraintEffect, ...] = ()


class PileParcel(Struct, frozen=True, forbid_unknown_fields=True, array_like=True, gc=False):
    """Groups `first` to `end` (not included) of the profile's sorted groups, each paper worth `value`."""

    first: int
    end: int
    value: str


class Pile(Struct, frozen=True, forbid_unknown_fields=True):
    """The papers that an elected candidate held at the end of the stage of election: a countback starts here."""

    candidate: int
    stage: int
    votes: str
    parcels: tuple[PileParcel, ...]


class Unconstrained(Struct, frozen=True, forbid_unknown_fields=True):
    """What the same ballots give without the constraints; `needs_lot` where that count stopped for a lot."""

    elected: tuple[int, ...]
    needs_lot: str | None = None


class StvRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """The record of a count by Scottish STV, or by IRV as its case of one seat.

    `elected` is in order of stage, then of votes at that stage (equal votes: in order of the ballot paper, which
    is no ranking); `elected_stage` gives the stages, from 1. An uncontested election has no stages (and 0 there).
    `emptied` ballots named withdrawn candidates only, and are no valid votes. `constraints` have their numbers at
    the end of the count.
    """

    method: Literal["scottish-stv", "irv"]
    title: str
    candidates: tuple[str, ...]
    withdrawn: tuple[int, ...]
    seats: int
    valid: int
    blank: int
    invalid: int
    emptied: int
    quota: int
    uncontested: bool
    elected: tuple[int, ...]
    elected_stage: tuple[int, ...]
    stages: tuple[Stage, ...]
    lots: tuple[LotDrawn, ...]
    ties_settled_by_earlier_stage: tuple[SettledEarlier, ...]
    ties: tuple[Tie, ...]
    piles: tuple[Pile, ...]
    lot_order: tuple[int, ...] | None = None
    constraints: tuple[Limit, ...] = ()
    unconstrained: Unconstrained | None = None


def to_json_object(record: Struct) -> dict[str, Any]:
    """Any record of a count as it stands in JSON: dicts, lists, texts, integers, null."""
    return msgspec.json.decode(msgspec.json.encode(record), type=dict[str, Any])
