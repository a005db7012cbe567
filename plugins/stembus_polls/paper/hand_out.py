"""Handing out papers: one to each member in the room, another for a spoiled one, and papers sent by post.

Who gets a paper is struck off the roll in the same write. The key of the strike-off makes a second one impossible,
also when two tables hand out at the same moment, in the room and in the post alike.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from stembus.conduct.acting import acts
from stembus.errors import Refused
from stembus.ledger.acts import Act
from stembus.organisation.registry import member_numbered
from stembus.organisation.states import BATCH
from stembus.organisation.tables import Member
from stembus.words import N_
from stembus_polls.contests import Contest
from stembus_polls.gates import require_channel, require_papers, require_running, require_voting
from stembus_polls.meeting.enter import proxies_of
from stembus_polls.of_contest import of_contest
from stembus_polls.paper.account import POST, ROOM, papers_printed
from stembus_polls.paper.tables import PaperSent, StrikeOff
from stembus_polls.powers import PAPER_HAND_OUT, PAPER_PRINT
from stembus_procedures.language.values import Words

if TYPE_CHECKING:
    from stembus.instance import Transaction

ONLINE: Final = "electronic"
_STRUCK: Final = {
    ROOM: N_(
        "Member {member} was struck off for {contest} already: they got a paper in the room. Nothing was handed out."
    ),
    POST: N_(
        "Member {member} was struck off for {contest} already: their vote came in by post. Nothing was handed out."
    ),
    ONLINE: N_(
        "Member {member} was struck off for {contest} already: they voted online, and that vote is final. Nothing was "
        "handed out."
    ),
}

WhyNot = Callable[[Session, Contest, Sequence[str]], Mapping[str, Words]]
"""Of these members (ids), those who are not on the roll of a contest, each with the reason."""


def hand_out(
    transaction: "Transaction",
    contest: Contest,
    numbers: Sequence[str],
    *,
    by: str,
    why_not: WhyNot,
    holder: str | None = None,
) -> int:
    """Hand one paper to each of these members (by number) and strike them off; all of them or nobody.

    With `holder` (a number) their papers go to that member, who holds a proxy of each that is in force.
    Raises `Refused` that names the member: not on the roll and why, struck off already and how, or the vote is not
    open.
    """
    require_voting(contest, transaction.now)
    require_channel(contest, ROOM)
    acts(transaction, contest, by, PAPER_HAND_OUT)
    session = transaction.session
    members = _members(session, numbers)
    if holder is not None:
        given = proxies_of(session, contest.procedure_id, member_numbered(session, holder).id)
        if missing := [number for member, number in members.items() if member not in given]:
            raise Refused(
                "Member {holder} holds no proxy in force of {missing}. Nothing was handed out.",
                holder=holder,
                missing=missing[0],
            )
    _require_on_roll(session, contest, members, why_not)
    strike_off(session, contest, members, channel=ROOM, papers=1)
    return len(members)


def replace_spoiled(transaction: "Transaction", contest: Contest, number: str, *, by: str) -> int:
    """Give a member another paper against handing in a spoiled one; return how many they have had.

    Raises `Refused` when they have had none in the room, or as many as the policy allows.
    """
    require_voting(contest, transaction.now)
    acts(transaction, contest, by, PAPER_HAND_OUT)
    session = transaction.session
    member = member_numbered(session, number)
    row = session.get(StrikeOff, (contest.procedure_id, contest.id, member.id))
    if row is None or row.channel != ROOM:
        raise Refused(
            "Member {number} has had no paper of {contest} in the room: nothing to replace.",
            number=number,
            contest=contest.id,
        )
    allowed = contest.ballot.replacement_papers
    # The number of papers is a condition of the change itself, so that two tables cannot both give the last one.
    changed = session.execute(
        update(StrikeOff)
        .where(
            col(StrikeOff.procedure_id) == contest.procedure_id,
            col(StrikeOff.contest) == contest.id,
            col(StrikeOff.member_id) == member.id,
            col(StrikeOff.papers) <= allowed,
        )
        .values(papers=StrikeOff.papers + 1)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise Refused(
            "Member {number} has had {papers} papers of {contest}; the policy replaces {allowed} at most.",
            number=number,
            papers=row.papers,
            contest=contest.id,
            allowed=allowed,
        )
    session.expire(row)
    return row.papers


def send_by_post(
    transaction: "Transaction", contest: Contest, numbers: Sequence[str], *, by: str, why_not: WhyNot
) -> int:
    """Note that these members (by number) are sent a paper with a voter card, as one act; all of them or nobody.

    It strikes nobody off: that happens when the vote comes in. Raises `Refused` when the policy has no legal basis
    for post, when a member is not on the roll, or was sent one already.
    """
    require_running(contest)
    require_papers(contest)
    require_channel(contest, POST)
    actor = acts(transaction, contest, by, PAPER_PRINT)
    session = transaction.session
    members = _members(session, numbers)
    _require_on_roll(session, contest, members, why_not)
    rows = [{"procedure_id": contest.procedure_id, "contest": contest.id, "member_id": member} for member in members]
    try:
        with session.begin_nested():
            session.execute(insert(PaperSent), rows)
    except IntegrityError:
        sent = set(session.exec(select(PaperSent.member_id).where(*of_contest(PaperSent, contest))))
        again = sorted(number for member, number in members.items() if member in sent)
        raise Refused(
            "Member {again} was sent a paper of {contest} already: nothing was noted.", again=again, contest=contest.id
        ) from None
    transaction.record(
        Act(
            kind="papers.sent",
            by=(actor,),
            ground="; ".join(contest.policy.channels[POST].legal_basis),
            subject=contest.subject,
            public={"members": len(rows)},
        )
    )
    return len(rows)


def strike_off(session: Session, contest: Contest, members: Mapping[str, str], *, channel: str, papers: int) -> None:
    """Strike members (ids, with their numbers to name them) off the roll, all or nobody.

    Raises `Refused` that names who was struck off before, and through which channel.
    """
    if not members:
        return
    rows = [
        {
            "procedure_id": contest.procedure_id,
            "contest": contest.id,
            "member_id": member,
            "channel": channel,
            "papers": papers,
        }
        for member in members
    ]
    try:
        with session.begin_nested():
            session.execute(insert(StrikeOff), rows)
    except IntegrityError:
        struck = dict(
            session.exec(select(StrikeOff.member_id, StrikeOff.channel).where(*of_contest(StrikeOff, contest))).all()
        )
        member = next(member for member in members if member in struck)
        said = _STRUCK.get(struck[member], _STRUCK[ROOM])
        raise Refused(said, member=members[member], contest=contest.id) from None


def struck_off(session: Session, contest: Contest) -> dict[str, str]:
    """Return who was struck off, by member id, with the channel. For the stembureau and the accounting only."""
    return dict(
        session.exec(select(StrikeOff.member_id, StrikeOff.channel).where(*of_contest(StrikeOff, contest))).all()
    )


def papers_left(session: Session, contest: Contest) -> int:
    """Return how many papers are printed and not handed out or sent."""
    out = sum(session.exec(select(StrikeOff.papers).where(*of_contest(StrikeOff, contest), StrikeOff.channel == ROOM)))
    sent = len(session.exec(select(PaperSent.member_id).where(*of_contest(PaperSent, contest))).all())
    return papers_printed(session, contest) - out - sent


def _members(session: Session, numbers: Sequence[str]) -> dict[str, str]:
    """Return the ids of members with their numbers, in the order given. Raises `UnusableInput` for an unknown one."""
    known: dict[str, str] = {}
    for start in range(0, len(numbers), BATCH):
        known.update(
            session.exec(
                select(Member.number, Member.id).where(
                    col(Member.number).in_(numbers[start : start + BATCH]), col(Member.merged_into).is_(None)
                )
            ).all()
        )
    return {known.get(number) or member_numbered(session, number).id: number for number in numbers}


def _require_on_roll(session: Session, contest: Contest, members: Mapping[str, str], why_not: WhyNot) -> None:
    for member, reason in why_not(session, contest, list(members)).items():
        raise Refused(
            "Member {member} gets no paper of {contest}: {reason}. Nobody was struck off.",
            member=members[member],
            contest=contest.id,
            reason=reason,
        )
