"""The candidates of a contest as they stand on the paper: who, in which order, and who withdrew after printing."""

from collections.abc import Sequence

import msgspec
from sqlmodel import Session, col, select

from stembus.conduct.running import Running
from stembus.organisation.member import sort_name
from stembus.organisation.states import PERIOD
from stembus.organisation.tables import Member
from stembus_polls.candidates.decide import struck_until
from stembus_polls.candidates.form import candidacy_of
from stembus_polls.candidates.rows import candidacies, running_state
from stembus_polls.candidates.tables import Candidacy
from stembus_polls.contests import AT_LARGE, ContestCandidate, ContestPlan, vote_of
from stembus_polls.lots.order import drawn_order


def contest_candidates(session: Session, running: Running, plan: ContestPlan) -> tuple[ContestCandidate, ...]:
    """Return the candidates of a contest in the order of the paper, numbered from 1.

    It holds those who were admitted, without whoever withdrew in time to be left off. By lot where the policy says
    so and it is drawn; else by name, as in the Netherlands (particles behind). Who stood in a contest that is merged
    into this one stands here.
    """
    of_it = (plan.id, *plan.merged)
    rows = [row for row in candidacies(session, running.procedure.id) if (row.constituency or AT_LARGE) in of_it]
    standing = [row for row in rows if row.decision == "admitted" and not _is_struck(running, row)]
    if plan.merged:
        standing = list({row.member_id: row for row in reversed(standing)}.values())  # nobody stands on a paper twice
    ordered = _in_order(session, running, plan.id, standing)
    branches = _branches(session, ordered)
    passed_over = candidacy_of(running.policy).withdrawal.after_printing == "ranked_as_withdrawn"
    return tuple(
        ContestCandidate(
            id=str(row.entry),
            member_id=row.member_id,
            number=place,
            name=row.name,
            branch=branches.get(row.member_id, ""),
            declared=msgspec.json.decode(row.declared, type=dict[str, str]),
            withdrew=row.withdrawn_at is not None and passed_over,
        )
        for place, row in enumerate(ordered, 1)
    )


def count_possible(session: Session, running: Running) -> int:
    """Return how many candidates can still be voted for: admitted, or accepted and not decided; nobody twice."""
    rows = candidacies(session, running.procedure.id)
    return len({row.member_id for row in rows if running_state(running, row) in ("admitted", "waiting")})


def _is_struck(running: Running, row: Candidacy) -> bool:
    return row.withdrawn_at is not None and row.withdrawn_at < struck_until(running)


def _in_order(session: Session, running: Running, contest: str, rows: Sequence[Candidacy]) -> list[Candidacy]:
    if vote_of(running.policy).ballot.candidate_order == "lot" and (drawn := drawn_order(session, running)):
        places = {entry: place for place, entry in enumerate(drawn.get(contest, []))}
        return sorted(rows, key=lambda row: places.get(row.entry, len(places) + row.entry))
    ids = [row.member_id for row in rows]
    members = session.exec(
        select(Member.id, Member.given, Member.particle, Member.surname).where(col(Member.id).in_(ids))
    )
    names = {member_id: sort_name(*parts).casefold() for member_id, *parts in members}
    return sorted(rows, key=lambda row: (names[row.member_id], row.entry))


def _branches(session: Session, rows: Sequence[Candidacy]) -> dict[str, str]:
    ids = [row.member_id for row in rows]
    found = session.execute(
        select(PERIOD.c.member_id, PERIOD.c.value)
        .where(PERIOD.c.kind == "branch", PERIOD.c.member_id.in_(ids))
        .order_by(PERIOD.c.starts)
    )
    return dict(found.all())
