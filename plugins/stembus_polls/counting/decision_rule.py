"""The rule by which the policy decides on persons, on each or on all together, as the rule that counts it. Pure."""

from fractions import Fraction

from stembus.errors import Refused
from stembus_ballots.decision import DecisionRule
from stembus_ballots.errors import CountError
from stembus_ballots.quorum import Quorum
from stembus_polls.contests import vote_of
from stembus_procedures import Policy
from stembus_procedures.language import voting


def decision_rule(policy: Policy, entitled: int | None = None) -> DecisionRule:
    """Return when a person, or the whole, is adopted; with its quorum once it is known how many are entitled to vote.

    Raises `Refused`, with the key in the policy, where there is no rule or papers cannot be counted by it.
    """
    vote = vote_of(policy)
    path, rule = f"stages.{vote.id}", vote.rule
    if rule is None:
        raise Refused(
            "`{path}.rule` is missing: the policy does not say how many votes a person, or all candidates together, "
            "need.",
            path=path,
        )
    if vote.ballot.allow_abstain:
        raise Refused(
            "`{path}.ballot.allow_abstain` is true, and the paper has no box for it: who abstains is blank, or hands "
            "in none.",
            path=path,
        )
    if rule.base == "present":
        raise Refused(
            "`{path}.rule.base` is present: who took no paper is present too, and papers do not tell how many those "
            "are. Use yes_no, cast_with_blank, cast_all or entitled.",
            path=path,
        )
    quorum = None if rule.quorum is None else _quorum(f"{path}.rule.quorum", rule.quorum, entitled)
    try:
        return DecisionRule(rule.base, rule.fraction, rule.strict, rule.blank, rule.invalid, quorum)
    except CountError as error:
        raise Refused("`{path}.rule`: {error}", path=path, error=error) from None


def _quorum(path: str, quorum: voting.Quorum, entitled: int | None) -> Quorum | None:
    if quorum.base != "entitled":
        raise Refused(
            "`{path}.base` is {base}: on the roll of a vote there are only the entitled. Use entitled.",
            path=path,
            base=quorum.base,
        )
    match quorum.fraction, quorum.number:
        case Fraction() as share, None:
            pass
        case None, int() as number:
            if entitled is not None and number + quorum.strict > entitled:
                raise Refused(
                    "`{path}.number` is {number}, and {entitled} are entitled: no vote can reach it.",
                    path=path,
                    number=number,
                    entitled=entitled,
                )
            share = Fraction(number, entitled or number)
        case _:
            raise Refused("`{path}`: give a fraction or a number, one of the two.", path=path)
    return None if entitled is None else Quorum("entitled", share, quorum.strict, quorum.counts_proxies)
