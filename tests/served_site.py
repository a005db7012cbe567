"""An instance that is served for real, in a thread of the tests."""

import socket
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from typing import NamedTuple

import msgspec
import uvicorn
from litestar.handlers import HTTPRouteHandler

from stembus.access.sessions import Strength, start_session
from stembus.instance import Instance
from stembus.organisation.registry import member_numbered
from stembus.web.app import create_app


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
    """A server in a thread of the tests."""

    thread: threading.Thread

    def start(self) -> None:
        """Begin, and come back when it takes requests."""
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        while not self.started:
            time.sleep(0.02)

    def stop(self) -> None:
        """End, and come back when no request runs any more: only then the database may be closed."""
        self.should_exit = True
        self.thread.join()


def serve_in_thread(instance: Instance, *, extra_pages: Sequence[HTTPRouteHandler] = ()) -> tuple[Site, InThread]:
    """Serve an instance at an address of its own until the server is told to stop."""
    port = free_port()
    address = f"http://localhost:{port}"
    instance.settings = msgspec.structs.replace(instance.settings, address=address)
    server = InThread(
        uvicorn.Config(
            create_app(instance, extra_pages=extra_pages),
            host="127.0.0.1",
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
        )
    )
    server.start()
    return Site(address, instance), server
