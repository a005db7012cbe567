"""The JSON object of each kind of count, as docs/counting.md describes it."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import msgspec

from stembus_ballots.approval import ApprovalProfile, ApprovalRecord
from stembus_ballots.condorcet import CondorcetRecord, CondorcetRule, Matrix
from stembus_ballots.meek import MeekRecord
from stembus_ballots.pairwise import PairwiseRecord
from stembus_ballots.ranked_rounds import RankedRoundsRecord
from stembus_ballots.record import StvRecord, to_json_object
from stembus_ballots.schulze import SchulzeRanking
from stembus_ballots.weak import WeakProfile
from stembus_polls.cross_check import CrossCheck


def stv_object(
    record: StvRecord | MeekRecord | PairwiseRecord | RankedRoundsRecord, check: CrossCheck
) -> dict[str, Any]:
    """A count of rankings by stages, by pairs or in rounds; candidates from 0."""
    return {**to_json_object(record), "cross_check": msgspec.to_builtins(check)}


def approval_object(
    profile: ApprovalProfile,
    record: ApprovalRecord,
    check: CrossCheck,
) -> dict[str, Any]:
    """A count of approvals; candidates from 0."""
    return {
        **to_json_object(record),
        "approving_nobody": profile.approving_nobody,
        "vacant": record.vacant,
        "cross_check": msgspec.to_builtins(check),
    }


def condorcet_object(
    profile: WeakProfile,
    rule: CondorcetRule,
    record: CondorcetRecord,
    ranking: SchulzeRanking,
    check: CrossCheck,
) -> dict[str, Any]:
    """A Condorcet count; options from 1, as voters know them, and null on the diagonal of the beat matrix."""
    return {
        "method": "condorcet",
        "title": profile.title,
        "options": list(profile.candidates),
        "default_option": None if rule.default_option is None else rule.default_option + 1,
        "ballots": profile.valid + profile.blank,
        "valid": profile.valid,
        "blank": profile.blank,
        "beat_matrix": _without_diagonal(record.beat_matrix),
        "quorum_checks": [
            {
                "option": check.option + 1,
                "votes_over_default": check.votes_over_default,
                "quorum": exact_text(check.quorum),
                "met": check.met,
            }
            for check in record.quorum
        ],
        "majority_checks": [
            {
                "option": check.option + 1,
                "for_": check.for_,
                "against": check.against,
                "required": exact_text(check.required),
                "met": check.met,
            }
            for check in record.majority
        ],
        "dropped": [{"option": drop.option + 1, "reason": drop.reason} for drop in record.dropped],
        "defeats": [_from_one(defeat) for defeat in record.defeats],
        "schwartz_set": _from_one(record.schwartz_set),
        "cycles": [
            {
                "schwartz_set": _from_one(step.schwartz_set),
                "dropped_defeats": [_from_one(defeat) for defeat in step.defeats],
                "votes": step.votes,
                "against": step.against,
            }
            for step in record.cycles
        ],
        "winners": _from_one(record.winners),
        "casting_vote_needed": record.casting_vote_needed,
        "schulze": {
            "ranking": [_from_one(tier) for tier in ranking.tiers],
            "strongest_paths": _without_diagonal(ranking.strongest_paths),
            "paths_against": _without_diagonal(ranking.paths_against),
        },
        "cross_check": msgspec.to_builtins(check),
    }


def exact_text(number: Fraction) -> str:
    """A fraction as exact text: "3", "46.5966737010272", or "1/3" where no decimals are exact."""
    rest, places = number.denominator, 0
    while rest % 10 == 0 or rest % 5 == 0 or rest % 2 == 0:
        rest //= 10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2
        places += 1
    if rest > 1:
        return str(number)
    whole, part = divmod(number.numerator * 10**places // number.denominator, 10**places)
    return f"{whole}.{part:0{places}}" if places else str(whole)


def _from_one(options: Iterable[int]) -> list[int]:
    return [option + 1 for option in options]


def _without_diagonal(matrix: Matrix) -> list[list[int | None]]:
    return [[None if a == b else cell for b, cell in enumerate(row)] for a, row in enumerate(matrix)]
