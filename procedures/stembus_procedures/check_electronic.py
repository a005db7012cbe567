"""Whether a secret electronic vote can keep what it promises: secrecy, one vote each, and a key that no few can use."""

from collections.abc import Iterator
from datetime import timedelta

from .dates import SAMPLE_DAYS, add_span_to_moment
from .findings import Finding, error, warning
from .language.electronic import Electronic
from .language.policy import Policy
from .language.stages import OrderLot, Result, Roll, Tally, Vote
from .language.voting import RANKED, Method
from .sentence import Sentence
from .timeline import TimelineError, resolve, times_of, zone_of

_WITHOUT_BALLOT = {"show_of_hands", "acclamation"}
_NOT_COUNTED = {"borda", "majority_rounds", "score", "whole_nomination", "yes_no"}
"""Methods for which nothing counts what comes out of an encrypted box. A policy that asks for one is refused here, and
not after people have voted."""


def check_electronic(policy: Policy) -> Iterator[Finding]:
    """Everything in which the electronic votes of a policy contradict themselves or what they are for."""
    for vote in policy.stages_of(Vote):
        path = f"stages.{vote.id}"
        is_open = "electronic" in vote.channels
        if is_open and vote.electronic is None:
            text = Sentence("is missing: say who keeps the key of the box, who makes the codes, and when it is opened.")
            yield error("electronic", f"{path}.electronic", text)
        if vote.electronic is None:
            continue
        if not is_open:
            text = Sentence("says how to vote electronically, and `channels` does not open that way.")
            yield error("electronic", f"{path}.electronic", text)
        yield from _key(f"{path}.electronic", vote.electronic)
        yield from _roles(policy, vote, vote.electronic)
        yield from _ballot(policy, vote)
        yield from _persons(vote, vote.electronic)
        yield from _small_groups(policy, vote, vote.electronic)
        yield from _objections(policy, vote, vote.electronic)
        yield from _archive(policy, vote)


def _key(path: str, electronic: Electronic) -> Iterator[Finding]:
    number, threshold = electronic.number, electronic.threshold
    if number < 2:
        text = Sentence("is one person, who could open every vote alone; write 3 or more.")
        yield error("trustees", f"{path}.number", text)
    elif threshold > number:
        text = Sentence("is {threshold} of {number} trustees.", threshold=threshold, number=number)
        yield error("trustees", f"{path}.threshold", text)
    elif threshold * 2 <= number:
        text = Sentence(
            "is {threshold} of {number}: a minority of the trustees could open the box; write {least} or more.",
            threshold=threshold,
            number=number,
            least=number // 2 + 1,
        )
        yield error("trustees", f"{path}.threshold", text)
    elif threshold == number:
        text = Sentence("is all of them: one lost key loses every vote; write fewer, and more than half.")
        yield warning("trustees", f"{path}.threshold", text)


def _roles(policy: Policy, vote: Vote, electronic: Electronic) -> Iterator[Finding]:
    """Who could open votes, hand out codes or gain by the outcome are three different bodies."""
    path = f"stages.{vote.id}.electronic"
    for key in ("trustees", "credential_authority"):
        body = getattr(electronic, key)
        others = {vote.owner: "owner"} if policy.bureau is None else {policy.bureau.body: "bureau", vote.owner: "owner"}
        if body in others:
            text = Sentence("is {body}, which runs the vote; these roles exclude each other.", body=body)
            yield error("roles", f"{path}.{key}", text)
        elif body in policy.bodies and policy.bodies[body].kind == "board":
            yield error("roles", f"{path}.{key}", Sentence("is a board, which has an interest in the outcome."))
    if electronic.trustees == electronic.credential_authority:
        text = Sentence("is also who keeps the key of the box; these roles exclude each other.")
        yield error("roles", f"{path}.credential_authority", text)
    for committee in policy.committees:
        if committee.body == electronic.trustees and committee.size < electronic.number:
            text = Sentence(
                "is {number}, and {body} has {size} members.",
                number=electronic.number,
                body=committee.body,
                size=committee.size,
            )
            yield error("trustees", f"{path}.number", text)


def _ballot(policy: Policy, vote: Vote) -> Iterator[Finding]:
    path, ballot = f"stages.{vote.id}", vote.ballot
    if vote.secrecy.vote != "secret":
        yield error("electronic", f"{path}.secrecy.vote", Sentence("is not secret, and electronic votes are."))
    if vote.secrecy.receipt != "public_list":
        text = Sentence("must be public_list: who votes electronically gets a code that is on the public board.")
        yield error("electronic", f"{path}.secrecy.receipt", text)
    if ballot.revote:
        text = Sentence("is true, and the first electronic vote is final: a replaced one would stay visible.")
        yield error("electronic", f"{path}.ballot.revote", text)
    if ballot.candidate_order == "per_voter":
        text = Sentence("is per_voter; all electronic ballots are of one election, with one order.")
        yield error("electronic", f"{path}.ballot.candidate_order", text)
    if ballot.write_in:
        text = Sentence("is true; a name that a voter writes cannot be encrypted as one of the candidates.")
        yield error("electronic", f"{path}.ballot.write_in", text)
    if ballot.method in _WITHOUT_BALLOT:
        text = Sentence("is {method}, for which there is no ballot to encrypt.", method=ballot.method)
        yield error("electronic", f"{path}.ballot.method", text)
    if ballot.method in _NOT_COUNTED:
        yield error("electronic", f"{path}.ballot.method", _not_counted(ballot.method))
    if vote.questions:
        text = Sentence("are there, and no electronic vote on matters is held here; take electronic out of `channels`.")
        yield error("electronic", f"{path}.questions", text)
    for kind, channel in policy.channels.items():
        if kind not in vote.channels:
            continue
        if channel.duplicate != "first_counts":
            text = Sentence("must be first_counts: a vote that is in the box cannot be taken out again.")
            yield error("electronic", f"channels.{kind}.duplicate", text)
        if not channel.same_roll:
            text = Sentence("is false; with an electronic vote all ways of voting strike off one roll.")
            yield error("electronic", f"channels.{kind}.same_roll", text)


