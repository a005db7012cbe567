"""Says in sentences what changed between two policies, or two versions of one."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from .language.policy import Policy
from .language.stages import Stage
from .language.values import Moment, Span, Words
from .language.walk import hints
from .text.catalogue import Catalogue, shipped
from .text.document import Document
from .text.phrases import distance, words_in
from .text.rendering import render
from .text.saying import Speaker
from .text.tree import PHRASES

_TERMS = ("Convocation.due",)
"""Moments whose label already says from what they are counted."""
_NAMES = ("id", "type", "office", "body", "criterion")
"""Keys by which an item of a list is known, so that one more item does not change all after it."""


class _Leaf(NamedTuple):
    """One value: whose it is, and where."""

    value: Any
    holder: Struct
    field: str
    path: str
    """The key path as the text knows it, with numbers for items of lists."""
    stage: Stage | None
    is_order: bool = False


class _Said(NamedTuple):
    """One sentence of a text, and the article and paragraph that it stands in."""

    text: str
    place: str


class _Quoted(NamedTuple):
    """What the old text says of a part, and what the new text says instead; one of them may be empty."""

    part: str
    old: tuple[_Said, ...]
    new: tuple[_Said, ...]

    @property
    def place(self) -> str:
        return (self.new or self.old)[0].place


def differences(
    a: Policy, b: Policy, lang: Literal["nl", "en"] = "nl", *, catalogue: Catalogue | None = None
) -> tuple[str, ...]:
    """What changes when policy `a` becomes policy `b`, a sentence for each change; empty when they are the same.

    A number, term or office is told as such ("The convocation term goes from 14 to 21 clear days"), any other
    change by the sentences of the text that it concerns; each with the article where it stands.
    """
    said = _Sides(a, b, lang, catalogue or shipped())
    kept = [stage.id for stage in a.stages if _same_stage(stage, b)]
    changed = [*said.stages(kept), *said.keys(_leaves_of(a, kept), _leaves_of(b, kept))]
    return tuple(dict.fromkeys(changed))


class _Sides:
    """The two policies, their texts, and the sentences that tell a change."""

    def __init__(self, a: Policy, b: Policy, lang: Literal["nl", "en"], catalogue: Catalogue) -> None:
        self.policies = (a, b)
        self.lang = lang
        self.catalogue = catalogue
        self.texts = tuple(self.by_key(render(policy, lang, catalogue=catalogue)) for policy in (a, b))
        self.quoted: set[tuple[int, _Said]] = set()
        self.speakers = tuple(Speaker(policy, lang, catalogue) for policy in (a, b))

    def tell(self, sentence: str, **words: str) -> str:
        text = words_in(self.catalogue.values.change[sentence], self.lang).format(**words)
        return text[:1].upper() + text[1:]

    def stages(self, kept: list[str]) -> Iterator[str]:
        """Stages that go, that come, and a new order of those that stay."""
        a, b = self.policies
        for sentence, policy, speaker in (("stage_gone", a, self.speakers[0]), ("stage_new", b, self.speakers[1])):
            for stage in policy.stages:
                if stage.id not in kept:
                    yield self.tell(sentence, stage=f"{speaker.stage(stage)} ({stage.id})")
        if kept != [stage.id for stage in b.stages if stage.id in kept]:
            names = [self.speakers[1].stage(stage) for stage in b.stages]
            yield self.tell("stages", new=", ".join(names))

    def keys(self, old: Mapping[str, _Leaf], new: Mapping[str, _Leaf]) -> Iterator[str]:
        """Each key that changes, comes or goes, in the order of the new policy."""
        told_parts: set[str] = set()
        as_data: dict[str, str] = {}
        changes: list[str | _Quoted] = []
        for name in (*new, *(name for name in old if name not in new)):
            before, after = old.get(name), new.get(name)
            if before is not None and after is not None and _is_same(before, after):
                continue
            part = name.rpartition(".")[0]
            if told := self.change(name, before, after):
                told_parts.add(part)
                changes.append(told)
            elif self.is_quoted(before, after):
                told_parts.add(part)
            elif before is not None and after is not None:
                changes.append(self.as_data(name, before, after))
            elif not _is_empty(before or after):
                as_data.setdefault(part, self.as_data(name, before, after))
        yield from (change if isinstance(change, str) else self.quote(change) for change in _together(changes))
        # A part that comes or goes is told by its sentences; only one without any is told as data.
        yield from (told for part, told in as_data.items() if part not in told_parts)

    def change(self, name: str, before: _Leaf | None, after: _Leaf | None) -> str | _Quoted | None:
        """A change in words; None when no sentence speaks of it that was not quoted yet."""
        if before is not None and after is not None and after.is_order:
            return self.tell("order", key=name.removesuffix("[]"), new=", ".join(map(str, after.value)))
        if before is not None and after is not None and (told := self.in_numbers(before, after)):
            return told
        was, will = (
            tuple(said for said in texts if (side, said) not in self.quoted)
            for side, texts in enumerate(self.sentences(before, after))
        )
        self.quoted.update((0, said) for said in was)
        self.quoted.update((1, said) for said in will)
        return _Quoted(name.rpartition(".")[0], was, will) if was or will else None

    def is_quoted(self, before: _Leaf | None, after: _Leaf | None) -> bool:
        """Whether another key already brought the sentences about this one."""
        return any(self.sentences(before, after))

    def quote(self, quoted: _Quoted) -> str:
        old, new = (" ".join(said.text for said in side) for side in (quoted.old, quoted.new))
        return self.tell("was" if old and new else "new" if new else "gone", place=quoted.place, old=old, new=new)

    def as_data(self, name: str, before: _Leaf | None, after: _Leaf | None) -> str:
        """A change of a key that only the data needs."""
        nothing = words_in(self.catalogue.values.change["none"], self.lang)
        old = self.plain(before, self.speakers[0]) if before is not None else nothing
        new = self.plain(after, self.speakers[1]) if after is not None else nothing
        if before is not None and after is not None and isinstance(before.value, Words):
            name, old, new = _other_words(name, before.value, after.value)
        return self.tell("key", key=name, old=old, new=new)

    def sentences(self, before: _Leaf | None, after: _Leaf | None) -> tuple[tuple[_Said, ...], tuple[_Said, ...]]:
        """The sentences about a key that only the old, and those that only the new text has."""
        old = self.texts[0].get(before.path, []) if before is not None else []
        new = self.texts[1].get(after.path, []) if after is not None else []
        same = {said.text for said in old} & {said.text for said in new}
        was, will = (tuple(said for said in texts if said.text not in same) for texts in (old, new))
        return was, will

    def by_key(self, document: Document) -> dict[str, list[_Said]]:
        """All sentences that say a key."""
        found: dict[str, list[_Said]] = {}
        for section in (document.front, *document.sections):
            for number, paragraph in enumerate(section.paragraphs, 1):
                words = self.catalogue.values.change["place" if section.number else "front"]
                place = words_in(words, self.lang).format(article=section.number, paragraph=number)
                for sentence in (*paragraph.sentences, *(said for item in paragraph.items for said in item)):
                    for key in sentence.keys:
                        found.setdefault(key, []).append(_Said(re.sub(";$", ".", sentence.text), place))
        return found

    def in_numbers(self, before: _Leaf, after: _Leaf) -> str | None:
        """A change of one number, term, share, moment or office with a label; None for anything else."""
        label = self.label(after)
        simple = (int, Span, Fraction, Moment, str)
        if label is None or not all(isinstance(leaf.value, simple) for leaf in (before, after)):
            return None
        if isinstance(before.value, bool) or type(before.value) is not type(after.value):
            return None
        old, new = self.values(before, after)
        said = self.texts[1].get(after.path)
        place = f" ({said[0].place})" if said else ""
        return self.tell("goes", label=label, old=old, new=new, place=place) if old != new else None

    def label(self, leaf: _Leaf) -> str | None:
        for kind in type(leaf.holder).__mro__:
            if found := self.catalogue.values.label.get(f"{kind.__name__}.{leaf.field}"):
                stage = self.speakers[1].stage(leaf.stage) if leaf.stage is not None else ""
                body = self.policies[1].bodies.get(getattr(leaf.holder, "body", ""))
                return (
                    words_in(found, self.lang)
                    .replace("{stage}", stage)
                    .replace("{body}", words_in(body.name, self.lang) if body else "")
                )
        return None

    def values(self, before: _Leaf, after: _Leaf) -> tuple[str, str]:
        """The two values in words; what both share is said once."""
        match before.value, after.value:
            case Span(unit=unit) as old, Span() as new if new.unit == unit:
                return str(old.n), distance(new.n, unit, clear=False, lang=self.lang, in_figures=True)
            case Moment() as old, Moment() as new if _only_days(old, new):
                said = distance(abs(new.days), "days", clear=new.clear, lang=self.lang, in_figures=True)
                if f"{type(after.holder).__name__}.{after.field}" not in _TERMS:
                    side = ("before", "vóór") if new.days < 0 else ("after", "na")
                    said += f" {side[self.lang == 'nl']} {self.speakers[1].anchor(new.anchor)}"
                return str(abs(old.days)), said
            case int(), int():
                return str(before.value), str(after.value)
        return self.plain(before, self.speakers[0]), self.plain(after, self.speakers[1])

    def plain(self, leaf: _Leaf, speaker: Speaker) -> str:
        if _is_empty(leaf):
            return words_in(self.catalogue.values.change["none"], self.lang)
        annotation = hints(type(leaf.holder)).get(leaf.field)
        said = speaker.value(leaf.value, annotation, (type(leaf.holder), leaf.field), leaf.path)
        is_as_written = isinstance(leaf.value, Moment) or (said == leaf.value and " " in said)
        return f"“{said}”" if is_as_written else said


def _is_empty(leaf: _Leaf | None) -> bool:
    """A key that holds nothing, or only the order of items that tell themselves."""
    return leaf is None or leaf.is_order or leaf.value is None or leaf.value in ((), "", {})


def _is_same(before: _Leaf, after: _Leaf) -> bool:
    """The same value; for an order, of the items that both have."""
    if not before.is_order:
        return bool(before.value == after.value)
    both = set(before.value) & set(after.value)
    return [name for name in before.value if name in both] == [name for name in after.value if name in both]


def _other_words(name: str, old: Words, new: Words) -> tuple[str, str, str]:
    """The first language in which the words differ, with the words in it."""
    lang = next(lang for lang in ("nl", "en", "nl_simple") if getattr(old, lang) != getattr(new, lang))
    return f"{name}.{lang}", f"“{getattr(old, lang)}”", f"“{getattr(new, lang)}”"


def _same_stage(stage: Stage, policy: Policy) -> bool:
    return any(type(other) is type(stage) and other.id == stage.id for other in policy.stages)


def _only_days(old: Moment, new: Moment) -> bool:
    """Two moments that differ only in how many days they lie from the same day."""
    same = (old.anchor, old.at, old.clear, old.months) == (new.anchor, new.at, new.clear, 0)
    return same and old.days * new.days > 0


def _together(changes: list[str | _Quoted]) -> Iterator[str | _Quoted]:
    """What is quoted from one paragraph about one part is quoted at once."""
    waiting: _Quoted | None = None
    for change in changes:
        if waiting and isinstance(change, _Quoted) and (waiting.part, waiting.place) == (change.part, change.place):
            waiting = _Quoted(change.part, waiting.old + change.old, waiting.new + change.new)
            continue
        if waiting:
            yield waiting
        waiting = change if isinstance(change, _Quoted) else None
        if isinstance(change, str):
            yield change
    if waiting:
        yield waiting


def _leaves_of(policy: Policy, kept: list[str]) -> dict[str, _Leaf]:
    """Every value of a policy by a name that stays when items are added around it; stages only when kept."""
    leaves = dict(_leaves(policy, "", "", None))
    stages = [stage for stage in policy.stages if stage.id in kept]
    for stage in stages:
        leaves.update(_leaves(stage, f"stages.{stage.id}", f"stages.{stage.id}", stage))
    return leaves


def _leaves(part: Struct, name: str, path: str, stage: Stage | None) -> Iterator[tuple[str, _Leaf]]:
    for field in part.__struct_fields__:
        value = getattr(part, field)
        key, key_path = (f"{around}.{field}" if around else field for around in (name, path))
        if isinstance(value, tuple) and any(isinstance(item, Stage) for item in value):
            continue
        if isinstance(value, Struct) and not isinstance(value, PHRASES):
            yield from _leaves(value, key, key_path, stage)
        elif isinstance(value, dict) and field != "data":
            for entry, item in value.items():
                if isinstance(item, Struct) and not isinstance(item, PHRASES):
                    yield from _leaves(item, f"{key}.{entry}", f"{key_path}.{entry}", stage)
                else:
                    yield f"{key}.{entry}", _Leaf(item, part, field, f"{key_path}.{entry}", stage)
        elif isinstance(value, tuple) and any(isinstance(item, Struct) for item in value):
            names = _item_names(value)
            if names[0] != "0":
                yield f"{key}[]", _Leaf(tuple(names), part, field, key_path, stage, is_order=True)
            for index, item in enumerate(value):
                yield from _leaves(item, f"{key}[{names[index]}]", f"{key_path}[{index}]", stage)
        else:
            yield key, _Leaf(value, part, field, key_path, stage)


def _item_names(items: tuple[Struct, ...]) -> list[str]:
    """What the items of a list are known by; their numbers when no name keeps them apart."""
    for field in _NAMES:
        names = [str(getattr(item, field, "")) for item in items]
        if all(names) and len(set(names)) == len(names):
            return names
    return [str(index) for index in range(len(items))]
