"""Votes from paper go into the secret poll: as encrypted ballots among all others, under credentials kept for them.

One box gives one result: what paper alone says is never published, so no difference tells how the few on one side
voted. It is done after the close and before the box is sealed, by two people with the file that the credential
authority gave the stembureau. Whoever typed the papers has seen them; the credentials belong to nobody.

Encrypting takes a while, so it is done before and outside of the write that puts the ballots in; only that needs the
secrets of the file, which nothing keeps.
"""

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from sqlmodel import Session

from stembus.conduct.acting import two_act
from stembus.errors import CheckFailed, Refused, UnusableInput
from stembus.ledger.acts import Act
from stembus.words import N_
from stembus_ballots.protocol.ballot import Vote, check_ballot, make_ballot
from stembus_ballots.protocol.election import Homomorphic, Question, read_election
from stembus_ballots.protocol.rankings import values_of
from stembus_ballots.protocol.typed_credential import secret_of
from stembus_ballots.protocol.work import Progress, silent
from stembus_polls.contests import Contest
from stembus_polls.counting.count import accounted_papers
from stembus_polls.credentials.secret_list import PaperCredentials
from stembus_polls.gates import require_running
from stembus_polls.of_contest import lock_contest
from stembus_polls.paper.each_person import EMPTY
from stembus_polls.paper.reading import Reading
from stembus_polls.paper.settle import Settled
from stembus_polls.powers import PAPER_ACCOUNT
from stembus_polls.secret.board import head
from stembus_polls.secret.cast import ForTheBox, for_the_box, seal_ballot
from stembus_polls.secret.credentials_now import credentials_of, state_of
from stembus_polls.secret.poll import election_of, lock_poll, secret_poll
from stembus_polls.secret.prepare import require_poll
from stembus_polls.secret.standing import final_moment
from stembus_polls.secret.tables import SecretPapers, SecretPoll

if TYPE_CHECKING:
    from stembus.instance import Transaction

NO_RANKING = 2
"""A second place without a first: what an invalid paper is encrypted as. The result counts it as invalid."""


class Sealing(NamedTuple):
    """The votes to encrypt, and the papers that no ballot can say, which stay outside."""

    votes: tuple[Vote, ...]
    left_out: int


class ToEncrypt(NamedTuple):
    """Votes from paper, with the secrets of the credentials that are kept for them: to be encrypted and then forgotten.

    `votes_sha256` stands for the votes in the order of the papers, so that what was encrypted is held against them.
    """

    uuid: str
    election: bytes
    credentials: frozenset[str]
    secrets: tuple[int, ...]
    votes: tuple[Vote, ...]
    left_out: int
    votes_sha256: str


class EncryptedPapers(NamedTuple):
    """Votes from paper as ballots, in an order that says nothing of the papers. Nothing in it opens one."""

    uuid: str
    votes_sha256: str
    left_out: int
    ballots: tuple[ForTheBox, ...]

    @property
    def papers(self) -> int:
        """How many papers these are, with those that stay outside."""
        return len(self.ballots) + self.left_out


def papers_to_encrypt(session: Session, contest: Contest, paper: PaperCredentials, now: datetime) -> ToEncrypt:
    """Return the votes on the papers of a contest, with the secrets to encrypt them under.

    Raises `Refused` before the close, once they are in or the box is sealed; `CheckFailed` while papers are not settled
    or when the public list has not as many credentials active for paper (one for each paper, or for each that can go
    in: nobody knows how many those are before they are typed); `UnusableInput` for the file of another poll.
    """
    poll = _require_time(session, contest, now)
    if paper.uuid != poll.uuid:
        raise UnusableInput("The file has credentials of another poll, {uuid}.", field="file", uuid=paper.uuid)
    sealing = to_seal(election_of(poll).questions, accounted_papers(session, contest))
    secrets_of = _active(session, poll, paper)
    _require_as_many(contest, sealing, len(secrets_of))
    return ToEncrypt(
        uuid=poll.uuid,
        election=poll.election or b"",
        credentials=credentials_of(session, poll).all,
        secrets=tuple(secrets_of),
        votes=sealing.votes,
        left_out=sealing.left_out,
        votes_sha256=_digest(sealing),
    )


def encrypt_papers(these: ToEncrypt, *, progress: Progress = silent) -> EncryptedPapers:
    """Encrypt every vote from paper and check each ballot. It takes a while, and reads no database."""
    election = read_election(these.election)
    shuffled = list(these.votes)
    secrets.SystemRandom().shuffle(shuffled)
    ballots: list[ForTheBox] = []
    for secret, vote in zip(these.secrets, shuffled, strict=False):  # that of a paper that stays outside is not used
        progress("Encrypting papers", len(ballots), len(shuffled))
        ballot = make_ballot(election, secret, vote, secrets.randbelow)
        ballots.append(for_the_box(election.group, check_ballot(election, these.credentials, ballot), ballot))
    return EncryptedPapers(these.uuid, these.votes_sha256, these.left_out, tuple(ballots))


def put_papers_in(
    transaction: "Transaction", contest: Contest, papers: EncryptedPapers, *, by: tuple[str, str]
) -> SecretPapers:
    """Put votes from paper that were encrypted into the box; return how many.

    Raises as `papers_to_encrypt`, and `CheckFailed` when the papers or the list of credentials changed since.
    """
    actors = two_act(transaction, contest, by, PAPER_ACCOUNT)
    session = transaction.session
    lock_contest(session, contest)
    poll = require_poll(transaction, contest)
    lock_poll(session, poll)
    require_as_encrypted(session, contest, papers, transaction.now)
    after = head(session, poll.uuid)
    for ballot in papers.ballots:
        seal_ballot(session, poll, ballot, 0 if after is None else after.height)
    act_id = transaction.record(
        Act(
            kind="secret_poll.papers_put_in",
            by=actors,
            ground=N_("The papers are typed twice, and every difference was ruled on."),
            subject={**contest.subject, "secret_poll": poll.uuid},
            public={"uuid": poll.uuid, "papers": papers.papers, "left_out": papers.left_out},
        )
    )
    row = SecretPapers(uuid=poll.uuid, papers=papers.papers, left_out=papers.left_out, act_id=act_id)
    session.add(row)
    session.flush()
    return row


