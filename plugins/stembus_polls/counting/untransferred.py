"""What no count of rankings can do in which a ballot is never parted and nobody is excluded to make room."""

from stembus.errors import Refused
from stembus_polls.contests import tally_of, vote_of
from stembus_polls.counting.balance import hard_rules
from stembus_procedures import Policy


def require_untransferred(policy: Policy, _: int) -> None:
    """Raise `Refused`, with the key, where the policy asks such a count for what only a transferable vote has."""
    method, tally = vote_of(policy).ballot.method, tally_of(policy)
    if tally.transfer is not None:
        raise Refused("`transfer` is there, and with {method} no vote is transferred; leave it out.", method=method)
    if tally.yes_threshold is not None:
        raise Refused("`yes_threshold` is there, and a count by {method} asks no share of the votes.", method=method)
    if hard_rules(policy):
        raise Refused("A count by {method} keeps to no hard balance rule: make the rule soft.", method=method)
