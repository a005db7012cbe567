"""Every part that pages are made of, on one page, to look at and to test. In an instance for practice only."""

from datetime import timedelta

from litestar.di import NamedDependency
from litestar.params import URLEncodedBody

from stembus.entry import local
from stembus.errors import UnusableInput
from stembus.web.routes import Form, Several, action, page
from stembus.web.visit import Answer, Visit
from stembus.words import N_


class EveryField(Form, frozen=True):
    """One field of each sort."""

    name: str = ""
    email: str = ""
    code: str = ""
    day: str = ""
    opens: str = ""
    about: str = ""
    answer: str = ""
    branches: Several = ""
    agrees: str = ""
    sort: str = ""


@page("/styleguide", who=local)
def styleguide(visit: NamedDependency[Visit]) -> Answer:
    """Show every part."""
    days = {days: visit.now + timedelta(days=days) for days in (-12, 3, 20)}
    return visit.page("styleguide.html", days=days)


@action("/styleguide", who=local, no_act="it keeps nothing", again=styleguide)
def send(visit: NamedDependency[Visit], data: URLEncodedBody[EveryField]) -> Answer:
    """Say what a field that is not in order looks like."""
    if "@" not in data.email:
        raise UnusableInput(
            N_("{address} is not an e-mail address. Write it as name@example.nl."),
            address=data.email or "…",
            field="email",
        )
    return visit.go("/styleguide", N_("The form of {name} was received. Nothing is kept."), name=data.name or "…")


PAGES = (styleguide, send)
