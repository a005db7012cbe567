"""The party council: the hooks that it implements."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

import click
from litestar.handlers import HTTPRouteHandler
from sqlmodel import Session, SQLModel

from stembus.access.grave_acts import GraveAct
from stembus.conduct.running import Running
from stembus.hooks import hookimpl
from stembus.ledger.acts import Act, ActKind
from stembus.organisation.powers import Power
from stembus.vault.retention import RetentionClass
from stembus.web import Card, DeskItem, NavItem
from stembus_party_council import act_kinds, powers, retention, tables
from stembus_party_council.blocks import seating_blocks
from stembus_party_council.commands import COMMANDS
from stembus_party_council.declared import offer_elected
from stembus_party_council.demo.command import demo_command
from stembus_party_council.grave_acts import GRAVE_ACTS
from stembus_party_council.pages import PAGES, PLACES
from stembus_party_council.pages.cards import cards, desk_items
from stembus_procedures.events import Block

if TYPE_CHECKING:
    from stembus.instance import Transaction


@hookimpl
def register_tables() -> Iterable[type[SQLModel]]:
    return tables.TABLES


@hookimpl
def register_migrations() -> Iterable[Traversable]:
    return (files("stembus_party_council") / "migrations",)


@hookimpl
def register_powers() -> Iterable[Power]:
    return powers.POWERS


@hookimpl
def register_act_kinds() -> Iterable[ActKind]:
    return act_kinds.ACT_KINDS


@hookimpl
def register_retention_classes() -> Iterable[RetentionClass]:
    return retention.RETENTION_CLASSES


@hookimpl
def register_commands() -> Iterable[click.Command]:
    return (*COMMANDS, demo_command)


@hookimpl
def register_pages() -> Iterable[HTTPRouteHandler]:
    return PAGES


@hookimpl
def register_navigation() -> Iterable[NavItem]:
    return PLACES


@hookimpl
def register_templates() -> Iterable[Traversable]:
    return (files("stembus_party_council") / "templates",)


@hookimpl
def register_translations() -> Iterable[Traversable]:
    return (files("stembus_party_council") / "locale",)


@hookimpl
def find_desk_items(session: Session, now: datetime) -> Sequence[DeskItem]:
    return desk_items(session, now)


@hookimpl
def find_cards(session: Session, now: datetime, running: Running, member_id: str | None) -> Sequence[Card]:
    return cards(session, now, running, member_id)


@hookimpl
def register_grave_acts() -> Iterable[GraveAct]:
    return GRAVE_ACTS


@hookimpl
def act_recorded(transaction: "Transaction", act: Act, act_id: str) -> None:
    if act.kind == "poll.declared":
        offer_elected(transaction, act)


@hookimpl
def find_blocks(session: Session, running: Running) -> Sequence[Block]:
    return seating_blocks(session, running)
