"""A party on the day that its secret poll opens, made in a second or two: with every secret that people hold.

The stages before are written into the database as they would be; the poll itself is made by the verbs that people use.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from copied_instances import EmptyInstances
from secret_polls import Dice, threshold_key
from sqlmodel import Session, select

from stembus.clock import SetClock
from stembus.conduct.policies import Source, adopt, policy_of, read_source
from stembus.conduct.running import Running, begin, open_procedure, schedule
from stembus.conduct.speaking import speakers
from stembus.instance import Instance
from stembus.ledger.tables import LedgerLeaf
from stembus.organisation.bootstrap import bootstrap
from stembus.organisation.tables import Body, Member, Seat
from stembus_ballots.protocol.ballot import Vote, make_ballot
from stembus_ballots.protocol.ceremony_record import Plan
from stembus_ballots.protocol.credential_list import (
    CredentialList,
    GroundToActivate,
    GroundToVoid,
    header_text,
    line_of,
    officer_of,
)
from stembus_ballots.protocol.credentials import public_credentials_text
from stembus_ballots.protocol.election import Election, Ranked
from stembus_ballots.protocol.group import group_named
from stembus_ballots.protocol.rankings import values_of
from stembus_ballots.protocol.trustees import ThresholdRecord, trustees_text
from stembus_ballots.protocol.typed_credential import new_credential, secret_of
from stembus_polls.bureau.tables import InterestDeclared
from stembus_polls.candidates.tables import Candidacy
from stembus_polls.contests import Contest
from stembus_polls.lots.tables import OrderDraw
from stembus_polls.meeting.record import Called, MeetingRecord, Present, Sent, Statement
from stembus_polls.meeting.tables import MeetingEntry, MeetingProxy
from stembus_polls.poll import open_poll
from stembus_polls.roll.tables import RollRow, RollVersion
from stembus_polls.secret.cast import cast
from stembus_polls.secret.credentials_now import credential_list
from stembus_polls.secret.hand_over import make_code, take_code
from stembus_polls.secret.poll import election_of, poll_by_uuid
from stembus_polls.secret.prepare import prepare
from stembus_polls.secret.promise import Promise
from stembus_polls.secret.receive_credentials import receive_credentials
from stembus_polls.secret.set_up import set_up
from stembus_polls.secret.tables import BoardEvent, SecretPoll
from stembus_polls.secret.trustees.tables import Rehearsal
from stembus_procedures import load_policy

FOUNDERS = (("1001", "Anna Bakker"), ("1002", "Bo de Vries"))
BY = ("1001", "1002")
NAME = "raad"
BUREAU = ("4001", "4002", "4003")
TRUSTEES = ("5001", "5002", "5003", "5004", "5005")
AUTHORITY = "6001"
CANDIDATES = ("Ada Smit", "Ben Jansen", "Cas van Dijk", "Dee Visser", "Eli Mulder")
BEFORE = datetime(2026, 1, 5, 12, tzinfo=UTC)
MEETING = date(2026, 6, 20)
PREPARING = datetime(2026, 6, 5, 12, tzinfo=UTC)
OPENS = datetime(2026, 6, 15, 7, tzinfo=UTC)
VOTING = datetime(2026, 6, 16, 10, tzinfo=UTC)
CLOSES = datetime(2026, 6, 20, 12, tzinfo=UTC)
GRACE = timedelta(minutes=10)
AFTER = CLOSES + GRACE + timedelta(minutes=1)
OBJECTION = timedelta(hours=24)
TALLYING = AFTER + OBJECTION + timedelta(hours=1)

# The stages before the vote, and the meeting, are the business of other tests.
LEFT_OUT = {
    'needs = ["roll", "order", "convocation"]': "needs = []",
    'needs = ["convocation"]': "needs = []",
    'number = { by = "bestuur", when = "at_call" }': "number = 2",
    "minimum = 13": "minimum = 2",
    "minimum_to_constitute = 13": "minimum_to_constitute = 2",
}

BY_APPROVAL = {
    'method = "stv"': 'method = "approval"',
    'transfer = { quota = "droop", transfer = "weighted_gregory", tie_in_stage = "earlier_stages_then_lot" }': (
        "second_count = false"
    ),
    'level = "rankings"': 'level = "stages"',
    '"countback"': '"next_in_result"',
}
"""Changes of the policy with which members choose everybody whom they approve of; for `secret_party`."""
ON_EACH_PERSON = {
    **BY_APPROVAL,
    'method = "stv"': 'method = "yes_no_per_person"',
    "minimum_choices = 1\n": "",
}
"""Changes with which they say for, against or blank of each candidate."""
IN_ROUNDS = {
    "number = 2": "number = 1",
    "minimum = 2\n": "minimum = 1\n",
    "minimum_to_constitute = 2": "minimum_to_constitute = 1",
    'method = "stv"': 'method = "ranked_rounds"',
    "[stages.ballot]\n": (
        '[stages.rounds]\nmost = 2\nproceed = "top_two"\ntie_at_cut = "lot"\nlast_rule = "plurality"\n\n'
        "[stages.ballot]\n"
    ),
    'transfer = { quota = "droop", transfer = "weighted_gregory", tie_in_stage = "earlier_stages_then_lot" }\n': (
        "second_count = false\n"
    ),
    'fill = "countback"': 'fill = "by_election"',
    'found_by = "countback"': 'found_by = "own_ballot"',
    'not_accepted = "countback"': 'not_accepted = "leave_empty"',
}
"""Changes with which one person is elected by majority, in rounds that are counted from one ranking."""


class _Key(NamedTuple):
    """What the trustees made, with their shares, and the keys of the officers who sign for credentials."""

    secrets: tuple[int, ...]
    record: bytes
    officers: tuple[int, int]


@dataclass
class SecretParty:
    """The party, its poll and its secrets. Codes are by member number; a voter is named by it everywhere."""

    instance: Instance
    clock: SetClock
    contest_id: str
    uuid: str
    voters: tuple[str, ...]
    trustees: tuple[str, ...]
    trustee_secrets: tuple[int, ...]
    codes: dict[str, str]
    spare: tuple[str, ...]
    paper: tuple[str, ...]
    officers: tuple[int, int]
    dice: Dice = field(default_factory=lambda: Dice("party"))

    @property
    def election(self) -> Election:
        """The election, once it is set up."""
        with self.instance.read() as session:
            return election_of(poll_by_uuid(session, self.uuid))

    def copied_to(self, instance: Instance, clock: SetClock) -> "SecretParty":
        """The same party in a copy of its instance, at the same moment, which `clock` shows from now on."""
        clock.set(self.clock.now())
        instance.clock = clock
        return replace(self, instance=instance, clock=clock, codes=dict(self.codes), dice=Dice("party"))

    def contest(self) -> Contest:
        """The contest as it stands now."""
        with self.instance.write() as transaction:
            return open_poll(transaction, NAME).contest(self.contest_id)

    def member(self, number: str) -> str:
        """The id of a member."""
        return f"m{number}"

    def enter(self, number: str, *, holder: str | None = None) -> str:
        """Go to the booth with the vote of this voter, and return the token of the session there."""
        with self.instance.write() as transaction:
            code = make_code(
                transaction, self.uuid, member_id=self.member(holder or number), voter_id=self.member(number)
            )
        with self.instance.write() as transaction:
            return take_code(transaction, code).session_token

    def ballot(self, code: str, choice: Sequence[int] | Vote = ()) -> bytes:
        """A ballot signed with a code: a ranking of candidates (from 0), or the vote of another kind of question."""
        election = self.election
        question = election.questions[0]
        if isinstance(question, Ranked):
            vote: Vote = [values_of(tuple(choice), question.values)]  # type: ignore[arg-type]  # a ranking here
        else:
            vote = choice  # type: ignore[assignment]  # a vote as the protocol has it
        return make_ballot(election, secret_of(code, self.uuid, election.group), vote, self.dice)

    def vote(self, number: str, choice: Sequence[int] | Vote = ()) -> Promise:
        """Vote as a member does: sign in, go to the booth, cast with the own code."""
        return cast(self.instance, self.enter(number), self.ballot(self.codes[number], choice))

    def public_key(self, code: str) -> str:
        """The public credential of a code."""
        group = self.election.group
        return group.text(group.power(group.g, secret_of(code, self.uuid, group)))

    def signed(
        self, *entries: tuple[str, str, GroundToActivate | GroundToVoid] | tuple[str, str, str, int]
    ) -> list[bytes]:
        """Lines for the list of credentials, signed by both officers: ("void", code, ground) or ("activate", …)."""
        with self.instance.read() as session:
            known: CredentialList = credential_list(session, poll_by_uuid(session, self.uuid))
        lines = []
        for what, code, ground, *replaces in entries:
            key = self.public_key(str(code))
            entry: Any = (
                known.make_void(key, ground)  # type: ignore[arg-type]  # the caller names a ground
                if what == "void"
                else known.activate(key, ground, *replaces)  # type: ignore[arg-type]
            )
            signatures = [
                known.sign(entry, number, secret, self.dice) for number, secret in enumerate(self.officers, 1)
            ]
            lines.append(line_of(entry, signatures))
            known.follow(lines[-1])
        return lines

    def closing_line(self, *, sealed_by: str = "") -> bytes:
        """The line that closes the list of credentials, once the box is sealed; or one that names another event."""
        with self.instance.read() as session:
            known = credential_list(session, poll_by_uuid(session, self.uuid))
            ended = session.exec(select(BoardEvent.hash).where(BoardEvent.kind == "EndBallots")).one()
        entry = known.close(sealed_by or ended)
        return line_of(entry, [known.sign(entry, n, secret, self.dice) for n, secret in enumerate(self.officers, 1)])

    def give_proxy(self, giver: str, holder: str) -> None:
        """Let a proxy be in force."""
        with self.instance.write() as transaction:
            procedure = self.running(transaction.session).procedure.id
            transaction.session.add(
                MeetingProxy(
                    procedure_id=procedure,
                    giver_id=self.member(giver),
                    holder_id=self.member(holder),
                    given_at=BEFORE,
                )
            )

    def running(self, session: Session) -> Running:
        """The procedure."""
        return open_procedure(session, self.instance.plugins, NAME)


def secret_party(
    instance: Instance,
    clock: SetClock,
    *,
    voters: int = 12,
    trustees: int = 3,
    threshold: int = 2,
    candidates: Sequence[str] = CANDIDATES,
    spare: int = 2,
    paper: int | None = None,
    changes: Mapping[str, str] | None = None,
    batch: int = 10,
) -> SecretParty:
    """Make the party and set its poll up; the clock then stands in the days of the vote.

    With two candidates or fewer there is one vote, for or against all of them.
    """
    party = prepared_party(
        instance,
        clock,
        voters=voters,
        trustees=trustees,
        threshold=threshold,
        candidates=candidates,
        spare=spare,
        paper=paper,
        changes=changes,
        batch=batch,
    )
    with instance.write() as transaction:
        set_up(transaction, open_poll(transaction, NAME).contest(party.contest_id), by=BY)
    clock.set(VOTING)
    return party


@contextmanager
def copied_secret_party(instances: EmptyInstances, folder: Path, clock: SetClock, **how: Any) -> Iterator[SecretParty]:
    """Give a copy of the party that `secret_party` makes with these arguments, which is made once."""

    def make(instance: Instance, _folder: Path) -> SecretParty:
        instance.clock = at = SetClock(BEFORE)
        return secret_party(instance, at, **how)

    instance, made = instances.copy_of(f"secret party {sorted(how.items())}", folder, make)
    yield made.copied_to(instance, clock)
    instances.drop(instance)


def prepared_party(
    instance: Instance,
    clock: SetClock,
    *,
    voters: int = 12,
    trustees: int = 3,
    threshold: int = 2,
    candidates: Sequence[str] = CANDIDATES,
    spare: int = 2,
    paper: int | None = None,
    changes: Mapping[str, str] | None = None,
    batch: int = 10,
) -> SecretParty:
    """Make the party with everything that the poll needs to be set up."""
    first = 2001 if voters < 1000 else 10_001  # so that nobody has the number of somebody with a seat
    numbers = tuple(str(first + place) for place in range(voters))
    contest_id = begun_party(
        instance,
        clock,
        numbers=numbers,
        candidates=candidates,
        changes={
            "number = 5\nthreshold = 3": f"number = {trustees}\nthreshold = {threshold}",
            "batch = 10": f"batch = {batch}",
            **(changes or {}),
        },
    )
    with instance.write() as transaction:
        contest = open_poll(transaction, NAME).contest(contest_id)
        poll = prepare(transaction, contest, trustees=TRUSTEES[:trustees], authority=AUTHORITY, by=BY)
    dice = Dice(f"party of {voters}")
    key = _key_of(poll.group, trustees, threshold)
    made = [new_credential(dice) for _ in range(voters + spare + (voters if paper is None else paper))]
    _hand_in(instance, contest, poll, made=made, key=key, spare=spare)
    return SecretParty(
        instance=instance,
        clock=clock,
        contest_id=contest_id,
        uuid=poll.uuid,
        voters=numbers,
        trustees=TRUSTEES[:trustees],
        trustee_secrets=key.secrets,
        codes=dict(zip(numbers, made, strict=False)),
        spare=tuple(made[voters : voters + spare]),
        paper=tuple(made[voters + spare :]),
        officers=key.officers,
    )


def begun_party(
    instance: Instance,
    clock: SetClock,
    *,
    numbers: Sequence[str],
    candidates: Sequence[str] = CANDIDATES,
    changes: Mapping[str, str],
) -> str:
    """Make the party with its procedure on the day before the poll is prepared; return the id of its contest."""
    clock.set(BEFORE)
    with instance.write() as transaction:
        bootstrap(transaction, FOUNDERS)
        source = _policy(instance, {**LEFT_OUT, **changes})
        adopted = adopt(transaction, source, by=BY, decision="ALV 2026-01-04")
        by = speakers(transaction, policy_of(adopted, instance.plugins), BY, ["kiescommissie"])
        running = begin(transaction, NAME, adopted, by)
        schedule(transaction, running, {"meeting": MEETING}, by)
        _people(transaction.session, running.procedure.id, numbers, candidates)
    clock.set(PREPARING)
    with instance.write() as transaction:
        return open_poll(transaction, NAME).contests[0].id


def _hand_in(
    instance: Instance, contest: Contest, poll: SecretPoll, *, made: Sequence[str], key: _Key, spare: int
) -> None:
    group = group_named(poll.group)
    keys = [group.table(group.g).power(secret_of(code, poll.uuid, group)) for code in made]
    texts = [group.text(key) for key in keys]
    with instance.read() as session:
        on_roll = session.exec(select(RollVersion.size)).one()
    header = header_text(
        poll.uuid,
        on_roll,
        [officer_of(group, f"codecommissie {number}", secret) for number, secret in enumerate(key.officers, 1)],
        spare=texts[on_roll : on_roll + spare],
        paper=texts[on_roll + spare :],
    )
    with instance.write() as transaction:
        known = poll_by_uuid(transaction.session, poll.uuid)
        known.trustees_record = key.record
        transaction.session.add(known)
        transaction.session.add_all(
            Rehearsal(uuid=poll.uuid, attempt=1, number=number, turn=turn, nonce="", is_done=True)
            for number in range(1, poll.trustees + 1)
            for turn in (1, 2)
        )
        credentials = public_credentials_text([(key, 1) for key in keys], group)
        receive_credentials(transaction, contest, credentials, header, by=AUTHORITY)


@lru_cache
def _key_of(group: str, trustees: int, threshold: int) -> _Key:
    dice = Dice(f"key {trustees} {threshold}")
    secrets, block = threshold_key(Plan("Raad", group, trustees, threshold), dice)
    one, other = (group_named(group).random_scalar(dice) for _ in range(2))
    return _Key(tuple(secrets), trustees_text((ThresholdRecord(block),)), (one, other))


def _policy(instance: Instance, changes: Mapping[str, str]) -> Source:
    text = read_source("partijraad-online", instance.plugins).text
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return Source("partijraad", text, load_policy(text))


def _people(session: Session, procedure_id: str, numbers: Sequence[str], candidates: Sequence[str]) -> None:
    act = session.exec(select(LedgerLeaf.act_id)).first()
    assert act is not None
    standing = [str(3001 + place) for place in range(len(candidates))]
    seats = {"stembureau": BUREAU, "sleutelcommissie": TRUSTEES, "codecommissie": (AUTHORITY,)}
    for number in (*numbers, *standing, *BUREAU, *TRUSTEES, AUTHORITY):
        session.add(Member(id=f"m{number}", number=number, surname=f"Lid {number}", email=f"lid{number}@post.example"))
    session.flush()
    for slug, people in seats.items():
        session.add(Body(slug=slug, kind="committee", nl=slug, en=slug))
        session.flush()
        for number in people:
            # Given before the founders set the instance up, so that their powers do not lapse for these tests.
            own: dict[str, Any] = {"body": slug, "office": "member", "member_id": f"m{number}", "given_by": act}
            session.add(Seat(id=f"s{number}", **own, starts=BEFORE.date(), given_at=BEFORE - timedelta(days=1)))
    common: dict[str, Any] = {"procedure_id": procedure_id, "act_id": act}
    for number in BUREAU:
        session.add(InterestDeclared(id=f"i{number}", **common, member_id=f"m{number}", at=BEFORE))
    session.add(
        RollVersion(
            **common, version=1, root="ab" * 32, size=len(numbers), record_day=MEETING, cause="frozen", at=BEFORE
        )
    )
    for number in numbers:
        row: dict[str, Any] = {"number": number, "contests": "at_large", "salt": b"s"}
        session.add(RollRow(procedure_id=procedure_id, member_id=f"m{number}", since=1, **row))
    for entry, (number, name) in enumerate(zip(standing, candidates, strict=True), 1):
        said: dict[str, Any] = {"nominated_by": "self", "declared": "{}", "documents": "{}", "decision": "admitted"}
        session.add(Candidacy(**common, entry=entry, member_id=f"m{number}", name=name, entered_at=BEFORE, **said))
    session.add(
        MeetingEntry(**common, number=1, record=msgspec.json.encode(_held()).decode(), called="null", at=BEFORE)
    )
    drawn = json.dumps({"at_large": list(range(1, len(candidates) + 1))})
    lot: dict[str, Any] = {"seed": "1", "drawn_by": "1001", "witnesses": '["notaris"]'}
    session.add(OrderDraw(**common, number=1, orders=drawn, at=BEFORE, **lot))


def _held() -> MeetingRecord:
    began = datetime(2026, 6, 20, 8, tzinfo=UTC)
    return MeetingRecord(
        called=Called(
            sent=(Sent(channel="post", on=date(2026, 6, 1), members=35),),
            agenda_item="Verkiezing van de leden van de partijraad",
            documents_on=date(2026, 6, 1),
            conditions_stated=True,
        ),
        began=began,
        ended=began + timedelta(hours=5),
        present=Present(in_room=20),
        statement=Statement(by="the chair", outcome="two are elected", at=began + timedelta(hours=5)),
    )
