"""Reads a policy from TOML, strictly: every mistake comes with its line, its key path and what was expected."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from .expected import expected_at, keys_at
from .language.policy import Policy
from .language.stages import KINDS, Stage, UnknownStage, kind_of
from .language.walk import hints
from .lines import line_of

P = TypeVar("P", bound=msgspec.Struct)

_FRACTION = re.compile(r"^\s*(\d+)\s*/\s*([1-9]\d*)\s*$")
_BARE = re.compile(r"^[\w-]+$")
_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$?(?P<path>[^`]*)`)?$", re.DOTALL)
_NEVER_ASSUMED = {
    "blank": "what a blank vote counts for is never assumed (the law gives no rule, so the policy must)",
    "invalid": "what an invalid vote counts for is never assumed (the law gives no rule, so the policy must)",
}
_WORDS = {"object": "a table", "array": "a list", "str": "a text", "int": "a whole number", "bool": "true or false"}
_BASE_KEYS = frozenset(UnknownStage.__struct_fields__) - {"kind_name", "data"}


class Mistake(msgspec.Struct, frozen=True):
    """One mistake in a file: where it is, and what was expected there."""

    message: str
    path: str = ""
    line: int | None = None

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line else []
        where += [f"`{self.path}`"] if self.path else []
        return f"{', '.join(where)}: {self.message}" if where else self.message


class PolicyError(ValueError):
    """A text that is not a policy. `problems` lists every mistake found; as text it is one line per mistake."""

    def __init__(self, problems: Iterable[Mistake]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def parse_toml(text: str) -> dict[str, Any]:
    """TOML as plain values. Raises PolicyError with the line when it is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.match(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
        what, line = (found.group(1), found.group(2)) if found else (str(error), None)
        last = text.count("\n") + 1
        raise PolicyError([Mistake(f"this is not TOML: {what}", line=int(line) if line else last)]) from None


def decode_hook(kind: type, value: Any) -> Any:
    """Decodes the forms that TOML does not have: an exact fraction. A decimal is refused."""
    if kind is not Fraction:
        raise NotImplementedError(kind)
    if isinstance(value, str) and (match := _FRACTION.match(value)):
        share = Fraction(int(match[1]), int(match[2]))
    elif isinstance(value, dict) and value.keys() == {"numerator", "denominator"}:
        top, bottom = value["numerator"], value["denominator"]
        if type(top) is not int or type(bottom) is not int or bottom < 1:
            raise ValueError("Expected whole numbers as numerator and denominator")
        share = Fraction(top, bottom)
    else:
        raise ValueError(f'Expected a fraction written "2/3", got {value!r}')
    if not 0 <= share <= 1:
        raise ValueError(f"Expected a fraction between 0 and 1, got {share}")
    return share


def load_policy(text: str, *, extra_kinds: Iterable[type[Stage]] = ()) -> Policy:
    """The policy written in `text` (TOML).

    `extra_kinds` are stage kinds of plugins: Structs that subclass `Window` or `Task` with their own tag.
    A stage of a kind that nobody registered loads as `UnknownStage`; `check` refuses it by name.
    Raises PolicyError with every mistake that was found.
    """
    return load_document(text, Policy, kinds=stage_kinds(extra_kinds))


def load_document(text: str, form: type[P], *, kinds: Mapping[str, type[Stage]] | None = None) -> P:
    """A TOML text as the Struct `form`; a key `stages` is read by the kind that each stage names.

    Raises PolicyError with every mistake that was found.
    """
    reader = _Reader(parse_toml(text), text)
    forms = hints(form)
    required = [f.encode_name for f in msgspec.structs.fields(form) if f.required]
    for key in required:
        if key not in reader.raw:
            reader.problems.append(Mistake(f"missing: every {form.__name__.lower()} has `{key}`", key))
    values: dict[str, Any] = {}
    for key, value in reader.raw.items():
        if key == "stages" and kinds is not None:
            values[key] = reader.stages(value, kinds)
        elif key in forms:
            values[key] = reader.section(key, value, forms[key])
        else:
            known = suggestion(key, tuple(forms))
            reader.problems.append(Mistake(f"unknown key; {known}", key, line_of(text, (key,))))
    if reader.problems:
        raise PolicyError(sorted(reader.problems, key=lambda problem: problem.line or 0))
    return form(**values)


class _Reader:
    """Converts one document piece by piece, so that each piece can report its own mistake."""

    def __init__(self, raw: dict[str, Any], text: str) -> None:
        self.raw = raw
        self.text = text
        self.problems: list[Mistake] = []

    def section(self, path: str, value: Any, form: Any) -> Any:
        """One key; a table of named things entry by entry, so that a mistake has the name in its path."""
        if get_origin(form) is dict and isinstance(value, dict):
            name_form, item_form = get_args(form)
            for name in value:
                self.convert(_below(path, name), name, name_form)
            return {name: self.section(_below(path, name), item, item_form) for name, item in value.items()}
        return self.convert(path, value, form)

    def convert(self, path: str, value: Any, form: Any) -> Any:
        try:
            return msgspec.convert(value, form, dec_hook=decode_hook)
        except msgspec.ValidationError as failed:
            self.problems.append(problem_at(failed, path, form, raw=self.raw, text=self.text))
            return None

    def stages(self, value: Any, kinds: Mapping[str, type[Stage]]) -> tuple[Stage, ...]:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            line = line_of(self.text, ("stages",))
            self.problems.append(Mistake("expected a list of tables, written [[stages]]", "stages", line))
            return ()
        return tuple(self.stage(f"stages[{index}]", item, kinds) for index, item in enumerate(value))

    def stage(self, path: str, item: dict[str, Any], kinds: Mapping[str, type[Stage]]) -> Any:
        kind = item.get("kind")
        if not isinstance(kind, str) or kind in kinds:
            return self.convert(path, item, kinds.get(kind, Stage) if isinstance(kind, str) else Stage)
        known = {key: found for key, found in item.items() if key in _BASE_KEYS}
        data = {key: found for key, found in item.items() if key not in _BASE_KEYS and key != "kind"}
        fields = {"owner": "", **known, "kind": "unknown", "kind_name": kind, "data": data}
        return self.convert(path, fields, UnknownStage)


def stage_kinds(extra: Iterable[type[Stage]] = ()) -> Mapping[str, type[Stage]]:
    """Every stage kind by name. Raises ValueError when two have the same name."""
    kinds: dict[str, type[Stage]] = {}
    for kind in (*KINDS, *extra):
        name = kind_of(kind)
        if kinds.setdefault(name, kind) is not kind:
            raise ValueError(
                f"Stage kind {name!r} is registered twice: {kinds[name].__module__} and {kind.__module__}."
            )
    return kinds


def line_of_key(text: str, path: str) -> int | None:
    """The line of a key path as findings write it ("stages.vote.ballot.blank"), or of the table around it."""
    steps = path_steps(path)
    if steps and steps[0] == "cites":
        steps = ("cites", path.removeprefix("cites."))
    if len(steps) > 1 and steps[0] == "stages":
        ids = [stage.get("id") for stage in parse_toml(text).get("stages", ())]
        steps = ("stages", ids.index(steps[1]), *steps[2:]) if steps[1] in ids else ("stages",)
    return line_of(text, steps)


def problem_at(failed: msgspec.ValidationError, base: str, form: Any, *, raw: Mapping[str, Any], text: str) -> Mistake:
    """A decoding error as one line: what was expected, at which key (stages by id), on which line of the file."""
    found = _PLACE.match(str(failed))
    what, below = (found["what"], found["path"] or "") if found else (str(failed), "")
    steps = path_steps(base + below)
    wanted = expected_at(form, path_steps(below))
    if missing := re.match(r"Object missing required field `(\w+)`", what):
        why = _NEVER_ASSUMED.get(missing[1])
        what = f"missing `{missing[1]}`" + (f": {why}" if why else "")
    elif unknown := re.match(r"Object contains unknown field `(\w+)`", what):
        steps = (*steps, unknown[1])
        what = f"unknown key; {suggestion(unknown[1], keys_at(form, path_steps(below)))}"
    elif wanted and (invalid := re.match(r"Invalid enum value (.*)", what)):
        what = f"got {invalid[1]}, expected {wanted}"
    elif what.startswith("Expected"):
        got = what.partition(", got ")[2]
        what = f"expected {wanted or what.removeprefix('Expected ').partition(', got ')[0]}"
        what = _in_words(f"{what}, got {got}" if got else what)
    return Mistake(what, readable_path(steps, raw), line_of(text, steps))


def _in_words(text: str) -> str:
    """Names of types as words that someone who never programmed knows."""
    return re.sub(r"`(\w+)`", lambda match: _WORDS.get(match[1], match[0]), text)


def suggestion(key: str, known: tuple[str, ...]) -> str:
    """What somebody who wrote `key` may have meant: the nearest key, or all that can be there."""
    near = get_close_matches(key, known, n=1)
    return f"did you mean `{near[0]}`?" if near else f"here can be: {', '.join(known)}"


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if _BARE.match(name) else f'{path}."{name}"'


def path_steps(path: str) -> tuple[str | int, ...]:
    """ "stages[2].ballot.blank" as steps: ("stages", 2, "ballot", "blank"). An unnamed table key ends the path."""
    steps: list[str | int] = []
    for quoted, name, index in re.findall(r'"([^"]*)"|([\w-]+)|\[(\d+|\.\.\.)\]', path):
        if index == "...":
            break
        steps.append(int(index) if index else quoted or name)
    return tuple(steps)


def readable_path(steps: tuple[str | int, ...], raw: Mapping[str, Any]) -> str:
    """Steps as people write them; a stage by its id instead of its number."""
    words: list[str] = []
    for position, step in enumerate(steps):
        if isinstance(step, str):
            words.append(step if _BARE.match(step) else f'"{step}"')
        elif position == 1 and steps[0] == "stages" and (name := _stage_id(raw, step)):
            words.append(name)
        else:
            words[-1] += f"[{step}]"
    return ".".join(words)


def _stage_id(raw: Mapping[str, Any], index: int) -> str:
    name = raw["stages"][index].get("id")
    return name if isinstance(name, str) else ""
