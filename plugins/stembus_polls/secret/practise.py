"""A practice poll: known votes through the real configuration of a contest, up to a result that must come out as known.

It has the questions, candidates, group, trustees and threshold of the poll itself, and an id and a key of its own: the
trustees' keys are rehearsed apart, and the box of the poll stays empty. Nothing here writes anything.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from stembus_ballots.protocol.archive import hash_of
from stembus_ballots.protocol.ballot import CheckedBallot, Vote, check_ballot, make_ballot
from stembus_ballots.protocol.canonical import text_of
from stembus_ballots.protocol.ceremony import (
    Seat,
    take_certificates,
    take_commitments,
    take_keys,
    take_reveals,
    take_seat,
    take_shares,
)
from stembus_ballots.protocol.ceremony_record import Plan
from stembus_ballots.protocol.combination import combined
from stembus_ballots.protocol.credentials import public_credentials_text
from stembus_ballots.protocol.decryption import check_decryption, partial_decryption
from stembus_ballots.protocol.election import Election, Homomorphic, Question, Ranked, election_text, read_election
from stembus_ballots.protocol.events import ArchiveWriter
from stembus_ballots.protocol.group import RandomBelow
from stembus_ballots.protocol.rankings import values_of
from stembus_ballots.protocol.result import opened, result_of, result_text
from stembus_ballots.protocol.shuffle import check_shuffle, make_shuffle
from stembus_ballots.protocol.side_file import Decrypted, make_side_file
from stembus_ballots.protocol.tally import Ciphertexts, encrypted_tally, tally_text
from stembus_ballots.protocol.trustees import ThresholdRecord, TrusteeKey, Trustees, read_trustees, trustees_text
from stembus_ballots.protocol.verify import Verdict, verify_archive
from stembus_ballots.protocol.work import Progress, silent
from stembus_polls.contests import Contest
from stembus_polls.paper.reading import Reading
from stembus_polls.secret.questions import group_for, questions_of
from stembus_polls.secret.readings import readings_in

Message = TypeVar("Message")

NO_VOTE = 2
"""A second place without a first, which no booth makes: its ballot has to come out as invalid."""


class _Held(NamedTuple):
    """A practice that is going on."""

    election: Election
    writer: ArchiveWriter
    random_below: RandomBelow


class Practised(NamedTuple):
    """What a practice came to: its archive with the side files, the verdict on it, and whether it came out as known."""

    uuid: str
    archive: bytes
    side_files: tuple[bytes, ...]
    verdict: Verdict
    ballots: int
    is_right: bool

    @property
    def sha256(self) -> str:
        """The SHA-256 of the archive."""
        return hash_of(self.archive)


def practise(
    contest: Contest,
    *,
    uuid: str,
    trustees: int,
    threshold: int,
    least: int,
    timestamp: int,
    random_below: RandomBelow,
    progress: Progress = silent,
) -> Practised:
    """Hold a poll of known votes under this id, with a key of its own; of at least `least` ballots.

    Every candidate is somebody's first choice; there is a blank vote where it may be, and one that is no vote.
    """
    questions = questions_of(contest)
    group = group_for(questions)
    shares, record = _key(Plan(uuid, group.name, trustees, threshold), random_below)
    keys = read_trustees(record, group)
    text = election_text(
        uuid=uuid,
        name=contest.plan.title.nl,
        description=f"OEFENING / PRACTICE {contest.procedure}",
        group=group,
        public_key=keys.public_key,
        questions=questions,
    )
    election = read_election(text)
    known = list(_known_votes(questions, least))
    voters = [group.random_scalar(random_below) for _ in known]
    publics = [(group.power(group.g, voter), 1) for voter in voters]
    credentials = public_credentials_text(publics, group)
    writer = ArchiveWriter(timestamp)
    writer.setup(text, record, credentials)
    weights = {group.text(public): weight for public, weight in publics}
    checked: list[CheckedBallot] = []
    for voter, vote in zip(voters, known, strict=True):
        progress("Practising", len(checked), len(known))
        ballot = make_ballot(election, voter, vote, random_below)
        checked.append(check_ballot(election, weights, ballot))
        writer.append("Ballot", ballot)
    writer.append("EndBallots")
    tally = encrypted_tally(election, checked, weights)
    writer.encrypted_tally(tally_text(tally, election), tally.ballots, tally.weight)
    held = _Held(election, writer, random_below)
    to_open = _mixed(held, tally.ciphertexts, threshold)
    side_files = _opened(held, keys, shares[:threshold], to_open, tally.weight)
    archive = bytes(writer.written)
    verdict = verify_archive(archive, side_files=side_files)
    return Practised(uuid, archive, side_files, verdict, len(known), _is_right(contest, questions, known, verdict))


def _key(plan: Plan, random_below: RandomBelow) -> tuple[list[int], bytes]:
    """The shares of trustees who all sit at this machine, and the public record of their key."""
    seats, certificates = _split(take_seat(plan, number, random_below) for number in range(1, plan.size + 1))
    seats, commitments = _split(take_certificates(seat, certificates, random_below) for seat in seats)
    seats, reveals = _split(take_commitments(seat, commitments) for seat in seats)
    seats, shares = _split(take_reveals(seat, reveals, random_below) for seat in seats)
    seats, keys = _split(take_shares(seat, [row[seat.index - 1] for row in shares], random_below) for seat in seats)
    block = take_keys(seats[0], [key for key in keys if isinstance(key, TrusteeKey)])
    return [int(seat.secret or "0") for seat in seats], trustees_text((ThresholdRecord(block),))


def _split(pairs: Iterable[tuple[Seat, Message]]) -> tuple[list[Seat], list[Message]]:
    both = list(pairs)
    return [seat for seat, _message in both], [message for _seat, message in both]


def _known_votes(questions: Sequence[Question], least: int) -> list[Vote]:
    """The votes of each ballot: what one says to a question, it says to the next one only in its turn.

    So two questions that were taken for one another come out otherwise than they went in.
    """
    answers = [list(_known_answers(question, least)) for question in questions]
    size = max(map(len, answers))
    return [tuple(known[(ballot + at) % len(known)] for at, known in enumerate(answers)) for ballot in range(size)]


def _known_answers(question: Question, least: int) -> Iterator[Sequence[int]]:
    if isinstance(question, Homomorphic):
        choices, sizes = len(question.answers), question.max - question.min + 1
        chosen = [{(first + n) % choices for n in range(question.min + first % sizes)} for first in range(choices)]
        kinds = [[int(choice in one) for choice in range(choices)] for one in chosen]
        kinds = [[0, *kind] for kind in kinds] + [[1, *[0] * choices]] if question.blank else kinds
        yield from (kinds[number % len(kinds)] for number in range(max(least, len(kinds))))
        return
    candidates = question.values
    yield [0] * candidates
    yield [NO_VOTE, *[0] * (candidates - 1)]
    for number in range(max(least, candidates)):
        yield values_of(tuple((number + step) % candidates for step in range(min(3, candidates))), candidates)


def _mixed(held: _Held, tally: Ciphertexts, threshold: int) -> Ciphertexts:
    """What is decrypted: the tally, after so many mixes where there is something to mix."""
    election = held.election
    ranked = [number for number, question in enumerate(election.questions) if isinstance(question, Ranked)]
    if not ranked:
        return tally
    columns = list(tally)
    for trustee in range(1, threshold + 1):
        before = [columns[number] for number in ranked]
        record = make_shuffle(election.bound, before, held.random_below)
        for number, column in zip(ranked, check_shuffle(election.bound, before, record), strict=True):
            columns[number] = column
        held.writer.owned("Shuffle", trustee, text_of(record))
    held.writer.append("EndShuffles")
    return tuple(columns)


def _opened(
    held: _Held, trustees: Trustees, shares: Sequence[int], to_open: Ciphertexts, weight: int
) -> tuple[bytes, ...]:
    """Decrypt, add the result, and return the side files."""
    election, writer = held.election, held.writer
    factors, side_files = {}, []
    for number, share in enumerate(shares, 1):
        key = trustees.keys[number - 1]
        made = partial_decryption(election, share, to_open, held.random_below)
        factors[number] = check_decryption(election, key, to_open, made)
        writer.owned("PartialDecryption", number, made)
        about = Decrypted(election.group, election.fingerprint, number, key, to_open, factors[number])
        side_files.append(make_side_file(about, share, held.random_below))
    plaintexts = opened(election.group, to_open, combined(election.group, trustees, factors))
    writer.append("Result", result_text(result_of(election, plaintexts, weight)))
    return tuple(side_files)


def _is_right(contest: Contest, questions: Sequence[Question], known: Sequence[Vote], verdict: Verdict) -> bool:
    """Whether everything holds, and what came out reads as what went in."""
    if verdict.exit_code != 0 or verdict.result is None:
        return False
    if isinstance(questions[0], Homomorphic):
        expected = [[sum(column) for column in zip(*answers, strict=True)] for answers in zip(*known, strict=True)]
        return [list(column) for column in verdict.result] == expected
    lines: list[tuple[int, ...]] = [tuple(answer) for (answer,) in known]
    went_in = readings_in(contest, questions, (lines,), (frozenset(),))
    came_out = readings_in(contest, questions, verdict.result, verdict.invalid)
    return Counter(_said(one) for one in went_in) == Counter(_said(one) for one in came_out)


def _said(reading: Reading) -> tuple[str, tuple[int, ...]]:
    return reading.outcome, reading.choices
