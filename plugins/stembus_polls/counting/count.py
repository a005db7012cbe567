"""Counting the papers of a contest, and counting them again from what was kept."""

import hashlib
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from stembus.conduct.acting import two_act
from stembus.errors import CheckFailed, Refused
from stembus.ledger.acts import Act
from stembus_ballots.lots import NeedsLot
from stembus_ballots.record import StvRecord
from stembus_polls.act_kinds import OUT_OF_THE_BOX, TYPED_TWICE
from stembus_polls.contests import Contest
from stembus_polls.counting.cast import Cast, ballots_cast, cast_digest, profile_from
from stembus_polls.counting.declared import is_declared
from stembus_polls.counting.inputs import CountInputs, inputs_for, make_count
from stembus_polls.counting.lots import LOT_FOR, how_to_draw, lots_for_count
from stembus_polls.counting.records import Record, ballots_in, read_record
from stembus_polls.counting.tables import CountRecord
from stembus_polls.counting.whole import who_took_part
from stembus_polls.cross_check import CrossCheck, NotApplicable, cross_check
from stembus_polls.gates import require_closed, require_papers
from stembus_polls.of_contest import lock_contest, of_contest
from stembus_polls.paper.account import accounting_of, unexplained
from stembus_polls.paper.rounds import current_round
from stembus_polls.paper.settle import Settled, settled_papers
from stembus_polls.powers import COUNT
from stembus_polls.secret.outcome import cast_in_box, verified_cast
from stembus_polls.secret.poll import secret_poll
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction


class Counted(Struct, frozen=True):
    """A count that is kept: its number and round, what went in, its record, and the second opinion on it."""

    number: int
    round: int
    inputs: CountInputs
    record: Record
    cross_check: CrossCheck
    papers_sha256: str
    record_sha256: str

    @property
    def elected(self) -> tuple[int, ...]:
        """Who is elected (places on the paper, from 0), in the order of the record."""
        return self.record.elected


def count_contest(
    transaction: "Transaction", contest: Contest, contests: Sequence[Contest], *, by: tuple[str, str]
) -> Counted:
    """Count a contest, keep the record with everything it was made from, and return it.

    `contests` are all contests of the procedure, in the order of filling. A count that gives what the last one gave
    is not kept twice; once the result is declared only a new round of typing makes another one. Raises `Refused` or
    `CheckFailed` with what is missing: accounting, typings, rulings, an earlier contest, or a lot and how to draw it.
    """
    require_closed(contest, transaction.now, Sentence("the papers can be counted"))
    actors = two_act(transaction, contest, by, COUNT)
    session = transaction.session
    lock_contest(session, contest)
    round_, cast = current_round(session, contest), cast_to_count(session, contest)
    papers = ballots_cast(cast)
    elected = {one.id: elected_ids(session, one) for one in contests if latest_count(session, one) is not None}
    previous = latest_count(session, contest)
    if previous is not None and previous.round == round_ and is_declared(session, contest.procedure_id):
        return previous
    salt = os.urandom(16).hex() if previous is None else previous.inputs.salt
    attendance = who_took_part(session, contest, papers)
    inputs = inputs_for(contest, contests, elected, lots_for_count(session, contest), salt, attendance=attendance)
    record = _counted(contest, cast, inputs)
    if ballots_in(record) != papers:
        raise CheckFailed(
            "The count of {contest} does not add up to its {papers} papers: nothing was kept.",
            contest=contest.id,
            papers=papers,
        )
    if previous is not None and (previous.round, previous.inputs, previous.record) == (round_, inputs, record):
        return previous
    check = _second_opinion(contest, cast, inputs, record)
    counted = Counted(
        number=1 if previous is None else previous.number + 1,
        round=round_,
        inputs=inputs,
        record=record,
        cross_check=check,
        papers_sha256=cast_digest(salt, cast),
        record_sha256=_digest(salt, record),
    )
    act_id = transaction.record(
        Act(
            kind="count.made",
            by=actors,
            ground=_ground(contest, papers, from_box=secret_poll(session, contest) is not None),
            subject=contest.subject,
            details={"elected": ", ".join(contest.candidates[place].name for place in record.elected) or "–"},
            public={
                "papers": papers,
                "papers_sha256": counted.papers_sha256,
                "record_sha256": counted.record_sha256,
                "number": counted.number,
                "round": round_,
            },
        )
    )
    _keep(session, contest, counted, act_id)
    return counted


def count_again(session: Session, contest: Contest) -> str | None:
    """Make the latest count again from what was kept; None when all is identical, else the first difference.

    Raises `Refused` when nothing was counted yet.
    """
    kept = latest_count(session, contest)
    if kept is None:
        raise Refused(
            "{contest} was not counted yet: `poll count {procedure}`.", contest=contest.id, procedure=contest.procedure
        )
    cast = cast_of_count(session, contest, kept.round)
    if cast_digest(kept.inputs.salt, cast) != kept.papers_sha256:
        return "the papers as they are typed and ruled now are not those that were counted"
    if _digest(kept.inputs.salt, kept.record) != kept.record_sha256:
        return "the record that is kept is not the one in the act of the count"
    before = msgspec.to_builtins(kept.record)
    return first_difference(before, msgspec.to_builtins(_counted(contest, cast, kept.inputs)))


