"""Proposing an act of two from a page: another person in another seat confirms it later."""

from stembus.access.grave_acts import Arguments
from stembus.access.proposals import propose
from stembus.instance import Transaction
from stembus.web import N_, Answer, Visit

PROPOSED = "proposal.made"
"""The kind of act that a proposal is."""


def proposed(visit: Visit, transaction: Transaction, kind: str, arguments: Arguments) -> str:
    """Propose an act in the seat of the visitor and return the path of the proposal.

    Raises `Refused` where the visitor may not, or where nobody could be the second.
    """
    row = propose(transaction, kind, arguments, by=visit.member.number)
    return f"/proposals/{row.id}"


def told(visit: Visit, path: str) -> Answer:
    """Go to a proposal that was just made."""
    return visit.go(path, N_("Your proposal is made. Somebody else, in another seat, has to approve it."))
