"""The door that every request passes and the headers that every answer carries: errors and files as well."""

from collections.abc import Mapping

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from stembus.web.origin import foreign_origin, same_host

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer: with it a browser sends "Origin: null" with our own forms, and they could not be told apart.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "cache-control": "no-store",
}
WRONG_HOST = b"This address is not that of these pages. Use the address that the party gave you.\n"
WRONG_ORIGIN = (
    b"This was not sent from a page of this site, so nothing was done. Open the page again and send it from there.\n"
)


class Door:
    """The outermost layer: refuses what is not for this site or not from it, and adds the headers to every answer.

    An answer may set a header itself (a file that may be cached); otherwise it gets the strict one, or that of
    `headers` where a site differs from the pages.
    """

    def __init__(self, app: ASGIApp, address: str, headers: Mapping[str, str] | None = None) -> None:
        self.address = address
        self._app = app
        self._headers = {**HEADERS, **(headers or {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        sent = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if not same_host(self.address, sent.get("host")):
            await _refuse(send_with_headers, 421, WRONG_HOST)
        elif foreign_origin(self.address, scope["method"], sent):
            await _refuse(send_with_headers, 403, WRONG_ORIGIN)
        else:
            await self._app(scope, receive, send_with_headers)


async def _refuse(send: Send, status: int, text: bytes) -> None:
    await send({
        "type": "http.response.start",
        "status": status,
        "headers": [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(text))],
    })  # fmt: skip
    await send({"type": "http.response.body", "body": text, "more_body": False})
