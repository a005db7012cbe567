"""What everybody may see of a poll: who is on the paper, the lot, the roll's root, the result once it is public."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlmodel import Session, col, select

from stembus.conduct.running import Running
from stembus.errors import Refused
from stembus_polls.candidates.form import SEEN, candidacy_of
from stembus_polls.candidates.tables import Candidacy
from stembus_polls.contests import vote_of
from stembus_polls.counting.tables import Declaration
from stembus_polls.lots.order import Drawn, last_draw
from stembus_polls.poll import Poll, poll_of
from stembus_polls.publishing.published import Published, latest_publication
from stembus_polls.roll.plans import merged_titles
from stembus_polls.roll.rows import versions
from stembus_polls.roll.tables import RollVersion
from stembus_procedures import is_complete
from stembus_procedures.language.stages import Candidacy as CandidacyStage
from stembus_procedures.language.stages import OrderLot
from stembus_procedures.language.values import Words


class PublicCandidate(Struct, frozen=True, kw_only=True):
    """A candidate as on the paper; `branch` and `statement` are for members only, and empty for others."""

    number: int
    name: str
    branch: str
    statement: str
    withdrew: bool


class PublicContest(Struct, frozen=True, kw_only=True):
    """A contest as everybody may see it before the vote: its seats, and its candidates in the order of the paper.

    `merged` are the groups whose seats are among them, since too few may vote in each.
    """

    id: str
    title: Words
    seats: int
    candidates: tuple[PublicCandidate, ...]
    merged: tuple[Words, ...]


class PublicOrder(Struct, frozen=True, kw_only=True):
    """How the order of the names came about: the lot with its seed, who drew and who watched."""

    seed: str
    seed_from: Words | None
    drawn_by: str
    witnesses: tuple[str, ...]
    titles: tuple[str, ...]


def public_contests(
    session: Session, running: Running, now: datetime, *, for_members: bool
) -> tuple[PublicContest, ...]:
    """Return the contests with who stands in them; nobody before it is decided who stands on the paper.

    Members also read what candidates wrote, as far as the policy lets them.
    """
    poll = _poll(session, running, now)
    if poll is None or not _is_decided(poll, now):
        return ()
    statements = _statements(session, running) if for_members else {}
    return tuple(
        PublicContest(
            id=contest.id,
            title=contest.plan.title,
            seats=contest.plan.seats,
            merged=merged_titles(running, contest.plan.merged),
            candidates=tuple(
                PublicCandidate(
                    number=one.number,
                    name=one.name,
                    branch=one.branch if for_members else "",
                    statement=statements.get(one.id, ""),
                    withdrew=one.withdrew,
                )
                for one in contest.candidates
            ),
        )
        for contest in poll.contests
        if contest.candidates
    )


def public_order(session: Session, running: Running) -> PublicOrder | None:
    """Return the lot of the order, None while none was drawn."""
    drawn: Drawn | None = last_draw(session, running)
    stage = running.policy.first(OrderLot)
    if drawn is None or stage is None:
        return None
    return PublicOrder(
        seed=drawn.seed,
        seed_from=stage.lot.seed_from,
        drawn_by=drawn.drawn_by,
        witnesses=drawn.witnesses,
        titles=tuple(f"{running.procedure.name}/{contest}" for contest in drawn.orders),
    )


def public_roll(session: Session, running: Running) -> Sequence[RollVersion]:
    """Return every version of the roll with its root and size, the newest first."""
    return list(reversed(versions(session, running.procedure.id)))


def public_result(session: Session, running: Running) -> tuple[Published | None, bool]:
    """Return what is public of the result, and whether it was declared otherwise since."""
    found = latest_publication(session, running.procedure.id)
    declared = session.get(Declaration, running.procedure.id)
    return found, found is not None and declared is not None and declared.counts != found.counts


def _poll(session: Session, running: Running, now: datetime) -> Poll | None:
    if running.policy.first(CandidacyStage) is None:
        return None
    try:
        return poll_of(session, running, now)
    except Refused:
        return None


def _is_decided(poll: Poll, now: datetime) -> bool:
    policy, state = poll.running.policy, poll.running.state
    if vote_of(policy).ballot.candidate_order == "lot":
        return True  # without a lot the papers are empty
    return is_complete(policy, state, candidacy_of(policy).id, now)


def _statements(session: Session, running: Running) -> dict[str, str]:
    """Return what each candidate wrote of what the policy lets members read, by entry."""
    documents_of = candidacy_of(running.policy).documents
    public = [one.type for one in documents_of if one.public and one.sensitivity == "normal"]
    rows = session.exec(
        select(Candidacy.entry, Candidacy.documents)
        .where(Candidacy.procedure_id == running.procedure.id)
        .order_by(col(Candidacy.entry))
    )
    found = {}
    for entry, documents in rows:
        handed_in = msgspec.json.decode(documents, type=dict[str, str])
        found[str(entry)] = "\n\n".join(handed_in[kind] for kind in public if handed_in.get(kind, SEEN) != SEEN)
    return found
