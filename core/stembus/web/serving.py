"""Serving the pages of an instance on this machine, with the work that goes on beside them."""

import gc
import logging
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import uvicorn

from stembus.errors import UnusableInput
from stembus.notices.transport import transport_of
from stembus.notices.worker import Worked, work
from stembus.settings import is_local
from stembus.sockets import listening
from stembus.tending import keep_tending
from stembus.web.app import create_app
from stembus.web.sites import addresses_of_sites, with_sites

if TYPE_CHECKING:
    from stembus.instance import Instance


def serve(instance: "Instance", *, host: str, port: int) -> None:
    """Serve until somebody stops it (Ctrl-C, or SIGTERM, which lets running requests end).

    It listens on `port`, and on the ports of those sites of plugins that are reached on this machine. Behind a proxy
    all come to the one port, and the Host header that it passes on tells them apart. Raises `UnusableInput` for a port
    that is taken.

    There is no access log: who asked for which page when is nobody's business, and a fault is logged without it. The
    server believes no header of a proxy; the pages do so themselves, and only those of proxies in the settings.
    """
    app = with_sites(create_app(instance), instance)
    # All that is there now stays: looking each time whether somebody still holds it would keep visitors waiting.
    gc.collect()
    gc.freeze()
    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        date_header=True,
        lifespan="on",
        timeout_graceful_shutdown=10,
    )
    sockets = [_listening(host, one) for one in (port, *local_ports(instance))]
    with mail_leaves(instance), chores_are_done(instance):
        uvicorn.Server(config).run(sockets=sockets)


def local_ports(instance: "Instance") -> Sequence[int]:
    """Return the ports of this machine on which sites of plugins are reached."""
    return [urlsplit(one).port or 80 for one in addresses_of_sites(instance).values() if is_local(one)]


def _listening(host: str, port: int) -> socket.socket:
    try:
        return listening(host, port)
    except OSError as error:
        raise UnusableInput(f"Port {port} of {host} cannot be listened on: {error.strerror}.") from None


@contextmanager
def mail_leaves(instance: "Instance") -> Iterator[None]:
    """Send what waits beside the pages, where mail can leave at all; what is being handed over is finished first."""
    stop = Event()
    if instance.settings.mail is None and not instance.settings.practice:
        yield
        return
    worker = Thread(target=work, args=(instance, transport_of(instance), stop, _told), name="mail")
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


@contextmanager
def chores_are_done(instance: "Instance") -> Iterator[None]:
    """Do beside the pages what is due at moments; what is being done is finished first."""
    if not instance.plugins.chores():
        yield
        return
    stop = Event()
    worker = Thread(target=keep_tending, args=(instance, stop), name="chores")
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


def _told(worked: Worked) -> None:
    if worked.outcome == "unreachable":
        logging.getLogger("stembus.mail").warning("Mail cannot leave: %s", worked.said)


def port_is_free(port: int) -> bool:
    """Whether nobody on this machine listens on a port."""
    with socket.socket() as asking:
        asking.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asking.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
