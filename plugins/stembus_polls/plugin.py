"""Holding a poll: the hooks that it implements."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable

import click
from litestar.handlers import HTTPRouteHandler
from sqlmodel import Session, SQLModel

from stembus.access.grave_acts import GraveAct
from stembus.conduct.running import Running
from stembus.contributions import Chore
from stembus.hooks import hookimpl
from stembus.ledger.acts import ActKind
from stembus.notices.groups import RecipientGroup
from stembus.notices.kinds import MailKind
from stembus.notices.unsendable import Unsendable
from stembus.organisation.powers import Power
from stembus.vault.retention import RetentionClass
from stembus.web import Card, DeskItem, NavItem, Site
from stembus_ballots.protocol.typed_credential import holds_credential
from stembus_polls import act_kinds, powers, retention, tables
from stembus_polls.blocks import blocks_of
from stembus_polls.booth.pages import BOOTH_PAGES
from stembus_polls.booth.site import SITE
from stembus_polls.candidates.on_paper import count_possible
from stembus_polls.commands.archive import archive_group
from stembus_polls.commands.booth import booth_group
from stembus_polls.commands.bureau import bureau_group
from stembus_polls.commands.candidates import candidates_group
from stembus_polls.commands.credentials import credentials_group
from stembus_polls.commands.meeting import meeting_group
from stembus_polls.commands.order import order_group
from stembus_polls.commands.paper import paper_group
from stembus_polls.commands.poll import poll_group
from stembus_polls.commands.receipt import receipt_group
from stembus_polls.commands.roll import roll_group
from stembus_polls.commands.trustee import trustee_group
from stembus_polls.commands.verify import verify_command
from stembus_polls.commands.vote import vote_command
from stembus_polls.count_command import count_command
from stembus_polls.grave_acts import GRAVE_ACTS
from stembus_polls.groups import groups_in
from stembus_polls.pages import PAGES
from stembus_polls.pages.cards import cards
from stembus_polls.pages.desk import desk_items
from stembus_polls.pages.overview import PLACES
from stembus_polls.secret.clockwork import TEND_BOXES
from stembus_polls.secret.notices import MAILS
from stembus_polls.secret.trustees.access import INVITATION_MAIL
from stembus_polls.secret.witnesses import BOARD_HEAD
from stembus_procedures.events import Block
from stembus_procedures.language.stages import Candidacy
from stembus_procedures.language.values import Words


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
def register_navigation() -> Iterable[NavItem]:
    return PLACES


@hookimpl
def register_commands() -> Iterable[click.Command]:
    return (
        count_command,
        candidates_group,
        order_group,
        roll_group,
        bureau_group,
        meeting_group,
        paper_group,
        archive_group,
        booth_group,
        poll_group,
        trustee_group,
        verify_command,
        credentials_group,
        vote_command,
        receipt_group,
    )


@hookimpl
def register_pages() -> Iterable[HTTPRouteHandler]:
    return (*PAGES, *BOOTH_PAGES)


@hookimpl
def register_sites() -> Iterable[Site]:
    return (SITE,)


@hookimpl
def register_templates() -> Iterable[Traversable]:
    return (files("stembus_polls") / "templates",)


@hookimpl
def register_translations() -> Iterable[Traversable]:
    return (files("stembus_polls") / "locale",)


@hookimpl
def find_desk_items(session: Session, now: datetime) -> Sequence[DeskItem]:
    return desk_items(session, now)


@hookimpl
def find_cards(session: Session, now: datetime, running: Running, member_id: str | None) -> Sequence[Card]:
    return cards(session, now, running, member_id)


@hookimpl
def register_mails() -> Iterable[MailKind]:
    return (INVITATION_MAIL, *MAILS, BOARD_HEAD)


@hookimpl
def register_chores() -> Iterable[Chore]:
    return (TEND_BOXES,)


@hookimpl
def register_grave_acts() -> Iterable[GraveAct]:
    return GRAVE_ACTS


@hookimpl
def find_blocks(session: Session, running: Running) -> Sequence[Block]:
    return blocks_of(session, running)


@hookimpl
def count_candidates(session: Session, running: Running) -> int | None:
    return None if running.policy.first(Candidacy) is None else count_possible(session, running)


@hookimpl
def register_unsendable() -> Iterable[Unsendable]:
    return (Unsendable(what=Words(nl="een stemcode", en="a voting code"), is_in=holds_credential),)


@hookimpl
def find_recipients(session: Session, procedure_id: str) -> Sequence[RecipientGroup]:
    return groups_in(session, procedure_id)
