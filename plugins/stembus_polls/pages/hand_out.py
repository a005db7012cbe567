"""Handing out papers in the room: search the roll, give a paper, strike off, replace a spoiled one."""

from collections.abc import Sequence
from typing import Literal

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from msgspec import Struct
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from stembus.errors import UnusableInput
from stembus.organisation.member import display_name, sort_name
from stembus.organisation.search import LETTERS, folded
from stembus.organisation.tables import Member
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus_polls.contests import Contest
from stembus_polls.meeting.enter import proxies_of
from stembus_polls.of_contest import of_contest
from stembus_polls.pages.opening import contest_called, contest_values, poll_for, writing
from stembus_polls.paper.account import POST, ROOM
from stembus_polls.paper.hand_out import ONLINE, hand_out, papers_left, replace_spoiled, struck_off
from stembus_polls.paper.tables import StrikeOff
from stembus_polls.powers import PAPER_HAND_OUT
from stembus_polls.roll.lookup import NotOnRoll, on_roll, why_not_on_roll
from stembus_polls.roll.tables import RollRow
from stembus_procedures.language.values import Words as PolicyWords

POWERS = (PAPER_HAND_OUT,)
MOST = 20


class AtTable(Struct, frozen=True, kw_only=True):
    """A member who was searched for: whether they get a paper, had one, or why not. `papers` is how many they had."""

    number: str
    name: str
    state: Literal["may", "struck", "post", "not_on_roll"]
    papers: int = 0
    why_not: tuple[PolicyWords, ...] = ()
    gives: tuple[tuple[str, str], ...] = ()


class HandOutForm(Form, frozen=True):
    """Who gets a paper; `holder` takes it for them by proxy; `q` is what was searched for."""

    member: str = ""
    holder: str = ""
    q: str = ""


@page("/procedures/{name:str}/poll/hand-out", who=power(*POWERS))
def hand_out_page(
    visit: NamedDependency[Visit], name: FromPath[str], contest: FromQuery[str] = "", q: FromQuery[str] = ""
) -> Answer:
    """Search by number or name, and hand out."""
    with visit.read() as session:
        poll = poll_for(visit, session, name, POWERS)
        chosen = contest_called(poll, contest)
        struck = struck_off(session, chosen)
        asked = q.strip() or str(visit.filled.get("q", ""))
        return visit.page(
            "polls/office/hand_out.html",
            q=asked,
            found=_found(session, chosen, asked) if asked else (),
            room=sum(how == ROOM for how in struck.values()),
            post=sum(how == POST for how in struck.values()),
            left=papers_left(session, chosen),
            is_open=chosen.times.opens <= visit.now < chosen.times.closes,
            is_over=visit.now >= chosen.times.closes,
            **contest_values(poll, chosen),
        )


@action(
    "/procedures/{name:str}/poll/hand-out",
    who=power(*POWERS),
    no_act="who was handed a paper stands in the list of strike-offs alone, without a time",
    again=hand_out_page,
)
def hand_out_paper(
    visit: NamedDependency[Visit],
    name: FromPath[str],
    data: URLEncodedBody[HandOutForm],
    contest: FromQuery[str] = "",
) -> Answer:
    """Hand one paper to a member, or to who holds their proxy, and strike the member off."""
    with visit.write() as transaction:
        chosen = contest_called(writing(visit, transaction, name, POWERS), contest)
        hand_out(
            transaction,
            chosen,
            (_one(data.member),),
            by=visit.member.number,
            why_not=why_not_on_roll,
            holder=data.holder.strip() or None,
        )
    return visit.go(
        f"/procedures/{name}/poll/hand-out?contest={chosen.id}",
        N_("Give one paper for member {number}: struck off."),
        number=data.member.strip(),
    )


