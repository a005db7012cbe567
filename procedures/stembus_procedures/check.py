"""Checks a policy against the law, against itself, and against the party's own norms."""

from collections.abc import Collection

from .check_electronic import check_electronic
from .check_form import check_form
from .check_law import LegalRegime, check_law
from .check_marks import check_marks
from .check_method import check_method
from .check_numbers import check_numbers
from .check_per_person import check_per_person
from .check_rounds import check_rounds
from .check_voting import check_voting
from .findings import Finding
from .language.policy import Policy
from .norms import Norms, check_against_norms, check_norms


def check(
    policy: Policy,
    *,
    norms: Norms | None = None,
    kinds: Collection[str] | None = None,
    legal_regime: LegalRegime = "statutory_basis",
) -> tuple[Finding, ...]:
    """Everything that is wrong with a policy, errors first; empty when nothing is.

    `norms` are the party's articles; without them only the law and the policy itself are looked at. `kinds` are the
    stage kinds that installed plugins carry out; without them nothing is said about that. `legal_regime` says
    whether electronic assemblies need a basis in the statutes.
    """
    findings = [*check_form(policy, kinds), *check_numbers(policy), *check_voting(policy), *check_electronic(policy)]
    findings += [*check_marks(policy), *check_method(policy), *check_per_person(policy), *check_rounds(policy)]
    findings += check_law(policy, legal_regime)
    if norms is not None:
        findings += [*check_norms(norms), *check_against_norms(policy, norms)]
    return tuple(sorted(findings, key=lambda finding: finding.severity != "error"))


def is_refused(findings: Collection[Finding]) -> bool:
    """Whether a policy with these findings may not be adopted or run."""
    return any(finding.severity == "error" for finding in findings)
