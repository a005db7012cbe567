"""Grave acts: what takes another person and another seat, and what both are told before they propose or confirm it."""

from collections.abc import Callable, Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from stembus.organisation.authority import acting_seats, current_definitions, holders, today
from stembus.organisation.mandate import HeldSeat, reaches
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction


class Arguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a grave act is done with. Subclass it: members and procedures by id, days and moments as such."""


class Who(NamedTuple):
    """Whose seats can do a grave act together.

    Both people act in a seat of `either`, the one that they would act in first. At least one of them also sits in
    `one_of`, where the policy names a body; None where it does not matter.
    """

    either: tuple[HeldSeat, ...]
    one_of: tuple[HeldSeat, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class GraveAct:
    """A kind of act that takes two, so that one person can propose it and another one confirm it later.

    `title` completes "This is a proposal to …"; it and the sentences are messages of the catalogues. The functions
    are given a transaction and the arguments, and only `carry_out` may change anything:

    - `sentences` say what exactly will happen, what stands now and what will stand then, without the hour of today;
    - `who` returns whose seats can do it, or raises `Refused` where nobody can do it with one other person;
    - `rests_on` returns, as plain values, whatever else the two people decide upon: once it differs, the proposal is
      over. The sentences are part of that by themselves;
    - `subject` names what it is about, as the subject of an act does ("procedure", "body", "member");
    - `until` returns the moment after which there is nothing left to decide, if any;
    - `carry_out` calls the verb with the member numbers of the first and the second person;
    - `read_at` is the path of a page with the text that it is about, {proposal} in it for the id of the proposal;
    - `afterwards` is called with the instance once it is kept, for what no transaction holds;
    - `shows` names a template that the second person sees at once, with `result` (what the verb returned): for what
      is kept nowhere and can be shown once.
    """

    name: str
    title: str
    arguments: type[Arguments]
    sentences: "Callable[[Transaction, Any], Sequence[Sentence]]"
    who: "Callable[[Transaction, Any], Who]"
    carry_out: "Callable[[Transaction, Any, str, str], object]"
    subject: Callable[[Any], Mapping[str, str]]
    rests_on: "Callable[[Transaction, Any], object]" = lambda _transaction, _arguments: None
    until: "Callable[[Transaction, Any], datetime | None]" = lambda _transaction, _arguments: None
    read_at: str = ""
    afterwards: "Callable[[Instance], None] | None" = None
    shows: str = ""


def with_power(
    transaction: "Transaction", power: str, branch: str | None = None, bodies: Container[str] | None = None
) -> Who:
    """Return whose seats allow `power` today in what is the party's (or that branch's); both act by that power.

    With `bodies`, seats of the party count only in one of those.
    """
    day = today(transaction.instance, transaction.now)
    return Who(tuple(holders(transaction.session, day, power, branch=branch, bodies=bodies)))


def beside(
    transaction: "Transaction",
    one_of: Collection[HeldSeat],
    branch: str | None = None,
    bodies: Container[str] | None = None,
) -> Who:
    """Return who can act where one of both sits in `one_of` and the other in any seat that carries a power.

    Whoever was elected somewhere without a power is not asked to confirm what the office proposes. `branch` and
    `bodies` as in `with_power`.
    """
    definitions = current_definitions(transaction.session)
    first = tuple(one_of)
    named = {seat.seat_id for seat in first}
    others = []
    for seat in acting_seats(transaction.session, today(transaction.instance, transaction.now)):
        body = definitions.get(seat.body)
        if seat.seat_id in named or body is None or not reaches(seat, branch, definitions, bodies):
            continue
        if any(office.name == seat.office and office.powers for office in body.offices):
            others.append(seat)
    return Who((*first, *others), first)


def can_be_first(who: Who, member_id: str) -> HeldSeat | None:
    """Return the seat in which a member would propose, or None when they may not."""
    return next((seat for seat in who.either if seat.member_id == member_id), None)


def can_be_second(who: Who, first: HeldSeat) -> list[HeldSeat]:
    """Return the seats in which others can confirm what was proposed in the seat `first`: one for each person.

    Another person, another mandate (a deputy does not act beside the seat they stand in for), and one of both in a
    body that the policy names.
    """
    named = None if who.one_of is None else {seat.member_id for seat in who.one_of}
    found: dict[str, HeldSeat] = {}
    for seat in who.either:
        if seat.member_id == first.member_id or seat.mandate == first.mandate:
            continue
        if named is None or first.member_id in named or seat.member_id in named:
            found.setdefault(seat.member_id, seat)
    return list(found.values())


def together(power: Who, body: Who) -> Who:
    """Return who can do what takes a power of both and, of one of them, a seat in a body."""
    return Who(power.either, body.one_of)
