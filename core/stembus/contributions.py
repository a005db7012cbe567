"""What plugins give: places in the navigation, things to do for the desk, cards, own sites, and work for the clock."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from litestar.types import ASGIApp

from stembus.entry import Who

if TYPE_CHECKING:
    from stembus.instance import Instance


class NavItem(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the navigation, shown to whoever may go there. `title` is a message; lower `order` comes first.

    A path with "{name}" in it is a place in each procedure: it is shown on the pages of those that have a stage of the
    kind `stage` ("vote"), to whoever may go there by a seat that counts in them.
    """

    title: str
    path: str
    who: Who
    order: int = 100
    stage: str = ""


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
    adds to its ids, since that page has cards of more than one procedure. What is `private` as well is for their eyes
    alone: the office does not see it when it looks somebody up on the telephone.
    """

    template: str
    values: Mapping[str, Any] = {}
    order: int = 100
    own: bool = False
    private: bool = False


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """An origin of its own: what is there shares no cookie, storage or script with the pages.

    `make` returns its ASGI application. Around it stand the same checks of host and origin as around the pages, and
    every answer gets their headers, of which `headers` changes some (lower-case names). Its address is that under
    `sites` in the settings; see `stembus.web.sites.addresses_of_sites`.
    """

    name: str
    make: "Callable[[Instance], ASGIApp]"
    headers: Mapping[str, str] = {}


class Chore(msgspec.Struct, frozen=True, kw_only=True):
    """Work that is due at moments, such as closing what the clock closes. It is done every so often beside the pages.

    `tend` does what is due now and nothing when nothing is, in transactions of its own; of two at the same moment, and
    of two machines, each thing is done by one. `name` is "<plugin>.<what>".
    """

    name: str
    tend: "Callable[[Instance], object]"
