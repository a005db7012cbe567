"""Discovery and loading of plugins, and one typed method for each hook. Nothing else calls pluggy.

What a plugin registers is asked once, when it is loaded; a plugin that fails there is named and not in use at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from importlib.metadata import EntryPoint, entry_points
from importlib.resources.abc import Traversable
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import msgspec
import pluggy
from litestar.handlers import HTTPRouteHandler
from sqlmodel import Session, SQLModel

from stembus import hooks
from stembus.access.grave_acts import GraveAct
from stembus.access.identity import IdentityProvider
from stembus.contract import hook_problem, sentences_problem, table_problem
from stembus.contributions import Card, Chore, DeskItem, NavItem, Site
from stembus.errors import PluginFailed, Problem
from stembus.ledger.acts import Act, ActKind
from stembus.notices.groups import RecipientGroup
from stembus.notices.kinds import MailKind
from stembus.notices.unsendable import Unsendable
from stembus.organisation.powers import Power
from stembus.vault.core_classes import CORE_CLASSES
from stembus.vault.retention import RetentionClass
from stembus_procedures.events import Block

if TYPE_CHECKING:
    from stembus.conduct.running import Running
    from stembus.instance import Transaction

GROUP = "stembus"
REGISTERS = tuple(name for name in vars(hooks) if name.startswith("register_"))
NAMED = (
    "register_powers",
    "register_act_kinds",
    "register_retention_classes",
    "register_mails",
    "register_grave_acts",
    "register_identity_providers",
    "register_chores",
    "register_policy_sentences",
    "register_sites",
)


class Failure(NamedTuple):
    """A plugin that could not be used, or a part of it, and why."""

    plugin: str
    reason: str


class Plugins:
    """The plugins of an instance. One that fails is named in `failures` and does not take the rest down."""

    def __init__(self, modules: Mapping[str, ModuleType | object]) -> None:
        self._manager = pluggy.PluginManager(GROUP)
        self._manager.add_hookspecs(hooks)
        self._registered: dict[str, dict[str, list[Any]]] = {}
        self.failures: list[Failure] = []
        for name in sorted(modules):
            self._load(name, modules[name])

    @classmethod
    def discover(cls, disabled: Iterable[str] = ()) -> "Plugins":
        """Load every plugin in the entry-point group `stembus`, in the order of their names."""
        found: dict[str, list[EntryPoint]] = defaultdict(list)
        for point in entry_points(group=GROUP):
            found[point.name].append(point)
        modules: dict[str, ModuleType] = {}
        failures: list[Failure] = []
        for name in sorted(found.keys() - set(disabled)):
            try:
                modules[name] = _only(found[name]).load()
            except Exception as error:  # whatever a stranger's module raises, the others must load
                failures.append(Failure(name, f"it cannot be loaded: {_reason(error)}"))
        plugins = cls(modules)
        plugins.failures[:0] = failures
        return plugins

    @property
    def names(self) -> list[str]:
        """The names of the plugins in use, in order."""
        return sorted(self._registered)

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

    def policy_sentences(self) -> tuple[Traversable, ...]:
        """Return the files with sentences about the stage kinds of plugins."""
        return self._flat("register_policy_sentences")

    def powers(self) -> tuple[Power, ...]:
        """Return the powers that plugins name."""
        return self._flat("register_powers")

    def act_kinds(self) -> tuple[ActKind, ...]:
        """Return the kinds of act that plugins record."""
        return self._flat("register_act_kinds")

    def retention_classes(self) -> tuple[RetentionClass, ...]:
        """Return the retention classes that plugins name."""
        return self._flat("register_retention_classes")

    def commands(self, taken: Iterable[str] = ()) -> tuple[click.Command, ...]:
        """Return the commands that plugins add. One whose name is taken is left out and named in `failures`."""
        owners = dict.fromkeys(taken, "the core")
        found: list[click.Command] = []
        for plugin, commands in self._asked("register_commands").items():
            for command in commands:
                name = str(command.name)
                if name in owners:
                    self._fail(plugin, f"its command {name} is left out, since {owners[name]} has one of that name")
                else:
                    owners[name] = plugin
                    found.append(command)
        return tuple(found)

    def pages(self) -> dict[str, list[HTTPRouteHandler]]:
        """Return the pages of each plugin."""
        return self._asked("register_pages")

    def templates(self) -> dict[str, Traversable]:
        """Return the folder of templates of each plugin that has one."""
        return {name: folders[0] for name, folders in self._asked("register_templates").items() if folders}

    def translations(self) -> dict[str, Traversable]:
        """Return the folder of catalogues of each plugin that has one."""
        return {name: folders[0] for name, folders in self._asked("register_translations").items() if folders}

    def navigation(self) -> tuple[NavItem, ...]:
        """Return the places in the navigation that plugins add."""
        return self._flat("register_navigation")

    def grave_acts(self) -> tuple[GraveAct, ...]:
        """Return the acts of two that plugins add."""
        return self._flat("register_grave_acts")

    def desk_items(self, session: Session, now: datetime) -> tuple[DeskItem, ...]:
        """Return what plugins say waits for somebody. Raises `PluginFailed` that names one that fails."""
        found = self._called("find_desk_items", session=session, now=now)
        return tuple(item for items in found for item in items)

    def cards(self, session: Session, now: datetime, running: "Running", member_id: str | None) -> tuple[Card, ...]:
        """Return the parts that plugins have of the page of a procedure, in order. Raises `PluginFailed` as above."""
        found = self._called("find_cards", session=session, now=now, running=running, member_id=member_id)
        return tuple(sorted((card for cards in found for card in cards), key=lambda card: card.order))

    def mails(self) -> tuple[MailKind, ...]:
        """Return the kinds of mail that plugins send."""
        return self._flat("register_mails")

    def unsendable(self) -> tuple[Unsendable, ...]:
        """Return what no mail may hold."""
        return self._flat("register_unsendable")

    def identity_providers(self) -> tuple[IdentityProvider, ...]:
        """Return the identity providers that plugins know."""
        return self._flat("register_identity_providers")

    def sites(self) -> tuple[Site, ...]:
        """Return the sites that plugins have beside the pages."""
        return self._flat("register_sites")

    def chores(self) -> tuple[Chore, ...]:
        """Return the work of plugins that is due at moments."""
        return self._flat("register_chores")

    def recipients(self, session: Session, procedure_id: str) -> tuple[RecipientGroup, ...]:
        """Return the groups in a procedure that plugins find. Raises `PluginFailed` that names one that fails."""
        found = self._called("find_recipients", session=session, procedure_id=procedure_id)
        return tuple(group for groups in found for group in groups)

    def act_recorded(self, transaction: "Transaction", act: Act, act_id: str) -> None:
        """Let each plugin react to an act, in the act's own transaction. Raises `PluginFailed` as above."""
        for _ in self._called("act_recorded", transaction=transaction, act=act, act_id=act_id):
            pass

    def blocks(self, session: Session, running: "Running") -> tuple[Block, ...]:
        """Return everything that plugins say blocks the procedure. Raises `PluginFailed` that names one that fails."""
        found = self._called("find_blocks", session=session, running=running)
        return tuple(block for blocks in found for block in blocks)

    def candidates(self, session: Session, running: "Running") -> int | None:
        """Return how many candidates the procedure has, when a plugin keeps them."""
        found = self._called("count_candidates", session=session, running=running)
        return next((count for count in found if count is not None), None)

    def _load(self, name: str, module: ModuleType | object) -> None:
        problem = hook_problem(self._manager, module)
        if problem is None:
            try:
                self._manager.register(module, name)
                self._manager.check_pending()
                self._registered[name] = self._answers(name)
                problem = self._answers_problem(name)
            except _HookError as failed:
                problem = str(failed)
            except (pluggy.PluginValidationError, ValueError) as error:
                problem = _reason(error)
        if problem is not None:
            self._registered.pop(name, None)
            if self._manager.has_plugin(name):
                self._manager.unregister(name=name)
            self._fail(name, problem)

    def _answers(self, name: str) -> dict[str, list[Any]]:
        answers: dict[str, list[Any]] = {}
        for hook in REGISTERS:
            for implementation in getattr(self._manager.hook, hook).get_hookimpls():
                if implementation.plugin_name == name:
                    try:
                        answers[hook] = list(implementation.function())
                    except Exception as error:
                        raise _HookError(f"its {hook} failed: {_reason(error)}") from error
        return answers

    def _answers_problem(self, name: str) -> str | None:
        """Say what is wrong with what a plugin registers, also beside what the others before it did, or None."""
        for hook in NAMED:
            others = {item.name: other for other, items in self._asked(hook).items() if other != name for item in items}
            for item in self._registered[name].get(hook, []):
                if item.name in others:
                    return f"its {hook} names {item.name}, which is already that of {others[item.name]}"
        if problem := sentences_problem(self._registered[name].get("register_policy_sentences", [])):
            return problem
        classes = [one.name for one in (*CORE_CLASSES, *self.retention_classes())]
        return table_problem(name, self._registered[name].get("register_tables", []), classes)

    def _asked(self, hook: str) -> dict[str, list[Any]]:
        return {name: answers[hook] for name, answers in sorted(self._registered.items()) if hook in answers}

    def _flat(self, hook: str) -> tuple[Any, ...]:
        return tuple(item for items in self._asked(hook).values() for item in items)

    def _called(self, hook: str, **values: object) -> Iterator[Any]:
        """Call a hook of each plugin by itself; a `Problem` is its own to raise.

        Raises `PluginFailed` that names the one that raised something else.
        """
        implementations = getattr(self._manager.hook, hook).get_hookimpls()
        for implementation in sorted(implementations, key=lambda found: found.plugin_name):
            try:
                answer = implementation.function(**values)
            except Problem:
                raise
            except Exception as error:
                raise PluginFailed(
                    "The plugin {plugin} failed in {hook} ({reason}). Nothing was changed. Mend it, or name it in "
                    "`disabled_plugins`.",
                    plugin=implementation.plugin_name,
                    hook=hook,
                    reason=_reason(error),
                ) from error
            yield answer

    def _fail(self, plugin: str, reason: str) -> None:
        failure = Failure(plugin, reason)
        if failure not in self.failures:
            self.failures.append(failure)


class _HookError(Exception):
    """A hook of one plugin raised while it was loaded."""


def _only(points: list[EntryPoint]) -> EntryPoint:
    """Return the one entry point of a name. Two distributions may not offer one: neither of them is then to trust."""
    if len(points) > 1:
        offering = sorted(point.dist.name if point.dist else point.value for point in points)
        raise ImportError(f"{' and '.join(offering)} both offer it; uninstall one")
    return points[0]


def _reason(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
