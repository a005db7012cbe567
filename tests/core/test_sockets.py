"""The sockets that pages are served on."""

import socket

from stembus.sockets import listening


def test_what_goes_out_on_a_connection_leaves_at_once() -> None:
    with listening("127.0.0.1", 0) as server, socket.create_connection(server.getsockname()):
        accepted, _ = server.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
