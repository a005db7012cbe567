"""Reads a policy from TOML, strictly: every mistake comes with its line, its key path and what was expected."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from .expected import keys_at
from .language.policy import Policy
from .language.stages import KINDS, Stage, UnknownStage, kind_of
from .language.walk import hints
from .lines import line_of
from .mistakes import NEVER_ASSUMED, Mistake, PolicyError, not_toml, wrong_value
from .sentence import Sentence

P = TypeVar("P", bound=msgspec.Struct)

_FRACTION = re.compile(r"^\s*(\d+)\s*/\s*([1-9]\d*)\s*$")
_BARE = re.compile(r"^[\w-]+$")
_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$?(?P<path>[^`]*)`)?$", re.DOTALL)
_FRACTION_WANTED = Sentence('a fraction written "2/3"')
_SHARE_WANTED = Sentence("a fraction between 0 and 1")
_PARTS_WANTED = Sentence("whole numbers as numerator and denominator")
_BASE_KEYS = frozenset(UnknownStage.__struct_fields__) - {"kind_name", "data"}


def parse_toml(text: str) -> dict[str, Any]:
    """TOML as plain values. Raises PolicyError with the line when it is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError([not_toml(error, text.count("\n") + 1)]) from None


def decode_hook(kind: type, value: Any) -> Any:
    """Decodes the forms that TOML does not have: an exact fraction. A decimal is refused."""
    if kind is not Fraction:
        raise NotImplementedError(kind)
    if isinstance(value, str) and (match := _FRACTION.match(value)):
        share = Fraction(int(match[1]), int(match[2]))
    elif isinstance(value, dict) and value.keys() == {"numerator", "denominator"}:
        top, bottom = value["numerator"], value["denominator"]
        if type(top) is not int or type(bottom) is not int or bottom < 1:
            raise ValueError(f"Expected {_PARTS_WANTED}")
        share = Fraction(top, bottom)
    else:
        raise ValueError(f"Expected {_FRACTION_WANTED}, got {value!r}")
    if not 0 <= share <= 1:
        raise ValueError(f"Expected {_SHARE_WANTED}, got {share}")
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
            reader.problems.append(Mistake(Sentence("missing: it always has `{key}`", key=key), key))
    values: dict[str, Any] = {}
    for key, value in reader.raw.items():
        if key == "stages" and kinds is not None:
            values[key] = reader.stages(value, kinds)
        elif key in forms:
            values[key] = reader.section(key, value, forms[key])
        else:
            reader.problems.append(Mistake(unknown_key(key, tuple(forms)), key, line_of(text, (key,))))
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
            self.problems.append(Mistake(Sentence("expected a list of tables, written [[stages]]"), "stages", line))
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
    if missing := re.match(r"Object missing required field `(\w+)`", what):
        told = NEVER_ASSUMED.get(missing[1], Sentence("missing `{key}`", key=missing[1]))
    elif unknown := re.match(r"Object contains unknown field `(\w+)`", what):
        steps = (*steps, unknown[1])
        told = unknown_key(unknown[1], keys_at(form, path_steps(below)))
    else:
        told = wrong_value(what, form, path_steps(below))
    return Mistake(told, readable_path(steps, raw), line_of(text, steps))


def unknown_key(key: str, known: tuple[str, ...]) -> Sentence:
    """That `key` cannot be there, with what somebody may have meant: the nearest key, or all that can be there."""
    near = get_close_matches(key, known, n=1)
    if near:
        return Sentence("unknown key; did you mean `{near}`?", near=near[0])
    return Sentence("unknown key; here can be: {known}", known=", ".join(known))


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
