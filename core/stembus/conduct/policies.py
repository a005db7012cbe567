"""Policies of an instance: those that ship, those that were adopted, and adopting one."""

from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sqlmodel import Session, col, select

from stembus.conduct.tables import AdoptedPolicy
from stembus.errors import CheckFailed, Refused, UnusableInput
from stembus.ledger.acts import Act
from stembus.organisation.authority import authorise_two
from stembus.organisation.core_powers import POLICY_ADOPT
from stembus.text_file import read_text
from stembus_procedures import Policy, PolicyError, Stage, load_policy
from stembus_procedures.check import check, is_refused
from stembus_procedures.findings import Finding
from stembus_procedures.loading import stage_kinds
from stembus_procedures.norms import Norms, load_norms
from stembus_procedures.sentence import Sentence
from stembus_procedures.shipped import shipped_policies
from stembus_procedures.text import LANGS, Catalogue, Frozen, freeze, read_article, render, shipped

if TYPE_CHECKING:
    from stembus.instance import Transaction
    from stembus.plugins import Plugins


class Source(msgspec.Struct, frozen=True):
    """A policy with the text that it was read from and a name to show."""

    name: str
    text: str
    policy: Policy


def installed_kinds(plugins: "Plugins") -> tuple[type[Stage], ...]:
    """Return the stage kinds that plugins add to the language."""
    return tuple(kind for kind in plugins.stage_kinds() if issubclass(kind, Stage))


def known_policies(plugins: "Plugins") -> dict[str, Traversable]:
    """Return the policy files that ship with Stembus and with its plugins, by their name without ending."""
    files = (*shipped_policies(), *plugins.policies())
    return {file.name.removesuffix(".toml"): file for file in files}


def sentences(plugins: "Plugins") -> Catalogue:
    """Return the sentences that the texts of policies are made of, with those of plugins."""
    return shipped().plus(read_article(file.name, read_text(file)) for file in plugins.policy_sentences())


def read_source(name: str, plugins: "Plugins") -> Source:
    """Read a policy from a file, or one that ships by its name.

    Raises `UnusableInput` with every mistake, one a line, each with the file, the line and the key.
    """
    known = known_policies(plugins)
    path = Path(name)
    if not path.exists() and name not in known:
        raise UnusableInput("There is no file {name}. Policies that ship: {known}.", name=name, known=sorted(known))
    text = read_text(path if path.exists() else known[name])
    try:
        return source_in(text, plugins, name)
    except PolicyError as error:
        raise UnusableInput(error.sentence_about(name)) from None


def source_in(text: str, plugins: "Plugins", name: str = "") -> Source:
    """Return the policy in a text, under a name to show or its own. Raises `PolicyError` with every mistake."""
    policy = policy_in(text, installed_kinds(plugins))
    return Source(name or policy.id, text, policy)


def read_norms(path: Path) -> Norms:
    """Read the party's norms from a file. Raises `UnusableInput` with every mistake."""
    try:
        return load_norms(read_text(path))
    except PolicyError as error:
        raise UnusableInput(error.sentence_about(f"{path}")) from None


def findings_in(policy: Policy, plugins: "Plugins", norms: Norms | None = None) -> list[Finding]:
    """Return what a policy's check finds, with the stage kinds and rules that are installed."""
    return list(check(policy, norms=norms, kinds=tuple(stage_kinds(installed_kinds(plugins)))))


def frozen_from(source: Source, plugins: "Plugins") -> Frozen:
    """Return what adopting a policy freezes: its definition and the texts in its languages, by hash."""
    said = sentences(plugins)
    languages = [lang for lang in LANGS if lang.replace("-", "_") in source.policy.languages]
    documents = [render(source.policy, lang, catalogue=said) for lang in languages]
    return freeze(source.text, documents, extra_kinds=installed_kinds(plugins))


def adopt(
    transaction: "Transaction", source: Source, *, by: tuple[str, str], decision: str, norms: Norms | None = None
) -> AdoptedPolicy:
    """Freeze a policy and its rendered texts by hash, with the decision of the party that adopted it.

    Raises `Refused` when it was adopted before, `CheckFailed` when it does not pass its check.
    """
    actors = authorise_two(transaction, *by, POLICY_ADOPT)
    plugins = transaction.instance.plugins
    findings = findings_in(source.policy, plugins, norms)
    if is_refused(findings):
        raise CheckFailed(
            "{source} cannot be adopted: {finding} Run `stembus policy check {source}`.",
            source=source.name,
            finding=findings[0].sentence,
        )
    frozen = frozen_from(source, plugins)
    earlier = transaction.session.get(AdoptedPolicy, frozen.definition_sha256)
    if earlier is not None:
        raise Refused(
            "{source} was adopted before, word for word, as {policy} {version} ({decision}). Nothing was changed.",
            source=source.name,
            policy=earlier.policy_id,
            version=earlier.version,
            decision=earlier.decision,
        )
    act_id = transaction.record(
        Act(
            kind="policy.adopted",
            by=actors,
            ground=decision,
            subject={"policy": frozen.policy},
            public={
                "policy": frozen.policy,
                "version": frozen.version,
                "definition_sha256": frozen.definition_sha256,
                **{f"text_{text.lang}_sha256": text.sha256 for text in frozen.texts},
            },
        )
    )
    row = AdoptedPolicy(
        fingerprint=frozen.definition_sha256,
        policy_id=frozen.policy,
        version=frozen.version,
        source=source.text,
        frozen=msgspec.json.encode(frozen).decode(),
        adopted_at=transaction.now,
        decision=decision,
        act_id=act_id,
    )
    transaction.session.add(row)
    transaction.session.flush()
    return row


def adopted_policies(session: Session) -> list[AdoptedPolicy]:
    """Return every adopted policy, the latest first."""
    return list(session.exec(select(AdoptedPolicy).order_by(col(AdoptedPolicy.adopted_at).desc())))


def adopted_named(session: Session, name: str) -> AdoptedPolicy:
    """Return the policy adopted last under this id, or the one whose fingerprint begins so.

    Raises `UnusableInput` that names those there are.
    """
    rows = adopted_policies(session)
    for row in rows:
        if row.policy_id == name or (len(name) >= 8 and row.fingerprint.startswith(name)):
            return row
    there = sorted({row.policy_id for row in rows}) or Sentence("none yet")
    raise UnusableInput(
        "No policy {name!r} was adopted (there is: {there}). Adopt it with `stembus policy adopt`.",
        name=name,
        there=there,
    )


def policy_of(row: AdoptedPolicy, plugins: "Plugins") -> Policy:
    """Return the policy of an adopted row."""
    return policy_in(row.source, installed_kinds(plugins))


@lru_cache(maxsize=16)
def policy_in(source: str, kinds: tuple[type[Stage], ...]) -> Policy:
    """Return the policy that an adopted text holds; every command and every block asks for the same few again."""
    return load_policy(source, extra_kinds=kinds)


def frozen_of(row: AdoptedPolicy) -> Frozen:
    """Return the hashes and texts that were adopted."""
    return msgspec.json.decode(row.frozen, type=Frozen)
