"""Applications for tests: putting hundreds of routes together takes a third of a second, so each serves many tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from litestar import Litestar

from stembus.instance import Instance
from stembus.web.app import create_app
from stembus.web.headers import Door

_IDLE: dict[object, list[Litestar]] = {}


@contextmanager
def application_of(instance: Instance) -> Iterator[Litestar]:
    """Lend an application to an instance, and to no other meanwhile: one with these pages and words, or a new one."""
    plugins = instance.plugins
    pages = tuple(id(page) for pages in plugins.pages().values() for page in pages)
    words = tuple(str(folder) for given in (plugins.templates(), plugins.translations()) for folder in given.values())
    idle = _IDLE.setdefault((pages, words, instance.settings.practice), [])
    app = idle.pop() if idle else create_app(instance)
    app.state["house"].instance = instance
    assert isinstance(app.asgi_handler, Door)
    app.asgi_handler.address = instance.settings.address
    yield app
    idle.append(app)
