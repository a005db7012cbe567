"""Making a declared result public, at the level that the policy allows: an act of two over one archive."""

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlmodel import Session

from stembus.conduct.acting import two_act
from stembus.conduct.running import Running
from stembus.errors import Refused
from stembus.ledger.acts import Act
from stembus_polls.counting.declare import standing_in_the_way
from stembus_polls.counting.report_meeting import meeting_part
from stembus_polls.counting.report_procedure import whole_procedure, whole_report
from stembus_polls.counting.tables import Declaration
from stembus_polls.poll import Poll
from stembus_polls.powers import PUBLISH
from stembus_polls.procedure_now import lock_procedure, require_dates
from stembus_polls.publishing.published import Published, latest_publication, publications
from stembus_polls.publishing.tables import Publication
from stembus_polls.report import Report, procedure_archive, published, read_report, report_json

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def report_to_publish(instance: "Instance", session: Session, poll: Poll, now: datetime) -> Report:
    """Return the report as everybody may see it: nothing beyond the level of the policy.

    What an earlier publication of this result hid stays hidden. Where the vote was annulled since, the report says so.
    Raises `Refused` while the result is not declared, or has to be declared again.
    """
    was_public = publications(session, poll.running.procedure.id)
    is_annulled = bool(was_public) and poll.running.state.annulled is not None
    if not is_annulled:
        require_dates(poll.running)
    name = poll.running.procedure.name
    if session.get(Declaration, poll.running.procedure.id) is None:
        raise Refused("The result of {procedure} is not declared: nothing can be made public yet.", procedure=name)
    for words in () if is_annulled else standing_in_the_way(session, instance.plugins, poll, now):
        raise Refused("{procedure}: {reason}. Nothing was made public.", procedure=name, reason=words)
    report = whole_report(instance, session, poll, now, meeting=meeting_part(session, poll))
    earlier = [read_report(row.report.encode()) for row in was_public]
    return published(report, earlier=earlier)


def digest_of(report: Report) -> str:
    """Return SHA-256 of what a report says, whenever it was drawn up: two people decide about the same."""
    return hashlib.sha256(report_json(replace(report, drawn_up_at=NO_TIME, checkpoint=""))).hexdigest()


def is_unsaid(running: Running, public: Published) -> bool:
    """Whether a vote was annulled and what is public of its result does not say so yet."""
    return running.state.annulled is not None and public.content.annulled is None


def publish(transaction: "Transaction", poll: Poll, *, by: tuple[str, str]) -> Publication:
    """Make the result public and return what was.

    It takes two people. Raises `Refused` as above, and when nothing changed since it was made public.
    """
    actors = two_act(transaction, poll.running, by, PUBLISH)
    session, procedure = transaction.session, poll.running.procedure
    lock_procedure(session, poll.running)
    report = report_to_publish(transaction.instance, session, poll, transaction.now)
    declared = session.get_one(Declaration, procedure.id)
    last = latest_publication(session, procedure.id)
    if last is not None and last.counts == declared.counts and not is_unsaid(poll.running, last):
        raise Refused("The result of {procedure} was made public already.", procedure=procedure.name)
    archive = procedure_archive(whole_procedure(session, poll, report))
    digest = hashlib.sha256(archive).hexdigest()
    act_id = transaction.record(
        Act(
            kind="poll.published",
            by=actors,
            ground=f"{poll.running.adopted.policy_id} {poll.running.adopted.version}",
            subject={"procedure": procedure.id},
            public={"level": report.publication.level, "archive_sha256": digest},
        )
    )
    row = Publication(
        procedure_id=procedure.id,
        number=1 if last is None else last.number + 1,
        at=transaction.now,
        report=report_json(report).decode(),
        archive=archive,
        archive_sha256=digest,
        counts=declared.counts,
        act_id=act_id,
    )
    session.add(row)
    session.flush()
    return row
