"""The JSON API answers what its document says, to whom it says, and never with a fault of ours."""

from collections.abc import Mapping
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from served_site import Site

from stembus.web.api import document
from stembus.web.cookies import SESSION
from stembus.web.pages.api import QUESTIONS

HEADERS = {"sec-fetch-site": "none"}


def get(site: Site, path: str, cookies: Mapping[str, str] = {}) -> httpx.Response:
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return httpx.get(site.address + path, headers={**HEADERS, "cookie": cookie})


def test_w7_no_question_that_the_document_allows_meets_a_fault(site: Site) -> None:
    described = schemathesis.openapi.from_dict(document(QUESTIONS, site.address))
    secret = site.secret_of("001001")
    for found in described.get_all_operations():
        operation: Any = found
        strategy = operation.ok().as_strategy()

        @settings(max_examples=25, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=strategy)
        def asked(case: schemathesis.Case[Any]) -> None:
            answer = case.call(base_url=site.address, headers={**HEADERS, "cookie": f"{SESSION}={secret}"})
            assert answer.status_code < 500, (case.formatted_path, answer.status_code)

        asked()


def test_the_document_is_for_who_holds_a_seat(site: Site) -> None:
    assert get(site, "/api/openapi.json").status_code == 303
    answer = get(site, "/api/openapi.json", {SESSION: site.secret_of("001001")})
    assert answer.status_code == 200
    assert answer.json()["paths"].keys() >= {"/api/procedures", "/api/me"}


def test_w11_no_other_description_or_debug_page_is_there(site: Site) -> None:
    for path in ("/schema", "/schema/openapi.json", "/docs", "/redoc", "/swagger", "/debug", "/openapi.json"):
        assert get(site, path).status_code == 404


def test_procedures_are_told_to_anybody_with_their_calendar(site: Site) -> None:
    (short,) = [one for one in get(site, "/api/procedures").json() if one["name"] == "partijraad-2026"]
    full = get(site, "/api/procedures/partijraad-2026").json()
    assert full["id"] == short["id"]
    assert {"call", "vote"} <= {stage["id"] for stage in full["stages"]}
    assert full["calendar"]


def test_what_is_not_there_is_said_in_one_form(site: Site) -> None:
    answer = get(site, "/api/procedures/never")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["status"] == 404


def test_ones_own_data_is_told_to_oneself_only(site: Site) -> None:
    assert get(site, "/api/me").status_code == 401
    told = get(site, "/api/me", {SESSION: site.secret_of("001001")}).json()
    assert told["tables"]["member"][0]["number"] == "001001"
