"""Which moments of a policy must come before which, and the pairs that cross."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from .language.policy import Policy
from .language.stages import (
    Candidacy,
    Convocation,
    EnoughCandidates,
    Meeting,
    OrderLot,
    Result,
    Roll,
    SignUp,
    Stage,
    Tally,
    Task,
    Vote,
    Window,
)
from .sentence import Sentence
from .timeline import resolve, times_of


class Order(NamedTuple):
    """`first` must not be later than `then`; when strict they may not coincide either."""

    first: str
    then: str
    why: Sentence
    strict: bool = False


class Crossing(NamedTuple):
    """A pair of moments in the wrong order, with how long the wrong way round."""

    order: Order
    days: int
    hours: int

    @property
    def sentence(self) -> Sentence:
        """What is wrong, and why these moments have an order."""
        values = {"first": self.order.first, "then": self.order.then, "why": self.order.why}
        if not (self.days or self.hours):
            return Sentence("`{first}` and `{then}` are at the same moment: {why}", **values)
        if self.days:
            return Sentence("`{first}` is {days} days after `{then}`: {why}", days=self.days, **values)
        return Sentence("`{first}` is {hours} hours after `{then}`: {why}", hours=self.hours, **values)

    def __str__(self) -> str:
        return str(self.sentence)


def crossings(
    policy: Policy,
    anchors: Mapping[str, date],
    moved: Mapping[str, datetime] | None = None,
    *,
    same_anchor_only: bool = False,
) -> tuple[Crossing, ...]:
    """Every pair of moments that these dates (and moved closes) put in the wrong order.

    With `same_anchor_only` pairs that are counted from different chosen dates are left out: nothing is known about
    them until both dates are chosen. Errors as `timeline.resolve`.
    """
    points = resolve(policy, anchors, moved)
    times = times_of(policy, points, moved)
    found = []
    for order in orders(policy):
        if order.first not in times or order.then not in times:
            continue
        if same_anchor_only and points[order.first].root != points[order.then].root:
            continue
        late = times[order.first] - times[order.then]
        if late.total_seconds() > 0 or (order.strict and not late):
            found.append(Crossing(order, late.days, int(late.total_seconds() // 3600)))
    return tuple(found)


def end_of(stage: Stage) -> str:
    """The name of the moment on which a stage must be over."""
    return f"{stage.id}.{'closes' if isinstance(stage, Window) else 'due'}"


def start_of(stage: Stage) -> str:
    """The name of the first moment at which a stage needs what comes before it."""
    return f"{stage.id}.{'opens' if isinstance(stage, Window) else 'due'}"


def begins_at(stage: Stage) -> str:
    """The name of the moment before which there is nothing to do for a stage; empty when there is none."""
    match stage:
        case Window():
            return f"{stage.id}.opens"
        case Roll():
            return f"{stage.id}.record_date"
        case Meeting():
            return f"{stage.id}.begins"
        case _:
            return ""


def earliest_end(stage: Stage) -> str:
    """The name of the moment before which a task cannot be complete: a roll is open to objections until then."""
    return f"{stage.id}.objection.closes" if isinstance(stage, Roll) else begins_at(stage)


def waits_for(policy: Policy, stage_id: str) -> frozenset[str]:
    """The ids of every stage that must be complete before this one can be, directly or through others."""
    needs = {stage.id: stage.needs for stage in policy.stages}
    found: set[str] = set()
    ahead = list(needs.get(stage_id, ()))
    while ahead:
        if (name := ahead.pop()) not in found:
            found.add(name)
            ahead += needs.get(name, ())
    return frozenset(found)


def orders(policy: Policy) -> Iterator[Order]:
    """Every pair of moments whose order these stages fix; a pair may name a moment that is absent."""
    by_id = {stage.id: stage for stage in policy.stages}
    for stage in policy.stages:
        if isinstance(stage, Window):
            yield Order(
                f"{stage.id}.opens", f"{stage.id}.closes", Sentence("a window opens before it closes."), strict=True
            )
        for needed in stage.needs:
            if needed in by_id:
                yield Order(
                    end_of(by_id[needed]),
                    start_of(stage),
                    Sentence("`{stage}` needs `{needed}`.", stage=stage.id, needed=needed),
                )
        yield from _within(stage)
        yield from _between(policy, stage, by_id)
    if policy.complaints is not None:
        for vote in policy.stages_of(Vote):
            yield Order(f"{vote.id}.closes", "complaints.until", Sentence("complaints can be made after the vote too."))


def _within(stage: Stage) -> Iterator[Order]:
    at = stage.id
    match stage:
        case Candidacy():
            yield Order(
                f"{at}.acceptance.until", f"{at}.due", Sentence("acceptance comes before candidacies are decided.")
            )
            yield Order(f"{at}.stand.judged_on", f"{at}.due", Sentence("a candidacy is judged on a day that has come."))
        case Roll():
            yield Order(f"{at}.record_date", f"{at}.objection.opens", Sentence("there must be a roll to object to."))
            yield Order(
                f"{at}.objection.opens",
                f"{at}.objection.closes",
                Sentence("a term begins before it ends."),
                strict=True,
            )
            yield Order(
                f"{at}.objection.closes", f"{at}.objection.decided_before", Sentence("objections are made first.")
            )
            yield Order(
                f"{at}.objection.decided_before", f"{at}.due", Sentence("a closed roll has no open objections.")
            )
            yield Order(
                f"{at}.due",
                f"{at}.late_additions.until",
                Sentence("an addition is late only after the roll is closed."),
            )
        case Meeting():
            yield Order(f"{at}.begins", f"{at}.due", Sentence("a meeting begins before it ends."), strict=True)
            yield Order(f"{at}.motions.deadline", f"{at}.begins", Sentence("proposals come before the meeting."))
            yield Order(
                f"{at}.motions.deadline", f"{at}.motions.amendments_until", Sentence("changes follow proposals.")
            )
            yield Order(f"{at}.proxies.until", f"{at}.due", Sentence("a proxy is given before the meeting is over."))
        case SignUp():
            yield Order(f"{at}.closes", f"{at}.decided_before", Sentence("sign-ups are decided after they came in."))
        case EnoughCandidates():
            yield Order(f"{at}.due", f"{at}.interim_until", Sentence("an interim appointment ends after it begins."))
        case _:
            return


def _between(policy: Policy, stage: Stage, by_id: Mapping[str, Stage]) -> Iterator[Order]:
    at = stage.id
    match stage:
        case Convocation(meeting=meeting):
            yield Order(
                f"{at}.due", f"{meeting}.begins", Sentence("members are called before the meeting."), strict=True
            )
            yield Order(f"{at}.documents_due", f"{meeting}.begins", Sentence("documents come before the meeting."))
        case Vote():
            yield from _around_vote(policy, stage)
        case Tally(vote=vote):
            yield Order(f"{vote}.closes", f"{at}.due", Sentence("votes are counted after the close."), strict=True)
        case Result():
            for tally in policy.stages_of(Tally):
                yield Order(f"{tally.id}.due", f"{at}.due", Sentence("a result follows the count."))
        case Task():
            return


def _around_vote(policy: Policy, vote: Vote) -> Iterator[Order]:
    at = vote.id
    for roll in policy.stages_of(Roll):
        yield Order(f"{roll.id}.due", f"{at}.opens", Sentence("the roll is closed before anybody votes."))
        yield Order(f"{roll.id}.late_additions.until", f"{at}.closes", Sentence("nobody is added after the close."))
    for lot in policy.stages_of(OrderLot):
        yield Order(f"{lot.id}.due", f"{at}.opens", Sentence("the order is on the paper."))
    for candidacy in policy.stages_of(Candidacy):
        yield Order(f"{candidacy.id}.due", f"{at}.opens", Sentence("candidates are known before anybody votes."))
        struck = f"{candidacy.id}.withdrawal.struck_until"
        yield Order(struck, f"{at}.opens", Sentence("a name can be left off only before papers are used."))
    for enough in policy.stages_of(EnoughCandidates):
        yield Order(f"{enough.id}.due", f"{at}.opens", Sentence("it is known whether there are enough candidates."))
    for channel in vote.channels:
        yield Order(f"channels.{channel}.received_by", f"{at}.closes", Sentence("no vote comes in after the close."))
    if vote.counts_in:
        yield Order(f"{at}.closes", f"{vote.counts_in}.due", Sentence("a vote in a meeting ends with the meeting."))
