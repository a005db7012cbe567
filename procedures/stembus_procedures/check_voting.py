"""Whether the parts of a vote fit each other: method, paper, rules, channels, typing, lots."""

from collections.abc import Iterator

from .findings import Finding, error, warning
from .language.oversight import Lot
from .language.policy import Policy
from .language.stages import Appointment, EnoughCandidates, Result, Roll, Tally, Vote
from .language.voting import Ballot, DecisionRule, Proxies
from .language.walk import walk
from .order import waits_for
from .sentence import Sentence

_ELECTION = {"council_election", "board_election"}


def check_voting(policy: Policy) -> Iterator[Finding]:
    """Everything in which the parts of a vote contradict each other."""
    if not policy.adoption.legal_basis:
        yield error(
            "adoption", "adoption.legal_basis", Sentence("is empty: say which article gives the power to adopt this.")
        )
    for vote in policy.stages_of(Vote):
        yield from _vote(policy, vote)
    for tally in policy.stages_of(Tally):
        yield from _tally(policy, tally)
    for result in policy.stages_of(Result):
        yield from _result(policy, result)
    for enough in policy.stages_of(EnoughCandidates):
        yield from _vote_on_whole(policy, enough)
    for appointment in policy.stages_of(Appointment):
        path = f"stages.{appointment.id}"
        yield from _same_rule(f"{path}.ballot", appointment.ballot, appointment.rule)
    for roll in policy.stages_of(Roll):
        late = roll.late_additions
        if late.allowed and (late.decided_by is None or late.until is None):
            yield error(
                "roll",
                f"stages.{roll.id}.late_additions",
                Sentence("allows additions; say who decides and until when."),
            )
        if late.allowed and late.signatures < 2:
            yield error("roll", f"stages.{roll.id}.late_additions.signatures", Sentence("is less than two people."))
    yield from _ballots_lots_and_proxies(policy)


def _vote(policy: Policy, vote: Vote) -> Iterator[Finding]:
    path = f"stages.{vote.id}"
    if not vote.channels:
        yield error("channels", f"{path}.channels", Sentence("is empty: nobody could vote."))
    if "paper_in_meeting" in vote.channels and not vote.counts_in:
        yield error(
            "channels", f"{path}.counts_in", Sentence("is missing: papers are handed in at a meeting; name it.")
        )
    if vote.counts_in is None and policy.kind in _ELECTION:
        text = Sentence("is missing: an election by the assembly needs its meeting; without one it is a poll.")
        yield warning("channels", f"{path}.counts_in", text)
    if vote.ballot.method in {"yes_no", "whole_nomination"} and vote.rule is None:
        yield error("method", f"{path}.rule", Sentence("is missing: say when the proposal is adopted."))
    if vote.rule is not None:
        yield from _same_rule(f"{path}.ballot", vote.ballot, vote.rule)
    if not any(tally.vote == vote.id for tally in policy.stages_of(Tally)) and vote.ballot.method != "show_of_hands":
        yield error("method", path, Sentence("is a vote that no stage counts; add a count."))
    if vote.secrecy.vote == "secret" and {"show_of_hands"} & set(vote.channels):
        yield error("secrecy", f"{path}.secrecy.vote", Sentence("is secret, and a show of hands is not."))


def _vote_on_whole(policy: Policy, enough: EnoughCandidates) -> Iterator[Finding]:
    for key in ("as_many_as_seats", "fewer_than_seats"):
        if getattr(enough, key) != "vote_on_whole":
            continue
        for vote in policy.stages_of(Vote):
            if vote.rule is None:
                text = Sentence(
                    "is missing: `stages.{stage}.{key}` is vote_on_whole; say when the whole is adopted.",
                    stage=enough.id,
                    key=key,
                )
                yield error("method", f"stages.{vote.id}.rule", text)


