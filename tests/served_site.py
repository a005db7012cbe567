"""An instance that is served for real, in a thread of the tests."""

import socket
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from typing import NamedTuple

import msgspec
import uvicorn
from applications import application_of
from litestar.handlers import HTTPRouteHandler

from stembus.access.sessions import Strength, start_session
from stembus.instance import Instance
from stembus.organisation.registry import member_numbered
from stembus.sockets import listening
from stembus.web.app import create_app
from stembus.web.sites import with_sites


class Site(NamedTuple):
    """An instance that is served for real."""

    address: str
    instance: Instance

    def secret_of(self, number: str, strength: Strength = "demo") -> str:
        """Begin a session of the member with this number and return its secret."""
        with self.instance.write() as transaction:
            member = member_numbered(transaction.session, number)
            return start_session(transaction, member.id, strength)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class InThread(uvicorn.Server):
    """A server in a thread of the tests, on sockets that listen already."""

    thread: threading.Thread

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], lent: ExitStack) -> None:
        super().__init__(config)
        self._listening = sockets
        self._lent = lent

    def start(self) -> None:
        """Begin, and come back when it takes requests."""
        self.thread = threading.Thread(target=self.run, kwargs={"sockets": self._listening}, daemon=True)
        self.thread.start()
        while not self.started:
            time.sleep(0.02)

    def stop(self) -> None:
        """End, and come back when no request runs any more: only then the database may be closed."""
        self.should_exit = True
        self.thread.join()
        self._lent.close()


def serve_in_thread(instance: Instance, *, extra_pages: Sequence[HTTPRouteHandler] = ()) -> tuple[Site, InThread]:
    """Serve an instance at an address of its own until the server is told to stop."""
    names = [site.name for site in instance.plugins.sites()]
    sockets = [listening("127.0.0.1", 0) for _ in ("pages", *names)]
    address, *sites = (f"http://localhost:{one.getsockname()[1]}" for one in sockets)
    instance.settings = msgspec.structs.replace(
        instance.settings, address=address, sites=dict(zip(names, sites, strict=True))
    )
    lent = ExitStack()
    pages = (
        create_app(instance, extra_pages=extra_pages) if extra_pages else lent.enter_context(application_of(instance))
    )
    config = uvicorn.Config(with_sites(pages, instance), log_level="warning", access_log=False, server_header=False)
    server = InThread(config, sockets, lent)
    server.start()
    return Site(address, instance), server
