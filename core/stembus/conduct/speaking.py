"""Who speaks for which body of a policy: somebody with a seat in it, or who records what an assembly decided."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from stembus.conduct.holding import counts, sits_in
from stembus.errors import Refused
from stembus.ledger.acts import Actor
from stembus.organisation.authority import acting_seats, current_definitions, today
from stembus.organisation.bodies import BOOTSTRAP, BodyDefinition
from stembus.organisation.core_powers import PROCEDURE_RECORD
from stembus.organisation.mandate import HeldSeat, allows
from stembus.organisation.registry import member_numbered
from stembus_procedures import Policy
from stembus_procedures import events as machine
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction

# An assembly has hundreds of members, and a notary or a court has no seat in the party: what they decide is recorded
# by somebody whose seat allows that, with the place where the decision is found as the ground.
RECORDED_FOR = frozenset({"assembly", "person", "court"})


class Speakers(tuple[tuple[Actor, machine.Actor], ...]):
    """People who act, each as the ledger and as the machine knows them."""

    @property
    def actors(self) -> tuple[Actor, ...]:
        """As the ledger knows them."""
        return tuple(actor for actor, _ in self)

    @property
    def by(self) -> tuple[machine.Actor, ...]:
        """As the machine knows them."""
        return tuple(actor for _, actor in self)


def in_their_seats(actors: Sequence[Actor]) -> Speakers:
    """Return people who act by a power of their own seat, each for the body they sit in."""
    return Speakers((actor, _machine_actor(actor, actor.capacity.split(".")[0])) for actor in actors)


def speakers(
    transaction: "Transaction",
    policy: Policy,
    numbers: Sequence[str],
    bodies: Collection[str],
    *,
    branch: str | None = None,
) -> Speakers:
    """Return the members who act for one of `bodies` of the policy, each in the seat that lets them.

    The first has to speak for one of the bodies; others may sit anywhere, in another seat. Where the policy names no
    body at all, the machine says why it cannot be done. `branch` is the branch that holds the procedure
    (`procedure.held_by`); without it seats in branches do not count, and with it those of the party do where the policy
    names their body and the branch has not its own. Raises `Refused` that names who may.
    """
    found: list[tuple[Actor, machine.Actor]] = []
    taken: set[str] = set()
    definitions = current_definitions(transaction.session)
    day = today(transaction.instance, transaction.now)
    seats = [seat for seat in acting_seats(transaction.session, day) if counts(seat, policy, branch, definitions)]
    may = [seat for seat in seats if any(may_speak(seat, policy, body, definitions, branch) for body in bodies)]
    for number in numbers:
        member = member_numbered(transaction.session, number)
        own = [seat for seat in seats if seat.member_id == member.id]
        spoken = [(seat, body) for seat in own for body in bodies if may_speak(seat, policy, body, definitions, branch)]
        spoken += [(seat, seat.body) for seat in own]
        choice = next(((seat, body) for seat, body in spoken if seat.mandate not in taken), None)
        if choice is None:
            if found:
                raise Refused("Member {number} holds no other seat today: {who}.", number=number, who=_who(may))
            raise Refused("Member {number} holds no seat today: {who}.", number=number, who=_who(may))
        taken.add(choice[0].mandate)
        found.append(_pair(*choice))
    if bodies and not any(actor.body in bodies for _, actor in found):
        raise Refused("This is for {bodies}: {who}.", bodies=_named(policy, bodies), who=_who(may))
    return Speakers(found)


def may_speak(
    seat: HeldSeat,
    policy: Policy,
    body: str,
    definitions: Mapping[str, BodyDefinition],
    held_by: str | None = None,
) -> bool:
    """Whether a seat that counts in the procedure lets its holder speak for one of the policy's bodies.

    A branch speaks in what it holds for the bodies that are its own, and nobody of the party does. What an assembly
    decided is recorded by a seat that allows that; of an assembly that is the branch's own, by one of the branch.
    """
    if seat.body == BOOTSTRAP:
        return True
    branch = None if held_by is None else definitions.get(held_by)
    is_own = branch is not None and body in branch.own_bodies
    if sits_in(seat, body, held_by, definitions):
        return not is_own or not _is_recorded_for(policy, body) or allows(seat, PROCEDURE_RECORD, definitions)
    definition = definitions.get(seat.body)
    if is_own or (definition is not None and definition.is_branch):
        return False
    return _is_recorded_for(policy, body) and allows(seat, PROCEDURE_RECORD, definitions)


def _is_recorded_for(policy: Policy, body: str) -> bool:
    return body in policy.bodies and policy.bodies[body].kind in RECORDED_FOR


def _pair(seat: HeldSeat, body: str) -> tuple[Actor, machine.Actor]:
    actor = Actor(member_id=seat.member_id, seat_id=seat.seat_id, capacity=f"{seat.body}.{seat.office}")
    return actor, _machine_actor(actor, body)


def _machine_actor(actor: Actor, body: str) -> machine.Actor:
    return machine.Actor(person=actor.member_id, seat=actor.seat_id, body=body)


def _named(policy: Policy, bodies: Collection[str]) -> Words:
    names = [policy.body_name(body) for body in sorted(bodies)]
    return Words(nl=" of ".join(name.nl for name in names), en=" or ".join(name.en for name in names))


def _who(may: Sequence[HeldSeat]) -> Sentence:
    if people := list(dict.fromkeys(f"{seat.name} ({seat.number})" for seat in may)):
        return Sentence("it may be done by {people}", people=people)
    return Sentence("nobody holds such a seat today; give one first")
