"""The page of the policy language: every stage kind and key, written from the Structs so that it cannot drift.

`python -m stembus_procedures.reference docs/policies.md` writes that part of the page anew.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType, NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec

from . import norms
from .language import bodies, candidates, electronic, oversight, policy, stage, stages, values, voting
from .language.stages import KINDS, Stage, Task, Window, kind_of
from .language.values import Part
from .language.walk import hints

BEGIN, END = "<!-- written from the language: begin -->", "<!-- written from the language: end -->"
_MODULES: tuple[ModuleType, ...] = (
    policy,
    stage,
    stages,
    bodies,
    candidates,
    voting,
    electronic,
    oversight,
    values,
    norms,
)
_REFERENCES = {"bodies": "a body", "stages": "a stage", "channels": "a channel", "retention": "a retention class"}
_PLAIN = {str: "text", int: "a whole number", bool: "true or false", Fraction: 'a fraction "2/3"'}
_INHERITED = frozenset(Window.__struct_fields__) | frozenset(Task.__struct_fields__)


def language_reference() -> str:
    """Every table and key of the language as Markdown: the policy, its stages, and their parts."""
    documented = {name: notes for module in _MODULES for name, notes in _documented(module).items()}
    lines = ["## The policy", "", *_table(policy.Policy, documented)]
    lines += ["## Stages", "", "Every stage has these keys:", "", *_rows(Stage, documented, frozenset())]
    for sort in (Window, Task):
        lines += ["", f"### {sort.__name__}", "", *_described(sort), "It also has:", ""]
        lines += _rows(sort, documented, frozenset(Stage.__struct_fields__))
    for kind in KINDS:
        timed = "window" if issubclass(kind, Window) else "task"
        lines += ["", f"### `{kind_of(kind)}` ({timed})", "", *_described(kind)]
        lines += _rows(kind, documented, _INHERITED)
    lines += ["", "## Parts", ""]
    for part in sorted(_parts(), key=lambda found: found.__name__):
        lines += _table(part, documented)
    return "\n".join(lines).rstrip() + "\n"


def with_reference(page: str) -> str:
    """A page with the part between the two marks written anew. Raises ValueError when a mark is missing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The page needs the marks {BEGIN!r} and {END!r}.")
    return f"{before}{BEGIN}\n\n{language_reference()}\n{END}{after}"


def _parts() -> Iterator[type[msgspec.Struct]]:
    for module in _MODULES:
        for found in vars(module).values():
            mine = isinstance(found, type) and found.__module__ == module.__name__
            if mine and issubclass(found, Part) and found not in {Part, policy.Policy}:
                yield found


def _documented(module: ModuleType) -> dict[tuple[str, str], str]:
    """The text under each key, by class and key."""
    notes: dict[tuple[str, str], str] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        for line, following in zip(node.body, node.body[1:], strict=False):
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and _is_text(following):
                notes[node.name, line.target.id] = inspect.cleandoc(following.value.value)  # type: ignore[attr-defined]
    return notes


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _table(kind: type[msgspec.Struct], notes: dict[tuple[str, str], str]) -> list[str]:
    return [f"### {kind.__name__}", "", *_described(kind), *_rows(kind, notes, frozenset()), ""]


def _described(kind: type) -> list[str]:
    return [inspect.getdoc(kind) or "", ""]


def _rows(kind: type[msgspec.Struct], notes: dict[tuple[str, str], str], without: frozenset[str]) -> list[str]:
    fields = [field for field in msgspec.structs.fields(kind) if field.name not in without]
    if not fields:
        return ["It has no further keys."]
    owner = {name: base.__name__ for base in reversed(kind.__mro__) for name in vars(base).get("__annotations__", {})}
    rows = ["| key | holds | what it says |", "|---|---|---|"]
    for field in fields:
        text = " ".join(notes[owner[field.name], field.name].split())
        holds = _words(hints(kind)[field.name]) + _default(field)
        rows.append(f"| `{field.name}` | {holds} | {text} |".replace("||", "|"))
    return rows


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return ""
    if (
        field.default in (None, "", ())
        or field.default is msgspec.NODEFAULT
        or isinstance(field.default, msgspec.Struct)
    ):
        return "; may be left out"
    if isinstance(field.default, bool):
        return f"; else {str(field.default).lower()}"
    if isinstance(field.default, tuple):
        quoted = ", ".join(f'"{word}"' for word in field.default)
        return f"; else {quoted}"
    return f'; else "{field.default}"' if isinstance(field.default, str) else f"; else {field.default}"


def _words(hint: Any) -> str:  # noqa: PLR0911 - one return for each form that a key can have
    if get_origin(hint) is Annotated:
        meta = hint.__metadata__[0]
        if meta.extra and (table := meta.extra.get("refers_to")):
            return _REFERENCES[table]
        return meta.description or _words(hint.__origin__)
    if get_origin(hint) is Literal:
        return " or ".join(f'"{word}"' for word in get_args(hint))
    if get_origin(hint) is tuple:
        return f"list of {_words(get_args(hint)[0])}"
    if get_origin(hint) is dict:
        return f"by name: {_words(get_args(hint)[1])}"
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return f"[{hint.__name__}](#{hint.__name__.lower()})" if hint is not Stage else "[stages](#stages)"
    if members := get_args(hint):
        return " or ".join(_words(member) for member in members if member is not NoneType)
    return _PLAIN.get(hint, re.sub(r"^.*\.", "", getattr(hint, "__name__", str(hint))))


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(with_reference(target.read_text(encoding="utf-8")), encoding="utf-8")
