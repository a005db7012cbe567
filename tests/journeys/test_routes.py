"""Every route, taken from the route table itself, for everybody: who is let in, and what it refuses.

`tests/journeys/entrance.toml` says who is let in. A route that is not in it fails, so that nobody adds a page without
deciding that.
"""

import shutil
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler
from served_site import Site, serve_in_thread
from sqlmodel import col, select

from stembus.access.sessions import start_session
from stembus.act_kinds import all_act_kinds
from stembus.clock import RunningClock
from stembus.conduct.tables import AdoptedPolicy
from stembus.instance import Instance, open_instance
from stembus.ledger.tables import LedgerLeaf
from stembus.organisation.authority import acting_seats, today
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import Seat
from stembus.web.app import create_app
from stembus.web.cookies import SESSION
from stembus.web.headers import HEADERS
from stembus.web.origin import form_token
from stembus_party_council.demo.cast import make_cast
from stembus_party_council.demo.command import CANDIDATES, MEMBERS

TABLE: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "entrance.toml").read_text(encoding="utf-8"))
PERSONAS = ("nobody", "member", "other", "branch", "office", "board", "committee", "bureau", "council", "ended", "weak")
NOT_SEATED = ("nobody", "member", "other", "ended", "weak")
GROUPS = {
    "everybody": PERSONAS,
    "signed in": PERSONAS[1:],
    "seated": tuple(name for name in PERSONAS if name not in NOT_SEATED),
}


class Route(NamedTuple):
    """One method of one route."""

    method: str
    path: str
    handler: HTTPRouteHandler

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


class Party(NamedTuple):
    """The party of the demonstration, served, with a session for each persona."""

    site: Site
    people: dict[str, str]
    fills: dict[str, str]

    def fresh(self, persona: str) -> str:
        """Begin another session of a persona: some routes end or renew the one they are asked with."""
        with self.site.instance.write() as transaction:
            return start_session(transaction, self.people[persona], "link" if persona == "weak" else "demo")

    def ask(self, route: Route, secret: str | None, **fields: str) -> httpx.Response:
        headers = {"origin": self.site.address, "sec-fetch-site": "same-origin"}
        if secret is not None:
            headers["cookie"] = f"{SESSION}={secret}"
        url = self.site.address + route.path.format_map(self.fills)
        if route.method == "GET":
            return httpx.get(url, headers=headers, timeout=30)
        if "MULTI_PART" in repr(route.handler.parsed_fn_signature.parameters["data"].kwarg_definition):
            return httpx.post(url, headers=headers, timeout=30, files={k: (None, v) for k, v in fields.items()})
        return httpx.post(url, headers=headers, timeout=30, data=fields)


def routes_of(instance: Instance) -> list[Route]:
    """Return every method of every route that is ours, in order."""
    found = []
    for route in create_app(instance).routes:
        for handler in getattr(route, "route_handlers", ()):
            if "who" in (handler.opt or {}):
                found += [Route(str(one), route.path_format, handler) for one in handler.http_methods if one != "HEAD"]
    return sorted(found, key=lambda one: (one.path, one.method))


def let_in(answer: httpx.Response) -> bool:
    """Whether somebody came in: not sent to sign in, and not turned away."""
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
    return not to_sign_in and answer.status_code not in (401, 403)


@pytest.fixture(scope="module")
def party(played_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Party]:
    folder = tmp_path_factory.mktemp("routes") / "instance"
    shutil.copytree(played_demo / "instance", folder)
    instance = open_instance(folder)
    instance.clock = RunningClock(datetime(2026, 7, 2, 10, tzinfo=UTC))
    site, server = serve_in_thread(instance)
    people = _people(instance)
    yield Party(site, people, _fills(instance))
    server.should_exit = True
    instance.close()


def _people(instance: Instance) -> dict[str, str]:
    cast = make_cast(MEMBERS, CANDIDATES)
    with instance.read() as session:
        seats = acting_seats(session, today(instance, instance.clock.now()))
        holder = {seat.body: seat.member_id for seat in reversed(seats)}
        given_by = session.exec(select(LedgerLeaf.act_id)).first() or ""
        used = {seat.member_id for seat in seats}
    people = {body: holder[slug] for body, slug in BODIES.items() if slug in holder}
    with instance.write() as transaction:
        people["member"] = member_numbered(transaction.session, cast.supporting.number).id
        people["other"] = member_numbered(transaction.session, cast.newcomer.number).id
        spare = member_numbered(transaction.session, cast.candidates[0].supporters[1]).id
        assert not {spare, people["member"], people["other"]} & used
        transaction.session.add(
            Seat(
                id="ended", body="partijbureau", office="staff", member_id=spare, starts=date(2026, 3, 2),
                ends=date(2026, 6, 1), given_at=transaction.now, given_by=given_by,
            )
        )  # fmt: skip
        people["ended"] = spare
    # Somebody of the office who signed in by mail only: a mailbox is not enough for a seat with power over others.
    people["weak"] = people["office"]
    return people