def cast_to_count(session: Session, contest: Contest) -> Cast:
    """Return what was cast, as it is read; no paper where the policy holds no vote.

    Where a secret poll is held, all votes come out of its box, those from paper too. Raises `CheckFailed` or `Refused`
    with what is missing first.
    """
    if contest.way.kind == "elected_unopposed":
        return {}
    if secret_poll(session, contest) is not None:
        return verified_cast(session, contest)
    return accounted_papers(session, contest)


def cast_of_count(session: Session, contest: Contest, round_: int) -> Cast:
    """Return what a count of this round was made from, as it reads now."""
    if secret_poll(session, contest) is not None:
        return cast_in_box(session, contest)
    return settled_papers(session, contest, round_)


def accounted_papers(session: Session, contest: Contest) -> dict[int, Settled]:
    """Return every paper as it is read, once they are accounted for. Raises `CheckFailed` or `Refused` before."""
    require_papers(contest)
    stated = accounting_of(session, contest)
    if stated is None:
        raise CheckFailed(
            "The papers of {contest} are not accounted for yet: `paper account` comes first.", contest=contest.id
        )
    numbers, verdict = stated
    if not verdict.settled:
        raise unexplained(contest, verdict)
    papers = settled_papers(session, contest, current_round(session, contest))
    if len(papers) != numbers.papers:
        raise CheckFailed(
            "{papers} papers of {contest} are read, the accounting has {stated}: nothing was counted.",
            papers=len(papers),
            contest=contest.id,
            stated=numbers.papers,
        )
    return papers


def latest_count(session: Session, contest: Contest) -> Counted | None:
    """Return the count of a contest that stands, None while there is none."""
    row = session.exec(_counts(contest).order_by(col(CountRecord.number).desc())).first()
    return None if row is None else _decoded(row)


def all_counts(session: Session, contest: Contest) -> list[Counted]:
    """Return every count of a contest, the oldest first."""
    return [_decoded(row) for row in session.exec(_counts(contest).order_by(col(CountRecord.number)))]


def elected_ids(session: Session, contest: Contest) -> tuple[str, ...]:
    """Return the ids of the members whom the standing count elects; nobody while there is none."""
    counted = latest_count(session, contest)
    return () if counted is None else tuple(contest.candidates[place].member_id for place in counted.elected)


def first_difference(before: object, after: object, path: str = "record") -> str | None:
    """Return where two records first differ, as a path and both values, or None."""
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        parts = ((f"{path}.{key}", before[key], after[key]) for key in before)
    elif isinstance(before, list | tuple) and isinstance(after, list | tuple) and len(before) == len(after):
        parts = ((f"{path}[{place}]", one, other) for place, (one, other) in enumerate(zip(before, after, strict=True)))
    else:
        return None if before == after else f"{path}: {before!r} was kept, {after!r} comes out now"
    return next((found for where, one, other in parts if (found := first_difference(one, other, where))), None)


def _counted(contest: Contest, cast: Cast, inputs: CountInputs) -> Record:
    try:
        return make_count(contest, cast, inputs)
    except NeedsLot as lot:
        tied = [f"{place + 1} ({contest.candidates[place].name})" for place in lot.tied]
        raise Refused(
            "{contest}: a lot decides {why}, among {tied}. {how}",
            contest=contest.plan.title,
            why=LOT_FOR[lot.why],
            tied=tied,
            how=how_to_draw(contest, lot.why),
        ) from None


def _second_opinion(contest: Contest, cast: Cast, inputs: CountInputs, record: Record) -> CrossCheck:
    if not isinstance(record, StvRecord):
        return NotApplicable("method")
    return cross_check(profile_from(contest, cast, inputs.struck), record)


def _ground(contest: Contest, papers: int, *, from_box: bool) -> str:
    if contest.way.kind == "elected_unopposed":
        return f"{contest.way.reason.nl}."
    if from_box:
        return OUT_OF_THE_BOX.en.format(papers=papers)
    return TYPED_TWICE.en.format(papers=papers)


def _digest(salt: str, record: Record) -> str:
    return hashlib.sha256(salt.encode() + msgspec.json.encode(record)).hexdigest()


def _counts(contest: Contest) -> SelectOfScalar[CountRecord]:
    return select(CountRecord).where(*of_contest(CountRecord, contest))


def _keep(session: Session, contest: Contest, counted: Counted, act_id: str) -> None:
    session.add(
        CountRecord(
            procedure_id=contest.procedure_id,
            contest=contest.id,
            number=counted.number,
            round=counted.round,
            inputs=msgspec.json.encode(counted.inputs).decode(),
            record=msgspec.json.encode(counted.record).decode(),
            cross_check=msgspec.json.encode(counted.cross_check).decode(),
            papers_sha256=counted.papers_sha256,
            record_sha256=counted.record_sha256,
            act_id=act_id,
        )
    )
    session.flush()


def _decoded(row: CountRecord) -> Counted:
    return Counted(
        number=row.number,
        round=row.round,
        inputs=msgspec.json.decode(row.inputs, type=CountInputs),
        record=read_record(row.record),
        cross_check=msgspec.json.decode(row.cross_check, type=CrossCheck),
        papers_sha256=row.papers_sha256,
        record_sha256=row.record_sha256,
    )
