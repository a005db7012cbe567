"""The board as a trustee's program judges it before it mixes or decrypts anything: nothing is believed.

Everything up to what comes next is verified by the parts of the verifier: the poll and its keys, each ballot, the
tally, each mix, and the list of credentials, which has to be closed. Beside that: it is the board of the poll whose key
this is, board and list continue what was seen before, and there are enough ballots.
"""

from collections.abc import Sequence
from typing import NamedTuple

from stembus_ballots.protocol.archive import hash_of
from stembus_ballots.protocol.ballot import CheckedBallot
from stembus_ballots.protocol.canonical import read_canonical
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import EventType, Happened, Owned, Phase, next_phase, read_events
from stembus_ballots.protocol.tally import Ciphertexts
from stembus_ballots.protocol.verify.board import check_ballots, check_tally
from stembus_ballots.protocol.verify.credentials import check_credential_list
from stembus_ballots.protocol.verify.mixes import check_mixes
from stembus_ballots.protocol.verify.poll import Poll
from stembus_ballots.protocol.verify.setup import check_setup
from stembus_ballots.protocol.verify.verdict import Verdict
from stembus_ballots.protocol.work import ONE_BY_ONE, Progress, Workers, silent
from stembus_polls.trustee.kept import Head, Kept

FEWEST = 2
"""Whatever anybody says, a ballot is never opened alone."""


class CheckedBoard(NamedTuple):
    """A board that holds. `to_open` is what comes next, mixed or decrypted; empty before the tally.

    `ended` is the event that ended the voting, `head` its latest, `opens` the one whose ciphertexts are opened (the
    tally, or the last mix); each is empty before there is one. `seen` is all of it, `listed` the list of credentials,
    and `mixers` and `decrypters` are who did something on it.
    """

    poll: Poll
    phase: Phase
    ended: str
    head: str
    opens: str
    to_open: Ciphertexts
    mixers: tuple[int, ...]
    decrypters: tuple[int, ...]
    seen: Head
    listed: Head


def checked_board(
    kept: Kept, archive: bytes, listed: bytes, *, workers: Workers = ONE_BY_ONE, progress: Progress = silent
) -> CheckedBoard:
    """The board with its list of credentials, once all that a decryption rests on was verified.

    Raises ProtocolError naming what does not hold: by the rules of the verifier, or (board.…) by those of this program.
    """
    check_continues(kept, archive, listed)
    events, phase = _events(archive)
    verdict = Verdict()
    poll = check_setup(events[0], verdict, workers=workers, progress=progress)
    _check_ours(kept, events[0], poll)
    tallied, mixes = _of(events, "EncryptedTally"), _of(events, "Shuffle")
    to_open: Ciphertexts = ()
    if tallied:
        ballots = check_ballots(poll, _of(events, "Ballot"), verdict, workers=workers, progress=progress)
        _stop(verdict)
        _check_listed(poll, listed, events, ballots, verdict)
        tally = check_tally(poll, tallied[0], ballots, verdict)
        _check_enough(kept, tally.ballots)
        to_open = check_mixes(poll, tally, events, verdict, workers=workers, progress=progress)
        _stop(verdict)
    return CheckedBoard(
        poll=poll,
        phase=phase,
        ended=next((event.hash for event in events if event.type == "EndBallots"), ""),
        head=events[-1].hash,
        opens=[*tallied, *mixes][-1].hash if tallied else "",
        to_open=to_open,
        mixers=tuple(map(_owner, mixes)),
        decrypters=tuple(map(_owner, _of(events, "PartialDecryption"))),
        seen=Head.of(archive),
        listed=Head.of(listed),
    )


def check_continues(kept: Kept, archive: bytes, listed: bytes) -> None:
    """Raises ProtocolError(board.changed, list.changed) unless board and list begin with those seen before."""
    if not kept.board.begins(archive):
        raise ProtocolError("board.changed", "The board is not the one that this program saw before, with more added.")
    if not kept.listed.begins(listed):
        raise ProtocolError(
            "list.changed", "The list of credentials is not the one that this program saw before, with more added."
        )


def check_may_open(kept: Kept, board: CheckedBoard) -> None:
    """Raises ProtocolError(board.second) where this key decrypted something else before: there is no second time."""
    if kept.opened and kept.opened != board.opens:
        raise ProtocolError(
            "board.second", "This key decrypted another tally of this poll before. It does so only once."
        )


def _events(archive: bytes) -> tuple[list[Happened], Phase]:
    phase: Phase = "empty"
    events: list[Happened] = []
    for event in read_events(archive):
        phase = next_phase(phase, event.type, event.height)
        events.append(event)
    if not events:
        raise ProtocolError("board.empty", "The poll was not set up yet: its board is empty.")
    return events, phase


def _check_ours(kept: Kept, setup: Happened, poll: Poll) -> None:
    if poll.election.uuid != kept.uuid:
        raise ProtocolError("board.other", "The board is of another poll.")
    if hash_of(setup.data[1]) != kept.trustees:
        raise ProtocolError("board.trustees", "The board has another key than the one that the trustees made.")
    if kept.election not in ("", poll.election.fingerprint):
        raise ProtocolError(
            "board.election", "The board has another election than the one that this program saw before."
        )


def _check_listed(
    poll: Poll, listed: bytes, events: Sequence[Happened], ballots: Sequence[CheckedBallot], verdict: Verdict
) -> None:
    """Raises ProtocolError(list.…) unless each ballot is of a credential that counts, by a list that is closed."""
    if poll.election.credential_list is None:
        raise ProtocolError("list.none", "The record of the election names no list of credentials.")
    check_credential_list(poll, listed, events, ballots, verdict)
    _stop(verdict)
    for skipped in verdict.skipped:
        raise ProtocolError("list.open", f"It cannot be known {skipped}")


def _check_enough(kept: Kept, ballots: int) -> None:
    least = max(FEWEST, kept.terms.least_ballots if kept.terms else FEWEST)
    if ballots < least:
        raise ProtocolError("board.few", f"The number of ballots is {ballots}; fewer than {least} are never opened.")


def _stop(verdict: Verdict) -> None:
    for failure in verdict.failures:
        raise ProtocolError(
            failure.rule, failure.what if failure.event is None else f"Event {failure.event}: {failure.what}"
        )


def _of(events: Sequence[Happened], kind: EventType) -> list[Happened]:
    return [event for event in events if event.type == kind]


def _owner(event: Happened) -> int:
    return read_canonical(event.data[-1], Owned, "event.payload", "The payload").owner
