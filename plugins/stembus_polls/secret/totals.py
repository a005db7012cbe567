"""Whether everything about a secret poll that can be counted comes to one number, before its result is used. Pure."""

from msgspec import Struct

from stembus_procedures.sentence import Sentence


class Totals(Struct, frozen=True, kw_only=True):
    """What was counted in different places, each on its own.

    `result` are the votes in the result, `tallied` the ballots that the encrypted tally says it holds, `ballots` and
    `credentials` the ballots on the board and the different credentials on them. `electronic` are the voters struck off
    for an electronic vote, `papers` the ballots that were put in from paper, and `struck_for_paper` the voters struck
    off for one.
    """

    result: int
    tallied: int
    ballots: int
    credentials: int
    electronic: int
    papers: int
    struck_for_paper: int


def why_not_one_number(totals: Totals) -> Sentence | None:
    """Return what does not add up, or None.

    A member can have been handed a paper that was never in the box; the accounting of papers says so. More papers than
    members struck off for one there cannot be.
    """
    if totals.ballots != totals.credentials:
        return Sentence(
            "{ballots} ballots are on the board, under {credentials} credentials: somebody voted twice.",
            ballots=totals.ballots,
            credentials=totals.credentials,
        )
    if totals.tallied != totals.ballots:
        return Sentence(
            "{tallied} ballots were tallied, and {ballots} are on the board.",
            tallied=totals.tallied,
            ballots=totals.ballots,
        )
    if totals.result != totals.tallied:
        return Sentence(
            "the result has {result} votes, and {tallied} ballots were tallied.",
            result=totals.result,
            tallied=totals.tallied,
        )
    if totals.papers > totals.struck_for_paper:
        return Sentence(
            "{papers} ballots came from paper, and {struck} voters were struck off for one.",
            papers=totals.papers,
            struck=totals.struck_for_paper,
        )
    if totals.electronic + totals.papers != totals.ballots:
        return Sentence(
            "{ballots} ballots are on the board; {electronic} voters are struck off for an electronic vote and "
            "{papers} ballots came from paper.",
            ballots=totals.ballots,
            electronic=totals.electronic,
            papers=totals.papers,
        )
    return None
