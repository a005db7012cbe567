"""What a table of corruptions is written with: a poll that holds, one change to it, and what is to be found."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import msgspec
import pytest
from secret_polls import Records, SecretPoll, homomorphic_poll, ranked_poll, rebuilt, records_of

from stembus_ballots.protocol.ballot import BallotRecord, UnsignedBallot, sign_ballot
from stembus_ballots.protocol.verify import Verdict, verify_archive

counted_homomorphic = cache(homomorphic_poll)
counted_ranked = cache(ranked_poll)

Path = tuple[str | int, ...]
Change = Callable[[Any], Any]
Corrupt = Callable[[SecretPoll], bytes]


class Corruption(NamedTuple):
    """A corrupt archive and what the verifier must find: the rule, and the event that is at fault."""

    name: str
    corrupt: Corrupt
    rule: str
    event: int | None


def parameters(corruptions: list[Corruption]) -> list[Any]:
    """The corruptions as parameters of a test, each with its name."""
    return [pytest.param(corruption, id=corruption.name) for corruption in corruptions]


def is_refused(archive: bytes, rule: str, event: int | None, side_files: tuple[bytes, ...] = ()) -> Verdict:
    """Check that the verifier refuses an archive for exactly this reason at this event, and never tells otherwise."""
    verdict = verify_archive(archive, side_files=side_files)
    assert (rule, event) in [(finding.rule, finding.event) for finding in verdict.failures], verdict.failures
    assert verdict.exit_code == 1
    assert verdict.result is None
    return verdict


def at(height: int, place: int, change: Callable[[bytes], bytes]) -> Callable[[Records], Records]:
    """Change the record `place` of the event at `height`."""

    def changed(records: Records) -> Records:
        kind, data = records[height]
        data = [*data]
        data[place] = change(data[place])
        return [*records[:height], (kind, data), *records[height + 1 :]]

    return changed


def records(change: Callable[[Records], Records]) -> Corrupt:
    """A change of the events, after which every hash and link is made anew."""
    return lambda poll: rebuilt(change(records_of(poll.archive)))


def edited(path: Path, change: Change) -> Callable[[bytes], bytes]:
    """A change of the value at a path in a JSON record, written compactly again."""

    def edit(text: bytes) -> bytes:
        record = json.loads(text)
        holder = record
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = change(holder[path[-1]])
        return compact(record)

    return edit


def compact(record: object) -> bytes:
    """A record as the format writes it."""
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode()


def to(value: object) -> Change:
    """Put another value there."""
    return lambda _old: value


def plus(number: int) -> Change:
    """Add to a number that is written as text."""
    return lambda text: str(int(text) + number)


def swapped(first: int, second: int) -> Change:
    """Swap two entries of a list."""

    def swap(entries: list[Any]) -> list[Any]:
        entries[first], entries[second] = entries[second], entries[first]
        return entries

    return swap


def signed_again(poll: SecretPoll, voter: int, ballot: bytes) -> bytes:
    """A ballot that was changed, with a signature of this voter that holds."""
    changed = msgspec.json.decode(ballot, type=BallotRecord)
    credential = poll.election.group.text(poll.keys[voter])
    unsigned = UnsignedBallot(changed.election_uuid, changed.election_hash, credential, changed.answers)
    return sign_ballot(poll.election, poll.voters[voter], unsigned, poll.dice)
