"""Holding a poll: the hooks that it implements."""

from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable

import click
from sqlmodel import SQLModel

from stembus.hooks import hookimpl
from stembus.ledger.acts import ActKind
from stembus.organisation.powers import Power
from stembus.vault.retention import RetentionClass
from stembus_polls import act_kinds, powers, retention, tables
from stembus_polls.count_command import count_command


@hookimpl
def register_tables() -> Iterable[type[SQLModel]]:
    return tables.TABLES


@hookimpl
def register_migrations() -> Iterable[Traversable]:
    return (files("stembus_polls") / "migrations",)


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
    return (count_command,)
