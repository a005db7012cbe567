"""What no count of sums can do, whatever its method: no ballot of it is known on its own."""

from stembus.errors import Refused
from stembus_polls.contests import tally_of, vote_of
from stembus_polls.counting.balance import hard_rules
from stembus_procedures import Policy


def require_added_up(policy: Policy, _: int) -> None:
    """Raise `Refused`, with the key, where votes that are added up cannot be counted as the policy says."""
    ballot, tally = vote_of(policy).ballot, tally_of(policy)
    if tally.transfer is not None:
        raise Refused(
            "`transfer` moves votes on to a next choice, and with {method} there is none: leave it out.",
            method=ballot.method,
        )
    if tally.tie_between_persons != "lot":
        raise Refused(
            "`tie_between_persons` is {rule}; the count settles a tie by lot: write lot.",
            rule=tally.tie_between_persons,
        )
    if hard_rules(policy):
        raise Refused("A count by {method} keeps to no hard balance rule: make the rule soft.", method=ballot.method)