@action(
    "/procedures/{name:str}/poll/hand-out/replace",
    who=power(*POWERS),
    no_act="who was handed a paper stands in the list of strike-offs alone, without a time",
    again=hand_out_page,
)
def replace_paper(
    visit: NamedDependency[Visit],
    name: FromPath[str],
    data: URLEncodedBody[HandOutForm],
    contest: FromQuery[str] = "",
) -> Answer:
    """Give another paper against handing in a spoiled one, which stays unread."""
    with visit.write() as transaction:
        chosen = contest_called(writing(visit, transaction, name, POWERS), contest)
        replace_spoiled(transaction, chosen, _one(data.member), by=visit.member.number)
    return visit.go(
        f"/procedures/{name}/poll/hand-out?contest={chosen.id}",
        N_("Give member {number} another paper. Keep the spoiled one apart, unread."),
        number=data.member.strip(),
    )


def _one(number: str) -> str:
    if not number.strip():
        raise UnusableInput(N_("Name the member by number."), field="q")
    return number.strip()


def _found(session: Session, contest: Contest, asked: str) -> list[AtTable]:
    """Return who on the roll of a contest has this number, or every word in their name; at most a page of them.

    Somebody who is not on the roll is found by their whole number only, with the reason: the stembureau does not
    search the party.
    """
    words = folded(asked).split()
    if sum(map(len, words)) < LETTERS:
        return []
    rows = session.execute(
        columns(col(RollRow.contests), Member)
        .join(Member, col(Member.id) == col(RollRow.member_id))
        .where(col(RollRow.procedure_id) == contest.procedure_id, col(RollRow.until).is_(None))
    )
    members = [member for contests, member in rows if contest.id in contests.split() and _is_asked(member, words)]
    members.sort(key=lambda one: sort_name(one.given, one.particle, one.surname).casefold())
    struck = _strike_offs(session, contest, members[:MOST])
    found = [_at_table(session, contest, member, struck.get(member.id)) for member in members[:MOST]]
    return found or _elsewhere(session, contest, asked)


def _is_asked(member: Member, words: list[str]) -> bool:
    text = folded(f"{member.number} {member.given} {member.particle} {member.surname}")
    return all(word in text for word in words)


def _elsewhere(session: Session, contest: Contest, number: str) -> list[AtTable]:
    """Return the member with this number who is not on the roll, with the reasons."""
    member = session.exec(select(Member).where(Member.number == number, col(Member.merged_into).is_(None))).first()
    if member is None:
        return []
    row = on_roll(session, contest.procedure_id, contest.id, member.id)
    reasons = row.reasons if isinstance(row, NotOnRoll) else ()
    return [AtTable(number=member.number, name=_name(member), state="not_on_roll", why_not=reasons)]


def _strike_offs(session: Session, contest: Contest, members: Sequence[Member]) -> dict[str, StrikeOff]:
    ids = [member.id for member in members]
    rows = session.exec(select(StrikeOff).where(*of_contest(StrikeOff, contest), col(StrikeOff.member_id).in_(ids)))
    return {row.member_id: row for row in rows}


def _at_table(session: Session, contest: Contest, member: Member, row: StrikeOff | None) -> AtTable:
    state: Literal["may", "struck", "post"] = "may"
    if row is not None and row.channel == ONLINE:
        row = None  # who voted online is shown to nobody; handing them a paper is refused with that reason
    if row is not None:
        state = "post" if row.channel == POST else "struck"
    return AtTable(
        number=member.number,
        name=_name(member),
        state=state,
        papers=row.papers if row else 0,
        gives=_gives(session, contest, member),
    )


def _gives(session: Session, contest: Contest, holder: Member) -> tuple[tuple[str, str], ...]:
    """Return the number and name of those whose proxy in force this member holds, and who were not struck off."""
    given = proxies_of(session, contest.procedure_id, holder.id)
    if not given:
        return ()
    people = [session.get_one(Member, one) for one in given]
    struck = {one for one, row in _strike_offs(session, contest, people).items() if row.channel != ONLINE}
    return tuple((one.number, _name(one)) for one in people if one.id not in struck)


def _name(member: Member) -> str:
    return display_name(member.given, member.particle, member.surname)


PAGES = (hand_out_page, hand_out_paper, replace_paper)
