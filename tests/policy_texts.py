"""The shipped policy of the party council, and ways to change one thing in it."""

import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from stembus.conduct.running import Running
from stembus.conduct.tables import AdoptedPolicy, Procedure
from stembus_procedures import Finding, Policy, Task, check, load_policy
from stembus_procedures.events import START

POLICIES = Path(__file__).parents[1] / "procedures" / "policies"
PARTIJRAAD = (POLICIES / "partijraad.toml").read_text(encoding="utf-8")
NORMS = (POLICIES / "norms" / "voorbeeldpartij.toml").read_text(encoding="utf-8")
ONLINE = (POLICIES / "partijraad-online.toml").read_text(encoding="utf-8")
GONE = msgspec.UNSET
"""In place of a value: the key is taken out."""


class Karaoke(Task, frozen=True, kw_only=True, tag="karaoke"):
    """A stage of a stranger's plugin."""

    song: str


KARAOKE = """
[[stages]]
kind = "karaoke"
id = "singing"
owner = "bestuur"
due = { anchor = "meeting", at = "21:00" }
song = "De Internationale"
"""


def changed(*changes: tuple[str, str], text: str = PARTIJRAAD) -> str:
    """The text with each old piece replaced by a new one; a piece that is not there is a mistake in the test."""
    for old, new in changes:
        assert old in text, f"not in the policy: {old}"
        text = text.replace(old, new, 1)
    return text


def policy(*changes: tuple[str, str]) -> Policy:
    return load_policy(changed(*changes))


def edited(edits: dict[str, Any], text: str = PARTIJRAAD) -> Policy:
    """The policy with values set at key paths as findings write them; "+" at the end of a path adds to a list."""
    raw = tomllib.loads(text)
    for path, value in edits.items():
        *around, last = re.findall(r"[^.\[\]]+", path) if not path.startswith("cites.") else ["cites", path[6:]]
        table: Any = raw
        for step in around:
            table = _step(table, step)
        if value is GONE:
            del table[last]
        elif last == "+":
            table.append(value)
        else:
            table[int(last) if last.isdigit() else last] = value
    return load_policy("".join(f"{key} = {_toml(value)}\n" for key, value in raw.items()))


def _step(table: Any, step: str) -> Any:
    if isinstance(table, list):
        return table[int(step)] if step.isdigit() else next(item for item in table if item["id"] == step)
    return table.setdefault(step, {} if step != "constituencies" else [])


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value)


def errors(edits: dict[str, Any], text: str = PARTIJRAAD) -> list[Finding]:
    return [finding for finding in check(edited(edits, text)) if finding.severity == "error"]


def a_procedure(identifier: str) -> Running:
    """Return a procedure under that policy in which nothing happened yet; it is in no database."""
    then = datetime(2026, 3, 1, 12, tzinfo=UTC)
    policy = load_policy(PARTIJRAAD)
    adopted = AdoptedPolicy(
        fingerprint="f", policy_id=policy.id, version="1", source=PARTIJRAAD, frozen="{}", adopted_at=then,
        decision="ALV 1", act_id="a-1",
    )  # fmt: skip
    row = Procedure(id=identifier, name=identifier, fingerprint="f", begun_at=then, act_id="a-2")
    return Running(row, adopted, policy, START)
