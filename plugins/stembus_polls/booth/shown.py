"""What the booth is told about a poll: the record that ballots are bound to, and what the page says around it."""

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from sqlmodel import Session

from stembus.settings import Contact
from stembus_ballots.protocol.ballot_length import padded_length
from stembus_polls.secret.opening import contest_of
from stembus_polls.secret.poll import election_of
from stembus_polls.secret.tables import SecretPoll

if TYPE_CHECKING:
    from stembus.instance import Instance


class ShownPoll(msgspec.Struct, frozen=True, kw_only=True):
    """A poll as the booth shows it. The names and what is asked are those in `election`, and nowhere else.

    `minimum`, `maximum` and `blank` are of a ranked question, whose ballots say nothing of them; those of others are in
    the record. `in_rounds` says that all rounds are counted from one ranking. `padded_length` is that of a ballot with
    its padding.
    """

    election: str
    fingerprint: str
    organisation: str
    practice: bool
    contact: Contact
    closes: datetime
    zone: str
    minimum: int
    maximum: int | None
    blank: bool
    in_rounds: bool
    main: str
    checker: str
    padded_length: int


def shown_poll(instance: "Instance", session: Session, poll: SecretPoll, now: datetime) -> ShownPoll:
    """Return a poll as the booth shows it. Raises `Refused` while it was not set up."""
    election = election_of(poll)
    contest = contest_of(session, instance.plugins, poll, now)
    settings, ballot = instance.settings, contest.ballot
    address = settings.address.rstrip("/")
    return ShownPoll(
        election=(poll.election or b"").decode(),
        fingerprint=election.fingerprint,
        organisation=settings.organisation,
        practice=settings.practice,
        contact=settings.contact,
        closes=contest.times.closes,
        zone=contest.policy.timezone,
        minimum=len(contest.candidates) if ballot.complete_ranking else ballot.minimum_choices,
        maximum=ballot.maximum_choices,
        blank=ballot.allow_blank,
        in_rounds=ballot.method == "ranked_rounds",
        main=f"{address}/procedures/{contest.procedure}",
        checker=f"{address}/polls/{poll.uuid}/check",
        padded_length=padded_length(election),
    )
