"""Whether a plugin keeps to the contract in `stembus.hooks`: names, parameters, types, and what it registers."""

import inspect
import typing
from collections.abc import Callable, Iterable
from importlib.resources.abc import Traversable
from types import ModuleType
from typing import Any, get_args, get_origin

import pluggy
from sqlmodel import SQLModel

from stembus import hooks
from stembus_procedures.text import Catalogue, faults, read_article, shipped


def hook_problem(manager: pluggy.PluginManager, plugin: ModuleType | object) -> str | None:
    """Say how the hooks that a plugin implements depart from the contract, or None.

    Pluggy itself looks at the names of parameters only. Annotations are compared as what they mean: quoted or not,
    and from `typing` or `collections.abc`.
    """
    for attribute in dir(plugin):
        options = manager.parse_hookimpl_opts(plugin, attribute)
        if options is None:
            continue
        name = options.get("specname") or attribute
        specification = getattr(hooks, name, None)
        if not hasattr(specification, "stembus_spec"):
            return f"it implements {name}, which is not a hook"
        if options.get("wrapper") or options.get("hookwrapper"):
            return f"its {name} wraps the hooks of others, which is not allowed"
        problem = _signature_problem(name, specification, getattr(plugin, attribute))
        if problem is not None:
            return problem
    return None


def table_problem(plugin: str, tables: Iterable[Any], classes: Iterable[str]) -> str | None:
    """Say what is wrong with the row classes of a plugin, or None; `classes` are the retention classes it may name."""
    known = set(classes)
    for row_class in tables:
        if not (isinstance(row_class, type) and issubclass(row_class, SQLModel) and hasattr(row_class, "__table__")):
            return f"its register_tables returned {row_class!r}, which is not a row class (SQLModel with table=True)"
        table = row_class.__table__
        if not table.name.startswith(f"{plugin}_"):
            return f"its table {table.name} does not begin with {plugin}_"
        if "retention" not in table.info:
            return f"its table {table.name} names no retention class: use kept_as or about_nobody"
        if table.info["retention"] not in known | {None}:
            return f"its table {table.name} names the retention class {table.info['retention']}, which nobody registers"
        if table.info.get("person") not in {None, *table.c.keys()}:
            return f"its table {table.name} has no column {table.info['person']} that could name the person"
    return None


def sentences_problem(sentences: Iterable[Traversable]) -> str | None:
    """Say what is wrong with the files of sentences of a plugin, or None."""
    taken = {article.name for article in shipped().articles}
    for file in sentences:
        try:
            article = read_article(file.name, file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            return f"its {file.name} cannot be read: {' '.join(str(error).split())}"
        if article.name in taken:
            return f"its {file.name} has the name of a file that ships"
        if mistakes := faults(Catalogue((article,))):
            return f"its {mistakes[0]}"
    return None


def _signature_problem(name: str, specification: Any, implementation: Callable[..., object]) -> str | None:
    ours, theirs = inspect.signature(specification), inspect.signature(implementation)
    wanted = f"the contract says {name}{ours}"
    if list(ours.parameters) != list(theirs.parameters):
        return f"its {name} takes ({', '.join(theirs.parameters)}); {wanted}"
    expected = _meanings(specification, {})
    try:
        found = _meanings(implementation, getattr(implementation, "__globals__", {}))
    except Exception as error:  # an annotation is a stranger's expression and may raise anything
        return f"an annotation of its {name} cannot be understood ({error}); {wanted}"
    for parameter in (*ours.parameters, "return"):
        if parameter not in found:
            return f"its {name} does not say the type of {parameter}; {wanted}"
        if found[parameter] != expected[parameter]:
            return f"its {name} has another type for {parameter} ({found[parameter]}); {wanted}"
    return None


def _meanings(function: Callable[..., object], names: dict[str, Any]) -> dict[str, Any]:
    # Both are made with plugins, so this module comes first there.
    from stembus.conduct.running import Running  # noqa: PLC0415
    from stembus.instance import Transaction  # noqa: PLC0415

    # Names that a plugin imports for the type checker only are looked up in the contract.
    namespace = {**vars(hooks), "Running": Running, "Transaction": Transaction, **names}
    hints = typing.get_type_hints(function, globalns=namespace)
    return {name: _meaning(hint) for name, hint in hints.items()}


def _meaning(hint: Any) -> Any:
    """Return a form in which hints that mean the same are equal."""
    origin = get_origin(hint)
    if origin is None:
        return hint
    return origin, tuple(_meaning(part) for part in get_args(hint))
