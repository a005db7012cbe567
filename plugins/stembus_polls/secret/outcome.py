"""What came out of the secret poll of a contest, once it was verified and adds up: as the count takes it."""

import msgspec
from sqlmodel import Session, col, func, select

from stembus.errors import CheckFailed
from stembus_ballots.protocol.canonical import read_canonical
from stembus_ballots.protocol.events import EventType, Sized, read_added, read_number
from stembus_ballots.protocol.result import Result, read_result
from stembus_polls.contests import Contest
from stembus_polls.counting.cast import Cast, ballots_cast
from stembus_polls.of_contest import of_contest
from stembus_polls.paper.hand_out import ONLINE
from stembus_polls.paper.settle import Settled
from stembus_polls.paper.tables import StrikeOff
from stembus_polls.secret.judging import Program, why_not_counted
from stembus_polls.secret.poll import election_of
from stembus_polls.secret.readings import NO_BALLOT, is_added_up, readings_in, sums_in
from stembus_polls.secret.tables import BoardEvent, SealedBallot, SecretPapers, SecretPoll
from stembus_polls.secret.totals import Totals, why_not_one_number
from stembus_polls.secret.verdicts import counted_poll, verdicts_on


def verified_cast(session: Session, contest: Contest) -> Cast:
    """Return what came out of the box of a contest, ready to be counted.

    Raises `Refused` while there is no result, `CheckFailed` when it was not verified, when the verifier that decides
    does not accept it, or when results, ballots, credentials and strike-offs are not one number.
    """
    poll = counted_poll(session, contest)
    _require_verified(session, contest, poll)
    found = cast_in_box(session, contest)
    put_in = papers_put_in(session, poll)
    reason = why_not_one_number(
        totals_of(session, contest, poll, ballots_cast(found) - (put_in.left_out if put_in else 0))
    )
    if reason is not None:
        raise CheckFailed(
            "{contest} cannot be counted: {reason} Nothing was counted.", contest=contest.id, reason=reason
        )
    return found


def cast_in_box(session: Session, contest: Contest) -> Cast:
    """Return what stands on the board of a contest as its result: ballots by their place in it, from 1, or their sums.

    Papers that could not go into the box, since no ballot can be invalid there, are invalid. Raises `Refused` while
    there is no result.
    """
    poll = counted_poll(session, contest)
    result = _result(session, poll)
    ours = next((one for one in verdicts_on(session, poll.uuid) if one.program == "stembus"), None)
    invalid = msgspec.json.decode(ours.invalid, type=list[frozenset[int]]) if ours else []
    questions, put_in = election_of(poll).questions, papers_put_in(session, poll)
    left_out = put_in.left_out if put_in else 0
    if is_added_up(questions):
        return sums_in(contest, questions, result, ballots=_tallied(session, poll), left_out=left_out)
    readings = readings_in(contest, questions, result, invalid or [frozenset()] * len(result))
    return {number: Settled(one) for number, one in enumerate([*readings, *[NO_BALLOT] * left_out], 1)}


def totals_of(session: Session, contest: Contest, poll: SecretPoll, result: int) -> Totals:
    """Return what was counted about a poll, each number from its own place; `result` are the votes in the result."""
    struck = dict(
        session.exec(
            select(StrikeOff.channel, func.count())
            .where(*of_contest(StrikeOff, contest))
            .group_by(col(StrikeOff.channel))
        ).all()
    )
    put_in = papers_put_in(session, poll)
    sealed = select(func.count()).select_from(SealedBallot).where(SealedBallot.uuid == poll.uuid)
    on_board = select(func.count()).select_from(BoardEvent).where(BoardEvent.uuid == poll.uuid)
    return Totals(
        result=result,
        tallied=_tallied(session, poll),
        ballots=session.exec(on_board.where(BoardEvent.kind == "Ballot")).one(),
        credentials=session.exec(sealed).one(),
        electronic=struck.pop(ONLINE, 0),
        papers=put_in.papers - put_in.left_out if put_in else 0,
        struck_for_paper=sum(struck.values()) - (put_in.left_out if put_in else 0),
    )


def struck_by_channel(session: Session, contest: Contest) -> dict[str, int]:
    """Return how many voters are struck off for each way of voting."""
    query = select(StrikeOff.channel, func.count()).where(*of_contest(StrikeOff, contest))
    return dict(session.exec(query.group_by(col(StrikeOff.channel))).all())


def papers_put_in(session: Session, poll: SecretPoll) -> SecretPapers | None:
    """Return how many papers went into the box, None while none did."""
    return session.get(SecretPapers, poll.uuid)


def _require_verified(session: Session, contest: Contest, poll: SecretPoll) -> None:
    rule = contest.vote.electronic
    holds: dict[Program, bool] = {one.program: one.holds for one in verdicts_on(session, poll.uuid)}  # type: ignore[misc]
    reason = why_not_counted("stembus" if rule is None else rule.decides, holds)
    if reason is not None:
        raise CheckFailed(
            "{contest} cannot be counted: {reason}. `poll secret verify {procedure}` says more.",
            contest=contest.id,
            reason=reason,
            procedure=contest.procedure,
        )


def _result(session: Session, poll: SecretPoll) -> Result:
    """The numbers that stand on the board. That they are what the box holds is what the verdict says."""
    columns: list[list[int] | list[tuple[int, ...]]] = []
    for column in read_result(_data(session, poll, "Result")[0]).result:
        if lines := [entry for entry in column if isinstance(entry, tuple)]:
            columns.append(lines)
        else:
            columns.append([read_number(entry) or 0 for entry in column if isinstance(entry, int | str)])
    return tuple(columns)


def _tallied(session: Session, poll: SecretPoll) -> int:
    sized = _data(session, poll, "EncryptedTally")[1]
    return read_canonical(sized, Sized, "event.payload", "The payload of the tally").num_tallied


def _data(session: Session, poll: SecretPoll, kind: EventType) -> tuple[bytes, ...]:
    """What the only event of this kind brought onto the board."""
    event = session.exec(select(BoardEvent).where(BoardEvent.uuid == poll.uuid, BoardEvent.kind == kind)).one()
    return read_added(event.content)
