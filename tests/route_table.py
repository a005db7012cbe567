"""Every route of a served party, from its own route table, and somebody of each kind to ask them."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import httpx
import msgspec
from litestar.handlers import HTTPRouteHandler
from organisation_cases import define, give, seat
from served_site import Site
from sqlmodel import col, select

from stembus.access.sessions import start_session
from stembus.conduct.tables import AdoptedPolicy
from stembus.entry import program
from stembus.instance import Instance
from stembus.ledger.tables import LedgerLeaf
from stembus.organisation.authority import acting_seats, current_definitions, today
from stembus.organisation.bodies import BodyDefinition
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import Seat
from stembus.web.app import create_app
from stembus.web.cookies import FORM, SESSION
from stembus.web.headers import HEADERS
from stembus.web.origin import form_token
from stembus_party_council.demo.cast import make_cast
from stembus_party_council.demo.command import CANDIDATES, MEMBERS

SEATED = {
    "branch": ("afdeling-noord", "officer"),
    "elsewhere": ("afdeling-zuid", "officer"),
    "office": ("partijbureau", "staff"),
    "board": ("bestuur", "chair"),
    "board member": ("bestuur", "member"),
    "committee": ("kiescommissie", "chair"),
    "committee member": ("kiescommissie", "member"),
    "bureau": ("stembureau", "chair"),
    "bureau member": ("stembureau", "member"),
    "disputes": ("geschillencommissie", "member"),
    "council": ("partijraad", "member"),
    "trustee": ("sleutelcommissie", "trustee"),
    "codes": ("codecommissie", "officer"),
}
"""Somebody in each seat that there is: the personas by body and office."""
NOT_SEATED = ("nobody", "member", "other", "ended", "weak")
"""A seat that ended counts no more, and one whose holder signed in by mail ("weak") does not count yet."""
PERSONAS = (*NOT_SEATED, *SEATED)
GROUPS = {
    "everybody": PERSONAS,
    "signed in": PERSONAS[1:],
    "seated": tuple(SEATED),
    "branch": ("branch", "elsewhere"),
    "committee": ("committee", "committee member"),
    "bureau": ("bureau", "bureau member"),
}
NOBODYS_BINDING = "the-cookie-of-a-visitor-who-is-not-signed-in"


class Route(NamedTuple):
    """One method of one route."""

    method: str
    path: str
    handler: HTTPRouteHandler

    @property
    def is_for_programs(self) -> bool:
        """Whether it takes the secret of a program, and no session."""
        return bool((self.handler.opt or {})["who"] == program)

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def takes_files(self) -> bool:
        data = self.handler.parsed_fn_signature.parameters.get("data")
        return data is not None and "MULTI_PART" in repr(data.kwarg_definition)


class AskedParty(NamedTuple):
    """The party of the demonstration, served, with the member behind each persona."""

    site: Site
    people: dict[str, str]
    fills: dict[str, str]
    routes: list[Route]
    client: httpx.Client

    @property
    def actions(self) -> list[Route]:
        """The routes that change something by a form."""
        return [route for route in self.routes if route.method == "POST" and not route.is_for_programs]

    @property
    def calls(self) -> list[Route]:
        """The routes for programs, which come in by a secret of their own."""
        return [route for route in self.routes if route.is_for_programs]

    def fresh(self, personas: Iterable[str]) -> dict[str, str]:
        """Begin a session of each persona and return its secret; nobody has none."""
        with self.site.instance.write() as transaction:
            return {
                persona: start_session(transaction, self.people[persona], "link" if persona == "weak" else "demo")
                for persona in personas
                if persona != "nobody"
            }

    def ask(self, route: Route, secret: str | None, **fields: str) -> httpx.Response:
        """Ask as a browser of ours does. Each answer, whatever it says, has the headers (W3)."""
        kept = f"{FORM}={NOBODYS_BINDING}" if secret is None else f"{SESSION}={secret}"
        headers = {"origin": self.site.address, "sec-fetch-site": "same-origin", "cookie": kept}
        answer = self.send(route, headers, fields)
        for name, value in HEADERS.items():
            assert name in answer.headers, (route.name, answer.status_code, name)
            assert name == "cache-control" or answer.headers[name] == value, (route.name, name)
        return answer

    def send(self, route: Route, headers: dict[str, str], fields: dict[str, str]) -> httpx.Response:
        """Send a request with these headers and no cookie of an earlier one."""
        self.client.cookies.clear()
        url = self.site.address + route.path.format_map(self.fills)
        if route.method == "GET":
            return self.client.get(url, headers=headers)
        if route.takes_files:
            return self.client.post(url, headers=headers, files={name: (None, it) for name, it in fields.items()})
        return self.client.post(url, headers=headers, data=fields)


def party_of(site: Site) -> AskedParty:
    """Return the party of a served demonstration, after giving the seats that its play leaves open."""
    instance = site.instance
    people = _people(instance)
    return AskedParty(site, people, _fills(instance), routes_of(instance), httpx.Client(timeout=30))


def token_of(secret: str | None) -> str:
    """Return the token that a form carries for whoever holds this session."""
    return form_token(NOBODYS_BINDING if secret is None else secret)


def routes_of(instance: Instance) -> list[Route]:
    """Return every method of every route that is ours, in order."""
    found = []
    for route in create_app(instance).routes:
        for handler in getattr(route, "route_handlers", ()):
            assert "who" in (handler.opt or {}) or handler.fn.__module__.startswith("litestar"), route.path
            if "who" in (handler.opt or {}):
                found += [Route(str(one), route.path_format, handler) for one in handler.http_methods if one != "HEAD"]
    return sorted(found, key=lambda one: (one.path, one.method))


def let_in(answer: httpx.Response) -> bool:
    """Whether somebody came in: not sent to sign in, and not turned away."""
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
    return not to_sign_in and answer.status_code not in (401, 403)


def _people(instance: Instance) -> dict[str, str]:
    cast = make_cast(MEMBERS, CANDIDATES)
    day = today(instance, instance.clock.now())
    with instance.read() as session:
        used = {one.member_id for one in acting_seats(session, day)}
        north = current_definitions(session)["afdeling-noord"]
        given_by = session.exec(select(LedgerLeaf.act_id)).first() or ""
        spare = [
            number
            for number in cast.candidates[0].supporters
            if member_numbered(session, number).id not in used and number != cast.supporting.number
        ]
    ended, zuid, disputes, *_ = spare
    by = (cast.staff[0].number, cast.staff[1].number)
    define(instance, _renamed(north), by=by)
    give(
        instance,
        seat("afdeling-zuid", "officer", zuid, starts=day),
        seat("geschillencommissie", "member", disputes, starts=day),
        by=by,
    )
    with instance.write() as transaction:
        people = {
            "member": member_numbered(transaction.session, cast.supporting.number).id,
            "other": member_numbered(transaction.session, cast.newcomer.number).id,
            "ended": member_numbered(transaction.session, ended).id,
        }
        transaction.session.add(
            Seat(
                id="ended", body="partijbureau", office="staff", member_id=people["ended"], starts=date(2026, 3, 2),
                ends=date(2026, 6, 1), given_at=transaction.now, given_by=given_by,
            )
        )  # fmt: skip
        seats = acting_seats(transaction.session, day)
    holder = {(one.body, one.office): one.member_id for one in reversed(seats)}
    people |= {persona: holder[where] for persona, where in SEATED.items()}
    # Of the other one in the office: some actions end every session of who asks.
    at_office = [one.member_id for one in seats if (one.body, one.office) == SEATED["office"]]
    return people | {"weak": next(one for one in at_office if one != people["office"])}


def _renamed(north: BodyDefinition) -> BodyDefinition:
    return msgspec.structs.replace(north, slug="afdeling-zuid", nl="Afdeling Zuid", en="Branch Zuid", branch="Zuid")


def _fills(instance: Instance) -> dict[str, str]:
    with instance.read() as session:
        policy = session.exec(select(AdoptedPolicy.fingerprint)).first() or ""
        act = session.exec(select(LedgerLeaf.act_id).order_by(col(LedgerLeaf.position))).first() or ""

    class Fills(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return "1"

    return Fills(
        name="partijraad-2026", fingerprint=policy, act_id=act, slug="partijbureau", contest="raad", size="wide"
    )
