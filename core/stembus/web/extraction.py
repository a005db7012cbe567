"""Which messages the sources hold: found in Python by its syntax tree, in templates by Jinja itself."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from jinja2 import TemplateSyntaxError

from stembus.errors import UnusableInput
from stembus.web.words import environment

MARKERS = frozenset({"N_", "_", "say", "Words"})
"""Functions whose first argument is a message."""
SENTENCES = frozenset({"Sentence", "Problem"})
"""Classes whose first argument is a message, in themselves and in every class made from them."""
FOR_MEMBERS = "{# readers: members #}"
"""The first line of a template that members meet."""
FOR_MEMBERS_IN_PYTHON = "\n# readers: members\n"
"""A line of a Python file all of whose messages members meet."""

MessageId = str | tuple[str, str]
"""A message, or its singular and plural."""


class Found(NamedTuple):
    """One message in one file."""

    message: MessageId
    path: str
    is_for_members: bool


class Sources(NamedTuple):
    """What the sources of a package say, and where a message cannot be translated: it is an f-string."""

    found: list[Found]
    untranslatable: list[str]


def read_sources(folders: Iterable[Path], root: Path, skipped: Iterable[str] = ()) -> Sources:
    """Return the messages in the Python files and templates below `folders`, in the order of their files.

    Files whose path below `root` begins with one of `skipped` are passed by. Raises `UnusableInput` that names the
    file and the line of a template that cannot be read.
    """
    passed = tuple(skipped)
    files = sorted(file for folder in folders for file in folder.rglob("*") if file.suffix in (".py", ".html", ".txt"))
    used = [file for file in files if not file.relative_to(root).as_posix().startswith(passed)]
    texts = {file: file.read_text(encoding="utf-8") for file in files if file.suffix == ".py"}
    trees = {file: ast.parse(text) for file, text in texts.items()}
    marking = MARKERS | _sentence_classes(trees.values())
    found: list[Found] = []
    untranslatable: list[str] = []
    for file in used:
        path = file.relative_to(root).as_posix()
        if file.suffix == ".py":
            for_members = FOR_MEMBERS_IN_PYTHON in texts[file]
            for said in _in_python(trees[file], marking):
                if isinstance(said, ast.JoinedStr):
                    untranslatable.append(f"{path}, line {said.lineno}")
                else:
                    found.append(Found(said, path, for_members))
        elif "templates" in file.parts:
            text = file.read_text(encoding="utf-8")
            for_members = text.startswith(FOR_MEMBERS)
            found += [Found(message, path, for_members) for message in _in_template(text, path)]
    return Sources(found, untranslatable)


def _sentence_classes(trees: Iterable[ast.AST]) -> frozenset[str]:
    """Return the names of the classes made from `SENTENCES`, however many steps away."""
    bases = {
        node.name: {_name(base) for base in node.bases}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = set(SENTENCES | {"UnusableInput", "Refused", "CheckFailed"})
    while more := {name for name, parents in bases.items() if parents & known} - known:
        known |= more
    return frozenset(known)


def _in_python(tree: ast.AST, marking: frozenset[str]) -> Iterator[str | ast.JoinedStr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in marking and node.args:
            yield from _texts(node.args[0])


def _texts(node: ast.expr) -> Iterator[str | ast.JoinedStr]:
    match node:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one)
            yield from _texts(other)
        case ast.JoinedStr():
            yield node


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _in_template(text: str, path: str) -> Iterator[MessageId]:
    try:
        calls = list(environment("en").extract_translations(text))  # type: ignore[attr-defined]
    except TemplateSyntaxError as error:
        raise UnusableInput(
            "{path}, line {line}: the template cannot be read: {reason}",
            path=path,
            line=str(error.lineno),
            reason=str(error.message),
        ) from None
    for _, function, message in calls:
        if function == "ngettext":
            yield (message[0], message[1])
        elif isinstance(message, str):
            yield message
        elif message and isinstance(message[0], str):
            yield message[0]
