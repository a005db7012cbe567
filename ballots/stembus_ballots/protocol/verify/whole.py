"""A whole archive, stage by stage: bytes, order, poll, ballots, tally, mixes, decryptions, result.

A stage in which something fails ends the verification, and the verdict names what was therefore not checked. Source:
voting protocol, section 12.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from stembus_ballots.protocol.archive import NotAnArchive, read_header
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import EventType, Happened, Phase, next_phase, read_events
from stembus_ballots.protocol.verify.board import check_ballots, check_tally
from stembus_ballots.protocol.verify.credentials import check_credential_list
from stembus_ballots.protocol.verify.decryptions import check_decryptions, check_side_files
from stembus_ballots.protocol.verify.mixes import check_mixes
from stembus_ballots.protocol.verify.outcome import check_outcome, open_mixed
from stembus_ballots.protocol.verify.setup import check_setup
from stembus_ballots.protocol.verify.verdict import Verdict
from stembus_ballots.protocol.work import ONE_BY_ONE, Progress, Workers, silent

STAGES = ("the poll", "the ballots", "the tally", "the mixes", "the decryptions", "the result")

# In which stage the last event of an archive falls: what comes after it has not happened yet.
REACHED: dict[Phase, int] = {
    "empty": 0,
    "open": 2,
    "closed": 2,
    "tallied": 3,
    "shuffling": 4,
    "shuffled": 4,
    "decrypting": 5,
    "complete": 6,
}


class _Beside(NamedTuple):
    """What the format of the archive has no room for, and comes in files of its own."""

    side_files: Sequence[bytes]
    credential_list: bytes | None


class _Stop(Exception):  # noqa: N818 - ends the stages, and is never seen outside
    """Something in a stage failed; the verdict says what."""


def verify_archive(
    archive: bytes | memoryview,
    *,
    previous: bytes | memoryview | None = None,
    side_files: Sequence[bytes] = (),
    credential_list: bytes | None = None,
    workers: Workers = ONE_BY_ONE,
    progress: Progress = silent,
) -> Verdict:
    """The verdict on an archive, the same for the same bytes each time.

    `previous` is an older copy, of which the archive must be a continuation. `side_files` are those of the trustees,
    `credential_list` is the list of credentials of the poll.
    Raises NotAnArchive where the bytes, or those of the older copy, are not an archive at all.
    """
    verdict = Verdict()
    if previous is not None:
        _check_previous(archive, previous, verdict)
    try:
        events = _check_order(archive, verdict)
        _check_stages(events, verdict, _Beside(side_files, credential_list), workers, progress)
    except _Stop:
        pass
    return verdict


def _check_previous(archive: bytes | memoryview, previous: bytes | memoryview, verdict: Verdict) -> None:
    """The older copy is an archive, and where this one begins, to the byte."""
    try:
        read_header(previous)
    except NotAnArchive as error:
        raise NotAnArchive(f"The older copy: {error}") from error
    if bytes(archive[: len(previous)]) == bytes(previous):
        verdict.checked.append("The archive continues the older copy: nothing in it was removed or changed.")
        return
    same = next((at for at, (a, b) in enumerate(zip(archive, previous, strict=False)) if a != b), len(archive))
    verdict.fail(ProtocolError("previous.differs", f"The archive does not continue the older copy: see byte {same}."))


def _check_order(archive: bytes | memoryview, verdict: Verdict) -> list[Happened]:
    """All events, with every byte, link and the order checked."""
    events: list[Happened] = []
    try:
        for event in read_events(archive):
            verdict.phase = next_phase(verdict.phase, event.type, event.height)
            events.append(event)
        if not events:
            raise ProtocolError("event.order", "The archive has no event: the poll was never set up.")
    except NotAnArchive:
        raise
    except ProtocolError as error:
        verdict.fail(error, len(events))
        verdict.skipped.append(f"{', '.join(STAGES)}: the archive is not whole.")
        raise _Stop from error
    verdict.checked.append(
        f"{len(archive)} bytes, {len(events)} events: every hash, link and payload, and their order."
    )
    return events


def _check_stages(
    events: Sequence[Happened],
    verdict: Verdict,
    beside: _Beside,
    workers: Workers,
    progress: Progress,
) -> None:
    """Each stage that the poll has reached. Raises _Stop after one in which something fails."""
    (setup,) = _of(events, "Setup")
    with _stage("the poll", verdict, setup):
        poll = check_setup(setup, verdict, workers=workers, progress=progress)
    with _stage("the ballots", verdict):
        ballots = check_ballots(poll, _of(events, "Ballot"), verdict, workers=workers, progress=progress)
    with _stage("the ballots", verdict):
        check_credential_list(poll, beside.credential_list, events, ballots, verdict)
    if not (tallied := _of(events, "EncryptedTally")):
        if beside.side_files:
            verdict.skipped.append("the side files: nothing was decrypted yet.")
        return
    with _stage("the tally", verdict, tallied[0]):
        verdict.tally = tally = check_tally(poll, tallied[0], ballots, verdict)
    with _stage("the mixes", verdict):
        mixed = check_mixes(poll, tally, events, verdict, workers=workers, progress=progress)
    verdict.mixed = mixed
    with _stage("the decryptions", verdict):
        decrypted = _of(events, "PartialDecryption")
        factors = check_decryptions(poll, mixed, decrypted, verdict, workers=workers, progress=progress)
        counted = check_side_files(poll, mixed, factors, beside.side_files, verdict, workers=workers, progress=progress)
    verdict.factors = counted.factors
    if not (results := _of(events, "Result")):
        return
    if counted.lacks_side_files:
        verdict.skipped.append("the result: give the side files of enough trustees, with --side-file for each.")
        return
    with _stage("the result", verdict, results[0]):
        plaintexts = open_mixed(poll, mixed, counted, workers=workers, progress=progress)
        text = results[0].data[0]
        check_outcome(poll, tally, plaintexts, all_proven=counted.all_proven, text=text, verdict=verdict)


@contextmanager
def _stage(name: str, verdict: Verdict, event: Happened | None = None) -> Iterator[None]:
    """Note what fails in a stage; after one that fails, say which later ones were therefore not checked, and stop."""
    before = len(verdict.failures)
    try:
        yield
    except ProtocolError as error:
        if error.rule == "election.group":  # an archive of others may well hold: it is only not for this program
            verdict.skipped.append(f"everything after event 0: {error}")
            raise _Stop from error
        verdict.fail(error, None if event is None else event.height)
    if len(verdict.failures) > before:
        if later := STAGES[STAGES.index(name) + 1 : REACHED[verdict.phase]]:
            verdict.skipped.append(f"{', '.join(later)}: they rest on what fails.")
        raise _Stop


def _of(events: Sequence[Happened], kind: EventType) -> list[Happened]:
    return [event for event in events if event.type == kind]
