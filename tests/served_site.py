"""An instance that is served for real, in a thread of the tests."""

import socket
import threading
import time
from contextlib import closing
from typing import NamedTuple

import msgspec
import uvicorn

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


def serve_in_thread(instance: Instance) -> tuple[Site, uvicorn.Server]:
    """Serve an instance at an address of its own until the server is told to stop."""
    port = free_port()
    address = f"http://localhost:{port}"
    instance.settings = msgspec.structs.replace(instance.settings, address=address)
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(instance),
            host="127.0.0.1",
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
        )
    )
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.02)
    return Site(address, instance), server
