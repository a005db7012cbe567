"""A poll as its trustees are shown it, and as everybody may see who did what for it."""

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session, select

from stembus.organisation.member import display_name
from stembus_ballots.protocol.archive import hash_of
from stembus_ballots.protocol.events import Phase, phase_after
from stembus_polls.contests import Contest
from stembus_polls.secret.board import head
from stembus_polls.secret.credentials_now import state_of
from stembus_polls.secret.keeping import kept_until, keys_destroyed
from stembus_polls.secret.opening import contest_of
from stembus_polls.secret.poll import election_of, poll_by_uuid
from stembus_polls.secret.prepare import electronic_of
from stembus_polls.secret.tables import SecretPoll
from stembus_polls.secret.tallying import tally_from
from stembus_polls.secret.trustees.access import TrusteeHere, trustees_of
from stembus_polls.secret.trustees.ceremony import plan_of
from stembus_polls.secret.trustees.contributions import contributions_of
from stembus_polls.secret.trustees.rehearsals import all_rehearsed, rehearsals_of
from stembus_polls.secret.trustees.tables import TrusteeAccess
from stembus_polls.trustee.wire import PollSeen, Step, TrusteeSeen
from stembus_procedures.language.stages import Result

if TYPE_CHECKING:
    from stembus.instance import Instance

OF_PHASE: dict[Phase, Step] = {
    "closed": "objections",
    "shuffling": "mixing",
    "shuffled": "decrypting",
    "decrypting": "decrypting",
    "complete": "counted",
}


def seen_by(instance: "Instance", session: Session, trustee: TrusteeHere) -> PollSeen:
    """Return what the program of a trustee is told."""
    poll = poll_by_uuid(session, trustee.uuid)
    now = instance.clock.now()
    contest = contest_of(session, instance.plugins, poll, now)
    return PollSeen(
        organisation=instance.settings.organisation,
        practice=instance.settings.practice,
        now=now,
        uuid=poll.uuid,
        title=contest.plan.title.nl,
        plan=plan_of(session, poll),
        me=trustee.number,
        least_ballots=_least(contest),
        objection=electronic_of(contest).objection,
        zone=contest.policy.timezone,
        trustees=trustees_seen(session, poll),
        step=step_of(session, poll, contest, now),
        decrypt_from=tally_from(session, contest, poll),
        keep_until=kept_until(session, instance.plugins, contest),
        trustees_sha256="" if poll.trustees_record is None else hash_of(poll.trustees_record),
    )


def trustees_seen(session: Session, poll: SecretPoll) -> tuple[TrusteeSeen, ...]:
    """Return each trustee with what they did so far, and what of theirs was refused."""
    access = {row.number: row for row in session.exec(select(TrusteeAccess).where(TrusteeAccess.uuid == poll.uuid))}
    rehearsed, gone = rehearsals_of(session, poll), keys_destroyed(session, poll.uuid)
    taken, refused = set(), defaultdict(list)
    for row in contributions_of(session, poll.uuid):
        if row.reason:
            refused[row.number].append(f"{row.kind}: {row.said}")
        else:
            taken.add((row.kind, row.number))
    return tuple(
        TrusteeSeen(
            number=number,
            name=display_name(member.given, member.particle, member.surname),
            began=number in access and access[number].token_hash is not None,
            rehearsals=rehearsed.get(number, 0),
            mixed=("Shuffle", number) in taken,
            decrypted=("PartialDecryption", number) in taken,
            destroyed=number in gone,
            refused=tuple(refused[number]),
        )
        for number, member in enumerate(trustees_of(session, poll.uuid), 1)
    )


def step_of(session: Session, poll: SecretPoll, contest: Contest, now: datetime) -> Step:
    """Return where a poll stands for its trustees."""
    if contest.stopped:
        return "annulled" if contest.annulled else "cancelled"
    if poll.trustees_record is None:
        return "ceremony"
    last = head(session, poll.uuid)
    if last is None:
        return "preparing" if all_rehearsed(session, poll.uuid) else "rehearsal"
    phase = phase_after(last.kind)
    if phase == "open":
        return "preparing" if now < contest.times.opens else "open"
    if phase == "tallied":
        opening: Step = "mixing" if election_of(poll).is_mixed else "decrypting"
        return opening if state_of(session, poll).is_closed else "closing"
    return OF_PHASE[phase]


def _least(contest: Contest) -> int:
    """The smallest number of ballots that may be opened: nothing is said of fewer voters."""
    result = contest.policy.first(Result)
    return 1 if result is None else result.publication.smallest_group
