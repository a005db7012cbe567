"""What everybody may see of a secret poll: how far its box is, codes to check with, and what one has to trust."""

from datetime import datetime
from typing import get_args

from msgspec import Struct
from sqlmodel import Session

from stembus.conduct.running import Running
from stembus.errors import Refused
from stembus.organisation.member import display_name
from stembus.organisation.tables import Member
from stembus_polls.contests import Contest
from stembus_polls.poll import poll_of
from stembus_polls.secret.board import ballots_on_board, head
from stembus_polls.secret.poll import election_of, secret_poll
from stembus_polls.secret.roles import ADMINISTRATOR, AUTHORITY, TRUSTEE, holders_of
from stembus_polls.secret.tables import SecretPoll
from stembus_polls.secret.trust import Part, Parts, what_to_trust
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence


class PublicBox(Struct, frozen=True, kw_only=True):
    """The box of one contest. `state` is "prepared", "open", "sealed", "opening" or "opened".

    How many ballots are on the board anybody can count there; who cast them nobody sees.
    """

    title: Words
    uuid: str
    state: str
    ballots: int
    fingerprint: str
    head: str
    trust: tuple[Sentence, ...]


def public_boxes(session: Session, running: Running, now: datetime) -> tuple[PublicBox, ...]:
    """Return the boxes of the contests of a procedure for which a secret poll was prepared."""
    try:
        contests = poll_of(session, running, now).contests
    except Refused:
        return ()
    boxes = ((contest, secret_poll(session, contest)) for contest in contests)
    return tuple(shown_box(session, contest, poll) for contest, poll in boxes if poll is not None)


def shown_box(session: Session, contest: Contest, poll: SecretPoll) -> PublicBox:
    """Return what everybody may see of one box."""
    last = head(session, poll.uuid)
    return PublicBox(
        title=contest.plan.title,
        uuid=poll.uuid,
        state=_state(None if last is None else last.kind),
        ballots=ballots_on_board(session, poll),
        fingerprint="" if poll.election is None else election_of(poll).fingerprint,
        head="" if last is None else last.hash,
        trust=tuple(what_to_trust(_parts(session, contest, poll))),
    )


def _state(last: str | None) -> str:
    return {None: "prepared", "Setup": "open", "Ballot": "open", "EndBallots": "sealed", "Result": "opened"}.get(
        last, "opening"
    )


def _parts(session: Session, contest: Contest, poll: SecretPoll) -> Parts:
    rule = contest.vote.electronic
    trustees, authority, administrators = (
        holders_of(session, poll.uuid, role) for role in (TRUSTEE, AUTHORITY, ADMINISTRATOR)
    )
    return Parts(
        trustees=tuple(_name(member) for member in trustees),
        threshold=poll.threshold,
        authority=", ".join(_name(member) for member in authority),
        credentials_by="letter" if rule is None else rule.credentials_by,
        administrators=tuple(_name(member) for member in administrators),
        sides=poll.sides,
        together=tuple(part for part in get_args(Part) if part in poll.together.split()),
    )


def _name(member: Member) -> str:
    return display_name(member.given, member.particle, member.surname)
