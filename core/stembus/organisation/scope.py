"""Who may see which members, and which of their fields, for what: a table of purposes and a rule over seats."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

import msgspec
from sqlmodel import Session

from stembus.errors import Refused
from stembus.organisation.authority import acting_seats, current_definitions
from stembus.organisation.bodies import BodyDefinition
from stembus.organisation.core_powers import (
    DOCUMENTS_SIGNATURES,
    MEMBERS_EXPORT,
    MEMBERS_VIEW,
    MEMBERS_VIEW_BRANCH,
)
from stembus.organisation.facts import MemberOnDay, facts_on
from stembus.organisation.mandate import HeldSeat, allows, reaches
from stembus.organisation.member import MemberState, display_name
from stembus.organisation.states import states_of
from stembus_procedures.language.values import Words

FieldName = Literal[
    "number",
    "name",
    "email",
    "phone",
    "street",
    "postcode",
    "city",
    "country",
    "born_on",
    "member_since",
    "ended_on",
    "contribution",
    "branch",
    "branch_since",
    "abroad",
    "suspended",
    "email_consent",
]
PurposeName = Literal["administration", "convocation", "branch_contact", "branch_meeting", "signatures"]


class Purpose(msgspec.Struct, frozen=True, kw_only=True):
    """Why somebody looks at members, and the fields that it needs, each with the reason why (in English).

    What is not in the table is not shown, and not read out of the roll for that purpose either. `power` is the power
    of a seat for which it exists.
    """

    name: PurposeName
    title: Words
    power: str
    fields: Mapping[FieldName, str]


PURPOSES: dict[PurposeName, Purpose] = {
    purpose.name: purpose
    for purpose in (
        Purpose(
            name="administration",
            title=Words(nl="ledenadministratie", en="membership administration"),
            power=MEMBERS_VIEW,
            fields={
                "number": "names one member among several of one name",
                "name": "whom it is about",
                "email": "to correct an address that bounces",
                "phone": "to call back",
                "street": "where letters go",
                "postcode": "where letters go; asked to make sure who calls",
                "city": "where letters go",
                "country": "where letters go",
                "born_on": "a condition of standing and voting; tells two members of one name apart",
                "member_since": "a condition of standing and voting",
                "ended_on": "a condition of standing and voting",
                "contribution": "a condition of standing and voting",
                "branch": "a condition of standing and voting",
                "branch_since": "explains which branch counted on a record date",
                "abroad": "decides the lead time of the post, and a condition of standing",
                "suspended": "a condition of standing and voting",
                "email_consent": "decides whether a convocation may go by mail (BW 2:41)",
            },
        ),
        Purpose(
            name="convocation",
            title=Words(nl="oproepen per post of e-mail", en="convocations by post or e-mail"),
            power=MEMBERS_VIEW,
            fields={
                "number": "names one member among several of one name",
                "name": "stands on the envelope",
                "email": "where the convocation goes, of who agreed to that",
                "street": "stands on the envelope",
                "postcode": "stands on the envelope",
                "city": "stands on the envelope",
                "country": "stands on the envelope",
                "email_consent": "decides whether a convocation may go by mail (BW 2:41)",
            },
        ),
        Purpose(
            name="branch_contact",
            title=Words(nl="contact met de leden van de afdeling", en="contact with the members of the branch"),
            power=MEMBERS_VIEW_BRANCH,
            fields={
                "number": "names one member among several of one name",
                "name": "whom to address",
                "email": "to write to, of who agreed to be written to by mail",
                "city": "who lives near, in a branch of several municipalities",
            },
        ),
        Purpose(
            name="branch_meeting",
            title=Words(nl="een vergadering van de afdeling", en="a meeting of the branch"),
            power=MEMBERS_VIEW_BRANCH,
            fields={
                "number": "names one member among several of one name",
                "name": "to tick off who comes in",
            },
        ),
        Purpose(
            name="signatures",
            title=Words(nl="wie een document heeft ondertekend", en="who signed a document"),
            power=DOCUMENTS_SIGNATURES,
            fields={
                "number": "names one member among several of one name",
                "name": "whom to remind",
            },
        ),
    )
}
"""Never for a branch: birth date, contribution, address and phone. The party office answers what rests on those."""


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What a person may see today: by which seat, of which branch (None: of the whole party), for which purposes."""

    seat: HeldSeat
    branch: str | None
    branch_body: str | None
    purposes: tuple[Purpose, ...]
    may_export: bool

    def purpose(self, name: str) -> Purpose:
        """Return the purpose of this name. Raises `Refused` that names those that this seat has."""
        for purpose in self.purposes:
            if purpose.name == name:
                return purpose
        there = ", ".join(purpose.name for purpose in self.purposes)
        raise Refused("This seat does not see members for {name!r}, but for: {there}.", name=name, there=there)

    def covers(self, member: MemberOnDay, day: date) -> bool:
        """Whether a member is one that may be seen: everybody, or whoever is a member in the branch on `day`."""
        if self.branch is None:
            return True
        ended = member.facts.ended_on
        return member.facts.branch == self.branch and (ended is None or ended > day)


