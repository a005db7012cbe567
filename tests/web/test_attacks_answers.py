"""What an answer never does, whatever was asked: leave a header out, or tell how the software is made."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import httpx
import msgspec
import pytest
from litestar import post
from litestar.di import NamedDependency
from litestar.params import RawBody
from litestar.testing import TestClient
from organisation_cases import found
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from stembus.contributions import DeskItem
from stembus.entry import anyone
from stembus.hooks import hookimpl
from stembus.instance import Instance
from stembus.plugins import Plugins
from stembus.web.api import question
from stembus.web.app import create_app
from stembus.web.headers import HEADERS
from stembus.web.routes import FORM_BYTES, page
from stembus.web.visit import Answer, Visit

ADDRESS = "https://stembus.voorbeeldpartij.example"
OURS = {"origin": ADDRESS, "sec-fetch-site": "same-origin"}
SECRET = "the mail address of somebody"  # noqa: S105 - what a fault must not tell

pytestmark = pytest.mark.parametrize("empty_instances", ["sqlite"], indirect=True)
"""What an answer looks like does not depend on the database."""


EVERY_KIND: tuple[tuple[int, str, str, dict[str, Any]], ...] = (
    (200, "GET", "/", {}),
    (200, "HEAD", "/", {}),
    (200, "GET", "/static/base.css", {}),
    (200, "GET", "/health", {}),
    (200, "GET", "/api/procedures", {}),
    (204, "OPTIONS", "/", {}),
    (303, "GET", "/desk", {}),
    (400, "POST", "/sign-in", {"headers": OURS, "data": {"is_admin": "1"}}),
    (400, "POST", "/sign-in", {"headers": OURS, "content": b"\xff\xfe"}),
    (401, "GET", "/api/me", {}),
    (403, "POST", "/sign-in", {"headers": OURS, "data": {"address": "x"}}),
    (403, "POST", "/sign-in", {"data": {"address": "x"}}),
    (404, "GET", "/never", {}),
    (404, "GET", "/static/never.css", {}),
    (404, "GET", "/static/%2e%2e/headers.py", {}),
    (404, "GET", "/api/never", {}),
    (405, "PUT", "/sign-in", {"headers": OURS}),
    (405, "DELETE", "/api/procedures", {"headers": OURS}),
    (413, "POST", "/sign-in", {"headers": OURS, "content": b"a=" + b"x" * FORM_BYTES}),
    (201, "POST", "/raw", {"headers": OURS, "content": b"x" * FORM_BYTES}),
    (413, "POST", "/raw", {"headers": OURS, "content": b"x" * (FORM_BYTES + 1)}),
    (421, "GET", "/", {"headers": {"host": "evil.example"}}),
    (500, "GET", "/broken", {}),
    (500, "GET", "/api/broken", {}),
)


@page("/broken", who=anyone)
def broken(visit: NamedDependency[Visit]) -> Answer:
    raise RuntimeError(SECRET)


@question("/broken", who=anyone)
def broken_question(visit: NamedDependency[Visit]) -> dict[str, str]:
    raise RuntimeError(SECRET)


@page("/asks-plugins", who=anyone)
def asks_plugins(visit: NamedDependency[Visit]) -> Answer:
    """A page that asks plugins for something, as most do."""
    with visit.read() as session:
        return visit.page("problem.html", kind=str(visit.instance.plugins.desk_items(session, visit.now)))


class Strange:
    """A plugin that fails with what somebody typed."""

    @staticmethod
    @hookimpl
    def find_desk_items(session: Session, now: datetime) -> Sequence[DeskItem]:
        raise RuntimeError(SECRET)


@post("/raw", media_type="text/plain")
async def raw(body: RawBody) -> str:
    """What a plugin may give that was not made with `page` or `action`."""
    return str(len(body))


@pytest.fixture
def ask(served: Instance) -> Callable[..., httpx.Response]:
    """Asks the application of a party, which has two pages that break and a raw one."""
    found(served)
    app = create_app(served, extra_pages=[broken, broken_question, asks_plugins, raw])
    client = TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)

    def asked(method: str, path: str, **given: Any) -> httpx.Response:
        return client.request(method, path, follow_redirects=False, **given)

    return asked


WANTED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "cache-control": "no-store",
}
"""What every answer has to carry beside its content security policy, whatever the code says."""


def test_w3_every_answer_has_the_headers(ask: Callable[..., httpx.Response]) -> None:
    assert {name: value for name, value in HEADERS.items() if name != "content-security-policy"} == WANTED
    for status, method, path, given in EVERY_KIND:
        answer = ask(method, path, **given)
        assert answer.status_code == status, (method, path)
        for name, value in HEADERS.items():
            assert answer.headers.get_list(name) == [value], (status, method, path, name)
        assert not {"server", "x-powered-by", "access-control-allow-origin"} & answer.headers.keys()


def test_w3_only_a_file_named_by_its_digest_may_be_kept(ask: Callable[..., httpx.Response]) -> None:
    address = next(part for part in ask("GET", "/").text.split('"') if part.startswith("/static/base.css?v="))
    assert "immutable" in ask("GET", address).headers["cache-control"]
    assert ask("GET", "/static/base.css?v=another").headers["cache-control"] == "no-store"


def test_w3_the_policy_allows_nothing_that_was_put_into_a_page(ask: Callable[..., httpx.Response]) -> None:
    policy = ask("GET", "/").headers["content-security-policy"]
    wanted = {"default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"}
    assert wanted | {"form-action 'self'", "object-src 'none'"} <= {part.strip() for part in policy.split(";")}
    assert not [word for word in ("unsafe", "*", "http:", "https:", "blob:") if word in policy]


@pytest.mark.parametrize("path", ["/broken", "/api/broken"])
def test_w11_a_fault_tells_nothing_of_how_it_came(
    ask: Callable[..., httpx.Response], caplog: pytest.LogCaptureFixture, path: str
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = ask("GET", f"{path}?q=what-somebody-typed")
    told = answer.text + str(answer.headers)
    assert not [word for word in ("RuntimeError", "Traceback", ".py", "litestar", SECRET) if word in told]
    assert "RuntimeError at GET" in caplog.text
    assert not [word for word in (SECRET, "what-somebody-typed") if word in caplog.text]


def test_w11_a_plugin_that_fails_tells_neither_the_visitor_nor_the_log_what_somebody_typed(
    ask: Callable[..., httpx.Response], served: Instance, caplog: pytest.LogCaptureFixture
) -> None:
    served.plugins = Plugins({"strange": Strange})
    with caplog.at_level(logging.ERROR):
        answer = ask("GET", "/asks-plugins")
    assert answer.status_code == 503
    assert not [word for word in ("strange", "RuntimeError", "disabled_plugins", SECRET) if word in answer.text]
    assert "the plugin strange failed in find_desk_items: RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def test_w11_what_somebody_typed_is_in_no_message_of_the_database(served: Instance) -> None:
    with served.read() as session, pytest.raises(DBAPIError) as failed:
        session.execute(text("SELECT :typed FROM no_such_table"), {"typed": SECRET})
    assert SECRET not in str(failed.value)


def test_w11_what_libraries_tell_of_each_request_of_ours_is_not_logged(served: Instance) -> None:
    create_app(served)
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    assert logging.getLogger("stembus.web").isEnabledFor(logging.WARNING)


@pytest.mark.parametrize(
    ("path", "told"), [("/", "Er ging bij ons iets mis"), ("/api/policies", "a fault of ours"), ("/ready", "not ready")]
)
def test_w11_a_database_that_cannot_be_used_is_told_to_who_runs_it_and_to_nobody_else(
    ask: Callable[..., httpx.Response], served: Instance, caplog: pytest.LogCaptureFixture, path: str, told: str
) -> None:
    with served.database.connection() as connection:
        for table in ("policy_adopted", "procedure"):
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_gone")
    with caplog.at_level(logging.ERROR):
        answer = ask("GET", path)
    assert answer.status_code == 503
    assert told in answer.text
    assert not [word for word in ("migrate", "policy_adopted", "sqlite", "postgresql") if word in answer.text]
    assert "stembus migrate" in caplog.text


@pytest.mark.parametrize("practice", [True, False])
def test_w11_no_description_of_the_software_and_no_debug_page_is_served(
    served: Instance, monkeypatch: pytest.MonkeyPatch, practice: bool
) -> None:
    monkeypatch.setenv("LITESTAR_DEBUG", "1")
    found(served)
    served.settings = msgspec.structs.replace(served.settings, practice=practice)
    app = create_app(served)
    assert app.debug is False
    client = TestClient(app, base_url=ADDRESS)
    for path in ("/schema", "/schema/openapi.json", "/openapi.json", "/docs", "/redoc", "/swagger", "/debug", "/.git"):
        assert client.get(path).status_code == 404, path
    for path in ("/demo", "/demo/as/001", "/mailbox", "/styleguide"):
        assert (client.get(path).status_code == 404) is not practice, path
