"""What keeps the seating from being complete, each with its reason."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session

from stembus.conduct.holding import sits_in
from stembus.conduct.running import Running, complete
from stembus.errors import Refused
from stembus.organisation.authority import acting_seats, current_definitions, today
from stembus.organisation.registry import member_numbered
from stembus.words import N_
from stembus_party_council.council import Council, council_of
from stembus_party_council.places import State, seating_of
from stembus_polls import prepared_poll
from stembus_procedures import is_complete
from stembus_procedures.events import Block
from stembus_procedures.language.values import Words

if TYPE_CHECKING:
    from stembus.instance import Transaction

_OPEN: dict[State, Words] = {
    "open": Words(nl="plaatsen zonder antwoord", en="places without an answer"),
    "accepted": Words(nl="plaatsen aanvaard, zetel nog niet ingenomen", en="places accepted, seat not taken yet"),
    "to_fill": Words(
        nl="plaatsen waarvoor iemand moet worden geroepen", en="places for which somebody has to be called"
    ),
}


def seating_blocks(session: Session, running: Running) -> Sequence[Block]:
    """Return what is left to do before the seating is complete, counted, or nothing.

    Whoever asks gives no time: a place whose term for an answer has passed counts as one without an answer.
    """
    poll = prepared_poll(session, running)
    if poll is None or running.policy.seats is None:
        return ()
    try:
        council = council_of(session, poll)
    except Refused:
        return ()
    stage = seating_of(council.policy)
    return tuple(
        Block(stage.id, f"places_{state}", words) for state, words in left_to_do(council, council.declared_at).items()
    )


def complete_when_done(transaction: "Transaction", council: Council, by: str) -> bool:
    """Complete the seating when nothing is left to do in it and `by` sits in the body that owns it; say whether."""
    running, stage = council.poll.running, seating_of(council.policy)
    council = council_of(transaction.session, council.poll)
    if left_to_do(council, transaction.now) or is_complete(running.policy, running.state, stage.id, transaction.now):
        return False
    member = member_numbered(transaction.session, by)
    day = today(transaction.instance, transaction.now)
    definitions = current_definitions(transaction.session)
    sits = any(
        seat.member_id == member.id and sits_in(seat, body, running.held_by, definitions)
        for seat in acting_seats(transaction.session, day)
        for body in filter(None, (stage.owner, stage.substitute))
    )
    if not sits or stage.two_persons:
        return False
    complete(transaction, running, stage.id, numbers=(by,), ground=N_("Every place is taken or stays empty."))
    return True


def left_to_do(council: Council, now: datetime) -> dict[State, Words]:
    """Return how many places stand open in which way, in words."""
    states = Counter(place.state(now) for place in council.places)
    return {
        state: Words(nl=f"{states[state]} {words.nl}", en=f"{states[state]} {words.en}")
        for state, words in _OPEN.items()
        if states[state]
    }