BODIES = {
    "branch": "afdeling-noord",
    "office": "partijbureau",
    "board": "bestuur",
    "committee": "kiescommissie",
    "bureau": "stembureau",
    "council": "partijraad",
}


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


def expected(route: Route) -> set[str]:
    """Return the personas that the table lets in."""
    names = TABLE[route.name]
    return {persona for name in names for persona in GROUPS.get(name, (name,))}


def test_every_route_has_its_line_in_the_table(party: Party) -> None:
    there = {route.name for route in routes_of(party.site.instance)}
    assert sorted(there - TABLE.keys()) == [], "say in entrance.toml who may enter"
    assert sorted(TABLE.keys() - there) == [], "these are gone: take them out of entrance.toml"


def test_w5_each_route_lets_in_whom_the_table_says(party: Party) -> None:
    wrong = []
    for route in routes_of(party.site.instance):
        for persona in PERSONAS:
            if route.method == "POST" and persona == "nobody":
                continue  # without a session the token is bound to a cookie; the tests of sign-in are about it
            if route.method == "POST":
                secret = party.fresh(persona)
                answer = party.ask(route, secret, csrf_token=form_token(secret))
            else:
                answer = party.ask(route, None if persona == "nobody" else party.fresh(persona))
            if let_in(answer) != (persona in expected(route)):
                wrong.append(f"{route.name}: {persona} got {answer.status_code}")
            if answer.status_code >= 500:
                wrong.append(f"{route.name}: {persona} met a fault")
    assert wrong == []


def test_w2_no_form_is_taken_without_its_token_or_with_that_of_another(party: Party) -> None:
    others, secret = form_token(party.fresh("member")), party.fresh("office")
    for route in routes_of(party.site.instance):
        if route.method == "POST":
            for fields in ({}, {"csrf_token": ""}, {"csrf_token": others}):
                answer = party.ask(route, secret, **fields)
                assert answer.status_code == 403, (route.name, fields, answer.status_code)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_w2_nothing_is_taken_from_another_site(party: Party, headers: dict[str, str]) -> None:
    secret = party.fresh("office")
    for route in routes_of(party.site.instance):
        if route.method == "POST":
            answer = httpx.post(
                party.site.address + route.path.format_map(party.fills),
                data={"csrf_token": form_token(secret)},
                headers={**headers, "cookie": f"{SESSION}={secret}"},
            )
            assert answer.status_code == 403, route.name


def test_w14_unknown_fields_are_refused(party: Party) -> None:
    secret = party.fresh("office")
    for route in routes_of(party.site.instance):
        if route.method == "POST":
            fields = {"csrf_token": form_token(secret), "is_admin": "1"}
            assert party.ask(route, secret, **fields).status_code == 400, route.name


def test_l5_every_route_that_changes_something_names_its_acts_or_says_why_none(party: Party) -> None:
    kinds = all_act_kinds(party.site.instance.plugins)
    for route in routes_of(party.site.instance):
        opt: dict[str, Any] = dict(route.handler.opt or {})
        if route.method == "POST":
            assert bool(opt["writes"]) != bool(opt["no_act"]), route.name
            assert set(opt["writes"]) <= kinds.keys(), route.name
        else:
            assert "writes" not in opt, route.name


def test_w3_every_answer_has_the_headers(party: Party) -> None:
    paths = [
        "/",
        "/never",
        "/static/base.css",
        "/static/../../etc/passwd",
        "/api/never",
        "/health",
        "/members",
        "/api/me",
    ]
    answers = [httpx.get(party.site.address + path) for path in paths]
    answers.append(httpx.get(f"{party.site.address}/", headers={"host": "evil.example"}))
    answers.append(httpx.post(f"{party.site.address}/sign-out"))
    answers.append(httpx.put(f"{party.site.address}/", headers={"origin": party.site.address}))
    for answer in answers:
        for name, value in HEADERS.items():
            if name != "cache-control":
                assert answer.headers[name] == value, (answer.url, name)
        assert "cache-control" in answer.headers
        assert "server" not in answer.headers


def test_w6_the_host_of_a_request_is_never_believed(party: Party) -> None:
    for host in ("evil.example", "evil.example:8000", "", "localhost.evil.example"):
        assert httpx.get(f"{party.site.address}/", headers={"host": host}).status_code in (400, 421)
    answer = httpx.get(f"{party.site.address}/", headers={"x-forwarded-host": "evil.example"})
    assert "evil.example" not in answer.text