def _tally(policy: Policy, tally: Tally) -> Iterator[Finding]:
    path = f"stages.{tally.id}"
    votes = {vote.id: vote for vote in policy.stages_of(Vote)}
    vote = votes.get(tally.vote)
    if vote is None:
        yield error("method", f"{path}.vote", Sentence("names `{vote}`, which is not a vote.", vote=tally.vote))
        return
    transferable = vote.ballot.method in {"stv", "meek"}
    if transferable and tally.transfer is None:
        yield error(
            "method", f"{path}.transfer", Sentence("is missing: a transferable vote needs its quota and transfer.")
        )
    if tally.transfer is not None and (tally.transfer.transfer == "meek") != (vote.ballot.method == "meek"):
        text = Sentence(
            "is {transfer}, and the paper says {method}.", transfer=tally.transfer.transfer, method=vote.ballot.method
        )
        yield error("method", f"{path}.transfer.transfer", text)
    if {"paper_in_meeting", "post"} & set(vote.channels):
        if tally.typing is None:
            yield error("typing", f"{path}.typing", Sentence("is missing: say how many people type over each paper."))
        elif tally.typing.independent < 2:
            text = Sentence("is one person: a mistake in typing would be seen by nobody; write 2.")
            yield error("typing", f"{path}.typing.independent", text)
        if tally.recount is None:
            yield warning("typing", f"{path}.recount", Sentence("is missing: nobody can ask to count papers again."))
    if policy.bureau is None and vote.ballot.method != "show_of_hands":
        yield error(
            "bureau", "bureau", Sentence("is missing: somebody must run the vote, and not who has an interest.")
        )


def _result(policy: Policy, result: Result) -> Iterator[Finding]:
    """Votes that count in a meeting are valid only with it, so their outcome waits for its record."""
    before = waits_for(policy, result.id)
    votes = policy.stages_of(Vote)
    for vote in [vote for vote in votes if vote.id in before] or votes:
        if vote.counts_in and vote.counts_in not in before:
            text = Sentence(
                "does not wait for `{counts_in}`, the meeting in which `{vote}` counts; add it.",
                counts_in=vote.counts_in,
                vote=vote.id,
            )
            yield error("meeting", f"stages.{result.id}.needs", text)


def _same_rule(path: str, ballot: Ballot, rule: DecisionRule) -> Iterator[Finding]:
    for key in ("blank", "invalid"):
        one, other = getattr(ballot, key), getattr(rule, key)
        if one != other:
            yield error(
                "e",
                f"{path}.{key}",
                Sentence(
                    "counts {one} on the paper and {other} in the rule; make them the same.", one=one, other=other
                ),
            )


def _ballots_lots_and_proxies(policy: Policy) -> Iterator[Finding]:
    for place in walk(policy):
        match place.value:
            case Ballot() as ballot:
                if ballot.maximum_choices is not None and ballot.minimum_choices > ballot.maximum_choices:
                    yield error("method", f"{place.path}.minimum_choices", Sentence("is more than the maximum."))
                if ballot.complete_ranking and ballot.maximum_choices is not None:
                    yield error(
                        "method", f"{place.path}.maximum_choices", Sentence("limits a ranking that must be complete.")
                    )
            case Lot() as lot:
                yield from _lot(place.path, lot)
            case Proxies(allowed=True, each_holds=0):
                yield error("proxy", f"{place.path}.each_holds", Sentence("is 0, and proxies are allowed."))
            case Proxies(counts_for_quorum=True):
                yield from _proxy_quorum(policy, place.path)


def _lot(path: str, lot: Lot) -> Iterator[Finding]:
    if lot.seed_known == "before_close":
        text = Sentence("is before the close: who knows the number beforehand can choose the outcome.")
        yield error("lot", f"{path}.seed_known", text)
    if not set(lot.witnesses) - {lot.drawn_by}:
        yield error("lot", f"{path}.witnesses", Sentence("names nobody but who draws."))


def _proxy_quorum(policy: Policy, path: str) -> Iterator[Finding]:
    meeting = path.rsplit(".", 1)[0]
    quorum = next((place.value for place in walk(policy) if place.path == f"{meeting}.quorum"), None)
    if quorum is not None and not quorum.counts_proxies:
        yield error(
            "quorum", f"{path}.counts_for_quorum", Sentence("is true, and the quorum says counts_proxies = false.")
        )