def require_as_encrypted(session: Session, contest: Contest, papers: EncryptedPapers, now: datetime) -> None:
    """See to it that what was encrypted are the papers as they stand, under the credentials that are active for them.

    Raises `CheckFailed` when something changed since, and as `papers_to_encrypt`.
    """
    poll = _require_time(session, contest, now)
    sealing = to_seal(election_of(poll).questions, accounted_papers(session, contest))
    active = _active_keys(session, poll)
    _require_as_many(contest, sealing, len(active))
    same = (papers.uuid, papers.votes_sha256) == (poll.uuid, _digest(sealing))
    if not same or not active >= {ballot.credential for ballot in papers.ballots}:
        raise CheckFailed(
            "The papers of {contest}, or the credentials that are active for them, changed since they were encrypted: "
            "hand in the file of the codes for paper again.",
            contest=contest.id,
        )


def to_seal(questions: Sequence[Question], papers: Mapping[int, Settled]) -> Sealing:
    """Return the votes that say what the papers say, in their order. Pure. Several questions are one for each person.

    Where ballots are added up while encrypted, no ballot can be invalid: such papers are counted beside the box.
    """
    readings = [papers[number].reading for number in sorted(papers)]
    if not isinstance(question := questions[0], Homomorphic):
        return Sealing(tuple((_ranked(reading, question.values),) for reading in readings), 0)
    counted = [question for question in questions if isinstance(question, Homomorphic)]
    valid = [reading for reading in readings if reading.outcome != "invalid"]
    return Sealing(tuple(_answers(reading, counted) for reading in valid), len(readings) - len(valid))


def _ranked(reading: Reading, candidates: int) -> Sequence[int]:
    if reading.outcome == "invalid":
        return (NO_RANKING, *[0] * (candidates - 1))
    return values_of(reading.choices, candidates)


def _answers(reading: Reading, questions: Sequence[Homomorphic]) -> Vote:
    if len(questions) == 1:
        return (_chosen(reading, questions[0]),)
    of_each = reading.choices or (EMPTY,) * len(questions)
    said = (Reading("blank") if choice == EMPTY else Reading("valid", (choice,)) for choice in of_each)
    return tuple(_chosen(one, question) for one, question in zip(said, questions, strict=True))


def _chosen(reading: Reading, question: Homomorphic) -> Sequence[int]:
    if reading.outcome == "blank" and not question.blank:
        raise Refused("A blank paper was read where no vote can be blank.")
    chosen = [int(choice in reading.choices) for choice in range(len(question.answers))]
    return [int(reading.outcome == "blank"), *chosen] if question.blank else chosen


def _require_time(session: Session, contest: Contest, now: datetime) -> SecretPoll:
    """Return the poll of a contest while votes from paper can go into its box."""
    require_running(contest)
    poll = secret_poll(session, contest)
    if poll is None:
        raise Refused("The secret poll of {contest} is not prepared yet.", contest=contest.id)
    if now < final_moment(contest):
        raise Refused(
            "Votes from paper go into the box of {contest} after the close, at {closes}.",
            contest=contest.id,
            closes=contest.local(final_moment(contest)),
        )
    if session.get(SecretPapers, poll.uuid) is not None:
        raise Refused("The votes from paper of {contest} are in the box already.", contest=contest.id)
    last = head(session, poll.uuid)
    if last is None or last.kind not in ("Setup", "Ballot"):
        raise Refused("The box of {contest} is not open: it was not set up, or is sealed.", contest=contest.id)
    return poll


def _require_as_many(contest: Contest, sealing: Sealing, active: int) -> None:
    if not len(sealing.votes) <= active <= len(sealing.votes) + sealing.left_out:
        raise CheckFailed(
            "{votes} papers of {contest} go into the box, and the public list has {active} credentials active for "
            "paper: the credential authority strikes off who voted on paper first.",
            votes=len(sealing.votes),
            contest=contest.id,
            active=active,
        )


def _digest(sealing: Sealing) -> str:
    return hashlib.sha256(msgspec.json.encode([sealing.votes, sealing.left_out])).hexdigest()


def _active_keys(session: Session, poll: SecretPoll) -> frozenset[str]:
    """The credentials that the public list has active for votes from paper."""
    return state_of(session, poll).activated & credentials_of(session, poll).paper


def _active(session: Session, poll: SecretPoll, paper: PaperCredentials) -> list[int]:
    """The secrets of the credentials that the public list has active for votes from paper."""
    group, active = election_of(poll).group, _active_keys(session, poll)
    found = {group.text(group.table(group.g).power(secret)): secret for secret in _secrets(poll, paper)}
    if missing := active - found.keys():
        raise UnusableInput(
            "The file lacks {missing} of the credentials that are active for paper: take the file that was made with "
            "the credentials of this poll.",
            field="file",
            missing=len(missing),
        )
    return [found[public] for public in active]


def _secrets(poll: SecretPoll, paper: PaperCredentials) -> Iterator[int]:
    group = election_of(poll).group
    return (secret_of(credential, poll.uuid, group) for credential in paper.credentials)
