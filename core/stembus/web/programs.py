"""Routes for programs that people run elsewhere: JSON with a secret in each request, and never a cookie.

A browser adds no such secret by itself, so no other site can have one sent: these routes need no token of a form.
"""

from collections.abc import Awaitable, Callable, Iterable
from functools import wraps
from typing import Any, Literal, ParamSpec

import msgspec
from litestar import Response
from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler, route

from stembus.entry import program
from stembus.errors import Problem, Unavailable
from stembus.ledger.seal import seal
from stembus.web.api import wrong
from stembus.web.visit import Visit

P = ParamSpec("P")
Knows = Callable[[Any, str, str], object | None]
"""Gets the instance, what the path names and the secret that was shown; returns whose program it is, or None."""
SCHEME = "bearer "
SMALL = 256 * 1024


def call(
    path: str,
    *,
    knows: Knows,
    changes: bool = False,
    writes: Iterable[str] = (),
    no_act: str = "",
    max_bytes: int = SMALL,
) -> Callable[[Callable[P, Any]], HTTPRouteHandler]:
    """Declare what a program can call. Whose program it is stands in `visit.program` of the function.

    `path` names in its first place what the secret is for. A secret that `knows` does not know is turned away before
    the body is read. The function answers a Struct, or a whole `Response`; a refusal is told as JSON (RFC 9457).
    """
    if changes and bool(tuple(writes)) == bool(no_act):
        raise TypeError(f"{path}: name the acts that it writes, or say why it writes none.")
    opt: dict[str, Any] = {"who": program}
    if changes:
        opt |= {"writes": tuple(writes), "no_act": no_act}

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
        instance = connection.app.state["house"].instance
        secret = _shown(connection.headers.get("authorization", ""))
        about = str(next(iter(connection.path_params.values()), ""))
        known = await sync_to_thread(knows, instance, about, secret) if secret else None
        if known is None:
            raise NotAuthorizedException("This program is not known here.")
        connection.scope["state"]["program"] = known

    def declared(function: Callable[P, Any]) -> HTTPRouteHandler:
        method: Literal["GET", "POST"] = "POST" if changes else "GET"
        return route(
            path,
            http_method=method,
            status_code=200,
            opt=opt,
            guards=[guard],
            include_in_schema=False,
            request_max_body_size=max_bytes,
        )(_called(function))

    return declared


def _shown(header: str) -> str:
    return header[len(SCHEME) :].strip() if header.lower().startswith(SCHEME) else ""


def _called(function: Callable[P, Any]) -> Callable[P, Awaitable[Response[Any]]]:
    def in_thread(*args: P.args, **kwargs: P.kwargs) -> Response[Any]:
        visit = kwargs["visit"]
        assert isinstance(visit, Visit)  # noqa: S101 - Litestar gives it under this name
        try:
            answer = function(*args, **kwargs)
        except Unavailable:
            raise
        except Problem as problem:
            return wrong(visit.house.status_of(problem), visit.say(problem))
        finally:
            if visit.instance.recorded:
                seal(visit.instance)
        return answer if isinstance(answer, Response) else answered(answer)

    @wraps(function)
    async def called(*args: P.args, **kwargs: P.kwargs) -> Response[Any]:
        return await sync_to_thread(in_thread, *args, **kwargs)

    return called


def answered(answer: msgspec.Struct, status: int = 200) -> Response[Any]:
    """Return a Struct as an answer."""
    return Response(msgspec.json.encode(answer), status_code=status, media_type="application/json")
