"""A recount by hand: two people type papers again, apart from each other and from what was read before."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlmodel import Session

from stembus.conduct.acting import two_act
from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Act
from stembus_polls.contests import Contest
from stembus_polls.counting.count import all_counts, latest_count
from stembus_polls.counting.margin import Closeness, closeness
from stembus_polls.counting.tables import Declaration, RecountRound
from stembus_polls.gates import require_closed, require_papers
from stembus_polls.of_contest import lock_contest
from stembus_polls.paper.rounds import FIRST_ROUND, current_round, numbered_papers, rounds_of
from stembus_polls.paper.settle import settled_papers
from stembus_polls.powers import COUNT
from stembus_polls.secret.poll import secret_poll
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction


class Recounted(Struct, frozen=True):
    """What a recount changed: the papers that read otherwise than before, and whether others are elected."""

    round: int
    asked_by: str
    ground: str
    papers: int
    changed: tuple[int, ...]
    elected_before: tuple[int, ...]
    elected_after: tuple[int, ...] | None


def order_recount(
    transaction: "Transaction",
    contest: Contest,
    *,
    asked_by: str,
    ground: str,
    papers: Collection[int] = (),
    by: tuple[str, str],
) -> int:
    """Open a new round of typing, of these papers or (empty) of all, and return its number.

    Raises `Refused` before the first count, while the round before is not counted, or when the policy allows no more.
    """
    require_papers(contest)
    require_closed(contest, transaction.now, Sentence("papers can be counted again"))
    actors = two_act(transaction, contest, by, COUNT)
    session = transaction.session
    lock_contest(session, contest)
    if secret_poll(session, contest) is not None:
        raise Refused(
            "The votes of {contest} came out of a sealed box, those from paper too: they are counted again by "
            "verifying its archive, `poll secret verify {procedure}`, and then `poll recount {procedure}`.",
            contest=contest.id,
            procedure=contest.procedure,
        )
    round_ = current_round(session, contest)
    counted = latest_count(session, contest)
    if counted is None or counted.round < round_:
        raise Refused(
            "Round {round} of {contest} is not counted yet: `poll count {procedure}` first.",
            round=round_,
            contest=contest.id,
            procedure=contest.procedure,
        )
    _require_allowed(contest, rounds_of(session, contest), asked_by, ground)
    _require_in_time(session, contest, transaction.now)
    if unknown := sorted(set(papers) - set(numbered_papers(session, contest))):
        raise UnusableInput("There is no paper {unknown} in {contest}.", unknown=unknown[0], contest=contest.id)
    numbers = " ".join(map(str, sorted(set(papers))))
    act_id = transaction.record(
        Act(
            kind="count.recount_ordered",
            by=actors,
            ground=ground.strip(),
            subject=contest.subject,
            details={"asked_by": asked_by.strip()},
            public={"papers": numbers or "all", "round": round_ + 1},
        )
    )
    session.add(
        RecountRound(
            procedure_id=contest.procedure_id,
            contest=contest.id,
            round=round_ + 1,
            asked_by=asked_by.strip(),
            ground=ground.strip(),
            papers=numbers,
            act_id=act_id,
        )
    )
    session.flush()
    return round_ + 1


def recounts(session: Session, contest: Contest) -> list[Recounted]:
    """Return what each recount came to; `elected_after` is None for one that is not counted yet."""
    by_round = {counted.round: counted for counted in all_counts(session, contest)}
    found = []
    for row in rounds_of(session, contest):
        after = by_round.get(row.round)
        found.append(
            Recounted(
                round=row.round,
                asked_by=row.asked_by,
                ground=row.ground,
                papers=len(row.papers.split()) or len(numbered_papers(session, contest)),
                changed=() if after is None else _changed(session, contest, row.round),
                elected_before=by_round[row.round - 1].elected,
                elected_after=None if after is None else after.elected,
            )
        )
    return found


def recount_due(session: Session, contest: Contest) -> Closeness | None:
    """Return on how little the outcome hangs when the policy asks for a recount without anybody asking, or None.

    Of a secret poll no paper can be looked at again: that its count is right is what verifying its archive shows.
    """
    rule, counted = contest.tally.recount, latest_count(session, contest)
    if rule is None or rule.margin == 0 or counted is None or secret_poll(session, contest) is not None:
        return None
    if any(not row.papers for row in rounds_of(session, contest)):
        return None
    close = closeness(counted.record)
    return close if close is not None and close.votes <= rule.margin else None


def _require_allowed(contest: Contest, before: Sequence[RecountRound], asked_by: str, ground: str) -> None:
    rule = contest.tally.recount
    if not asked_by.strip() or not ground.strip():
        raise UnusableInput("A recount needs who asks for it (--asked-by) and why (--ground).")
    if rule is None:
        raise Refused("The policy knows no recount by hand: name one under `recount` of its count.")
    if len(before) >= rule.most_times:
        raise Refused(
            "{contest} was counted again {before} times; the policy allows {most_times}.",
            contest=contest.id,
            before=len(before),
            most_times=rule.most_times,
        )


def _require_in_time(session: Session, contest: Contest, now: datetime) -> None:
    declared, rule = session.get(Declaration, contest.procedure_id), contest.tally.recount
    if declared is None or rule is None:
        return
    until = declared.at + timedelta(days=rule.within_days)
    if now > until:
        raise Refused(
            "A recount of {contest} could be asked for until {until}.", contest=contest.id, until=contest.local(until)
        )


def _changed(session: Session, contest: Contest, round_: int) -> tuple[int, ...]:
    before = settled_papers(session, contest, max(FIRST_ROUND, round_ - 1))
    after = settled_papers(session, contest, round_)
    return tuple(
        paper
        for paper in sorted(after)
        if (after[paper].reading.outcome, after[paper].reading.choices)
        != (before[paper].reading.outcome, before[paper].reading.choices)
    )
