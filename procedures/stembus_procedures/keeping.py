"""Until when the data of a procedure is kept: the term for annulment drives it."""

from collections.abc import Mapping
from datetime import date, datetime

from .dates import add_span
from .language.policy import Policy
from .language.stages import Result
from .timeline import zone_of


def annulment_ends(policy: Policy, times: Mapping[str, datetime]) -> date | None:
    """The day on which no court can annul the result any more; None when the policy states no result.

    `times` are the moments of this run (`timeline.dated`); what counts is the moment of sufficient publicity
    (BW 2:15 lid 5), so give the real one as a moved "<result>.annulment.counted_from" when it came later.
    """
    ends = []
    for result in policy.stages_of(Result):
        moment = times[f"{result.id}.annulment.counted_from"].astimezone(zone_of(policy))
        ends.append(add_span(moment.date(), result.annulment.span))
    return max(ends, default=None)


def kept_until(policy: Policy, retention: str, happened: Mapping[str, date]) -> date | None:
    """The day from which a class may be destroyed, anonymised or archived; None while its term has not begun.

    `happened` gives a day for each thing that a class can be counted from ("annulment_ends", "procedure_ends").
    Raises KeyError when the policy has no such class.
    """
    rule = policy.retention[retention]
    begun = happened.get(rule.counted_from)
    return None if begun is None else add_span(begun, rule.keep_for)
