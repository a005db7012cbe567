"""Discovery and loading of plugins, and one typed method for each hook. Nothing else calls pluggy."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from importlib.resources.abc import Traversable
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import msgspec
import pluggy
from sqlmodel import Session, SQLModel
from stembus_procedures.events import Block

from stembus import hooks
from stembus.ledger.acts import Act, ActKind
from stembus.organisation.powers import Power
from stembus.vault.retention import RetentionClass

if TYPE_CHECKING:
    from stembus.instance import Transaction

GROUP = "stembus"


class Failure(NamedTuple):
    """A plugin that could not be used, and why."""

    plugin: str
    reason: str


class Plugins:
    """The plugins of an instance. One that fails is named in `failures` and does not take the rest down."""

    def __init__(self, modules: Mapping[str, ModuleType | object]) -> None:
        self._manager = pluggy.PluginManager(GROUP)
        self._manager.add_hookspecs(hooks)
        self.failures: list[Failure] = []
        for name in sorted(modules):
            self._register(name, modules[name])

    @classmethod
    def discover(cls, disabled: Iterable[str] = ()) -> "Plugins":
        """Load every plugin in the entry-point group `stembus`, in the order of their names."""
        found: dict[str, EntryPoint] = {point.name: point for point in entry_points(group=GROUP)}
        modules: dict[str, ModuleType] = {}
        failures: list[Failure] = []
        for name in sorted(found.keys() - set(disabled)):
            try:
                modules[name] = found[name].load()
            except Exception as error:  # whatever a stranger's module raises, the others must load
                failures.append(Failure(name, f"it cannot be loaded: {_reason(error)}"))
        plugins = cls(modules)
        plugins.failures[:0] = failures
        return plugins

    @property
    def names(self) -> list[str]:
        """The names of the plugins in use, in order."""
        return sorted(name for name, _ in self._manager.list_name_plugin())

    def tables(self) -> dict[str, list[type[SQLModel]]]:
        """Return the row classes of each plugin."""
        return self._asked("register_tables")

    def migrations(self) -> dict[str, list[Traversable]]:
        """Return the folder of revisions of each plugin that has one."""
        return self._asked("register_migrations")

    def stage_kinds(self) -> tuple[type[msgspec.Struct], ...]:
        """Return the stage kinds that plugins add to the policy language."""
        return self._flat("register_stage_kinds")

    def policies(self) -> tuple[Traversable, ...]:
        """Return the policy files that plugins ship."""
        return self._flat("register_policies")

    def powers(self) -> tuple[Power, ...]:
        """Return the powers that plugins name."""
        return self._flat("register_powers")

    def act_kinds(self) -> tuple[ActKind, ...]:
        """Return the kinds of act that plugins record."""
        return self._flat("register_act_kinds")

    def retention_classes(self) -> tuple[RetentionClass, ...]:
        """Return the retention classes that plugins name."""
        return self._flat("register_retention_classes")

    def commands(self) -> tuple[click.Command, ...]:
        """Return the commands that plugins add."""
        return self._flat("register_commands")

    def act_recorded(self, transaction: "Transaction", act: Act, act_id: str) -> None:
        """Let each plugin react to an act, in the act's own transaction."""
        self._manager.hook.act_recorded(transaction=transaction, act=act, act_id=act_id)

    def blocks(self, session: Session, procedure_id: str) -> tuple[Block, ...]:
        """Return everything that plugins say blocks the procedure."""
        found = self._manager.hook.find_blocks(session=session, procedure_id=procedure_id)
        return tuple(block for blocks in reversed(found) for block in blocks)

    def candidates(self, session: Session, procedure_id: str) -> int | None:
        """Return how many candidates the procedure has, when a plugin keeps them."""
        count: int | None = self._manager.hook.count_candidates(session=session, procedure_id=procedure_id)
        return count

    def _register(self, name: str, module: ModuleType | object) -> None:
        problem = _contract_problem(module)
        if problem is None:
            try:
                self._manager.register(module, name)
                self._manager.check_pending()
            except (pluggy.PluginValidationError, ValueError) as error:
                self._manager.unregister(name=name)
                problem = str(error)
        if problem is not None:
            self.failures.append(Failure(name, problem))

    def _asked(self, hook: str) -> dict[str, list[Any]]:
        """Ask each plugin by itself, so that one that raises is named and left out instead of ending the call."""
        answers: dict[str, list[Any]] = {}
        for implementation in getattr(self._manager.hook, hook).get_hookimpls():
            name = implementation.plugin_name
            try:
                answers[name] = list(implementation.function())
            except Exception as error:
                self.failures.append(Failure(name, f"its {hook} failed: {_reason(error)}"))
                self._manager.unregister(name=name)
        return dict(sorted(answers.items()))

    def _flat(self, hook: str) -> tuple[Any, ...]:
        return tuple(item for items in self._asked(hook).values() for item in items)


def _contract_problem(module: ModuleType | object) -> str | None:
    """Say how a plugin departs from the contract, or None. Pluggy checks neither names nor annotations."""
    for name, function in vars(module).items():
        if not callable(function) or not hasattr(function, "stembus_impl"):
            continue
        specification: Callable[..., object] | None = getattr(hooks, name, None)
        if specification is None:
            return f"it implements {name}, which is not a hook"
        ours, theirs = inspect.signature(specification), inspect.signature(function)
        if _plain(ours) != _plain(theirs):
            return f"its {name}{theirs} is not what the contract says: {name}{ours}"
    return None


def _plain(signature: inspect.Signature) -> tuple[object, ...]:
    """Return names and annotations, with annotations as bare text, so that quoted ones compare equal."""
    annotations = [signature.return_annotation, *(p.annotation for p in signature.parameters.values())]
    return (
        tuple(signature.parameters),
        tuple(inspect.formatannotation(a).replace("'", "").split(".")[-1].rstrip("]") for a in annotations),
    )


def _reason(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
