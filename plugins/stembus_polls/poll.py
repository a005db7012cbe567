"""A poll: a running procedure with its contests, and who is on the paper and on the roll of each."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace
from sqlmodel import Session

from stembus.conduct.running import Running, open_procedure
from stembus.errors import Refused, UnusableInput
from stembus_polls.candidates.on_paper import contest_candidates
from stembus_polls.contests import Contest, ContestCandidate, ContestPlan, VoteTimes, plan_contests, tally_of, vote_of
from stembus_polls.lots.order import drawn_order
from stembus_polls.roll.plans import merged_contests
from stembus_polls.way import way_to_elect
from stembus_procedures import State, is_complete
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction
    from stembus.plugins import Plugins


class Poll(NamedTuple):
    """A running procedure with its contests, in the order in which their seats are filled."""

    running: Running
    contests: tuple[Contest, ...]

    def contest(self, contest_id: str | None) -> Contest:
        """Return one contest; without an id the only one. Raises `UnusableInput` that names those there are."""
        names = [contest.id for contest in self.contests]
        if contest_id is None:
            if len(self.contests) == 1:
                return self.contests[0]
            raise UnusableInput(
                "{procedure} has several contests: name one with --contest: {names}.",
                procedure=self.running.procedure.name,
                names=names,
            )
        for contest in self.contests:
            if contest.id == contest_id:
                return contest
        raise UnusableInput(
            "{procedure} has no contest {contest!r}: there is {names}.",
            procedure=self.running.procedure.name,
            contest=contest_id,
            names=names,
        )


def open_poll(transaction: "Transaction", name: str) -> Poll:
    """Return the poll of the procedure called `name`, to do something in it now."""
    session, plugins = transaction.session, transaction.instance.plugins
    running = open_procedure(session, plugins, name)
    return blocked_poll(session, plugins, poll_of(session, running, transaction.now), transaction.now)


def blocked_poll(session: Session, plugins: "Plugins", poll: Poll, now: datetime) -> Poll:
    """Return the poll with what keeps its vote, while that is open, from taking anything in."""
    if not any(one.times.opens <= now < one.times.closes and one.stopped is None for one in poll.contests[:1]):
        return poll
    stage = poll.contests[0].vote.id
    reasons = [block.reason for block in plugins.blocks(session, poll.running) if block.stage == stage]
    if not reasons:
        return poll
    blocked = Words(nl=" ".join(reason.nl for reason in reasons), en=" ".join(reason.en for reason in reasons))
    return poll._replace(contests=tuple(replace(one, blocked=blocked) for one in poll.contests))


def poll_of(session: Session, running: Running, now: datetime | None = None) -> Poll:
    """Return the poll of a running procedure as it stands at `now`; without it, as at the close of the vote.

    Raises `Refused` while it has no dates, or while the number of seats is not decided.
    """
    policy, state, name = running.policy, running.state, running.procedure.name
    try:
        vote = vote_of(policy)
        tally_of(policy)
        seats = _seats(running)
        plans = plan_contests(policy, seats, merged_contests(session, running))
    except ValueError as error:
        raise Refused("{name}: {error}", name=name, error=error) from None
    if not running.times:
        raise Refused("{name} has no dates now: two people schedule it first. Nothing was changed.", name=name)
    times = VoteTimes(
        opens=running.times[f"{vote.id}.opens"],
        closes=running.times[f"{vote.id}.closes"],
        post_until=running.times.get("channels.post.received_by"),
    )
    judged_at = times.closes if now is None else min(now, times.closes)
    waits = tuple(stage for stage in vote.needs if not is_complete(policy, state, stage, judged_at))
    contests = tuple(
        Contest(
            procedure_id=running.procedure.id,
            procedure=name,
            policy=policy,
            held_by=running.held_by,
            plan=plan,
            candidates=candidates_on_paper(session, running, plan),
            times=times,
            waits_for=waits,
            stopped=_stopped(state),
            annulled=state.annulled is not None,
            other_seats=sum(other.seats for other in plans if other is not plan),
        )
        for plan in plans
    )
    way = way_to_elect(policy, state, contests, seats)
    return Poll(running, tuple(replace(contest, way=way) for contest in contests))


def prepared_poll(session: Session, running: Running) -> Poll | None:
    """Return the poll of a running procedure, or None when it holds no vote that can be prepared yet."""
    try:
        return poll_of(session, running)
    except Refused:
        return None


def candidates_on_paper(session: Session, running: Running, plan: ContestPlan) -> tuple[ContestCandidate, ...]:
    """Return the candidates of a contest in the order of the paper; nobody while that order is still to be drawn."""
    if vote_of(running.policy).ballot.candidate_order == "lot" and not drawn_order(session, running):
        return ()
    return contest_candidates(session, running, plan)


def _stopped(state: State) -> Sentence | None:
    if state.annulled is not None:
        return Sentence("the vote was annulled on {day}.", day=state.annulled.at.date())
    return None if state.cancelled_at is None else Sentence("it was cancelled on {day}.", day=state.cancelled_at.date())


def _seats(running: Running) -> int:
    seats = running.policy.seats
    if running.state.number is not None:
        return running.state.number
    if seats is not None and isinstance(seats.number, int):
        return seats.number
    raise ValueError("how many are to be elected is not decided yet.")
