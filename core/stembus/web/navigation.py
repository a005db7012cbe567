"""The navigation: the places that this visitor may go to."""

from typing import TYPE_CHECKING, NamedTuple

from sqlmodel import Session

from stembus.conduct.holding import counts
from stembus.conduct.running import Running
from stembus.contributions import NavItem
from stembus.entry import Who, anyone, lets_in, power, seated
from stembus.organisation.authority import current_definitions
from stembus.organisation.mandate import allows
from stembus.words import N_

if TYPE_CHECKING:
    from stembus.web.visit import Visit
    from stembus.web.visitor import Visitor


OF_PROCEDURE = "{name}"
"""What stands in the path of a place in each procedure for the name of that procedure."""


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
    NavItem(title=N_("Steps and decisions"), path="/procedures/{name}/manage", who=seated, order=10),
)


def places(visit: "Visit") -> list[Place]:
    """Return where the visitor may go, in order."""
    items = sorted((*CORE_PLACES, *visit.instance.plugins.navigation()), key=lambda item: item.order)
    return [
        Place(visit.say(item.title), item.path, _is_here(item.path, visit.path))
        for item in items
        if OF_PROCEDURE not in item.path and enters(item.who, visit.visitor)
    ]


def places_in(visit: "Visit", session: Session, running: Running) -> list[Place]:
    """Return where the visitor may go in a procedure, by seats that count in it, in order."""
    visitor, held_by = visit.visitor, running.procedure.held_by
    if visitor is None or not visitor.is_strong:
        return []
    definitions = current_definitions(session)
    seats = [seat for seat in visitor.seats if counts(seat, running.policy, held_by, definitions)]
    kinds = {"", *(str(stage.__struct_config__.tag) for stage in running.policy.stages)}
    found = []
    for item in sorted((*CORE_PLACES, *visit.instance.plugins.navigation()), key=lambda item: item.order):
        if OF_PROCEDURE not in item.path or item.stage not in kinds:
            continue
        powers = [one for one in item.who.powers if any(allows(seat, one, definitions) for seat in seats)]
        if lets_in(item.who, is_member=True, is_seated=bool(seats), powers=powers):
            path = item.path.replace(OF_PROCEDURE, running.procedure.name)
            found.append(Place(visit.say(item.title), path, _is_here(path, visit.path)))
    return found


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
