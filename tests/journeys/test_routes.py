"""Every route, taken from the route table itself, for everybody: who is let in, and what it refuses.

`tests/journeys/entrance.toml` says who is let in. A route that is not in it fails, so that nobody adds a page without
deciding that.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from route_table import GROUPS, PERSONAS, SEATED, AskedParty, Route, let_in, token_of
from sqlalchemy import text

from stembus.act_kinds import all_act_kinds
from stembus.instance import Instance
from stembus.organisation.authority import acting_seats, today
from stembus.web.cookies import SESSION

TABLE: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "entrance.toml").read_text(encoding="utf-8"))
OF_SIGNING_IN = {"access_session", "access_challenge", "access_limit"}
"""Tables that looking at a page may touch: when somebody was here last, and what a passkey is asked."""


def expected(route: Route) -> set[str]:
    """Return the personas that the table lets in."""
    names = TABLE[route.name]
    return {persona for name in names for persona in GROUPS.get(name, (name,))}


def wrongly_met(asked_party: AskedParty, route: Route) -> list[str]:
    """Ask a route as each persona, and say where the answer is not the one of the table."""
    wrong = []
    # Some routes end or renew the session that they are asked with, so each is asked with sessions of its own.
    secrets = asked_party.fresh(PERSONAS)
    for persona in PERSONAS:
        secret = secrets.get(persona)
        fields = {"csrf_token": token_of(secret)} if route.method == "POST" else {}
        answer = asked_party.ask(route, secret, **fields)
        if let_in(answer) != (persona in expected(route)):
            wrong.append(f"{route.name}: {persona} got {answer.status_code}")
        if answer.status_code >= 500:
            wrong.append(f"{route.name}: {persona} met a fault")
    return wrong


def all_rows(instance: Instance) -> dict[str, list[Any]]:
    """Return every row of every table that looking at a page has no business with."""
    with instance.read() as session:
        names = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        return {
            name: list(session.execute(text(f'SELECT * FROM "{name}"')))  # noqa: S608 - names of tables of ours
            for name in names
            if name not in OF_SIGNING_IN
        }


def test_every_route_has_its_line_in_the_table(asked_party: AskedParty) -> None:
    there = {route.name for route in asked_party.routes}
    assert sorted(there - TABLE.keys()) == [], "say in entrance.toml who may enter"
    assert sorted(TABLE.keys() - there) == [], "these are gone: take them out of entrance.toml"


def test_every_seat_of_the_party_is_somebody_who_asks(asked_party: AskedParty) -> None:
    instance = asked_party.site.instance
    with instance.read() as session:
        seats = acting_seats(session, today(instance, instance.clock.now()))
    assert {(one.body, one.office) for one in seats} == set(SEATED.values())


def test_w5_each_page_lets_in_whom_the_table_says_and_looking_changes_nothing(asked_party: AskedParty) -> None:
    before = all_rows(asked_party.site.instance)
    wrong = [one for route in asked_party.routes if route.method == "GET" for one in wrongly_met(asked_party, route)]
    assert wrong == []
    assert all_rows(asked_party.site.instance) == before


def test_w5_each_action_lets_in_whom_the_table_says(asked_party: AskedParty) -> None:
    assert [one for route in asked_party.actions for one in wrongly_met(asked_party, route)] == []


def test_w2_w5_a_route_for_programs_takes_their_secret_and_no_session(asked_party: AskedParty) -> None:
    assert asked_party.calls
    secrets = asked_party.fresh(PERSONAS)
    for route in asked_party.calls:
        assert TABLE[route.name] == [], route.name
        for persona in PERSONAS:
            secret = secrets.get(persona)
            answers = [asked_party.ask(route, secret)]
            sent = {"origin": asked_party.site.address, "authorization": f"Bearer {secret or 'x'}"}
            answers.append(asked_party.send(route, sent, {}))
            assert {answer.status_code for answer in answers} == {401}, (route.name, persona)
            assert all("problem+json" in answer.headers["content-type"] for answer in answers), route.name


def test_w2_no_form_is_taken_without_its_token_or_with_that_of_another(asked_party: AskedParty) -> None:
    secrets = asked_party.fresh(("office", "member"))
    (before,) = asked_party.fresh(["office"]).values()
    wrong = ("", token_of(secrets["member"]), token_of(before), token_of(None))
    for route in asked_party.actions:
        for fields in ({}, *({"csrf_token": token} for token in wrong)):
            answer = asked_party.ask(route, secrets["office"], **fields)
            assert answer.status_code == 403, (route.name, fields, answer.status_code)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
)
def test_w2_nothing_is_taken_from_another_site(asked_party: AskedParty, headers: dict[str, str]) -> None:
    (secret,) = asked_party.fresh(["office"]).values()
    for route in asked_party.actions:
        sent = {**headers, "cookie": f"{SESSION}={secret}"}
        assert asked_party.send(route, sent, {"csrf_token": token_of(secret)}).status_code == 403, route.name


def test_w14_unknown_fields_are_refused(asked_party: AskedParty) -> None:
    (secret,) = asked_party.fresh(["office"]).values()
    for route in asked_party.actions:
        fields = {"csrf_token": token_of(secret), "is_admin": "1"}
        assert asked_party.ask(route, secret, **fields).status_code == 400, route.name


def test_l5_every_route_that_changes_something_names_its_acts_or_says_why_none(asked_party: AskedParty) -> None:
    kinds = all_act_kinds(asked_party.site.instance.plugins)
    for route in asked_party.routes:
        opt: dict[str, Any] = dict(route.handler.opt or {})
        if route.method == "POST":
            assert bool(opt["writes"]) != bool(opt["no_act"]), route.name
            assert set(opt["writes"]) <= kinds.keys(), route.name
        else:
            assert "writes" not in opt, route.name
