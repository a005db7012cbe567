"""The whole contract between Stembus and its plugins, on one page.

A plugin is a module in the entry-point group `stembus`. It implements the hooks that it needs, under these names and
with these parameters and annotations, each marked with `@hookimpl`. Hooks named `register_…` return things and change
nothing; they are called at the start. The other hooks are called inside the transaction that is going on.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

import click
import msgspec
import pluggy
from litestar.handlers import HTTPRouteHandler
from sqlmodel import Session, SQLModel

from stembus.access.grave_acts import GraveAct
from stembus.access.identity import IdentityProvider
from stembus.contributions import Card, Chore, DeskItem, NavItem, Site
from stembus.ledger.acts import Act, ActKind
from stembus.notices.groups import RecipientGroup
from stembus.notices.kinds import MailKind
from stembus.notices.unsendable import Unsendable
from stembus.organisation.powers import Power
from stembus.vault.retention import RetentionClass
from stembus_procedures.events import Block

if TYPE_CHECKING:
    from stembus.conduct.running import Running
    from stembus.instance import Transaction

hookspec = pluggy.HookspecMarker("stembus")
hookimpl = pluggy.HookimplMarker("stembus")


@hookspec
def register_tables() -> Iterable[type[SQLModel]]:
    """Return the plugin's row classes. Their table names begin with the plugin's name and an underscore.

    Each names its retention class with `stembus.vault.retention.kept_as`, or says that it holds nothing about people.
    """
    raise NotImplementedError


@hookspec
def register_migrations() -> Iterable[Traversable]:
    """Return the folder with the plugin's Alembic revisions (one linear history), in a tuple of one.

    They run in the order of the plugins' names, each against a version table of its own.
    """
    raise NotImplementedError


@hookspec
def register_stage_kinds() -> Iterable[type[msgspec.Struct]]:
    """Return tagged Structs, subclasses of `stembus_procedures.Stage`, that policies may then use as a stage.

    A policy that names a kind that nothing installed can execute does not pass its check.
    """
    raise NotImplementedError


@hookspec
def register_policies() -> Iterable[Traversable]:
    """Return policy files (TOML) that the plugin ships, for `stembus policy list` and to copy from."""
    raise NotImplementedError


@hookspec
def register_policy_sentences() -> Iterable[Traversable]:
    """Return files (TOML) with the sentences in which the text of a policy tells the plugin's stage kinds.

    They have the form of those in `stembus_procedures/text/sentences`; their names put them in order among those.
    """
    raise NotImplementedError


@hookspec
def register_powers() -> Iterable[Power]:
    """Return the powers that the plugin's acts ask for. The adopted definition of a body grants them to its seats."""
    raise NotImplementedError


@hookspec
def register_act_kinds() -> Iterable[ActKind]:
    """Return the kinds of act that the plugin records, each with its sentence in Dutch and English."""
    raise NotImplementedError


@hookspec
def register_retention_classes() -> Iterable[RetentionClass]:
    """Return the retention classes that the plugin's tables name, beside those of the core."""
    raise NotImplementedError


@hookspec
def register_commands() -> Iterable[click.Command]:
    """Return commands for `stembus`. One that needs the instance is marked with `stembus.pass_instance`."""
    raise NotImplementedError


@hookspec
def register_pages() -> Iterable[HTTPRouteHandler]:
    """Return the plugin's pages: functions marked with `stembus.web.page` or `stembus.web.action`."""
    raise NotImplementedError


@hookspec
def register_templates() -> Iterable[Traversable]:
    """Return the folder with the plugin's templates, in a tuple of one. Pages name them "<plugin>/file.html"."""
    raise NotImplementedError


@hookspec
def register_translations() -> Iterable[Traversable]:
    """Return the folder with the plugin's gettext catalogues (nl and nl@simple), in a tuple of one."""
    raise NotImplementedError


@hookspec
def register_navigation() -> Iterable[NavItem]:
    """Return the plugin's places in the navigation."""
    raise NotImplementedError


@hookspec
def find_desk_items(session: Session, now: datetime) -> Sequence[DeskItem]:
    """Return what waits for somebody at the moment `now`, beside what blocks a procedure."""
    raise NotImplementedError


@hookspec
def find_cards(session: Session, now: datetime, running: "Running", member_id: str | None) -> Sequence[Card]:
    """Return the plugin's parts of the page of a procedure: for a member, or (None) for the public."""
    raise NotImplementedError


@hookspec
def register_grave_acts() -> Iterable[GraveAct]:
    """Return the plugin's acts that take two, so that one person can propose and another confirm them on a page."""
    raise NotImplementedError


@hookspec
def register_mails() -> Iterable[MailKind]:
    """Return the kinds of mail that the plugin sends with `stembus.notices.outbox.queue_mail`."""
    raise NotImplementedError


@hookspec
def register_unsendable() -> Iterable[Unsendable]:
    """Return kinds of secrets, known by their form, that no mail of the server may hold."""
    raise NotImplementedError


@hookspec
def register_identity_providers() -> Iterable[IdentityProvider]:
    """Return identity providers of others, with which members can sign in who linked an account there."""
    raise NotImplementedError


@hookspec
def register_sites() -> Iterable[Site]:
    """Return the plugin's sites: origins of their own, for what may share nothing with the pages."""
    raise NotImplementedError


@hookspec
def register_chores() -> Iterable[Chore]:
    """Return work that is due at moments: it is done every minute beside the pages, and by `stembus tend`."""
    raise NotImplementedError


@hookspec
def find_recipients(session: Session, procedure_id: str) -> Sequence[RecipientGroup]:
    """Return groups of people in a procedure that the office may write to, such as those on its roll, or nothing."""
    raise NotImplementedError


@hookspec
def act_recorded(transaction: "Transaction", act: Act, act_id: str) -> None:
    """React to an act, in its own transaction: an exception here undoes the act and everything with it."""
    raise NotImplementedError


@hookspec
def find_blocks(session: Session, running: "Running") -> Sequence[Block]:
    """Return what keeps the running procedure from going on, each with its reason, or nothing."""
    raise NotImplementedError


@hookspec(firstresult=True)
def count_candidates(session: Session, running: "Running") -> int | None:
    """Return how many candidates the procedure has, or None when the plugin keeps none for it."""
    raise NotImplementedError