class SeenMember(msgspec.Struct, frozen=True, kw_only=True):
    """A member as one purpose shows them: nothing but its fields, as text or days."""

    member_id: str
    values: dict[FieldName, str | date | bool | None]


def scopes(
    seats: Sequence[HeldSeat],
    definitions: Mapping[str, BodyDefinition],
    member_id: str,
    *,
    of_all: str = MEMBERS_VIEW,
    of_branch: str = MEMBERS_VIEW_BRANCH,
) -> tuple[Scope, ...]:
    """Return what one person may see by each of their seats that act today, the whole party first.

    `of_all` is the power by which a seat of the party sees everybody, `of_branch` that by which one of a branch sees
    the members of that branch.
    """
    found = []
    for seat in seats:
        if seat.member_id != member_id:
            continue
        if reaches(seat, None, definitions) and allows(seat, of_all, definitions):
            found.append(_scope(seat, of_all, definitions, None))
        body = definitions.get(seat.body)
        if body is not None and body.branch is not None and allows(seat, of_branch, definitions):
            found.append(_scope(seat, of_branch, definitions, body.branch))
    return tuple(sorted(found, key=lambda scope: scope.branch is not None))


def scopes_of(session: Session, member_id: str, day: date) -> tuple[Scope, ...]:
    """Return what a person may see on `day`; nothing for who holds no seat that allows it, or no longer."""
    return scopes(acting_seats(session, day), current_definitions(session), member_id)


def signature_scopes(session: Session, member_id: str, day: date) -> tuple[Scope, ...]:
    """Return whose signatures a person may see on `day`: of everybody, or of a branch's own members."""
    seats, definitions = acting_seats(session, day), current_definitions(session)
    return scopes(seats, definitions, member_id, of_all=DOCUMENTS_SIGNATURES, of_branch=DOCUMENTS_SIGNATURES)


def seen(session: Session, scope: Scope, purpose: Purpose, member_ids: Sequence[str], day: date) -> list[SeenMember]:
    """Return these members as the purpose shows them, in the order asked; whom the scope does not cover is left out."""
    if purpose not in scope.purposes:
        raise Refused("This seat does not see members for {name!r}.", name=purpose.name)
    facts = facts_on(session, member_ids, day)
    states = states_of(session, facts)
    return [
        _seen(states[member_id], facts[member_id], purpose)
        for member_id in dict.fromkeys(member_ids)
        if member_id in facts and scope.covers(facts[member_id], day)
    ]


def covered(session: Session, scope: Scope, day: date) -> list[str]:
    """Return the ids of everybody who is a member on `day` and whom the scope covers, in the order of their names."""
    members = [one for one in facts_on(session, None, day).values() if scope.covers(one, day) and is_member(one, day)]
    return [one.member_id for one in sorted(members, key=lambda one: (one.sort_name.casefold(), one.number))]


def is_member(one: MemberOnDay, day: date) -> bool:
    """Whether somebody is a member on `day`, by registration or by first payment."""
    began = one.facts.registered_on or one.facts.first_payment_on
    return began is not None and began <= day and (one.facts.ended_on is None or one.facts.ended_on > day)


def _scope(seat: HeldSeat, power: str, definitions: Mapping[str, BodyDefinition], branch: str | None) -> Scope:
    return Scope(
        seat=seat,
        branch=branch,
        branch_body=None if branch is None else seat.body,
        purposes=tuple(purpose for purpose in PURPOSES.values() if purpose.power == power),
        may_export=allows(seat, MEMBERS_EXPORT, definitions),
    )


def _seen(state: MemberState, member: MemberOnDay, purpose: Purpose) -> SeenMember:
    facts = member.facts
    # A branch may only write to who agreed to it; the office sees the address itself, since it has to correct it.
    by_mail = purpose.power == MEMBERS_VIEW or member.by_email
    values: dict[FieldName, str | date | bool | None] = {
        "number": state.number,
        "name": display_name(state.given, state.particle, state.surname),
        "email": state.email if by_mail else "",
        "phone": state.phone,
        "street": state.street,
        "postcode": state.postcode,
        "city": state.city,
        "country": state.country,
        "born_on": state.born_on,
        "member_since": state.since,
        "ended_on": facts.ended_on,
        "contribution": facts.contribution,
        "branch": facts.branch,
        "branch_since": member.branch_since,
        "abroad": member.abroad,
        "suspended": facts.suspended,
        "email_consent": member.by_email,
    }
    return SeenMember(member_id=state.id, values={field: values[field] for field in purpose.fields})
