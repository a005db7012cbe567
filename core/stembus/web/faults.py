"""What a browser gets when there is no such page, when it asked wrongly, or when we are at fault."""

import logging
import traceback
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from stembus.errors import PluginFailed, Problem, Unavailable
from stembus.web.api import PREFIX, wrong
from stembus.web.visit import Answer, Visit

LOG = logging.getLogger("stembus.web")
KINDS = {400: "request", 404: "gone", 405: "request", 413: "size", 429: "busy"}


def http_problem(request: Request[Any, Any, Any], exception: HTTPException) -> Answer:
    """Show what is wrong with a request, in the words of the pages."""
    status = exception.status_code
    if status >= 500:
        return fault(request, exception)
    if request.url.path.startswith(f"{PREFIX}/"):
        return wrong(status, exception.detail)
    return _page(request, status, KINDS.get(status, "request"))


def fault(request: Request[Any, Any, Any], exception: Exception) -> Answer:
    """Log a fault of ours without anything that somebody sent, and say that nothing was done."""
    if isinstance(exception, Unavailable):
        LOG.error("%s", _of_plugin(exception) if isinstance(exception, PluginFailed) else exception)
        if request.url.path.startswith(f"{PREFIX}/"):
            return wrong(503, "This is a fault of ours. Nothing was changed.")
        return _page(request, 503, "fault")
    if isinstance(exception, Problem):
        visit = Visit(request.app.state["house"], request)
        visit.problem = exception
        return visit.page("problem.html", kind="problem", bare=True)
    # Neither the message of the exception nor the path: both may hold what a person typed.
    where = "".join(traceback.format_tb(exception.__traceback__))
    route = request.scope.get("path_template", "?")
    LOG.error("%s at %s %s\n%s", type(exception).__name__, request.method, route, where)
    if request.url.path.startswith(f"{PREFIX}/"):
        return wrong(500, "This is a fault of ours. Nothing was changed.")
    return _page(request, 500, "fault")


def _of_plugin(failed: PluginFailed) -> str:
    """Return what may be logged of it: not the message of what the plugin raised."""
    cause = failed.__cause__
    where = "".join(traceback.format_tb(cause.__traceback__)) if cause else ""
    return f"the plugin {failed.values['plugin']} failed in {failed.values['hook']}: {type(cause).__name__}\n{where}"


def _page(request: Request[Any, Any, Any], status: int, kind: str) -> Answer:
    try:
        return Visit(request.app.state["house"], request).page("problem.html", status=status, kind=kind, bare=True)
    except Exception as second:
        LOG.error("%s while showing a problem", type(second).__name__)
        return Response("Something went wrong. Nothing was done.\n", status_code=status, media_type="text/plain")
