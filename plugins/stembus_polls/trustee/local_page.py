"""The page of a trustee, served from the installed program to this machine alone; no code in it comes from a server.

It listens on 127.0.0.1, at a port that is free. The address that is opened holds a key that works once; after that a
cookie that no other site can have sent. Another name for this machine, another origin or a form without its token get
nothing.
"""

import hmac
import secrets
import socket
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Timer
from urllib.parse import parse_qs, urlsplit

import msgspec

from stembus.web.static_files import read_static
from stembus_polls.trustee.desk import Desk

COOKIE = "stembus_trustee"
MOST_BYTES = 64 * 1024
LAST_PAGE_SECONDS = 3.0
"""So long the browser has to fetch how the last page looks, before nobody answers any more."""
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
OWN = {"/page.js": "text/javascript; charset=utf-8", "/page.css": "text/css; charset=utf-8"}


class LocalPage(ThreadingHTTPServer):
    """The page of one trustee. `address` is what the browser opens, once."""

    daemon_threads = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.desk = desk
        self.host = f"127.0.0.1:{self.server_address[1]}"
        self.cookie = secrets.token_urlsafe(32)
        self.static = read_static()
        self._key: str | None = secrets.token_urlsafe(32)
        self.address = f"http://{self.host}/?key={self._key}"

    def takes_key(self, key: str) -> bool:
        """Whether this is the key of the address; it works once."""
        if self._key is None or not hmac.compare_digest(self._key.encode(), key.encode()):
            return False
        self._key = None
        return True

    def handle_error(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """A browser that goes away while it is answered is no fault."""


class _Request(BaseHTTPRequestHandler):
    """One request of the browser on this machine."""

    server: LocalPage
    protocol_version = "HTTP/1.0"  # one connection for each request: of a refused one the body stays unread
    server_version, sys_version = "stembus", ""
    timeout = 60

    def do_GET(self) -> None:
        """Show the page, a file of the design, or whether something changed."""
        path, query = self._asked()
        if not self._is_ours():
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, b"Not for you.\n", "text/plain")
        elif path == "/" and "key" in query:
            self._begin(query["key"])
        elif path.startswith("/static/") and (file := self.server.static.get(path.removeprefix("/static/"))):
            self._answer(HTTPStatus.OK, file.content, file.media_type)
        elif path in OWN:
            self._answer(HTTPStatus.OK, (Path(__file__).parent / path[1:]).read_bytes(), OWN[path])
        elif not self._is_known():
            self._answer(
                HTTPStatus.FORBIDDEN, b"Open the page with the address that the program shows.\n", "text/plain"
            )
        elif path == "/":
            self._page(lambda: self.server.desk.page(query.get("lang")))
        elif path == "/changed":
            self._answer(HTTPStatus.OK, msgspec.json.encode(self.server.desk.changed()), "application/json")
        else:
            self._answer(HTTPStatus.NOT_FOUND, b"There is no such page.\n", "text/plain")

    def do_POST(self) -> None:
        """Do what a form of the page asks."""
        path, _query = self._asked()
        from_here = self.headers.get("origin") == f"http://{self.server.host}"
        if not (self._is_ours() and from_here and self._is_known()):
            self._answer(HTTPStatus.FORBIDDEN, b"Not for you.\n", "text/plain")
            return
        length = self.headers.get("content-length", "")
        if not length.isdigit() or int(length) > MOST_BYTES:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"Too much.\n", "text/plain")
            return
        form = _last(parse_qs(self.rfile.read(int(length)).decode("utf-8", "replace"), keep_blank_values=True))
        if not hmac.compare_digest(form.pop("csrf_token", "").encode(), self.server.desk.form_token.encode()):
            self._answer(HTTPStatus.FORBIDDEN, b"The page is old: open it again.\n", "text/plain")
            return
        shown = self.server.desk.act(path.removeprefix("/"), form)
        if shown is not None:
            self._answer(HTTPStatus.UNPROCESSABLE_ENTITY, shown.encode(), "text/html; charset=utf-8")
        elif self.server.desk.is_closed:
            self._page(lambda: self.server.desk.page(None))
            Timer(LAST_PAGE_SECONDS, self.server.shutdown).start()
        else:
            self._go_home()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the library
        """Log nothing: what is typed here is nobody's business."""

    def _begin(self, key: str) -> None:
        if not self.server.takes_key(key):
            self._answer(
                HTTPStatus.FORBIDDEN, b"This address was used already: start the program again.\n", "text/plain"
            )
            return
        cookie = f"{COOKIE}={self.server.cookie}; Path=/; HttpOnly; SameSite=Strict"
        # Not a redirect: a browser sends no strict cookie along where it came here from elsewhere.
        body = (
            b'<!doctype html><meta http-equiv="refresh" content="0;url=/"><title>Stembus</title><a href="/">Stembus</a>'
        )
        self._answer(HTTPStatus.OK, body, "text/html; charset=utf-8", {"Set-Cookie": cookie})

    def _page(self, make: Callable[[], str]) -> None:
        self._answer(HTTPStatus.OK, make().encode(), "text/html; charset=utf-8")

    def _go_home(self) -> None:
        self._answer(HTTPStatus.SEE_OTHER, b"", "text/plain", {"Location": "/"})

    def _asked(self) -> tuple[str, dict[str, str]]:
        asked = urlsplit(self.path)
        return asked.path, _last(parse_qs(asked.query))

    def _is_ours(self) -> bool:
        """Another name for this machine would be a page of somebody else that reaches in here."""
        return self.headers.get("host") == self.server.host

    def _is_known(self) -> bool:
        try:
            sent = SimpleCookie(self.headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return sent is not None and hmac.compare_digest(sent.value.encode(), self.server.cookie.encode())

    def _answer(self, status: HTTPStatus, body: bytes, media_type: str, more: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**HEADERS, "Content-Type": media_type, **(more or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _last(found: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: values[-1] for name, values in found.items()}
