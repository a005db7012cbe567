"""The party council: the hooks that it implements."""

from collections.abc import Iterable, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

import click
from sqlmodel import Session, SQLModel

from stembus.hooks import hookimpl
from stembus.ledger.acts import Act, ActKind
from stembus.organisation.powers import Power
from stembus.vault.retention import RetentionClass
from stembus_party_council import act_kinds, powers, retention, tables
from stembus_party_council.blocks import seating_blocks
from stembus_party_council.commands import COMMANDS
from stembus_party_council.declared import offer_elected
from stembus_party_council.demo.command import demo_command
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
def act_recorded(transaction: "Transaction", act: Act, act_id: str) -> None:
    if act.kind == "poll.declared":
        offer_elected(transaction, act)


@hookimpl
def find_blocks(session: Session, procedure_id: str) -> Sequence[Block]:
    return seating_blocks(session, procedure_id)
