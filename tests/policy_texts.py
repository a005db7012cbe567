"""The shipped policy of the party council, and ways to change one thing in it."""

from pathlib import Path

from stembus_procedures import Finding, Policy, check, load_policy

POLICIES = Path(__file__).parents[1] / "procedures" / "policies"
PARTIJRAAD = (POLICIES / "partijraad.toml").read_text(encoding="utf-8")
NORMS = (POLICIES / "norms" / "voorbeeldpartij.toml").read_text(encoding="utf-8")


def changed(*changes: tuple[str, str], text: str = PARTIJRAAD) -> str:
    """The text with each old piece replaced by a new one; a piece that is not there is a mistake in the test."""
    for old, new in changes:
        assert old in text, f"not in the policy: {old}"
        text = text.replace(old, new, 1)
    return text


def policy(*changes: tuple[str, str]) -> Policy:
    return load_policy(changed(*changes))


def errors(*changes: tuple[str, str]) -> list[Finding]:
    return [finding for finding in check(policy(*changes)) if finding.severity == "error"]
