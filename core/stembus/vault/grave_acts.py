"""The act of two by which personal data are destroyed.

Replacing the key of the ledger takes two as well, and is not here: it needs the file of the key, which only the command
line reaches.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stembus.access.grave_acts import Arguments, GraveAct, with_power
from stembus.organisation.authority import authorise_two, today
from stembus.organisation.core_powers import LEDGER_DESTROY
from stembus.organisation.member import display_name
from stembus.organisation.tables import Member
from stembus.vault.classes import class_named
from stembus.vault.destroy import destroy_person, finish
from stembus.vault.due import require_over
from stembus.words import N_
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction


class Destroy(Arguments, frozen=True):
    """What one retention class holds about one member (id), to be destroyed; `early` before its term is over."""

    member: str
    retention: str
    ground: str
    early: bool = False


def _sentences(transaction: "Transaction", arguments: Destroy) -> Sequence[Sentence]:
    one = class_named(transaction.instance.plugins, arguments.retention)
    member = transaction.session.get_one(Member, arguments.member)
    name = display_name(member.given, member.particle, member.surname)
    found = [
        Sentence(N_("Of {name} ({number}) is destroyed: {holds}."), name=name, number=member.number, holds=one.holds),
        Sentence(N_("It cannot be brought back. Backups keep their copy until they are rotated.")),
    ]
    if arguments.early:
        found.append(Sentence(N_("This is before its term is over: it is kept {keep}."), keep=one.keep))
    return *found, Sentence(N_("The ground: {ground}"), ground=arguments.ground)


def _destroy(transaction: "Transaction", arguments: Destroy, first: str, second: str) -> object:
    if not arguments.early:
        one = class_named(transaction.instance.plugins, arguments.retention)
        day = today(transaction.instance, transaction.now)
        require_over(transaction.session, one, arguments.member, day)
    actors = authorise_two(transaction, first, second, LEDGER_DESTROY)
    return destroy_person(
        transaction, retention=arguments.retention, person=arguments.member, by=actors, ground=arguments.ground
    )


DESTROY = GraveAct(
    name="privacy.destroy",
    title=N_("destroy personal data"),
    arguments=Destroy,
    sentences=_sentences,
    who=lambda transaction, _arguments: with_power(transaction, LEDGER_DESTROY),
    carry_out=_destroy,
    subject=lambda arguments: {"member": arguments.member},
    afterwards=finish,
)
