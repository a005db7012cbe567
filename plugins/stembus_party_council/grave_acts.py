"""The act of the party council that one person proposes and another one confirms: a seat falls empty."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from stembus.access.grave_acts import GraveAct, Who
from stembus.conduct.about_procedure import OfProcedure, running, speaking_for
from stembus.organisation.member import display_name
from stembus.organisation.tables import Member
from stembus_party_council.council import open_council
from stembus_party_council.places import seats_of
from stembus_party_council.vacancy import state_vacancy
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction


class Vacant(OfProcedure, frozen=True):
    """Who leaves (id), the last day in the seat, and why."""

    member: str
    left_on: date
    ground: str


def _sentences(transaction: "Transaction", arguments: Vacant) -> Sequence[Sentence]:
    member = transaction.session.get_one(Member, arguments.member)
    name = display_name(member.given, member.particle, member.surname)
    return (
        Sentence("{name} ({number}) leaves the seat.", name=name, number=member.number),
        Sentence("The last day in the seat is {day}.", day=arguments.left_on),
        Sentence("Whoever comes next by the policy is called at once."),
        Sentence("The ground: {ground}", ground=arguments.ground),
    )


def _who(transaction: "Transaction", arguments: Vacant) -> Who:
    found = running(transaction, arguments)
    rule = seats_of(found.policy).vacancy
    return speaking_for(transaction, found, (rule.decided_by,) if rule else ())


def _state(transaction: "Transaction", arguments: Vacant, first: str, second: str) -> object:
    council = open_council(transaction, running(transaction, arguments).procedure.name)
    number = transaction.session.get_one(Member, arguments.member).number
    return state_vacancy(
        transaction, council, number, left_on=arguments.left_on, ground=arguments.ground, by=(first, second)
    )


VACANCY = GraveAct(
    name="party_council.vacancy",
    title="state that a seat falls empty",
    arguments=Vacant,
    sentences=_sentences,
    who=_who,
    carry_out=_state,
    subject=lambda arguments: {"procedure": arguments.procedure, "member": arguments.member},
)

GRAVE_ACTS: tuple[GraveAct, ...] = (VACANCY,)
