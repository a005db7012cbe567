"""The booth's own origin: its page, the same bytes for everybody, and the few questions that the page asks the server.

There are no cookies. Whoever casts has the session that they got for a code from the pages, where they are signed in.
An answer that refuses gives its reason in one word; what to do about it the page says itself, in three languages.
"""

import logging
import traceback
from typing import Any, Final

import msgspec
from litestar import Litestar, Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.params import FromPath, JSONBody
from litestar.types import ASGIApp

from stembus.contributions import Site
from stembus.errors import Problem, Refused, Unavailable
from stembus.instance import Instance
from stembus.web.struct_types import learn_structs
from stembus_polls.booth.credential import why_refused
from stembus_polls.booth.seal import BOOTH, policy_of
from stembus_polls.booth.shown import ShownPoll, shown_poll
from stembus_polls.secret.cast import CannotCast, cast
from stembus_polls.secret.hand_over import standing_in_booth, take_code
from stembus_polls.secret.poll import poll_by_uuid

LOG = logging.getLogger("stembus.booth")
NAME: Final = "booth"
PAGE: Final = BOOTH.read_bytes()
QUESTION_BYTES: Final = 4 * 1024
BALLOT_BYTES: Final = 8 * 1024 * 1024
"""More than the longest ballot of any poll; each poll says how long exactly a ballot with its padding is."""

Asked = Request[Any, Any, Any]


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code with which a signed-in person came from the pages."""

    code: str


class Begun(msgspec.Struct, frozen=True):
    """What they get for it: `state` is why their vote cannot be cast now, in one word, and empty when it can."""

    session: str
    voter: str
    language: str
    state: str


class Credential(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A public credential, of which the page asks whether it can vote."""

    credential: str


class Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ballot, with padding that makes the request as long for every vote."""

    ballot: str
    padding: str


class Receipt(msgspec.Struct, frozen=True):
    """The tracker, and the promise that the server signed about the ballot."""

    tracker: str
    promise: str


class Reason(msgspec.Struct, frozen=True):
    """Why something was refused, in one word."""

    reason: str


@get("/", media_type="text/html; charset=utf-8", include_in_schema=False)
async def booth_page() -> bytes:
    """Return the booth."""
    return PAGE


@get("/api/polls/{uuid:str}", sync_to_thread=True)
def poll_asked(instance: NamedDependency[Instance], uuid: FromPath[str]) -> ShownPoll:
    """Return what everybody may know about a poll."""
    with instance.read() as session:
        return shown_poll(instance, session, poll_by_uuid(session, uuid), instance.clock.now())


@post("/api/sessions", sync_to_thread=True, status_code=200)
def session_begun(instance: NamedDependency[Instance], data: JSONBody[Code]) -> Begun | Response[Reason]:
    """Turn a code into a session, once."""
    try:
        with instance.write() as transaction:
            taken = take_code(transaction, data.code)
    except Refused:
        return _no("code")
    state = standing_in_booth(instance, taken.session_token).reason
    return Begun(session=taken.session_token, voter=taken.voter, language=taken.language, state=state)


@post("/api/credentials", sync_to_thread=True, status_code=200)
def credential_asked(
    instance: NamedDependency[Instance], request: Asked, data: JSONBody[Credential]
) -> Response[dict[str, bool]] | Response[Reason]:
    """Say whether a credential can vote in the poll of the session."""
    reason = why_refused(instance, _token(request), data.credential)
    return _no(reason) if reason else Response({"usable": True})


@post("/api/casts", sync_to_thread=True, status_code=200, request_max_body_size=BALLOT_BYTES)
def ballot_sent(
    instance: NamedDependency[Instance], request: Asked, data: JSONBody[Sent]
) -> Receipt | Response[Reason]:
    """Take a ballot in. The same ballot again gets the same receipt."""
    token, ballot = _token(request), data.ballot.encode()
    try:
        promise = cast(instance, token, ballot, length=len(ballot) + len(data.padding.encode()))
    except CannotCast as problem:
        return _no(problem.reason)
    return Receipt(tracker=promise.tracker, promise=promise.note)


def _token(request: Asked) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def _no(reason: str, status: int = 409) -> Response[Reason]:
    return Response(Reason(reason), status_code=status)


def refused(_request: Asked, _problem: Problem) -> Response[Reason]:
    """Answer what a rule refuses and has no word of its own."""
    return _no("refused")


def no_question(_request: Asked, exception: HTTPException) -> Response[Reason]:
    """Answer what is no question of the booth."""
    return _no("refused", exception.status_code)


def too_deep(_request: Asked, _error: RecursionError) -> Response[Reason]:
    """Answer JSON that is nested deeper than anybody writes it."""
    return _no("refused", 400)


def fault(request: Asked, exception: Exception) -> Response[Reason]:
    """Log a fault of ours without anything that somebody sent."""
    # Neither the message of the exception nor the path: both may hold what a person sent.
    where = "".join(traceback.format_tb(exception.__traceback__))
    LOG.error("%s at %s %s\n%s", type(exception).__name__, request.method, request.scope.get("path_template"), where)
    return _no("fault", 503 if isinstance(exception, Unavailable) else 500)


def make(instance: Instance) -> ASGIApp:
    """Return the application of the booth's origin."""
    learn_structs()
    return Litestar(
        [booth_page, poll_asked, session_begun, credential_asked, ballot_sent],
        dependencies={"instance": Provide(lambda: instance, sync_to_thread=False)},
        exception_handlers={
            HTTPException: no_question,
            RecursionError: too_deep,  # the framework's own decoder says so, and takes it for a fault of ours
            Problem: refused,
            Unavailable: fault,
            Exception: fault,
        },
        logging_config=None,  # it is set up by the pages
        openapi_config=None,
        debug=False,
        request_max_body_size=QUESTION_BYTES,
    )


SITE: Final = Site(
    name=NAME,
    make=make,
    headers={
        "content-security-policy": f"{policy_of(PAGE.decode())}; frame-ancestors 'none'",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    },
)
