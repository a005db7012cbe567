"""Freezing the roll, deciding an objection to it, and adding somebody late."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from stembus.access.grave_acts import GraveAct, Who
from stembus.conduct.about_procedure import OfProcedure, about_procedure, running, speaking_for
from stembus.errors import UnusableInput
from stembus.organisation.member import display_name
from stembus.organisation.tables import Member
from stembus_polls.grave.opening import at
from stembus_polls.roll.change import add_late
from stembus_polls.roll.freeze import freeze_roll
from stembus_polls.roll.objections import decide_objection
from stembus_polls.roll.preview import preview_freeze
from stembus_polls.roll.rows import current_version
from stembus_polls.roll.tables import RollObjection
from stembus_polls.roll.verdict import roll_of
from stembus_procedures.language.stages import Vote
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction


class Objection(OfProcedure, frozen=True):
    """An objection by its number, and what is decided: `contests` to move to, or `remove` to take off."""

    number: int
    outcome: Literal["upheld", "rejected"]
    ground: str
    remove: bool = False
    contests: tuple[str, ...] = ()


class Addition(OfProcedure, frozen=True):
    """A member (id) who is added after the roll was frozen."""

    member: str
    ground: str
    contests: tuple[str, ...] = ()


def _freeze_sentences(transaction: "Transaction", arguments: OfProcedure) -> Sequence[Sentence]:
    found = running(transaction, arguments)
    seen = preview_freeze(transaction.session, found)
    return (
        Sentence("The roll of {procedure} is frozen as it was on {day}.", procedure=found.procedure.name, day=seen.day),
        Sentence("{size} members may vote; {without} may not.", size=seen.size, without=seen.without),
        Sentence("After that it changes only by an objection or a late addition, each of two people."),
    )


def _freezers(transaction: "Transaction", arguments: OfProcedure) -> Who:
    found = running(transaction, arguments)
    stage = roll_of(found.policy)
    return speaking_for(transaction, found, (stage.owner, stage.substitute) if stage.substitute else (stage.owner,))


def _freeze(transaction: "Transaction", arguments: OfProcedure, first: str, second: str) -> object:
    return freeze_roll(transaction, running(transaction, arguments), by=(first, second))


def _vote_opens(transaction: "Transaction", arguments: OfProcedure) -> datetime | None:
    found = running(transaction, arguments)
    vote = found.policy.first(Vote)
    return at(found, f"{vote.id}.opens") if vote else None


def _who_votes(transaction: "Transaction", arguments: OfProcedure) -> object:
    return preview_freeze(transaction.session, running(transaction, arguments)).sha256


ROLL_FREEZE = GraveAct(
    name="polls.roll_freeze",
    title="freeze the electoral roll",
    arguments=OfProcedure,
    sentences=_freeze_sentences,
    who=_freezers,
    carry_out=_freeze,
    subject=about_procedure,
    rests_on=_who_votes,
    until=_vote_opens,
)


def _objection(transaction: "Transaction", arguments: Objection) -> RollObjection:
    row = transaction.session.get(RollObjection, (arguments.procedure, arguments.number))
    if row is None:
        raise UnusableInput("There is no objection {number}.", number=arguments.number)
    return row


def _objection_sentences(transaction: "Transaction", arguments: Objection) -> Sequence[Sentence]:
    row = _objection(transaction, arguments)
    member = transaction.session.get_one(Member, row.member_id)
    name = display_name(member.given, member.particle, member.surname)
    values = {"number": row.number, "name": name, "member": member.number}
    said = [
        Sentence("{name} ({member}) objected to the roll: {ground}", ground=row.ground, name=name, member=member.number)
    ]
    if arguments.outcome == "rejected":
        said.append(Sentence("Objection {number} is rejected. The roll stays as it is.", number=row.number))
    elif arguments.remove:
        said.append(Sentence("Objection {number} is upheld: {name} ({member}) is taken off the roll.", **values))
    elif arguments.contests:
        contests = list(arguments.contests)
        text = "Objection {number} is upheld: {name} ({member}) votes in {contests}."
        said.append(Sentence(text, contests=contests, **values))
    else:
        said.append(Sentence("Objection {number} is upheld: {name} ({member}) is added to the roll.", **values))
    return (*said, Sentence("The ground of the decision: {ground}", ground=arguments.ground))


def _deciders(transaction: "Transaction", arguments: Objection) -> Who:
    found = running(transaction, arguments)
    return speaking_for(transaction, found, (roll_of(found.policy).objection.decided_by,))


def _decide(transaction: "Transaction", arguments: Objection, first: str, second: str) -> object:
    return decide_objection(
        transaction,
        running(transaction, arguments),
        arguments.number,
        upheld=arguments.outcome == "upheld",
        by=(first, second),
        ground=arguments.ground,
        remove=arguments.remove,
        contests=arguments.contests,
    )


def _decided_before(transaction: "Transaction", arguments: Objection) -> datetime | None:
    found = running(transaction, arguments)
    return at(found, f"{roll_of(found.policy).id}.objection.decided_before")


ROLL_OBJECTION = GraveAct(
    name="polls.roll_objection",
    title="decide an objection to the electoral roll",
    arguments=Objection,
    sentences=_objection_sentences,
    who=_deciders,
    carry_out=_decide,
    subject=about_procedure,
    rests_on=lambda transaction, arguments: _objection(transaction, arguments).decision,
    until=_decided_before,
)


def _addition_sentences(transaction: "Transaction", arguments: Addition) -> Sequence[Sentence]:
    member = transaction.session.get_one(Member, arguments.member)
    name = display_name(member.given, member.particle, member.surname)
    return (
        Sentence("{name} ({member}) is added to the electoral roll.", name=name, member=member.number),
        Sentence("The ground of the decision: {ground}", ground=arguments.ground),
        Sentence("The roll gets a new public root."),
    )


def _adders(transaction: "Transaction", arguments: Addition) -> Who:
    found = running(transaction, arguments)
    body = roll_of(found.policy).late_additions.decided_by
    return speaking_for(transaction, found, (body,) if body else ())


def _add(transaction: "Transaction", arguments: Addition, first: str, second: str) -> object:
    number = transaction.session.get_one(Member, arguments.member).number
    return add_late(
        transaction,
        running(transaction, arguments),
        number,
        by=(first, second),
        ground=arguments.ground,
        contests=arguments.contests,
    )


def _root(transaction: "Transaction", arguments: Addition) -> object:
    version = current_version(transaction.session, arguments.procedure)
    return "" if version is None else version.root


def _additions_until(transaction: "Transaction", arguments: Addition) -> datetime | None:
    found = running(transaction, arguments)
    return at(found, f"{roll_of(found.policy).id}.late_additions.until")


ROLL_ADDITION = GraveAct(
    name="polls.roll_addition",
    title="add somebody to the electoral roll",
    arguments=Addition,
    sentences=_addition_sentences,
    who=_adders,
    carry_out=_add,
    subject=lambda arguments: {"procedure": arguments.procedure, "member": arguments.member},
    rests_on=_root,
    until=_additions_until,
)

ROLL_GRAVE_ACTS = (ROLL_FREEZE, ROLL_OBJECTION, ROLL_ADDITION)
