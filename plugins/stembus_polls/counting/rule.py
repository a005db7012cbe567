"""Which rule counts a policy's vote; what no rule can do is refused before any paper is opened.

A method is counted here as soon as it has a line in `RULES`; docs/counting.md says what else it needs.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from stembus.errors import Refused
from stembus_polls.contests import Contest, tally_of, vote_of
from stembus_polls.counting.added_up import require_added_up
from stembus_polls.counting.approval import count_approvals
from stembus_polls.counting.cast import Cast
from stembus_polls.counting.decision_rule import decision_rule
from stembus_polls.counting.each_person import count_each_person, require_each_person
from stembus_polls.counting.pairs import count_pairs
from stembus_polls.counting.ranked import count_ranked, require_ranked
from stembus_polls.counting.records import Record
from stembus_polls.counting.rounds import count_rounds, require_rounds
from stembus_polls.counting.untransferred import require_untransferred
from stembus_procedures import Policy
from stembus_procedures.language.voting import Method

if TYPE_CHECKING:
    from stembus_polls.counting.inputs import CountInputs


class Rule(Struct, frozen=True):
    """How votes by a method are counted.

    `require` raises `Refused`, with the key, where they cannot be counted as the policy says, with so many seats to
    fill. `count` raises NeedsLot and CountError as the rules do.
    """

    require: Callable[[Policy, int], None]
    count: "Callable[[Contest, Cast, CountInputs], Record]"


_RANKED, _APPROVAL = Rule(require_ranked, count_ranked), Rule(require_added_up, count_approvals)
_PAIRS = Rule(require_untransferred, count_pairs)
RULES: Mapping[Method, Rule] = {
    "stv": _RANKED,
    "irv": _RANKED,
    "meek": _RANKED,
    "approval": _APPROVAL,
    "block": _APPROVAL,
    "condorcet": _PAIRS,
    "list_ranking": _PAIRS,
    "ranked_rounds": Rule(require_rounds, count_rounds),
    "yes_no_per_person": Rule(require_each_person, count_each_person),
}


def require_countable(policy: Policy, seats: int) -> None:
    """Raise `Refused` when the papers of this policy cannot be counted as it says, with the key that says so."""
    ballot, tally = vote_of(policy).ballot, tally_of(policy)
    if tally.typing is not None and tally.typing.independent != 2:
        raise Refused(
            "`typing.independent` is {independent}: papers are typed by two people here.",
            independent=tally.typing.independent,
        )
    if ballot.method not in RULES:
        raise Refused(
            "Votes by the method {method!r} cannot be counted here, only those by {counted}: change "
            "`ballot.method`, or count a file of ballots with `stembus count`.",
            method=ballot.method,
            counted=list(RULES),
        )
    if ballot.candidate_order == "per_voter":
        raise Refused("`ballot.candidate_order` is per_voter: papers that differ could be told apart. Use lot.")
    RULES[ballot.method].require(policy, seats)


def require_counting(contest: Contest) -> None:
    """Raise `Refused`, before anybody votes, where nothing can count the votes of a contest as its policy says."""
    if contest.way.kind == "vote_on_whole":
        decision_rule(contest.policy)
    elif contest.way.kind == "ballot":
        require_countable(contest.policy, contest.plan.seats)


def count_by_policy(contest: Contest, cast: Cast, inputs: "CountInputs") -> Record:
    """Count ballots by the method of the policy. Raises NeedsLot and CountError as the rules do, `Refused` as above."""
    require_countable(contest.policy, inputs.seats)
    return RULES[contest.ballot.method].count(contest, cast, inputs)
