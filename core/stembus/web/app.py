"""The application: the one place that puts the pages of the core and of the plugins together."""

from collections.abc import Sequence
from typing import Any

from litestar import Litestar, Request
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.logging import LoggingConfig

from stembus.instance import Instance
from stembus.web.faults import fault, http_problem
from stembus.web.headers import Door
from stembus.web.house import House
from stembus.web.pages import CORE_PAGES
from stembus.web.routes import FORM_BYTES
from stembus.web.struct_types import learn_structs
from stembus.web.visit import Visit

UPLOAD_PARTS = 20
LOGGED = LoggingConfig(root={"level": "WARNING", "handlers": ["queue_listener"]})
"""Faults and warnings: below that, libraries tell of each request to an identity provider, with its address."""


def create_app(instance: Instance, *, extra_pages: Sequence[HTTPRouteHandler] = ()) -> Litestar:
    """Return the application of an instance.

    Pages that are `local` exist in a practice instance only. Two pages with one path stop the start, with its name.
    """
    learn_structs()
    plugin_pages = [page for pages in instance.plugins.pages().values() for page in pages]
    pages = [page for page in (*CORE_PAGES, *plugin_pages, *extra_pages) if _exists(page, instance)]

    def visit(request: Request[Any, Any, Any]) -> Visit:
        return Visit(request.app.state["house"], request)

    app = Litestar(
        pages,
        dependencies={"visit": Provide(visit, sync_to_thread=False)},
        exception_handlers={HTTPException: http_problem, Exception: fault},
        openapi_config=None,
        debug=False,
        logging_config=LOGGED,
        request_max_body_size=FORM_BYTES,
        multipart_form_part_limit=UPLOAD_PARTS,
    )
    app.state["house"] = House(instance)
    app.asgi_handler = Door(app.asgi_handler, instance.settings.address)
    return app


def _exists(page: HTTPRouteHandler, instance: Instance) -> bool:
    who = (page.opt or {}).get("who")
    return who is None or who.kind != "local" or instance.settings.practice
