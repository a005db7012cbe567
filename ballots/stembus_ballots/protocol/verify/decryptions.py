"""The partial decryptions: whose they are, every proof, and which of them count."""

from collections.abc import Container, Sequence
from typing import NamedTuple

from stembus_ballots.protocol.canonical import read_canonical
from stembus_ballots.protocol.combination import missing_trustees
from stembus_ballots.protocol.decryption import Factors, Given
from stembus_ballots.protocol.decryption import check_decryptions as check_all
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import Happened, Owned
from stembus_ballots.protocol.side_file import Decrypted, check_side_file, read_side_file
from stembus_ballots.protocol.tally import Ciphertexts
from stembus_ballots.protocol.verify.poll import Poll
from stembus_ballots.protocol.verify.verdict import Verdict
from stembus_ballots.protocol.work import Progress, Workers


class Counted(NamedTuple):
    """The decryptions that count, by trustee.

    `all_proven` where a side file proves each of them; `lacks_side_files` where with more of those enough would count.
    """

    factors: dict[int, Factors]
    all_proven: bool
    lacks_side_files: bool


def check_decryptions(
    poll: Poll,
    mixed: Ciphertexts,
    events: Sequence[Happened],
    verdict: Verdict,
    *,
    workers: Workers,
    progress: Progress,
) -> dict[int, Factors]:
    """The factors of each trustee whose decryption holds; any other is added to the verdict with its event."""
    owners: dict[int, Happened] = {}
    for event in events:
        try:
            owners[_owner(event, poll, owners)] = event
        except ProtocolError as error:
            verdict.fail(error, event.height)
    given = [Given(poll.trustees.keys[owner - 1], event.data[0]) for owner, event in owners.items()]
    found = check_all(poll.election, mixed, given, workers=workers, progress=progress)
    factors: dict[int, Factors] = {}
    for (owner, event), one in zip(owners.items(), found, strict=True):
        if isinstance(one, ProtocolError):
            verdict.fail(one, event.height)
        else:
            factors[owner] = one
    if factors and len(factors) == len(events):
        names = ", ".join(map(str, factors))
        verdict.checked.append(f"{len(factors)} decryptions, by trustee {names}: every factor and its proof.")
    return factors


def check_side_files(
    poll: Poll,
    mixed: Ciphertexts,
    factors: dict[int, Factors],
    side_files: Sequence[bytes],
    verdict: Verdict,
    *,
    workers: Workers,
    progress: Progress,
) -> Counted:
    """Which decryptions count: where the poll asks for side files, those that have one.

    A side file that does not hold, or is of no decryption in the archive, is added to the verdict.
    """
    election, proven = poll.election, set[int]()
    for number, text in enumerate(side_files, 1):
        try:
            file = read_side_file(text)
            if file.owner not in factors:
                raise ProtocolError("side_file.owner", f"Trustee {file.owner} has no decryption in the archive.")
            key = poll.trustees.keys[file.owner - 1]
            decrypted = Decrypted(election.group, election.fingerprint, file.owner, key, mixed, factors[file.owner])
            check_side_file(decrypted, file, workers=workers, progress=progress)
            proven.add(file.owner)
        except ProtocolError as error:
            verdict.fail(ProtocolError(error.rule, f"Side file {number}: {error}"))
    if proven:
        names = ", ".join(map(str, sorted(proven)))
        verdict.checked.append(f"{len(proven)} side files, of trustee {names}: all factors at once are right.")
    counting = {owner: mine for owner, mine in factors.items() if owner in proven or not poll.needs_side_files}
    for owner in factors.keys() - counting.keys():
        verdict.notes.append(
            f"Trustee {owner} counts as absent: the poll asks for a side file, and there is none here."
        )
    lacks = bool(missing_trustees(poll.trustees, counting)) and not missing_trustees(poll.trustees, factors)
    return Counted(counting, bool(counting) and counting.keys() <= proven, lacks)


def _owner(event: Happened, poll: Poll, before: Container[int]) -> int:
    """Whose a decryption is. Raises ProtocolError(decryption.…) where there is no such trustee, or for a second one."""
    owner = read_canonical(event.data[1], Owned, "event.payload", "The payload of a decryption").owner
    if not 1 <= owner <= len(poll.trustees.keys):
        raise ProtocolError("decryption.owner", f"It is said to be of trustee {owner}, who does not exist.")
    if owner in before:
        raise ProtocolError("decryption.twice", f"Trustee {owner} decrypted before: each does so once.")
    return owner
