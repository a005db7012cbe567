"""How a page is declared: whom it is for, and, when it changes something, which acts it writes.

A handler is a plain function that takes the visit. Around it, in the same thread, stand the checks that no handler
does itself: who may enter, whether a form was made for this visitor, and what is shown when a rule refuses.
"""

from collections.abc import Awaitable, Callable, Iterable
from functools import wraps
from inspect import Parameter, signature
from typing import Any, ParamSpec

import msgspec
from litestar.concurrency import sync_to_thread
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler, route

from stembus.entry import Who
from stembus.errors import Problem, Unavailable
from stembus.web.entering import turned_away
from stembus.web.visit import Answer, Visit

P = ParamSpec("P")
Handler = Callable[P, Answer]
FORM_BYTES = 256 * 1024


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a page sends back. Its fields are text as it was typed; a rule reads them and says what is wrong."""

    csrf_token: str = ""


Several = str | list[str]
"""A field of a form that may be sent more than once. A browser that sends it once sends text, not a list of one."""


def several(sent: Several) -> list[str]:
    """Return what was sent for a field of the kind `Several`, as a list."""
    return sent if isinstance(sent, list) else [sent] * bool(sent)


def page(path: str | list[str], *, who: Who, step_up: bool = False) -> Callable[[Handler[P]], HTTPRouteHandler]:
    """Declare a page: it shows something and changes nothing."""

    def declared(function: Handler[P]) -> HTTPRouteHandler:
        return route(
            path,
            http_method=[HttpMethod.GET, HttpMethod.HEAD],
            status_code=200,
            opt={"who": who, "step_up": step_up},
            include_in_schema=False,
        )(_entered(function, who, step_up))

    return declared


def action(
    path: str,
    *,
    who: Who,
    writes: Iterable[str] = (),
    no_act: str = "",
    step_up: bool = False,
    again: HTTPRouteHandler | Callable[..., Answer] | None = None,
    max_bytes: int = FORM_BYTES,
) -> Callable[[Handler[P]], HTTPRouteHandler]:
    """Declare what a form sends: it changes something.

    `writes` names the kinds of act that it may record; without any, `no_act` says why. When a rule refuses, the
    function of the page `again` (a handler made with `page`, or a plain function) is shown once more with what was
    typed and what is wrong; it gets the same path. Without `again` a page says what is wrong.
    """
    acts = tuple(writes)
    if bool(acts) == bool(no_act):
        raise TypeError(f"{path}: name the acts that it writes, or say why it writes none.")

    def declared(function: Handler[P]) -> HTTPRouteHandler:
        return route(
            path,
            http_method=HttpMethod.POST,
            status_code=200,
            opt={"who": who, "writes": acts, "no_act": no_act, "step_up": step_up},
            include_in_schema=False,
            request_max_body_size=max_bytes,
        )(_entered(function, who, step_up, again))

    return declared


def _entered(
    function: Handler[P], who: Who, step_up: bool, again: HTTPRouteHandler | Callable[..., Answer] | None = None
) -> Callable[P, Awaitable[Answer]]:
    def in_thread(*args: P.args, **kwargs: P.kwargs) -> Answer:
        visit = kwargs["visit"]
        assert isinstance(visit, Visit)  # noqa: S101 - Litestar gives it under this name
        form = kwargs.get("data")
        try:
            away = turned_away(visit, who, step_up, form.csrf_token if isinstance(form, Form) else None)
            if away is not None:
                return away
            return function(*args, **kwargs)
        except Unavailable:
            raise
        except Problem as problem:
            visit.problem = problem
            if isinstance(form, Form):
                visit.filled = _typed(form)
            if again is None:
                return visit.page("problem.html", kind="problem")
            return _shown_again(again, visit, kwargs)

    # Not Litestar's own sync_to_thread: a path with a page and an action gets its functions wrapped in it twice.
    @wraps(function)
    async def entered(*args: P.args, **kwargs: P.kwargs) -> Answer:
        return await sync_to_thread(in_thread, *args, **kwargs)

    return entered


def _typed(form: Form) -> dict[str, Any]:
    """Return the text that was typed; a file cannot be put back into a form."""
    values = {name: getattr(form, name) for name in form.__struct_fields__ if name != "csrf_token"}
    return {name: value for name, value in values.items() if isinstance(value, (str, list, tuple, int))}


def _shown_again(again: HTTPRouteHandler | Callable[..., Answer], visit: Visit, given: dict[str, Any]) -> Answer:
    shown: Callable[..., Any] = again.fn if isinstance(again, HTTPRouteHandler) else again
    shown = getattr(shown, "__wrapped__", shown)
    parameters = signature(shown).parameters
    everything = any(one.kind is Parameter.VAR_KEYWORD for one in parameters.values())
    path = {name: value for name, value in given.items() if name != "data" and (everything or name in parameters)}
    answer: Answer = shown(**{**path, "visit": visit})
    return answer
