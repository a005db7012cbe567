"""A candidacy as it is handed in, and what the policy asks of one. Pure."""

from datetime import datetime

from msgspec import Struct

from stembus_procedures import Policy
from stembus_procedures.language.stages import Candidacy

OTHER = "other"
"""A declared value that counts towards no rule; nobody has to declare more than the policy asks for."""
LONGEST_NAME = 80
SEEN = "seen"
"""Of a document that is shown or kept elsewhere: that it was handed in."""


class Form(Struct, frozen=True, kw_only=True):
    """What one line of a list of candidates says.

    `declared` is by criterion, `documents` by type, `supporters` are member numbers. `accepted_at` is None while the
    candidate has not accepted.
    """

    number: str
    name: str
    constituency: str = ""
    nominated_by: str = "self"
    declared: dict[str, str] = {}
    documents: dict[str, str] = {}
    supporters: tuple[str, ...] = ()
    accepted_at: datetime | None = None
    code_signed: str = ""
    certificate_seen: bool = False


def candidacy_of(policy: Policy) -> Candidacy:
    """Return how a policy examines candidacies. Raises ValueError when it has none."""
    stage = policy.first(Candidacy)
    if stage is None:
        raise ValueError(f"Policy {policy.id} has no stage of kind `candidacy`, so nobody can stand.")
    return stage


def criteria_of(policy: Policy) -> dict[str, tuple[str, ...]]:
    """Return the characteristics that candidates may declare, each with the values that count towards a rule."""
    found: dict[str, tuple[str, ...]] = {}
    for rule in policy.seats.balance if policy.seats else ():
        if rule.self_declared:
            found[rule.criterion] = tuple(dict.fromkeys((*found.get(rule.criterion, ()), *rule.values)))
    return found


def constituencies_of(policy: Policy) -> dict[str, tuple[str, ...]]:
    """Return the constituencies that candidates can stand for, each with its branches."""
    return {one.id: one.branches for one in policy.seats.constituencies} if policy.seats else {}
