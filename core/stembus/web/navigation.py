"""The navigation: the places that this visitor may go to."""

from typing import TYPE_CHECKING, NamedTuple

from stembus.contributions import NavItem
from stembus.entry import Who, anyone, lets_in, power, seated
from stembus.words import N_

if TYPE_CHECKING:
    from stembus.web.visit import Visit
    from stembus.web.visitor import Visitor


class Place(NamedTuple):
    """A link of the navigation, in the visitor's language."""

    title: str
    path: str
    is_here: bool


CORE_PLACES: tuple[NavItem, ...] = (
    NavItem(title=N_("Desk"), path="/desk", who=seated, order=10),
    NavItem(title=N_("Proposals"), path="/proposals", who=seated, order=20),
    NavItem(title=N_("Members"), path="/members", who=power("members.view", "members.view_branch"), order=30),
    NavItem(title=N_("Phone"), path="/phone", who=power("members.view"), order=35),
    NavItem(title=N_("Bodies"), path="/bodies", who=seated, order=40),
    NavItem(title=N_("Mailings"), path="/mailings", who=power("mail.view", "mail.send"), order=50),
    NavItem(title=N_("Procedures"), path="/procedures", who=anyone, order=60),
    NavItem(title=N_("Policies"), path="/policies", who=anyone, order=65),
    NavItem(title=N_("Documents"), path="/documents", who=anyone, order=70),
    NavItem(title=N_("Acts"), path="/acts", who=power("acts.view"), order=80),
)


def places(visit: "Visit") -> list[Place]:
    """Return where the visitor may go, in order."""
    items = sorted((*CORE_PLACES, *visit.instance.plugins.navigation()), key=lambda item: item.order)
    return [
        Place(visit.say(item.title), item.path, _is_here(item.path, visit.path))
        for item in items
        if enters(item.who, visit.visitor)
    ]


def enters(who: Who, visitor: "Visitor | None") -> bool:
    """Whether a visitor may enter by this rule."""
    return lets_in(
        who,
        is_member=visitor is not None,
        is_seated=visitor is not None and visitor.is_strong and bool(visitor.seats),
        powers=visitor.powers if visitor is not None else (),
    )


def _is_here(path: str, here: str) -> bool:
    return here == path or (path != "/" and here.startswith(f"{path}/"))
