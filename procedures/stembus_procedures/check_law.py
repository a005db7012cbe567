"""What the law asks of a policy: rules (a) to (h), each with the article that it comes from."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Literal

from .findings import Finding, law
from .language.policy import Policy
from .language.stages import Appointment, Candidacy, Convocation, Meeting, Result, Roll, Vote
from .language.values import Span, Words
from .language.voting import DecisionRule, Proxies
from .language.walk import walk
from .norms import articles_for
from .sentence import Sentence
from .text.phrases import in_figures
from .timeline import TimelineError, resolve

LegalRegime = Literal["statutory_basis", "digital_assembly_act"]
"""Whether electronic assemblies need a basis in the statutes (today), or the act on digital assemblies is in force."""

_TWO_THIRDS = Fraction(2, 3)
_ADVANCE = "BW 2:38 lid 8"
_YEAR = 365


def check_law(policy: Policy, regime: LegalRegime) -> Iterator[Finding]:
    """Everything in the policy that the law does not allow."""
    yield from _nominations(policy)
    yield from _advance_votes(policy)
    yield from _channels(policy, regime)
    yield from _statute_changes(policy)
    yield from _criminal_data(policy)
    yield from _weights(policy)
    yield from _restricted_votes(policy)
    yield from _proxies(policy)
    yield from _convocation(policy)
    yield from _annulment(policy)


def _nominations(policy: Policy) -> Iterator[Finding]:
    source = "BW 2:37"
    for stage in policy.stages_of(Appointment):
        nomination, path = stage.nomination, f"stages.{stage.id}.nomination"
        if not nomination.binding:
            continue
        if nomination.break_fraction is None:
            yield law(
                "a", path, Sentence("is binding, and does not say how it is broken; write break_fraction."), source
            )
        elif nomination.break_fraction > _TWO_THIRDS:
            text = Sentence(
                "can be broken only by {break_fraction} of the votes; at most 2/3 may be asked.",
                break_fraction=nomination.break_fraction,
            )
            yield law("a", f"{path}.break_fraction", text, source)
        if nomination.break_quorum is not None and nomination.break_quorum > _TWO_THIRDS:
            text = Sentence(
                "asks that {break_quorum} is represented to break it; at most 2/3 may be asked.",
                break_quorum=nomination.break_quorum,
            )
            yield law("a", f"{path}.break_quorum", text, source)
        body = policy.bodies.get(stage.body)
        if body is not None and body.kind != "assembly" and not nomination.members_may_nominate:
            text = Sentence("is appointed outside the assembly, so members must be able to nominate too.")
            yield law("a", f"{path}.members_may_nominate", text, source)


def _advance_votes(policy: Policy) -> Iterator[Finding]:
    for vote in policy.stages_of(Vote):
        bases = {base for kind, c in policy.channels.items() if kind in vote.channels for base in c.legal_basis}
        if _ADVANCE not in bases or not vote.counts_in:
            continue
        try:
            points = resolve(policy, dict.fromkeys(policy.anchors, date(2023, 6, 15)))
        except TimelineError:
            return
        opens, meeting = points[f"{vote.id}.opens"], points.get(f"{vote.counts_in}.begins")
        if meeting is None:
            continue
        before = (meeting.day - opens.day).days
        if before > 30:
            text = Sentence(
                "opens {before} days before the meeting; electronic votes count from the 30th day before it.",
                before=before,
            )
            yield law("b", f"stages.{vote.id}.opens", text, _ADVANCE)


def _channels(policy: Policy, regime: LegalRegime) -> Iterator[Finding]:
    for kind, channel in policy.channels.items():
        path = f"channels.{kind}.legal_basis"
        electronic = kind in {"electronic", "online_live"}
        own = [article for article in channel.legal_basis if article.split()[0] == policy.norms.statutes]
        source = "BW 2:38 lid 6-8"
        if not channel.legal_basis and electronic:
            yield law("c", path, Sentence("is empty: an electronic vote needs an article that allows it."), source)
        elif not channel.legal_basis:
            yield law("c", path, Sentence("is empty: cite the articles that this way of voting rests on."), "BW 2:38")
        elif electronic and not own:
            if regime == "statutory_basis":
                text = Sentence(
                    "cites no article of the statutes: electronic votes are allowed only if the statutes say so."
                )
                yield law("c", path, text, source)
            else:
                text = Sentence(
                    "cites no article of the statutes; check that the act on digital assemblies covers this."
                )
                yield law("c", path, text, "wetsvoorstel 36489", "G")
        elif kind == "post" and not own:
            text = Sentence("cites no article of the statutes: a vote by post is no vote in the assembly without one.")
            yield law("c", path, text, "BW 2:38, 2:40")


def _statute_changes(policy: Policy) -> Iterator[Finding]:
    convocations = policy.stages_of(Convocation)
    if policy.kind == "statute_change" and not any(c.statute_change for c in convocations):
        text = Sentence("changes the statutes, and no convocation says with which terms; add statute_change to it.")
        yield law("d", "stages", text, "BW 2:42")
    for convocation in convocations:
        change, path = convocation.statute_change, f"stages.{convocation.id}.statute_change"
        if change is None:
            continue
        if change.notice_days < 7:
            text = Sentence("gives {notice_days} days' notice; at least 7 are needed.", notice_days=change.notice_days)
            yield law("d", f"{path}.notice_days", text, "BW 2:42 lid 1")
        if change.text_days < 5:
            text = Sentence(
                "shows the full text {text_days} days before; at least 5 are needed.", text_days=change.text_days
            )
            yield law("d", f"{path}.text_days", text, "BW 2:42 lid 2")
        if not change.text_file:
            text = Sentence(
                "names no file with the full text; it must lie open until the end of the day of the meeting."
            )
            yield law("d", f"{path}.text_file", text, "BW 2:42 lid 2")
        if convocation.due.anchor in policy.anchors and -convocation.due.days < change.notice_days:
            text = Sentence(
                "comes fewer than {notice_days} days before the meeting, the notice for the change.",
                notice_days=change.notice_days,
            )
            yield law("d", f"stages.{convocation.id}.due", text, "BW 2:42 lid 1")
        if change.fraction < _TWO_THIRDS and not _statutes_cited(policy, f"{path}.fraction"):
            text = Sentence(
                "adopts with {fraction} of the votes; less than 2/3 needs an article of the statutes.",
                fraction=change.fraction,
            )
            yield law("d", f"{path}.fraction", text, "BW 2:43 lid 1")


def _criminal_data(policy: Policy) -> Iterator[Finding]:
    for stage in policy.stages_of(Candidacy):
        for index, document in enumerate(stage.documents):
            if document.sensitivity != "criminal":
                continue
            path = f"stages.{stage.id}.documents[{index}]"
            missing = [k for k, v in (("viewers", document.viewers), ("retention", document.retention)) if not v]
            if missing:
                text = Sentence(
                    "holds criminal data and has no {missing}; say who sees it and how long.",
                    missing=Words(nl=" en geen ".join(missing), en=" and no ".join(missing)),
                )
                yield law("f", path, text, "AVG 10, UAVG 31-33")


def _weights(policy: Policy) -> Iterator[Finding]:
    for place in walk(policy):
        rule = place.value
        if isinstance(rule, DecisionRule) and rule.largest_weight is not None and rule.largest_weight >= Fraction(1, 2):
            text = Sentence(
                "lets one person cast {largest_weight} of the votes and outvote all others together.",
                largest_weight=rule.largest_weight,
            )
            yield law("g", f"{place.path}.largest_weight", text, "BW 2:44 (Wbtr)")


def _restricted_votes(policy: Policy) -> Iterator[Finding]:
    for roll in policy.stages_of(Roll):
        right = roll.vote_right
        conditions = {
            "member_for": right.member_for is not None,
            "contribution": bool(right.contribution),
            "minimum_age": right.minimum_age > 0,
            "maximum_age": right.maximum_age is not None,
            "branches": bool(right.branches),
        }
        for key, restricts in conditions.items():
            path = f"stages.{roll.id}.vote_right.{key}"
            if restricts and not _statutes_cited(policy, path):
                text = Sentence(
                    "takes the vote from members who are not suspended, and cites no article of the statutes; add "
                    '"{path}" = ["{statutes} ..."] under [cites], or leave the condition out.',
                    path=path,
                    statutes=policy.norms.statutes,
                )
                yield law("h", path, text, "BW 2:38 lid 1")


def _proxies(policy: Policy) -> Iterator[Finding]:
    for place in walk(policy):
        if isinstance(place.value, Proxies) and not place.value.allowed and not _statutes_cited(policy, place.path):
            text = Sentence(
                "are not allowed, and no article of the statutes is cited: a written proxy is allowed by law."
            )
            yield law("proxy", place.path, text, "BW 2:38 lid 4")


def _convocation(policy: Policy) -> Iterator[Finding]:
    meetings = {stage.id for stage in policy.stages_of(Meeting)}
    convoked = {stage.meeting: stage for stage in policy.stages_of(Convocation)}
    for meeting in sorted(meetings - convoked.keys()):
        text = Sentence("is a meeting to which no stage calls the members; add a convocation.")
        yield law("convocation", f"stages.{meeting}", text, "BW 2:41")
    for convocation in convoked.values():
        if convocation.due.anchor in policy.anchors and -convocation.due.days < 7:
            text = Sentence(
                "calls the members less than 7 days before; the law sets no term, statutes mostly 7 or 14 days."
            )
            yield law("convocation", f"stages.{convocation.id}.due", text, "general practice", "G")
    for vote in policy.stages_of(Vote):
        called = convoked.get(vote.counts_in or "")
        if called and not called.states_conditions and {"electronic", "online_live"} & set(vote.channels):
            text = Sentence("must state the conditions for voting electronically; set states_conditions = true.")
            yield law("convocation", f"stages.{called.id}.states_conditions", text, "BW 2:38 lid 9")


def _annulment(policy: Policy) -> Iterator[Finding]:
    for result in policy.stages_of(Result):
        span = result.annulment.span
        if _shorter_than_a_year(span):
            text = Sentence("is {span}; a court can annul the decision for one year.", span=in_figures(span))
            yield law("annulment", f"stages.{result.id}.annulment.span", text, "BW 2:15 lid 5")


def _shorter_than_a_year(span: Span) -> bool:
    days = {"minutes": 0, "hours": 0, "days": 1, "weeks": 7}
    if span.unit in days:
        return span.n * days[span.unit] < _YEAR
    return span.n < (12 if span.unit == "months" else 1)


def _statutes_cited(policy: Policy, path: str) -> bool:
    return any(article.split()[0] == policy.norms.statutes for article in articles_for(policy, path))
