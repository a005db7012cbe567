"""What a poll starts from: the election, its trustees and its credentials, and that they belong together."""

from stembus_ballots.protocol.credentials import read_public_credentials
from stembus_ballots.protocol.election import Ranked, read_election
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import Happened
from stembus_ballots.protocol.rankings import meaning_of
from stembus_ballots.protocol.trustees import read_trustees
from stembus_ballots.protocol.verify.poll import Poll
from stembus_ballots.protocol.verify.verdict import Verdict
from stembus_ballots.protocol.work import ONE_BY_ONE, Progress, Workers, silent


def check_setup(
    event: Happened, verdict: Verdict, *, workers: Workers = ONE_BY_ONE, progress: Progress = silent
) -> Poll:
    """The records that Setup brings. Raises ProtocolError for the first thing that does not hold."""
    election = read_election(event.data[0])
    trustees = read_trustees(event.data[1], election.group)
    if trustees.public_key != election.public_key:
        raise ProtocolError("setup.key", "The public key of the election is not the product of the trustees' keys.")
    weights = read_public_credentials(
        event.data[2], election.group, weighted=not election.is_mixed, workers=workers, progress=progress
    )
    meanings = tuple(meaning_of(q) if isinstance(q, Ranked) else None for q in election.questions)
    poll = Poll(election, trustees, weights, meanings)
    verdict.poll = poll
    verdict.checked.append(
        f"The election {election.uuid} ({len(election.questions)} questions, {election.group.name}), its "
        f"{len(trustees.keys)} trustees, of whom {poll.threshold} decrypt, and its {len(weights)} credentials: every "
        "key, proof and signature."
    )
    if trustees.without_context:
        verdict.notes.append(
            "The trustees' key has the older form without context and joint signatures; belenios-tool 3 refuses it."
        )
    if any(weight != 1 for weight in weights.values()):
        verdict.notes.append(f"Ballots have weights; all credentials together weigh {sum(weights.values())}.")
    return poll
