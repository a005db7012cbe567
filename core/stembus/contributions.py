"""What plugins give to the pages: places in the navigation, things to do for the desk, and cards."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from stembus.entry import Who


class NavItem(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the navigation, shown to whoever may go there. `title` is a message; lower `order` comes first."""

    title: str
    path: str
    who: Who
    order: int = 100


class DeskItem(msgspec.Struct, frozen=True, kw_only=True):
    """Something that waits for a person. `title` is a message with {places} that `values` fill.

    It is shown to whoever has one of `powers`, and counts as urgent by `due`. `path` is the page where it is done.
    """

    title: str
    path: str
    powers: tuple[str, ...]
    values: Mapping[str, Any] = {}
    due: datetime | None = None
    procedure_id: str | None = None


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the page of a procedure: a template of the plugin and its values. Lower `order` comes first.

    `own` is about the member who reads it: it is on their own page too. Such a template is also given `at`, which it
    adds to its ids, since that page has cards of more than one procedure.
    """

    template: str
    values: Mapping[str, Any] = {}
    order: int = 100
    own: bool = False
