"""What pages that propose a grave act have in common: who could confirm it, on what ground, and where it goes then."""

from sqlmodel import Session

from stembus.access.grave_acts import Arguments, can_be_first, can_be_second, with_power
from stembus.access.proposals import propose
from stembus.errors import UnusableInput
from stembus.instance import Transaction
from stembus.web.visit import Answer, Visit
from stembus.words import N_

PROPOSED = N_("Your proposal is made. Somebody else, in another seat, has to confirm it.")


def proposed(visit: Visit, kind: str, arguments: Arguments) -> Answer:
    """Propose a grave act as the visitor, and go to the proposal."""
    with visit.write() as transaction:
        row = propose(transaction, kind, arguments, by=visit.member.number)
    return visit.go(f"/proposals/{row.id}", PROPOSED)


def could_confirm(visit: Visit, session: Session, power: str) -> list[str]:
    """Return the names of who could confirm what this visitor proposes by `power`, in what is the party's."""
    who = with_power(Transaction(session, visit.now, visit.instance), power)
    first = can_be_first(who, visit.member.member_id)
    return [] if first is None else [seat.name for seat in can_be_second(who, first)]


def ground_in(text: str, field: str = "ground") -> str:
    """Return the ground that was typed. Raises `UnusableInput` when there is none."""
    if not text.strip():
        raise UnusableInput(N_("Say on what ground: an article, a decision, a reason."), field=field)
    return text.strip()
