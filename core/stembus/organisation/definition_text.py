"""The definition of a body as the TOML that people write, to start from or to change."""

import json

from stembus.organisation.bodies import BodyDefinition, Incompatible, Office

EXAMPLE = """\
slug = "electoral-committee"
kind = "committee"
nl = "Kiescommissie"
en = "Electoral committee"

[[offices]]
name = "chair"
nl = "voorzitter"
en = "chair"
seats = 1
powers = ["procedure.start", "procedure.extend", "procedure.close", "procedure.cancel"]

[[offices]]
name = "member"
nl = "lid"
en = "member"
seats = 2
powers = ["procedure.start", "procedure.extend", "procedure.close", "procedure.cancel"]

[[incompatible]]
with = "board"
reason = "HR 7.3: who runs the election does not sit on the board"
"""


def definition_text(definition: BodyDefinition) -> str:
    """Return a definition as TOML; reading that gives the same definition."""
    lines = [_line(key, getattr(definition, key)) for key in ("slug", "kind", "nl", "en")]
    if definition.branch is not None:
        lines.append(_line("branch", definition.branch))
    if definition.speaks_for:
        lines.append(_line("speaks_for", definition.speaks_for))
    blocks = ["\n".join(lines), *map(_office, definition.offices), *map(_rule, definition.incompatible)]
    return "\n\n".join(blocks) + "\n"


def _office(office: Office) -> str:
    lines = [_line(key, getattr(office, key)) for key in ("name", "nl", "en", "seats")]
    if office.powers:
        lines.append(_line("powers", office.powers))
    return "\n".join(("[[offices]]", *lines))


def _rule(rule: Incompatible) -> str:
    office = () if rule.office is None else (_line("office", rule.office),)
    return "\n".join(("[[incompatible]]", *office, _line("with", rule.other), _line("reason", rule.reason)))


def _line(key: str, value: str | int | tuple[str, ...]) -> str:
    # JSON writes texts, whole numbers and lists of texts as TOML does, but for one character.
    return f"{key} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")
