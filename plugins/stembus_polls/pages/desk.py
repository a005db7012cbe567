"""What of a poll waits for somebody: for whom, until when, and where it is done."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import Session, select

from stembus.conduct.running import Running, procedures, running_of
from stembus.errors import Problem
from stembus.web import N_, DeskItem
from stembus_polls.candidates.rows import candidacies
from stembus_polls.contests import Contest
from stembus_polls.counting.declared import is_declared
from stembus_polls.counting.needs import lot_needed
from stembus_polls.counting.notes import notes_of
from stembus_polls.counting.tables import Declaration
from stembus_polls.pages import accounting, candidates, counting, notes, rulings, typing
from stembus_polls.paper.rounds import current_round
from stembus_polls.paper.settle import comparison
from stembus_polls.paper.tables import Numbering
from stembus_polls.poll import Poll, poll_of
from stembus_polls.powers import BOX_SEAL, COUNT, DECLARE, ENTER, PUBLISH
from stembus_polls.publishing.published import latest_publication
from stembus_polls.roll.objections import objections
from stembus_polls.roll.verdict import roll_of
from stembus_polls.secret.board import head
from stembus_polls.secret.count_reasons import waits_for_papers
from stembus_polls.secret.poll import secret_poll
from stembus_polls.secret.standing import final_moment
from stembus_polls.secret.verdicts import verdicts_on
from stembus_procedures import is_complete
from stembus_procedures.language.stages import Candidacy, Result, Roll, Vote


def desk_items(session: Session, now: datetime) -> Sequence[DeskItem]:
    """Return what waits in every poll that runs. Nothing in it tells how a count came out."""
    found: list[DeskItem] = []
    for row in procedures(session):
        running = running_of(session, row.id)
        if running.state.ended_at is None and running.state.anchors is not None and running.policy.first(Vote):
            found += _of(session, running, now)
    return found


def _of(session: Session, running: Running, now: datetime) -> Iterator[DeskItem]:
    yield from _objections(session, running)
    yield from _candidates(session, running, now)
    yield from _complaints(session, running)
    try:
        poll = poll_of(session, running, now)
    except Problem:
        return
    if now >= poll.contests[0].times.closes:
        yield from _after_the_close(session, poll, now)


def _objections(session: Session, running: Running) -> Iterator[DeskItem]:
    if running.policy.first(Roll) is None:
        return
    due = running.times.get(f"{roll_of(running.policy).id}.objection.decided_before")
    for row in objections(session, running.procedure.id):
        if not row.decision:
            text, path = N_("Decide objection {number} to the roll"), f"roll/objections/{row.number}"
            yield _item(running, text, path, (ENTER,), due=due, number=row.number)


def _candidates(session: Session, running: Running, now: datetime) -> Iterator[DeskItem]:
    stage = running.policy.first(Candidacy)
    if stage is None or now < running.times[f"{stage.id}.stand.judged_on"]:
        return
    if is_complete(running.policy, running.state, stage.id, now):
        return
    rows = [row for row in candidacies(session, running.procedure.id) if row.withdrawn_at is None]
    undecided = sum(not row.decision for row in rows)
    if undecided:
        due = running.times.get(f"{stage.id}.due")
        text = N_("Decide about {count} candidates")
        yield _item(running, text, "candidates", candidates.POWERS, due=due, count=undecided)


def _complaints(session: Session, running: Running) -> Iterator[DeskItem]:
    still = sum(not row.answer for row in notes_of(session, running.procedure.id) if row.kind == "complaint")
    if still:
        yield _item(running, N_("Answer {count} complaints"), "notes", notes.POWERS, count=still)


def _after_the_close(session: Session, poll: Poll, now: datetime) -> Iterator[DeskItem]:
    running, due = poll.running, poll.running.times.get(f"{poll.contests[0].tally.id}.due")
    if is_declared(session, running.procedure.id):
        yield from _public(session, poll)
        return
    for contest in poll.contests:
        if contest.way.kind in ("ballot", "vote_on_whole"):
            yield from _papers(session, running, contest, due)
            yield from _box(session, running, contest, now, due)
    if lot := lot_needed(session, poll):
        text = N_("Draw a lot for {contest}")
        yield _item(running, text, "count", counting.POWERS, due=due, contest=lot.contest.plan.title)
    if is_complete(running.policy, running.state, poll.contests[0].tally.id, now):
        yield _item(running, N_("Declare the result"), "result", (DECLARE,), due=_due(running))


def _papers(session: Session, running: Running, contest: Contest, due: datetime | None) -> Iterator[DeskItem]:
    of, values = f"?contest={contest.id}", {"contest": contest.plan.title}
    if session.get(Numbering, (contest.procedure_id, contest.id)) is None:
        text = N_("Account for the papers of {contest} and number them")
        yield _item(running, text, f"accounting{of}", accounting.POWERS, due=due, **values)
        return
    state = comparison(session, contest, current_round(session, contest))
    if not state.is_typed:
        text = N_("Type over the papers of {contest}: {first} and {second} of {papers}")
        numbers = {"first": state.first_typed, "second": state.second_typed, "papers": state.papers}
        yield _item(running, text, f"typing{of}", typing.POWERS, due=due, **values, **numbers)
    elif state.to_rule:
        text = N_("Rule on {count} papers of {contest}")
        yield _item(running, text, f"rulings{of}", rulings.POWERS, due=due, count=len(state.to_rule), **values)


def _box(
    session: Session, running: Running, contest: Contest, now: datetime, due: datetime | None
) -> Iterator[DeskItem]:
    """What two people have to do with an electronic box: seal it, and verify what came out of it."""
    poll = secret_poll(session, contest)
    last = None if poll is None else head(session, poll.uuid)
    if poll is None or last is None:
        return
    path, values = f"box?contest={contest.id}", {"contest": contest.plan.title}
    is_open = last.kind in ("Setup", "Ballot")
    if is_open and now >= final_moment(contest) and not waits_for_papers(session, contest, poll):
        yield _item(running, N_("Seal the box of {contest}"), path, (BOX_SEAL,), due=due, **values)
    elif last.kind == "Result" and not verdicts_on(session, poll.uuid):
        yield _item(running, N_("Verify the archive of {contest}"), path, (COUNT,), due=due, **values)


def _public(session: Session, poll: Poll) -> Iterator[DeskItem]:
    running = poll.running
    public = latest_publication(session, running.procedure.id)
    counts = session.exec(select(Declaration.counts).where(Declaration.procedure_id == running.procedure.id)).first()
    if public is None or public.counts != counts:
        yield _item(running, N_("Make the result public"), "result", (PUBLISH,), due=_due(running))


def _due(running: Running) -> datetime | None:
    stage = running.policy.first(Result)
    return running.times.get(f"{stage.id}.due") if stage else None


def _item(
    running: Running, title: str, path: str, powers: tuple[str, ...], *, due: datetime | None = None, **values: object
) -> DeskItem:
    return DeskItem(
        title=title,
        path=f"/procedures/{running.procedure.name}/poll/{path}",
        powers=powers,
        values=values,
        due=due,
        procedure_id=running.procedure.id,
    )
