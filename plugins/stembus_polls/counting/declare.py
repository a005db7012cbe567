"""Declaring the result: an act of two that names the counts it rests on, and completes the stage of the policy."""

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from sqlmodel import Session

from stembus.conduct.acting import two_act
from stembus.conduct.running import complete, status_of
from stembus.errors import Refused
from stembus.ledger.acts import Act
from stembus.words import N_
from stembus_polls.counting.blocks import count_blocks
from stembus_polls.counting.count import count_again, latest_count
from stembus_polls.counting.tables import Declaration
from stembus_polls.poll import Poll
from stembus_polls.powers import DECLARE
from stembus_polls.procedure_now import lock_procedure, require_dates
from stembus_procedures import is_complete
from stembus_procedures.language.stages import Result
from stembus_procedures.language.values import Words

if TYPE_CHECKING:
    from stembus.instance import Transaction
    from stembus.plugins import Plugins


class Elected(Struct, frozen=True):
    """Somebody who is elected: in which contest, and in which place of its record (from 1)."""

    contest: str
    candidate: str
    member_id: str
    name: str
    place: int


def elected_in(session: Session, poll: Poll) -> tuple[Elected, ...]:
    """Return who the standing counts elect, contest after contest in the order of filling."""
    found = []
    for contest in poll.contests:
        counted = latest_count(session, contest)
        for place, candidate in enumerate(counted.elected if counted else (), 1):
            chosen = contest.candidates[candidate]
            found.append(Elected(contest.id, chosen.id, chosen.member_id, chosen.name, place))
    return tuple(found)


def declare(transaction: "Transaction", poll: Poll, *, ground: str, by: tuple[str, str]) -> tuple[Elected, ...]:
    """Declare the result and return who is elected; once more when a recount came out otherwise.

    Every count is made again first. Raises `Refused` with what stands in the way: a count that does not come out the
    same, or whatever the machine names, such as a meeting whose record is missing or does not meet the policy.
    """
    actors = two_act(transaction, poll.running, by, DECLARE)
    session, procedure = transaction.session, poll.running.procedure
    lock_procedure(session, poll.running)
    require_dates(poll.running)
    for contest in poll.contests:
        if difference := count_again(session, contest):
            raise Refused(
                "{contest} does not come out the same ({difference}): nothing is declared.",
                contest=contest.id,
                difference=difference,
            )
    digests, earlier = _digests(session, poll), session.get(Declaration, procedure.id)
    if earlier is None:
        complete(transaction, poll.running, _result(poll).id, numbers=by, ground=ground)
    elif earlier.counts == digests:
        raise Refused("The result of {procedure} was declared already.", procedure=procedure.name)
    elif blocks := count_blocks(session, poll.contests):
        raise Refused("{procedure}: {reason}. Nothing was declared.", procedure=procedure.name, reason=blocks[0].reason)
    elected = elected_in(session, poll)
    act_id = transaction.record(
        Act(
            kind="poll.declared",
            by=actors,
            ground=ground,
            subject={"procedure": procedure.id},
            details={"elected": ", ".join(one.name for one in elected) or "–"},
            public={"seats": len(elected), **msgspec.json.decode(digests, type=dict[str, str | int])},
        )
    )
    session.merge(Declaration(procedure_id=procedure.id, at=transaction.now, counts=digests, act_id=act_id))
    session.flush()
    return elected


def _digests(session: Session, poll: Poll) -> str:
    """Return, as JSON, which count of each contest stands, with the digests of its record and its papers."""
    found: dict[str, str | int] = {}
    for contest in poll.contests:
        counted = latest_count(session, contest)
        if counted is not None:
            found |= {
                f"{contest.id}_count": counted.number,
                f"{contest.id}_record_sha256": counted.record_sha256,
                f"{contest.id}_papers_sha256": counted.papers_sha256,
            }
    return msgspec.json.encode(found).decode()


def complete_count(transaction: "Transaction", poll: Poll, *, by: tuple[str, str]) -> bool:
    """Complete the stage of the count when every contest is counted and nothing blocks it; say whether it is."""
    tally = poll.contests[0].tally
    if is_complete(poll.running.policy, poll.running.state, tally.id, transaction.now):
        return True
    blocks = transaction.instance.plugins.blocks(transaction.session, poll.running)
    if any(block.stage == tally.id for block in blocks):
        return False
    complete(transaction, poll.running, tally.id, numbers=by, ground=N_("Every contest is counted."))
    return True


def standing_in_the_way(session: Session, plugins: "Plugins", poll: Poll, now: datetime) -> tuple[Words, ...]:
    """Return everything that keeps the result from being declared; nothing once it is and no recount changed it."""
    declared = session.get(Declaration, poll.running.procedure.id)
    if declared is not None:
        if blocks := count_blocks(session, poll.contests):
            return tuple({block.reason.en: block.reason for block in blocks}.values())
        again = Words(nl="na de hertelling opnieuw vaststellen", en="declare again after the recount (poll declare)")
        return () if declared.counts == _digests(session, poll) else (again,)
    tally, result = poll.contests[0].tally.id, _result(poll)
    stages = status_of(session, plugins, poll.running, now)
    found = [block.reason for needed in result.needs for block in stages.stage(needed).blocks]
    found += [block.reason for block in stages.stage(result.id).blocks]
    if not found and is_complete(poll.running.policy, poll.running.state, tally, now):
        found = [Words(nl="de uitslag is nog niet vastgesteld (poll declare)", en="not declared yet (poll declare)")]
    return tuple({words.en: words for words in found}.values())


def _result(poll: Poll) -> Result:
    stage = poll.running.policy.first(Result)
    if stage is None:
        raise Refused(
            "Policy {policy} has no stage of kind `result`: nothing can be declared.", policy=poll.running.policy.id
        )
    return stage
