"""How a question of the read-only JSON API is declared, and the document that describes them all (OpenAPI)."""

from collections.abc import Awaitable, Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from litestar import Litestar, Response
from litestar.concurrency import sync_to_thread
from litestar.di import Provide
from litestar.exceptions import HTTPException, NotAuthorizedException, NotFoundException, PermissionDeniedException
from litestar.handlers import HTTPRouteHandler, get
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.datastructures import ResponseSpec

from stembus.access.sessions import seen
from stembus.entry import Who
from stembus.errors import Problem, Unavailable
from stembus.web.answers import Wrong
from stembus.web.navigation import enters
from stembus.web.visit import Visit

P = ParamSpec("P")
R = TypeVar("R")
PREFIX = "/api"
MEDIA_TYPE = "application/problem+json"


def question(path: str, *, who: Who) -> Callable[[Callable[P, R]], HTTPRouteHandler]:
    """Declare a question: it answers a Struct as JSON and changes nothing. `path` comes after `/api`."""

    def declared(function: Callable[P, R]) -> HTTPRouteHandler:
        return get(
            f"{PREFIX}{path}",
            opt={"who": who},
            include_in_schema=True,
            raises=[NotAuthorizedException, PermissionDeniedException, NotFoundException],
            responses={400: ResponseSpec(Wrong, media_type=MEDIA_TYPE, description="the question cannot be read")},
        )(_asked(function, who))

    return declared


def document(questions: Sequence[HTTPRouteHandler], address: str) -> dict[str, Any]:
    """Return the OpenAPI document of these questions, made by an application that nobody serves."""
    config = OpenAPIConfig(title="Stembus", version="1", description="Reading what is public, and what is your own.")
    described = Litestar(
        list(questions),
        dependencies={"visit": Provide(_nobody, sync_to_thread=False)},
        openapi_config=config,
    )
    found: dict[str, Any] = described.openapi_schema.to_schema()
    return {**found, "servers": [{"url": address}]}


def wrong(status: int, detail: str) -> Response[Any]:
    """Return the answer that says why there is none."""
    title = {400: "Bad question", 401: "Sign in", 403: "Not for you", 404: "Not there"}.get(status, "Not possible")
    return Response(Wrong(title=title, status=status, detail=detail), status_code=status, media_type=MEDIA_TYPE)


def _asked(function: Callable[P, R], who: Who) -> Callable[P, Awaitable[R]]:
    def in_thread(*args: P.args, **kwargs: P.kwargs) -> R:
        visit = kwargs["visit"]
        assert isinstance(visit, Visit)  # noqa: S101 - Litestar gives it under this name
        if visit.visitor is not None:
            seen(visit.instance, visit.visitor.session, visit.now)
        if not enters(who, visit.visitor):
            if visit.visitor is None:
                raise NotAuthorizedException("Sign in first.")
            raise PermissionDeniedException("This is not for you.")
        try:
            return function(*args, **kwargs)
        except Unavailable:
            raise
        except Problem as problem:
            raise HTTPException(str(problem), status_code=404) from None

    @wraps(function)
    async def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        return await sync_to_thread(in_thread, *args, **kwargs)

    return asked


def _nobody() -> None:
    return None
