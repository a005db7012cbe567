"""A policy before it is adopted: its mistakes, what its check finds, the texts it gives, and what changes."""

from typing import TYPE_CHECKING, Literal

import msgspec
from sqlmodel import Session

from stembus.conduct.policies import (
    Source,
    adopted_policies,
    findings_in,
    frozen_from,
    policy_of,
    sentences,
    source_in,
)
from stembus.conduct.tables import AdoptedPolicy
from stembus_procedures import Mistake, PolicyError
from stembus_procedures.check import is_refused
from stembus_procedures.diff import differences
from stembus_procedures.findings import Finding
from stembus_procedures.norms import Norms, load_norms
from stembus_procedures.text import Frozen

if TYPE_CHECKING:
    from stembus.plugins import Plugins


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to know about a text before it is adopted.

    `mistakes` keep it from being a policy (then there is no `source`), and `norms_mistakes` the norms from being norms;
    `before` is the version in force, `changes` what is other than in that one (None: it is the first), and `same` the
    adopted policy that is the same word for word.
    """

    mistakes: tuple[Mistake, ...] = ()
    norms_mistakes: tuple[Mistake, ...] = ()
    source: Source | None = None
    findings: tuple[Finding, ...] = ()
    frozen: Frozen | None = None
    before: AdoptedPolicy | None = None
    changes: tuple[str, ...] | None = None
    same: AdoptedPolicy | None = None

    @property
    def can_be_adopted(self) -> bool:
        """Whether nothing in it stands in the way of adopting it."""
        wrong = self.mistakes or self.norms_mistakes or is_refused(self.findings)
        return self.source is not None and not wrong and self.same is None


def examine(session: Session, plugins: "Plugins", text: str, norms: str, lang: Literal["nl", "en"]) -> Examined:
    """Look at a policy as text, against the party's norms as text (empty: none)."""
    norms_mistakes: tuple[Mistake, ...] = ()
    loaded: Norms | None = None
    if norms.strip():
        try:
            loaded = load_norms(norms)
        except PolicyError as error:
            norms_mistakes = error.problems
    try:
        source = source_in(text, plugins)
    except PolicyError as error:
        return Examined(mistakes=error.problems, norms_mistakes=norms_mistakes)
    findings = findings_in(source.policy, plugins, loaded)
    frozen = frozen_from(source, plugins) if not is_refused(findings) else None
    rows = [row for row in adopted_policies(session) if row.policy_id == source.policy.id]
    before = rows[0] if rows else None
    return Examined(
        norms_mistakes=norms_mistakes,
        source=source,
        findings=tuple(sorted(findings, key=lambda finding: finding.severity)),
        frozen=frozen,
        before=before,
        changes=differences(policy_of(before, plugins), source.policy, lang, catalogue=sentences(plugins))
        if before
        else None,
        same=next((row for row in rows if frozen and row.fingerprint == frozen.definition_sha256), None),
    )
