"""The pages and the booth of the party, served while scenes are played: trustees and voters ask them from elsewhere."""

import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from typing import NamedTuple
from urllib.request import urlopen

import msgspec
from sqlmodel import col, select

from stembus.clock import SetClock
from stembus.instance import Instance, open_instance
from stembus.ledger.tables import LedgerKey
from stembus.organisation.registry import member_numbered
from stembus.sockets import listening
from stembus_party_council.demo.setting import Setting
from stembus_polls.booth.site import NAME as BOOTH
from stembus_polls.secret.hand_over import make_code
from stembus_polls.secret.tables import SecretPoll
from stembus_polls.secret.trustees.contributions import side_files_of

ANY_PORT, LAST_PORT, TRIES = 0, 65535, 20


class Beside(NamedTuple):
    """The party as it is served. Its clock stands where the scene that is played says."""

    address: str
    booth: str
    instance: Instance
    clock: SetClock

    def at(self, moment: datetime) -> datetime:
        """Put the clock of the server at a moment, and return it."""
        self.clock.set(moment)
        return moment

    @property
    def uuid(self) -> str:
        """The id of the poll."""
        with self.instance.read() as session:
            return session.exec(select(SecretPoll.uuid)).one()

    @property
    def ledger_key(self) -> str:
        """The public key under which the server signs what it promises: in life people have it from elsewhere."""
        with self.instance.read() as session:
            return session.exec(select(LedgerKey.verifier).order_by(col(LedgerKey.number).desc())).first() or ""

    def side_files(self) -> dict[int, bytes]:
        """What each trustee proved beside the archive, by number."""
        with self.instance.read() as session:
            return side_files_of(session, self.uuid)

    def way_to_booth(self, member: str, voter: str = "") -> str:
        """What the page shows to a member who presses "Vote": a way into the booth that works once."""
        with self.instance.write() as transaction:
            member_id, voter_id = (
                member_numbered(transaction.session, number).id for number in (member, voter or member)
            )
            code = make_code(transaction, self.uuid, member_id=member_id, voter_id=voter_id)
        return f"{self.booth}/#{self.uuid}.{code}"

    def download(self, name: str) -> bytes:
        """What everybody can download about the poll: "board.bel" or "credentials.txt"."""
        with closing(urlopen(f"{self.address}/polls/{self.uuid}/{name}")) as answer:  # noqa: S310 - of this machine
            content: bytes = answer.read()
        return content


@contextmanager
def served_beside(setting: Setting) -> Iterator[Beside]:
    """Serve the party on this machine while its scenes go on. Commands take its address from the environment."""
    import uvicorn  # noqa: PLC0415 - the web is loaded only by who serves it

    from stembus.web.app import create_app  # noqa: PLC0415
    from stembus.web.sites import addresses_of_sites, with_sites  # noqa: PLC0415

    instance = open_instance(setting.folder / "instance")
    clock = SetClock(instance.clock.now())
    instance.clock = clock
    sockets = _listening(setting.port, 1 + len(list(instance.plugins.sites())))
    address = f"http://localhost:{sockets[0].getsockname()[1]}"
    instance.settings = msgspec.structs.replace(instance.settings, address=address, sites={})
    app = with_sites(create_app(instance), instance)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, server_header=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": sockets}, daemon=True)
    before = os.environ.get("STEMBUS_ADDRESS")
    os.environ["STEMBUS_ADDRESS"] = address
    thread.start()
    try:
        while not server.started:
            time.sleep(0.02)
        yield Beside(address, addresses_of_sites(instance)[BOOTH], instance, clock)
    finally:
        server.should_exit = True
        thread.join()
        instance.close()
        os.environ.pop("STEMBUS_ADDRESS")
        if before is not None:
            os.environ["STEMBUS_ADDRESS"] = before


def _listening(port: int, number: int) -> Sequence[socket.socket]:
    """Listen on so many ports in a row: from `port`, or anywhere else when one of these is taken."""
    for first in (port, *[ANY_PORT] * TRIES):
        sockets: list[socket.socket] = []
        try:
            for place in range(number):
                asked = first if place == 0 else sockets[0].getsockname()[1] + place
                sockets.append(listening("127.0.0.1", min(asked, LAST_PORT)))
        except OSError:
            for one in sockets:
                one.close()
        else:
            return sockets
    raise OSError("No ports in a row are free on this machine.")