def _not_counted(method: Method) -> Sentence:
    if method == "majority_rounds":
        return Sentence(
            "is majority_rounds, for which members come back for each round, and nobody opens the box in between; "
            "write ranked_rounds, by which a voter ranks once and each round is counted from that, or take electronic "
            "out of `channels`."
        )
    return Sentence(
        "is {method}, and what comes out of the encrypted box cannot be counted so; write a method that can be, "
        "such as stv, or take electronic out of `channels`.",
        method=method,
    )


def _persons(vote: Vote, electronic: Electronic) -> Iterator[Finding]:
    path = f"stages.{vote.id}.electronic"
    if not vote.on_persons:
        return
    if electronic.credentials_by != "letter":
        text = Sentence(
            "must be letter where persons are elected: whoever reads a mailbox could sign in and vote with the code."
        )
        yield error("electronic", f"{path}.credentials_by", text)
    if electronic.objection.n == 0:
        text = Sentence("is nothing; where persons are elected there must be time to object before the box is opened.")
        yield error("electronic", f"{path}.objection", text)


def _small_groups(policy: Policy, vote: Vote, electronic: Electronic) -> Iterator[Finding]:
    path = f"stages.{vote.id}.electronic"
    instead = {"paper_in_room": "paper_in_meeting", "by_post": "post", "at_large": "paper_in_meeting"}[electronic.below]
    if instead not in vote.channels:
        text = Sentence("is {below}, and `channels` does not open {instead}.", below=electronic.below, instead=instead)
        yield error("electronic", f"{path}.below", text)
    if electronic.below == "at_large":
        yield from _merging(policy, f"{path}.below")
    for result in policy.stages_of(Result):
        smallest = result.publication.smallest_group
        if electronic.batch < smallest:
            text = Sentence(
                "is {batch}, fewer than `publication.smallest_group` of {smallest}.",
                batch=electronic.batch,
                smallest=smallest,
            )
            yield warning("privacy", f"{path}.batch", text)


def _merging(policy: Policy, path: str) -> Iterator[Finding]:
    """Branches with too few voters vote with all others, so there must be such branches, and one order of names."""
    if policy.seats is None or not any(one.branches for one in policy.seats.constituencies):
        yield error("electronic", path, Sentence("is at_large, and no seats are kept for branches; write another."))
    roll = policy.first(Roll)
    for order in policy.stages_of(OrderLot):
        for day in SAMPLE_DAYS:
            try:
                times = times_of(policy, resolve(policy, dict.fromkeys(policy.anchors, day)))
            except TimelineError:
                return
            if roll is not None and times[f"{order.id}.due"] <= times[f"{roll.id}.record_date"]:
                text = Sentence(
                    "is at_large, so who stands together is known from the roll, and `stages.{order}.due` comes before "
                    "its record date; draw the order later.",
                    order=order.id,
                )
                yield error("calendar", path, text)
                return


def _objections(policy: Policy, vote: Vote, electronic: Electronic) -> Iterator[Finding]:
    """The box opens only after the time for objections, so that must be over before the count has to be."""
    path = f"stages.{vote.id}.electronic.objection"
    for tally in policy.stages_of(Tally):
        if tally.vote != vote.id:
            continue
        for day in SAMPLE_DAYS:
            try:
                points = resolve(policy, dict.fromkeys(policy.anchors, day))
            except TimelineError:
                return
            times = times_of(policy, points)
            grace = timedelta(minutes=electronic.grace_minutes)
            opened = add_span_to_moment(times[f"{vote.id}.closes"] + grace, electronic.objection, zone_of(policy))
            if opened >= times[f"{tally.id}.due"]:
                text = Sentence("ends only after `stages.{tally}.due`, when the votes must be counted.", tally=tally.id)
                yield error("calendar", path, text)
                return


def _archive(policy: Policy, vote: Vote) -> Iterator[Finding]:
    """Anybody can verify the count only from every ranking, so those of a mixed election are in its archive."""
    for result in policy.stages_of(Result):
        level = result.publication.level
        if vote.ballot.method in RANKED and level != "rankings":
            text = Sentence(
                "is {level}, and the public archive of a ranked electronic vote holds every ranking, without names; "
                "write rankings.",
                level=level,
            )
            yield error("electronic", f"stages.{result.id}.publication.level", text)
