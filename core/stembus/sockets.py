"""Sockets that pages are served on."""

import socket


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens on a port, or on any free one for 0. Raises `OSError` for one that is taken.

    What goes out leaves at once. Else an answer in two pieces waits for word of the first one, 40 ms on each request of
    a connection that is kept; asyncio prevents that only where a socket names its protocol, and these do not.
    """
    made = socket.create_server((host, port))
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # each connection that comes in has it too
    return made
