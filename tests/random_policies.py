"""Random policies: every kind of stage, every key, every fixed value, so that a promise holds for all of them."""

import types
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from msgspec import Struct

from stembus_procedures import Policy, Stage
from stembus_procedures.language import KINDS, Body, Words
from stembus_procedures.language.values import Moment

BODIES = {
    "vergadering": Body(name=Words(nl="de vergadering", en="the assembly"), kind="assembly"),
    "raad": Body(name=Words(nl="de raad", en="the council"), kind="council"),
    "commissie": Body(name=Words(nl="de commissie", en="the committee"), kind="committee"),
}
STAGES = ("s0", "s1", "s2")
CHANNELS = ("paper_in_meeting", "post")
RETENTION = ("papers",)
_NAMES = {"bodies": tuple(BODIES), "stages": STAGES, "channels": CHANNELS, "retention": RETENTION}
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.sampled_from(("", "iets", "nog iets")),
    int: st.integers(0, 3),
    bool: st.booleans(),
    Fraction: st.sampled_from((Fraction(1, 2), Fraction(2, 3), Fraction(3, 7))),
    date: st.dates(date(2026, 1, 1), date(2027, 12, 31)),
}
_BY_KEY = {
    "at": st.sampled_from(("09:00", "24:00")),
    "anchor": st.sampled_from(("meeting", "s0.due", "s1.opens", "elders")),
    "timezone": st.just("Europe/Amsterdam"),
    "timezones_shown": st.sampled_from(((), ("America/Curacao",))),
    "bodies": st.just(BODIES),
    "anchors": st.just({"meeting": Words(nl="de dag", en="the day")}),
    "cites": st.sampled_from(({}, {"adoption.by": ("statuten 1.1",)}, {"stages.s0": ("HR 2",), "nergens": ("HR 3",)})),
    "title": st.just(Words(nl="de titel", en="the title")),
}


def structs(kind: type[Struct], **given: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Any value of a Struct of the language."""
    hints = get_type_hints(kind, include_extras=True)
    fields = {name: given.get(name, _field(name, hints[name])) for name in kind.__struct_fields__}
    return st.builds(kind, **fields)


def policies() -> st.SearchStrategy[Policy]:
    """Any policy of up to three stages; it decodes, and need not pass any check."""
    return structs(Policy, stages=st.lists(st.sampled_from(KINDS), max_size=3).flatmap(_stages))


def _stages(kinds: list[type[Stage]]) -> st.SearchStrategy[Any]:
    return st.permutations(STAGES).flatmap(
        lambda ids: st.tuples(*(structs(kind, id=st.just(id_)) for kind, id_ in zip(kinds, ids, strict=False)))
    )


def _field(name: str, annotation: Any) -> st.SearchStrategy[Any]:
    if name == "title" and type(None) in get_args(annotation):
        return st.none() | _BY_KEY["title"]
    return _BY_KEY[name] if name in _BY_KEY else _of(annotation)


def _of(annotation: Any) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - one line for each form of type
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        refers_to = next((meta.extra["refers_to"] for meta in args[1:] if meta.extra and "refers_to" in meta.extra), "")
        least = next((meta.ge for meta in args[1:] if meta.ge is not None), 0)
        if refers_to:
            return st.sampled_from(_NAMES[refers_to])
        if args[0] is str:
            return st.sampled_from(("naam", "andere", "09:00"))
        return st.integers(least, least + 2) if args[0] is int else _of(args[0])
    if origin is Literal:
        return st.sampled_from(args)
    if origin in (Union, types.UnionType):
        return st.one_of(*(st.none() if arg is type(None) else _of(arg) for arg in args))
    if origin is tuple:
        return st.lists(_of(args[0]), max_size=2, unique=_is_plain(args[0])).map(tuple)
    if origin is dict:
        return st.dictionaries(
            _of(args[0]) if get_origin(args[0]) is Literal else st.just("papers"), _of(args[1]), max_size=1
        )
    if annotation is Words:
        return st.builds(Words, nl=st.sampled_from(("woorden", "tekst")), en=st.just("words"))
    if annotation is Moment:
        return st.builds(
            Moment,
            anchor=_BY_KEY["anchor"],
            at=_BY_KEY["at"],
            days=st.sampled_from((-14, 0, 1)),
            months=st.sampled_from((0, 2)),
            clear=st.booleans(),
        )
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return st.deferred(_later(annotation))
    return _PLAIN[annotation]


def _later(kind: type[Struct]) -> Callable[[], st.SearchStrategy[Any]]:
    return lambda: structs(kind)


def _is_plain(annotation: Any) -> bool:
    return not (isinstance(annotation, type) and issubclass(annotation, Struct))
