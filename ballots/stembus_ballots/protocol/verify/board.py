"""The ballots on the board: each by itself, none twice, and the tally of those that count."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from stembus_ballots.protocol.ballot import BallotRecord, CheckedBallot, check_ballot, elements_in
from stembus_ballots.protocol.canonical import read_canonical
from stembus_ballots.protocol.election import Election
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import Happened, Sized, number_or_text
from stembus_ballots.protocol.group import Group
from stembus_ballots.protocol.membership import known_at_once
from stembus_ballots.protocol.tally import Tally, encrypted_tally, tally_text
from stembus_ballots.protocol.verify.poll import Poll
from stembus_ballots.protocol.verify.verdict import Verdict
from stembus_ballots.protocol.work import Progress, Workers, in_pieces

PIECE = 16

Judged = CheckedBallot | ProtocolError


def check_ballots(
    poll: Poll, events: Sequence[Happened], verdict: Verdict, *, workers: Workers, progress: Progress
) -> list[CheckedBallot]:
    """The ballots on the board that hold; what does not is added to the verdict with its event."""
    read = [_read(event, poll) for event in events]
    pieces = in_pieces(
        partial(_judge, poll.election, _are_elements(poll.election.group, read, workers=workers, progress=progress)),
        [(bytes(event.data[0]), one.listed) for event, one in zip(events, read, strict=True)],
        size=PIECE,
        step="Checking ballots",
        workers=workers,
        progress=progress,
    )
    holding: list[CheckedBallot] = []
    seen: set[str] = set()
    for event, judged in zip(events, _flat(pieces), strict=True):
        if isinstance(judged, ProtocolError):
            verdict.fail(judged, event.height)
        elif judged.tracker in seen:
            verdict.fail(ProtocolError("ballot.replay", "This very ballot is on the board already."), event.height)
        else:
            seen.add(judged.tracker)
            holding.append(judged)
    verdict.trackers = [ballot.tracker for ballot in holding]
    if len(holding) == len(events):
        voters = len({ballot.credential for ballot in holding})
        verdict.checked.append(f"{len(events)} ballots of {voters} credentials: every proof and signature, none twice.")
        if voters < len(holding):
            verdict.notes.append(
                f"{len(holding) - voters} ballots were replaced by a later one of the same credential."
            )
    return holding


def check_tally(poll: Poll, event: Happened, ballots: Sequence[CheckedBallot], verdict: Verdict) -> Tally:
    """The tally of the ballots. Raises ProtocolError(tally.…) unless it is the one in the archive, in every number."""
    tally = encrypted_tally(poll.election, ballots, poll.weights)
    if tally_text(tally, poll.election) != bytes(event.data[0]):
        raise ProtocolError("tally.differs", "The encrypted tally is not that of the ballots on the board.")
    sized = read_canonical(event.data[1], Sized, "event.payload", "The payload of the encrypted tally")
    if (sized.num_tallied, sized.total_weight) != (tally.ballots, number_or_text(tally.weight)):
        raise ProtocolError(
            "tally.size",
            f"The tally is said to hold {sized.num_tallied} ballots of weight {str(sized.total_weight)[:40]}; it holds "
            f"{tally.ballots} of weight {tally.weight}.",
        )
    verdict.checked.append(f"The encrypted tally is that of these ballots: {tally.ballots}, of weight {tally.weight}.")
    return tally


def _judge(election: Election, are_elements: bool, work: Sequence[tuple[bytes, frozenset[str]]]) -> list[Judged]:
    judged: list[Judged] = []
    for text, listed in work:
        try:
            judged.append(check_ballot(election, listed, text, are_elements=are_elements))
        except ProtocolError as error:
            judged.append(error)
    return judged


class _Read(NamedTuple):
    """What is read of a ballot before it is judged.

    Its credential where it is on the list: another process need not be sent the whole list. And the texts of what
    has to be an element in it; None where they cannot be read.
    """

    listed: frozenset[str] = frozenset()
    elements: list[str] | None = None


def _read(event: Happened, poll: Poll) -> _Read:
    try:
        ballot = read_canonical(event.data[0], BallotRecord, "ballot.form", "The ballot")
    except ProtocolError:
        return _Read()
    listed = frozenset({ballot.credential} & poll.weights.keys())
    try:
        return _Read(listed, elements_in(poll.election, ballot))
    except ProtocolError:
        return _Read(listed)


def _are_elements(group: Group, read: Sequence[_Read], *, workers: Workers, progress: Progress) -> bool:
    """Whether the ciphertexts of all ballots are known to be of elements; otherwise each ballot is asked by itself."""
    texts: list[str] = []
    for one in read:
        if one.elements is None:
            return False
        texts += one.elements
    return known_at_once(group, texts, "Checking ballots: their elements", workers=workers, progress=progress)


def _flat(pieces: Iterator[list[Judged]]) -> Iterator[Judged]:
    for piece in pieces:
        yield from piece
