"""Everything about one vote on one page: each step with how far it is, what stands in the way, and where it is done."""

from collections.abc import Iterator, Sequence
from typing import Any

from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct
from sqlmodel import Session

from stembus.conduct.running import Running
from stembus.errors import Refused
from stembus.web import N_, Answer, NavItem, Visit, Words, page, power
from stembus_polls.bureau.check import bureau_day, bureau_verdict
from stembus_polls.candidates.rows import candidacies, running_state
from stembus_polls.contests import Contest, vote_of
from stembus_polls.counting.count import latest_count
from stembus_polls.counting.declared import is_declared
from stembus_polls.lots.order import drawn_order
from stembus_polls.meeting.enter import last_record
from stembus_polls.pages import (
    accounting,
    box_steps,
    bureau,
    candidates,
    counting,
    declaring,
    hand_out,
    meeting,
    order,
    papers,
    reminding,
    roll,
    rulings,
    typing,
)
from stembus_polls.pages.opening import may_in, procedure_values, running_for
from stembus_polls.paper.account import POST, ROOM, accounting_of, papers_printed
from stembus_polls.paper.hand_out import struck_off
from stembus_polls.paper.rounds import current_round
from stembus_polls.paper.settle import comparison
from stembus_polls.paper.tables import Numbering
from stembus_polls.poll import Poll, poll_of
from stembus_polls.powers import POWERS as POLL_POWERS
from stembus_polls.publishing.published import latest_publication
from stembus_polls.roll.objections import objections
from stembus_polls.roll.rows import current_version
from stembus_polls.secret.board import head
from stembus_polls.secret.poll import secret_poll
from stembus_polls.secret.remind import last_reminded
from stembus_polls.secret.verdicts import verdicts_on
from stembus_procedures.language.stages import Candidacy, Meeting, OrderLot, Roll

ANY = tuple(one.name for one in POLL_POWERS)
"""Whoever does anything in a poll sees how far it is; what a paper or a count says is not on this page."""


class Step(Struct, frozen=True, kw_only=True):
    """One step: what it is, where it is done, whether it is, how far; `contest` where there are more."""

    title: str
    path: str
    powers: tuple[str, ...]
    is_done: bool
    text: Words
    contest: Any = None


@page("/procedures/{name:str}/poll", who=power(*ANY))
def poll_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """How far the vote is, and what to do next."""
    with visit.read() as session:
        running = running_for(visit, session, name, ANY)
        waits: Refused | None = None
        poll: Poll | None = None
        try:
            poll = poll_of(session, running, visit.now)
        except Refused as refused:
            waits = refused
        steps = [*before_the_vote(session, running, visit), *(after(session, poll) if poll else ())]
        blocks = () if running.state.ended_at else visit.instance.plugins.blocks(session, running)
        return visit.page(
            "polls/office/overview.html",
            steps=steps,
            following=next((step for step in steps if not step.is_done), None),
            blocks=_once(blocks),
            bodies=running.policy.bodies,
            waits=waits,
            way=poll.contests[0].way if poll else None,
            cancelled_at=running.state.cancelled_at,
            annulled=running.state.annulled,
            may=lambda *powers: may_in(visit, session, running, *powers),
            **procedure_values(running),
        )


def before_the_vote(session: Session, running: Running, visit: Visit) -> Iterator[Step]:
    """Give the steps until the vote opens."""
    procedure_id, policy = running.procedure.id, running.policy
    if policy.first(Candidacy) is not None:
        rows = [row for row in candidacies(session, procedure_id) if row.withdrawn_at is None]
        admitted = sum(running_state(running, row) == "admitted" for row in rows)
        undecided = sum(not row.decision for row in rows)
        yield Step(
            title=N_("Candidates"),
            path="/candidates",
            powers=candidates.POWERS,
            is_done=bool(rows) and not undecided,
            text=Words(
                N_("{rows} entered, {admitted} admitted, {undecided} to decide."),
                {"rows": len(rows), "admitted": admitted, "undecided": undecided},
            ),
        )
    if policy.first(OrderLot) is not None and vote_of(policy).ballot.candidate_order == "lot":
        drawn = bool(drawn_order(session, running))
        text = Words(N_("The order is drawn.")) if drawn else Words(N_("The order is not drawn yet."))
        yield Step(title=N_("Order of the names"), path="/order", powers=order.POWERS, is_done=drawn, text=text)
    if policy.first(Roll) is not None:
        yield _roll_step(session, procedure_id)
    if policy.bureau is not None:
        judged = bureau_verdict(session, running, bureau_day(running, visit.now.astimezone(visit.zone).date()))
        text = Words(N_("It is composed as it should be."))
        if not judged.allowed:
            text = Words(N_("{number} requirements are not met."), {"number": len(judged.reasons)})
        yield Step(title=N_("Stembureau"), path="/bureau", powers=bureau.POWERS, is_done=judged.allowed, text=text)


