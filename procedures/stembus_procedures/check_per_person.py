"""Whether a vote on persons one by one says what it needs, and nothing that means nothing in it.

What no vote that is only added up can have is looked at in `check_marks`.
"""

from collections.abc import Iterator

from .findings import Finding, error
from .language.policy import Policy
from .language.stages import Tally, Vote
from .sentence import Sentence

METHOD = "yes_no_per_person"


def check_per_person(policy: Policy) -> Iterator[Finding]:
    """Everything that a policy says, or leaves out, about a vote for or against each person."""
    for vote in policy.stages_of(Vote):
        if vote.ballot.method != METHOD:
            continue
        yield from _ballot(vote)
        for tally in policy.stages_of(Tally):
            if tally.vote == vote.id:
                yield from _tally(tally)


def _ballot(vote: Vote) -> Iterator[Finding]:
    path, ballot = f"stages.{vote.id}", vote.ballot
    if vote.rule is None:
        text = Sentence("is missing: say how many votes a person needs, and of which votes.")
        yield error("method", f"{path}.rule", text)
    elif vote.rule.base == "present":
        text = Sentence(
            "is present: who took no ballot is present too, and the ballots do not tell how many those are; write "
            "yes_no, cast_with_blank, cast_all or entitled."
        )
        yield error("method", f"{path}.rule.base", text)
    if ballot.allow_abstain:
        text = Sentence("is true, and there are boxes for, against and blank only; who abstains votes blank.")
        yield error("method", f"{path}.ballot.allow_abstain", text)
    if "electronic" in vote.channels and not ballot.allow_blank:
        text = Sentence("is false; a voter who does not know one of the persons must be able to leave that one blank.")
        yield error("method", f"{path}.ballot.allow_blank", text)
    idle = {"minimum_choices": ballot.minimum_choices > 0, "maximum_choices": ballot.maximum_choices is not None}
    for key in (key for key, is_said in idle.items() if is_said):
        text = Sentence("means nothing where there is a vote on each person; leave it out.")
        yield error("method", f"{path}.ballot.{key}", text)


def _tally(tally: Tally) -> Iterator[Finding]:
    path = f"stages.{tally.id}"
    if tally.yes_threshold is not None:
        text = Sentence("is said by the `rule` of the vote already: leave it out here, so that there is one rule.")
        yield error("method", f"{path}.yes_threshold", text)
    if tally.tie_between_persons != "lot":
        text = Sentence("is {way}, and the count settles equal votes by lot; write lot.", way=tally.tie_between_persons)
        yield error("method", f"{path}.tie_between_persons", text)
