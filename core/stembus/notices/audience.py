"""To whom a mailing goes: a rule that is looked up anew each time, so that it can be told before and after."""

from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from stembus.errors import UnusableInput
from stembus.notices.address import deliverable
from stembus.notices.channels import MailingPurpose, Reach, Way, way_to
from stembus.notices.kinds import confidential_mails
from stembus.notices.languages import languages_of
from stembus.notices.tables import MailMessage
from stembus.organisation.facts import MemberOnDay, facts_on
from stembus.organisation.registry import member_numbered
from stembus.organisation.states import MEMBER
from stembus.words import Lang

if TYPE_CHECKING:
    from stembus.instance import Instance

HOME = frozenset({"", "nl", "nederland", "netherlands", "the netherlands"})


class Everyone(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="everyone"):
    """All members on the day, suspended ones too: they have access where their suspension is dealt with (BW 2:38)."""


class OfBranch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="branch"):
    """The members of one branch on the day, by the name that the roll gives it."""

    branch: str


class Seated(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="seated"):
    """Who holds a seat in a body on the day, or one office in it."""

    body: str
    office: str = ""


class Numbered(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="numbered"):
    """The members with these numbers."""

    numbers: tuple[str, ...]


class InGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="group"):
    """The group with this name that a plugin finds in a procedure."""

    procedure_id: str
    name: str


Audience = Everyone | OfBranch | Seated | Numbered | InGroup
AudienceDecoder = msgspec.json.Decoder(Audience)


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """A person to write to: how, why so, in which language and where to.

    `address` is a mail address for "email", the lines below the name for "post", and empty for "none".
    """

    member_id: str
    number: str
    name: str
    sort_name: str
    lang: Lang
    way: Way
    address: str
    is_member: bool


def recipients(
    instance: "Instance",
    session: Session,
    audience: Audience,
    day: date,
    purpose: MailingPurpose,
    *,
    is_personal: bool,
    lacking: Collection[str] = (),
) -> tuple[Recipient, ...]:
    """Return who is written to on `day`, each once and with the reason of the channel, in the order of their names.

    Whoever has an id in `lacking` is not reached by mail any more. Raises `UnusableInput` when the rule names somebody
    or something that is not there.
    """
    people = _people(instance, session, audience, day)
    langs = languages_of(session, people)
    postal = postal_addresses(session, people)
    shared, bounced = _shared(session), _bounced(session, confidential_mails(instance.plugins))
    found = []
    for person in people.values():
        reach = Reach(
            email=person.email,
            consents=person.by_email,
            is_shared=person.email.lower() in shared,
            has_postal=bool(postal[person.member_id]),
            bounced=(deliverable(person.email) or "") in bounced or person.member_id in lacking,
        )
        way = way_to(reach, purpose, is_personal=is_personal)
        where = {"email": deliverable(person.email) or "", "post": postal[person.member_id], "none": ""}
        found.append(
            Recipient(
                member_id=person.member_id,
                number=person.number,
                name=person.name,
                sort_name=person.sort_name,
                lang=langs.get(person.member_id, "nl"),
                way=way,
                address=where[way.channel],
                is_member=_is_member(person, day),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.sort_name, one.number)))


def _people(instance: "Instance", session: Session, audience: Audience, day: date) -> dict[str, MemberOnDay]:
    match audience:
        case Numbered(numbers):
            return facts_on(session, [member_numbered(session, number).id for number in numbers], day)
        case InGroup(procedure_id, name):
            groups = {group.name: group for group in instance.plugins.recipients(session, procedure_id)}
            if name not in groups:
                raise UnusableInput(
                    "There is no group {name!r} in this procedure: choose one of {groups}.",
                    name=name,
                    groups=sorted(groups),
                )
            return facts_on(session, groups[name].member_ids, day)
        case Seated(body, office):
            seat = f"{body}.{office}" if office else body
            return {key: one for key, one in facts_on(session, None, day).items() if seat in one.facts.offices}
    everyone = {key: one for key, one in facts_on(session, None, day).items() if _is_member(one, day)}
    if isinstance(audience, Everyone):
        return everyone
    return {key: one for key, one in everyone.items() if one.facts.branch == audience.branch}


def _is_member(one: MemberOnDay, day: date) -> bool:
    """Whether somebody has to be called as a member: also who the roll gives no day of registration for.

    Calling one too many harms nothing; a decision to which a member was not called can be annulled (BW 2:15).
    """
    facts = one.facts
    has_begun = facts.registered_on is None or facts.registered_on <= day
    return has_begun and (facts.ended_on is None or facts.ended_on > day)


def postal_addresses(session: Session, member_ids: Collection[str]) -> dict[str, str]:
    """Return the lines of the address of each of these people; empty where no letter could be delivered."""
    wanted = set(member_ids)
    columns = (MEMBER.c.id, MEMBER.c.street, MEMBER.c.postcode, MEMBER.c.city, MEMBER.c.country)
    rows = session.execute(select_columns(*columns).where(MEMBER.c.merged_into.is_(None)))
    return {row.id: postal_lines(row.street, row.postcode, row.city, row.country) for row in rows if row.id in wanted}


def postal_lines(street: str, postcode: str, city: str, country: str) -> str:
    """Return the lines of an address below the name, or nothing when no letter could be delivered to it."""
    if not street or not city:
        return ""
    abroad = "" if country.casefold() in HOME else country.upper()
    return "\n".join(line for line in (street, f"{postcode}  {city.upper()}".strip(), abroad) if line)


def _shared(session: Session) -> frozenset[str]:
    emails = session.execute(select_columns(MEMBER.c.email).where(MEMBER.c.email != "", MEMBER.c.merged_into.is_(None)))
    counted = Counter(email.lower() for email in emails.scalars())
    return frozenset(email for email, count in counted.items() if count > 1)


def _bounced(session: Session, confidential: Collection[str]) -> frozenset[str]:
    """Return the addresses of which the last mail that was tried came back or was never accepted."""
    bad = select(MailMessage.address).where(col(MailMessage.state).in_(("bounced", "failed")))
    tried = (
        select(MailMessage.address, MailMessage.state)
        .where(
            col(MailMessage.state).in_(("sent", "bounced", "failed")),
            col(MailMessage.address).in_(bad),
            col(MailMessage.kind).not_in(confidential),
        )
        .order_by(col(MailMessage.settled_at))
    )
    last = dict(session.exec(tried).all())
    return frozenset(address for address, state in last.items() if state != "sent")