def after(session: Session, poll: Poll) -> Iterator[Step]:
    """Give the steps with papers, the count and the result."""
    for contest in poll.contests:
        if contest.vote.electronic is not None and contest.way.kind in ("ballot", "vote_on_whole"):
            yield _box_step(session, contest, several=len(poll.contests) > 1)
            yield _reminding_step(session, contest, several=len(poll.contests) > 1)
        if contest.way.kind not in ("elected_unopposed", "undecided"):
            yield from _paper_steps(session, contest, several=len(poll.contests) > 1)
    counted = [contest for contest in poll.contests if latest_count(session, contest) is not None]
    yield Step(
        title=N_("Count"),
        path="/count",
        powers=counting.POWERS,
        is_done=len(counted) == len(poll.contests),
        text=Words(N_("{done} of {all} contests are counted."), {"done": len(counted), "all": len(poll.contests)}),
    )
    procedure_id = poll.running.procedure.id
    if poll.running.policy.first(Meeting) is not None:
        entered = last_record(session, poll.running)[0] is not None
        text = Words(N_("The record is entered.")) if entered else Words(N_("There is no record yet."))
        yield Step(
            title=N_("Record of the meeting"), path="/meeting", powers=meeting.POWERS, is_done=entered, text=text
        )
    declared, public = is_declared(session, procedure_id), latest_publication(session, procedure_id)
    text = Words(N_("The result is declared.")) if declared else Words(N_("The result is not declared yet."))
    yield Step(title=N_("Declare the result"), path="/result", powers=declaring.POWERS, is_done=declared, text=text)
    text = Words(N_("Everybody can see it.")) if public else Words(N_("Nobody can see it yet."))
    yield Step(
        title=N_("Make the result public"),
        path="/result",
        powers=declaring.POWERS,
        is_done=public is not None,
        text=text,
    )


def _box_step(session: Session, contest: Contest, *, several: bool) -> Step:
    """How far the electronic ballot box is; its own page has every step."""
    box = secret_poll(session, contest)
    is_done = box is not None and bool(verdicts_on(session, box.uuid))
    text = Words(N_("It is not prepared yet."))
    if is_done:
        text = Words(N_("It was opened, and its archive is verified."))
    elif box is not None:
        last = head(session, box.uuid)
        text = Words(N_("It is prepared."))
        if last is not None:
            is_open = last.kind in ("Setup", "Ballot")
            text = Words(N_("It is set up.")) if is_open else Words(N_("It is sealed."))
    return Step(
        title=N_("The electronic ballot box"),
        path=f"/box?contest={contest.id}",
        powers=box_steps.POWERS,
        is_done=is_done,
        text=text,
        contest=contest.plan.title if several else None,
    )


def _reminding_step(session: Session, contest: Contest, *, several: bool) -> Step:
    """Whether who can still vote was reminded; it may be done or not."""
    box = secret_poll(session, contest)
    last = None if box is None else last_reminded(session, box)
    text = Words(N_("Nobody was reminded yet."))
    if last is not None:
        text = Words(N_("Members were reminded at {at}."), {"at": contest.local(last)})
    return Step(
        title=N_("Remind who can still vote"),
        path=f"/remind?contest={contest.id}",
        powers=reminding.POWERS,
        is_done=last is not None,
        text=text,
        contest=contest.plan.title if several else None,
    )


def _roll_step(session: Session, procedure_id: str) -> Step:
    version = current_version(session, procedure_id)
    if version is None:
        return Step(
            title=N_("Roll"),
            path="/roll",
            powers=roll.POWERS,
            is_done=False,
            text=Words(N_("The roll is not frozen yet.")),
        )
    still = sum(not row.decision for row in objections(session, procedure_id))
    values = {"size": version.size, "still": still}
    text = Words(N_("{size} members may vote; {still} objections are open."), values)
    return Step(title=N_("Roll"), path="/roll", powers=roll.POWERS, is_done=not still, text=text)


def _paper_steps(session: Session, contest: Contest, *, several: bool) -> Iterator[Step]:
    of = f"?contest={contest.id}"
    which = contest.plan.title if several else None
    printed = papers_printed(session, contest)
    text = Words(N_("{printed} papers are made."), {"printed": printed})
    yield Step(
        title=N_("Ballot papers"),
        path=f"/papers{of}",
        powers=papers.POWERS,
        is_done=printed > 0,
        text=text,
        contest=which,
    )
    struck = struck_off(session, contest)
    values = {
        "room": sum(how == ROOM for how in struck.values()),
        "post": sum(how == POST for how in struck.values()),
    }
    numbered = session.get(Numbering, (contest.procedure_id, contest.id)) is not None
    stated = accounting_of(session, contest)
    yield Step(
        title=N_("Hand out papers"),
        path=f"/hand-out{of}",
        powers=hand_out.POWERS,
        is_done=stated is not None,
        text=Words(N_("{room} struck off in the room, {post} by post."), values),
        contest=which,
    )
    text = Words(N_("Not accounted for yet."))
    if numbered:
        text = Words(N_("Accounted for, mixed and numbered."))
    elif stated is not None:
        text = Words(N_("{open} differences have no explanation."), {"open": len(stated[1].unexplained)})
    yield Step(
        title=N_("Account and number"),
        path=f"/accounting{of}",
        powers=accounting.POWERS,
        is_done=numbered,
        text=text,
        contest=which,
    )
    if not numbered:
        return
    state = comparison(session, contest, current_round(session, contest))
    values = {"first": state.first_typed, "second": state.second_typed, "papers": state.papers}
    text = Words(N_("Typed {first} and {second} times of {papers} papers."), values)
    yield Step(
        title=N_("Type over papers"),
        path=f"/typing{of}",
        powers=typing.POWERS,
        is_done=state.is_typed,
        text=text,
        contest=which,
    )
    text = Words(N_("{open} papers wait for a ruling."), {"open": len(state.to_rule)})
    done = state.is_settled
    yield Step(
        title=N_("Rule on doubtful papers"),
        path=f"/rulings{of}",
        powers=rulings.POWERS,
        is_done=done,
        text=text,
        contest=which,
    )


def _once(blocks: Sequence[Any]) -> list[Any]:
    """Return blocks without those that say the same of another stage."""
    return list({block.reason.en: block for block in blocks}.values())


PLACES = (
    NavItem(
        title=N_("Everything about this vote"),
        path="/procedures/{name}/poll",
        who=power(*ANY),
        order=20,
        stage="vote",
    ),
)
PAGES = (poll_page,)
