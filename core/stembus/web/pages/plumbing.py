"""Files of the design, and whether the pages are alive."""

import logging

from litestar import Response
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from sqlmodel import select

from stembus.entry import anyone
from stembus.errors import Unavailable
from stembus.tables import CORE_TABLES
from stembus.web.routes import page
from stembus.web.visit import Answer, Visit

LOG = logging.getLogger("stembus.web")
YEAR = "public, max-age=31536000, immutable"


@page("/static/{name:path}", who=anyone)
def static_file(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """A file of the design; only those that were there at the start exist."""
    found = visit.house.static_files.get(name.removeprefix("/"))
    if found is None:
        raise NotFoundException
    headers = {"cache-control": YEAR} if visit.query.get("v") == found.version else {}
    return Response(found.content, media_type=found.media_type, headers=headers)


@page("/health", who=anyone)
def health(visit: NamedDependency[Visit]) -> Answer:
    """Whether this process answers."""
    return Response(f"ok {visit.now:%Y-%m-%dT%H:%M:%SZ}\n", media_type="text/plain")


@page("/ready", who=anyone)
def ready(visit: NamedDependency[Visit]) -> Answer:
    """Whether the database answers and has its tables."""
    try:
        with visit.read() as session:
            for table in CORE_TABLES:
                session.exec(select(table).limit(1)).first()
    except Unavailable as problem:
        LOG.error("not ready: %s", problem)
        return Response("not ready; the log says why\n", status_code=503, media_type="text/plain")
    return Response("ready\n", media_type="text/plain")


PAGES = (static_file, health, ready)
