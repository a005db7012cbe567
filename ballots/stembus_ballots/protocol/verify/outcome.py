"""The published result, held against what the decryptions that count open."""

from stembus_ballots.protocol.combination import combined
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.rankings import is_canonical
from stembus_ballots.protocol.result import Opened, Result, check_result, opened, read_result, uncoded
from stembus_ballots.protocol.tally import Ciphertexts, Tally
from stembus_ballots.protocol.verify.decryptions import Counted
from stembus_ballots.protocol.verify.poll import Poll
from stembus_ballots.protocol.verify.verdict import Verdict
from stembus_ballots.protocol.work import Progress, Workers


def open_mixed(poll: Poll, mixed: Ciphertexts, counted: Counted, *, workers: Workers, progress: Progress) -> Opened:
    """The plaintexts that the decryptions open. Raises ProtocolError(decryption.missing) where they are too few."""
    factors = combined(poll.election.group, poll.trustees, counted.factors, workers=workers, progress=progress)
    return opened(poll.election.group, mixed, factors)


def check_outcome(
    poll: Poll, tally: Tally, plaintexts: Opened, *, all_proven: bool, text: memoryview, verdict: Verdict
) -> None:
    """Hold the published result against the plaintexts. Raises ProtocolError(result.…) where it does not hold.

    `all_proven` says whether side files prove that no factor is wrong.
    """
    result = check_result(poll.election, plaintexts, read_result(text), tally.weight)
    foreign = uncoded(poll.election, plaintexts)
    if any(foreign) and not all_proven:
        raise ProtocolError(
            "result.foreign",
            f"{sum(map(len, foreign))} ballots open to something that no program encodes. Without the side file of "
            "each trustee nobody can tell whether their voters made them so or a trustee opened them wrongly.",
        )
    verdict.result = result
    verdict.checked.append("The result is what these decryptions open, number by number.")
    if poll.election.is_mixed and not all_proven:
        verdict.notes.append(
            "There is no side file of each trustee. That no ballot was opened wrongly was judged by encoding each one "
            "again, which a wrong factor survives only by a chance that nobody has."
        )
    verdict.invalid = _invalid(poll, result, foreign)
    if invalid := sum(map(len, verdict.invalid)):
        verdict.notes.append(f"{invalid} ballots hold no ranking that the question allows, and are invalid votes.")


def _invalid(poll: Poll, result: Result, foreign: tuple[frozenset[int], ...]) -> tuple[frozenset[int], ...]:
    """For each question the places of answers that are none that it allows."""
    return tuple(
        places | {at for at, line in enumerate(column) if isinstance(line, tuple) and not is_canonical(line, meaning)}
        for column, meaning, places in zip(result, poll.meanings, foreign, strict=True)
    )
