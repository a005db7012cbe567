"""The mixes of ranked ballots: each proof, who made them, and that enough trustees did before anything was opened."""

from collections.abc import Sequence

from stembus_ballots.protocol.canonical import read_canonical
from stembus_ballots.protocol.election import Ranked
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import Happened, Owned
from stembus_ballots.protocol.shuffle import ShuffleRecord, check_shuffle
from stembus_ballots.protocol.tally import Ciphertexts, Tally
from stembus_ballots.protocol.verify.poll import Poll
from stembus_ballots.protocol.verify.verdict import Verdict
from stembus_ballots.protocol.work import Progress, Workers


def check_mixes(
    poll: Poll, tally: Tally, events: Sequence[Happened], verdict: Verdict, *, workers: Workers, progress: Progress
) -> Ciphertexts:
    """What is to be decrypted: the tally, with the ranked questions as the last mix left them."""
    mixes = [event for event in events if event.type == "Shuffle"]
    if not _may_mix(poll, mixes, events, verdict):
        return tally.ciphertexts
    ranked = [at for at, question in enumerate(poll.election.questions) if isinstance(question, Ranked)]
    columns = tuple(tally.ciphertexts[at] for at in ranked)
    owners: list[int] = []
    for event in mixes:
        try:
            owners.append(_mixer(event, poll, owners))
            record = read_canonical(event.data[0], ShuffleRecord, "shuffle.form", "The shuffle")
            columns = check_shuffle(poll.election.bound, columns, record, workers=workers, progress=progress)
        except ProtocolError as error:
            verdict.fail(error, event.height)  # the next mix starts from this one: nothing after it can be judged
            return tally.ciphertexts
    _enough(poll, owners, events, verdict)
    mixed = dict(zip(ranked, columns, strict=True))
    return tuple(mixed.get(at, column) for at, column in enumerate(tally.ciphertexts))


def _may_mix(poll: Poll, mixes: Sequence[Happened], events: Sequence[Happened], verdict: Verdict) -> bool:
    """Whether there are mixes to check; a poll with ranked questions that was opened without any is at fault."""
    opening = next((event for event in events if event.type == "PartialDecryption"), None)
    if poll.election.is_mixed and not mixes and opening is not None:
        what = "Ranked ballots were decrypted without a mix: anyone can see which ballot is whose."
        verdict.fail(ProtocolError("shuffle.missing", what), opening.height)
    if mixes and not poll.election.is_mixed:
        what = "The poll has no ranked question, so there is nothing to mix."
        verdict.fail(ProtocolError("shuffle.unexpected", what), mixes[0].height)
        return False
    return bool(mixes)


def _mixer(event: Happened, poll: Poll, before: Sequence[int]) -> int:
    """Which trustee made a mix. Raises ProtocolError(shuffle.…) where there is no such one, or they mixed before."""
    owner = read_canonical(event.data[1], Owned, "event.payload", "The payload of a mix").owner
    if not 1 <= owner <= len(poll.trustees.keys):
        raise ProtocolError("shuffle.owner", f"The mix is said to be of trustee {owner}, who does not exist.")
    if owner in before:
        raise ProtocolError("shuffle.twice", f"Trustee {owner} mixed before: only one mix of each trustee counts.")
    return owner


def _enough(poll: Poll, owners: Sequence[int], events: Sequence[Happened], verdict: Verdict) -> None:
    """As many trustees mixed as it takes to decrypt: fewer could undo the mix together and open single ballots."""
    names = ", ".join(map(str, owners))
    ends = [event for event in events if event.type == "EndShuffles"]
    if ends and len(owners) < poll.threshold:
        what = f"Only trustee {names} mixed; it takes {poll.threshold} of them, as many as it takes to decrypt."
        verdict.fail(ProtocolError("shuffle.trustees", what), ends[0].height)
    else:
        verdict.checked.append(f"{len(owners)} mixes, by trustee {names}: every proof and every ciphertext.")
