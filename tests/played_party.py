"""The party of the demonstration, played once, with a copy of it as it was at the moments that journeys begin at."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from browsing import CHROMIUM
from postbox import Postbox
from rich.console import Console
from served_site import Site, serve_in_thread
from trustee_party import quick_to_open
from voters_in_browsers import browsers

from stembus.clock import RunningClock
from stembus.instance import open_instance
from stembus.notices.transport import transport_of
from stembus.notices.worker import Worked, work_once
from stembus.settings import MailSettings
from stembus_party_council.demo.blocs import make_papers
from stembus_party_council.demo.cast import SEED, make_cast
from stembus_party_council.demo.command import CANDIDATES, MEMBERS, SEATS, made_up_party
from stembus_party_council.demo.scenes import SCENES, scenes
from stembus_party_council.demo.script import Scene, Typed
from stembus_party_council.demo.served import CONTACT
from stembus_party_council.demo.setting import Setting, at
from stembus_party_council.demo.stage import Stage

MOMENTS: Mapping[str, datetime] = {
    "call open": at(5, 8, 16),
    "objections open": at(5, 27, 19),
    "vote open": at(6, 15, 20),
    "vote closed": at(6, 20, 15),
    "seats taken": at(7, 2, 12),
}
"""Each is what the scenes before that moment left; the last is the end."""


VOTERS = 200
"""How many vote: more than where the demonstration is shown, so that some of them can use a browser beside the rest."""
SAID = "said.txt"
"""What the demonstration said while it was played."""
ON_PAPER = "vote closed"
"""The moment that is kept of the same party with an election on paper alone."""


def play_party(folder: Path) -> Setting:
    """Play the demonstration in `folder` and keep a copy of each moment beside it, and what it said.

    Where this machine has Chromium the first few vote in the booth, with the mouse and with the keyboard alone, at a
    desk and on a phone.
    """
    folder.mkdir()
    setting = made_up_party(folder, votes=VOTERS)
    with pytest.MonkeyPatch.context() as patched, (folder / SAID).open("w", encoding="utf-8") as said:
        quick_to_open(patched)
        with browsers() if CHROMIUM.exists() else nullcontext() as some_vote_in:
            played = _kept(setting, some_vote_in.instead if some_vote_in else lambda command: command)
            Stage(folder / "instance", Console(file=said, width=120), pause=False).play(played, SCENES)
    shutil.copytree(folder / "instance", folder / "seats taken" / "instance")
    return setting


def play_paper_party(folder: Path) -> Setting:
    """Play an election on paper alone in `folder`, until its vote is closed, and keep a copy of that moment."""
    folder.mkdir()
    papers = make_papers(312, CANDIDATES, SEED)
    setting = Setting(folder, make_cast(MEMBERS, CANDIDATES), SEATS, papers, 14, "partijraad")
    until_closed = takewhile(lambda scene: scene.at != MOMENTS[ON_PAPER], scenes(setting))
    Stage(folder / "instance", Console(quiet=True), pause=False).play(until_closed, SCENES)
    shutil.copytree(folder / "instance", folder / ON_PAPER / "instance")
    return setting


def _kept(setting: Setting, instead: Callable[[Typed], Typed]) -> Iterator[Scene]:
    moments = {moment: name for name, moment in MOMENTS.items()}
    for scene in scenes(setting):
        if scene.at in moments:
            shutil.copytree(setting.folder / "instance", setting.folder / moments[scene.at] / "instance")
        yield scene._replace(commands=map(instead, scene.commands))


class Party(NamedTuple):
    """A copy of the party at a moment, served for real with a mail server; what people change in it stays in it."""

    site: Site
    postbox: Postbox
    setting: Setting

    def send_mail(self) -> list[Worked]:
        """Send what waits, as the worker beside the pages does, and return what came of each mail."""
        transport = transport_of(self.site.instance)
        done: list[Worked] = []
        while (worked := work_once(self.site.instance, transport)).mail_id:
            done.append(worked)
        transport.close()
        return done


@contextmanager
def serve_party(played: Setting, moment: str, folder: Path, postbox: Postbox) -> Iterator[Party]:
    """Give a copy of the party at a moment, until the end."""
    shutil.copytree(played.folder / moment / "instance", folder / "instance")
    (folder / "input").mkdir()
    (folder / "result").mkdir()
    instance = open_instance(folder / "instance")
    instance.clock = RunningClock(MOMENTS[moment])
    mail = MailSettings(
        sender="bureau@voorbeeldpartij.example", smtp_host="127.0.0.1", smtp_port=postbox.port, security="none"
    )
    instance.settings = msgspec.structs.replace(instance.settings, mail=mail, contact=CONTACT)
    site, server = serve_in_thread(instance)
    try:
        yield Party(site, postbox, played._replace(folder=folder))
    finally:
        server.stop()
        instance.close()
