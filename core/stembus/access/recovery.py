"""Letting somebody in by two people who saw them, as an act that one proposes and the other confirms."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from stembus.access.enrolment import give_enrolment_code
from stembus.access.grave_acts import Arguments, GraveAct, Who, with_power
from stembus.errors import Refused
from stembus.organisation.authority import acting_seats, today
from stembus.organisation.core_powers import ACCESS_RECOVERY
from stembus.organisation.grave_acts import named_office, named_person
from stembus.organisation.tables import Member
from stembus.words import N_
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction

SEEN_FOR = timedelta(hours=24)
"""How long the second person has: they see the same person, and not a fortnight later."""


class LetIn(Arguments, frozen=True):
    """The member (id) who gets a code to make a passkey, and how the two saw who it is."""

    member: str
    ground: str


def _sentences(transaction: "Transaction", arguments: LetIn) -> Sequence[Sentence]:
    session, day = transaction.session, today(transaction.instance, transaction.now)
    person = named_person(transaction, _number(transaction, arguments))
    seats = [
        named_office(transaction, seat.body, seat.office)
        for seat in acting_seats(session, day)
        if seat.member_id == arguments.member
    ]
    return (
        Sentence(N_("{person} gets a code, to use once within 24 hours, to make a new passkey."), person=person),
        Sentence(N_("The passkeys, linked accounts, sessions and codes of before end at once.")),
        Sentence(N_("With the new passkey these seats can be used: {seats}."), seats=seats)
        if seats
        else Sentence(N_("There is no seat today that the new passkey could be used for.")),
        Sentence(
            N_("Both of you saw {person} in person, and know who it is: {ground}"),
            person=person,
            ground=arguments.ground,
        ),
    )


def _who(transaction: "Transaction", arguments: LetIn) -> Who:
    """Return the seats of others. Raises `Refused` when there are not two: then it takes the machine of the office."""
    found = with_power(transaction, ACCESS_RECOVERY).either
    others = tuple(seat for seat in found if seat.member_id != arguments.member)
    if not any(a.member_id != b.member_id and a.mandate != b.mandate for a in others for b in others):
        raise Refused(
            N_(
                "It takes two others, in two seats, and there are none today. It can be done on the machine of the "
                "office: `stembus access enrol`."
            )
        )
    return Who(others)


def _number(transaction: "Transaction", arguments: LetIn) -> str:
    return transaction.session.get_one(Member, arguments.member).number


LET_IN = GraveAct(
    name="access.recover",
    title=N_("let somebody in with a new passkey"),
    arguments=LetIn,
    sentences=_sentences,
    who=_who,
    carry_out=lambda transaction, arguments, first, second: give_enrolment_code(
        transaction, _number(transaction, arguments), by=(first, second), ground=arguments.ground
    ),
    subject=lambda arguments: {"member": arguments.member},
    until=lambda transaction, _arguments: transaction.now + SEEN_FOR,
    shows="sign_in/code_given.html",
)
